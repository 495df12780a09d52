import { describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import { at, paperRegistration, specificationOf, uuid } from '#libs/testing';
import { authorizationDecider, standingAt } from '../authorization/index.js';
import { meansDecider } from '../means/index.js';
import type { Suspender, SuspensionGround, SuspensionOrder } from './suspension.js';

const { authorizationFacts, ids, meansFacts } = paperRegistration;
const now = at('2026-04-02T14:00:00Z');
const due = at('2026-04-07T13:00:00Z');

const ground = (by: Suspender): SuspensionGround => ({
  by,
  application: uuid('appl', 9) as never,
  channel: 'nonElectronic',
  receivedAt: at('2026-04-02T13:00:00Z'),
  requester: { role: by === 'party' ? 'administrator' : by },
  checks: [],
  rows: { IO: [] },
  evidence: [],
  level: 'EH3',
  identification: { ioScore: 3 },
  immediate: false,
  dueAt: due,
});
const order = (by: Suspender, more: Partial<SuspensionOrder> = {}): SuspensionOrder => ({
  ...{ ground: ground(by), refusals: [], now },
  ...more,
});
const refusals = [{ code: 'requester-not-identified', kind: 'refused' }] as const;

const authorization = ids.authorization;
const suspended = (by: Suspender, more: object = {}) =>
  ({
    type: 'AuthorizationSuspended',
    data: { authorization, ...ground(by), suspendedAt: now, breached: false, ...more },
  }) as never;
const lifted = (by: Suspender, more: object = {}) =>
  ({
    type: 'AuthorizationSuspensionLifted',
    data: { authorization, ...ground(by), liftedAt: now, breached: false, ...more },
  }) as never;

describe('SUS-05: an authorization that is suspended', () => {
  const given = specificationOf(authorizationDecider);
  const active = authorizationFacts(authorization, {}, 'active') as never[];
  const waiting = authorizationFacts(authorization, {}, 'awaitingActivation') as never[];
  const suspend = (by: Suspender, more = {}) => ({ type: 'SuspendAuthorization', ...order(by, more) }) as const;
  const lift = (by: Suspender, more = {}) => ({ type: 'LiftSuspension', ...order(by, more) }) as const;

  it('says whose suspension it is, its reason, and whether it came too late', () => {
    given(...active)
      .when(suspend('party'))
      .then(suspended('party'));
    given(...active)
      .when(suspend('operator', { reason: 'death' }))
      .then(suspended('operator', { reason: 'death' }));
    const tooLate: Instant = later(due, 1);
    given(...active)
      .when(suspend('party', { now: tooLate }))
      .then(suspended('party', { suspendedAt: tooLate, breached: true }));
    given(...active)
      .when(suspend('party', { now: due }))
      .then(suspended('party', { suspendedAt: due }));
  });

  it('has one suspension of each kind, and stands again when all are lifted', () => {
    given(...active, suspended('party'))
      .when(suspend('party'))
      .thenRejected('already-suspended');
    given(...active, suspended('party'))
      .when(suspend('court'))
      .then(suspended('court'));
    given(...active, suspended('party'), suspended('court'))
      .when(lift('court'))
      .then(lifted('court'));
    const both = given(...active, suspended('party'), suspended('court'), lifted('court')).state;
    expect(both).toMatchObject({ status: 'suspended', suspensions: [{ by: 'party', suspendedAt: now }] });
    const again = given(...active, suspended('party'), lifted('party')).state;
    expect(again).toStrictEqual(given(...active).state);
    expect(given(...waiting, suspended('party'), lifted('party')).state).toStrictEqual(given(...waiting).state);
  });

  it('is not renewed or changed, nor where its means is suspended; what these say stays with the suspension', () => {
    for (const type of ['RenewAuthorization', 'ChangeAuthorization']) {
      given(...active, suspended('party'))
        .when({ type, now, meansSuspended: false } as never)
        .thenRejected({ code: 'suspended', kind: 'conflict' });
      given(...active)
        .when({ type, now, meansSuspended: true } as never)
        .thenRejected({ code: 'suspended', kind: 'conflict' });
    }
    const validUntil = at('2034-03-02T00:00:00Z');
    const renewed = { type: 'AuthorizationRenewed', data: { validUntil, m: 2, renewedAt: now } } as never;
    expect(given(...active, suspended('party'), renewed).state).toMatchObject({
      ...{ status: 'suspended', suspensions: [{ by: 'party' }], validUntil, m: 2 },
    });
    expect(given(...active, suspended('party'), renewed, lifted('party')).state).toStrictEqual(
      given(...active, renewed).state,
    );
  });

  it('is lifted by its kind only, by whoever may (SUS-03)', () => {
    given(...active)
      .when(lift('party'))
      .thenRejected({ code: 'not-suspended', kind: 'conflict' });
    given(...active, suspended('operator'))
      .when(lift('party'))
      .thenRejected('reinstatement-not-allowed');
    given(...active, suspended('party'))
      .when(lift('party', { refusals }))
      .thenRejected('requester-not-identified');
    given(...active)
      .when(suspend('party', { refusals }))
      .thenRejected('requester-not-identified');
  });

  it('is not activated, runs on, and ends (REV-08)', () => {
    const [registered] = waiting as unknown as [{ data: { validUntil: Instant } }];
    const { validUntil } = registered.data;
    const { state } = given(...active, suspended('party'));
    if (state.status === 'none') throw new Error('nothing was registered');
    expect([standingAt(state, now), standingAt(state, validUntil)]).toEqual(['suspended', 'expired']);
    given(...waiting, suspended('party'))
      .when({ type: 'ActivateAuthorization', byHolder: true, checks: [], activatedAt: now, now } as never)
      .thenRejected({ code: 'suspended', kind: 'conflict' });
    given(...active)
      .when(suspend('party', { now: validUntil }))
      .thenRejected({ code: 'no-such-registration', kind: 'refused', facts: { standing: 'expired' } });
    const revoked = authorizationFacts(authorization, {}, 'revoked')[2] as never;
    for (const command of [suspend('party'), lift('party')]) {
      given(...active, suspended('party'), revoked)
        .when(command)
        .thenRejected({ code: 'no-such-registration', kind: 'refused', facts: { standing: 'revoked' } });
    }
    expect(given(...active, suspended('party'), revoked, lifted('party')).state).toMatchObject({ status: 'revoked' });
  });
});

describe('a means that is suspended', () => {
  const given = specificationOf(meansDecider);
  const facts = (until: 'applied' | 'issued' | 'active' | 'revoked') =>
    meansFacts(ids.means, ids.director, until) as never[];
  const suspend = { type: 'SuspendMeans', ...order('party') } as const;
  const lift = { type: 'LiftSuspension', ...order('party', { now: due }) } as const;
  const fact = (type: string, more: object) =>
    ({ type, data: { means: ids.means, ...ground('party'), ...more } }) as never;
  const isSuspended = fact('MeansSuspended', { suspendedAt: now, breached: false });
  const isLifted = fact('MeansSuspensionLifted', { liftedAt: due, breached: false });
  const once = { from: now, until: due };

  it.each(['issued', 'active'] as const)('goes back to %s', (until) => {
    given(...facts(until))
      .when(suspend)
      .then(isSuspended);
    given(...facts(until), isSuspended)
      .when(suspend)
      .thenRejected('already-suspended');
    given(...facts(until), isSuspended)
      .when(lift)
      .then(isLifted);
    const { state } = given(...facts(until));
    expect(given(...facts(until), isSuspended, isLifted).state).toStrictEqual({ ...state, paused: [once] });
    expect(given(...facts(until), isSuspended).state).toMatchObject({ status: 'suspended' });
  });

  it('is not upgraded or renewed; what an upgrade says stays with the suspension', () => {
    for (const type of ['UpgradeMeans', 'RenewMeans']) {
      given(...facts('active'), isSuspended)
        .when({ type } as never)
        .thenRejected({ code: 'suspended', kind: 'conflict' });
    }
    const upgraded = fact('MeansUpgraded', { stork: 4, product: 'certificate-card', upgradedAt: now });
    expect(given(...facts('active'), isSuspended, upgraded).state).toMatchObject({
      ...{ status: 'suspended', suspensions: [{ by: 'party' }], stork: 4 },
    });
    expect(given(...facts('active'), isSuspended, upgraded, isLifted).state).toStrictEqual({
      ...{ ...given(...facts('active'), upgraded).state, paused: [once] },
    });
  });

  it('keeps when it was suspended, for each suspension that was lifted (PROOF-06)', () => {
    const between = later(now, 1);
    const history = [
      ...[...facts('active'), isSuspended],
      fact('MeansSuspended', { ...ground('court'), suspendedAt: between, breached: false }),
      isLifted,
    ];
    expect(given(...history).state).toMatchObject({ status: 'suspended', paused: [once] });
    const court = fact('MeansSuspensionLifted', { ...ground('court'), liftedAt: later(due, 1), breached: false });
    expect(given(...history, court).state).toMatchObject({
      ...{ status: 'active', paused: [once, { from: between, until: later(due, 1) }] },
    });
  });

  it('was issued, is not activated nor issued again, and ends', () => {
    given(...facts('applied'))
      .when(suspend)
      .thenRejected('means-not-issued');
    given(...facts('revoked'))
      .when(suspend)
      .thenRejected('means-revoked');
    given(...facts('active'))
      .when(lift)
      .thenRejected('not-suspended');
    given(...facts('issued'), isSuspended)
      .when({ type: 'ActivateMeans', activatedAt: now, now })
      .thenRejected({ code: 'suspended', kind: 'conflict' });
    given(...facts('issued'), isSuspended)
      .when({ type: 'IssueMeans' } as never)
      .thenRejected('means-already-issued');
    const revoked = facts('revoked')[3]!;
    expect(given(...facts('active'), isSuspended, revoked).state).toMatchObject({ status: 'revoked' });
  });
});
