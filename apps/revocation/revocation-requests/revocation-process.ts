import type { RevocationRequestId } from '#libs/kernel';
import { CannotApply, type ProcessManager } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import type { RevocationAccepted } from '#libs/domain';
import { effectRevocation, PROCESS, RevocationStuck, type EffectedRevocation } from './effect-revocation.js';

/**
 * Finishes what a request began: whoever is killed between accepting and carrying out, the feed brings it back
 * (REV-06).
 */
export const revocationProcess = (
  backbone: Backbone,
  onEffected: (effected: EffectedRevocation) => void = () => undefined,
): ProcessManager => ({
  name: PROCESS,
  handles: ['RevocationAccepted'],
  async react(event, traceparent) {
    const { revocationRequest } = event.data as RevocationAccepted['data'];
    try {
      const effected = await effectRevocation(backbone, revocationRequest as RevocationRequestId, {
        eventId: event.metadata.id,
        correlationId: event.metadata.correlationId,
        traceparent,
      });
      onEffected(effected);
    } catch (error) {
      if (!(error instanceof RevocationStuck)) throw error;
      throw new CannotApply(error.message, event.position, event.type, { cause: error });
    }
  },
});
