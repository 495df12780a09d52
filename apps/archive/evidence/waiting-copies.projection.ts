import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { isKeptFromLevel2, type EvidenceDescription, type EvidenceEvent, type EvidenceWithdrawn } from '#libs/domain';

export type WaitingCopyRow = {
  readonly id: string;
  readonly position: bigint;
  readonly application: string;
  /** In which a copy was given; `any`: what is kept from level 2 on, whoever decides; null until it is described. */
  readonly role: string | null;
};

type Known = Exclude<EvidenceEvent, EvidenceWithdrawn>;

export const ANY_ROLE = 'any';

function roleOf(description: EvidenceDescription): string | null {
  if (description.kind === 'idCopy') return description.role;
  return isKeptFromLevel2(description.kind) ? ANY_ROLE : null;
}

/** Files in quarantine, by the application whose decisions they may wait for. What is kept or destroyed goes from it. */
export const waitingCopiesProjection: Projection<WaitingCopyRow> = {
  name: 'waiting-copies',
  version: 2,
  table: {
    name: 'waiting_copies',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', application: 'text', role: 'text' },
    indexes: [['application', 'position']],
  },
  handles: ['EvidenceUploaded', 'EvidenceDescribed', 'EvidenceKept', 'EvidenceDestroyed'],
  keys: (event) => [(event.data as Known['data']).evidence],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<DomainEvent> & Known;
    switch (event.type) {
      case 'EvidenceUploaded': {
        const { evidence: id, application } = event.data;
        return { id, position: recorded.position, application, role: null };
      }
      case 'EvidenceDescribed': {
        const { description } = event.data;
        return row && { ...row, role: roleOf(description) };
      }
      case 'EvidenceKept':
      case 'EvidenceDestroyed':
        return undefined;
    }
  },
};
