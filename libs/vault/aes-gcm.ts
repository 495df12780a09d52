import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

/**
 * AES-256-GCM with a random nonce of 96 bits: one key may encrypt 2^32 times at most (NIST SP 800-38D §8.3).
 * What is bound is not in the ciphertext and has to be given again, byte for byte, to decrypt.
 */
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Encrypted {
  readonly nonce: Buffer;
  /** Ciphertext, then the tag. */
  readonly body: Buffer;
}

export function encrypt(key: KeyObject, bound: string, plain: Buffer): Encrypted {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(bound));
  return { nonce, body: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

/** The plain bytes; `undefined` when key, nonce, bound text or ciphertext are not the ones that belong together. */
export function decrypt(key: KeyObject, bound: string, { nonce, body }: Encrypted): Buffer | undefined {
  if (nonce.length !== NONCE_BYTES || body.length < TAG_BYTES) return undefined;
  const tagAt = body.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(bound))
    .setAuthTag(body.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(body.subarray(0, tagAt)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Nonce and body in one, for a column of bytes. */
export const joined = ({ nonce, body }: Encrypted): Buffer => Buffer.concat([nonce, body]);

export const apart = (bytes: Buffer): Encrypted => ({
  nonce: bytes.subarray(0, NONCE_BYTES),
  body: bytes.subarray(NONCE_BYTES),
});
