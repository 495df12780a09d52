import type { CheckId, Instant, PersonId, Rejection } from '#libs/kernel';
import {
  assessmentAt,
  authorizationDossier,
  findMeans,
  findParty,
  findPerson,
  type Backbone,
  type CheckOnRecord,
} from '#libs/application';
import {
  rejectSuspension,
  schemeRejections,
  type BlockingReason,
  type ReceivedApplication,
  type RegisteredAuthorization,
  type RequesterRole,
  type SuspensionGround,
  type SuspensionOrder,
  type SuspensionRole,
} from '#libs/domain';
import {
  atLeast,
  classifyAuthorization,
  maxEh,
  renewalEvidence,
  renewalProcedureScore,
  revocationDeadline,
  synthesizeEh,
  type AuthorizationRequest,
  type EhLevel,
} from '#libs/scheme';
import { identifyRequester, type IdentifiedRequester } from '../revocation-requests/identify-requester.js';
import {
  concernedBy,
  judgeRevocation,
  levelOf,
  questionAbout,
  timeLimitOf,
  type AskedObject,
} from '../revocation-requests/judge-revocation.js';

export interface AskedSuspension {
  readonly application: ReceivedApplication;
  readonly object: AskedObject;
  readonly requester: { readonly role: SuspensionRole; readonly person?: PersonId };
  readonly reason?: BlockingReason;
  readonly checks: readonly CheckOnRecord[];
}

type Judged = SuspensionOrder | { readonly faults: readonly Rejection[] };

const refusal = (code: string): Rejection => ({ code, kind: 'refused' });
const NOT_IDENTIFIED = 'requester-not-identified';

/** A suspension is asked for as a revocation is: the same requesters, identified alike, within the same time (SUS-02). */
export async function judgeSuspension(backbone: Backbone, asked: AskedSuspension, now: Instant): Promise<Judged> {
  const { application, object, reason, checks } = asked;
  const { role } = asked.requester;
  if (role === 'operator') return operatorsOrder(asked, now, reason);
  const requester = { ...asked.requester, role };
  const judged = await judgeRevocation(
    backbone,
    { application, object, requester, mutation: 'suspension' },
    checks,
    now,
  );
  if ('faults' in judged) return judged;
  const { judgement, ...identified } = judged;
  // Evaluation 3 verifies nobody at EH1; but nobody else lifts what a court suspends, so its order is one that was verified.
  const isUnverified = role === 'court' && identified.identification.courtOrderVerified !== true;
  return {
    ground: {
      ...groundOf(asked, role === 'court' ? 'court' : 'party'),
      ...identified,
      immediate: judgement.immediate,
      dueAt: judgement.dueInstant,
    },
    // Whether it has ended is for the object itself to say.
    refusals: isUnverified
      ? [refusal(NOT_IDENTIFIED)]
      : judgement.refusals.filter((code) => code !== 'no-such-registration').map(refusal),
    now,
  };
}

/**
 * Who may lift a suspension (SUS-03): an administrator at the level of the object, or whoever meets what a renewal at that
 * level asks; a court by its order, the operator what is his own.
 */
export async function judgeReinstatement(backbone: Backbone, asked: AskedSuspension, now: Instant): Promise<Judged> {
  const { application, object, checks } = asked;
  const { role, person } = asked.requester;
  if (role === 'operator') return operatorsOrder(asked, now);
  const at = assessmentAt(now, application, checks);
  const concerned = await concernedBy(backbone, object, at);
  const requester = await identifyRequester(backbone, {
    ...{ application, role, person, concerned, checks, checksPointer: '/checks', at },
    ...(object.kind === 'authorization' ? { authorization: object.authorization } : {}),
  });
  if ('faults' in requester) return requester;
  const { identification, rows, evidence } = requester;
  const ground: SuspensionGround = {
    ...groundOf(asked, role === 'court' ? 'court' : 'party'),
    checks: evidence.map(({ check }) => check as CheckId),
    rows: { IO: rows },
    evidence,
    level: levelOf(object),
    identification,
    ...timeLimitOf(backbone, { application, object, mutation: 'reinstatement' }),
  };
  return { ground, refusals: await refusalsOf(backbone, { ...asked, at, role, person, requester }), now };
}

interface Lifting extends Omit<AskedSuspension, 'requester'> {
  readonly at: Instant;
  readonly role: RequesterRole;
  readonly person: string | undefined;
  readonly requester: IdentifiedRequester;
}

