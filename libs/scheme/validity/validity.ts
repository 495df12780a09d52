import type { ValidityRequest, ValidityResult } from '../contract/classification.types.js';
import type { Judged, RuleSet } from '../rule-set.js';
import { formatInstant } from '../time/amsterdam.js';
import { addDays, addMonths, addYears } from '../time/calendar.js';
import { type EpochMillis, readInstant } from '../time/instant.js';

type Rules = RuleSet['validity'];

const moments = (texts: readonly (string | undefined)[]): EpochMillis[] =>
  texts.filter((text) => text !== undefined).map(readInstant);

const latest = (...texts: (string | undefined)[]): EpochMillis => Math.max(...moments(texts));

/** A notice counts when all who must know got it, after the last use (NONUSE-02…NONUSE-04); `null`: none counts. */
function countingNotice({ notice, hasAdministrator }: ValidityRequest, countsFrom: EpochMillis): EpochMillis | null {
  if (notice === undefined || !notice.toAuthorizedParty) return null;
  if (hasAdministrator === true && !notice.toAdministrator) return null;
  const sentAt = readInstant(notice.sentAt);
  return sentAt > countsFrom ? sentAt : null;
}

/** From when non-use counts, and when what follows from it may be done: what `validity` answers, to the millisecond. */
export interface NonUsePeriods {
  readonly countsFrom: EpochMillis;
  readonly noticeFrom: EpochMillis;
  /** When it may be revoked after a notice of that moment (NONUSE-03). */
  revocableAfter(noticeSentAt: EpochMillis): EpochMillis;
}

/** Counted from the latest of registration, start date and last use (NONUSE-04). */
export const nonUsePeriods = (
  counted: { readonly registeredAt: EpochMillis; readonly validFrom: EpochMillis; readonly lastUsedAt?: EpochMillis },
  { validity: rules }: Pick<RuleSet, 'validity'>,
): NonUsePeriods => {
  const { registeredAt, validFrom, lastUsedAt = registeredAt } = counted;
  const countsFrom = Math.max(registeredAt, validFrom, lastUsedAt);
  return {
    countsFrom,
    noticeFrom: addMonths(countsFrom, rules.noticeMonths),
    revocableAfter: (noticeSentAt) =>
      Math.max(addMonths(countsFrom, rules.nonUseMonths), addDays(noticeSentAt, rules.noticeDays)),
  };
};

function nonUse(request: ValidityRequest, ruleSet: RuleSet): ValidityResult['nonUse'] {
  if (request.level === 'EH1' && request.revokeUnusedAtEh1 === false) return null;
  const { countsFrom, noticeFrom, revocableAfter } = nonUsePeriods(
    {
      registeredAt: readInstant(request.registeredAt),
      validFrom: readInstant(request.firstValidFrom ?? request.period.from),
      ...(request.lastUsedAt === undefined ? {} : { lastUsedAt: readInstant(request.lastUsedAt) }),
    },
    ruleSet,
  );
  const noticeSentAt = countingNotice(request, countsFrom);
  return {
    countsFrom: formatInstant(countsFrom),
    noticeFrom: formatInstant(noticeFrom),
    revocableFrom: noticeSentAt === null ? null : formatInstant(revocableAfter(noticeSentAt)),
    mandatory: request.level !== 'EH1',
  };
}

/** Consent ends with the first of what it hangs on, or after 25 months of non-use of its own (CONSENT-05, D-51). */
function consentUntil({ consent }: ValidityRequest, validUntil: EpochMillis, rules: Rules): ValidityResult['consent'] {
  if (consent === undefined) return null;
  const ends = [
    addYears(readInstant(consent.givenAt), rules.maximumYears),
    addMonths(latest(consent.givenAt, consent.lastUsedAt), rules.nonUseMonths),
    validUntil,
    ...moments([consent.meansValidUntil]),
  ];
  return { validUntil: formatInstant(Math.min(...ends)) };
}

/** Until when is this valid, when may it be revoked for non-use? (classification.md §4.) The request is a valid one. */
export function validity(request: ValidityRequest, ruleSet: RuleSet): Judged<ValidityResult> {
  const rules = ruleSet.validity;
  const from = readInstant(request.period.from);
  const until = readInstant(request.period.until);
  const longest = addYears(from, rules.maximumYears);
  const validUntil = Math.min(until, longest);
  return {
    validFrom: formatInstant(from),
    validUntil: formatInstant(validUntil),
    capped: until > longest,
    nonUse: nonUse(request, ruleSet),
    consent: consentUntil(request, validUntil, rules),
    ruleSet: ruleSet.version,
  };
}
