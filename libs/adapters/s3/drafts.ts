import { createHash, randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '#libs/eventing';
import type { Body } from './bucket.js';

const PIECE_BYTES = 65_536;

/** A file that came in as a whole, on this machine's disk. */
export interface Draft extends Body {
  close(): Promise<void>;
}

/**
 * Files on their way to where their bytes name them: that is known at their end. They wait on the disk, readable by their
 * owner alone and without a name, so that nothing is left of them when the process is killed (Windows: a file in the
 * temporary folder stays). All of them together have at most so many bytes; more are refused with `StoreUnavailable`.
 */
export class Drafts {
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Rejects with what the source rejects with, where that is why. */
  async take(source: AsyncIterable<Uint8Array>): Promise<Draft> {
    const path = join(tmpdir(), `waarborg-draft-${randomUUID()}`);
    const file = await onDisk(() => open(path, 'wx+', 0o600));
    const isNameless = await rm(path).then(
      () => true,
      () => false,
    );
    let size = 0;
    const close = async (): Promise<void> => {
      this.#bytes -= size;
      size = 0;
      await file.close();
      if (!isNameless) await rm(path, { force: true });
    };
    try {
      const hash = createHash('sha256');
      for await (const piece of source) {
        if (this.#bytes + piece.length > this.#most) {
          throw new StoreUnavailable('file store: too much is being uploaded at once', 5);
        }
        this.#bytes += piece.length;
        const at = size;
        size += piece.length;
        hash.update(piece);
        await onDisk(() => writeWhole(file, piece, at));
      }
      const whole = size;
      return { size: whole, sha256: hash.digest('hex'), pieces: () => piecesOf(file, whole), close };
    } catch (error) {
      await close();
      throw error;
    }
  }
}

/** A disk that is full may take a part of it. */
async function writeWhole(file: FileHandle, piece: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
}

async function* piecesOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    const length = Math.min(PIECE_BYTES, size - at);
    const { buffer, bytesRead } = await onDisk(() => file.read(Buffer.alloc(length), 0, length, at));
    if (bytesRead === 0) throw new StoreUnavailable('file store: a draft ends too early');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new StoreUnavailable(`file store, a draft: ${code}`, undefined, { cause: error });
  }
}
