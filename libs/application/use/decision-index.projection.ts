import type { Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import {
  bringsNewToken,
  lifeOfNewToken,
  lifeOfSameToken,
  lifeRevoked,
  organizationId,
  type AuthorizationChanged,
  type AuthorizationEvent,
  type AuthorizationRegistered,
  type AuthorizationRenewed,
  type CertificateLife,
  type MeansEvent,
  type PartyEvent,
  restrictionOf,
  type Restriction,
  type Suspender,
} from '#libs/domain';
import type { EhLevel, Link } from '#libs/scheme';
import { present } from '../read-models/authorizations.js';

/** What a decision has to know of a means. */
export type MeansEntry = {
  readonly means: string;
  readonly pseudonym: string;
  /** The one person it is of (MEANS-05), so that a no can look for another means of his. */
  readonly holder: string;
  readonly product: string;
  /** Absent until it is issued. */
  readonly stork: number | null;
  readonly status: 'awaitingActivation' | 'active' | 'suspended' | 'revoked';
  readonly suspensions?: Suspensions;
} & Restriction &
  CertificateLife;

/** While something is suspended: by whom, and what it was before, to which it goes back (SUS-05). */
export type Suspensions = { readonly by: readonly Suspender[]; readonly before: 'awaitingActivation' | 'active' };

/** What a decision has to know of an authorization: the link of evaluation 5, and what it was registered at. */
export type AuthorizationEntry = {
  readonly authorization: string;
  readonly authority: AuthorizationRegistered['data']['authority'];
  /** `authorizedParty` is the pseudonym of a means, or the party id of an intermediary; `representedParty` a party id. */
  readonly link: Link;
  readonly toPerson: boolean;
  readonly registeredLevel: EhLevel | null;
  readonly suspensions?: Suspensions;
};

export type PartyEntry = {
  readonly party: string;
  /** The name callers use, `kvk:69599084`. */
  readonly organization: string;
  /** Known from the temporary register of rest groups only (REST-04). */
  readonly restGroup: boolean;
};

export type DecisionIndexRow = {
  /** `means:<id>`, `authorization:<id>` or `party:<id>`. */
  readonly id: string;
  /** Of the last event that changed it. */
  readonly position: bigint;
  readonly kind: 'means' | 'authorization' | 'party';
  /** Of an authorization only, to list them by. */
  readonly representedParty: string | null;
  readonly means: string | null;
  readonly content: MeansEntry | AuthorizationEntry | PartyEntry;
};

type IndexedEvent = MeansEvent | AuthorizationEvent | PartyEvent;

const HANDLED = [
  'MeansApplied',
  'MeansIssued',
  'MeansActivated',
  'MeansUpgraded',
  'MeansRenewed',
  'MeansCertificateRevoked',
  'MeansSuspended',
  'MeansSuspensionLifted',
  'MeansRevoked',
  'AuthorizationRegistered',
  'AuthorizationActivated',
  'AuthorizationRenewed',
  'AuthorizationChanged',
  'AuthorizationSuspended',
  'AuthorizationSuspensionLifted',
  'AuthorizationRevoked',
  'PartyRegistered',
] as const satisfies readonly IndexedEvent['type'][];

/**
 * Events after which somebody may do less than before, or at another level: the instances say at once that they have seen
 * them, and whoever is told that they took effect is told so when all of them have.
 */
export const ENDING: ReadonlySet<string> = new Set([
  'MeansUpgraded',
  'MeansRenewed',
  'MeansCertificateRevoked',
  'MeansSuspended',
  'MeansRevoked',
  'AuthorizationRenewed',
  'AuthorizationChanged',
  'AuthorizationSuspended',
  'AuthorizationRevoked',
]);

/**
 * Everything that a decision at use rests on, and no more: a type that is not needed here can't hold up a revocation.
 * The index in memory is loaded from this table and goes on with the same fold.
 */
export const decisionIndexProjection: Projection<DecisionIndexRow> = {
  name: 'decision-index',
  version: 4,
  table: {
    name: 'decision_index',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      kind: 'text',
      representedParty: 'text',
      means: 'text',
      content: 'json',
    },
    indexes: [
      ['kind', 'position'],
      ['representedParty', 'position'],
      ['means', 'position'],
    ],
  },
  handles: HANDLED,
  keys: (event) => [keyOf(event as unknown as IndexedEvent)],
  fold: (row, event) => foldEntry(row, event as never),
};

