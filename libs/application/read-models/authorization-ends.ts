import { epochOf, later, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import type { Condition, Projection } from '#libs/eventing';
import { authorizationsProjection, type AuthorizationRow } from './authorizations.js';

/** An authorization in the list of what ends, by its end. */
export type AuthorizationEndRow = AuthorizationRow & {
  /** What is left of a thousand thousand years at its end, in milliseconds: of two the one that ends first has more. */
  readonly ends: bigint;
};

/** Lists go down, and their places are never negative. */
const FAR = 1_000_000_000_000_000n;
const leftAt = (moment: Instant): bigint => FAR - BigInt(epochOf(moment));

const { table, handles, keys, fold } = authorizationsProjection;

/** Every authorization that was not revoked, the first to end first. */
export const authorizationEndsProjection: Projection<AuthorizationEndRow> = {
  name: 'authorization-ends',
  version: 1,
  table: {
    name: 'authorization_ends',
    key: 'id',
    newestFirst: 'ends',
    columns: { ...table.columns, ends: 'bigint' },
    indexes: [
      ['ends'],
      ['representedParty', 'ends'],
      ['authorizedPerson', 'ends'],
      ['authorizedParty', 'ends'],
      ['means', 'ends'],
    ],
  },
  handles,
  keys,
  fold(row, event: Recorded<DomainEvent>, key) {
    const next = fold(row, event, key);
    return next === undefined || next.revoked ? undefined : { ...next, ends: leftAt(next.validUntil) };
  },
};

/** Conditions for what has not ended at a moment and ends before another. */
export const whereEnding = (before: Instant, at: Instant): readonly Condition[] => [
  { column: 'ends', is: 'from', value: leftAt(later(before, -1)) },
  { column: 'ends', is: 'before', value: leftAt(at) },
];
