import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { CounterEvent } from './counter.js';

export type CounterRow = {
  readonly id: string;
  readonly position: bigint;
  readonly total: number;
  readonly counts: number;
};

/** Where `fold` gives up: it stands for an event that a read model can't apply. */
export const UNLUCKY = 13;

/** A read model of counters. A counter that is counted down to zero leaves it, and comes back with its next count. */
export const countersProjection: Projection<CounterRow> = {
  name: 'counters',
  version: 1,
  table: {
    name: 'counters',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', total: 'integer', counts: 'integer' },
  },
  handles: ['CounterStarted', 'Counted'],

  keys: (event) => [(event.data as CounterEvent['data']).counter],

  fold(row, recorded: Recorded<DomainEvent>, key) {
    const event = recorded as unknown as CounterEvent;
    const { position } = recorded;
    if (event.type === 'CounterStarted') return { id: key, position, total: 0, counts: 0 };
    if (event.data.by === UNLUCKY) throw new Error('thirteen is not counted');
    const total = (row?.total ?? 0) + event.data.by;
    return total === 0
      ? undefined
      : { id: key, position: row?.position ?? position, total, counts: (row?.counts ?? 0) + 1 };
  },
};
