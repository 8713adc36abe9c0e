import type { View } from 'react-native';

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

interface KeyEvent {
  key: string;
  currentTarget: unknown;
  target: unknown;
  preventDefault: () => void;
  stopPropagation: () => void;
}

/** Handlers of the group's element: an arrow key goes to the next radio, around the ends, and chooses it. */
export const radioKeys: object = {
  onKeyDown: (event: KeyEvent) => {
    const { direction } = getComputedStyle(event.currentTarget as HTMLElement);
    const isMirrored = direction === 'rtl' && event.key !== 'ArrowUp' && event.key !== 'ArrowDown';
    const step = (STEPS[event.key] ?? 0) * (isMirrored ? -1 : 1);
    const radios = radiosIn(event.currentTarget as HTMLElement);
    const here = radios.indexOf(event.target as HTMLElement);
    const next = radios[(here + step + radios.length) % radios.length];
    if (step === 0 || here < 0 || next === undefined) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    next.click();
  },
};

/** The chosen radio alone is reached by Tab; the first one while none is chosen. */
export function settleTabStops(group: View | null): void {
  const radios = radiosIn(group as unknown as HTMLElement | null);
  const chosen = radios.find((radio) => radio.getAttribute('aria-checked') === 'true') ?? radios[0];
  for (const radio of radios) {
    radio.tabIndex = radio === chosen ? 0 : -1;
  }
}

function radiosIn(group: HTMLElement | null): HTMLElement[] {
  return [...(group?.querySelectorAll<HTMLElement>('[role="radio"]:not([aria-disabled="true"])') ?? [])];
}
