import { parentPort } from 'node:worker_threads';
import { LogFault, rootOfBundle } from '#libs/transparency-log';
import type { BundlesToHash, HashedBundles, HashingFault } from './hashing-thread.js';

// The thread of hashing-thread.ts.

function rootOrFault(bundle: Buffer, tile: Buffer, index: number): Uint8Array | HashingFault {
  try {
    return Uint8Array.from(rootOfBundle(bundle, tile, index));
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    const { code, message } = error;
    return { code, message, ...(error.index === undefined ? {} : { index: error.index }) };
  }
}

parentPort!.on('message', ({ bytes, bundles }: BundlesToHash) => {
  const whole = Buffer.from(bytes.buffer);
  const hashed: HashedBundles = bundles.map(({ index, from, tile, to }) =>
    rootOrFault(whole.subarray(from, tile), whole.subarray(tile, to), index),
  );
  parentPort!.postMessage(hashed);
});
