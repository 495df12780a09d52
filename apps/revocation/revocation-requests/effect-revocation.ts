import { streamId, type DomainEvent, type Instant, type RevocationRequestId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext, type CommandOutcome } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  authorizationDecider,
  meansDecider,
  revocationRequestDecider,
  type EndedObject,
  type RevocationRequest,
} from '#libs/domain';

/** Client name under which the steps of the process are recorded. */
export const PROCESS = 'revocation-process';

type EndedType = 'AuthorizationRevoked' | 'MeansRevoked';

export interface EffectedRevocation {
  readonly request: Exclude<RevocationRequest, { status: 'none' }>;
  /** Revision and position of the request's own stream after it was effected. */
  readonly revision: number;
  readonly position: bigint;
  /** Positions from which everything is revoked, and by which events: what every decision has to have seen. */
  readonly ended: readonly { readonly type: EndedType; readonly position: bigint }[];
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
  const objects = objectsOf(state);
  if (objects === undefined) {
    throw new RevocationStuck(`revocation ${id} could not be carried out: rejected (revocation-not-accepted)`);
  }
  const revoked: Revoked[] = [];
  let stuck: RevocationStuck | undefined;
  for (const object of objects) {
    try {
      revoked.push({ object, ...(await revokeObject(backbone, object, id, context)) });
    } catch (error) {
      // One that can't be carried out holds up no other of the same leaver.
      if (!(error instanceof RevocationStuck)) throw error;
      stuck ??= error;
    }
  }
  if (stuck !== undefined) throw stuck;
  const effected = await backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => {
      const effectedAt = backbone.now();
      const lines = revoked.map(({ object, alreadyRevoked, at }) => ({
        ...{ object, alreadyRevoked },
        // When it ended, also where the request is finished later.
        effectedAt: alreadyRevoked ? effectedAt : at,
      }));
      return {
        ...{ type: 'EffectRevocation', effectedAt },
        alreadyRevoked: revoked.every((one) => one.alreadyRevoked),
        ...('person' in state.object ? { lines } : {}),
      };
    },
    context,
  );
  if (effected.outcome !== 'accepted' || effected.state.status === 'none') throw cannot(id, effected);
  return {
    request: effected.state,
    revision: effected.revision,
    position: effected.position,
    ended: endedBy(revoked),
    again: effected.replayed || effected.events.length === 0,
  };
}

interface Revoked {
  readonly object: EndedObject;
  readonly position: bigint;
  readonly at: Instant;
  readonly alreadyRevoked: boolean;
}

/** What is to be revoked; `undefined` of a request that was not accepted. */
function objectsOf(state: Exclude<RevocationRequest, { status: 'none' }>): readonly EndedObject[] | undefined {
  if (state.status !== 'accepted' && state.status !== 'effected') return undefined;
  if (!('person' in state.object)) return [state.object];
  return (state.lines ?? []).filter(({ accepted }) => accepted).map(({ object }) => object);
}

/** For each type of event that ended something, the latest place of one. */
function endedBy(revoked: readonly Revoked[]): EffectedRevocation['ended'] {
  const latest = new Map<EndedType, bigint>();
  for (const { object, position } of revoked) {
    const type = 'means' in object ? 'MeansRevoked' : 'AuthorizationRevoked';
    const before = latest.get(type);
    if (before === undefined || before < position) latest.set(type, position);
  }
  return [...latest].map(([type, position]) => ({ type, position }));
}

async function revokeObject(
  backbone: Backbone,
  object: EndedObject,
  revocationRequest: RevocationRequestId,
  context: CommandContext,
): Promise<Omit<Revoked, 'object'>> {
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
  const { state, position, events } = outcome;
  if (state.status !== 'revoked')
    throw new RevocationStuck(`revocation ${revocationRequest} left its object as it was`);
  return { position, at: state.revokedAt, alreadyRevoked: events.length === 0 };
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
