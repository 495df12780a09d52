import { streamId, type Instant, type PersonId, type Rejection, type RevocationRequestId } from '#libs/kernel';
import { derivedId, type CommandContext } from '#libs/eventing';
import {
  allFound,
  commandContext,
  findApplication,
  findAuthorization,
  findMeans,
  findParty,
  findPerson,
  loadChecks,
  type Backbone,
  type CheckOnRecord,
  type CommandRequest,
} from '#libs/application';
import {
  judgePurpose,
  revocationRequestDecider,
  type RequestedMutation,
  type RevocationRequestCommand,
} from '#libs/domain';
import { isSuspendable, judgeSuspensionRequest } from '../suspensions/judge-suspension-request.js';
import { certificateDueOf } from './certificate-leg.js';
import {
  asDecided,
  decideReceived,
  isDecidedAlready,
  isOfManyLines,
  isUnfinished,
  type RevocationOutcome,
} from './judge-in-parts.js';
import { judgeLeaver, leaverOnReceipt, type AskedLeaver, type OnReceipt } from './judge-leaver.js';
import {
  deadlineOf,
  hasEnded,
  judgeRevocation,
  levelOf,
  referenceTo,
  type AskedObject,
  type AskedRevocation,
} from './judge-revocation.js';
import { RequestRevocationRequest } from './request-revocation.request.js';

/**
 * Records a request to revoke or to suspend on receipt, judged by evaluation 3: accepted with its deadline, or refused with
 * codes. One on paper without checks waits for them (TURN-01).
 */
export async function requestRevocation(
  backbone: Backbone,
  request: CommandRequest,
  body: RequestRevocationRequest,
): Promise<RevocationOutcome> {
  const id = derivedId(
    'revocationRequest',
    backbone.participant.oin,
    request.client,
    request.idempotencyKey,
  ) as RevocationRequestId;
  const stream = streamId('revocationRequest', id);
  const context = await commandContext(backbone, request, 'RequestRevocation', body, { scores: true });
  // Of what was received and decided in facts of their own the decision is what was answered.
  const decision: CommandContext = { ...context, key: `${context.key}/decision` };
  const before = await backbone.commands.load(revocationRequestDecider, stream);
  const goesOn = isUnfinished(before.state);
  if (before.state.status !== 'none' && !goesOn) {
    // A retry: answered from what was recorded.
    const again = await backbone.commands.execute(
      revocationRequestDecider,
      stream,
      () => ({ type: 'EffectRevocation', effectedAt: backbone.now(), alreadyRevoked: false }),
      (await backbone.commands.knowsKey(stream, decision)) ? decision : context,
    );
    return again.outcome === 'accepted' && isUnfinished(again.state) ? asDecided(backbone, id) : again;
  }

  const [loaded, objects] = await Promise.all([
    loadChecks(backbone, body.checks, '/checks'),
    allFound({
      application: findApplication(backbone, body.application, '/application'),
      person:
        body.requester.person === undefined
          ? undefined
          : findPerson(backbone, body.requester.person, '/requester/person'),
      authorization:
        body.object.authorization === undefined
          ? undefined
          : findAuthorization(backbone, body.object.authorization, '/object/authorization'),
      means: body.object.means === undefined ? undefined : findMeans(backbone, body.object.means, '/object/means'),
      leaver: body.object.person === undefined ? undefined : findPerson(backbone, body.object.person, '/object/person'),
      party: body.object.party === undefined ? undefined : findParty(backbone, body.object.party, '/object/party'),
    }),
  ]);
  const faults: Rejection[] = [
    ...RequestRevocationRequest.between(body).map(({ code, pointer, facts }) => ({
      ...{ code, kind: 'invalid' as const },
      ...(pointer === undefined ? {} : { pointer }),
      ...(facts === undefined ? {} : { facts }),
    })),
    ...('faults' in objects ? objects.faults : []),
    ...('faults' in loaded ? loaded.faults : []),
  ];
  if ('faults' in objects || 'faults' in loaded || faults.length > 0)
    return { outcome: 'rejected', rejections: faults };
  const { application, person, authorization, means, leaver, party } = objects.found;
  // Here a wrong purpose is a fault of the request: what is refused by rule is an object of its own (interfaces.md §2).
  const { mutation = 'revocation' } = body;
  const wrongPurpose = judgePurpose(application, mutation);
  if (wrongPurpose.length > 0) {
    return {
      outcome: 'rejected',
      rejections: wrongPurpose.map((fault) => ({ ...fault, kind: 'invalid', pointer: '/application' })),
    };
  }

  const now = backbone.now();
  const { role } = body.requester;
  const requester = { role, ...(person === undefined ? {} : { person: person.id as PersonId }) };
  const object: AskedObject | AskedLeaver =
    leaver !== undefined
      ? { kind: 'leaver', person: leaver, party: party! }
      : authorization === undefined
        ? { kind: 'means', means: means! }
        : { kind: 'authorization', authorization };
  const received = {
    revocationRequest: id,
    object: object.kind === 'leaver' ? { person: object.person.id, party: object.party.id } : referenceTo(object),
    application: application.id,
    channel: application.channel,
    receivedAt: application.receivedAt,
    requester,
    now,
    ...(mutation === 'suspension' ? { mutation } : {}),
  };
  const execute = (command: RevocationRequestCommand): Promise<RevocationOutcome> =>
    backbone.commands.execute(revocationRequestDecider, stream, () => command, context);
  // On paper the checks come later: until then it waits with its deadline, unless there is nothing left to end.
  const isBlank = application.channel === 'nonElectronic' && body.checks.length === 0;
  if (isBlank && object.kind !== 'leaver' && mutation === 'revocation' && isRevoked(object)) {
    const level = levelOf(object);
    const unjudged = { checks: [], level, identification: { ioScore: 0 }, judgement: REVOKED_ALREADY } as const;
    return execute({ ...received, type: 'RequestRevocation', ...unjudged });
  }
  const asked = { application, object, requester, mutation };
  const waiting = isBlank ? await onReceipt(backbone, asked, now) : undefined;
  if (waiting !== undefined) {
    return execute({
      ...received,
      ...{ type: 'ReceiveRevocation', checks: [], identification: { ioScore: 0 }, ...waiting },
    });
  }
  const judged = await judgeRequest(backbone, asked, loaded.checks, now);
  if ('faults' in judged) return { outcome: 'rejected', rejections: judged.faults };
  if (goesOn || isOfManyLines(judged)) {
    const { checks, level, identification } = judged;
    const dueAt = (await onReceipt(backbone, asked, now))?.dueAt ?? null;
    const first = await execute({
      ...received,
      ...{ type: 'ReceiveRevocation', checks, level, identification, dueAt },
    });
    if (first.outcome !== 'accepted') return first;
    const decided = await decideReceived(backbone, id, judged, { now, context: decision });
    return isDecidedAlready(decided) ? asDecided(backbone, id) : decided;
  }
  // What is refused had its time as well: entered after that it was late, whatever came of it (REV-06).
  const onPaper = application.channel === 'nonElectronic' ? await onReceipt(backbone, asked, now) : undefined;
  const { dueAt = null, certificateDueAt }: Partial<OnReceipt> = onPaper ?? {};
  const isAccepted = judged.judgement.accepted;
  return execute({
    ...{ ...received, type: 'RequestRevocation', ...judged },
    ...(isAccepted || dueAt === null ? {} : { dueAt }),
    ...(isAccepted && certificateDueAt !== undefined ? { certificateDueAt } : {}),
  });
}

