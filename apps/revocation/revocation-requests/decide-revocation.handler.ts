import { streamId, type EventMetadata, type Instant, type RevocationRequestId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext } from '#libs/eventing';
import {
  allFound,
  commandContext,
  findApplication,
  findParty,
  findPerson,
  loadChecks,
  type Backbone,
  type CommandRequest,
  type Found,
} from '#libs/application';
import {
  revocationRequestDecider,
  type RevocationObject,
  type RevocationRequest,
  type RevocationRequestCommand,
} from '#libs/domain';
import type { DecideRevocationRequest } from './decide-revocation.request.js';
import { PROCESS, RevocationStuck } from './effect-revocation.js';
import { decideReceived, isDecidedAlready, isUnfinished, type RevocationOutcome } from './judge-in-parts.js';
import type { AskedLeaver } from './judge-leaver.js';
import { findAuthorizationOrMeans, type AskedObject } from './judge-revocation.js';
import { judgeRequest } from './request-revocation.handler.js';

/** A request that waits is judged by the checks that were recorded meanwhile, or withdrawn (REV-06). */
export async function decideRevocation(
  backbone: Backbone,
  request: CommandRequest,
  id: RevocationRequestId,
  body: DecideRevocationRequest,
): Promise<RevocationOutcome> {
  const stream = streamId('revocationRequest', id);
  const context = await commandContext(backbone, request, 'DecideRevocation', body, { scores: true });
  const execute = (command: () => RevocationRequestCommand): Promise<RevocationOutcome> =>
    backbone.commands.execute(revocationRequestDecider, stream, command, context);
  const now = backbone.now();
  const { state } = await backbone.commands.load(revocationRequestDecider, stream);
  if (state.status === 'none') {
    return { outcome: 'rejected', rejections: [{ code: 'no-such-revocation-request', kind: 'not-found' }] };
  }
  // What does not wait any more never will again: it is answered as before, or refused by the request itself.
  if (request.replayOnly === true || body.withdraw === true || state.status !== 'received')
    return execute(() => ({ type: 'WithdrawRevocation', now }));

  const judged = await judgeWaiting(backbone, state, body.checks ?? [], now);
  if ('faults' in judged) return { outcome: 'rejected', rejections: judged.faults };
  return decideReceived(backbone, id, judged, { now, context });
}

/**
 * Decides a request whose sender was stopped between its first fact and its decision, by the checks that it named; `undefined`
 * where nothing is left to be decided. Rejects with `StoreUnavailable` where others keep changing it, and with
 * `RevocationStuck` where it can't be judged by these any more.
 */
export async function decideUnfinished(
  backbone: Backbone,
  { id: eventId, correlationId }: Pick<EventMetadata, 'id' | 'correlationId'>,
  id: RevocationRequestId,
  traceparent: string | undefined,
): Promise<RevocationRequest | undefined> {
  const { state } = await backbone.commands.load(revocationRequestDecider, streamId('revocationRequest', id));
  if (state.status !== 'received' || !isUnfinished(state)) return undefined;
  const now = backbone.now();
  const judged = await judgeWaiting(backbone, state, state.checks, now);
  if ('faults' in judged) {
    const codes = judged.faults.map(({ code }) => code).join(', ');
    throw new RevocationStuck(`revocation ${id} could not be decided: rejected (${codes})`);
  }
  const context: CommandContext = {
    ...{ participant: backbone.participant.oin, client: PROCESS, actor: { system: PROCESS } },
    ...{ key: eventId, requestHash: eventId, causationId: eventId, correlationId },
    ...(traceparent === undefined ? {} : { traceparent }),
    ruleSet: backbone.rules.version,
  };
  const decided = await decideReceived(backbone, id, judged, { now, context });
  if (decided.outcome === 'accepted') return decided.replayed ? undefined : decided.state;
  if (isDecidedAlready(decided)) return undefined;
  throw new StoreUnavailable(`revocation request ${id} keeps changing`);
}

/** Judges a request that waits by these checks, as what it is about is now. */
async function judgeWaiting(
  backbone: Backbone,
  state: Extract<RevocationRequest, { readonly status: 'received' }>,
  checks: readonly string[],
  now: Instant,
): ReturnType<typeof judgeRequest> {
  const loaded = await loadChecks(backbone, checks, '/checks');
  if ('faults' in loaded) return loaded;
  const objects = await allFound({
    application: findApplication(backbone, state.application, ''),
    object: findObject(backbone, state.object),
  });
  // Nothing that a request on record names goes away.
  if ('faults' in objects) throw new Error(`revocation request ${state.revocationRequest} names what is not on record`);
  const { application, object } = objects.found;
  const { requester, mutation = 'revocation' } = state;
  return judgeRequest(backbone, { application, object, requester, mutation }, loaded.checks, now);
}

/** What a request on record is about, as it is now. */
export async function findObject(
  backbone: Backbone,
  object: RevocationObject,
): Promise<Found<AskedObject | AskedLeaver>> {
  if (!('person' in object)) return findAuthorizationOrMeans(backbone, object, '');
  const both = await allFound({
    person: findPerson(backbone, object.person, ''),
    party: findParty(backbone, object.party, ''),
  });
  return 'faults' in both ? { fault: both.faults[0]! } : { found: { kind: 'leaver', ...both.found } };
}
