import { streamId, type RevocationRequestId } from '#libs/kernel';
import {
  allFound,
  commandContext,
  findApplication,
  loadChecks,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import { revocationRequestDecider, type RevocationRequestCommand } from '#libs/domain';
import type { DecideRevocationRequest } from './decide-revocation.request.js';
import { findAuthorizationOrMeans, judgeRevocation } from './judge-revocation.js';
import type { RevocationOutcome } from './request-revocation.handler.js';

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

  const loaded = await loadChecks(backbone, body.checks ?? [], '/checks');
  if ('faults' in loaded) return { outcome: 'rejected', rejections: loaded.faults };
  const objects = allFound({
    application: await findApplication(backbone, state.application, ''),
    object: await findAuthorizationOrMeans(backbone, state.object, ''),
  });
  // Nothing that a request on record names goes away.
  if ('faults' in objects) throw new Error(`revocation request ${id} names what is not on record`);
  const { application, object } = objects.found;
  const judged = await judgeRevocation(
    backbone,
    { application, object, requester: state.requester },
    loaded.checks,
    now,
  );
  if ('faults' in judged) return { outcome: 'rejected', rejections: judged.faults };
  return execute(() => ({ type: 'DecideRevocation', ...judged, now }));
}
