import { HASH_BYTES } from './hashing.js';

// How these formats put things in text: UTF-8, lines, decimals and base64, of each just one spelling.

/** Bytes of a hash in base64. */
export const HASH_CHARACTERS = Math.ceil(HASH_BYTES / 3) * 4;
/** Hashes that a proof in text has at most; no tree of fewer than 2^63 leaves needs more. */
export const MAX_PROOF_HASHES = 63;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes; `undefined` where they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A decimal without leading zeroes, as far as it can be counted exactly; `undefined` for anything else. */
export function decimal(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Base64 with padding (RFC 4648 §4), in the one spelling that these bytes have; `undefined` for anything else. */
export function base64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

export function base64Hash(text: string): Buffer | undefined {
  const hash = base64(text);
  return hash?.length === HASH_BYTES ? hash : undefined;
}
