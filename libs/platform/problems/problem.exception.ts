import type { JsonValue, Words } from '#libs/kernel';

/** One thing that is wrong. Parameters of the code stand beside it (`"code": "aspect-unscored", "aspect": "IV"`). */
export interface Fault {
  readonly code: string;
  /** Says it in words. Absent: the code's title. Never repeats a value that was sent: it may be personal. */
  readonly detail?: Words;
  /** JSON Pointer into the part of the request that `in` names; `""` = all of it. */
  readonly pointer?: string;
  /** Part of the request; absent: the body. */
  readonly in?: 'header' | 'path' | 'query';
  readonly facts?: Readonly<Record<string, JsonValue>>;
  /** Parameters that are words themselves, in the language of the answer. */
  readonly inWords?: Readonly<Record<string, Words>>;
}

/**
 * Faults that an answer tells before it says `more-faults` (interfaces.md §4). Whoever looks for faults stops at the first
 * one beyond them.
 */
export const MAX_FAULTS = 100;

export interface ProblemOptions {
  /** What happened in this case. Absent: the meaning of the code. */
  readonly detail?: Words;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the problem itself beside those of every problem, such as `aspects`. */
  readonly members?: Readonly<Record<string, JsonValue>>;
  readonly cause?: unknown;
}

/** An answer that is no success (interfaces.md §4). Thrown at the edge only; below it a "no" is a value. */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';
  readonly detail: Words | undefined;
  readonly errors: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, JsonValue>>;
  constructor(
    readonly status: number,
    readonly code: string,
    options: ProblemOptions = {},
  ) {
    super(`${status} ${code}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }
}

/** 400 with every fault. The problem's own code is the faults' when they agree, else `invalid-request`. */
export function invalidRequest(faults: readonly Fault[]): ProblemException {
  const codes = new Set(faults.map((fault) => fault.code));
  const code = codes.size === 1 ? faults[0]!.code : 'invalid-request';
  return new ProblemException(400, code, { errors: faults });
}

/** 404. The same for what does not exist and for an id that can't be one. */
export const notFound = (code = 'not-found'): ProblemException => new ProblemException(404, code);

/** 412: `If-Match` names another revision than the current one. */
export const preconditionFailed = (): ProblemException => new ProblemException(412, 'precondition-failed');

/** 409: the same key came with another body (interfaces.md §3). */
export const idempotencyKeyReused = (): ProblemException => new ProblemException(409, 'idempotency-key-reused');

/** 409: the bounded retries met a conflict each time. */
export const conflict = (): ProblemException => new ProblemException(409, 'conflict');

/** 503 with `Retry-After` in seconds. */
export const unavailable = (
  code: 'unavailable' | 'outcome-unknown' | 'position-not-reached' = 'unavailable',
  retryAfterSeconds = 1,
  cause?: unknown,
): ProblemException =>
  new ProblemException(503, code, {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    cause,
  });
