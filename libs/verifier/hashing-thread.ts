import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { LogFault, rootOfBundle, type LogFaultCode, type RootOfBundle } from '#libs/transparency-log';

/** Full bundles and their tiles of leaves, one behind the other in `bytes`. */
export interface BundlesToHash {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bundles: readonly BundlePlace[];
}

interface BundlePlace {
  readonly index: number;
  readonly from: number;
  /** Where its tile begins. */
  readonly tile: number;
  readonly to: number;
}

/** The root of each, in their order; or what is wrong with it. */
export type HashedBundles = readonly (Uint8Array | HashingFault)[];

export interface HashingFault {
  readonly code: LogFaultCode;
  readonly message: string;
  readonly index?: number;
}

export interface BundleHasher {
  readonly rootOf: RootOfBundle;
  close(): Promise<void>;
}

/** In turn with everything else. */
export const hashingInTurn: BundleHasher = { rootOf: rootOfBundle, close: () => Promise.resolve() };

/** Bundles of one message, fewer than `checkLog` asks for ahead: a message costs about as much as some hundred hashes. */
const TOGETHER = 8;

/**
 * Hashes bundles on a core of its own, while records are read and hashed on the one that asks. In turn where there is but one
 * core, and where no thread may be started.
 */
export function hashingThread(): BundleHasher {
  if (availableParallelism() < 2) return hashingInTurn;
  try {
    return new HashingThread(new Worker(new URL('./hashing-worker.js', import.meta.url), { name: 'waarborg-hashing' }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ACCESS_DENIED') return hashingInTurn;
    throw error;
  }
}

interface Asked {
  readonly bundle: Buffer;
  readonly tile: Buffer;
  readonly index: number;
  resolve(root: Buffer): void;
  reject(error: unknown): void;
}

class HashingThread implements BundleHasher {
  #next: Asked[] = [];
  readonly #sent: (readonly Asked[])[] = [];
  #lost: Error | undefined;

  constructor(readonly worker: Worker) {
    worker.on('message', (hashed: HashedBundles) => {
      for (const [at, { resolve, reject }] of this.#sent.shift()!.entries()) {
        const one = hashed[at]!;
        if (one instanceof Uint8Array) resolve(Buffer.from(one));
        else reject(new LogFault(one.code, one.message, one.index));
      }
    });
    worker.on('error', (error) => this.#lose(error));
    worker.on('exit', () => this.#lose(new Error('the thread that hashes has ended')));
  }

  readonly rootOf = (bundle: Buffer, tile: Buffer, index: number): PromiseLike<Buffer> => {
    const root = new Promise<Buffer>((resolve, reject) => {
      this.#next.push({ bundle, tile, index, resolve, reject });
    });
    // Told to who waits for it.
    root.catch(() => undefined);
    if (this.#next.length >= TOGETHER) this.#send();
    let isWaitedFor = false;
    return {
      then: (...told) => {
        if (!isWaitedFor && this.#next.some((asked) => asked.index === index)) this.#send();
        isWaitedFor = true;
        return root.then(...told);
      },
    };
  };

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  #send(): void {
    const asked = this.#next;
    this.#next = [];
    if (this.#lost !== undefined) {
      for (const { reject } of asked) reject(this.#lost);
      return;
    }
    const bytes = new Uint8Array(asked.reduce((sum, { bundle, tile }) => sum + bundle.length + tile.length, 0));
    const bundles: BundlePlace[] = [];
    let from = 0;
    for (const { bundle, tile, index } of asked) {
      const place = { index, from, tile: from + bundle.length, to: from + bundle.length + tile.length };
      bytes.set(bundle, place.from);
      bytes.set(tile, place.tile);
      bundles.push(place);
      from = place.to;
    }
    this.#sent.push(asked);
    const given: BundlesToHash = { bytes, bundles };
    this.worker.postMessage(given, [bytes.buffer]);
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    for (const { reject } of this.#sent.splice(0).flat()) reject(this.#lost);
  }
}
