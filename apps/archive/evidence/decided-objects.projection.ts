import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { AuthorizationEvent, CopyRole, MeansEvent } from '#libs/domain';

export type DecidedObjectRow = {
  /** Application and object: each stands once. */
  readonly id: string;
  readonly position: bigint;
  readonly application: string;
  readonly role: CopyRole;
  /** The authorization or the means: what was decided about it stands in its stream. */
  readonly object: string;
};

type Known = Extract<
  AuthorizationEvent | MeansEvent,
  {
    readonly type:
      | 'AuthorizationRegistered'
      | 'AuthorizationRenewed'
      | 'AuthorizationChanged'
      | 'MeansApplied'
      | 'MeansUpgraded'
      | 'MeansRenewed';
  }
>;

const idOf = ({ data }: Known): string =>
  `${data.application} ${'authorization' in data ? data.authorization : data.means}`;

/** What was decided about on an application, or is going to be: by it a copy that comes later finds its decision (WID-10). */
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
    ...['MeansApplied', 'MeansUpgraded', 'MeansRenewed'],
  ],
  keys: (event) => [idOf(event as unknown as Known)],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Known;
    const { application } = event.data;
    const [role, object] =
      'authorization' in event.data
        ? (['registration', event.data.authorization] as const)
        : (['issuance', event.data.means] as const);
    return row ?? { id: idOf(event), position: recorded.position, application, role, object };
  },
};