/** Nothing is left to be done, whoever asks: it is answered that it was revoked (MUT-01). */
const REVOKED_ALREADY = { accepted: true, immediate: false, dueInstant: null, refusals: [], flags: [] } as const;

const isRevoked = (object: AskedObject): boolean =>
  (object.kind === 'means' ? object.means : object.authorization).status === 'revoked';

/** Level and deadline of what waits, as its object is now; `undefined` where there is nothing left to end. */
export async function onReceipt(
  backbone: Backbone,
  { application, object, requester, mutation }: AskedRequest,
  now: Instant,
): Promise<OnReceipt | undefined> {
  if (object.kind === 'leaver') return leaverOnReceipt(backbone, { application, object }, now);
  if (mutation === 'suspension' ? !isSuspendable(object, requester.role, now) : hasEnded(object, now)) return undefined;
  const certificateDueAt = mutation === 'revocation' ? certificateDueOf(backbone, application, [object]) : undefined;
  return {
    ...{ level: levelOf(object), dueAt: deadlineOf(backbone, { application, object, mutation }) },
    ...(certificateDueAt === undefined ? {} : { certificateDueAt }),
  };
}

/** What is asked, and of what: one object, or all that somebody has who leaves. */
export type AskedRequest = Omit<AskedRevocation, 'object' | 'mutation'> & {
  readonly object: AskedObject | AskedLeaver;
  readonly mutation: RequestedMutation;
};

/** By what the request is about: one object, or all that somebody has who leaves. */
export function judgeRequest(
  backbone: Backbone,
  { object, mutation, ...asked }: AskedRequest,
  checks: readonly CheckOnRecord[],
  now: Instant,
): ReturnType<typeof judgeRevocation> {
  if (object.kind === 'leaver') return judgeLeaver(backbone, { ...asked, object }, checks, { now });
  return mutation === 'suspension'
    ? judgeSuspensionRequest(backbone, { ...asked, object }, checks, now)
    : judgeRevocation(backbone, { ...asked, object }, checks, now);
}
