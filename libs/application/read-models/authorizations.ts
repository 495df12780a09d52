import { later, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import type { Condition, Projection } from '#libs/eventing';
import type {
  AuthorizationChanged,
  AuthorizationEvent,
  AuthorizationRenewed,
  Nature,
  RegisteredAuthorization,
  Scope,
  Standing,
  Suspender,
} from '#libs/domain';
import type { EhLevel } from '#libs/scheme';

/** An authorization in lists: who, for whom, what, until when, at which recorded level. */
export type AuthorizationRow = {
  readonly id: string;
  readonly position: bigint;
  readonly revision: number;
  readonly application: string;
  readonly authority: string;
  readonly representedParty: string;
  readonly submitter: string;
  readonly authorizedPerson: string | null;
  readonly means: string | null;
  readonly pseudonym: string | null;
  readonly authorizedParty: string | null;
  readonly scope: Scope;
  readonly nature: Nature;
  readonly establishments: readonly string[] | null;
  /** What the represented party states of the person's permission to be shown; `null`: nothing (CONSENT-08). */
  readonly displayPermitted: boolean | null;
  readonly status: RegisteredAuthorization['status'];
  readonly registeredAt: Instant;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly revokedAt: Instant | null;
  readonly m: number;
  readonly eh: EhLevel | null;
  readonly submitterLevel: EhLevel | null;
  readonly recordedAt: Instant;
  /** Everybody and every party that it names in one role or another, for an auditor's questions. */
  readonly persons: readonly string[];
  readonly parties: readonly string[];
  /** Whether it is over for good, so that what has expired is found without what was revoked. */
  readonly revoked: boolean;
  /** While it is suspended: by whom, and what it was before, to which it goes back. */
  readonly suspendedBy: readonly Suspender[];
  readonly statusBefore: 'awaitingActivation' | 'active' | null;
};

/**
 * Every authorization ever registered, newest first. Read by registration, revocation, assurance, the archive and dossier
 * assembly.
 */
export const authorizationsProjection: Projection<AuthorizationRow> = {
  name: 'authorizations',
  version: 4,
  readsEarlier: 1,
  table: {
    name: 'authorizations',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      revision: 'integer',
      application: 'text',
      authority: 'text',
      representedParty: 'text',
      submitter: 'text',
      authorizedPerson: 'text',
      means: 'text',
      pseudonym: 'text',
      authorizedParty: 'text',
      scope: 'json',
      nature: 'json',
      establishments: 'text[]',
      displayPermitted: 'boolean',
      status: 'text',
      registeredAt: 'text',
      validFrom: 'text',
      validUntil: 'text',
      revokedAt: 'text',
      m: 'integer',
      eh: 'text',
      submitterLevel: 'text',
      recordedAt: 'text',
      persons: 'text[]',
      parties: 'text[]',
      revoked: 'boolean',
      suspendedBy: 'text[]',
      statusBefore: 'text',
    },
    indexes: [
      ['representedParty', 'position'],
      ['authorizedPerson', 'position'],
      ['means', 'position'],
      ['authorizedParty', 'position'],
      ['application', 'position'],
      // With the period behind the order: a standing is read from the index alone, however many rows are passed over.
      ['status', 'position', 'id', 'validUntil', 'validFrom'],
      ['revoked', 'position', 'id', 'validUntil'],
      ['persons'],
      ['parties'],
      // What is not valid yet is rare.
      ['validFrom', 'position'],
      ['recordedAt', 'position'],
    ],
    selective: ['persons', 'parties'],
  },
  handles: [
    'AuthorizationRegistered',
    'AuthorizationActivated',
    'AuthorizationRenewed',
    'AuthorizationChanged',
    'DisplayPermissionStated',
    'AuthorizationSuspended',
    'AuthorizationSuspensionLifted',
    'AuthorizationRevoked',
  ],

  keys: (event) => [(event.data as AuthorizationEvent['data']).authorization],

  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<AuthorizationEvent> & AuthorizationEvent;
    switch (event.type) {
      case 'AuthorizationRegistered': {
        const { data } = event;
        const person = 'person' in data.authorizedParty ? data.authorizedParty : undefined;
        return {
          id: data.authorization,
          position: recorded.position,
          revision: recorded.revision,
          application: data.application,
          authority: data.authority,
          representedParty: data.representedParty,
          submitter: data.submitter.person,
          authorizedPerson: person?.person ?? null,
          means: person?.means ?? null,
          pseudonym: person?.pseudonym ?? null,
          authorizedParty: 'party' in data.authorizedParty ? data.authorizedParty.party : null,
          scope: data.scope,
          nature: data.nature,
          establishments: data.establishments ?? null,
          displayPermitted: data.displayPermitted ?? null,
          status: 'awaitingActivation',
          registeredAt: data.registeredAt,
          validFrom: data.validFrom,
          validUntil: data.validUntil,
          revokedAt: null,
          m: data.m,
          eh: data.eh,
          submitterLevel: data.submitterLevel,
          recordedAt: recorded.recordedAt,
          persons: distinct([data.submitter.person, data.legalRepresentative, person?.person]),
          parties: distinct([
            data.representedParty,
            'party' in data.authorizedParty ? data.authorizedParty.party : undefined,
          ]),
          revoked: false,
          suspendedBy: [],
          statusBefore: null,
        };
      }
      case 'AuthorizationActivated':
        return { ...present(row, recorded), status: 'active', revision: recorded.revision };
      case 'AuthorizationRenewed': {
        const known = present(row, recorded);
        return {
          ...known,
          ...decidedAnew(known, event.data),
          validUntil: event.data.validUntil,
          revision: recorded.revision,
        };
      }
      case 'AuthorizationChanged': {
        const known = present(row, recorded);
        const { scope, nature, establishments, validFrom, validUntil } = event.data;
        return {
          ...{ ...known, ...decidedAnew(known, event.data), scope, nature, validFrom, validUntil },
          ...{ establishments: establishments ?? null, revision: recorded.revision },
        };
      }
      case 'DisplayPermissionStated': {
        const { permitted } = event.data;
        return { ...present(row, recorded), displayPermitted: permitted, revision: recorded.revision };
      }
      case 'AuthorizationSuspended': {
        const before = present(row, recorded) as NotRevoked;
        return {
          ...before,
          ...{ status: 'suspended', revision: recorded.revision },
          ...suspendedRow(before, event.data.by),
        };
      }
      case 'AuthorizationSuspensionLifted': {
        const before = present(row, recorded) as NotRevoked;
        return { ...before, revision: recorded.revision, ...liftedRow(before, event.data.by) };
      }
      case 'AuthorizationRevoked':
        return {
          ...present(row, recorded),
          status: 'revoked',
          revoked: true,
          revokedAt: event.data.revokedAt,
          suspendedBy: [],
          statusBefore: null,
          revision: recorded.revision,
        };
      // Kept in a list of their own (non-use-notices.ts), and not asked for above.
      case 'AuthorizationNonUseNoticed':
      case 'AuthorizationNonUseNoticeExtended':
      case 'AuthorizationNonUseNoticeWithdrawn':
        return row;
    }
  },
};

