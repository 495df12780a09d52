import { streamId, type Instant, type PersonId, type Rejection, type RevocationRequestId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
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
  type ReceivedApplication,
  type RevocationRequest,
  type RevocationRequestCommand,
  type RevocationRequestEvent,
} from '#libs/domain';
import type { EhLevel } from '#libs/scheme';
import { judgeLeaver, leaverOnReceipt, type AskedLeaver } from './judge-leaver.js';
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

export type RevocationOutcome = CommandOutcome<RevocationRequest, RevocationRequestEvent>;

/**
 * Records a request to revoke on receipt, judged by evaluation 3: accepted with its deadline, or refused with codes. One
 * on paper without checks waits for them.
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
  const before = await backbone.commands.load(revocationRequestDecider, stream);
  if (before.state.status !== 'none') {
    // A retry: answered from what was recorded.
    return backbone.commands.execute(
      revocationRequestDecider,
      stream,
      () => ({ type: 'EffectRevocation', effectedAt: backbone.now(), alreadyRevoked: false }),
      context,
    );
  }

  const loaded = await loadChecks(backbone, body.checks, '/checks');
  const objects = allFound({
    application: await findApplication(backbone, body.application, '/application'),
    person:
      body.requester.person === undefined
        ? undefined
        : await findPerson(backbone, body.requester.person, '/requester/person'),
    authorization:
      body.object.authorization === undefined
        ? undefined
        : await findAuthorization(backbone, body.object.authorization, '/object/authorization'),
    means: body.object.means === undefined ? undefined : await findMeans(backbone, body.object.means, '/object/means'),
    leaver:
      body.object.person === undefined ? undefined : await findPerson(backbone, body.object.person, '/object/person'),
    party: body.object.party === undefined ? undefined : await findParty(backbone, body.object.party, '/object/party'),
  });
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
  const wrongPurpose = judgePurpose(application, 'revocation');
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
  };
  const execute = (command: RevocationRequestCommand): Promise<RevocationOutcome> =>
    backbone.commands.execute(revocationRequestDecider, stream, () => command, context);
  // On paper the checks come later: until then it waits with its deadline, unless there is nothing left to end.
  const isBlank = application.channel === 'nonElectronic' && body.checks.length === 0;
  if (isBlank && object.kind !== 'leaver' && isRevoked(object)) {
    const level = levelOf(object);
    const unjudged = { checks: [], level, identification: { ioScore: 0 }, judgement: REVOKED_ALREADY } as const;
    return execute({ ...received, type: 'RequestRevocation', ...unjudged });
  }
  const waiting = isBlank ? await onReceipt(backbone, application, object, now) : undefined;
  if (waiting !== undefined) {
    return execute({
      ...received,
      ...{ type: 'ReceiveRevocation', checks: [], identification: { ioScore: 0 }, ...waiting },
    });
  }
  const judged = await judgeRequest(backbone, { application, object, requester }, loaded.checks, now);
  if ('faults' in judged) return { outcome: 'rejected', rejections: judged.faults };
  return execute({ ...received, type: 'RequestRevocation', ...judged });
}

/** Nothing is left to be done, whoever asks: it is answered that it was revoked (MUT-01). */
const REVOKED_ALREADY = { accepted: true, immediate: false, dueInstant: null, refusals: [], flags: [] } as const;

const isRevoked = (object: AskedObject): boolean =>
  (object.kind === 'means' ? object.means : object.authorization).status === 'revoked';

/** Level and deadline of what waits; `undefined` where there is nothing left to end. */
async function onReceipt(
  backbone: Backbone,
  application: ReceivedApplication,
  object: AskedObject | AskedLeaver,
  now: Instant,
): Promise<{ readonly level: EhLevel; readonly dueAt: Instant | null } | undefined> {
  if (object.kind === 'leaver') return leaverOnReceipt(backbone, { application, object }, now);
  if (hasEnded(object, now)) return undefined;
  return { level: levelOf(object), dueAt: deadlineOf(backbone, { application, object }) };
}

/** By what the request is about: one object, or all that somebody has who leaves. */
export function judgeRequest(
  backbone: Backbone,
  { object, ...asked }: Omit<AskedRevocation, 'object'> & { readonly object: AskedObject | AskedLeaver },
  checks: readonly CheckOnRecord[],
  now: Instant,
): ReturnType<typeof judgeRevocation> {
  return object.kind === 'leaver'
    ? judgeLeaver(backbone, { ...asked, object }, checks, now)
    : judgeRevocation(backbone, { ...asked, object }, checks, now);
}
