/** Markup out of templates: every value is escaped unless it is markup itself. */

/** Text that is markup already. */
export interface Html {
  readonly markup: string;
}

type Value = string | number | Html | readonly Html[] | null | false;

/** The template with its values escaped; null and false leave nothing. Attributes must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return { markup: strings.reduce((text, part, index) => `${text}${markupOf(values[index - 1] ?? null)}${part}`) };
}

/** `text` with what has a meaning in text and in double-quoted attributes replaced. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function markupOf(value: Value): string {
  if (value === null || value === false) {
    return '';
  }
  if (typeof value === 'object') {
    return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
  }
  return escapeText(String(value));
}
