import type { RevocationRequestId } from '#libs/kernel';
import type { ProcessManager } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import type { RevocationAccepted } from '#libs/domain';
import { effectRevocation, PROCESS } from './effect-revocation.js';

/**
 * Finishes what a request began: whoever is killed between accepting and carrying out, the feed brings it back
 * (REV-06).
 */
export const revocationProcess = (backbone: Backbone): ProcessManager => ({
  name: PROCESS,
  handles: ['RevocationAccepted'],
  async react(event) {
    const { revocationRequest } = event.data as RevocationAccepted['data'];
    await effectRevocation(backbone, revocationRequest as RevocationRequestId, {
      eventId: event.metadata.id,
      correlationId: event.metadata.correlationId,
    });
  },
});
