import { describe, expect, it } from '@jest/globals';
import {
  later,
  type ApplicationId,
  type AuthorizationId,
  type CheckId,
  type ConfirmationId,
  type EvidenceId,
  type MeansId,
  type PartyId,
  type PersonId,
  type Pseudonym,
} from '#libs/kernel';
import type { AuthorizationResult } from '#libs/scheme';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  authorizationDecider,
  standingAt,
  type AuthorizationCommand,
  type AuthorizationEvent,
  type ChangeAuthorization,
  type RegisterAuthorization,
  type RegisteredAuthorization,
  type RenewAuthorization,
} from './index.js';

type EventOf<Type extends AuthorizationEvent['type']> = Extract<AuthorizationEvent, { type: Type }>;

const given = specificationOf(authorizationDecider);
const authorization = uuid('auth') as AuthorizationId;
const application = uuid('appl') as ApplicationId;
const now = at('2026-03-02T16:00:00Z');
const from = at('2026-03-02T00:00:00Z');
const until = at('2029-03-02T00:00:00Z');
const DAY = 24 * 3_600_000;

const classification: AuthorizationResult = {
  scores: { IA: 2, IO: 3, IG: 3, IV: 3, IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 },
  rows: { IA: ['IA2-b'], IO: ['IO3-d'], IG: ['IG3-f'], IV: ['IV3'] },
  m: 3,
  eh: 'EH3',
  eidas: 'substantial',
  submitterLevel: null,
  limitedBy: ['IO'],
  missingFor: { EH4: { aspects: { IO: 4 }, meansStork: 4 } },
  refusals: [],
  flags: [],
};
/** What earns less than was aimed at, with every code of a single row. */
const lower: AuthorizationResult = {
  ...classification,
  scores: { ...classification.scores, IO: 2 },
  m: 2,
  eh: 'EH2+',
  eidas: 'low',
  missingFor: { EH3: { aspects: { IO: 3 } } },
  refusals: [
    'submitter-not-representative',
    'original-form-required',
    'id-copy-expired',
    'evidence-not-reusable',
    'voucher-is-authorized-person',
    'function-declaration-missing',
    'representation-limited',
    'deviation-reason-missing',
  ],
};
/** What can't be registered at any level, with every code that stops a registration, in no order. */
const none: AuthorizationResult = {
  ...classification,
  m: 0,
  eh: null,
  eidas: null,
  refusals: [
    'special-circumstances-unconfirmed',
    'inconsistent-identity-data',
    'document-reported',
    'establishment-not-current',
    'outside-establishment',
    'no-administration-authority',
    'appointer-not-legal-representative',
    'operator-is-authorized-party',
    'incomplete:scope',
    'aspect-unscored:IV',
  ],
};

const register: RegisterAuthorization = {
  type: 'RegisterAuthorization',
  authorization,
  application,
  registration: 'first',
  authority: 'regular',
  representedParty: uuid('party') as PartyId,
  submitter: { person: uuid('person', 1) as PersonId, role: 'legalRepresentative' },
  authorizedParty: {
    person: uuid('person', 2) as PersonId,
    means: uuid('means') as MeansId,
    pseudonym: uuid('pseudo') as Pseudonym,
  },
  scope: { all: false, services: ['service-1'], groups: [] },
  forThirdParties: false,
  nature: { rightOfSubstitution: false, actsIndependently: true },
  period: { from, until },
  validity: { validUntil: until, capped: false },
  checks: [uuid('check', 1), uuid('check', 2)] as CheckId[],
  evidence: [
    { check: uuid('check', 1), type: 'idCopyEnclosed', counts: true, joined: false, superseded: false },
    {
      check: uuid('check', 2),
      type: 'completenessCheck',
      counts: false,
      why: 'superseded',
      joined: true,
      superseded: true,
    },
  ],
  classification,
  meansStork: 3,
  aimedLevel: 'EH3',
  acceptLower: false,
  closedForIssuance: false,
  withdrawnServices: [],
  servicesWithoutChains: [],
  displayConsent: true,
  awaitsActivation: false,
  now,
};
const registered: EventOf<'AuthorizationRegistered'> = {
  type: 'AuthorizationRegistered',
  data: {
    authorization,
    application,
    registration: 'first',
    authority: 'regular',
    representedParty: register.representedParty,
    submitter: register.submitter,
    authorizedParty: register.authorizedParty,
    scope: register.scope,
    forThirdParties: false,
    nature: register.nature,
    displayConsent: true,
    validFrom: from,
    validUntil: until,
    capped: false,
    registeredAt: now,
    checks: register.checks,
    evidence: register.evidence,
    scores: classification.scores,
    rows: classification.rows,
    m: 3,
    eh: 'EH3',
    eidas: 'substantial',
    submitterLevel: null,
    flags: [],
    meansStork: 3,
    aimedLevel: 'EH3',
    acceptLower: false,
  },
};
const activated: EventOf<'AuthorizationActivated'> = {
  type: 'AuthorizationActivated',
  data: { authorization, application, activatedAt: now, checks: [], late: false },
};
const revoke: Extract<AuthorizationCommand, { type: 'RevokeAuthorization' }> = {
  type: 'RevokeAuthorization',
  revocationRequest: uuid('revoke') as never,
  now,
};
const suspended: EventOf<'AuthorizationSuspended'> = {
  type: 'AuthorizationSuspended',
  data: {
    authorization,
    by: 'operator',
    application: uuid('appl', 9) as ApplicationId,
    channel: 'nonElectronic',
    receivedAt: now,
    requester: { role: 'operator' },
    checks: [],
    rows: { IO: [] },
    evidence: [],
    level: 'EH3',
    identification: { ioScore: 0 },
    immediate: true,
    dueAt: null,
    reason: 'security',
    suspendedAt: now,
    breached: false,
  },
};
const revoked: EventOf<'AuthorizationRevoked'> = {
  type: 'AuthorizationRevoked',
  data: { authorization, revocationRequest: revoke.revocationRequest, revokedAt: now },
};

const registeredWith = (changes: Partial<EventOf<'AuthorizationRegistered'>['data']>) => ({
  ...registered,
  data: { ...registered.data, ...changes },
});

