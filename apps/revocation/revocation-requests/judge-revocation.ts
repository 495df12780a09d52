import { parseInstant, type CheckId, type Instant, type PersonId, type Rejection } from '#libs/kernel';
import {
  assessmentAt,
  findAuthorization,
  findMeans,
  levelOfStork,
  limitsOfHolder,
  type Backbone,
  type CheckOnRecord,
  type Found,
} from '#libs/application';
import {
  standingAt,
  type EndedObject,
  type JudgedLater,
  type Means,
  type ReceivedApplication,
  type RegisteredAuthorization,
  type RequesterRole,
  type RevocationJudgement,
} from '#libs/domain';
import { ehOfM, revocationDeadline, type EhLevel, type Mutation, type RevocationDeadlineResult } from '#libs/scheme';
import { identificationOf, identifyRequester, type Concerned } from './identify-requester.js';

export type MeansOnRecord = Exclude<Means, { status: 'none' }>;

/** What is to be ended, as it is on record. */
export type AskedObject =
  | { readonly kind: 'authorization'; readonly authorization: RegisteredAuthorization }
  | { readonly kind: 'means'; readonly means: MeansOnRecord };

export interface AskedRevocation {
  readonly application: ReceivedApplication;
  readonly object: AskedObject;
  readonly requester: { readonly role: RequesterRole; readonly person?: PersonId };
  /** What is asked: to end it, when absent. */
  readonly mutation?: Mutation;
}

export type JudgedRevocation = Omit<JudgedLater, 'decidedAt'> & { readonly judgement: RevocationJudgement };

/** Judges a request by evaluation 3, over what these checks say of whoever asks; faults are those of the checks. */
export async function judgeRevocation(
  backbone: Backbone,
  { application, object, requester: { role, person }, mutation }: AskedRevocation,
  checks: readonly CheckOnRecord[],
  now: Instant,
): Promise<JudgedRevocation | { readonly faults: readonly Rejection[] }> {
  const at = assessmentAt(now, application, checks);
  const requester = await identifyRequester(backbone, {
    ...{ application, role, person, checks, checksPointer: '/checks', at },
    concerned: await concernedBy(backbone, object, at),
  });
  if ('faults' in requester) return requester;
  const { entitledRole, identification, rows, evidence } = requester;
  const level = levelOf(object);
  const judged = revocationDeadline(
    { ...questionAbout(application, object, mutation), requester: { role: entitledRole, ...identification } },
    backbone.rules,
  );
  return {
    checks: evidence.map(({ check }) => check as CheckId),
    rows: { IO: rows },
    evidence,
    level,
    identification: identificationOf(requester, [requester]),
    judgement: hasEnded(object, now) ? ENDED : withEstablishments(judged, requester.outsideEstablishment),
  };
}

/** When it has to be carried out, should it be accepted; `null` where no deadline runs (REV-03). */
export const deadlineOf = (backbone: Backbone, asked: AskedOn): Instant | null => timeLimitOf(backbone, asked).dueAt;

/** The same, with whether it is to be done at once (CAL-03). */
export function timeLimitOf(
  backbone: Backbone,
  { application, object, mutation }: AskedOn,
): { readonly immediate: boolean; readonly dueAt: Instant | null } {
  // Of a court whose order was verified nothing more is asked: what comes of it is the deadline alone.
  const requester = { role: 'court', courtOrderVerified: true } as const;
  const judged = revocationDeadline({ ...questionAbout(application, object, mutation), requester }, backbone.rules);
  return { immediate: judged.immediate, dueAt: dueInstant(judged) };
}

/** What was asked of an object, and how that came in. */
type AskedOn = Pick<AskedRevocation, 'object' | 'mutation'> & { readonly application: CameIn };
type CameIn = Pick<ReceivedApplication, 'channel' | 'receivedAt'> & Partial<Pick<ReceivedApplication, 'medium'>>;

export const questionAbout = (
  { channel, receivedAt, medium }: CameIn,
  object: AskedObject,
  mutation: Mutation = 'revocation',
) => ({
  mutation,
  object: object.kind,
  level: levelOf(object),
  channel,
  receivedAt,
  ...(medium === undefined ? {} : { medium }),
});

const dueInstant = ({ dueAt }: Pick<RevocationDeadlineResult, 'dueAt'>): Instant | null =>
  dueAt === null ? null : parseInstant(dueAt)!;

export const referenceTo = (object: AskedObject): EndedObject =>
  object.kind === 'means' ? { means: object.means.id } : { authorization: object.authorization.authorization };

/** PROOF-09, ADMIN-10: the command's own refusal beside those of evaluation 3, which knows no scope. */
export function withEstablishments(judged: RevocationDeadlineResult, isOutside: boolean): RevocationJudgement {
  if (!isOutside || judged.refusals.includes('requester-not-entitled')) {
    return { ...judged, dueInstant: dueInstant(judged) };
  }
  return {
    accepted: false,
    immediate: false,
    dueInstant: null,
    refusals: [...judged.refusals, 'outside-establishment'],
    flags: [],
  };
}

/** What has expired is final and can't be revoked any more (MUT-01, REG-14). */
export const hasEnded = (object: AskedObject, now: Instant): boolean =>
  object.kind === 'authorization' && standingAt(object.authorization, now) === 'expired';

export const ENDED = {
  accepted: false,
  immediate: false,
  dueInstant: null,
  refusals: ['no-such-registration'],
  flags: [],
} as const;

/** The level that counts: of an authorization what its M alone carries (AMB-72), of a means its STORK level (AMB-67). */
export const levelOf = (object: AskedObject): EhLevel => {
  if (object.kind === 'authorization') return ehOfM(object.authorization.m);
  const { means } = object;
  // One that was never issued is at the lowest.
  return 'stork' in means && means.stork !== undefined ? levelOfStork(means.stork) : 'EH1';
};

/** Whom the object concerns: its organization, its holder, the organization that was authorized. */
export async function concernedBy(backbone: Backbone, object: AskedObject, at: Instant): Promise<Concerned> {
  if (object.kind === 'means') {
    const { party, holder } = object.means;
    return {
      ...(party === undefined ? {} : { party }),
      holder,
      limits: party === undefined ? [] : await limitsOfHolder(backbone, holder, party, at),
    };
  }
  const { representedParty, authorizedParty, establishments } = object.authorization;
  return {
    party: representedParty,
    limits: [establishments],
    ...('person' in authorizedParty ? { holder: authorizedParty.person } : { authorizedParty: authorizedParty.party }),
  };
}

/** The object that a reference names, or the fault of its member. */
export async function findAuthorizationOrMeans(
  backbone: Backbone,
  { authorization, means }: { readonly authorization?: string; readonly means?: string },
  pointer: string,
): Promise<Found<AskedObject>> {
  if (means !== undefined) {
    const result = await findMeans(backbone, means, `${pointer}/means`);
    return 'fault' in result ? result : { found: { kind: 'means', means: result.found } };
  }
  const result = await findAuthorization(backbone, authorization!, `${pointer}/authorization`);
  return 'fault' in result ? result : { found: { kind: 'authorization', authorization: result.found } };
}
