import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { EvidenceEvent } from '#libs/domain';

export type KeptCopyRow = {
  readonly id: string;
  readonly position: bigint;
  readonly person: string;
  readonly document: string;
  /** It stays; until then it waits for its level. */
  readonly kept: boolean;
};

/**
 * Copies of identity documents that were given to the register, by whose document it is (R-IO3-d-copy). Those that the issuer
 * of a means was given are his: one store per role (WID-10).
 */
export const keptCopiesProjection: Projection<KeptCopyRow> = {
  name: 'kept-copies',
  version: 1,
  table: {
    name: 'kept_copies',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', person: 'text', document: 'text', kept: 'boolean' },
    indexes: [['person', 'position']],
  },
  handles: ['EvidenceDescribed', 'EvidenceKept', 'EvidenceDestroyed'],
  keys: (event) => [(event.data as EvidenceEvent['data']).evidence],
  fold(row, recorded: Recorded<DomainEvent>, id) {
    const event = recorded as unknown as Recorded<DomainEvent> & EvidenceEvent;
    switch (event.type) {
      case 'EvidenceDescribed': {
        const { description } = event.data;
        if (description.kind !== 'idCopy' || description.role !== 'registration') return undefined;
        const { person, document } = description;
        return { id, position: recorded.position, person, document, kept: false };
      }
      case 'EvidenceKept':
        return row && { ...row, kept: true };
      case 'EvidenceDestroyed':
        return undefined;
      default:
        throw new Error(`${event.type} is not among the types it handles`);
    }
  },
};
