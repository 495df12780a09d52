import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { LegalHoldEvent } from '#libs/domain';
import { keptName } from '../retention/ties.js';

export type LegalHoldRow = {
  readonly id: string;
  readonly position: bigint;
  /** `kind/id` of what it stands on. */
  readonly on: string;
  readonly standing: boolean;
  readonly setAt: Instant;
  readonly liftedAt: Instant | null;
};

/** Legal holds, those that were lifted as well. */
export const legalHoldsProjection: Projection<LegalHoldRow> = {
  name: 'legal-holds',
  version: 2,
  table: {
    name: 'legal_holds',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', on: 'text', standing: 'boolean', setAt: 'text', liftedAt: 'text' },
    indexes: [['standing', 'position'], ['on']],
  },
  handles: ['LegalHoldPlaced', 'LegalHoldLifted', 'LegalHoldLapsed'],
  keys: (event) => [(event.data as LegalHoldEvent['data']).legalHold],
  fold(row, recorded: Recorded<DomainEvent>, id) {
    const event = recorded as unknown as Recorded<DomainEvent> & LegalHoldEvent;
    if (event.type === 'LegalHoldLifted') {
      return row && { ...row, standing: false, liftedAt: event.data.liftedAt };
    }
    // It never held anything: nobody looks for it in lists, and its own page says what became of it.
    if (event.type === 'LegalHoldLapsed') return undefined;
    const { on, setAt } = event.data;
    return { id, position: recorded.position, on: keptName(on), standing: true, setAt, liftedAt: null };
  },
};
