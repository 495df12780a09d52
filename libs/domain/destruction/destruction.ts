import { accept, type Decider, type DestructionId, type EventCodec, type Instant, type PersonId } from '#libs/kernel';
import { notFound } from '../common/rejections.js';

/**
 * Destructions: what was kept for as long as it had to be, and is gone. The fact stands in a stream of its own: an object
 * whose records are destroyed gets no more of them, and its entries in the transparency log stay (ARCH-11).
 */

/** Why: the time for which it had to be kept is over (ARCH-11). */
export const DESTRUCTION_REASONS = ['retentionOver'] as const;
export type DestructionReason = (typeof DESTRUCTION_REASONS)[number];

/** Objects of one batch: what is destroyed together stands in one fact. */
export const MAX_DESTROYED_TOGETHER = 1_000;

export interface DestroyedObject {
  /** Of a stream, or `document`, which stands in its person's. */
  readonly kind: string;
  readonly id: string;
  /** Of a document: whose it was. */
  readonly person?: PersonId;
}

/** Entries of the transparency log, both ends in. */
export interface DestroyedRange {
  readonly first: number;
  readonly last: number;
}

// Events

/**
 * A batch of objects was found due, and is looked at once more behind this fact: a hold that was set before it is seen then,
 * and whoever sets one afterwards finds it here, and ends it. Its moment is the store's: by that as well the time has to be over.
 */
export interface DestructionIntended {
  readonly type: 'DestructionIntended';
  readonly data: {
    readonly destruction: DestructionId;
    /** Which attempt at this batch it is, from 1 on. */
    readonly attempt: number;
    /** How many objects. */
    readonly objects: number;
  };
}

/** Why an intent came to nothing: a legal hold, something that rests on it by now, or a log that lies behind. */
export const ABANDON_GROUNDS = ['legalHold', 'kept', 'logBehind'] as const;
export type AbandonGround = (typeof ABANDON_GROUNDS)[number];

/** Nothing was destroyed: whoever holds on to the attempt can't go on with it. */
export interface DestructionAbandoned {
  readonly type: 'DestructionAbandoned';
  readonly data: { readonly destruction: DestructionId; readonly attempt: number; readonly ground: AbandonGround };
}

/** Entry of the ledger in which a destruction stood before it became a fact. */
export interface EntryOfLedger {
  readonly number: number;
  /** SHA-256 of the entry, in hexadecimal digits. */
  readonly digest: string;
}

/**
 * It is decided that a batch of objects goes: their keys, and of each stream every record and salt. Named as the verifier of
 * the log reads it: an entry without a record is excused by `indexes` of a record behind it.
 */
export interface RecordsDestroyed {
  readonly type: 'RecordsDestroyed';
  readonly data: {
    /** The batch. */
    readonly destruction: DestructionId;
    readonly reason: DestructionReason;
    /** Years that were kept to. */
    readonly retentionYears: number;
    readonly objects: readonly DestroyedObject[];
    readonly indexes: readonly DestroyedRange[];
    /** Addresses of the sealed files that went with them. */
    readonly files: readonly string[];
    /** By the store's time. */
    readonly destroyedAt: Instant;
    /** Absent of what was destroyed before the ledger had numbers. */
    readonly ledger?: EntryOfLedger;
  };
}

/** Keys, files, records and salts of the batch are gone. */
export interface DestructionCompleted {
  readonly type: 'DestructionCompleted';
  readonly data: { readonly destruction: DestructionId };
}
export type DestructionEvent = DestructionIntended | DestructionAbandoned | RecordsDestroyed | DestructionCompleted;

const declared = { schemaVersion: 1, processingActivity: 'retention' } as const;

export const destructionCodec: EventCodec<DestructionEvent> = {
  DestructionIntended: declared,
  DestructionAbandoned: declared,
  RecordsDestroyed: declared,
  DestructionCompleted: declared,
};

// Commands and rejections

export type DestructionCommand =
  /** `attempt`: the one behind the last, made or abandoned. */
  | {
      readonly type: 'IntendDestruction';
      readonly destruction: DestructionId;
      readonly attempt: number;
      readonly objects: number;
    }
  /** `attempt` absent: whichever is under way. */
  | { readonly type: 'AbandonDestruction'; readonly attempt?: number; readonly ground: AbandonGround }
  /** `attempt` absent: it is known to have been a fact, and the store has lost it. */
  | ({ readonly type: 'RecordDestruction'; readonly attempt?: number } & RecordsDestroyed['data'])
  | { readonly type: 'CompleteDestruction' };

export const destructionRejections = {
  'no-such-destruction': notFound('There is no such destruction', 'Deze vernietiging bestaat niet', {
    en: 'Nothing was ever destroyed under this id.',
    nl: 'Er is nooit iets vernietigd onder dit id.',
  }),
};

// State

export type Destruction =
  | { readonly status: 'none' }
  | {
      readonly status: 'intended' | 'abandoned';
      readonly destruction: DestructionId;
      readonly attempt: number;
    }
  | ({ readonly status: 'destroying' | 'destroyed' } & RecordsDestroyed['data']);
export type RecordedDestruction = Extract<Destruction, { status: 'destroying' | 'destroyed' }>;

/** It is decided, whether it is carried out yet or not. */
export const isDecided = (state: Destruction): state is RecordedDestruction =>
  state.status === 'destroying' || state.status === 'destroyed';

/** Number of the attempt that can be made now. */
export const nextAttempt = (state: Destruction): number =>
  state.status === 'intended' || state.status === 'abandoned' ? state.attempt + 1 : 1;

// Decider

/** What comes too late records nothing: who asks reads from the state what became of it. */
export const destructionDecider: Decider<Destruction, DestructionCommand, DestructionEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'IntendDestruction': {
        const { destruction, attempt, objects } = command;
        // Decided already, or the same attempt. An earlier one that nobody finished is superseded.
        if (isDecided(state) || attempt < nextAttempt(state)) return accept();
        return accept({ type: 'DestructionIntended', data: { destruction, attempt, objects } });
      }
      case 'AbandonDestruction': {
        if (state.status !== 'intended' || (command.attempt ?? state.attempt) !== state.attempt) return accept();
        const { destruction, attempt } = state;
        return accept({ type: 'DestructionAbandoned', data: { destruction, attempt, ground: command.ground } });
      }
      case 'RecordDestruction': {
        if (isDecided(state)) return accept();
        const { type: _type, attempt, ...data } = command;
        if (attempt !== undefined && (state.status !== 'intended' || state.attempt !== attempt)) return accept();
        return accept({ type: 'RecordsDestroyed', data });
      }
      case 'CompleteDestruction':
        return state.status === 'destroying'
          ? accept({ type: 'DestructionCompleted', data: { destruction: state.destruction } })
          : accept();
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'DestructionIntended': {
        const { destruction, attempt } = event.data;
        return isDecided(state) ? state : { status: 'intended', destruction, attempt };
      }
      case 'DestructionAbandoned':
        return state.status === 'intended' ? { ...state, status: 'abandoned' } : state;
      case 'RecordsDestroyed':
        return { status: 'destroying', ...event.data };
      case 'DestructionCompleted':
        return state.status === 'destroying' ? { ...state, status: 'destroyed' } : state;
    }
  },
};

/** Indexes as the ranges that they make, in their order. */
export function rangesOf(indexes: readonly number[]): readonly DestroyedRange[] {
  const ranges: { first: number; last: number }[] = [];
  for (const index of [...new Set(indexes)].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.last + 1 === index) last.last = index;
    else ranges.push({ first: index, last: index });
  }
  return ranges;
}
