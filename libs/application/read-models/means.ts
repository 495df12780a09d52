import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { Means, MeansEvent, Suspender } from '#libs/domain';
import { liftedRow, present, suspendedRow } from './authorizations.js';

/** A means in lists: whose, which product, how far, at which level. */
export type MeansRow = {
  readonly id: string;
  readonly position: bigint;
  readonly revision: number;
  readonly application: string;
  readonly holder: string;
  readonly pseudonym: string;
  readonly product: string;
  readonly party: string | null;
  readonly status: Exclude<Means['status'], 'none'>;
  readonly stork: number | null;
  readonly issuanceLevel: number | null;
  readonly recordedAt: Instant;
  /** While it is suspended: by whom, and what it was before. */
  readonly suspendedBy: readonly Suspender[];
  readonly statusBefore: 'issued' | 'active' | null;
};

/** Every means ever applied for, newest first. Read by issuance, assurance, the archive and dossier assembly. */
export const meansProjection: Projection<MeansRow> = {
  name: 'means',
  version: 3,
  readsEarlier: 1,
  table: {
    name: 'means',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      revision: 'integer',
      application: 'text',
      holder: 'text',
      pseudonym: 'text',
      product: 'text',
      party: 'text',
      status: 'text',
      stork: 'integer',
      issuanceLevel: 'integer',
      recordedAt: 'text',
      suspendedBy: 'text[]',
      statusBefore: 'text',
    },
    indexes: [
      ['holder', 'position'],
      ['application', 'position'],
      ['pseudonym', 'position'],
      ['party', 'position'],
      ['status', 'position'],
      ['recordedAt', 'position'],
    ],
  },
  handles: [
    'MeansApplied',
    'HolderIdentified',
    'MeansIssued',
    'MeansActivated',
    'MeansUpgraded',
    'MeansRenewed',
    'MeansSuspended',
    'MeansSuspensionLifted',
    'MeansRevoked',
  ],

  keys: (event) => [(event.data as MeansEvent['data']).means],

  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<MeansEvent> & MeansEvent;
    const revision = recorded.revision;
    switch (event.type) {
      case 'MeansApplied': {
        const { means, application, holder, pseudonym, product, party } = event.data;
        return {
          id: means,
          position: recorded.position,
          revision,
          application,
          holder,
          pseudonym,
          product,
          party: party ?? null,
          status: 'applied',
          stork: null,
          issuanceLevel: null,
          recordedAt: recorded.recordedAt,
          suspendedBy: [],
          statusBefore: null,
        };
      }
      case 'HolderIdentified':
        return { ...present(row, recorded), status: 'identified', revision };
      case 'MeansIssued':
        return {
          ...present(row, recorded),
          status: 'issued',
          stork: event.data.stork,
          issuanceLevel: event.data.issuanceLevel,
          revision,
        };
      case 'MeansActivated':
        return { ...present(row, recorded), status: 'active', revision };
      case 'MeansUpgraded':
      case 'MeansRenewed': {
        const { product, stork, issuanceLevel } = event.data;
        return { ...present(row, recorded), product, stork, issuanceLevel, revision };
      }
      case 'MeansSuspended': {
        const before = present(row, recorded) as MeansRow & { readonly status: 'issued' | 'active' | 'suspended' };
        return { ...before, ...suspendedRow(before, event.data.by), status: 'suspended', revision };
      }
      case 'MeansSuspensionLifted': {
        const before = present(row, recorded) as MeansRow & { readonly status: 'issued' | 'active' | 'suspended' };
        return { ...before, ...liftedRow(before, event.data.by), revision };
      }
      case 'MeansRevoked':
        return { ...present(row, recorded), status: 'revoked', suspendedBy: [], statusBefore: null, revision };
    }
  },
};