describe('the registration of an authorization', () => {
  it('is recorded with its checks, what they earned and the level reached, and active at once (REG-15)', () => {
    given().when(register).then(registered, activated);
  });

  it('waits for its activation where that is asked (REG-15)', () => {
    given()
      .when({ ...register, awaitsActivation: true })
      .then(registered);
  });

  it('keeps everything that limits it, in a chain as well, and seals the words of a reason (CHAIN-07)', () => {
    const limits = {
      legalRepresentative: uuid('person', 3) as PersonId,
      establishments: ['000038509504'],
      forThirdParties: true,
      onlyForClients: ['kvk:12345678'],
    };
    given()
      .when({
        ...register,
        ...limits,
        validity: { validUntil: later(until, -DAY), capped: true },
        deviationReason: 'His passport is at the embassy',
        awaitsActivation: true,
      })
      .then(
        registeredWith({
          ...limits,
          validUntil: later(until, -DAY),
          capped: true,
          deviationReason: { clear: 'His passport is at the embassy' },
        }),
      );
  });

  it('happens once', () => {
    given(registered).when(register).thenRejected({ code: 'authorization-exists', kind: 'conflict' });
    given(registered, activated, revoked).when(register).thenRejected('authorization-exists');
  });

  it('below the level aimed at is refused with what is missing and the rows that failed (REG-16)', () => {
    given()
      .when({ ...register, classification: { ...lower, refusals: ['original-form-required'] } })
      .thenRejected(
        {
          code: 'level-not-reached',
          kind: 'refused',
          facts: { aimed: 'EH3', reached: 'EH2+', missing: { aspects: { IO: 3 } } },
        },
        { code: 'original-form-required', kind: 'refused' },
      );
    given()
      .when({ ...register, classification: lower })
      .thenRejected('level-not-reached', ...lower.refusals);
  });

  it('below the level aimed at is recorded at the level reached where a lower one is accepted', () => {
    given()
      .when({ ...register, classification: lower, acceptLower: true, awaitsActivation: true })
      .then(registeredWith({ scores: lower.scores, m: 2, eh: 'EH2+', eidas: 'low', acceptLower: true }));
  });

  it('above the level aimed at is recorded at the level reached', () => {
    given()
      .when({ ...register, aimedLevel: 'EH2', awaitsActivation: true })
      .then(registeredWith({ aimedLevel: 'EH2' }));
  });

  it('without a means reaches no level, whatever the dossier earns', () => {
    const { meansStork: _stork, ...without } = register;
    given()
      .when({ ...without, classification: { ...classification, eh: null, eidas: null } })
      .thenRejected('level-not-reached');
  });

  it('that can not stand at any level gives every code that stops it in catalogue order, whatever is accepted', () => {
    given()
      .when({ ...register, classification: none, acceptLower: true })
      .thenRejected(
        { code: 'aspect-unscored', kind: 'refused', facts: { aspect: 'IV' } },
        { code: 'incomplete', kind: 'refused', facts: { item: 'scope' } },
        { code: 'operator-is-authorized-party', kind: 'refused' },
        { code: 'appointer-not-legal-representative', kind: 'refused' },
        { code: 'no-administration-authority', kind: 'refused' },
        { code: 'outside-establishment', kind: 'refused' },
        { code: 'establishment-not-current', kind: 'refused' },
        { code: 'document-reported', kind: 'refused' },
        { code: 'inconsistent-identity-data', kind: 'refused' },
        { code: 'special-circumstances-unconfirmed', kind: 'refused' },
      );
  });

  it('names the copies on record that it rests on (R-IO3-d-copy)', () => {
    const copies = [uuid('evid')] as EvidenceId[];
    const factsOf = (command: AuthorizationCommand): readonly object[] => {
      const decision = authorizationDecider.decide(command, authorizationDecider.initialState);
      return decision.outcome === 'accepted' ? decision.events.map(({ data }) => data) : [];
    };
    expect(factsOf({ ...register, copies })[0]).toMatchObject({ copies });
    expect(factsOf(register)[0]).not.toHaveProperty('copies');
  });

  it('needs the consent to display, beside whatever else is missing (CONSENT-07)', () => {
    given()
      .when({ ...register, displayConsent: false })
      .thenRejected({ code: 'display-consent-missing', kind: 'refused' });
    given()
      .when({ ...register, displayConsent: false, classification: { ...lower, refusals: [] } })
      .thenRejected('level-not-reached', 'display-consent-missing');
    given()
      .when({ ...register, displayConsent: false, classification: { ...none, refusals: ['document-reported'] } })
      .thenRejected('document-reported', 'display-consent-missing');
  });

  it('keeps that the consent was given, and what is stated of the person’s own (CONSENT-07, CONSENT-08)', () => {
    for (const displayPermitted of [true, false])
      given()
        .when({ ...register, displayPermitted, awaitsActivation: true })
        .then(registeredWith({ displayPermitted }));
  });

  it('at EH1 is general: it takes no list of services (CONT-07)', () => {
    const atEh1 = {
      ...register,
      aimedLevel: 'EH1' as const,
      classification: { ...classification, m: 1 as const, eh: 'EH1' as const, eidas: 'low' as const },
      awaitsActivation: true,
    };
    given().when(atEh1).thenRejected({ code: 'scope-not-allowed-at-EH1', kind: 'refused' });
    const all = { all: true, services: [], groups: [] };
    given()
      .when({ ...atEh1, scope: all })
      .then(registeredWith({ scope: all, aimedLevel: 'EH1', m: 1, eh: 'EH1', eidas: 'low' }));
  });

  it('is refused for each withdrawn service of its scope (CONT-04)', () => {
    given()
      .when({ ...register, withdrawnServices: ['service-1', 'service-2'] })
      .thenRejected(
        { code: 'service-withdrawn', kind: 'refused', facts: { service: 'service-1' } },
        { code: 'service-withdrawn', kind: 'refused', facts: { service: 'service-2' } },
      );
  });

  it('of an intermediary is refused for services without chains, of a person it is not (CHAIN-13)', () => {
    const servicesWithoutChains = ['service-1'];
    const { meansStork: _stork, ...intermediary } = {
      ...register,
      authorizedParty: { party: uuid('party', 2) as PartyId },
      servicesWithoutChains,
    };
    given()
      .when(intermediary)
      .thenRejected({ code: 'service-without-chain-support', kind: 'refused', facts: { service: 'service-1' } });
    given()
      .when({ ...register, servicesWithoutChains })
      .then(registered, activated);
  });

  it('is refused at a level that the policy has closed (TFA-03)', () => {
    given()
      .when({ ...register, closedForIssuance: true })
      .thenRejected({ code: 'level-closed-for-issuance', kind: 'refused', facts: { level: 'EH3' } });
  });

  it('is refused for a period that has passed: its end is no part of it', () => {
    const ending = (validUntil: typeof now) =>
      given().when({ ...register, period: { from, until: validUntil }, validity: { validUntil, capped: false } });
    ending(now).thenRejected({ code: 'period-has-passed', kind: 'invalid', pointer: '/period/until' });
    ending(later(now, 1)).then(registeredWith({ validUntil: later(now, 1) }), activated);
  });
});

