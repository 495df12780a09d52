import { objectIdOf, type DomainEvent, type Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { AuthorizationEvent, CopyRole, MeansEvent, RevocationRequestEvent } from '#libs/domain';

/** In which role it was decided; a request to revoke or to suspend decides on no copy. */
export type DecidedRole = CopyRole | 'revocation';

/** What is done by an application and decides about no level: corrections, activations, suspensions, permissions. */
const OTHERS: readonly string[] = [
  ...['PersonCorrected', 'PartyCorrected', 'AuthorizationActivated', 'MeansActivated', 'DisplayPermissionStated'],
  ...['AuthorizationSuspended', 'AuthorizationSuspensionLifted', 'MeansSuspended', 'MeansSuspensionLifted'],
];

export type DecidedObjectRow = {
  /** Application and object: each stands once. */
  readonly id: string;
  readonly position: bigint;
  readonly application: string;
  readonly role: DecidedRole | 'other';
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

/** A row of its own, so that it hides no decision about the same object; a suspension may have no application. */
function otherKeys({ data, metadata }: Recorded<DomainEvent>): readonly string[] {
  const { application } = data as { readonly application?: string };
  return application === undefined ? [] : [`${application} ${objectIdOf(metadata.stream)} other`];
}

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
    ...OTHERS,
  ],
  keys: (event) => (OTHERS.includes(event.type) ? otherKeys(event) : [idOf(event as unknown as Known)]),
  fold(row, recorded: Recorded<DomainEvent>, key) {
    if (OTHERS.includes(recorded.type)) {
      const [application = ''] = key.split(' ');
      const object = objectIdOf(recorded.metadata.stream);
      return row ?? { id: key, position: recorded.position, application, role: 'other', object };
    }
    const event = recorded as unknown as Known;
    const { application } = event.data;
    const [role, object] = objectOf(event);
    return row ?? { id: idOf(event), position: recorded.position, application, role, object };
  },
};
