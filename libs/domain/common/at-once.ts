import { later, type Instant } from '#libs/kernel';
import type { Channel, EhLevel } from '#libs/scheme';

/**
 * As long as an answer waits for what it tells of, in milliseconds (interfaces.md §8). What is to be done at once and took
 * longer was not done in the request that asked for it (PI2, CAL-03).
 */
export const AT_ONCE = 5_000;

/**
 * Between the arrival of what comes electronically and its end here, in milliseconds: intake, checks and request are entered
 * while who asks is still there. It counts from the arrival at the participant, not from the entry (REV-06).
 */
export const ENTRY = 15 * 60_000;

/** What came in, and about what. */
export interface Arrival {
  readonly channel: Channel;
  readonly receivedAt: Instant;
  /** Level of the object. */
  readonly level: EhLevel;
}

/** Above EH1 it is carried out immediately (PI2 to PI4, PT2); at EH1 as soon as possible, without a deadline (PI1, PT1, AMB-14). */
export const isImmediate = ({ channel, level }: Pick<Arrival, 'channel' | 'level'>): boolean =>
  channel === 'electronic' && level !== 'EH1';

/** After this moment what came electronically was not carried out immediately, whenever it was entered; `null`: no time runs. */
export const immediateUntil = (arrival: Arrival): Instant | null =>
  isImmediate(arrival) ? later(arrival.receivedAt, ENTRY) : null;

/** The earlier of two moments; `null` is never. */
export const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || (other !== null && other < one) ? other : one;

/** In time up to the moment itself; `null` is never. */
export const isPast = (limit: Instant | null, at: Instant): boolean => limit !== null && at > limit;

/** Whether what was decided when it was entered came too late: after its deadline, or not immediately. */
export const isDecidedLate = (
  { dueAt, ...arrival }: Arrival & { readonly dueAt: Instant | null },
  at: Instant,
): boolean => isPast(dueAt ?? immediateUntil(arrival), at);
