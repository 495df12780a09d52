import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import {
  bringsNewToken,
  lifeOfNewToken,
  lifeOfSameToken,
  lifeRevoked,
  type CertificateLife,
  type HolderIdentified,
  type Means,
  type MeansEvent,
  type Suspender,
} from '#libs/domain';
import type { StorkLevel } from '#libs/scheme';
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
  /** When its certificate ends, as far as known; an earlier table does not have it. */
  readonly certificateEndsAt?: Instant | null;
  /**
   * STORK level that it is registered at, as `levelOfMeans` says: what it was issued at, until then what its identification
   * earned. An earlier table does not have it.
   */
  readonly registeredStork?: number;
};

/** Every means ever applied for, newest first. Read by issuance, assurance, the archive and dossier assembly. */
export const meansProjection: Projection<MeansRow> = {
  name: 'means',
  version: 5,
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
      certificateEndsAt: 'text',
      registeredStork: 'integer',
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
    'MeansCertificateRevoked',
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
          certificateEndsAt: null,
          registeredStork: 1,
        };
      }
      case 'HolderIdentified':
        return {
          ...present(row, recorded),
          ...{ status: 'identified', registeredStork: storkIdentified(event.data.scores), revision },
        };
      case 'MeansIssued':
        return {
          ...present(row, recorded),
          status: 'issued',
          ...{ stork: event.data.stork, registeredStork: event.data.stork },
          issuanceLevel: event.data.issuanceLevel,
          ...column(lifeOfNewToken(event.data)),
          revision,
        };
      case 'MeansActivated':
        return { ...present(row, recorded), status: 'active', revision };
      case 'MeansUpgraded':
      case 'MeansRenewed': {
        const { product, stork, issuanceLevel } = event.data;
        const before = present(row, recorded);
        const isNewToken = bringsNewToken(event, before.product);
        const life = isNewToken ? lifeOfNewToken(event.data) : lifeOfSameToken(lifeOf(before), event.data);
        const levels = { stork, registeredStork: stork, issuanceLevel };
        return { ...before, product, ...levels, ...column(life), revision };
      }
      case 'MeansCertificateRevoked': {
        const before = present(row, recorded);
        return { ...before, ...column(lifeRevoked(lifeOf(before), event.data.reportedAt)), revision };
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

/** What an identification earned; one that earned nothing is at the lowest, as one that was only applied for is. */
export const storkIdentified = (scores: HolderIdentified['data']['scores']): StorkLevel =>
  Math.max(1, scores.ID ?? 1) as StorkLevel;

const lifeOf = ({ certificateEndsAt }: MeansRow): CertificateLife =>
  typeof certificateEndsAt === 'string' ? { certificateEndsAt } : {};
const column = ({ certificateEndsAt }: CertificateLife): Pick<MeansRow, 'certificateEndsAt'> => ({
  certificateEndsAt: certificateEndsAt ?? null,
});
