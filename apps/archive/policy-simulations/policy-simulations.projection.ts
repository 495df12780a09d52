import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { PolicySimulationEvent } from '#libs/domain';

export type PolicySimulationRow = {
  readonly id: string;
  readonly position: bigint;
  readonly status: 'open' | 'completed' | 'cancelled' | 'failed';
  readonly requestedAt: Instant;
  readonly endedAt: Instant | null;
  readonly shownUntil: Instant;
  /** Who asked: the client, and the person behind it as a random reference. */
  readonly client: string;
  readonly clerk: string | null;
};

const ENDED = {
  PolicySimulationCompleted: 'completed',
  PolicySimulationCancelled: 'cancelled',
  PolicySimulationAbandoned: 'failed',
} as const;

/** Policy simulations, newest first: what waits is found here by the process that goes through the register. */
export const policySimulationsProjection: Projection<PolicySimulationRow> = {
  name: 'policy-simulations',
  version: 1,
  table: {
    name: 'policy_simulations',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      status: 'text',
      requestedAt: 'text',
      endedAt: 'text',
      shownUntil: 'text',
      client: 'text',
      clerk: 'text',
    },
    indexes: [
      ['status', 'position'],
      ['shownUntil', 'position'],
    ],
  },
  handles: ['PolicySimulationRequested', ...Object.keys(ENDED)],
  keys: (event) => [(event.data as PolicySimulationEvent['data']).policySimulation],
  fold(row, recorded: Recorded<DomainEvent>, id) {
    const event = recorded as unknown as Recorded<DomainEvent> & PolicySimulationEvent;
    if (event.type !== 'PolicySimulationRequested') {
      return row && { ...row, status: ENDED[event.type], endedAt: endOf(event) };
    }
    const { requestedAt, shownUntil } = event.data;
    const { actor } = recorded.metadata;
    return {
      ...{ id, position: recorded.position, status: 'open', requestedAt, endedAt: null, shownUntil },
      client: 'client' in actor ? actor.client : actor.system,
      clerk: 'client' in actor ? (actor.clerk ?? null) : null,
    };
  },
};

function endOf(event: Exclude<PolicySimulationEvent, { type: 'PolicySimulationRequested' }>): Instant {
  switch (event.type) {
    case 'PolicySimulationCompleted':
      return event.data.completedAt;
    case 'PolicySimulationCancelled':
      return event.data.cancelledAt;
    case 'PolicySimulationAbandoned':
      return event.data.givenUpAt;
  }
}
