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
import { isLate } from '../common/happened.js';
import { factsOfVersion2, type CheckFacts } from './check.facts.js';
import { judgeMoments, momentsOf } from './check.moments.js';
import { rejectCheck } from './check.rejections.js';

/**
 * A check: what was checked, on whom, against which source, by whom, with what result, when. Recorded before anything
 * is scored on it, and never changed (ARCH-00, ARCH-13). It speaks of people, parties and documents, not of roles.
 */

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
    schemaVersion: 2,
    processingActivity: 'identification',
    personal: {
      lateEntryReason: ({ facts }) => ({ kind: 'application', id: facts.application }),
      equivalenceReason: ({ facts }) => ({ kind: 'application', id: facts.application }),
    },
    upcasters: {
      1: (data) => ({ ...data, facts: factsOfVersion2((data as { readonly facts: { readonly type: string } }).facts) }),
    },
  },
};

// Commands

/** Checks that one application holds at most: its dossier is assembled from all of them (PROOF-01). */
export const MAX_CHECKS = 500;
/** The same with what stands against its dossier by itself: that is not kept off the record by what fills it up. */
export const MAX_CHECKS_WITH_ADVERSE = 1_000;

/** How many checks an application may hold before this one is one too many. */
export const mostChecks = (standsAgainst: boolean): number => (standsAgainst ? MAX_CHECKS_WITH_ADVERSE : MAX_CHECKS);

export interface RecordCheck {
  readonly type: 'RecordCheck';
  readonly check: CheckId;
  readonly facts: CheckFacts;
  readonly lateEntryReason?: string;
  readonly equivalenceReason?: string;
  readonly application: ReceivedApplication;
  /** Checks that the application holds already. */
  readonly checksHeld: number;
  /** The check stands against a dossier by itself: a lasting finding, or an adverse answer (PROOF-01). */
  readonly standsAgainst: boolean;
  /** When the means that the check is about was applied for. */
  readonly meansAppliedAt?: Instant;
  /** When the request that it is part of was accepted, where that was before: its moments were judged then. */
  readonly judgedAt?: Instant;
  readonly now: Instant;
}

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
    if (state.status !== 'none') return reject(rejectCheck('check-exists'));
    const { facts, application, checksHeld, standsAgainst, meansAppliedAt, lateEntryReason, now } = command;
    const most = mostChecks(standsAgainst);
    if (checksHeld >= most) return reject(rejectCheck('application-full', { facts: { most } }));
    const faults = judgeMoments(momentsOf(facts), {
      receivedAt: application.receivedAt,
      ...(meansAppliedAt === undefined ? {} : { appliedAt: meansAppliedAt }),
      now: command.judgedAt ?? now,
      lateEntryReason,
    });
    if (faults.length > 0) return reject(...faults);
    return accept({
      type: 'CheckRecorded',
      data: {
        check: command.check,
        facts,
        late: isLate(facts.performedAt as Instant, now),
        ...(lateEntryReason === undefined ? {} : { lateEntryReason: clear(lateEntryReason) }),
        ...(command.equivalenceReason === undefined ? {} : { equivalenceReason: clear(command.equivalenceReason) }),
      },
    });
  },

  evolve(_state, event) {
    const { check, facts, late, equivalenceReason } = event.data;
    return { status: 'recorded', id: check, facts, late, hasEquivalenceReason: equivalenceReason !== undefined };
  },
};
