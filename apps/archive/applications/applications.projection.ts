import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type {
  ApplicationReceived,
  AuthorizationEvent,
  CheckRecorded,
  MeansEvent,
  RevocationRequestEvent,
} from '#libs/domain';

export type ApplicationRow = {
  readonly id: string;
  readonly position: bigint;
  readonly channel: string;
  readonly medium: string | null;
  readonly receivedAt: string;
  readonly purposes: readonly string[];
  readonly late: boolean;
  /** How many checks hang on it. */
  readonly checks: number;
  /** What was applied for, registered, activated or asked to be revoked on it; the first hundred of each. */
  readonly means: readonly string[];
  readonly authorizations: readonly string[];
  readonly revocationRequests: readonly string[];
};

/** An intake of which more comes is shown with so much of each: a row does not grow without end. */
const MOST_SHOWN = 100;

type Known =
  ApplicationReceived | CheckRecorded | Extract<Following, { readonly data: { readonly application: string } }>;
type Following = AuthorizationEvent | MeansEvent | RevocationRequestEvent;

/** Every application, newest first. */
export const applicationsProjection: Projection<ApplicationRow> = {
  name: 'applications',
  version: 7,
  table: {
    name: 'applications',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      channel: 'text',
      medium: 'text',
      receivedAt: 'text',
      purposes: 'text[]',
      late: 'boolean',
      checks: 'integer',
      means: 'text[]',
      authorizations: 'text[]',
      revocationRequests: 'text[]',
    },
    indexes: [['channel', 'position'], ['purposes'], ['receivedAt', 'position']],
  },
  handles: [
    'ApplicationReceived',
    'CheckRecorded',
    'MeansApplied',
    'MeansActivated',
    'MeansUpgraded',
    'MeansRenewed',
    'AuthorizationRegistered',
    'AuthorizationActivated',
    'AuthorizationRenewed',
    'AuthorizationChanged',
    'DisplayPermissionStated',
    'AuthorizationSuspended',
    'AuthorizationSuspensionLifted',
    'MeansCertificateRevoked',
    'MeansSuspended',
    'MeansSuspensionLifted',
    'RevocationRequested',
    'SuspensionRequested',
  ],

  keys(recorded) {
    const { type, data } = recorded as unknown as Known;
    return [type === 'CheckRecorded' ? data.facts.application : data.application];
  },

  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<DomainEvent> & Known;
    switch (event.type) {
      case 'ApplicationReceived': {
        const { application, channel, medium = null, receivedAt, purposes, late } = event.data;
        return {
          ...{ id: application, position: recorded.position, channel, medium, receivedAt, purposes, late, checks: 0 },
          ...{ means: [], authorizations: [], revocationRequests: [] },
        };
      }
      case 'CheckRecorded': {
        const known = present(row, recorded);
        return { ...known, checks: known.checks + 1 };
      }
      case 'MeansApplied':
      case 'MeansActivated':
      case 'MeansUpgraded':
      case 'MeansRenewed':
      case 'MeansCertificateRevoked':
      case 'MeansSuspended':
      case 'MeansSuspensionLifted': {
        const known = present(row, recorded);
        return { ...known, means: including(known.means, event.data.means) };
      }
      case 'AuthorizationRegistered':
      case 'AuthorizationActivated':
      case 'AuthorizationRenewed':
      case 'AuthorizationChanged':
      case 'DisplayPermissionStated':
      case 'AuthorizationSuspended':
      case 'AuthorizationSuspensionLifted': {
        const known = present(row, recorded);
        return { ...known, authorizations: including(known.authorizations, event.data.authorization) };
      }
      case 'RevocationRequested':
      case 'SuspensionRequested': {
        const known = present(row, recorded);
        return { ...known, revocationRequests: including(known.revocationRequests, event.data.revocationRequest) };
      }
    }
  },
};

const including = (list: readonly string[], id: string): readonly string[] =>
  list.includes(id) || list.length >= MOST_SHOWN ? list : [...list, id];