function keyOf(event: IndexedEvent): string {
  if ('authorization' in event.data) return `authorization:${event.data.authorization}`;
  return 'means' in event.data ? `means:${event.data.means}` : `party:${event.data.party}`;
}

function foldEntry(row: DecisionIndexRow | undefined, event: Recorded<IndexedEvent> & IndexedEvent): DecisionIndexRow {
  const { position } = event as Recorded<IndexedEvent>;
  const change = <Entry extends DecisionIndexRow['content']>(changed: (entry: Entry) => Entry): DecisionIndexRow => {
    const before = present(row, event as never);
    return { ...before, position, content: changed(before.content as Entry) };
  };
  switch (event.type) {
    case 'MeansApplied': {
      const { means, pseudonym, holder, product } = event.data;
      const known: MeansEntry = { means, pseudonym, holder, product, stork: null, status: 'awaitingActivation' };
      const content: MeansEntry = { ...known, ...restrictionOf(event.data) };
      return { id: keyOf(event), position, kind: 'means', representedParty: null, means: null, content };
    }
    case 'MeansIssued':
      return change<MeansEntry>((entry) => ({
        ...{ ...entry, stork: event.data.stork },
        ...lifeOfNewToken(event.data),
        ...restrictionOf(event.data),
      }));
    case 'MeansActivated':
      return change<MeansEntry>((entry) => ({ ...entry, status: 'active' }));
    case 'MeansUpgraded':
    case 'MeansRenewed':
      return change<MeansEntry>(({ certificateEndsAt, ...entry }) => {
        const { product, stork } = event.data;
        const isNewToken = bringsNewToken(event, entry.product);
        const known = certificateEndsAt === undefined ? {} : { certificateEndsAt };
        return {
          ...{ ...entry, product, stork },
          ...(isNewToken ? lifeOfNewToken(event.data) : lifeOfSameToken(known, event.data)),
          ...restrictionOf(event.data),
        };
      });
    case 'MeansCertificateRevoked':
      return change<MeansEntry>((entry) => ({ ...entry, ...lifeRevoked(entry, event.data.reportedAt) }));
    case 'MeansSuspended':
      return change<MeansEntry>((entry) => suspended(entry, entry.suspensions, event.data.by));
    case 'MeansSuspensionLifted':
      return change<MeansEntry>((entry) => lifted(entry, entry.suspensions, event.data.by));
    case 'MeansRevoked':
      return change<MeansEntry>((entry) => ({ ...entry, status: 'revoked' }));
    case 'AuthorizationRegistered': {
      const { representedParty, authorizedParty } = event.data;
      return {
        id: keyOf(event),
        position,
        kind: 'authorization',
        representedParty,
        means: 'means' in authorizedParty ? authorizedParty.means : null,
        content: authorizationEntry(event.data),
      };
    }
    case 'AuthorizationActivated':
      return change<AuthorizationEntry>((entry) => ({ ...entry, link: { ...entry.link, status: 'active' } }));
    case 'AuthorizationRenewed':
      return change<AuthorizationEntry>((entry) => ({
        ...entry,
        registeredLevel: event.data.eh,
        link: { ...decidedAnew(entry.link, event.data), validUntil: event.data.validUntil },
      }));
    case 'AuthorizationChanged':
      return change<AuthorizationEntry>((entry) => ({
        ...entry,
        registeredLevel: event.data.eh,
        link: changedLink(decidedAnew(entry.link, event.data), event.data),
      }));
    case 'AuthorizationSuspended':
      return change<AuthorizationEntry>((entry) => {
        const { suspensions, ...link } = suspended(entry.link, entry.suspensions, event.data.by);
        return { ...entry, link, suspensions };
      });
    case 'AuthorizationSuspensionLifted':
      return change<AuthorizationEntry>(({ suspensions: before, ...entry }) => {
        const { suspensions, ...link } = lifted(entry.link, before, event.data.by);
        return { ...entry, link, ...(suspensions === undefined ? {} : { suspensions }) };
      });
    case 'AuthorizationRevoked':
      return change<AuthorizationEntry>((entry) => ({ ...entry, link: { ...entry.link, status: 'revoked' } }));
    case 'PartyRegistered': {
      const { party, register } = event.data;
      const content: PartyEntry = { party, organization: organizationId(event.data), restGroup: register === 'trr' };
      return { id: keyOf(event), position, kind: 'party', representedParty: null, means: null, content };
    }
    // Types of the same aggregates that say nothing about use; the feed hands over `HANDLED` only.
    case 'HolderIdentified':
    case 'DisplayPermissionStated':
    case 'AuthorizationNonUseNoticed':
    case 'AuthorizationNonUseNoticeExtended':
    case 'AuthorizationNonUseNoticeWithdrawn':
    case 'SpecialCircumstancesReported':
    case 'SpecialCircumstancesCleared':
    case 'PartyCorrected':
    case 'PartyContactRecorded':
    case 'PartyContactsErased':
      return present(row, event as never);
  }
}

