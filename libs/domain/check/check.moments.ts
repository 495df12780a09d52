import { epochOf, later, parseDate, parseInstant, type CalendarDate, type Instant, type Rejection } from '#libs/kernel';
import { amsterdamDay, readDate } from '#libs/scheme';
import { judgeHappened, LATE, TOLERANCE } from '../common/happened.js';
import { rejectCheck } from './check.rejections.js';

/** Members of a check that hold a moment at which something happened. */
export const MOMENTS = ['performedAt', 'asOf', 'completedAt', 'verifiedAt', 'at', 'handedOutAt', 'revokedAt'] as const;
type Moment = (typeof MOMENTS)[number];

/** The moments that a check states, as far as they can be read. */
export type StatedMoments = { readonly [member in Moment]?: Instant } & {
  /** When an extract was issued has nothing to do with when somebody looked at it. */
  readonly fromExtract: boolean;
  readonly publishedOn?: CalendarDate;
};

/** What a check's moments are measured by: the caller's times, and the clock. */
export interface MomentBounds {
  /** Receipt of the application that the check hangs on. */
  readonly receivedAt?: Instant;
  /** When the means it is about was applied for, by the clock of the register. */
  readonly appliedAt?: Instant;
  readonly now: Instant;
  readonly lateEntryReason?: unknown;
}

/** Reads the moments of a check, also of one that has other faults. */
export function momentsOf(check: object): StatedMoments {
  const members = check as { readonly [member: string]: unknown };
  const stated = MOMENTS.flatMap((member) => {
    const text = members[member];
    const moment = typeof text === 'string' ? parseInstant(text) : undefined;
    return moment === undefined ? [] : [[member, moment] as const];
  });
  const { date } = (members['publication'] ?? {}) as { readonly date?: unknown };
  const publishedOn = typeof date === 'string' ? parseDate(date) : undefined;
  return {
    ...Object.fromEntries(stated),
    fromExtract: members['via'] === 'extract',
    ...(publishedOn === undefined ? {} : { publishedOn }),
  };
}

/**
 * Every moment of a check against what bounds it (PROOF-06). Times of a caller are compared with times of a caller; with
 * the register's own clock only as far as the two may differ. How old a look-up may be when it is relied on is for the
 * rules (TR-01, TR-02).
 */
export function judgeMoments(stated: StatedMoments, bounds: MomentBounds): readonly Rejection[] {
  const { performedAt, completedAt, handedOutAt, publishedOn } = stated;
  const { receivedAt, appliedAt, now } = bounds;
  const faults: Rejection[] = MOMENTS.flatMap((member) =>
    stated[member] === undefined ? [] : judgeHappened(stated[member], now, `/${member}`, bounds.lateEntryReason),
  );
  if (performedAt !== undefined) {
    if (receivedAt !== undefined && performedAt < receivedAt) {
      faults.push(rejectCheck('performed-before-application', { pointer: '/performedAt' }));
    }
    for (const member of MOMENTS) {
      if (member === 'performedAt' || (member === 'asOf' && stated.fromExtract)) continue;
      const isAhead = faults.some(({ code, pointer }) => code === 'instant-in-future' && pointer === `/${member}`);
      if (stated[member] !== undefined && stated[member] > performedAt && !isAhead) {
        faults.push(rejectCheck('moment-after-performed', { pointer: `/${member}` }));
      }
    }
    if (publishedOn !== undefined && readDate(publishedOn) > amsterdamDay(epochOf(performedAt))) {
      faults.push(rejectCheck('moment-after-performed', { pointer: '/publication/date' }));
    }
  }
  if (completedAt !== undefined && receivedAt !== undefined && completedAt < later(receivedAt, -LATE)) {
    faults.push(rejectCheck('transaction-too-old', { pointer: '/completedAt' }));
  }
  if (handedOutAt !== undefined && appliedAt !== undefined && handedOutAt < later(appliedAt, -TOLERANCE)) {
    faults.push(rejectCheck('handed-out-before-applied', { pointer: '/handedOutAt' }));
  }
  return faults;
}
