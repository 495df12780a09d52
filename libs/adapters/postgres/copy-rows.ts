const LINE_FEED = 0x0a;

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const unescape = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char) : text;

/** A value as COPY's text format writes it; `null` = NULL. */
export const copyText = (value: string | null): string =>
  value === null
    ? '\\N'
    : /[\\\n\r\t]/.test(value)
      ? value.replace(/[\\\n\r\t]/g, (char) =>
          char === '\n' ? '\\n' : char === '\r' ? '\\r' : char === '\t' ? '\\t' : '\\\\',
        )
      : value;

/** Cells of one line. A line without a backslash, the usual one, has nothing to undo. */
const cellsOf = (line: string): readonly (string | null)[] => {
  const cells = line.split('\t');
  return line.includes('\\') ? cells.map((cell) => (cell === '\\N' ? null : unescape(cell))) : cells;
};

/** Splits COPY's text format into rows of columns. A row's bytes may come in any number of chunks. */
export async function* copyRows(chunks: AsyncIterable<Buffer>): AsyncIterable<readonly (readonly (string | null)[])[]> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const whole =
      rest.length === 0 ? chunk.toString('utf8', 0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]).toString();
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield whole.split('\n').map(cellsOf);
  }
}
