import {
  accept,
  clear,
  reject,
  type Decider,
  type EventCodec,
  type Instant,
  type KeyHolder,
  type LegalHoldId,
  type Personal,
} from '#libs/kernel';
import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';

/**
 * A legal hold: a person decides that what belongs to an object is not destroyed when its time is over, since a court, a
 * supervisor or a claim asks for it. Whoever lifts it says why as well.
 */

/** What a hold can stand on; everything that it rests on, and that rests on it, is held with it. */
export const HELD_KINDS = ['authorization', 'means', 'person', 'party', 'application', 'check'] as const;
export type HeldKind = (typeof HELD_KINDS)[number];

export interface HeldObject {
  readonly kind: HeldKind;
  readonly id: string;
}

// Events

export interface LegalHoldPlaced {
  readonly type: 'LegalHoldPlaced';
  readonly data: {
    readonly legalHold: LegalHoldId;
    readonly on: HeldObject;
    readonly reason: Personal<string>;
    readonly setAt: Instant;
  };
}
export interface LegalHoldLifted {
  readonly type: 'LegalHoldLifted';
  readonly data: { readonly legalHold: LegalHoldId; readonly reason: Personal<string>; readonly liftedAt: Instant };
}
/** What it stands on was being destroyed before it was set: it holds nothing, and never did. */
export interface LegalHoldLapsed {
  readonly type: 'LegalHoldLapsed';
  readonly data: { readonly legalHold: LegalHoldId; readonly lapsedAt: Instant };
}
export type LegalHoldEvent = LegalHoldPlaced | LegalHoldLifted | LegalHoldLapsed;

const own = ({ legalHold }: { readonly legalHold: LegalHoldId }): KeyHolder => ({ kind: 'legalHold', id: legalHold });

export const legalHoldCodec: EventCodec<LegalHoldEvent> = {
  LegalHoldPlaced: { schemaVersion: 1, processingActivity: 'retention', personal: { reason: own } },
  LegalHoldLifted: { schemaVersion: 1, processingActivity: 'retention', personal: { reason: own } },
  LegalHoldLapsed: { schemaVersion: 1, processingActivity: 'retention' },
};

// Commands and rejections

export type LegalHoldCommand =
  | {
      readonly type: 'SetLegalHold';
      readonly legalHold: LegalHoldId;
      readonly on: HeldObject;
      readonly reason: string;
      readonly now: Instant;
    }
  | { readonly type: 'LiftLegalHold'; readonly reason: string; readonly now: Instant }
  /** What it stands on is gone: one that came too late. */
  | { readonly type: 'LapseLegalHold'; readonly now: Instant };

export const legalHoldRejections = {
  'no-such-legal-hold': notFound('There is no such legal hold', 'Dit bewaarbevel bestaat niet', {
    en: 'No legal hold with this id was ever set.',
    nl: 'Er is nooit een bewaarbevel met dit id vastgelegd.',
  }),
  'legal-hold-exists': conflicting('The legal hold was set already', 'Het bewaarbevel is al vastgelegd', {
    en: 'The id belongs to another hold.',
    nl: 'Het id is van een ander bewaarbevel.',
  }),
  'legal-hold-lifted': conflicting('The legal hold was lifted', 'Het bewaarbevel is opgeheven', {
    en: 'A hold is lifted once; set another one where it is needed again.',
    nl: 'Een bewaarbevel wordt één keer opgeheven; leg een nieuw bevel vast als dat weer nodig is.',
  }),
  'nothing-to-hold': invalid('There is nothing to hold', 'Er is niets om te bewaren', {
    en: 'What is named was never recorded, or was destroyed.',
    nl: 'Wat wordt genoemd, is nooit vastgelegd of is vernietigd.',
  }),
};

export const rejectLegalHold = rejecting(legalHoldRejections);

// State

interface OnRecord {
  readonly id: LegalHoldId;
  readonly on: HeldObject;
  readonly setAt: Instant;
}
export type LegalHold =
  | { readonly status: 'none' }
  | ({ readonly status: 'standing' } & OnRecord)
  | ({ readonly status: 'lifted'; readonly liftedAt: Instant } & OnRecord)
  | ({ readonly status: 'lapsed'; readonly lapsedAt: Instant } & OnRecord);
export type RecordedLegalHold = Exclude<LegalHold, { status: 'none' }>;

// Decider

export const legalHoldDecider: Decider<LegalHold, LegalHoldCommand, LegalHoldEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'SetLegalHold') {
      const { legalHold, on, reason, now } = command;
      if (state.status !== 'none') return reject(rejectLegalHold('legal-hold-exists'));
      return accept({ type: 'LegalHoldPlaced', data: { legalHold, on, reason: clear(reason), setAt: now } });
    }
    if (state.status === 'none') return reject(rejectLegalHold('no-such-legal-hold'));
    if (command.type === 'LapseLegalHold') {
      return state.status === 'standing'
        ? accept({ type: 'LegalHoldLapsed', data: { legalHold: state.id, lapsedAt: command.now } })
        : accept();
    }
    if (state.status === 'lapsed') return reject(rejectLegalHold('nothing-to-hold'));
    if (state.status === 'lifted') return reject(rejectLegalHold('legal-hold-lifted'));
    const { reason, now } = command;
    return accept({ type: 'LegalHoldLifted', data: { legalHold: state.id, reason: clear(reason), liftedAt: now } });
  },

  evolve(state, event) {
    if (event.type === 'LegalHoldPlaced') {
      const { legalHold: id, on, setAt } = event.data;
      return { status: 'standing', id, on, setAt };
    }
    if (state.status === 'none') return state;
    const { id, on, setAt } = state;
    return event.type === 'LegalHoldLifted'
      ? { status: 'lifted', id, on, setAt, liftedAt: event.data.liftedAt }
      : { status: 'lapsed', id, on, setAt, lapsedAt: event.data.lapsedAt };
  },
};
