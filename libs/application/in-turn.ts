import {
  startProcessManagerInTurn,
  startTicker,
  type Chore,
  type InTurnParts,
  type ProcessManager,
  type Ticker,
} from '#libs/eventing';
import type { Backbone } from './backbone.js';

/**
 * Has a process manager act in the process that has its turn, and health and figures watch it. Its checkpoint lies beside the
 * events, unless `where` says where.
 */
export function actInTurn(
  backbone: Backbone,
  manager: ProcessManager,
  where: Partial<Pick<InTurnParts, 'checkpoints' | 'unfencedCheckpoints'>> = {},
): void {
  const { checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble } = backbone;
  backbone.watch(
    startProcessManagerInTurn(manager, {
      ...{ checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble },
      ...where,
    }),
  );
}

/** Does what is due of one kind in the process that has its turn. Whoever starts it stops it. */
export function startChore({ dueWork, leases, holder, now, onTrouble }: Backbone, chore: Chore): Ticker {
  return startTicker(chore, {
    ...{ dueWork, leases, now, holder },
    onTrouble: (name, error) => onTrouble(name, error, false),
  });
}
