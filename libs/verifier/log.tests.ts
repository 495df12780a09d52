import { createPrivateKey } from 'node:crypto';
import {
  cosigner,
  formatCheckpoint,
  formatReceipt,
  growLog,
  logSigner,
  recordEntry,
  secretKey,
  sha256,
  signNote,
  TileTree,
  type NoteSigner,
  type SecretKey,
  type TileSource,
} from '#libs/transparency-log';

/** Logs for the specs beside this file: grown as an archive grows them, with the records behind their entries. */

export const secretOf = (number: number): SecretKey =>
  secretKey(
    createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, number)]),
      format: 'der',
      type: 'pkcs8',
    }),
  );

export const ORIGIN = 'waarborg.invalid/log';
export const logKey = logSigner(ORIGIN, secretOf(1));
export const nextKey = logSigner(ORIGIN, secretOf(2));
export const witness = cosigner('witness.invalid/11', secretOf(11));
export const NOW = 1_796_000_000n;

export const recordOf = (index: number): string =>
  JSON.stringify({
    event: { data: { note: `“${index}”` }, type: 'CheckRecorded' },
    position: String(index + 1),
    recordedAt: '2026-11-30T12:00:00.000Z',
    revision: 0,
  });
export const saltOf = (index: number): Buffer => sha256(Buffer.from(`salt ${index}`));

/** The record of an event by which an archive accounts for entries without a record. */
export const accounting = (type: string, ...indexes: readonly (readonly [first: number, last: number])[]): string =>
  JSON.stringify({
    event: { data: { indexes: indexes.map(([first, last]) => ({ first, last })) }, type },
    position: '1',
    recordedAt: '2026-11-30T12:00:00.000Z',
    revision: 0,
  });

export class TestLog implements TileSource {
  readonly files = new Map<string, Buffer>();
  readonly records: string[] = [];
  #root: Buffer = sha256(Buffer.alloc(0));

  /** Of `size` ordinary records. */
  static async of(size: number): Promise<TestLog> {
    const log = new TestLog();
    await log.add(...Array.from({ length: size }, (_, index) => recordOf(index)));
    return log;
  }

  get size(): number {
    return this.records.length;
  }

  async add(...records: readonly string[]): Promise<this> {
    const { size } = this;
    const entries = records.map((record, at) => recordEntry(saltOf(size + at), Buffer.from(record)));
    const { files, range } = await growLog(this, size, entries);
    for (const { path, bytes } of files) this.files.set(path, bytes);
    for (const record of records) this.records.push(record);
    this.#root = range.root();
    return this;
  }

  read(path: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.files.get(path));
  }

  checkpoint(...signers: readonly NoteSigner[]): Promise<string> {
    const text = formatCheckpoint({ origin: ORIGIN, size: this.size, root: this.#root });
    return signNote(text, signers.length === 0 ? [logKey] : signers, NOW);
  }

  async receipt(index: number, ...signers: readonly NoteSigner[]): Promise<string> {
    const hashes = await new TileTree(this, this.size).inclusionProof(index);
    const [salt, record] = [saltOf(index), Buffer.from(this.records[index]!)];
    return formatReceipt({ salt, record, index, hashes, checkpoint: await this.checkpoint(...signers) });
  }

  /** A copy whose bytes can be changed. */
  copy(): TestLog {
    const copy = new TestLog();
    for (const [path, bytes] of this.files) copy.files.set(path, Buffer.from(bytes));
    for (const record of this.records) copy.records.push(record);
    copy.#root = this.#root;
    return copy;
  }

  /** The export of its records, without the newline of its last line. */
  lines(): string[] {
    return this.records.map((record, index) => lineOf(index, record));
  }
}

export const lineOf = (index: number, record: string, salt = saltOf(index)): string =>
  JSON.stringify({ index, salt: salt.toString('base64'), record });

/** As a file comes: in pieces that end anywhere. */
export async function* inPieces(lines: readonly string[], length = 1000): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
