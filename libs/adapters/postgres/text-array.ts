/** Of `text` and `bytea` in the server's catalogue, which never change. */
const TEXT = 25;
const BYTEA = 17;
const HEAD = 20;
const LENGTH = 4;

/**
 * A `text[]` as the server keeps it. As text each quotation mark and backslash of a value would be escaped here and read one
 * by one there, and JSON is full of them. None may be lacking.
 */
export function textArray(values: readonly string[]): Buffer {
  const lengths = values.map((value) => Buffer.byteLength(value));
  return arrayOf(TEXT, lengths, (array, at, place) => array.write(values[place]!, at));
}

/** A `bytea[]` as the server keeps it; as text it is twice as long, and read digit by digit. None may be lacking. */
export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const lengths = values.map(({ length }) => length);
  return arrayOf(BYTEA, lengths, (array, at, place) => array.set(values[place]!, at));
}

function arrayOf(
  type: number,
  lengths: readonly number[],
  put: (array: Buffer, at: number, place: number) => void,
): Buffer {
  const array = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH + length, HEAD));
  // One dimension without nulls, of so many, counted from one.
  for (const [place, number] of [1, 0, type, lengths.length, 1].entries()) array.writeInt32BE(number, place * LENGTH);
  let at = HEAD;
  for (const [place, length] of lengths.entries()) {
    at = array.writeInt32BE(length, at);
    put(array, at, place);
    at += length;
  }
  return array;
}
