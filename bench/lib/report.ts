/** What a measurement prints: one line of JSON with `--json`, a table without. */

/** Figures by name, nested. */
export interface Figures {
  [name: string]: number | string | null | Figures;
}

/** What the command line asks for. */
export const isQuick = process.argv.includes('--quick');
const isJson = process.argv.includes('--json');

/** Progress, on stderr. */
export function tell(text: string): void {
  console.error(`[bench] ${text}`);
}

/** Prints the result on stdout. */
export function report(figures: Figures): void {
  if (isJson) {
    console.log(JSON.stringify(figures));
    return;
  }
  const rows = rowsOf(figures, '');
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'));
}

/** One row a group of plain figures: `routes.feed.50    rps 4100  p50_ms 11`. */
function rowsOf(figures: Figures, prefix: string): [name: string, value: string][] {
  const plain: string[] = [];
  const rows: [string, string][] = [];
  for (const [name, value] of Object.entries(figures)) {
    const isGroup = typeof value === 'object' && value !== null;
    if (isGroup) {
      rows.push(...rowsOf(value, `${prefix}${name}.`));
    } else if (prefix === '') {
      rows.push([name, String(value ?? '-')]);
    } else {
      plain.push(`${name} ${value ?? '-'}`);
    }
  }
  return plain.length === 0 ? rows : [[prefix.slice(0, -1), plain.join('  ')], ...rows];
}
