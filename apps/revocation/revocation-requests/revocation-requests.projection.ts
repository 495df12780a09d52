import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import { revocationRequestDecider, type RevocationRequest, type RevocationRequestEvent } from '#libs/domain';

/** A revocation request with its whole state, and the columns it is searched by. */
export type RevocationRequestRow = {
  readonly id: string;
  readonly position: bigint;
  /** What was asked. */
  readonly mutation: string;
  readonly status: string;
  readonly authorization: string | null;
  readonly means: string | null;
  /** Of a leaver. */
  readonly person: string | null;
  readonly party: string | null;
  readonly receivedAt: string;
  readonly dueAt: string | null;
  readonly breached: boolean | null;
  readonly request: Exclude<RevocationRequest, { status: 'none' }>;
};

export const revocationRequestsProjection: Projection<RevocationRequestRow> = {
  name: 'revocation-requests',
  version: 6,
  readsEarlier: 1,
  table: {
    name: 'revocation_requests',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      mutation: 'text',
      status: 'text',
      authorization: 'text',
      means: 'text',
      person: 'text',
      party: 'text',
      receivedAt: 'text',
      dueAt: 'text',
      breached: 'boolean',
      request: 'json',
    },
    indexes: [
      ['mutation', 'position'],
      ['status', 'position'],
      ['status', 'breached', 'position'],
      ['breached', 'position'],
      ['authorization', 'position'],
      ['means', 'position'],
      ['person', 'position'],
      ['party', 'position'],
      ['dueAt', 'position'],
    ],
  },
  handles: [
    'RevocationRequested',
    'RevocationDeadlineMoved',
    'RevocationAccepted',
    'RevocationRefused',
    'RevocationWithdrawn',
    'RevocationExtended',
    'RevocationLinesJudged',
    'RevocationLinesEffected',
    'RevocationEffected',
    'SuspensionRequested',
    'SuspensionAccepted',
    'SuspensionRefused',
    'SuspensionRequestWithdrawn',
    'SuspensionEffected',
  ],
  keys: (event) => [(event.data as RevocationRequestEvent['data']).revocationRequest],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as RevocationRequestEvent;
    const before: RevocationRequest =
      event.type === 'RevocationRequested' || event.type === 'SuspensionRequested'
        ? { status: 'none' }
        : present(row, recorded).request;
    const request = revocationRequestDecider.evolve(before, event);
    if (request.status === 'none') throw new Error(`${event.type} leaves nothing`);
    const { object } = request;
    return {
      id: request.revocationRequest,
      position: row?.position ?? recorded.position,
      mutation: request.mutation ?? 'revocation',
      status: request.status,
      authorization: 'authorization' in object ? object.authorization : null,
      means: 'means' in object ? object.means : null,
      person: 'person' in object ? object.person : null,
      party: 'person' in object ? object.party : null,
      receivedAt: request.receivedAt,
      dueAt: ('dueAt' in request ? request.dueAt : null) ?? null,
      breached: ('breached' in request ? request.breached : null) ?? null,
      request,
    };
  },
};