describe('the activation of an authorization', () => {
  const activate: Extract<AuthorizationCommand, { type: 'ActivateAuthorization' }> = {
    type: 'ActivateAuthorization',
    application: uuid('appl', 2) as ApplicationId,
    activatedAt: later(now, DAY),
    checks: [uuid('check', 9) as CheckId],
    byHolder: true,
    now: later(now, DAY),
  };
  const fact: EventOf<'AuthorizationActivated'> = {
    type: 'AuthorizationActivated',
    data: {
      authorization,
      application: activate.application,
      activatedAt: activate.activatedAt,
      checks: activate.checks,
      late: false,
    },
  };

  it('is recorded with the login it rests on', () => {
    given(registered).when(activate).then(fact);
  });

  it('is by a login with the means it is linked to, and nothing else (REG-15)', () => {
    given(registered)
      .when({ ...activate, byHolder: false })
      .thenRejected({ code: 'not-activated-by-holder', kind: 'refused' });
  });

  it('lies neither in the future nor before the registration', () => {
    given(registered)
      .when({ ...activate, activatedAt: later(activate.now, 5_001) })
      .thenRejected({ code: 'instant-in-future', kind: 'invalid', pointer: '/activatedAt' });
    given(registered)
      .when({ ...activate, activatedAt: later(now, -1) })
      .thenRejected({ code: 'activated-before-registration', kind: 'invalid', pointer: '/activatedAt' });
    given(registered)
      .when({ ...activate, activatedAt: now })
      .then({ ...fact, data: { ...fact.data, activatedAt: now } });
  });

  it('needs a reason when it lies more than 31 days back', () => {
    const entered = { ...activate, now: later(now, 33 * DAY) };
    given(registered)
      .when(entered)
      .thenRejected({ code: 'late-entry-reason-missing', kind: 'invalid', pointer: '/activatedAt' });
    given(registered)
      .when({ ...entered, lateEntryReason: 'The form was mislaid' })
      .then({ ...fact, data: { ...fact.data, late: true, lateEntryReason: { clear: 'The form was mislaid' } } });
  });

  it('again is so already; at another moment it is a conflict', () => {
    given(registered, fact).when(activate).thenNothing();
    given(registered, fact)
      .when({ ...activate, activatedAt: later(now, 2) })
      .thenRejected({ code: 'authorization-already-active', kind: 'conflict' });
  });

  it('comes too late once it has ended (MUT-01, REV-08)', () => {
    given(registered, revoked)
      .when(activate)
      .thenRejected({ code: 'no-such-registration', kind: 'refused', facts: { standing: 'revoked' } });
    given(registered)
      .when({ ...activate, now: until })
      .thenRejected({ code: 'no-such-registration', kind: 'refused', facts: { standing: 'expired' } });
  });

  it('is of an authorization that exists', () => {
    given().when(activate).thenRejected({ code: 'no-such-registration', kind: 'not-found' });
  });
});

describe('the revocation of an authorization', () => {
  it('is recorded wherever it stands, also after it has expired', () => {
    given(registered).when(revoke).then(revoked);
    given(registered, activated).when(revoke).then(revoked);
    given(registered, activated)
      .when({ ...revoke, now: later(until, DAY) })
      .then({ ...revoked, data: { ...revoked.data, revokedAt: later(until, DAY) } });
  });

  it('is final, and happens once whoever asks (REV-08)', () => {
    given(registered, revoked).when(revoke).thenNothing();
    given(registered, revoked)
      .when({ ...revoke, revocationRequest: uuid('revoke', 2) as never, now: later(now, 1) })
      .thenNothing();
  });

  it('is of an authorization that exists', () => {
    given().when(revoke).thenRejected({ code: 'no-such-registration', kind: 'not-found' });
  });
});

describe('how an authorization stands', () => {
  const stateOf = (...events: readonly AuthorizationEvent[]) => given(...events).state as RegisteredAuthorization;

  it('is computed half-open: in force from its first moment, and no more at its last (REG-08)', () => {
    const active = stateOf(registered, activated);
    expect(standingAt(active, later(from, -1))).toBe('notYetValid');
    expect(standingAt(active, from)).toBe('active');
    expect(standingAt(active, later(until, -1))).toBe('active');
    expect(standingAt(active, until)).toBe('expired');
    expect(standingAt(active, later(until, 10 * DAY))).toBe('expired');
  });

  it('awaits its activation until it has expired', () => {
    const waiting = stateOf(registered);
    expect(standingAt(waiting, later(from, -1))).toBe('awaitingActivation');
    expect(standingAt(waiting, later(until, -1))).toBe('awaitingActivation');
    expect(standingAt(waiting, until)).toBe('expired');
  });

  it('is revoked at every moment once it was', () => {
    const ended = stateOf(registered, activated, revoked);
    for (const moment of [later(from, -1), from, until]) expect(standingAt(ended, moment)).toBe('revoked');
  });

  it('keeps everything that was registered in its state, except the words of a reason', () => {
    const { data } = registered;
    expect(stateOf(registeredWith({ deviationReason: { sealed: 'x' } }), activated)).toStrictEqual({
      ...data,
      status: 'active',
      activatedAt: now,
      decidedOn: application,
      decidedAt: now,
    });
  });
});

