import { streamId, type Instant } from '#libs/kernel';
import { partyDecider, type CheckFacts, type PartyEvent, type RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { aboutHumans, humansOf } from './humans.js';
import { checksOfApplication, findingsAbout, loadChecks, type CheckOnRecord } from './load-checks.js';
import { isLasting } from './question.js';
import { othersAreShown, shows } from './shown.js';
import { castOf } from './translate-check.js';
import type { Scales } from './weighed.js';

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
  const found = (await findingsAbout(backbone, party.id)).filter(
    ({ position }) => upTo === undefined || position <= upTo,
  );
  const { history } = await backbone.commands.load(partyDecider, streamId('party', party.id));
  const clearings = history.filter(
    ({ type, position }) =>
      type === ('SpecialCircumstancesCleared' satisfies PartyEvent['type']) && (upTo === undefined || position <= upTo),
  );
  const clearedOf = clearings.map(({ data, position }) => {
    const { findings: cleared } = data as { readonly findings?: readonly string[] };
    return { position, cleared: cleared && new Set(cleared) };
  });
  const findings = found.filter(
    ({ id, position }) =>
      // A clearing of the first release named none: it cleared what was there.
      !clearedOf.some(({ cleared, position: clearedAt }) => cleared?.has(id) ?? position < clearedAt),
  );
  const reports = history.filter(({ type }) => type === ('SpecialCircumstancesReported' satisfies PartyEvent['type']));
  const foundAt = findings
    .map(({ answeredAt }) => answeredAt)
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
const SHOWING: ReadonlySet<CheckFacts['type']> = new Set(['representationCheck', 'functionDeclaration']);
/** What a signature beside the applicant's leaves behind. */
const SIGNING: ReadonlySet<CheckFacts['type']> = new Set([
  'signatureComparison',
  'eSignatureValidation',
  'idCopyEnclosed',
  'idDocumentStatus',
]);

/**
 * Who of these representatives may confirm in spite of what was found (IV3-extra, PROOF-02): he occurs neither in this
 * application nor in that of a finding, or each finding says that there is no other and no register shows one. A cosigner
 * is another than the applicant; another than a cosigner is only who occurs in none of them.
 */
export async function confirmersAmong(
  backbone: Backbone,
  { findings }: Pick<CircumstancesMark, 'findings'>,
  confirmation: {
    readonly party: RegisteredParty;
    readonly at: Instant;
    readonly application: string;
    readonly confirmers: readonly string[];
  },
): Promise<ReadonlySet<string>> {
  const { party, at, application } = confirmation;
  const confirmers = [...new Set(confirmation.confirmers)];
  if (confirmers.length === 0) return new Set();
  const loaded = await loadChecks(backbone, findings, '');
  const found = 'checks' in loaded ? loaded.checks.map(({ facts }) => facts) : [];
  const ids = [...new Set([application, ...found.map((facts) => facts.application)])];
  const hanging = await fewAtOnce(ids, (id) => checksOfApplication(backbone, id));
  const humans = await humansOf(backbone, confirmers, hanging.flat());
  const intakes = hanging.map((checks) => checks.map(({ facts }) => aboutHumans(facts, humans.of)));
  const mayConfirm = async (confirmer: string): Promise<boolean> => {
    const human = humans.of(confirmer);
    const mayBe = humans.unresolvedWith(human);
    const isHe = (part: string): boolean => part === human || mayBe.has(part);
    const occurring = intakes.filter((checks) => checks.some((facts) => partsIn(facts).some(isHe)));
    if (occurring.length === 0) return true;
    const isCosigner = occurring.every((checks) => isCosignerIn(checks, human, party.id));
    const cast = isCosigner ? intakes.flat().flatMap(partsIn) : [human];
    return found.length > 0 && isOnlyOne(backbone, found, { party, at, cast });
  };
  const may = await fewAtOnce(confirmers, mayConfirm);
  return new Set(confirmers.filter((_, index) => may[index]));
}

/** The persons whom a check makes part of an application. */
function partsIn(facts: CheckFacts): readonly string[] {
  if (SHOWING.has(facts.type)) return [];
  const { person } = facts.about as { readonly person?: string };
  const named = facts.type === 'proxyCheck' ? facts.grantor : facts.type === 'privateDeed' ? facts.signer : undefined;
  return [person ?? [], named ?? []].flat();
}

/** A register asks for him beside somebody for whom none asks in turn, and he did nothing but sign. */
function isCosignerIn(checks: readonly CheckFacts[], human: string, party: string): boolean {
  const asking = checks.flatMap((facts) =>
    facts.type === 'representationCheck' && facts.party === party && shows(facts) ? [facts] : [],
  );
  const isAskedFor = (one: string): boolean => asking.some(({ cosigners }) => cosigners?.includes(one) === true);
  return (
    asking.some(({ about, cosigners }) => cosigners?.includes(human) === true && !isAskedFor(about.person)) &&
    checks.every((facts) => SIGNING.has(facts.type) || !partsIn(facts).includes(human))
  );
}

export type Confirmation = Extract<CheckFacts, { readonly type: 'circumstancesConfirmation' }>;

/**
 * The same of a dossier that says who applies: whoever plays a part in it is an applicant, and who acted in it besides is
 * another than he, but occurs in it. Of a clearing, which has no parts, `confirmersAmong` says it.
 */
export async function isHeard(
  { confirmer, capacity }: Confirmation,
  party: RegisteredParty,
  { backbone, at, application, named, others, roles, acting }: Scales,
): Promise<boolean> {
  const here = [...named, ...others].filter(({ facts }) => facts.application === application.id);
  const found = here.map(({ facts }) => facts).filter((facts) => isFinding(facts) && facts.about.party === party.id);
  const applicants = castOf(roles);
  const occurs = applicants.includes(confirmer) || acting.has(confirmer);
  if (capacity === 'trustee' || found.length === 0 || applicants.length === 0 || !occurs) return true;
  const cast = applicants.includes(confirmer) ? applicants : [...applicants, ...acting];
  return isOnlyOne(backbone, found, { party, at, cast });
}

/** Who acted in an application, whoever it was about; what stands under the assertion of a login is no act in it. */
export const actingIn = (
  application: string,
  checks: readonly CheckOnRecord[],
  assertions: ReadonlySet<string>,
): ReadonlySet<string> =>
  new Set(
    checks.flatMap(({ id, facts }) =>
      facts.application === application && !assertions.has(id) && ACTS.has(facts.type) ? partsIn(facts) : [],
    ),
  );

/** Other checks on somebody only identify or show him. */
const ACTS: ReadonlySet<CheckFacts['type']> = new Set([
  'signatureComparison',
  'archivedSignatureComparison',
  'eSignatureValidation',
  'physicalAppearance',
  'bankTransaction',
  'privateDeed',
  'proxyCheck',
]);

/** Each finding says that no other representative is registered, and no register shows another than the cast. */
const isOnlyOne = async (
  backbone: Backbone,
  found: readonly CheckFacts[],
  others: Parameters<typeof othersAreShown>[1],
): Promise<boolean> =>
  found.every((facts) => isFinding(facts) && facts.otherRepresentativeRegistered === false) &&
  !(await othersAreShown(backbone, others));

const isFinding = (facts: CheckFacts): facts is Extract<CheckFacts, { readonly type: 'specialCircumstancesCheck' }> =>
  facts.type === 'specialCircumstancesCheck' && isLasting(facts);
