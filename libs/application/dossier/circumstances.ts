import { streamId, type Instant } from '#libs/kernel';
import { partyDecider, type PartyEvent, type RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { checksOfParty } from './load-checks.js';
import { answeredAt, isLasting } from './question.js';

/** A party's special-circumstances mark: what exempts nobody from a look until it is cleared (IV3-change, PROOF-12). */
export interface CircumstancesMark {
  /** Reported by the consumer or its administrator, or found by a look in whatever application, and not cleared since. */
  readonly isSet: boolean;
  /** The looks that found something and that nobody has cleared. */
  readonly findings: readonly string[];
  /** Some look ever found them: only then the party can have a trustee (PROOF-02). */
  readonly everFound: boolean;
  /** Of the latest finding that stands: what clears it was asked or said since (PROOF-02). */
  readonly foundAt?: Instant;
  /** Of the report that stands: what clears it came on record since. */
  readonly reportedAt?: Instant;
}

/** `upTo` is the position up to which findings count; absent: all that is on record. */
export async function markOf(backbone: Backbone, party: RegisteredParty, upTo?: bigint): Promise<CircumstancesMark> {
  const looks = await checksOfParty(backbone, party.id, 'specialCircumstancesCheck');
  const found = looks.filter(({ facts, position }) => isLasting(facts) && (upTo === undefined || position <= upTo));
  const { history } = await backbone.commands.load(partyDecider, streamId('party', party.id));
  const clearings = history.filter(
    ({ type, position }) =>
      type === ('SpecialCircumstancesCleared' satisfies PartyEvent['type']) && (upTo === undefined || position <= upTo),
  );
  const findings = found.filter(
    ({ id, position }) =>
      !clearings.some(({ data, position: clearedAt }) => {
        const { findings: cleared } = data as { readonly findings?: readonly string[] };
        // A clearing of the first release named none: it cleared what was there.
        return cleared === undefined ? position < clearedAt : cleared.includes(id);
      }),
  );
  const reports = history.filter(({ type }) => type === ('SpecialCircumstancesReported' satisfies PartyEvent['type']));
  const foundAt = findings
    .map(({ facts }) => answeredAt(facts))
    .sort()
    .at(-1);
  const reportedAt = party.specialCircumstances
    ? reports.map(({ data }) => (data as { readonly reportedAt: Instant }).reportedAt).at(-1)
    : undefined;
  return {
    ...(foundAt === undefined ? {} : { foundAt }),
    ...(reportedAt === undefined ? {} : { reportedAt }),
    isSet: party.specialCircumstances || findings.length > 0,
    findings: findings.map(({ id }) => id),
    everFound: found.length > 0,
  };
}
