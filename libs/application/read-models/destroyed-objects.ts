import type { Instant } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { RecordsDestroyed } from '#libs/domain';

/** Tombstone of an object whose time was over. */
export type DestroyedObjectRow = {
  /** `kind/id`. */
  readonly id: string;
  readonly position: bigint;
  readonly destroyedAt: Instant;
};

/** Every object that was destroyed: in every process, so that each of them answers as if it had never been (ARCH-11). */
export const destroyedObjectsProjection: Projection<DestroyedObjectRow> = {
  name: 'destroyed-objects',
  version: 1,
  table: {
    name: 'destroyed_objects',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', destroyedAt: 'text' },
  },
  handles: ['RecordsDestroyed'],
  keys: ({ data }) => (data as RecordsDestroyed['data']).objects.map(({ kind, id }) => `${kind}/${id}`),
  fold: (row, { data, position }, id) =>
    row ?? { id, position, destroyedAt: (data as RecordsDestroyed['data']).destroyedAt },
};
