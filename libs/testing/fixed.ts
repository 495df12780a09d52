import { instantFromEpoch, parseInstant, type Instant } from '#libs/kernel';

/** An instant as tests write it; throws on what is none, so that a slip does not become a silent `undefined`. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is no instant`);
  return instant;
}

/**
 * The calendar day in Amsterdam at a moment (D-01), which between 22:00 or 23:00 UTC and midnight is the next one
 * already: what a test sends as a day is never the first ten characters of an instant.
 */
export const amsterdamDate = (moment: number | Instant): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date(moment));

/**
 * A UUID that a reader recognizes: `uuid('person', 3)` is the same every time and differs from every other kind and
 * number. The kind shows in the last group as its letters in hexadecimal.
 */
export function uuid(kind: string, number = 1): string {
  const letters = Buffer.from(kind.slice(0, 6)).toString('hex').padEnd(12, '0');
  return `${String(number).padStart(8, '0')}-0000-4000-8000-${letters}`;
}

/** A clock that stands still until it is set. */
export interface FixedClock {
  /** Milliseconds since 1970. */
  (): number;
  now(): Instant;
  set(instant: Instant): void;
}

export function fixedClock(start: Instant): FixedClock {
  let current = start;
  return Object.assign(() => Date.parse(current), {
    now: () => instantFromEpoch(Date.parse(current)),
    set: (instant: Instant) => void (current = instant),
  });
}
