/** React Native's style values as a browser writes them. For browsers; see motion.web.tsx. */

/** The animated part of a style, or the animated properties of a drawing. */
export type Values = Readonly<Record<string, unknown>>;

const PLAIN = new Set(['opacity', 'flex', 'zIndex', 'strokeDashoffset']);

/** Property (as CSS spells it) and value. */
export function cssOf(values: Values): [string, string][] {
  return Object.entries(values).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    name === 'transform'
      ? transformOf(value as readonly Values[])
      : typeof value === 'number' && !PLAIN.has(name)
        ? `${value}px`
        : String(value),
  ]);
}

function transformOf(steps: readonly Values[]): string {
  return steps
    .flatMap((step) => Object.entries(step))
    .map(([name, value]) => `${name}(${typeof value === 'number' && /translate|perspective/.test(name) ? `${value}px` : value})`)
    .join(' ');
}