describe('a renewal of an authorization', () => {
  const renewedAt = later(until, -30 * DAY);
  const own = uuid('appl', 3) as ApplicationId;
  const end = at('2034-03-02T00:00:00Z');
  const administrator = { person: uuid('person', 4) as PersonId, role: 'administrator' } as const;
  const byAdministrator: AuthorizationResult = {
    ...classification,
    rows: { ...classification.rows, IO: ['R-IO3-e'] },
    submitterLevel: 'EH3',
  };
  const renew: RenewAuthorization = {
    type: 'RenewAuthorization',
    application: own,
    registration: 'repeated',
    submitter: administrator,
    checks: [uuid('check', 7)] as CheckId[],
    evidence: [],
    classification: byAdministrator,
    meansStork: 3,
    meansEnded: false,
    meansSuspended: false,
    currentLevel: 'EH3',
    aimedLevel: 'EH3',
    acceptLower: false,
    closedForIssuance: false,
    procedure: 3,
    period: { from: until, until: end },
    validity: { validUntil: end, capped: false },
    now: renewedAt,
  };
  const renewed: EventOf<'AuthorizationRenewed'> = {
    type: 'AuthorizationRenewed',
    data: {
      authorization,
      application: own,
      registration: 'repeated',
      submitter: administrator,
      checks: renew.checks,
      evidence: [],
      scores: byAdministrator.scores,
      rows: byAdministrator.rows,
      m: 3,
      eh: 'EH3',
      eidas: 'substantial',
      submitterLevel: 'EH3',
      flags: [],
      meansStork: 3,
      aimedLevel: 'EH3',
      acceptLower: false,
      procedure: 3,
      previousM: 3,
      periodFrom: until,
      validUntil: end,
      capped: false,
      renewedAt,
    },
  };
  const there = [registered, activated] as const;

  it('keeps when it came in, and whether it was decided in time: up to the deadline itself (PT2)', () => {
    const turnaround = { channel: 'nonElectronic', receivedAt: later(renewedAt, -DAY), level: 'EH3' } as const;
    for (const [dueAt, breached] of [
      [null, false],
      [renewedAt, false],
      [later(renewedAt, -1), true],
    ] as const) {
      const kept = { ...turnaround, dueAt, breached };
      given(...there)
        .when({ ...renew, turnaround: { ...turnaround, dueAt } })
        .then({ ...renewed, data: { ...renewed.data, turnaround: kept } });
      const { state } = given(...there, { ...renewed, data: { ...renewed.data, turnaround: kept } });
      expect(state).toMatchObject({ turnaround: kept });
      // Electronically it is to be done at once, counted from when it came in (PT2, REV-06).
      const electronic = { ...turnaround, channel: 'electronic', dueAt: null } as const;
      given(...there)
        .when({ ...renew, turnaround: electronic })
        .then({ ...renewed, data: { ...renewed.data, turnaround: { ...electronic, breached: true } } });
      // It is of that decision, and not of the next.
      expect(given(...there, { ...renewed, data: { ...renewed.data, turnaround: kept } }, renewed).state).toStrictEqual(
        given(...there, renewed, renewed).state,
      );
    }
  });

  it('gives a new period and stands on a decision of its own (REN-01, REN-03, REG-13)', () => {
    given(...there)
      .when(renew)
      .then(...[renewed]);
    expect(given(...there, renewed).state).toMatchObject({
      ...{ status: 'active', application, registeredAt: now, validFrom: from, validUntil: end, periodFrom: until },
      ...{
        decidedOn: own,
        decidedAt: renewedAt,
        submitter: administrator,
        submitterLevel: 'EH3',
        checks: renew.checks,
      },
    });
  });

  it('begins no later than the present period ends, and ends later (REN-03, REG-14)', () => {
    given(...there)
      .when({ ...renew, period: { from: later(until, 1), until: end } })
      .thenRejected('period-leaves-gap');
    given(...there)
      .when({ ...renew, validity: { validUntil: until, capped: true } })
      .thenRejected('period-not-extended');
  });

  it('is of what is active: not of what has ended, and until the very last moment (MUT-01, REG-14)', () => {
    given().when(renew).thenRejected('no-such-registration');
    given(registered).when(renew).thenRejected('authorization-not-active');
    given(...there)
      .when({ ...renew, now: later(from, -1) })
      .thenRejected('authorization-not-active');
    given(...there)
      .when({ ...renew, now: until })
      .thenRejected('no-such-registration');
    given(...there)
      .when({ ...renew, now: later(until, -1) })
      .then({ ...renewed, data: { ...renewed.data, renewedAt: later(until, -1) } });
  });

  it('waits until the period of the last one has begun (REN-03)', () => {
    const more = { ...renew, period: { from: end, until: at('2039-03-02T00:00:00Z') } };
    const again = { ...more, validity: { validUntil: more.period.until, capped: false } };
    given(...there, renewed)
      .when(again)
      .thenRejected('renewal-not-begun');
  });

  it('lowers the level from then on where that is accepted, and is refused otherwise (REN-04)', () => {
    const below = {
      ...renew,
      classification: { ...lower, submitterLevel: 'EH3' as const, refusals: [] },
      procedure: 2,
    };
    given(...there)
      .when(below)
      .thenRejected({
        code: 'renewal-below-level',
        kind: 'refused',
        facts: {
          ...{ aimed: 'EH3', reached: 'EH2+', current: 'EH3' },
          missing: { aspects: { IO: 3 } },
        },
      });
    // Aiming lower is not to accept it.
    given(...there)
      .when({ ...below, aimedLevel: 'EH2' })
      .thenRejected('renewal-below-level');
    given(...there)
      .when({ ...below, acceptLower: true })
      .then({
        ...renewed,
        data: {
          ...renewed.data,
          ...{ scores: lower.scores, m: 2, eh: 'EH2+', eidas: 'low', acceptLower: true, procedure: 2 },
          rows: lower.rows,
        },
      });
  });

  it('is refused where there is no level at all, a level is closed or the means has ended (TFA-03, REV-07)', () => {
    given(...there)
      .when({ ...renew, classification: { ...none, refusals: ['document-reported'] }, acceptLower: true })
      .thenRejected('document-reported');
    given(...there)
      .when({ ...renew, closedForIssuance: true })
      .thenRejected('level-closed-for-issuance');
    given(...there)
      .when({ ...renew, meansEnded: true })
      .thenRejected('means-revoked');
  });

  it('is not of an administrator below it, whatever lower level he accepts (ADMIN-03)', () => {
    const his = { ...lower, submitterLevel: 'EH2+' as const, refusals: [] };
    given(...there)
      .when({ ...renew, classification: his, acceptLower: true })
      .thenRejected('admin-level-too-low');
    given({ ...registered, data: { ...registered.data, m: 2, eh: 'EH2+' } }, activated)
      .when({ ...renew, classification: his, acceptLower: true, currentLevel: 'EH2+' })
      .then({
        ...renewed,
        data: {
          ...renewed.data,
          ...{ scores: his.scores, rows: his.rows, m: 2, eh: 'EH2+', eidas: 'low', submitterLevel: 'EH2+' },
          ...{ acceptLower: true, previousM: 2 },
        },
      });
  });

  it('goes by what its M carries where the means allows less, or is not issued (ADMIN-03, AMB-72)', () => {
    const his = { ...classification, submitterLevel: 'EH2+' as const };
    for (const currentLevel of ['EH2+', null] as const) {
      given(...there)
        .when({ ...renew, classification: his, acceptLower: true, currentLevel })
        .thenRejected({
          ...{ code: 'admin-level-too-low', kind: 'refused', facts: { have: 'EH2+', need: 'EH3' } },
        });
    }
  });

  it('waits where it is suspended, or its means is (SUS-05)', () => {
    given(...there, suspended)
      .when(renew)
      .thenRejected('suspended');
    given(...there)
      .when({ ...renew, meansSuspended: true })
      .thenRejected('suspended');
  });

  it('keeps nothing of the decision before that this one does not say', () => {
    const byProxy = { ...registered, data: { ...registered.data, legalRepresentative: uuid('person', 5) as PersonId } };
    expect(given(byProxy, activated, renewed).state).not.toHaveProperty('legalRepresentative');
  });
});

