import type { DomainEvent, RevocationRequestId } from '#libs/kernel';
import { CannotApply, type ProcessManager } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import type { RevocationAccepted } from '#libs/domain';
import { effectRevocation, PROCESS, RevocationStuck, type EffectedRevocation } from './effect-revocation.js';
import { DECIDED_AT_ONCE, isDecidedAtOnce, type DecidedAtOnce } from './revocation-deadlines.projection.js';

/** Who is told of what was asked and came about, each of them once. */
export interface CarriedOut {
  requested(effected: EffectedRevocation): void;
  decidedAtOnce(event: DecidedAtOnce): void;
}

/**
 * Finishes what a request began: whoever is killed between accepting and carrying out, the feed brings it back
 * (REV-06). What was decided when it was recorded is only told of.
 */
export const revocationProcess = (
  backbone: Backbone,
  told: CarriedOut = { requested: () => undefined, decidedAtOnce: () => undefined },
): ProcessManager => ({
  name: PROCESS,
  handles: ['RevocationAccepted', 'SuspensionAccepted', ...DECIDED_AT_ONCE],
  async react(event, traceparent) {
    const recorded: DomainEvent = event;
    if (isDecidedAtOnce(recorded)) return told.decidedAtOnce(recorded);
    const { revocationRequest } = event.data as RevocationAccepted['data'];
    try {
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
