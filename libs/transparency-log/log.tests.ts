import { createPrivateKey } from 'node:crypto';
import {
  cosigner,
  encodeBundle,
  formatCheckpoint,
  leafHash,
  logSigner,
  MemoryTree,
  secretKey,
  signNote,
  TILE_WIDTH,
  tilePath,
  tilesBetween,
  type NodeReader,
  type NoteSigner,
  type SecretKey,
  type TilePlace,
  type TileSource,
} from './index.js';

/** Entries, trees and changed bytes for the specs beside this file. */

/** Entries of 32 bytes, as those of the archive. */
export const entryOf = (index: number): Buffer => Buffer.alloc(32, `entry ${index}; `);
export const leafOf = (index: number): Buffer => leafHash(entryOf(index));

const tree = new MemoryTree();

/** Of at least so many of these entries. */
export function treeOf(size: number): MemoryTree {
  while (tree.size < size) tree.append(leafOf(tree.size));
  return tree;
}

/** The bytes with each of them changed in turn, once in one bit (another for each place) and once in all. */
export function* flipped(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1) {
    for (const mask of [1 << (at % 8), 0xff]) {
      const bad = Buffer.from(bytes);
      bad[at]! ^= mask;
      yield bad;
    }
  }
}

/** The files of a log in memory, as it wrote them for each of these sizes. */
export class MemoryFiles implements TileSource {
  readonly files = new Map<string, Buffer>();
  readonly asked: string[] = [];

  constructor(...sizes: readonly number[]) {
    const { nodeAt } = treeOf(Math.max(0, ...sizes));
    let older = 0;
    for (const size of sizes) {
      for (const place of tilesBetween(older, size)) this.files.set(tilePath(place), bytesOf(place, nodeAt));
      older = size;
    }
  }

  read(path: string): Promise<Uint8Array | undefined> {
    this.asked.push(path);
    return Promise.resolve(this.files.get(path));
  }
}

function bytesOf({ level, index, width }: TilePlace, nodeAt: NodeReader): Buffer {
  const places = Array.from({ length: width }, (_, at) => index * TILE_WIDTH + at);
  if (level === 'entries') return encodeBundle(places.map(entryOf));
  return Buffer.concat(places.map((at) => nodeAt({ level: level * 8, index: at })));
}

/** Secret keys that are the same in each run, by a number. */
export const secretOf = (number: number): SecretKey =>
  secretKey(
    createPrivateKey({
      key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, number)]),
      format: 'der',
      type: 'pkcs8',
    }),
  );

export const ORIGIN = 'waarborg.invalid/log';
export const log = logSigner(ORIGIN, secretOf(1));
/** The key that comes after it. */
export const nextLog = logSigner(ORIGIN, secretOf(2));
export const witnesses = [11, 12, 13].map((number) => cosigner(`witness.invalid/${number}`, secretOf(number)));

/** Seconds since 1970. */
export const NOW = 1_796_000_000n;

/** A signed checkpoint over the first `size` of these entries. */
export const checkpointOf = (size: number, ...signers: readonly NoteSigner[]): Promise<string> =>
  signNote(formatCheckpoint({ origin: ORIGIN, size, root: treeOf(size).root(size) }), signers, NOW);
