import type { IncomingMessage } from 'node:http';
import { ProblemException } from '../problems/problem.exception.js';

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

/** Takes a body of at most `most` bytes whole; one that is longer is 413. */
export function takeBody(
  payload: IncomingMessage,
  most: number,
  done: (error: Error | null, whole?: Buffer) => void,
): void {
  const announced = payload.headers['content-length'];
  const bytes = new GrowingBody(most, announced);
  let over = false;
  const end = (error: Error | null): void => {
    if (over) return;
    over = true;
    if (error === null) done(null, bytes.whole());
    else done(error);
  };
  const tooLarge = (): void => end(new ProblemException(413, 'body-too-large'));
  if (Number(announced ?? 0) > most) return tooLarge();
  payload.on('data', (chunk: Buffer) => {
    if (!over && !bytes.add(chunk)) tooLarge();
  });
  payload.on('end', () => end(null));
  payload.on('error', (error) => end(brokenOff(error)));
}

/** The caller went before his body was whole: his doing, and nobody is there to be told. */
export const brokenOff = (cause?: unknown): ProblemException => new ProblemException(400, 'bad-request', { cause });
