import { later, streamId, type CheckId, type Instant, type Rejection } from '#libs/kernel';
import {
  allRows,
  assessmentAt,
  authorizationsProjection,
  limitsOfHolder,
  meansProjection,
  recordsOf,
  type AuthorizationRow,
  type Backbone,
  type CheckOnRecord,
  type MeansRow,
} from '#libs/application';
import {
  authorizationDecider,
  earlier,
  isDecidedLate,
  meansDecider,
  standingAt,
  type RegisteredParty,
  type RegisteredPerson,
  type RevocationJudgement,
  type RevocationLine,
} from '#libs/domain';
import { maxEh, revocationDeadline, type EhLevel } from '#libs/scheme';
import { certificateDueOf } from './certificate-leg.js';
import { identificationOf, identifyRequester, type IdentifiedRequester } from './identify-requester.js';
import {
  deadlineOf,
  ENDED,
  levelOf,
  questionAbout,
  referenceTo,
  withEstablishments,
  type AskedObject,
  type AskedRevocation,
  type JudgedRevocation,
} from './judge-revocation.js';

/** Somebody who leaves a party, as both are on record. */
export interface AskedLeaver {
  readonly kind: 'leaver';
  readonly person: RegisteredPerson;
  readonly party: RegisteredParty;
}

type Asked = Omit<AskedRevocation, 'object'> & { readonly object: AskedLeaver };

/**
 * Judges each object of a leaver by its own level (REV-04): who is identified well enough for one may not be for another.
 * The request is accepted where one of them is.
 */
export async function judgeLeaver(
  backbone: Backbone,
  asked: Asked,
  checks: readonly CheckOnRecord[],
  /** `judgedAt`: as of when, where that was before; `now`: of what has not ended by now. */
  { judgedAt, now }: { readonly judgedAt?: Instant; readonly now: Instant },
): Promise<JudgedRevocation | { readonly faults: readonly Rejection[] }> {
  const {
    application,
    object,
    requester: { role, person },
  } = asked;
  const at = assessmentAt(judgedAt ?? now, application, checks);
  const { person: leaver, party } = object;
  const identify = (limits: Limits) =>
    identifyRequester(backbone, {
      ...{ application, role, person, checks, checksPointer: '/checks', at },
      concerned: { party: party.id, holder: leaver.id, limits },
    });
  // A means concerns all that its holder has there; an authorization its own establishments (PROOF-09).
  const ofMeans = await limitsOfHolder(backbone, leaver.id, party.id, at);
  const first = await identify(ofMeans);
  if ('faults' in first) return first;
  const known = new Map<string, IdentifiedRequester>([[JSON.stringify(ofMeans), first]]);
  const lines: RevocationLine[] = [];
  for (const one of await objectsOfLeaver(backbone, object, now)) {
    const limits = one.kind === 'means' ? ofMeans : [one.authorization.establishments];
    const key = JSON.stringify(limits);
    const requester = known.get(key) ?? (await identify(limits));
    if ('faults' in requester) return requester;
    known.set(key, requester);
    const { entitledRole, identification, outsideEstablishment } = requester;
    const question = { ...questionAbout(application, one), requester: { role: entitledRole, ...identification } };
    const judged = withEstablishments(revocationDeadline(question, backbone.rules), outsideEstablishment);
    const line: RevocationLine = {
      object: referenceTo(one),
      level: levelOf(one),
      accepted: judged.accepted,
      immediate: judged.immediate,
      dueAt: judged.dueInstant,
      codes: judged.refusals,
      flags: judged.flags,
    };
    // What was added later came after the request: it had no time to miss.
    const limit = deadlineOf(backbone, { application, object: one });
    lines.push(
      line.accepted || judgedAt !== undefined ? line : { ...line, ...missedBy(application, line, limit, now) },
    );
  }
  const { rows, evidence } = first;
  return {
    ...{ checks: evidence.map(({ check }) => check as CheckId), rows: { IO: rows }, evidence },
    level: highest(lines.map(({ level }) => level)),
    identification: identificationOf(first, known.values()),
    judgement: together(lines),
  };
}

