import nodeCrypto from 'node:crypto';

/** SHA-256, the one hash of these formats. */
export const HASH_BYTES = 32;

/** A digest as text of one byte a character. Versions of Node before 20.12 do not have `crypto.hash`. */
const digestOf: (bytes: Uint8Array) => string =
  typeof nodeCrypto.hash === 'function'
    ? (bytes) => nodeCrypto.hash('sha256', bytes, 'binary')
    : (bytes) => nodeCrypto.createHash('sha256').update(bytes).digest('binary');

/**
 * Puts the digest into `target` at `at`. As text it comes without a buffer of its own, and a loop copies 32 bytes faster than a
 * call: three times the digests a second of what a buffer for each gives on Node 20.
 */
function sha256Into(target: Buffer, at: number, bytes: Uint8Array): void {
  const digest = digestOf(bytes);
  for (let byte = 0; byte < HASH_BYTES; byte += 1) target[at + byte] = digest.charCodeAt(byte);
}

/** Whether the digest is what `target` has at `at`. */
export function sha256Is(bytes: Uint8Array, target: Uint8Array, at: number): boolean {
  const digest = digestOf(bytes);
  for (let byte = 0; byte < HASH_BYTES; byte += 1) if (target[at + byte] !== digest.charCodeAt(byte)) return false;
  return true;
}

export function sha256(bytes: Uint8Array): Buffer {
  const digest = Buffer.allocUnsafe(HASH_BYTES);
  sha256Into(digest, 0, bytes);
  return digest;
}

/** The root of a tree without leaves (RFC 6962 §2.1): the hash of nothing. */
export const EMPTY_ROOT: Buffer = sha256(new Uint8Array());

const LEAF = 0x00;
const NODE = 0x01;

// Hashing is synchronous, so that one place for its input serves all. Entries of a log of hashes have a place of just
// their length: a view of the larger one is an object for each entry.
const shortLeaf = Buffer.alloc(1 + HASH_BYTES, LEAF);
const longLeaf = Buffer.alloc(1 + 0xffff, LEAF);
/** The hashes of a node begin at a word, behind the byte that says what it is. */
const nodeMemory = new ArrayBuffer(4 + 2 * HASH_BYTES);
const node = new Uint8Array(nodeMemory, 3, 1 + 2 * HASH_BYTES).fill(NODE);
const nodeWords = new Uint32Array(nodeMemory, 4);

/** The leaf hash of `bytes[from, to)` (RFC 6962 §2.1), put into `target` at `at`. An entry has at most 65,535 bytes. */
export function leafHashInto(target: Buffer, at: number, bytes: Buffer, from: number, to: number): void {
  if (to - from === HASH_BYTES) {
    // A loop: to copy so few bytes costs less than the view that a call makes of them.
    for (let byte = 0; byte < HASH_BYTES; byte += 1) shortLeaf[1 + byte] = bytes[from + byte]!;
    sha256Into(target, at, shortLeaf);
  } else {
    bytes.copy(longLeaf, 1, from, to);
    sha256Into(target, at, longLeaf.subarray(0, 1 + to - from));
  }
}

/** The hash of the node above two that stand in `source` from `from` on, left then right, put into `target` at `at`. */
export function nodeHashInto(target: Buffer, at: number, source: Buffer, from: number): void {
  node.set(source.subarray(from, from + 2 * HASH_BYTES), 1);
  sha256Into(target, at, node);
}

/** The hash over so many (a power of two), the nodes above them put in their place: `hashes` is used up. */
export function foldHashes(hashes: Buffer, count: number): Buffer {
  const words = new Uint32Array(hashes.buffer, hashes.byteOffset, (count * HASH_BYTES) / 4);
  for (let left = count / 2; left >= 1; left /= 2) {
    for (let at = 0; at < left; at += 1) {
      for (let word = 0; word < nodeWords.length; word += 1) nodeWords[word] = words[at * nodeWords.length + word]!;
      sha256Into(hashes, at * HASH_BYTES, node);
    }
  }
  return Buffer.from(hashes.subarray(0, HASH_BYTES));
}

export function leafHash(entry: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(1 + entry.length);
  input[0] = LEAF;
  input.set(entry, 1);
  return sha256(input);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