describe('a change of an authorization', () => {
  const changedAt = later(now, DAY);
  const own = uuid('appl', 4) as ApplicationId;
  const change: ChangeAuthorization = {
    type: 'ChangeAuthorization',
    application: own,
    registration: 'first',
    submitter: register.submitter,
    checks: [uuid('check', 8)] as CheckId[],
    evidence: [],
    classification,
    meansStork: 3,
    meansEnded: false,
    meansSuspended: false,
    currentLevel: 'EH3',
    aimedLevel: 'EH3',
    acceptLower: false,
    closedForIssuance: false,
    set: { establishments: ['000037178598'] },
    outsideEstablishment: false,
    withdrawnServices: [],
    servicesWithoutChains: [],
    now: changedAt,
  };
  const changed: EventOf<'AuthorizationChanged'> = {
    type: 'AuthorizationChanged',
    data: {
      authorization,
      application: own,
      registration: 'first',
      submitter: register.submitter,
      checks: change.checks,
      evidence: [],
      scores: classification.scores,
      rows: classification.rows,
      m: 3,
      eh: 'EH3',
      eidas: 'substantial',
      submitterLevel: null,
      flags: [],
      meansStork: 3,
      aimedLevel: 'EH3',
      acceptLower: false,
      changed: ['establishments'],
      scope: register.scope,
      forThirdParties: false,
      establishments: ['000037178598'],
      nature: register.nature,
      validFrom: from,
      validUntil: until,
      capped: false,
      previousM: 3,
      changedAt,
    },
  };
  const there = [registered, activated] as const;
  const data = (more: Partial<EventOf<'AuthorizationChanged'>['data']>) => ({
    ...changed,
    data: { ...changed.data, ...more },
  });

  it('is a decision of its own, which says what is other (REG-13)', () => {
    given(...there)
      .when(change)
      .then(changed);
    expect(given(...there, changed).state).toMatchObject({
      ...{ status: 'active', application, decidedOn: own, decidedAt: changedAt, establishments: ['000037178598'] },
    });
    const nature = { rightOfSubstitution: true, actsIndependently: true };
    const scope = { all: true, services: [], groups: [] };
    const { establishments: _all, ...everywhere } = data({
      changed: ['scope', 'establishments', 'nature'],
      scope,
      nature,
    }).data;
    given(...there, changed)
      .when({ ...change, set: { scope, nature, establishments: null } })
      .then({ ...changed, data: everywhere });
  });

  it('of nothing records nothing', () => {
    given(...there, changed)
      .when(change)
      .thenNothing();
    given(...there)
      .when({ ...change, set: { scope: register.scope, period: { from, validUntil: until, capped: false } } })
      .thenNothing();
  });

  it('is of what stands, active or not yet (MUT-01)', () => {
    given().when(change).thenRejected('no-such-registration');
    given(registered).when(change).then(changed);
    given(...there)
      .when({ ...change, now: until })
      .thenRejected('no-such-registration');
    given(...there, revoked)
      .when(change)
      .thenRejected('no-such-registration');
  });

  it('shortens what has begun, and moves what has not; a later end is a renewal (REN-01)', () => {
    const sooner = later(until, -DAY);
    const period = { from, validUntil: sooner, capped: false };
    const { establishments: _none, ...shorter } = data({ changed: ['period'], validUntil: sooner }).data;
    given(...there)
      .when({ ...change, set: { period } })
      .then({ ...changed, data: shorter });
    given(...there)
      .when({ ...change, set: { period: { ...period, validUntil: later(until, 1) } } })
      .thenRejected('renewal-needed');
    given(...there)
      .when({ ...change, set: { period: { ...period, from: later(changedAt, 1) } } })
      .thenRejected('period-leaves-gap');
    given(...there)
      .when({ ...change, set: { period: { ...period, validUntil: changedAt } } })
      .thenRejected('period-has-passed');
    const ahead = later(from, -DAY);
    const { establishments: _no, ...moved } = data({
      ...{ changed: ['period'], validFrom: later(from, DAY), validUntil: later(until, DAY), changedAt: ahead },
    }).data;
    given(...there)
      .when({
        ...{ ...change, now: ahead },
        set: { period: { from: later(from, DAY), validUntil: later(until, DAY), capped: false } },
      })
      .then({ ...changed, data: moved });
  });

  it('does not lower the level because less is aimed at, unless that is accepted (REG-16)', () => {
    const below = { ...change, classification: { ...lower, refusals: [] }, aimedLevel: 'EH2' as const };
    given(...there)
      .when(below)
      .thenRejected({
        code: 'level-not-reached',
        kind: 'refused',
        facts: { aimed: 'EH3', reached: 'EH2+', missing: { aspects: { IO: 3 } } },
      });
    given(...there)
      .when({ ...below, acceptLower: true })
      .then(
        data({
          ...{ scores: lower.scores, rows: lower.rows, m: 2, eh: 'EH2+', eidas: 'low' },
          ...{ aimedLevel: 'EH2', acceptLower: true },
        }),
      );
  });

  it('keeps its M where the means shows no more than that (REG-16, UPG-03)', () => {
    const below: AuthorizationResult = { ...lower, eh: 'EH2', refusals: [] };
    const hidden = { ...change, classification: below, currentLevel: 'EH2', aimedLevel: 'EH2' } as const;
    given(...there)
      .when(hidden)
      .thenRejected({
        code: 'level-not-reached',
        kind: 'refused',
        facts: { aimed: 'EH3', reached: 'EH2', missing: { aspects: { IO: 3 } } },
      });
    given(...there)
      .when({ ...hidden, acceptLower: true })
      .then(
        data({
          ...{ scores: lower.scores, rows: lower.rows, m: 2, eh: 'EH2', eidas: 'low' },
          ...{ aimedLevel: 'EH2', acceptLower: true },
        }),
      );
  });

  it('waits where it is suspended, or its means is (SUS-05)', () => {
    given(...there, suspended)
      .when(change)
      .thenRejected('suspended');
    given(...there)
      .when({ ...change, meansSuspended: true })
      .thenRejected('suspended');
  });

  it('goes by what its M carries where the means allows less, or is not issued (ADMIN-03, AMB-72)', () => {
    const his = { ...classification, submitterLevel: 'EH2+' as const };
    for (const currentLevel of ['EH2+', null] as const) {
      given(...there)
        .when({ ...change, classification: his, currentLevel })
        .thenRejected('admin-level-too-low');
    }
  });

  it('is not of who is below it or beyond it, nor of what the rules refuse (ADMIN-03, ADMIN-10, CONT-07, CHAIN-13)', () => {
    given(...there)
      .when({ ...change, classification: { ...lower, submitterLevel: 'EH2+', refusals: [] }, acceptLower: true })
      .thenRejected('admin-level-too-low');
    given(...there)
      .when({ ...change, outsideEstablishment: true, meansEnded: true, closedForIssuance: true })
      .thenRejected('means-revoked', 'outside-establishment', 'level-closed-for-issuance');
    given(...there)
      .when({ ...change, classification: { ...none, refusals: ['document-reported'] } })
      .thenRejected('document-reported');
    given(...there)
      .when({
        ...{ ...change, classification: { ...classification, m: 1, eh: 'EH1' }, acceptLower: true },
        ...{ set: { scope: { all: false, services: ['service-2'], groups: [] } }, withdrawnServices: ['service-2'] },
      })
      .thenRejected('scope-not-allowed-at-EH1', 'service-withdrawn');
  });

  it('that cuts a renewal off before it begins leaves room for another (REN-03)', () => {
    const renewed = {
      type: 'AuthorizationRenewed',
      data: { ...changed.data, periodFrom: until, validUntil: later(until, DAY), renewedAt: changedAt },
    } as unknown as AuthorizationEvent;
    expect(given(...there, renewed).state).toHaveProperty('periodFrom', until);
    expect(given(...there, renewed, changed).state).not.toHaveProperty('periodFrom');
  });
});

