import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { growLog, RECORD_HEAD, recordEntry, SALT_BYTES } from '#libs/transparency-log';

/** Head, salt and record are as long as what `openssl speed` hashes. */
const HASHED = 256;
const RECORD = HASHED - RECORD_HEAD - SALT_BYTES;

/** A log in memory with its records, as pages of an export are. */
export async function logInMemory(entries) {
  const pages = [];
  const all = [];
  for (let first = 0; first < entries; first += 256) {
    const here = Math.min(256, entries - first);
    const bytes = Buffer.alloc(here * HASHED);
    const places = [];
    for (let at = 0; at < here; at += 1) {
      const from = at * HASHED + RECORD_HEAD;
      bytes.writeUInt32BE(first + at, from);
      bytes.write(`{"event":{"id":"${first + at}"`.padEnd(RECORD, ' '), from + SALT_BYTES);
      const to = from + SALT_BYTES + RECORD;
      places.push(first + at, from, to);
      all.push(recordEntry(bytes.subarray(from, from + SALT_BYTES), bytes.subarray(from + SALT_BYTES, to)));
    }
    pages.push({ bytes, places });
  }
  const { files, range } = await growLog({ read: async () => undefined }, 0, all);
  const byPath = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return {
    source: { read: async (path) => byPath.get(path) },
    root: range.root(),
    async *records() {
      yield* pages;
    },
  };
}

/** SHA-256 of 256 bytes on one core, a second of the clock, which others take from as well; `undefined` where there is no openssl. */
export async function opensslHashes(seconds) {
  const speed = await promisify(execFile)('openssl', [
    'speed',
    ...['-seconds', String(Math.max(1, Math.round(seconds)))],
    ...['-bytes', String(HASHED), '-elapsed', 'sha256'],
  ]).catch(() => undefined);
  const kilobytes = /^sha256\s+([\d.]+)k/m.exec(speed?.stdout ?? '')?.[1];
  return kilobytes === undefined ? undefined : (Number(kilobytes) * 1_000) / HASHED;
}
