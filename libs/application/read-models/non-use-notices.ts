import { epochOf, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { AuthorizationEvent, AuthorizationNonUseNoticed } from '#libs/domain';

/** A notice of non-use that stands, in the list of what will be revoked. */
export type NonUseNoticeRow = {
  readonly id: string;
  /** What is left of a thousand thousand years when it will be revoked, in milliseconds: the first has most. */
  readonly revokes: bigint;
  readonly noticedAt: Instant;
  readonly revokesAt: Instant;
  /** Its last use that the notice knew of. */
  readonly lastUsedAt: Instant | null;
};

const FAR = 1_000_000_000_000_000n;

/** Authorizations that were noticed and neither used since, as far as was seen, nor ended: the first to end first. */
export const nonUseNoticesProjection: Projection<NonUseNoticeRow> = {
  name: 'non-use-notices',
  version: 1,
  table: {
    name: 'non_use_notices',
    key: 'id',
    newestFirst: 'revokes',
    columns: { id: 'text', revokes: 'bigint', noticedAt: 'text', revokesAt: 'text', lastUsedAt: 'text' },
  },
  handles: ['AuthorizationNonUseNoticed', 'AuthorizationNonUseNoticeWithdrawn', 'AuthorizationRevoked'],
  keys: (event) => [(event.data as AuthorizationEvent['data']).authorization],
  fold(_row, { type, data }: Recorded<DomainEvent>, id) {
    if (type !== 'AuthorizationNonUseNoticed') return undefined;
    const { noticedAt, revokesAt, lastUsedAt } = data as AuthorizationNonUseNoticed['data'];
    return { id, revokes: FAR - BigInt(epochOf(revokesAt)), noticedAt, revokesAt, lastUsedAt };
  },
};
