import { streamId, type Instant, type RevocationRequestId } from '#libs/kernel';
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
import { decideReceived, type RevocationOutcome } from './judge-in-parts.js';
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

/** Judges a request that waits by these checks, as what it is about is now. */
export async function judgeWaiting(
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