/** What is refused had its time as well (REV-06). */
const missedBy = (
  { channel, receivedAt }: AskedRevocation['application'],
  { level }: RevocationLine,
  dueAt: Instant | null,
  now: Instant,
): Pick<RevocationLine, 'dueAt' | 'breached'> | undefined =>
  isDecidedLate({ channel, receivedAt, level, dueAt }, now) ? { dueAt, breached: true } : undefined;

type Limits = readonly (readonly string[] | undefined)[];

/** Of all lines together: what the request shows as a whole. */
function together(lines: readonly RevocationLine[]): RevocationJudgement {
  if (lines.length === 0) return ENDED;
  const accepted = lines.filter((line) => line.accepted);
  const distinct = (of: (line: RevocationLine) => readonly string[], among = lines) => [...new Set(among.flatMap(of))];
  return {
    accepted: accepted.length > 0,
    immediate: accepted.length > 0 && accepted.every(({ immediate }) => immediate),
    dueInstant: earliest(accepted.map(({ dueAt }) => dueAt)),
    refusals: accepted.length > 0 ? [] : distinct(({ codes }) => codes),
    flags: distinct(({ flags }) => flags, accepted) as RevocationJudgement['flags'],
    lines,
  };
}

const earliest = (moments: readonly (Instant | null)[]): Instant | null => moments.reduce(earlier, null);

const highest = (levels: readonly EhLevel[]): EhLevel => levels.reduce((one, other) => maxEh(one, other), 'EH1');

/** What a request has that waits for its checks, by what it is about now. */
export interface OnReceipt {
  readonly level: EhLevel;
  readonly dueAt: Instant | null;
  /** Until when a certificate has to be revoked where it was issued that its end would leave. */
  readonly certificateDueAt?: Instant;
}

/** Level and deadline that a request has which waits for its checks: of what the leaver has by now. */
export async function leaverOnReceipt(
  backbone: Backbone,
  { application, object }: Pick<Asked, 'application' | 'object'>,
  now: Instant,
): Promise<OnReceipt | undefined> {
  const objects = await objectsOfLeaver(backbone, object, now);
  if (objects.length === 0) return undefined;
  const certificateDueAt = certificateDueOf(backbone, application, objects);
  return {
    level: highest(objects.map(levelOf)),
    dueAt: earliest(objects.map((one) => deadlineOf(backbone, { application, object: one }))),
    ...(certificateDueAt === undefined ? {} : { certificateDueAt }),
  };
}

/**
 * All authorizations of the person at the party that have not ended, and all means applied for there: found by the lists,
 * once these have seen everything, and read from their own streams. Records that are linked are the same human.
 */
async function objectsOfLeaver(
  backbone: Backbone,
  { person, party }: AskedLeaver,
  now: Instant,
): Promise<readonly AskedObject[]> {
  const records = await recordsOf(backbone, person.id);
  await Promise.all([
    backbone.readModels.upToDate(authorizationsProjection),
    backbone.readModels.upToDate(meansProjection),
  ]);
  const authorizations = await allRows<AuthorizationRow>(backbone.readModels.store, authorizationsProjection, [
    { column: 'authorizedPerson', is: 'one-of', values: records },
    { column: 'representedParty', is: 'equal', value: party.id },
    { column: 'status', is: 'one-of', values: ['awaitingActivation', 'active', 'suspended'] },
    { column: 'validUntil', is: 'from', value: later(now, 1) },
  ]);
  const means = await allRows<MeansRow>(backbone.readModels.store, meansProjection, [
    { column: 'holder', is: 'one-of', values: records },
    { column: 'party', is: 'equal', value: party.id },
    { column: 'status', is: 'one-of', values: ['applied', 'identified', 'issued', 'active', 'suspended'] },
  ]);
  const [states, others] = [
    await backbone.commands.loadAll(
      authorizationDecider,
      authorizations.map(({ id }) => streamId('authorization', id)),
    ),
    await backbone.commands.loadAll(
      meansDecider,
      means.map(({ id }) => streamId('means', id)),
    ),
  ];
  return [
    ...states.flatMap(({ state }): AskedObject[] => {
      if (state.status === 'none' || state.status === 'revoked' || standingAt(state, now) === 'expired') return [];
      return [{ kind: 'authorization', authorization: state }];
    }),
    ...others.flatMap(({ state }): AskedObject[] =>
      state.status === 'none' || state.status === 'revoked' ? [] : [{ kind: 'means', means: state }],
    ),
  ];
}
