import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { RecordsDestroyed } from '#libs/domain';

export type DestructionRow = {
  readonly id: string;
  readonly position: bigint;
  readonly reason: string;
  readonly destroyedAt: Instant;
  readonly objects: number;
  readonly records: number;
};

/** Every batch that was destroyed, newest first. */
export const destructionsProjection: Projection<DestructionRow> = {
  name: 'destructions',
  version: 1,
  table: {
    name: 'destructions',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      reason: 'text',
      destroyedAt: 'text',
      objects: 'integer',
      records: 'integer',
    },
    indexes: [['destroyedAt']],
  },
  handles: ['RecordsDestroyed'],
  keys: (event) => [(event.data as RecordsDestroyed['data']).destruction],
  fold(_row, recorded: Recorded<DomainEvent>, id) {
    const { reason, destroyedAt, objects, indexes } = recorded.data as RecordsDestroyed['data'];
    return {
      id,
      position: recorded.position,
      reason,
      destroyedAt,
      objects: objects.length,
      records: recordsIn(indexes),
    };
  },
};

export const recordsIn = (indexes: RecordsDestroyed['data']['indexes']): number =>
  indexes.reduce((sum, { first, last }) => sum + last - first + 1, 0);
