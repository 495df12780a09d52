import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { AuthorizationEvent, CopyRole, MeansEvent, RevocationRequestEvent } from '#libs/domain';

/** In which role it was decided; a request to revoke or to suspend decides on no copy. */
export type DecidedRole = CopyRole | 'revocation';

export type DecidedObjectRow = {
  /** Application and object: each stands once. */
  readonly id: string;
  readonly position: bigint;
  readonly application: string;
  readonly role: DecidedRole;
  /** The authorization, the means or the request: what was decided about it stands in its stream. */
  readonly object: string;
};

type Known = Extract<
  AuthorizationEvent | MeansEvent | RevocationRequestEvent,
  {
    readonly type:
      | 'AuthorizationRegistered'
      | 'AuthorizationRenewed'
      | 'AuthorizationChanged'
      | 'MeansApplied'
      | 'MeansUpgraded'
      | 'MeansRenewed'
      | 'RevocationRequested'
      | 'SuspensionRequested';
  }
>;

function objectOf({ data }: Known): readonly [role: DecidedRole, object: string] {
  if ('authorization' in data) return ['registration', data.authorization];
  return 'means' in data ? ['issuance', data.means] : ['revocation', data.revocationRequest];
}

const idOf = (event: Known): string => `${event.data.application} ${objectOf(event)[1]}`;

/** What was decided about on an application, or is going to be: by it what comes later finds its decision (WID-10). */
export const decidedObjectsProjection: Projection<DecidedObjectRow> = {
  name: 'decided-objects',
  version: 1,
  table: {
    name: 'decided_objects',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', application: 'text', role: 'text', object: 'text' },
    indexes: [['application', 'position']],
  },
  handles: [
    ...['AuthorizationRegistered', 'AuthorizationRenewed', 'AuthorizationChanged'],
    ...['MeansApplied', 'MeansUpgraded', 'MeansRenewed', 'RevocationRequested', 'SuspensionRequested'],
  ],
  keys: (event) => [idOf(event as unknown as Known)],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Known;
    const { application } = event.data;
    const [role, object] = objectOf(event);
    return row ?? { id: idOf(event), position: recorded.position, application, role, object };
  },
};
