import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { MeansApplied, PersonEvent } from '#libs/domain';

/** A person in the auditor's list: who there is and what belongs to him, nothing that says who he is. */
export type AuditedPersonRow = {
  readonly id: string;
  readonly position: bigint;
  readonly recordedAt: Instant;
  readonly documents: readonly string[];
  /** Means that he applied for or holds. */
  readonly means: readonly string[];
};

type Known = Extract<PersonEvent, { readonly type: 'PersonRegistered' | 'DocumentRecorded' }> | MeansApplied;

/** Every person, newest first. */
export const auditedPersonsProjection: Projection<AuditedPersonRow> = {
  name: 'audited-persons',
  version: 1,
  table: {
    name: 'audited_persons',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', recordedAt: 'text', documents: 'text[]', means: 'text[]' },
    indexes: [['documents'], ['means'], ['recordedAt', 'position']],
    selective: ['documents', 'means'],
  },
  handles: ['PersonRegistered', 'DocumentRecorded', 'MeansApplied'],
  keys(recorded) {
    const event = recorded as unknown as Known;
    return [event.type === 'MeansApplied' ? event.data.holder : event.data.person];
  },
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Known;
    switch (event.type) {
      case 'PersonRegistered':
        return {
          id: event.data.person,
          position: recorded.position,
          recordedAt: recorded.recordedAt,
          documents: [],
          means: [],
        };
      case 'DocumentRecorded': {
        const known = present(row, recorded);
        return { ...known, documents: [...known.documents, event.data.document] };
      }
      case 'MeansApplied': {
        const known = present(row, recorded);
        return { ...known, means: [...known.means, event.data.means] };
      }
    }
  },
};
