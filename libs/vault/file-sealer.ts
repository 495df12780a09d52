import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { FileSealer } from '#libs/eventing';
import { canonicalJson, type KeyHolder } from '#libs/kernel';
import type { ObjectKeys } from './object-keys.js';
import { SealBroken } from './vault.js';

/*
 * A sealed file: `waarborg-file-v1` and a line feed, a salt of 32 random bytes, then pieces of 65,536 bytes of the file,
 * the last one of as many as are left (none of an empty file), each as ciphertext and tag of AES-256-GCM. Its key is
 * derived from the holder's key and the salt (HKDF with SHA-256), so that two files of one holder share none; the nonce is
 * the number of the piece, with a last byte of 1 for the last one and 0 for the others. So no piece can be left out, put
 * elsewhere or cut off. Never change: what has been sealed opens by exactly this.
 */
const HEAD = Buffer.from('waarborg-file-v1\n');
const SALT_BYTES = 32;
const PIECE_BYTES = 65_536;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Seals files, piece by piece. */
export const fileSealer = (keys: ObjectKeys): FileSealer => ({
  async *seal(holder, clearBytes) {
    const salt = randomBytes(SALT_BYTES);
    const key = keyOf(holder, await keys.forSealing(holder), salt);
    yield Buffer.concat([HEAD, salt]);
    let number = 0;
    for await (const { bytes, isLast } of inPieces(clearBytes, PIECE_BYTES)) {
      const cipher = createCipheriv(CIPHER, key, nonceOf(number, isLast), { authTagLength: TAG_BYTES });
      yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
      number += 1;
    }
  },

  async *open(holder, sealedBytes) {
    const objectKey = await keys.forOpening(holder);
    let key: KeyObject | undefined;
    let number = 0;
    for await (const piece of behindHead(sealedBytes)) {
      if (piece.salt !== undefined) {
        key = keyOf(holder, objectKey, piece.salt);
        continue;
      }
      yield openPiece(key!, nonceOf(number, piece.isLast), piece.bytes, holder);
      number += 1;
    }
  },
});

function openPiece(key: KeyObject, nonce: Buffer, bytes: Buffer, holder: KeyHolder): Buffer {
  if (bytes.length < TAG_BYTES) throw broken(holder);
  const tagAt = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(bytes.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, tagAt)), decipher.final()]);
  } catch {
    throw broken(holder);
  }
}

const broken = ({ kind, id }: KeyHolder): SealBroken =>
  new SealBroken(`a file of ${kind} ${id} does not open: altered, cut off, moved, or sealed under a lost key`);

const keyOf = (holder: KeyHolder, objectKey: KeyObject, salt: Buffer): KeyObject =>
  createSecretKey(
    Buffer.from(hkdfSync('sha256', objectKey, salt, canonicalJson(['waarborg-file-v1', holder.kind, holder.id]), 32)),
  );

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

interface Piece {
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

/** The bytes in pieces of one size, the last one smaller or as large; of no bytes one empty piece. */
async function* inPieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Piece> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    held.push(chunk);
    length += chunk.length;
    // One that is full may be the last: it is given once more has come.
    if (length <= size) continue;
    const whole = Buffer.concat(held);
    let at = 0;
    for (; length - at > size; at += size) yield { bytes: whole.subarray(at, at + size), isLast: false };
    held = [whole.subarray(at)];
    length -= at;
  }
  yield { bytes: Buffer.concat(held), isLast: true };
}

/** The salt of a sealed file, then its pieces. */
async function* behindHead(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly salt: Buffer } | (Piece & { readonly salt?: undefined })> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    let head = Buffer.alloc(0);
    while (head.length < HEAD.length + SALT_BYTES) {
      const next = await chunks.next();
      if (next.done === true) throw new SealBroken('a sealed file ends before its first piece');
      head = Buffer.concat([head, next.value]);
    }
    if (!head.subarray(0, HEAD.length).equals(HEAD)) throw new SealBroken('this is no sealed file');
    yield { salt: head.subarray(HEAD.length, HEAD.length + SALT_BYTES) };
    const rest = head.subarray(HEAD.length + SALT_BYTES);
    yield* inPieces(followedBy(rest, chunks), PIECE_BYTES + TAG_BYTES);
  } finally {
    await chunks.return?.();
  }
}

async function* followedBy(first: Uint8Array, others: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await others.next(); next.done !== true; next = await others.next()) yield next.value;
}
