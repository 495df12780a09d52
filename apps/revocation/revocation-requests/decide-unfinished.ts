import { streamId, type EventMetadata, type RevocationRequestId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { revocationRequestDecider, type RevocationRequest } from '#libs/domain';
import { judgeWaiting } from './decide-revocation.handler.js';
import { PROCESS, RevocationStuck } from './effect-revocation.js';
import { decideReceived, isDecidedAlready, isUnfinished } from './judge-in-parts.js';

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
