/** Of `text` in the server's catalogue, which never changes. */
const TEXT = 25;
const HEAD = 20;
const LENGTH = 4;

/**
 * A `text[]` as the server keeps it. As text each quotation mark and backslash of a value would be escaped here and read one
 * by one there, and JSON is full of them. None may be lacking.
 */
export function textArray(values: readonly string[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  const array = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH + length, HEAD));
  // One dimension without nulls, of so many, counted from one.
  for (const [place, number] of [1, 0, TEXT, values.length, 1].entries()) array.writeInt32BE(number, place * LENGTH);
  let at = HEAD;
  for (const [place, value] of values.entries()) {
    at = array.writeInt32BE(lengths[place]!, at);
    at += array.write(value, at);
  }
  return array;
}