type DecidedAgain = AuthorizationRenewed | AuthorizationChanged;

/** What a later decision says in place of the one before. Whoever had a part in one of them stays to be found. */
const decidedAnew = (
  { persons }: AuthorizationRow,
  { submitter, legalRepresentative, m, eh, submitterLevel }: DecidedAgain['data'],
) => ({
  ...{ submitter: submitter.person, m, eh, submitterLevel },
  persons: distinct([...persons, submitter.person, legalRepresentative]),
});

/** Of what is revoked nothing is suspended or lifted. */
type NotRevoked = AuthorizationRow & { readonly status: 'awaitingActivation' | 'active' | 'suspended' };

/** What a row keeps of suspensions; in a table of an earlier version there are none yet. */
interface SuspendedColumns<Status extends string> {
  readonly status: Status | 'suspended';
  readonly suspendedBy?: readonly Suspender[];
  readonly statusBefore?: Status | null;
}

export const suspendedRow = <Status extends string>(row: SuspendedColumns<Status>, by: Suspender) => ({
  suspendedBy: [...(row.suspendedBy ?? []).filter((one) => one !== by), by],
  statusBefore: row.status === 'suspended' ? (row.statusBefore ?? null) : row.status,
});

export function liftedRow<Status extends string>(row: SuspendedColumns<Status>, by: Suspender) {
  const suspendedBy = (row.suspendedBy ?? []).filter((one) => one !== by);
  const { statusBefore = null } = row;
  return suspendedBy.length > 0 || statusBefore === null
    ? { suspendedBy }
    : { suspendedBy, status: statusBefore, statusBefore: null };
}

const distinct = (ids: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(ids.filter((id) => id !== undefined)),
];

/**
 * Conditions for the authorizations that stand so at a moment: what `standingAt` says of their rows, said to a store.
 * The two change together.
 */
export function whereStanding(standing: Standing, at: Instant): readonly Condition[] {
  // Instants have milliseconds: later than `at` is the same as from a millisecond after it.
  const after = later(at, 1);
  const status = (value: AuthorizationRow['status']) => ({ column: 'status', is: 'equal', value }) as const;
  const runsOn = { column: 'validUntil', is: 'from', value: after } as const;
  switch (standing) {
    case 'revoked':
      return [status('revoked')];
    case 'expired':
      return [
        { column: 'revoked', is: 'equal', value: false },
        { column: 'validUntil', is: 'before', value: after },
      ];
    case 'suspended':
      return [status('suspended'), runsOn];
    case 'awaitingActivation':
      return [status('awaitingActivation'), runsOn];
    case 'notYetValid':
      return [status('active'), runsOn, { column: 'validFrom', is: 'from', value: after }];
    case 'active':
      return [status('active'), runsOn, { column: 'validFrom', is: 'before', value: after }];
  }
}

/** Conditions for what is not over at a moment: in force, suspended, not activated or not begun. */
export const whereNotOver = (at: Instant): readonly Condition[] => [
  { column: 'revoked', is: 'equal', value: false },
  { column: 'validUntil', is: 'from', value: later(at, 1) },
];

/**
 * Conditions for the administrators that a party has at a moment. One who is suspended, or has not begun, is one all the
 * same: nobody is shown or told less of because somebody else paused him.
 */
export const whereAdministrators = (party: string, at: Instant): readonly Condition[] => [
  { column: 'representedParty', is: 'equal', value: party },
  { column: 'authority', is: 'equal', value: 'administration' },
  ...whereNotOver(at),
];

/** The row an event goes on; without it the fold stops, because something before it is missing. */
export function present<R>(row: R | undefined, event: Recorded<DomainEvent>): R {
  if (row === undefined) throw new Error(`${event.type} of ${event.metadata.stream} came before its beginning`);
  return row;
}
