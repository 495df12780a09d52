import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tilePath, widthIn } from '#libs/transparency-log';

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Records of one question to the database. */
const PAGE = 1_000;

/**
 * What one writes first: records page by page as rows of an ordinary query, a hash object and a buffer for each hash, a stack
 * of subtrees for the root. Proves the same of records, entries, tiles of leaves and root.
 */
export async function usualVerify({ client, folder, entries, root }) {
  const subtrees = [];
  const bundleOf = async (bundle) => {
    const width = widthIn(entries, 0, bundle);
    const read = (level) => readFile(join(folder, tilePath({ level, index: bundle, width })));
    return { bytes: await read('entries'), tile: await read(0) };
  };
  let count = 0;
  let open;
  while (count < entries) {
    const { rows } = await client.query(
      'select index, salt, record from records where index >= $1 order by index limit $2',
      [count, PAGE],
    );
    for (const { index, salt, record } of rows) {
      if (Number(index) !== count) throw new Error(`${index} in place of ${count}`);
      if (count % 256 === 0) open = await bundleOf(count / 256);
      const at = count % 256;
      const entry = open.bytes.subarray(at * 34 + 2, at * 34 + 34);
      if (!sha256('waarborg-record-v1\0', salt, record).equals(entry)) throw new Error(`record ${index} is another`);
      let hash = sha256(Buffer.from([0]), entry);
      if (!hash.equals(open.tile.subarray(at * 32, at * 32 + 32))) throw new Error(`leaf ${index} is another`);
      for (let left = count; left % 2 === 1; left = (left - 1) / 2)
        hash = sha256(Buffer.from([1]), subtrees.pop(), hash);
      subtrees.push(hash);
      count += 1;
    }
  }
  const whole = subtrees.reduceRight((right, left) => sha256(Buffer.from([1]), left, right));
  if (!whole.equals(root)) throw new Error('the root is another');
}