async function refusalsOf(backbone: Backbone, lifting: Lifting): Promise<readonly Rejection[]> {
  const { application, object, role, requester } = lifting;
  const { entitledRole, identification, outsideEstablishment } = requester;
  if (role === 'court') return identification.courtOrderVerified === true ? [] : [refusal(NOT_IDENTIFIED)];
  if (entitledRole === 'other') return [refusal('requester-not-entitled')];
  const level = await managedLevelOf(backbone, object);
  // Nobody lifts who could not have asked: identified as for a suspension, and at his own level (ADMIN-03).
  const asked = {
    ...questionAbout(application, object, 'suspension'),
    level,
    requester: { role: entitledRole, ...identification },
  };
  const { refusals } = revocationDeadline(asked, backbone.rules);
  const refused = [
    ...refusals,
    ...(isHeard(application, requester) || refusals.includes(NOT_IDENTIFIED) ? [] : [NOT_IDENTIFIED]),
    ...(outsideEstablishment ? ['outside-establishment'] : []),
  ];
  if (refused.length > 0) return refused.map(refusal);
  if (entitledRole !== 'administrator') return renewalRefusals(backbone, lifting);
  return isAtLevel(application, requester, level) ? [] : [notAllowed(level)];
}

const notAllowed = (level: EhLevel): Rejection => rejectSuspension('reinstatement-not-allowed', { facts: { level } });

/** The level that an administrator needs: that of its M alone, or the level it has now where that is higher (ADMIN-03). */
async function managedLevelOf(backbone: Backbone, object: AskedObject): Promise<EhLevel> {
  const level = levelOf(object);
  if (object.kind === 'means') return level;
  const { m, submitterLevel, authorizedParty } = object.authorization;
  const means = 'means' in authorizedParty ? await findMeans(backbone, authorizedParty.means, '') : undefined;
  const stork = means !== undefined && 'found' in means && 'stork' in means.found ? means.found.stork : undefined;
  const present = synthesizeEh(
    { m, stork: means === undefined ? undefined : (stork ?? 0), submitter: submitterLevel ?? undefined },
    backbone.rules.authorization.ehTable,
  );
  return present === null ? level : maxEh(level, present);
}

/**
 * He asked himself: by a login, or with a signature that was compared. Ending is done on anybody's letter at EH1, which
 * harms nobody; on such a letter nothing is given back (PV1, ADMIN-08).
 */
const isHeard = (
  { channel }: ReceivedApplication,
  { identification: { ioScore, authenticatedLevel }, signed }: IdentifiedRequester,
): boolean => ioScore >= 2 || (channel === 'electronic' ? authenticatedLevel !== undefined : signed);

/** An administrator at the level concerned, by his authority and, electronically, by his login as well. */
const isAtLevel = (
  { channel }: ReceivedApplication,
  { identification: { administrationLevel, authenticatedLevel } }: IdentifiedRequester,
  level: EhLevel,
): boolean =>
  administrationLevel !== undefined &&
  atLeast(administrationLevel, level) &&
  (channel !== 'electronic' || authenticatedLevel === undefined || atLeast(authenticatedLevel, level));

const PV: Readonly<Record<EhLevel, number>> = { EH1: 1, EH2: 2, 'EH2+': 2, EH3: 3, EH4: 4 };

/** Why it would not be renewed on this request (PV1 to PV4); nothing where it would. */
async function renewalRefusals(backbone: Backbone, lifting: Lifting): Promise<readonly Rejection[]> {
  const { application, object, requester } = lifting;
  const level = levelOf(object);
  const { ioScore, authenticatedLevel } = requester.identification;
  if (object.kind === 'authorization') {
    const { authorization } = object;
    return refusalsAsRenewal(backbone, lifting, { ...authorization, needed: PV[level] });
  }
  // A means has no PV rows: what they ask of whoever renews is asked of whoever represents the party that it was applied
  // for, and of its holder where it was applied for none.
  const { id, holder, party } = object.means;
  if (party === undefined) {
    const isLoggedIn =
      application.channel === 'electronic' && authenticatedLevel !== undefined && atLeast(authenticatedLevel, level);
    const isHolder = requester.entitledRole === 'authorizedParty';
    return isHolder && (isLoggedIn || ioScore >= PV[level]) ? [] : [notAllowed(level)];
  }
  if (PV[level] === 4 && ioScore < 4) return [notAllowed(level)];
  return refusalsAsRenewal(backbone, lifting, {
    ...{ representedParty: party, authority: 'regular', authorizedParty: { person: holder, means: id } },
    neededIv: Math.min(PV[level], 2),
  });
}

