import { describe, expect, it } from '@jest/globals';
import { later, type ApplicationId, type CheckId, type Instant } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import type { ReceivedApplication } from '../application/index.js';
import { checkDecider, type CheckFacts, type CheckRecorded, type RecordCheck } from './index.js';

const given = specificationOf(checkDecider);
const check = uuid('check') as CheckId;
const now = at('2026-03-02T16:00:00Z');
const DAY = 24 * 3_600_000;

const application: ReceivedApplication = {
  status: 'received',
  id: uuid('appl') as ApplicationId,
  channel: 'nonElectronic',
  receivedAt: at('2026-03-02T08:00:00Z'),
  purposes: ['registration'],
  late: false,
};
const lookup: Extract<CheckFacts, { type: 'tradeRegisterLookup' }> = {
  type: 'tradeRegisterLookup',
  application: application.id,
  about: { party: uuid('party') },
  via: 'online',
  asOf: at('2026-03-02T10:00:00Z'),
  outcome: 'found',
  agreesOn: ['number', 'name', 'address'],
  performedAt: at('2026-03-02T10:00:30Z'),
  performedBy: { clerk: 'clerk-17' },
  source: { name: 'trade-register', reference: 'r-1' },
};
const record: RecordCheck = { type: 'RecordCheck', check, facts: lookup, application, now };
const recorded: CheckRecorded = { type: 'CheckRecorded', data: { check, facts: lookup, late: false } };

const performing = (performedAt: Instant, changes: Partial<RecordCheck> = {}) =>
  given().when({ ...record, facts: { ...lookup, performedAt }, ...changes });

describe('a check', () => {
  it('is recorded as it was performed, before anything is scored on it (ARCH-13)', () => {
    given().when(record).then(recorded);
  });

  it('is recorded once and never changed', () => {
    given(recorded).when(record).thenRejected({ code: 'check-exists', kind: 'conflict' });
    given(recorded)
      .when({ ...record, facts: { ...lookup, outcome: 'notFound' } })
      .thenRejected('check-exists');
  });

  it('lies within its application', () => {
    performing(application.receivedAt).then({
      ...recorded,
      data: { ...recorded.data, facts: { ...lookup, performedAt: application.receivedAt } },
    });
    performing(later(application.receivedAt, -1)).thenRejected({
      code: 'performed-before-application',
      kind: 'invalid',
      pointer: '/performedAt',
    });
  });

  it('lies not ahead of the clock by more than five seconds, nor does the register that was asked', () => {
    const ahead = later(now, 5_001);
    performing(ahead).thenRejected({ code: 'instant-in-future', kind: 'invalid', pointer: '/performedAt' });
    given()
      .when({ ...record, facts: { ...lookup, asOf: ahead } })
      .thenRejected({ code: 'instant-in-future', kind: 'invalid', pointer: '/asOf' });
  });

  it('reports every fault at once', () => {
    given()
      .when({
        ...record,
        facts: { ...lookup, performedAt: later(now, -40 * DAY), asOf: later(now, 6_000) },
      })
      .thenRejected('late-entry-reason-missing', 'instant-in-future', 'performed-before-application');
  });

  it('needs a reason when it is recorded more than 31 days later, whose words are sealed', () => {
    const old = later(now, -32 * DAY);
    const early = { ...application, receivedAt: old };
    const facts = { ...lookup, performedAt: old, asOf: old };
    given()
      .when({ ...record, facts, application: early })
      .thenRejected(
        { code: 'late-entry-reason-missing', kind: 'invalid', pointer: '/performedAt' },
        { code: 'late-entry-reason-missing', kind: 'invalid', pointer: '/asOf' },
      );
    given()
      .when({ ...record, facts, application: early, lateEntryReason: 'Found in a drawer' })
      .then({
        type: 'CheckRecorded',
        data: { check, facts, late: true, lateEntryReason: { clear: 'Found in a drawer' } },
      });
  });

  it('keeps that there is a reason for another form of delivery, and seals its words (MEANS-IC2)', () => {
    const delivery: CheckFacts = {
      type: 'meansDelivery',
      application: application.id,
      about: { means: uuid('means') },
      form: 'other',
      performedAt: at('2026-03-02T10:00:00Z'),
      performedBy: { system: 'post-room' },
      source: { name: 'case-file', reference: 'p-1' },
    };
    const spoken = { ...record, facts: delivery, equivalenceReason: 'Handed over by a courier who saw the passport' };
    const fact: CheckRecorded = {
      type: 'CheckRecorded',
      data: {
        check,
        facts: delivery,
        late: false,
        equivalenceReason: { clear: 'Handed over by a courier who saw the passport' },
      },
    };
    given().when(spoken).then(fact);
    expect(given(fact).state).toMatchObject({ status: 'recorded', hasEquivalenceReason: true });
    expect(given({ ...fact, data: { check, facts: delivery, late: false } }).state).toStrictEqual({
      status: 'recorded',
      id: check,
      facts: delivery,
      late: false,
      hasEquivalenceReason: false,
    });
  });
});
