import { streamId, type Instant } from '#libs/kernel';
import { partyDecider, type PartyEvent, type RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { checksOfApplication, checksOfParty, loadChecks, type CheckOnRecord } from './load-checks.js';
import { answeredAt, isLasting } from './question.js';
import { othersAreShown } from './shown.js';

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

/** What only shows that somebody represents the party makes him no part of the application. */
const SHOWING: ReadonlySet<CheckOnRecord['facts']['type']> = new Set(['representationCheck', 'functionDeclaration']);

/**
 * Whether a representative may confirm in spite of what was found: he occurs neither in this application nor in that of
 * a finding, or each finding says that there is no other and no register shows one (IV3-extra, PROOF-02).
 */
export async function mayConfirm(
  backbone: Backbone,
  { findings }: Pick<CircumstancesMark, 'findings'>,
  confirmation: {
    readonly party: RegisteredParty;
    readonly at: Instant;
    readonly application: string;
    /** Every record of who confirms. */
    readonly records: readonly string[];
  },
): Promise<boolean> {
  const { party, at, application, records } = confirmation;
  const loaded = await loadChecks(backbone, findings, '');
  const found = 'checks' in loaded ? loaded.checks.map(({ facts }) => facts) : [];
  const intakes = new Set([application, ...found.map((facts) => facts.application)]);
  const checks = (await Promise.all([...intakes].map((intake) => checksOfApplication(backbone, intake)))).flat();
  const occurs = checks.some(({ facts }) => {
    const { person } = facts.about as { readonly person?: string };
    return person !== undefined && records.includes(person) && !SHOWING.has(facts.type);
  });
  if (!occurs) return true;
  const isAlone = (facts: CheckOnRecord['facts']): boolean =>
    facts.type === 'specialCircumstancesCheck' && facts.otherRepresentativeRegistered === false;
  return found.length > 0 && found.every(isAlone) && !(await othersAreShown(backbone, { party, at, cast: records }));
}
