/** Lines of a page: a terminal shows this many characters, and a table no wider than that. */
export const WIDTH = 118;

/** Breaks a line between words and between marks of code; what follows on is indented. */
export function wrapped(text: string, first = '', indent = first): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.match(/(?:`+[^`]*`+|\S)+/g) ?? []) {
    if (isEmpty) line += word;
    else if (line.length + 1 + word.length <= WIDTH) line += ` ${word}`;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line].join('\n');
}

/** An item of a list, `depth` levels in. */
export const item = (text: string, depth = 0): string =>
  wrapped(text, `${'  '.repeat(depth)}- `, '  '.repeat(depth + 1));

export const list = (items: readonly string[]): string => `${items.join('\n')}\n`;

export const sentence = (text: string): string =>
  `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** A Markdown table in the form that the formatter leaves alone. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]!.length), name.length),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ''].join('\n');
}
