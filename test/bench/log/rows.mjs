/** Signature, flags and the length of an extension before the rows of COPY's binary format. */
const HEAD = 19;
/** A row of ours before its record: how many columns, then each length; an index of 8 bytes, a salt of 32. */
const BEFORE = 2 + 4 + 8 + 4 + 32 + 4;

/** The rows `index, salt, record` of a COPY in binary format, page by page. */
export async function* pagesOf(stream) {
  let rest = Buffer.alloc(0);
  let isHead = true;
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (isHead && bytes.length >= HEAD) {
      at = HEAD;
      isHead = false;
    }
    const page = [];
    // Behind the last row stands a count of -1.
    while (!isHead && bytes.length - at >= BEFORE && bytes.readInt16BE(at) === 3) {
      const from = at + BEFORE;
      const to = from + bytes.readInt32BE(from - 4);
      if (to > bytes.length) break;
      page.push({
        index: bytes.readUInt32BE(at + 6) * 2 ** 32 + bytes.readUInt32BE(at + 10),
        salt: bytes.subarray(at + 18, at + 50),
        record: bytes.subarray(from, to),
      });
      at = to;
    }
    rest = bytes.subarray(at);
    if (page.length > 0) yield page;
  }
}
