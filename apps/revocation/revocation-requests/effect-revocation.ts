import { streamId, type DomainEvent, type RevocationRequestId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext, type CommandOutcome } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  authorizationDecider,
  meansDecider,
  revocationRequestDecider,
  type RevocationObject,
  type RevocationRequest,
} from '#libs/domain';

/** Client name under which the steps of the process are recorded. */
export const PROCESS = 'revocation-process';

export interface EffectedRevocation {
  readonly request: Exclude<RevocationRequest, { status: 'none' }>;
  /** Revision and position of the request's own stream after it was effected. */
  readonly revision: number;
  readonly position: bigint;
  /** Position from which the object is revoked, and by which event: what every decision has to have seen. */
  readonly revokedAt: bigint;
  readonly revokedBy: 'AuthorizationRevoked' | 'MeansRevoked';
  /** It had been carried out before, here or by another process. */
  readonly again: boolean;
}

/**
 * Carries out an accepted revocation: first on the object's own stream, then on the request's. Both steps are idempotent
 * (their key is the id of the event that accepted it), so that the request's handler and the process manager may both
 * do it, in any order, any number of times.
 */
export async function effectRevocation(
  backbone: Backbone,
  id: RevocationRequestId,
  cause: { readonly eventId: string; readonly correlationId: string; readonly traceparent?: string | undefined },
): Promise<EffectedRevocation> {
  const stream = streamId('revocationRequest', id);
  const { state } = await backbone.commands.load(revocationRequestDecider, stream);
  if (state.status === 'none') throw new RevocationStuck(`revocation request ${id} does not exist`);

  const context: CommandContext = {
    participant: backbone.participant.oin,
    client: PROCESS,
    key: cause.eventId,
    requestHash: cause.eventId,
    actor: { system: PROCESS },
    correlationId: cause.correlationId,
    causationId: cause.eventId,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  };
  const revoked = await revokeObject(backbone, state.object, id, context);
  const effected = await backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => ({ type: 'EffectRevocation', effectedAt: backbone.now(), alreadyRevoked: revoked.alreadyRevoked }),
    context,
  );
  if (effected.outcome !== 'accepted' || effected.state.status === 'none') throw cannot(id, effected);
  return {
    request: effected.state,
    revision: effected.revision,
    position: effected.position,
    revokedAt: revoked.position,
    revokedBy: 'means' in state.object ? 'MeansRevoked' : 'AuthorizationRevoked',
    again: effected.replayed || effected.events.length === 0,
  };
}

async function revokeObject(
  backbone: Backbone,
  object: RevocationObject,
  revocationRequest: RevocationRequestId,
  context: CommandContext,
): Promise<{ readonly position: bigint; readonly alreadyRevoked: boolean }> {
  const command = () => ({ revocationRequest, now: backbone.now() });
  const outcome =
    'authorization' in object
      ? await backbone.commands.execute(
          authorizationDecider,
          streamId('authorization', object.authorization),
          () => ({ type: 'RevokeAuthorization', ...command() }),
          context,
        )
      : await backbone.commands.execute(
          meansDecider,
          streamId('means', object.means),
          () => ({ type: 'RevokeMeans', ...command() }),
          context,
        );
  if (outcome.outcome !== 'accepted') throw cannot(revocationRequest, outcome);
  // No events means that another request came first.
  return { position: outcome.position, alreadyRevoked: outcome.events.length === 0 };
}

/** An accepted revocation that can't be carried out, however often it is tried: a person has to look at it. */
export class RevocationStuck extends Error {
  override readonly name = 'RevocationStuck';
}

function cannot<State, Event extends DomainEvent>(id: string, outcome: CommandOutcome<State, Event>): Error {
  const codes = outcome.outcome === 'rejected' ? ` (${outcome.rejections.map(({ code }) => code).join(', ')})` : '';
  const message = `revocation ${id} could not be carried out: ${outcome.outcome}${codes}`;
  // Others kept writing to the stream: the next attempt goes on where this one stopped.
  return outcome.outcome === 'conflict' ? new StoreUnavailable(message) : new RevocationStuck(message);
}
