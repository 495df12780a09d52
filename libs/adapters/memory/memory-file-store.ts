import { createHash } from 'node:crypto';
import { FileDamaged, FileMissing, type FileStore, type KeptFile } from '#libs/eventing';

const PIECE_BYTES = 65_536;

const addressOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export class MemoryFileStore implements FileStore {
  readonly #files = new Map<string, Buffer>();

  async put(bytes: AsyncIterable<Uint8Array>, before?: (address: string) => Promise<void>): Promise<KeptFile> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    const address = addressOf(whole);
    await before?.(address);
    this.#files.set(address, whole);
    return { address, size: whole.length };
  }

  async *get(address: string): AsyncGenerator<Uint8Array> {
    const whole = this.#files.get(address);
    if (whole === undefined) throw new FileMissing(`no file is kept at ${address}`);
    for (let at = 0; at < whole.length; at += PIECE_BYTES) yield whole.subarray(at, at + PIECE_BYTES);
    if (addressOf(whole) !== address) throw new FileDamaged(`the file at ${address} holds other bytes`);
  }

  async *list(): AsyncGenerator<string> {
    yield* this.addresses();
  }

  async remove(address: string): Promise<void> {
    this.#files.delete(address);
  }

  /** Of everything that is kept, for tests. */
  addresses(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** Makes the first byte of a file another one, for tests. */
  alter(address: string): void {
    const altered = Buffer.from(this.#files.get(address)!);
    altered[0] = altered[0]! ^ 1;
    this.#files.set(address, altered);
  }
}
