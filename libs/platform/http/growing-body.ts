/**
 * A body as it comes in, in one piece of memory. A caller may send it a byte at a time, and a `Buffer` for each piece takes
 * two hundred bytes: what was sent would be no measure of what is held.
 */
export class GrowingBody {
  readonly #most: number;
  #bytes = Buffer.alloc(0);
  #length = 0;

  /** `most` bytes are taken at most, however many are announced. */
  constructor(most: number, announced: string | undefined) {
    this.#most = Math.min(most, Number(announced ?? most));
  }

  get length(): number {
    return this.#length;
  }

  /** Bytes of memory: what came, or twice as much. */
  get held(): number {
    return this.#bytes.length;
  }

  /** Whether it still fits; what does not is passed over. */
  add(chunk: Buffer): boolean {
    const length = this.#length + chunk.length;
    if (length > this.#most) return false;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#most, Math.max(length, 2 * this.#bytes.length)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
    return true;
  }

  /** What came; nothing may be added any more. */
  whole(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