describe('an authorization that is not used', () => {
  const lastUsedAt = at('2026-04-10T09:30:00Z');
  const review: Extract<AuthorizationCommand, { type: 'ReviewNonUse' }> = {
    type: 'ReviewNonUse',
    lastUsedAt,
    recordsUpTo: '42',
    periods: {
      countsFrom: at('2026-04-10T21:59:59.999Z'),
      noticeFrom: at('2028-04-10T21:59:59.999Z'),
      revokesAt: at('2028-05-10T21:59:59.999Z'),
    },
    addressees: [
      { role: 'authorizedPerson', kind: 'person', id: uuid('person', 4) as PersonId },
      { role: 'administrator', kind: 'person', id: uuid('person', 5) as PersonId },
    ],
    told: [],
    erased: [],
    now: at('2028-04-11T03:00:00Z'),
  };
  const { addressees } = review;
  const { countsFrom, revokesAt } = review.periods!;
  const notice = { noticedAt: review.now, lastUsedAt, countsFrom, revokesAt, addressees };
  const told = addressees.map((addressee, nr) => ({
    ...{ addressee, confirmation: uuid('conf', nr) as ConfirmationId },
    ...{ sentAt: at('2028-04-11T03:00:05Z'), runsOutAt: revokesAt },
  }));
  const tellings = told.map(({ confirmation, sentAt }) => ({ confirmation, sentAt }));
  const noticed: EventOf<'AuthorizationNonUseNoticed'> = {
    type: 'AuthorizationNonUseNoticed',
    data: { authorization, ...notice },
  };
  const withdrawn: EventOf<'AuthorizationNonUseNoticeWithdrawn'> = {
    type: 'AuthorizationNonUseNoticeWithdrawn',
    data: {
      ...{ authorization, noticedAt: review.now, ground: 'used' },
      lastUsedAt: at('2028-04-20T08:00:00Z'),
      withdrawnAt: at('2028-04-21T03:00:00Z'),
    },
  };
  const unused: EventOf<'AuthorizationRevoked'> = {
    type: 'AuthorizationRevoked',
    data: { authorization, revokedAt: revokesAt, nonUse: { ...notice, recordsUpTo: '42', told: tellings } },
  };
  // Still in force: what has expired is not reviewed any more.
  const lasting = registeredWith({ validUntil: at('2031-03-02T00:00:00Z') });

  it('is noticed from the moment on at which that is due, once (NONUSE-01, NONUSE-04)', () => {
    given(lasting, activated).when(review).then(noticed);
    given(lasting, activated)
      .when({ ...review, now: review.periods!.noticeFrom })
      .then({
        ...noticed,
        data: { ...noticed.data, noticedAt: review.periods!.noticeFrom },
      });
    given(lasting, activated)
      .when({ ...review, now: later(review.periods!.noticeFrom, -1) })
      .thenNothing();
    given(lasting, activated, noticed).when(review).thenNothing();
  });

  it('is revoked when its notice has run out, and never without one (NONUSE-01, NONUSE-03)', () => {
    given(lasting, activated, noticed)
      .when({ ...review, told, now: later(revokesAt, -1) })
      .thenNothing();
    given(lasting, activated, noticed)
      .when({ ...review, told, now: revokesAt })
      .then(unused);
    // Years too late it is noticed first all the same.
    const late = at('2030-01-01T00:00:00Z');
    given(lasting, activated)
      .when({ ...review, now: late, periods: { ...review.periods!, revokesAt: later(late, 28 * DAY) } })
      .then({ ...noticed, data: { ...noticed.data, noticedAt: late, revokesAt: later(late, 28 * DAY) } });
  });

  it('is not revoked before everybody whom its notice names was told, and his notice has run out (NONUSE-02, NONUSE-03)', () => {
    const noticedThen = given(lasting, activated, noticed);
    const after = later(revokesAt, 90 * DAY);
    noticedThen.when({ ...review, now: after }).thenNothing();
    for (const one of told) noticedThen.when({ ...review, told: [one], now: after }).thenNothing();
    const late = { ...told[1]!, sentAt: later(after, -28 * DAY), runsOutAt: after };
    const { confirmation, sentAt } = late;
    noticedThen.when({ ...review, told: [told[0]!, late], now: later(after, -1) }).thenNothing();
    noticedThen.when({ ...review, told: [told[0]!, late], now: after }).then({
      ...unused,
      data: {
        ...{ authorization, revokedAt: after },
        nonUse: { ...notice, recordsUpTo: '42', told: [tellings[0]!, { confirmation, sentAt }] },
      },
    });
  });

  it('does not wait for an administrator who is none any more, and for the authorized party always (NONUSE-02)', () => {
    const noticedThen = given(lasting, activated, noticed);
    const [person, administrator] = addressees;
    const withOut = (one: (typeof addressees)[number]) => addressees.filter((each) => each !== one);
    noticedThen
      .when({ ...review, addressees: withOut(administrator!), told: [told[0]!], now: revokesAt })
      .then({ ...unused, data: { ...unused.data, nonUse: { ...unused.data.nonUse!, told: [tellings[0]!] } } });
    noticedThen
      .when({ ...review, addressees: withOut(administrator!), told: [told[1]!], now: revokesAt })
      .thenNothing();
    noticedThen.when({ ...review, addressees: [], told: [], now: revokesAt }).thenNothing();
    noticedThen.when({ ...review, addressees: withOut(person!), told: [], now: revokesAt }).thenNothing();
  });

  it('is told to an administrator who came after the notice, and waits for him (NONUSE-02, NONUSE-03)', () => {
    const newcomer = { role: 'administrator', kind: 'person', id: uuid('person', 6) as PersonId } as const;
    const inOffice = [...addressees, newcomer];
    const extendedAt = later(revokesAt, -DAY);
    const extended: EventOf<'AuthorizationNonUseNoticeExtended'> = {
      type: 'AuthorizationNonUseNoticeExtended',
      data: { authorization, noticedAt: review.now, addressees: [newcomer], extendedAt },
    };
    const asked = { ...review, addressees: inOffice, told };
    given(lasting, activated, noticed)
      .when({ ...asked, now: extendedAt })
      .then(extended);
    // Also where everybody whom it named was told, and it could be done.
    given(lasting, activated, noticed)
      .when({ ...asked, now: revokesAt })
      .then({ ...extended, data: { ...extended.data, extendedAt: revokesAt } });
    const after = given(lasting, activated, noticed, extended);
    after.when({ ...asked, now: revokesAt }).thenNothing();
    const runsOutAt = later(extendedAt, 28 * DAY);
    const telling = { confirmation: uuid('conf', 9) as ConfirmationId, sentAt: extendedAt };
    const toldToAll = [...told, { addressee: newcomer, ...telling, runsOutAt }];
    after.when({ ...asked, told: toldToAll, now: later(runsOutAt, -1) }).thenNothing();
    after.when({ ...asked, told: toldToAll, now: runsOutAt }).then({
      type: 'AuthorizationRevoked',
      data: {
        ...{ authorization, revokedAt: runsOutAt },
        nonUse: { ...notice, addressees: inOffice, recordsUpTo: '42', told: [...tellings, telling] },
      },
    });
    // Gone again, he is not waited for.
    after.when({ ...review, told, now: revokesAt }).then({
      ...unused,
      data: { ...unused.data, nonUse: { ...unused.data.nonUse!, addressees: inOffice } },
    });
  });

  it('does not wait for whom nobody can tell: he is erased, and stands there (NONUSE-03)', () => {
    const [person, administrator] = addressees;
    const noticedThen = given(lasting, activated, noticed);
    const revoked = (nonUse: object) =>
      ({ ...unused, data: { ...unused.data, nonUse: { ...unused.data.nonUse!, ...nonUse } } }) as typeof unused;
    noticedThen
      .when({ ...review, told: [told[0]!], erased: [administrator!], now: revokesAt })
      .then(revoked({ told: [tellings[0]!], erased: [administrator!] }));
    noticedThen.when({ ...review, told: [], erased: [person!], now: revokesAt }).thenNothing();
    noticedThen.when({ ...review, erased: addressees, now: revokesAt }).then(revoked({ told: [], erased: addressees }));
    noticedThen.when({ ...review, erased: addressees, now: later(revokesAt, -1) }).thenNothing();
  });

  it('is noticed anew where the notice names nobody who has to be told, and revoked for none (NONUSE-03)', () => {
    const { addressees: _nobody, ...data } = noticed.data;
    const again = { ...noticed.data, noticedAt: revokesAt };
    given(lasting, activated, { ...noticed, data })
      .when({ ...review, told, now: revokesAt })
      .then({ ...noticed, data: again });
    given(lasting, activated)
      .when({ ...review, addressees: [] })
      .thenNothing();
  });

  it('keeps its notice’s word: what the periods would be by now shortens nothing (NONUSE-03)', () => {
    given(lasting, activated, noticed)
      .when({ ...review, told, now: later(revokesAt, -1), periods: { ...review.periods!, revokesAt: review.now } })
      .thenNothing();
  });

  it('is not revoked once it was used after the notice, which is withdrawn (NONUSE-04)', () => {
    const { lastUsedAt: used, withdrawnAt } = withdrawn.data;
    const after = {
      ...review,
      lastUsedAt: used,
      periods: { ...review.periods!, noticeFrom: later(revokesAt, 700 * DAY) },
    };
    given(lasting, activated, noticed)
      .when({ ...after, now: withdrawnAt })
      .then(withdrawn);
    given(lasting, activated, noticed, withdrawn)
      .when({ ...after, now: revokesAt })
      .thenNothing();
    given(lasting, activated, { ...noticed, data: { ...noticed.data, lastUsedAt: null } })
      .when({ ...after, now: withdrawnAt })
      .then(withdrawn);
  });

  it('is noticed anew where the use that the notice did not know of is as long ago', () => {
    const known = { ...noticed, data: { ...noticed.data, lastUsedAt: null } };
    given(lasting, activated, known)
      .when(review)
      .then({ ...withdrawn, data: { ...withdrawn.data, lastUsedAt, withdrawnAt: review.now } }, noticed);
  });

  it('is let be where nothing is revoked at its level, and an earlier notice is withdrawn (PD1)', () => {
    given(lasting, activated)
      .when({ ...review, periods: null })
      .thenNothing();
    given(lasting, activated, noticed)
      .when({ ...review, periods: null, now: revokesAt })
      .then({
        ...withdrawn,
        data: { ...withdrawn.data, ground: 'notRevokedAtLevel', lastUsedAt, withdrawnAt: revokesAt },
      });
  });

  it('is treated alike while it is suspended or waits for its activation (SUS-05, NONUSE-04)', () => {
    given(lasting).when(review).then(noticed);
    given(lasting, activated, suspended).when(review).then(noticed);
    given(lasting, activated, noticed, suspended)
      .when({ ...review, told, now: revokesAt })
      .then(unused);
    expect(given(lasting, activated, suspended, noticed).state).toMatchObject({ status: 'suspended', nonUse: notice });
  });

  it('is left alone when it has ended, and has no notice when it was revoked on another ground', () => {
    given(lasting, activated, noticed, revoked)
      .when({ ...review, told, now: revokesAt })
      .thenNothing();
    given(registered, activated, noticed)
      .when({ ...review, now: registered.data.validUntil })
      .thenNothing();
    expect(given(lasting, activated, noticed, revoked).state).not.toHaveProperty('nonUse');
    expect(given(lasting, activated, noticed, unused).state).toMatchObject({ status: 'revoked', nonUse: notice });
    given().when(review).thenRejected({ code: 'no-such-registration', kind: 'not-found' });
  });
});

