import type { IncomingHttpHeaders } from 'node:http';
import { PHRASES } from '../problems/phrases.js';
import type { Fault } from '../problems/problem.exception.js';

/** 8–64 visible ASCII characters (interfaces.md §3). */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{8,64}$/;

/** The caller's `Idempotency-Key`; a fault is added when it is missing or malformed. */
export function readIdempotencyKey(headers: IncomingHttpHeaders, faults: Fault[]): string {
  const key = headers['idempotency-key'];
  const at = { in: 'header', pointer: '/Idempotency-Key' } as const;
  if (key === undefined) faults.push({ ...at, code: 'required', detail: PHRASES.keyRequired() });
  else if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    faults.push({ ...at, code: 'invalid-value', detail: PHRASES.key() });
  }
  return typeof key === 'string' ? key : '';
}

/** A revision that no stream has: an entity tag that is not ours can't be the current one. */
const NO_REVISION = -1;

/**
 * Revision named in `If-Match`; `undefined` without one or with `*` (the object of a command has to exist anyway).
 * A tag that is not ours never matches; what is no single strong entity tag is a fault.
 */
export function readIfMatch(headers: IncomingHttpHeaders, faults: Fault[]): number | undefined {
  const header = headers['if-match']?.trim();
  if (header === undefined || header === '*') return undefined;
  const tag = /^"([\x21\x23-\x7e]*)"$/.exec(header)?.[1];
  if (tag === undefined) {
    faults.push({
      in: 'header',
      pointer: '/If-Match',
      code: 'invalid-value',
      detail: PHRASES.entityTag(),
    });
    return undefined;
  }
  return /^(?:0|[1-9]\d{0,14})$/.test(tag) ? Number(tag) : NO_REVISION;
}

/** `ETag` of an object at a revision. */
export const entityTag = (revision: number): string => `"${revision}"`;
