import type { Actor, DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { DocumentRecorded } from '#libs/domain';

/** An identity document in the auditor's list: whose it is and who recorded it, nothing that stands on it. */
export type AuditedDocumentRow = {
  readonly id: string;
  readonly position: bigint;
  readonly recordedAt: Instant;
  readonly person: string;
  readonly documentType: string;
  /** Names by which who recorded it is found: the client and the clerk, or the system. */
  readonly actors: readonly string[];
};

export const namesOf = (actor: Actor): readonly string[] =>
  'system' in actor ? [actor.system] : [actor.client, ...(actor.clerk === undefined ? [] : [actor.clerk])];

/** Every identity document, newest first. */
export const auditedDocumentsProjection: Projection<AuditedDocumentRow> = {
  name: 'audited-documents',
  version: 1,
  table: {
    name: 'audited_documents',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      recordedAt: 'text',
      person: 'text',
      documentType: 'text',
      actors: 'text[]',
    },
    indexes: [['person', 'position'], ['documentType', 'position'], ['actors'], ['recordedAt', 'position']],
  },
  handles: ['DocumentRecorded'],
  keys: (event) => [(event.data as DocumentRecorded['data']).document],
  fold(_row, { data, metadata, position, recordedAt }: Recorded<DomainEvent>) {
    const { document, person, documentType } = data as DocumentRecorded['data'];
    return { id: document, position, recordedAt, person, documentType, actors: namesOf(metadata.actor) };
  },
};
