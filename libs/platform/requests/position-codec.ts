import { PHRASES } from '../problems/phrases.js';
import { invalidRequest, type ProblemException } from '../problems/problem.exception.js';

/** A place in the order of one store and epoch. Opaque to callers (interfaces.md §3). */
export interface Position {
  /** Store id, a UUID. */
  readonly store: string;
  readonly epoch: number;
  readonly place: bigint;
}

const FORM = /^([0-9a-f-]{36})\.(\d{1,9})\.(\d{1,19})$/;

/** Before everything is written as the first place there may be: whoever waits for that waits for what is there already. */
export const encodePosition = ({ store, epoch, place }: Position): string =>
  Buffer.from(`${store}.${epoch}.${place < 0n ? 0n : place}`).toString('base64url');

/**
 * Reads what `encodePosition` gave. Throws 400 `invalid-value` on anything else and 400 `foreign-position` when it is
 * of another store or epoch than `here`.
 */
export function decodePosition(text: string, here: Omit<Position, 'place'>, where: 'query' | 'body' = 'query'): bigint {
  const decoded = Buffer.from(text, 'base64url');
  const match = FORM.exec(decoded.toString('latin1'));
  // Decoding is lenient; only the one exact spelling is a position.
  if (match === null || decoded.toString('base64url') !== text) {
    throw noPosition(where);
  }
  if (match[1] !== here.store || Number(match[2]) !== here.epoch) {
    throw invalidRequest([{ ...partOf(where), pointer: '/after', code: 'foreign-position' }]);
  }
  return BigInt(match[3]!);
}

/** 400 for what no answer has given. */
export const noPosition = (where: 'query' | 'body'): ProblemException =>
  invalidRequest([{ ...partOf(where), pointer: '/after', code: 'invalid-value', detail: PHRASES.noPosition() }]);

const partOf = (where: 'query' | 'body'): { readonly in?: 'query' } => (where === 'query' ? { in: where } : {});
