import { FaultForPeople } from '#libs/kernel';
import { DatabaseError } from 'pg';
import { FeedBroken, StoreUnavailable } from '#libs/eventing';

/** A setting of the server would let an acknowledged append be lost. */
export class UnsafeDurability extends FaultForPeople {
  override readonly name = 'UnsafeDurability';
}

/** Reading met a place that is missing although later ones are there: positions are contiguous here. */
export class FeedHole extends FeedBroken {
  override readonly name = 'FeedHole';
  constructor(
    readonly missing: bigint,
    readonly found: bigint,
  ) {
    super(`position ${missing} is missing, ${found} is there: the feed stops`);
  }
}

/** Our own limit on waiting for an answer; the connection is given up with it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** No connection could be had, so nothing was sent. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';
}

// A server that speaks another language translates the severity; then these codes may have ended the session.
const MAY_END_SESSION = /^(08|28|3D|57P|58|XX)|^(25P03|40001|53300)$/;

/** The server refused the statement and goes on: what the statement did is undone for certain. */
export const isRefusal = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError &&
  (error.severity === 'ERROR' ||
    (error.severity !== 'FATAL' && error.severity !== 'PANIC' && !MAY_END_SESSION.test(error.code ?? '')));

// Class 08 connection, 53 resources (disk full), 55 lock not available, 57 operator (canceled, shutting down),
// 58 system errors; 25006 read-only transaction, 40 deadlock or serialization.
const PASSING = /^(08|53|55|57|58|40)|^25006$/;

/** The statement was refused because of the server's state, not because of what it said. */
export const isPassing = (error: DatabaseError): boolean => PASSING.test(error.code ?? '');

/** Turns every failure that is not the statement's own fault into `StoreUnavailable`. */
export function asUnavailable(error: unknown): unknown {
  if (isRefusal(error) ? !isPassing(error) : !isLost(error)) return error;
  return new StoreUnavailable(`PostgreSQL: ${reasonOf(error)}`, 1, { cause: error });
}

/** The connection is gone, or never was. */
export function isLost(error: unknown): boolean {
  if (error instanceof NoAnswer || error instanceof NoConnection) return true;
  if (error instanceof DatabaseError) return !isRefusal(error);
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    (typeof code === 'string' && /^E[A-Z]+$/.test(code)) ||
    (typeof message === 'string' && /connection|timeout exceeded|not queryable|pool after calling end/i.test(message))
  );
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
