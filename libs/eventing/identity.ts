import { createHash } from 'node:crypto';

/**
 * A UUID (version 8, RFC 9562) that is the same for the same parts, in this order. Ids of objects and events of a keyed
 * command are made this way, so that a retry meets what it made before (interfaces.md §3).
 */
export function derivedId(...parts: readonly string[]): string {
  // Lengths in front keep ("ab","c") and ("a","bc") apart.
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  const hex = hash.digest('hex').slice(0, 32).split('');
  hex[12] = '8';
  hex[16] = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  const text = hex.join('');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}
