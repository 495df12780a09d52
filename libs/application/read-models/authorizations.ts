import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { AuthorizationEvent, Nature, Scope } from '#libs/domain';

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
  readonly status: 'awaitingActivation' | 'active' | 'revoked';
  readonly registeredAt: Instant;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly revokedAt: Instant | null;
  readonly m: number;
  readonly eh: string | null;
  readonly submitterLevel: string | null;
};

/** Every authorization ever registered, newest first. Read by registration, revocation and dossier assembly. */
export const authorizationsProjection: Projection<AuthorizationRow> = {
  name: 'authorizations',
  version: 1,
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
      status: 'text',
      registeredAt: 'text',
      validFrom: 'text',
      validUntil: 'text',
      revokedAt: 'text',
      m: 'integer',
      eh: 'text',
      submitterLevel: 'text',
    },
    indexes: [
      ['representedParty', 'position'],
      ['authorizedPerson', 'position'],
      ['means', 'position'],
      ['authorizedParty', 'position'],
      ['status', 'position'],
    ],
  },
  handles: ['AuthorizationRegistered', 'AuthorizationActivated', 'AuthorizationRevoked'],

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
          status: 'awaitingActivation',
          registeredAt: data.registeredAt,
          validFrom: data.validFrom,
          validUntil: data.validUntil,
          revokedAt: null,
          m: data.m,
          eh: data.eh,
          submitterLevel: data.submitterLevel,
        };
      }
      case 'AuthorizationActivated':
        return { ...present(row, recorded), status: 'active', revision: recorded.revision };
      case 'AuthorizationRevoked':
        return {
          ...present(row, recorded),
          status: 'revoked',
          revokedAt: event.data.revokedAt,
          revision: recorded.revision,
        };
    }
  },
};

/** The row an event goes on; without it the fold stops, because something before it is missing. */
export function present<R>(row: R | undefined, event: Recorded<DomainEvent>): R {
  if (row === undefined) throw new Error(`${event.type} of ${event.metadata.stream} came before its beginning`);
  return row;
}
