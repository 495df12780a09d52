import { canonicalJson, type JsonValue } from '#libs/kernel';

export const EXPORT_FORMATS = ['ndjson', 'csv', 'ldv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Item = Readonly<Record<string, unknown>>;

/** The items as one text: the same items give the same bytes. */
export const exportText = (format: 'ndjson' | 'csv', items: readonly Item[]): string =>
  format === 'ndjson' ? linesOf(items).join('') : csvOf(items);

/** Each as a line of canonical JSON. */
export const linesOf = (items: readonly Item[]): readonly string[] => items.map((item) => `${lineOf(item)}\n`);

const lineOf = (item: Item): string => canonicalJson(item as JsonValue);

/**
 * RFC 4180, with the names of the members in the first line, in their order by character. What is no text stands there as
 * JSON; what an item does not have is empty.
 */
function csvOf(items: readonly Item[]): string {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))].sort();
  const lines = [names, ...items.map((item) => names.map((name) => cellOf(item[name])))];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : canonicalJson(value as JsonValue);
};

/**
 * What a spreadsheet would take for a formula is made a text by a quote before it; in NDJSON it stands as it is. Also within a cell:
 * where the list separator is `;` or a tab, or a line ends in a cell that is quoted for commas, another cell begins there.
 */
const FORMULA = /(^|[;\t\r\n])(?=[=+\-@\t\r])/g;

const quoted = (text: string): string => {
  const safe = text.replace(FORMULA, `$1'`);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