describe('the statement that the authorized person permits to be shown (CONSENT-08)', () => {
  const login = uuid('check', 7) as CheckId;
  const state: Extract<AuthorizationCommand, { type: 'StateDisplayPermission' }> = {
    type: 'StateDisplayPermission',
    application: uuid('appl', 8) as ApplicationId,
    permitted: true,
    statedBy: uuid('person', 4) as PersonId,
    role: 'administrator',
    manages: 'this',
    login,
    level: 'EH3',
    now: later(now, DAY),
  };
  const { application: intake, statedBy, role } = state;
  const stated: EventOf<'DisplayPermissionStated'> = {
    type: 'DisplayPermissionStated',
    data: {
      ...{ authorization, application: intake, permitted: true, statedBy, role },
      ...{ checks: [login], level: 'EH3', statedAt: state.now },
    },
  };

  it('says who states it, in which role and by which login; the last one holds', () => {
    given(registered).when(state).then(stated);
    const taken = { ...stated, data: { ...stated.data, permitted: false } };
    given(registered, activated, stated)
      .when({ ...state, permitted: false })
      .then(taken);
    given(registered, activated, stated, taken).when(state).then(stated);
  });

  it('is recorded where it says something else than before', () => {
    given(registered, stated).when(state).thenNothing();
    given(registeredWith({ displayPermitted: true }))
      .when(state)
      .thenNothing();
    // That nothing was stated is no refusal by the person.
    given(registered)
      .when({ ...state, permitted: false })
      .then({ ...stated, data: { ...stated.data, permitted: false } });
  });

  it('is by who manages it, with a login of its level, and of nothing that has ended (RIGHTS-07, ADMIN-10, MUT-01)', () => {
    given(registered)
      .when({ ...state, manages: 'nothing', level: 'EH2+' })
      .thenRejected(
        { code: 'no-administration-authority', kind: 'refused' },
        { code: 'admin-level-too-low', kind: 'refused', facts: { have: 'EH2+', need: 'EH3' } },
      );
    given(registered)
      .when({ ...state, manages: 'others' })
      .thenRejected('outside-establishment');
    given(registered, activated, revoked).when(state).thenRejected('no-such-registration');
    given(registered)
      .when({ ...state, now: until })
      .thenRejected('no-such-registration');
    given().when(state).thenRejected('no-such-registration');
  });

  it('is about a person: an intermediary has none', () => {
    given(registeredWith({ authorizedParty: { party: uuid('party', 2) as PartyId } }))
      .when(state)
      .thenRejected({ code: 'nobody-to-show', kind: 'refused' });
  });
});
