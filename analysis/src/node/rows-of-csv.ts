/**
 * The rows of a CSV (RFC 4180) as objects by the names of its header; a byte order mark and empty lines are skipped.
 * Throws when one of `needed` is not in the header, and on a quote that is not closed.
 */
export function rowsOfCsv(text: string, needed: string[]): Record<string, string>[] {
  const [header, ...records] = recordsOf(text.replace(/^\uFEFF/, ''));
  const names = (header ?? []).map((name) => name.trim());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Error(`the csv has no column ${missing.join(', ')}; its header is: ${names.join(',')}`);
  }
  return records.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])));
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endRecord = () => {
    cells.push(cell);
    if (cells.some((each) => each !== '')) {
      records.push(cells);
    }
    cells = [];
    cell = '';
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? '';
    if (isQuoted) {
      if (letter !== '"') {
        cell += letter;
      } else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else {
        isQuoted = false;
      }
    } else if (letter === '"' && cell === '') {
      isQuoted = true;
    } else if (letter === ',') {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n') {
      endRecord();
    } else if (letter !== '\r') {
      cell += letter;
    }
  }
  if (isQuoted) {
    throw new Error('a quote in the csv is not closed');
  }
  endRecord();
  return records;
}
