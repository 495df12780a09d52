import { describe, expect, it } from '@jest/globals';
import { later, type ApplicationId, type CheckId, type Instant } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import type { ReceivedApplication } from '../application/index.js';
import {
  checkCodec,
  checkDecider,
  MAX_CHECKS,
  MAX_CHECKS_WITH_ADVERSE,
  type CheckFacts,
  type CheckRecorded,
  type RecordCheck,
} from './index.js';

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
const record: RecordCheck = {
  type: 'RecordCheck',
  check,
  facts: lookup,
  application,
  checksHeld: 0,
  standsAgainst: false,
  now,
};
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

  it('is one of five hundred of its application at most: a dossier is assembled from all of them (PROOF-01)', () => {
    given()
      .when({ ...record, checksHeld: MAX_CHECKS - 1 })
      .then(recorded);
    given()
      .when({ ...record, checksHeld: MAX_CHECKS })
      .thenRejected({ code: 'application-full', kind: 'conflict', facts: { most: 500 } });
    given(recorded)
      .when({ ...record, checksHeld: MAX_CHECKS })
      .thenRejected('check-exists');
  });

  it('PROOF-01: finds room up to a thousand where it stands against the dossier by itself', () => {
    const against = { ...record, standsAgainst: true };
    for (const checksHeld of [MAX_CHECKS, MAX_CHECKS_WITH_ADVERSE - 1])
      given()
        .when({ ...against, checksHeld })
        .then(recorded);
    given()
      .when({ ...against, checksHeld: MAX_CHECKS_WITH_ADVERSE })
      .thenRejected({ code: 'application-full', kind: 'conflict', facts: { most: 1_000 } });
  });

  it('lies within its application', () => {
    const facts = { ...lookup, asOf: application.receivedAt, performedAt: application.receivedAt };
    given()
      .when({ ...record, facts })
      .then({ ...recorded, data: { ...recorded.data, facts } });
    const before = later(application.receivedAt, -1);
    performing(before, { facts: { ...facts, asOf: before, performedAt: before } }).thenRejected({
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

  it('is judged by when its request was accepted, and says how late it is recorded', () => {
    const old = later(now, -32 * DAY);
    const facts = { ...lookup, performedAt: old, asOf: old };
    const begun = {
      ...record,
      facts,
      application: { ...application, receivedAt: old },
      judgedAt: later(now, -2 * DAY),
    };
    given()
      .when(begun)
      .then({ type: 'CheckRecorded', data: { check, facts, late: true } });
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

describe('the moments of a check (PROOF-06)', () => {
  const performedAt = at('2026-03-02T10:00:00Z');
  const afterwards = later(performedAt, 1);
  const base = {
    application: application.id,
    performedAt,
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'case-file', reference: 'page-1' },
  };
  const recording = (members: object, more: Partial<RecordCheck> = {}) =>
    given().when({ ...record, ...more, facts: { ...base, ...members } as unknown as CheckFacts });
  const accepted = (members: object) => ({
    type: 'CheckRecorded' as const,
    data: { check, facts: { ...base, ...members } as unknown as CheckFacts, late: false },
  });
  const delivery = { type: 'meansDelivery', about: { means: uuid('means') }, form: 'unverified' };

  it.each<[string, object, string]>([
    ['a look-up', { ...lookup, ...base }, 'asOf'],
    ['a look for special circumstances', { type: 'specialCircumstancesCheck', about: {}, outcome: 'none' }, 'asOf'],
    ['a look in the register of a profession', { type: 'professionalRegisterLookup', about: {} }, 'asOf'],
    ['a look in the register of rest groups', { type: 'restGroupRegisterLookup', about: {} }, 'asOf'],
    ['a look for a representative', { type: 'representationCheck', about: {}, via: 'online' }, 'asOf'],
    ['a bank transaction', { type: 'bankTransaction', about: {} }, 'completedAt'],
    ['a validation of a signature', { type: 'eSignatureValidation', about: {} }, 'verifiedAt'],
    ['a login', { type: 'authentication', about: {} }, 'at'],
    ['a delivery', delivery, 'handedOutAt'],
    ['a revocation at an issuer', { type: 'pkiOverheidCertificate', about: {} }, 'revokedAt'],
  ])('lie not behind it: %s', (_what, members, moment) => {
    recording({ ...members, [moment]: performedAt }).then(accepted({ ...members, [moment]: performedAt }));
    recording({ ...members, [moment]: afterwards }).thenRejected({
      code: 'moment-after-performed',
      kind: 'invalid',
      pointer: `/${moment}`,
    });
  });

  it('say of an extract when it was issued, which has nothing to do with when it was read', () => {
    const extract = { ...lookup, ...base, via: 'extract', asOf: afterwards };
    recording(extract).then(accepted(extract));
  });

  it('say of a publication a day that had begun in Amsterdam', () => {
    // Half past eleven in the evening there, and the next day in no time.
    const evening = { performedAt: at('2026-03-02T22:30:00Z'), type: 'mandateDecisionCheck', about: {} };
    const on = (date: string) => ({ ...evening, publication: { source: 'Staatscourant', reference: 's-1', date } });
    const tonight = { now: at('2026-03-02T23:30:00Z') };
    recording(on('2026-03-02'), tonight).then(accepted(on('2026-03-02')));
    recording(on('2026-03-03'), tonight).thenRejected({
      code: 'moment-after-performed',
      kind: 'invalid',
      pointer: '/publication/date',
    });
    const midnight = { ...on('2026-03-03'), performedAt: at('2026-03-02T23:00:00Z') };
    recording(midnight, tonight).then(accepted(midnight));
  });

  it('let a bank transaction lie at most 31 days before its application came in', () => {
    const transaction = (completedAt: Instant) => ({ type: 'bankTransaction', about: {}, completedAt });
    const oldest = later(application.receivedAt, -31 * DAY);
    // Recorded so late in the day that the transaction itself asks for a reason.
    const lateEntryReason = 'Made with the form';
    recording(transaction(oldest), { lateEntryReason }).then({
      ...accepted(transaction(oldest)),
      data: { ...accepted(transaction(oldest)).data, lateEntryReason: { clear: lateEntryReason } },
    });
    recording(transaction(later(oldest, -1)), { lateEntryReason }).thenRejected({
      code: 'transaction-too-old',
      kind: 'invalid',
      pointer: '/completedAt',
    });
  });

  it('let nothing be handed out before it was applied for, but for a clock that differs by five seconds', () => {
    const meansAppliedAt = performedAt;
    const handed = (handedOutAt: Instant) => ({ ...delivery, handedOutAt });
    recording(handed(later(meansAppliedAt, -5_000)), { meansAppliedAt }).then(
      accepted(handed(later(meansAppliedAt, -5_000))),
    );
    recording(handed(later(meansAppliedAt, -5_001)), { meansAppliedAt }).thenRejected({
      code: 'handed-out-before-applied',
      kind: 'invalid',
      pointer: '/handedOutAt',
    });
  });

  it('are compared with each other as the caller states them, also when his clock is ahead by what is allowed', () => {
    const ahead = later(now, 4_900);
    const stated = { ...lookup, ...base, performedAt: ahead, asOf: ahead };
    recording(stated, { application: { ...application, receivedAt: ahead } }).then(accepted(stated));
  });
});

describe('a check of version 1', () => {
  const upcast = checkCodec.CheckRecorded.upcasters![1]!;
  const common = {
    application: application.id,
    performedAt: '2026-03-02T10:00:00.000Z',
    performedBy: { clerk: 'clerk' },
    source: { name: 'file', reference: 'Dossier van Jansen' },
  };
  const person = { about: { person: uuid('person') } };
  const party = { about: { party: uuid('party') } };

  it.each<[string, object, object]>([
    [
      'separateChannelConfirmation',
      { ...party, medium: 'post', contactSource: 'independentParty', confirmed: true },
      { ...party, medium: 'post', confirmed: true },
    ],
    [
      'circumstancesConfirmation',
      { ...party, confirmer: 'p', capacity: 'trustee', contactSource: 'independentParty', confirmed: true },
      { ...party, confirmer: 'p', capacity: 'trustee', confirmed: true },
    ],
    [
      'specialCircumstancesCheck',
      { ...party, outcome: 'none', otherRepresentativeRegistered: false },
      { ...party, outcome: 'none', otherRepresentativeRegistered: false, asOf: common.performedAt },
    ],
    [
      'proxyCheck',
      { ...person, grantor: 'g', writtenAndSigned: true, grantorIdCopyChecked: true },
      { ...person, grantor: 'g', writtenAndSigned: true },
    ],
    [
      'representationCheck',
      { ...person, party: 'p', limitation: 'obstructingCosigned', agrees: true },
      { ...person, party: 'p', limitation: 'obstructing', agrees: true },
    ],
    [
      'mandateDecisionCheck',
      { ...person, party: 'p', functionNamedInDecision: true, foundInOfficialSource: true, protocolVersion: 'v' },
      { ...person, party: 'p', protocolVersion: 'v' },
    ],
    [
      'authentication',
      { ...person, level: 'EH3', at: common.performedAt, assertion: 'of somebody' },
      { ...person, level: 'EH3', at: common.performedAt },
    ],
    [
      'officialNumberVerification',
      { ...person, verified: true, register: 'r', numberKind: 'shoe-size' },
      { ...person, verified: true, register: 'r' },
    ],
    [
      'employerStatement',
      { ...person, agreementInForce: true, documentCheckedAtHiring: true, employerIsApplicant: false },
      { ...person, documentCheckedAtHiring: true },
    ],
    ['remoteIdentification', { ...person, declaredEquivalence: 'iii.f' }, { ...person }],
    [
      'meansDelivery',
      { about: { means: 'm' }, form: 'afterPhysicalIdentification', identifiedAt: 'i', activatedAt: 'a' },
      { about: { means: 'm' }, form: 'afterPhysicalIdentification' },
    ],
  ])('keeps its facts and loses its ticks: %s', (type, stored, read) => {
    const data = { check, late: true, lateEntryReason: { sealed: 'x' } };
    expect(upcast({ ...data, facts: { type, ...common, ...stored } })).toStrictEqual({
      ...data,
      facts: { type, ...common, ...read },
    });
  });

  it.each<[string, object, object]>([
    ['a login with a means of ours', { type: 'authentication', means: 'm' }, { type: 'authentication', means: 'm' }],
    [
      'a limitation that needs nobody’s consent',
      { type: 'representationCheck', limitation: 'none' },
      { type: 'representationCheck', limitation: 'none' },
    ],
    [
      'a kind of number that is known',
      { type: 'officialNumberVerification', numberKind: 'drivingLicence' },
      { type: 'officialNumberVerification', numberKind: 'drivingLicence' },
    ],
    [
      'a document whose number was verified, whatever kind was said beside it',
      { type: 'officialNumberVerification', document: 'd', numberKind: 'drivingLicence' },
      { type: 'officialNumberVerification', document: 'd' },
    ],
    ['a type that has not changed', { type: 'bankTransaction', x: 1 }, { type: 'bankTransaction', x: 1 }],
    [
      'a neutral party, which is a word there',
      { type: 'neutralThirdParty', party: 'bank' },
      { type: 'neutralThirdParty', party: 'bank' },
    ],
  ])('keeps %s', (_what, stored, read) => {
    expect(upcast({ facts: { ...common, ...stored } })).toStrictEqual({ facts: { ...common, ...read } });
  });
});
