import { epochOf, later, type Instant } from '#libs/kernel';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Between two attempts, growing; the last one goes on. */
const PAUSES = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR],
];
/** So much of a pause is chance, so that receivers that come back are not met by everything at once. */
const JITTER = 0.2;
/** A receiver may ask for more time than the plan gives, and for no more than this. */
const LONGEST_ASKED = 6 * HOUR;
/** So long a delivery is tried before it waits for a person. */
export const PATIENCE = 3 * 24 * HOUR;

export interface FailedAttempt {
  /** Failures before this one. */
  readonly attempts: number;
  /** From when on it was tried. */
  readonly since: Instant;
  readonly now: Instant;
  /** The answer's `Retry-After`: seconds, or a date. */
  readonly retryAfter?: string;
  /** From 0 up to 1. */
  readonly chance: number;
}

/** Whether what is put off to there was tried for long enough: the last attempt, made as patience ends, lies behind it. */
export const isPastPatience = ({ since, dueAt }: { readonly since: Instant; readonly dueAt: Instant }): boolean =>
  epochOf(dueAt) > epochOf(since) + PATIENCE;

/** Where something is put off whose last attempt is being made. */
export const afterTheLast = ({ since, now }: Pick<FailedAttempt, 'since' | 'now'>): Instant =>
  later(now > since ? now : since, PATIENCE);

/** When it is tried again; `undefined` = it was tried for long enough. The last attempt is made as patience ends. */
export function nextAttempt({ attempts, since, now, retryAfter, chance }: FailedAttempt): Instant | undefined {
  const end = epochOf(since) + PATIENCE;
  if (epochOf(now) >= end) return undefined;
  const planned = PAUSES[Math.min(attempts, PAUSES.length - 1)]! * (1 + JITTER * (2 * chance - 1));
  const asked = Math.min(askedBy(retryAfter, now), LONGEST_ASKED);
  const pause = Math.round(Math.max(planned, asked));
  return later(now, Math.min(pause, end - epochOf(now)));
}

/** Milliseconds that the receiver asks for; 0 when it does not, or in words that say nothing. */
function askedBy(retryAfter: string | undefined, now: Instant): number {
  if (retryAfter === undefined) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * SECOND;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, date - epochOf(now));
}
