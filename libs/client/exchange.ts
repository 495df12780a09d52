import { pause, type Clock } from './clock.js';
import { NoAnswerError } from './errors.js';
import type { Received } from './received.js';

/** `fetch`, as far as it is used. */
export type Fetch = (
  url: string,
  request: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
    readonly redirect: 'manual';
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  /** Asked before each attempt: a token may have ended while the one before was made. */
  readonly headers: () => Record<string, string> | Promise<Record<string, string>>;
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How often and how long is tried; every time in milliseconds. */
export interface Patience {
  /** Attempts at most, the first one included. */
  readonly attempts: number;
  /** From the first attempt on, for all of them: none is begun later. */
  readonly total: number;
  /** One attempt may take so long. */
  readonly each: number;
  /** A pause is a random part of this, which doubles with each attempt … */
  readonly pause: number;
  /** … up to this. */
  readonly longestPause: number;
}

export const PATIENCE: Patience = { attempts: 5, total: 60_000, each: 30_000, pause: 200, longestPause: 10_000 };

export interface Surroundings {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** From 0 to under 1. */
  readonly random: () => number;
  readonly patience: Patience;
}

/** Answers that say nothing of the request: another time it may be well. */
const PASSING: readonly number[] = [429, 502, 503, 504];

/**
 * Sends until there is an answer that stands, or patience ends. Only what may be repeated must come here: reads, questions,
 * and commands with their key, which the register carries out once. What stands is answered whatever it says; of what passes
 * the last one is answered. Throws `NoAnswerError` when the last attempt had no answer at all.
 */
export async function exchange(sent: Sent, surroundings: Surroundings): Promise<Received> {
  const { clock, patience } = surroundings;
  const until = clock.now() + patience.total;
  for (let attempts = 1; ; attempts++) {
    const headers = await headersOf(sent, attempts);
    sent.signal?.throwIfAborted();
    let received: Received | undefined;
    let trouble: unknown;
    try {
      received = await attempt(sent, headers, surroundings);
    } catch (error) {
      // The caller's own wish is no trouble of the network.
      sent.signal?.throwIfAborted();
      trouble = error;
    }
    if (received !== undefined && !PASSING.includes(received.status)) return received;
    const wait = pauseAfter(attempts, received?.headers.get('retry-after') ?? null, surroundings);
    if (attempts >= patience.attempts || clock.now() + wait > until) {
      if (received === undefined) throw new NoAnswerError(attempts, trouble, sent.key);
      return received;
    }
    await pause(clock, wait, sent.signal);
  }
}

/** Without a token nothing is sent; what was sent before may have been carried out all the same. */
async function headersOf({ headers, key }: Sent, attempts: number): Promise<Record<string, string>> {
  try {
    return await headers();
  } catch (error) {
    throw attempts === 1 ? error : new NoAnswerError(attempts - 1, error, key);
  }
}

async function attempt(
  { method, url, body, signal }: Sent,
  headers: Record<string, string>,
  { fetch, clock, patience }: Surroundings,
): Promise<Received> {
  const ending = new AbortController();
  const end = (): void => ending.abort(signal!.reason);
  signal?.addEventListener('abort', end, { once: true });
  const cancel = clock.after(patience.each, () => ending.abort(new Error(`no answer within ${patience.each} ms`)));
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: ending.signal,
      // A token goes nowhere but where it was meant for.
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } finally {
    cancel();
    signal?.removeEventListener('abort', end);
  }
}

/** Full jitter: all who were sent away at one moment come back at different ones, and no earlier than they were told. */
function pauseAfter(attempts: number, retryAfter: string | null, { clock, random, patience }: Surroundings): number {
  const most = Math.min(patience.longestPause, patience.pause * 2 ** (attempts - 1));
  return millisecondsOf(retryAfter, clock.now()) + random() * most;
}

/** `Retry-After` in either of its forms (RFC 9110 §10.2.3): seconds, or a date. */
function millisecondsOf(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
