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
 * A batch of objects was destroyed: their keys, and of each stream every record and salt. Named as the verifier of the log
 * reads it: an entry without a record is excused by `indexes` of a record behind it.
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
    readonly destroyedAt: Instant;
  };
}
export type DestructionEvent = RecordsDestroyed;

export const destructionCodec: EventCodec<DestructionEvent> = {
  RecordsDestroyed: { schemaVersion: 1, processingActivity: 'retention' },
};

// Commands and rejections

export type RecordDestruction = { readonly type: 'RecordDestruction' } & RecordsDestroyed['data'];

export const destructionRejections = {
  'no-such-destruction': notFound('There is no such destruction', 'Deze vernietiging bestaat niet', {
    en: 'Nothing was ever destroyed under this id.',
    nl: 'Er is nooit iets vernietigd onder dit id.',
  }),
};

// State

export type Destruction = { readonly status: 'none' } | ({ readonly status: 'recorded' } & RecordsDestroyed['data']);
export type RecordedDestruction = Extract<Destruction, { status: 'recorded' }>;

// Decider

export const destructionDecider: Decider<Destruction, RecordDestruction, DestructionEvent> = {
  initialState: { status: 'none' },

  decide({ type: _type, ...data }, state) {
    // A batch is named by what is in it: again, it is the same one.
    return state.status === 'none' ? accept({ type: 'RecordsDestroyed', data }) : accept();
  },

  evolve: (_state, { data }) => ({ status: 'recorded', ...data }),
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
