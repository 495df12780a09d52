import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { EvidenceDestroyed, EvidenceUploaded } from '#libs/domain';

export type EvidenceFileRow = {
  readonly address: string;
  readonly position: bigint;
  readonly evidence: string;
};

type Known = EvidenceUploaded | EvidenceDestroyed;

/** Where the files are that evidence on record is behind: any other file has no fact. */
export const evidenceFilesProjection: Projection<EvidenceFileRow> = {
  name: 'evidence-files',
  version: 1,
  table: {
    name: 'evidence_files',
    key: 'address',
    newestFirst: 'position',
    columns: { address: 'text', position: 'bigint', evidence: 'text' },
    indexes: [],
  },
  handles: ['EvidenceUploaded', 'EvidenceDestroyed'],
  keys: (event) => [(event.data as Known['data']).address],
  fold(_row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<DomainEvent> & Known;
    if (event.type === 'EvidenceDestroyed') return undefined;
    const { address, evidence } = event.data;
    return { address, position: recorded.position, evidence };
  },
};
