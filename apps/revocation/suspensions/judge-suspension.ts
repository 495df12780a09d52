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
  type BlockingReason,
  type ReceivedApplication,
  type RegisteredAuthorization,
  type RequesterRole,
  type SuspensionGround,
  type SuspensionOrder,
  type SuspensionRole,
} from '#libs/domain';
import { atLeast, renewalEvidence, renewalProcedureScore, revocationDeadline, type EhLevel } from '#libs/scheme';
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
  return {
    ground: {
      ...groundOf(asked, role === 'court' ? 'court' : 'party'),
      ...identified,
      immediate: judgement.immediate,
      dueAt: judgement.dueInstant,
    },
    // Whether it has ended is for the object itself to say.
    refusals: judgement.refusals.filter((code) => code !== 'no-such-registration').map(refusal),
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
  const level = levelOf(object);
  const notAllowed = [rejectSuspension('reinstatement-not-allowed', { facts: { level } })];
  if (role === 'court') return identification.courtOrderVerified === true ? [] : [refusal('requester-not-identified')];
  if (entitledRole === 'other') return [refusal('requester-not-entitled')];
  // Nobody lifts who could not have asked: identified as for a suspension, and at his own level (ADMIN-03).
  const asked = {
    ...questionAbout(application, object, 'suspension'),
    requester: { role: entitledRole, ...identification },
  };
  const refused = revocationDeadline(asked, backbone.rules).refusals.map(refusal);
  const outside = outsideEstablishment ? [refusal('outside-establishment')] : [];
  if (refused.length > 0 || outside.length > 0) return [...refused, ...outside];
  if (entitledRole === 'administrator') return isAtLevel(application, requester, level) ? [] : notAllowed;
  return (await meetsRenewal(backbone, lifting)) ? [] : notAllowed;
}

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

async function meetsRenewal(backbone: Backbone, lifting: Lifting): Promise<boolean> {
  const { object, requester } = lifting;
  const needed = PV[levelOf(object)];
  if (object.kind === 'authorization') return (await renewalScore(backbone, lifting, object.authorization)) >= needed;
  // A means has no PV rows: whoever represents its consumer, or its holder where it was applied for none, identified as
  // the row of its level asks.
  const speaksForIt =
    object.means.party === undefined ? requester.entitledRole === 'authorizedParty' : isRepresentative(requester);
  return speaksForIt && (needed < 4 || requester.identification.ioScore >= needed);
}

const isRepresentative = ({ entitledRole }: IdentifiedRequester): boolean =>
  entitledRole === 'legalRepresentative' || entitledRole === 'trustee';

/** What these checks would score as a renewal of the authorization, by whichever book says more (PV1 to PV4). */
async function renewalScore(
  backbone: Backbone,
  { application, checks, at, person }: Lifting,
  authorization: RegisteredAuthorization,
): Promise<number> {
  const { authorizedParty, representedParty, authority, establishments } = authorization;
  const [represented, submitter] = [
    await findParty(backbone, representedParty, ''),
    await findPerson(backbone, person!, '/requester/person'),
  ];
  const authorized = await authorizedOf(backbone, authorizedParty);
  if ('fault' in represented || 'fault' in submitter || authorized === undefined) return 0;
  let best = 0;
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
    best = Math.max(
      best,
      renewalProcedureScore(renewalEvidence(assembled.dossier, true, backbone.rules), backbone.rules),
    );
  }
  return best;
}

async function authorizedOf(backbone: Backbone, authorized: RegisteredAuthorization['authorizedParty']) {
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