/** What a later decision earned, in place of what the one before did. */
function decidedAnew(
  link: Link,
  { m, submitterLevel }: Pick<AuthorizationRenewed['data'], 'm' | 'submitterLevel'>,
): Link {
  const { submitterLevel: _before, ...rest } = link;
  return { ...rest, m: m as Link['m'], ...(submitterLevel === null ? {} : { submitterLevel }) };
}

function changedLink(link: Link, data: AuthorizationChanged['data']): Link {
  const { establishments: _before, ...rest } = link;
  const { scope, forThirdParties, establishments, nature, validFrom, validUntil } = data;
  return {
    ...{ ...rest, scope, forThirdParties, validFrom, validUntil },
    ...{ rightOfSubstitution: nature.rightOfSubstitution, actsIndependently: nature.actsIndependently },
    ...(establishments === undefined ? {} : { establishments }),
  };
}

type Suspendable = { readonly status: MeansEntry['status'] };

const suspended = <Entry extends Suspendable>(entry: Entry, before: Suspensions | undefined, by: Suspender) => ({
  ...entry,
  status: entry.status === 'revoked' ? ('revoked' as const) : ('suspended' as const),
  suspensions: {
    by: [...(before?.by ?? []).filter((one) => one !== by), by],
    before: before?.before ?? (entry.status === 'active' ? ('active' as const) : ('awaitingActivation' as const)),
  },
});

/** Nothing is usable again while another suspension stands. */
function lifted<Entry extends Suspendable>(
  entry: Entry,
  before: Suspensions | undefined,
  by: Suspender,
): Entry & { readonly suspensions?: Suspensions } {
  const { suspensions: _gone, ...rest } = entry as Entry & { readonly suspensions?: Suspensions };
  const left = (before?.by ?? []).filter((one) => one !== by);
  if (before === undefined || entry.status !== 'suspended') return rest as unknown as Entry;
  if (left.length > 0) return { ...(rest as unknown as Entry), suspensions: { ...before, by: left } };
  return { ...(rest as unknown as Entry), status: before.before };
}

function authorizationEntry(data: AuthorizationRegistered['data']): AuthorizationEntry {
  const { authorizedParty, submitterLevel, establishments, onlyForClients, nature } = data;
  const toPerson = 'person' in authorizedParty;
  return {
    authorization: data.authorization,
    authority: data.authority,
    toPerson,
    registeredLevel: data.eh,
    link: {
      representedParty: data.representedParty,
      authorizedParty: toPerson ? authorizedParty.pseudonym : authorizedParty.party,
      m: data.m as Link['m'],
      ...(submitterLevel === null ? {} : { submitterLevel }),
      status: 'awaitingActivation',
      registeredAt: data.registeredAt,
      validFrom: data.validFrom,
      validUntil: data.validUntil,
      scope: data.scope,
      ...(establishments === undefined ? {} : { establishments }),
      forThirdParties: data.forThirdParties,
      rightOfSubstitution: nature.rightOfSubstitution,
      actsIndependently: nature.actsIndependently,
      ...(onlyForClients === undefined ? {} : { onlyForClients }),
    },
  };
}
