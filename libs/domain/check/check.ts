import {
  accept,
  clear,
  reject,
  type CheckId,
  type Decider,
  type EventCodec,
  type Instant,
  type Personal,
} from '#libs/kernel';
import type { ReceivedApplication } from '../application/application.js';
import { isLate, judgeHappened } from '../common/happened.js';
import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';
import type { StoredCheck } from './check.types.js';

/**
 * A check: what was checked, on whom, against which source, by whom, with what result, when. Recorded before anything
 * is scored on it, and never changed (ARCH-00, ARCH-13). It speaks of people, parties and documents, not of roles.
 */

export type CheckType = StoredCheck['type'];

/** Members of a check that hold a moment at which something happened. */
export const MOMENTS = [
  'performedAt',
  'asOf',
  'completedAt',
  'verifiedAt',
  'at',
  'identifiedAt',
  'activatedAt',
  'handedOutAt',
] as const;

/** The facts of a check as recorded: no words of a clerk among them. */
export type CheckFacts = DistributiveOmit<StoredCheck, 'lateEntryReason' | 'equivalenceReason'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

// Events

export interface CheckRecorded {
  readonly type: 'CheckRecorded';
  readonly data: {
    readonly check: CheckId;
    readonly facts: CheckFacts;
    /** Recorded more than 31 days after it was performed. */
    readonly late: boolean;
    readonly lateEntryReason?: Personal<string>;
    /** Why another form of delivery is as good (MEANS-IC2). Whether there is one is a fact, its words are sealed. */
    readonly equivalenceReason?: Personal<string>;
  };
}
export type CheckEvent = CheckRecorded;

export const checkCodec: EventCodec<CheckEvent> = {
  CheckRecorded: {
    schemaVersion: 1,
    processingActivity: 'identification',
    personal: {
      lateEntryReason: ({ facts }) => ({ kind: 'application', id: facts.application }),
      equivalenceReason: ({ facts }) => ({ kind: 'application', id: facts.application }),
    },
  },
};

// Commands and rejections

export interface RecordCheck {
  readonly type: 'RecordCheck';
  readonly check: CheckId;
  readonly facts: CheckFacts;
  readonly lateEntryReason?: string;
  readonly equivalenceReason?: string;
  readonly application: ReceivedApplication;
  readonly now: Instant;
}

export const checkRejections = {
  'no-such-check': notFound(
    'There is no such check',
    'Deze controle bestaat niet',
    'No check with this id was ever recorded.',
  ),
  'unknown-check': invalid(
    'The check is unknown',
    'De controle is onbekend',
    'The request relies on a check that was never recorded. Record it first (ARCH-13).',
    'ARCH-13',
  ),
  'check-exists': conflicting(
    'The check was recorded already',
    'De controle is al vastgelegd',
    'A check is recorded once and never changed; another look is a check of its own.',
  ),
  'performed-before-application': invalid(
    'The check was performed before the application came in',
    'De controle is van vóór de aanvraag',
    'A check belongs to an application and lies within it; record the application when it comes in.',
  ),
  'unknown-person': invalid(
    'The person is unknown',
    'De persoon is onbekend',
    'The request names a person that was never recorded.',
  ),
  'unknown-party': invalid(
    'The party is unknown',
    'De partij is onbekend',
    'The request names a party that was never recorded.',
  ),
  'unknown-document': invalid(
    'The document is unknown',
    'Het document is onbekend',
    'The request names a document that is not on record for this person.',
  ),
  'unknown-means': invalid(
    'The means is unknown',
    'Het middel is onbekend',
    'The request names a means that was never applied for.',
  ),
};

const rejectWith = rejecting(checkRejections);

// State

export type Check =
  | { readonly status: 'none' }
  | {
      readonly status: 'recorded';
      readonly id: CheckId;
      readonly facts: CheckFacts;
      readonly late: boolean;
      readonly hasEquivalenceReason: boolean;
    };
export type RecordedCheck = Extract<Check, { status: 'recorded' }>;

// Decider

export const checkDecider: Decider<Check, RecordCheck, CheckEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (state.status !== 'none') return reject(rejectWith('check-exists'));
    const { facts, application, now } = command;
    const performedAt = facts.performedAt as Instant;
    const moments = facts as unknown as { readonly [member in (typeof MOMENTS)[number]]?: Instant };
    const faults = [
      // How old a look-up may be is the rules' business (TR-01, TR-02); that nothing lies ahead holds for every moment.
      ...MOMENTS.flatMap((member) =>
        moments[member] === undefined ? [] : judgeHappened(moments[member], now, `/${member}`, command.lateEntryReason),
      ),
      ...(performedAt < application.receivedAt
        ? [rejectWith('performed-before-application', { pointer: '/performedAt' })]
        : []),
    ];
    if (faults.length > 0) return reject(...faults);
    return accept({
      type: 'CheckRecorded',
      data: {
        check: command.check,
        facts,
        late: isLate(performedAt, now),
        ...(command.lateEntryReason === undefined ? {} : { lateEntryReason: clear(command.lateEntryReason) }),
        ...(command.equivalenceReason === undefined ? {} : { equivalenceReason: clear(command.equivalenceReason) }),
      },
    });
  },

  evolve(_state, event) {
    const { check, facts, late, equivalenceReason } = event.data;
    return { status: 'recorded', id: check, facts, late, hasEquivalenceReason: equivalenceReason !== undefined };
  },
};
