import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { DestructionEvent, RecordsDestroyed } from '#libs/domain';

export const DESTRUCTION_STATUSES = ['destroying', 'destroyed'] as const;

export type DestructionRow = {
  readonly id: string;
  readonly position: bigint;
  /** `intended`: it is looked at, and nothing is decided. */
  readonly status: 'intended' | (typeof DESTRUCTION_STATUSES)[number];
  readonly reason: string;
  readonly destroyedAt: Instant | null;
  readonly objects: number;
  readonly records: number;
};

/** Every batch that is being destroyed or was, newest first; and those that may be, while they are looked at. */
export const destructionsProjection: Projection<DestructionRow> = {
  name: 'destructions',
  version: 2,
  table: {
    name: 'destructions',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      status: 'text',
      reason: 'text',
      destroyedAt: 'text',
      objects: 'integer',
      records: 'integer',
    },
    indexes: [['destroyedAt'], ['status', 'position']],
  },
  handles: ['DestructionIntended', 'DestructionAbandoned', 'RecordsDestroyed', 'DestructionCompleted'],
  keys: (event) => [(event.data as DestructionEvent['data']).destruction],
  fold(row, recorded: Recorded<DomainEvent>, id) {
    const event = recorded as unknown as Recorded<DomainEvent> & DestructionEvent;
    const { position } = recorded;
    const isDecided = row !== undefined && row.status !== 'intended';
    switch (event.type) {
      case 'DestructionIntended':
        if (isDecided) return row;
        return {
          ...{ id, position, status: 'intended', reason: 'retentionOver', destroyedAt: null },
          ...{ objects: event.data.objects, records: 0 },
        };
      case 'DestructionAbandoned':
        return isDecided ? row : undefined;
      case 'RecordsDestroyed': {
        const { reason, destroyedAt, objects, indexes } = event.data;
        return {
          ...{ id, position, status: 'destroying', reason, destroyedAt },
          ...{ objects: objects.length, records: recordsIn(indexes) },
        };
      }
      case 'DestructionCompleted':
        return row && { ...row, status: 'destroyed' };
    }
  },
};

export const recordsIn = (indexes: RecordsDestroyed['data']['indexes']): number =>
  indexes.reduce((sum, { first, last }) => sum + last - first + 1, 0);