/** What would be renewed: an authorization by its PV, a means by the IV that the rows of PV ask. */
type Renewed = Pick<RegisteredAuthorization, 'representedParty' | 'authority' | 'establishments'> & {
  readonly authorizedParty: { readonly party: string } | { readonly person: string; readonly means: string };
} & ({ readonly needed: number } | { readonly neededIv: number });

/** Judged as a renewal is, in both books (PV1 to PV4, AMB-80): what blocks that one blocks this. */
async function refusalsAsRenewal(
  backbone: Backbone,
  { application, object, checks, at, person }: Lifting,
  renewed: Renewed,
): Promise<readonly Rejection[]> {
  const { authorizedParty, representedParty, authority, establishments } = renewed;
  const nothing = [notAllowed(levelOf(object))];
  const [represented, submitter] = [
    await findParty(backbone, representedParty, ''),
    await findPerson(backbone, person!, '/requester/person'),
  ];
  const authorized = await authorizedOf(backbone, authorizedParty);
  if ('fault' in represented || 'fault' in submitter || authorized === undefined) return nothing;
  const inTheWay = new Set<string>();
  let isEarned = false;
  for (const registration of ['first', 'repeated'] as const) {
    const assembled = await authorizationDossier(
      backbone,
      {
        ...{ application, registration, authority, checks, assessedAt: at },
        representedParty: represented.found,
        // Who renews stands in for the representative; the rows ask whether he is one.
        submitter: { person: submitter.found, role: 'legalRepresentative' },
        legalRepresentative: submitter.found,
        authorizedParty: authorized,
        ...(establishments === undefined ? {} : { establishments }),
      },
      '/checks',
    );
    if ('faults' in assembled) continue;
    const { dossier } = assembled;
    const { m, scores, refusals } = classifyAuthorization(dossier, backbone.rules);
    const adverse = refusals.filter((code) => ADVERSE.has(code.split(':', 1)[0]!));
    const isEarnedHere =
      'needed' in renewed
        ? procedureOf(dossier, backbone) >= renewed.needed && (m > 0 || adverse.length > 0)
        : (scores.IV ?? 0) >= renewed.neededIv;
    if (isEarnedHere && adverse.length === 0) return [];
    // The book of administrators says nothing of who is none.
    if (registration === 'repeated' && dossier.submitter.administration === undefined) continue;
    isEarned ||= isEarnedHere;
    for (const code of adverse) inTheWay.add(code);
  }
  return [...(isEarned ? [] : nothing), ...schemeRejections([...inTheWay])];
}

const procedureOf = (dossier: AuthorizationRequest, { rules }: Backbone): number =>
  renewalProcedureScore(renewalEvidence(dossier, true, rules), rules);

/** What stands in the way of a renewal however much was shown; of what is merely missing the level says enough. */
export const RENEWAL_BLOCKERS = [
  'incomplete',
  'operator-is-authorized-party',
  'appointer-not-legal-representative',
  'outside-establishment',
  'establishment-not-current',
  'document-reported',
  'inconsistent-identity-data',
  'special-circumstances-unconfirmed',
] as const;
const ADVERSE: ReadonlySet<string> = new Set(RENEWAL_BLOCKERS);

async function authorizedOf(backbone: Backbone, authorized: Renewed['authorizedParty']) {
  if ('party' in authorized) {
    const party = await findParty(backbone, authorized.party, '');
    return 'fault' in party ? undefined : { party: party.found };
  }
  const [person, means] = [
    await findPerson(backbone, authorized.person, ''),
    await findMeans(backbone, authorized.means, ''),
  ];
  return 'fault' in person || 'fault' in means ? undefined : { person: person.found, means: means.found };
}

const groundOf = ({ application, requester }: AskedSuspension, by: SuspensionGround['by']) => ({
  by,
  application: application.id,
  channel: application.channel,
  receivedAt: application.receivedAt,
  requester,
});

/** The operator answers for himself, and at once (REV-10). */
const operatorsOrder = (asked: AskedSuspension, now: Instant, reason?: BlockingReason): SuspensionOrder => ({
  ground: {
    ...groundOf(asked, 'operator'),
    ...{ checks: [], rows: { IO: [] }, evidence: [], level: levelOf(asked.object), identification: { ioScore: 0 } },
    ...{ immediate: true, dueAt: null },
  },
  ...(reason === undefined ? {} : { reason }),
  refusals: [],
  now,
});
