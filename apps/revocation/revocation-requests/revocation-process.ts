import type { DomainEvent, RevocationRequestId } from '#libs/kernel';
import { CannotApply, type ProcessManager } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import type { RevocationAccepted, RevocationRequest, RevocationRequested } from '#libs/domain';
import { decideUnfinished } from './decide-unfinished.js';
import { effectRevocation, PROCESS, RevocationStuck, type EffectedRevocation } from './effect-revocation.js';
import { DECIDED_AT_ONCE, isDecidedAtOnce, type DecidedAtOnce } from './revocation-deadlines.projection.js';

/** Who is told of what was asked and came about, each of them once. */
export interface CarriedOut {
  /** Decided here, as its sender was stopped before it was. */
  decided(request: RevocationRequest): void;
  requested(effected: EffectedRevocation): void;
  decidedAtOnce(event: DecidedAtOnce): void;
}

/**
 * Finishes what a request began: whoever is killed between accepting and carrying out, or of somebody who leaves with more than
 * one fact holds between the lines of the decision, the feed brings it back (REV-06). What was decided when it was recorded is only told of.
 */
export const revocationProcess = (
  backbone: Backbone,
  told: CarriedOut = { decided: () => undefined, requested: () => undefined, decidedAtOnce: () => undefined },
): ProcessManager => ({
  name: PROCESS,
  handles: ['RevocationRequested', 'RevocationAccepted', 'SuspensionAccepted', ...DECIDED_AT_ONCE],
  async react(event, traceparent) {
    const recorded: DomainEvent = event;
    if (isDecidedAtOnce(recorded)) return told.decidedAtOnce(recorded);
    const { revocationRequest, object } = event.data as (RevocationAccepted | RevocationRequested)['data'];
    try {
      if (event.type === 'RevocationRequested') {
        // Everything else is decided in the fact that records it, or waits for a person.
        if (!('person' in object)) return;
        const decided = await decideUnfinished(backbone, event.metadata, revocationRequest, traceparent);
        if (decided !== undefined) told.decided(decided);
        return;
      }
      const effected = await effectRevocation(backbone, revocationRequest as RevocationRequestId, {
        correlationId: event.metadata.correlationId,
        traceparent,
      });
      told.requested(effected);
    } catch (error) {
      if (!(error instanceof RevocationStuck)) throw error;
      throw new CannotApply(error.message, event.position, event.type, { cause: error });
    }
  },
});
