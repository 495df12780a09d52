import { describe, expect, it } from '@jest/globals';
import {
  later,
  type ApplicationId,
  type AuthorizationId,
  type CheckId,
  type MeansId,
  type PersonId,
  type Pseudonym,
} from '#libs/kernel';
import type { MeansResult } from '#libs/scheme';
import { at, specificationOf, uuid } from '#libs/testing';
import { meansDecider, type MeansCommand, type MeansEvent } from './index.js';

type CommandOf<Type extends MeansCommand['type']> = Extract<MeansCommand, { type: Type }>;
type EventOf<Type extends MeansEvent['type']> = Extract<MeansEvent, { type: Type }>;

const given = specificationOf(meansDecider);
const means = uuid('means') as MeansId;
const checks = [uuid('check', 1), uuid('check', 2)] as CheckId[];
const now = at('2026-03-02T12:00:00Z');
const DAY = 24 * 3_600_000;

const apply: CommandOf<'ApplyForMeans'> = {
  type: 'ApplyForMeans',
  means,
  application: uuid('appl') as ApplicationId,
  holder: uuid('person') as PersonId,
  pseudonym: uuid('pseudo') as Pseudonym,
  product: 'password-sms',
  aimedStork: 3,
  restriction: {},
  ofProduct: {},
  closedForIssuance: false,
  now,
};
const applied: EventOf<'MeansApplied'> = {
  type: 'MeansApplied',
  data: {
    means,
    application: apply.application,
    holder: apply.holder,
    pseudonym: apply.pseudonym,
    product: 'password-sms',
    aimedStork: 3,
    appliedAt: now,
  },
};

const classification: MeansResult = {
  scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 },
  rows: {
    ID: ['MEANS-ID3-v2'],
    IC: ['MEANS-IC3'],
    IE: ['MEANS-IE2'],
    RC: ['MEANS-RC3'],
    AM: ['MEANS-AM3'],
  },
  criteria: { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' },
  stork: 3,
  issuanceLevel: 3,
  limitedBy: ['ID'],
  missingFor: { 4: { ID: 4 } },
  refusals: [],
};
const lower: MeansResult = {
  ...classification,
  scores: { ...classification.scores, ID: 2 },
  stork: 2,
  issuanceLevel: 2,
  missingFor: { 3: { ID: 3 }, 4: { ID: 4 } },
  refusals: ['not-unique', 'employer-is-applicant', 'not-identified'],
};

const evidence = checks.map((check) => ({
  check,
  type: 'idCopyEnclosed',
  counts: true,
  joined: false,
  superseded: false,
}));
const identify: CommandOf<'IdentifyHolder'> = { type: 'IdentifyHolder', checks, evidence, classification, now };
const identified: EventOf<'HolderIdentified'> = {
  type: 'HolderIdentified',
  data: {
    means,
    checks,
    scores: { ID: 3 },
    rows: { ID: ['MEANS-ID3-v2'] },
    criteria: classification.criteria,
    evidence,
    identifiedAt: now,
  },
};
const issue: CommandOf<'IssueMeans'> = {
  type: 'IssueMeans',
  checks,
  evidence,
  classification,
  aimedStork: 3,
  acceptLower: false,
  ofProduct: {},
  closedForIssuance: false,
  now,
};
const issued: EventOf<'MeansIssued'> = {
  type: 'MeansIssued',
  data: {
    means,
    checks,
    scores: classification.scores,
    rows: classification.rows,
    criteria: classification.criteria,
    evidence,
    stork: 3,
    issuanceLevel: 3,
    aimedStork: 3,
    issuedAt: now,
  },
};
const forOne = { restrictedToProvider: 'provider-a' };
const activate: CommandOf<'ActivateMeans'> = { type: 'ActivateMeans', activatedAt: now, now };
const activated: EventOf<'MeansActivated'> = {
  type: 'MeansActivated',
  data: { means, application: apply.application, activatedAt: now, late: false },
};
const application = uuid('appl', 2) as ApplicationId;
const atFour: MeansResult = {
  ...classification,
  scores: { ID: 4, IC: 4, IE: 3, RC: 4, AM: 4 },
  stork: 4,
  issuanceLevel: 4,
  missingFor: {},
};
const staysBelow = [{ authorization: uuid('auth') as AuthorizationId, m: 2, level: 'EH2+' }] as const;
const upgrade: CommandOf<'UpgradeMeans'> = {
  type: 'UpgradeMeans',
  application,
  product: 'certificate-card',
  checks,
  evidence,
  classification: atFour,
  aimedStork: 4,
  acceptLower: false,
  closedForIssuance: false,
  closedForUpgrade: false,
  ofProduct: {},
  staysBelow,
  staysBelowMore: false,
  now,
};
const upgraded: EventOf<'MeansUpgraded'> = {
  type: 'MeansUpgraded',
  data: {
    means,
    application,
    product: 'certificate-card',
    checks,
    scores: atFour.scores,
    rows: atFour.rows,
    criteria: atFour.criteria,
    evidence,
    previousStork: 3,
    stork: 4,
    issuanceLevel: 4,
    aimedStork: 4,
    staysBelow,
    staysBelowMore: false,
    upgradedAt: now,
  },
};
const revoke: CommandOf<'RevokeMeans'> = { type: 'RevokeMeans', revocationRequest: uuid('revoke') as never, now };
const revoked: EventOf<'MeansRevoked'> = {
  type: 'MeansRevoked',
  data: { means, revocationRequest: revoke.revocationRequest, revokedAt: now },
};

describe('an application for a means', () => {
  it('is taken in with its holder, product and pseudonym (MEANS-05, MEANS-09)', () => {
    given().when(apply).then(applied);
    const party = uuid('party') as never;
    given()
      .when({ ...apply, party })
      .then({ ...applied, data: { ...applied.data, party } });
  });

  it('is not taken in at a level that the policy has closed (TFA-03)', () => {
    given()
      .when({ ...apply, closedForIssuance: true })
      .thenRejected({ code: 'level-closed-for-issuance', kind: 'refused', facts: { stork: 3 } });
  });

  it('is taken in once', () => {
    given(applied).when(apply).thenRejected({ code: 'means-exists', kind: 'conflict' });
    given(applied, revoked).when(apply).thenRejected('means-exists');
  });
});

describe('the identification of the holder', () => {
  it('is recorded with what the checks earn on ID', () => {
    given(applied).when(identify).then(identified);
    given(applied)
      .when({ ...identify, classification: lower })
      .then({ ...identified, data: { ...identified.data, scores: { ID: 2 } } });
  });

  it('is refused where a document is reported or nothing identifies him, not for what comes later', () => {
    const refusals = ['document-reported', 'aspect-unscored:ID', 'aspect-unscored:RC', 'not-unique'] as never;
    given(applied)
      .when({ ...identify, classification: { ...lower, refusals } })
      .thenRejected(
        { code: 'aspect-unscored', kind: 'refused', facts: { aspect: 'ID' } },
        { code: 'document-reported', kind: 'refused' },
      );
    given(applied)
      .when({ ...identify, classification: { ...classification, refusals: ['aspect-unscored:RC'] as never } })
      .then(identified);
  });

  it('may be done again with more checks until the means is issued', () => {
    const more = [...checks, uuid('check', 3) as CheckId];
    given(applied, identified)
      .when({ ...identify, checks: more })
      .then({ ...identified, data: { ...identified.data, checks: more } });
    given(applied, identified, issued).when(identify).thenRejected({ code: 'means-already-issued', kind: 'conflict' });
    given(applied, identified, issued, activated).when(identify).thenRejected('means-already-issued');
  });

  it('with the same checks and the same outcome is so already', () => {
    given(applied, identified)
      .when({ ...identify, now: later(now, DAY) })
      .thenNothing();
    // The same checks can earn more once the person is linked to his duplicate.
    given(applied, identified)
      .when({ ...identify, classification: lower, now: later(now, DAY) })
      .then({
        ...identified,
        data: { ...identified.data, scores: { ID: 2 }, identifiedAt: later(now, DAY) },
      });
  });
});

describe('the issuance', () => {
  it('is recorded with the five scores, the level they carry and the level of the issuance (MEANS-01, MEANS-02)', () => {
    given(applied, identified).when(issue).then(issued);
  });

  it('below the level aimed at is refused with what is missing and why (REG-16)', () => {
    given(applied, identified)
      .when({ ...issue, classification: lower })
      .thenRejected(
        { code: 'level-not-reached', kind: 'refused', facts: { aimed: 3, reached: 2, missing: { ID: 3 } } },
        { code: 'not-unique', kind: 'refused' },
        { code: 'employer-is-applicant', kind: 'refused' },
        { code: 'not-identified', kind: 'refused' },
      );
  });

  it('below the level aimed at is recorded at the level reached where a lower one is accepted', () => {
    given(applied, identified)
      .when({ ...issue, classification: lower, acceptLower: true })
      .then({ ...issued, data: { ...issued.data, scores: lower.scores, stork: 2, issuanceLevel: 2 } });
  });

  it('is aimed at what was applied for, unless a lower level is accepted', () => {
    given(applied, identified)
      .when({ ...issue, aimedStork: 2 })
      .then(issued);
    given(applied, identified)
      .when({ ...issue, aimedStork: 2, classification: lower })
      .thenRejected('level-not-reached', 'not-unique', 'employer-is-applicant', 'not-identified');
    given(applied, identified)
      .when({ ...issue, aimedStork: 2, acceptLower: true })
      .then({ ...issued, data: { ...issued.data, aimedStork: 2 } });
  });

  it('above the level aimed at is recorded at the level reached', () => {
    given({ ...applied, data: { ...applied.data, aimedStork: 2 } }, identified)
      .when({ ...issue, aimedStork: 2 })
      .then({ ...issued, data: { ...issued.data, aimedStork: 2 } });
  });

  it('without any level is refused whatever is accepted', () => {
    const none = { ...classification, stork: 0, refusals: ['aspect-unscored:RC'] } as MeansResult;
    given(applied, identified)
      .when({ ...issue, classification: none, acceptLower: true })
      .thenRejected({ code: 'aspect-unscored', kind: 'refused', facts: { aspect: 'RC' } });
  });

  it('at a level that the policy has closed is refused (TFA-03)', () => {
    given(applied, identified)
      .when({ ...issue, closedForIssuance: true })
      .thenRejected({ code: 'level-closed-for-issuance', kind: 'refused', facts: { stork: 3 } });
  });

  it('follows the identification, and happens once (MEANS-04)', () => {
    given(applied).when(issue).thenRejected({ code: 'means-not-identified', kind: 'conflict' });
    given(applied, identified, issued).when(issue).thenRejected({ code: 'means-already-issued', kind: 'conflict' });
    given(applied, identified, issued, activated).when(issue).thenRejected('means-already-issued');
  });
});

describe('the activation', () => {
  const issuedEarlier = (days: number): EventOf<'MeansIssued'> => ({
    ...issued,
    data: { ...issued.data, issuedAt: later(now, -days * DAY) },
  });

  it('is recorded at the moment it happened', () => {
    const earlier = later(now, -3_600_000);
    given(applied, identified, issuedEarlier(1))
      .when({ ...activate, activatedAt: earlier })
      .then({ ...activated, data: { ...activated.data, activatedAt: earlier } });
  });

  it('lies not in the future, and needs a reason when it lies more than 31 days back', () => {
    given(applied, identified, issued)
      .when({ ...activate, activatedAt: later(now, 5_001) })
      .thenRejected({ code: 'instant-in-future', kind: 'invalid', pointer: '/activatedAt' });
    const old = later(now, -31 * DAY - 1);
    given(applied, identified, issuedEarlier(40))
      .when({ ...activate, activatedAt: old })
      .thenRejected({ code: 'late-entry-reason-missing', kind: 'invalid', pointer: '/activatedAt' });
    given(applied, identified, issuedEarlier(40))
      .when({ ...activate, activatedAt: old, lateEntryReason: 'The form was mislaid' })
      .then({
        ...activated,
        data: { ...activated.data, activatedAt: old, late: true, lateEntryReason: { clear: 'The form was mislaid' } },
      });
  });

  it('is of an issued means, and not earlier than the issuance', () => {
    given(applied).when(activate).thenRejected({ code: 'means-not-issued', kind: 'conflict' });
    given(applied, identified).when(activate).thenRejected('means-not-issued');
    given(applied, identified, issued)
      .when({ ...activate, activatedAt: later(now, -1) })
      .thenRejected({ code: 'activated-before-issuance', kind: 'invalid', pointer: '/activatedAt' });
  });

  it('again is so already; at another moment it is a conflict', () => {
    given(applied, identified, issued, activated)
      .when({ ...activate, now: later(now, DAY) })
      .thenNothing();
    given(applied, identified, issued, activated)
      .when({ ...activate, activatedAt: later(now, -1) })
      .thenRejected({ code: 'means-already-active', kind: 'conflict' });
  });
});

describe('the revocation', () => {
  it('is recorded wherever the means stands', () => {
    given(applied).when(revoke).then(revoked);
    given(applied, identified).when(revoke).then(revoked);
    given(applied, identified, issued).when(revoke).then(revoked);
    given(applied, identified, issued, activated).when(revoke).then(revoked);
  });

  it('is final, and happens once whoever asks (REV-08)', () => {
    given(applied, revoked).when(revoke).thenNothing();
    given(applied, revoked)
      .when({ ...revoke, revocationRequest: uuid('revoke', 2) as never })
      .thenNothing();
    for (const command of [identify, issue, activate]) {
      given(applied, revoked).when(command).thenRejected({ code: 'means-revoked', kind: 'conflict' });
    }
  });
});

describe('a means', () => {
  it('that was never applied for has no steps', () => {
    for (const command of [identify, issue, activate, revoke]) {
      given().when(command).thenRejected({ code: 'no-such-means', kind: 'not-found' });
    }
  });

  it('keeps its pseudonym, holder and level from application to revocation (MEANS-09)', () => {
    expect(given(applied, identified, issued, activated, revoked).state).toMatchObject({
      status: 'revoked',
      pseudonym: apply.pseudonym,
      holder: apply.holder,
      stork: 3,
      revokedAt: now,
    });
  });
});

describe('an upgrade of a means', () => {
  it('keeps id, holder and pseudonym, and what it carried before for logins of then (UPG-01, UPG-04)', () => {
    given(applied, identified, issued, activated).when(upgrade).then(upgraded);
    expect(given(applied, identified, issued, activated, upgraded).state).toMatchObject({
      ...{ status: 'active', id: means, holder: apply.holder, pseudonym: apply.pseudonym },
      ...{ product: 'certificate-card', stork: 4, issuanceLevel: 4, aimedStork: 4 },
      ...{ judgedOn: application, processes: [apply.application, application] },
      before: [{ until: now, stork: 3, product: 'password-sms' }],
    });
    given(applied, identified, issued).when(upgrade).then(upgraded);
  });

  it('names a level above the one it has, once (UPG-01)', () => {
    given(applied, identified, issued, activated)
      .when({ ...upgrade, aimedStork: 3 })
      .thenRejected('means-at-level-already');
    given(applied, identified, issued, activated, upgraded).when(upgrade).thenRejected('means-at-level-already');
  });

  it('does not happen below the level aimed at, unless that is accepted and still higher (UPG-02, REG-16)', () => {
    const two = { ...issued, data: { ...issued.data, stork: 2 as const, issuanceLevel: 2 as const } };
    const reached = { ...upgrade, classification };
    given(applied, identified, two).when(reached).thenRejected('level-not-reached');
    given(applied, identified, two)
      .when({ ...reached, acceptLower: true })
      .then({
        ...upgraded,
        data: {
          ...upgraded.data,
          ...{ scores: classification.scores, rows: classification.rows, criteria: classification.criteria },
          ...{ previousStork: 2, stork: 3, issuanceLevel: 3 },
        },
      });
    given(applied, identified, issued)
      .when({ ...reached, acceptLower: true })
      .thenRejected('level-not-reached');
    given(applied, identified, issued)
      .when({ ...upgrade, classification: { ...atFour, stork: 0, refusals: ['document-reported'] } })
      .thenRejected('document-reported');
  });

  it('is not done once the policy has closed a level (TFA-03)', () => {
    given(applied, identified, issued)
      .when({ ...upgrade, closedForUpgrade: true, closedForIssuance: true })
      .thenRejected('level-closed-for-upgrade', 'level-closed-for-issuance');
  });

  it('needs a means that is issued and has not ended (UPG-01, REV-08)', () => {
    given().when(upgrade).thenRejected('no-such-means');
    given(applied, identified).when(upgrade).thenRejected('means-not-issued');
    given(applied, identified, issued, activated, revoked).when(upgrade).thenRejected('means-revoked');
  });
});

describe('a means that is used in one place and nowhere else (REST-01)', () => {
  const restricted = { ...applied, data: { ...applied.data, ...forOne } };
  const services = { restrictedToServices: ['service-2', 'service-1'] };

  it('is so by its product or its application, or as far as both allow', () => {
    for (const [restriction, ofProduct, both] of [
      [{}, forOne, forOne],
      [forOne, {}, forOne],
      [forOne, forOne, forOne],
      [{ ...forOne, ...services }, forOne, { ...forOne, ...services }],
      [forOne, { ...forOne, ...services }, { ...forOne, ...services }],
      [
        { ...forOne, ...services },
        { ...forOne, restrictedToServices: ['service-1', 'service-3'] },
        { ...forOne, restrictedToServices: ['service-1'] },
      ],
    ] as const) {
      given()
        .when({ ...apply, restriction, ofProduct })
        .then({ ...applied, data: { ...applied.data, ...both } });
    }
  });

  it('is not applied for where that is nowhere', () => {
    for (const ofProduct of [
      { restrictedToProvider: 'provider-b' },
      { ...forOne, restrictedToServices: ['service-3'] },
    ]) {
      given()
        .when({ ...apply, restriction: { ...forOne, ...services }, ofProduct })
        .thenRejected({ code: 'product-for-elsewhere', kind: 'refused', pointer: '/product' });
    }
  });

  it('stays so when it is issued and upgraded: it is never used anywhere else', () => {
    given(restricted, identified)
      .when(issue)
      .then({ ...issued, data: { ...issued.data, ...forOne } });
    given(restricted, identified, issued)
      .when(upgrade)
      .then({ ...upgraded, data: { ...upgraded.data, ...forOne } });
    expect(given(restricted, identified, issued, upgraded).state).toMatchObject(forOne);
  });

  it('becomes so by the product with which it is issued or upgraded, or is refused', () => {
    given(applied, identified)
      .when({ ...issue, ofProduct: forOne })
      .then({ ...issued, data: { ...issued.data, ...forOne } });
    expect(given(applied, identified, { ...issued, data: { ...issued.data, ...forOne } }).state).toMatchObject(forOne);
    const elsewhere = { restrictedToProvider: 'provider-b' };
    given(restricted, identified)
      .when({ ...issue, ofProduct: elsewhere })
      .thenRejected({ code: 'product-for-elsewhere', kind: 'refused' });
    given(restricted, identified, issued)
      .when({ ...upgrade, ofProduct: elsewhere, closedForUpgrade: true })
      .thenRejected('product-for-elsewhere', 'level-closed-for-upgrade');
  });
});

describe('a renewal of a means', () => {
  const renew: CommandOf<'RenewMeans'> = {
    type: 'RenewMeans',
    application,
    product: 'password-sms',
    checks,
    evidence,
    classification,
    acceptLower: false,
    ofProduct: {},
    closedForIssuance: false,
    now,
  };
  const renewed: EventOf<'MeansRenewed'> = {
    type: 'MeansRenewed',
    data: {
      means,
      ...{ application, product: 'password-sms', checks, evidence, acceptLower: false },
      ...{ scores: classification.scores, rows: classification.rows, criteria: classification.criteria },
      ...{ previousStork: 3, stork: 3, issuanceLevel: 3, renewedAt: now },
    },
  };
  const there = [applied, identified, issued, activated] as const;

  it('keeps id, holder, pseudonym and level, and is recorded once (MEANS-09)', () => {
    given(...there)
      .when(renew)
      .then(renewed);
    expect(given(...there, renewed).state).toMatchObject({
      ...{ status: 'active', id: means, pseudonym: apply.pseudonym, stork: 3, aimedStork: 3, judgedOn: application },
      before: [{ until: now, stork: 3, product: 'password-sms' }],
    });
    given(...there, renewed)
      .when(renew)
      .thenNothing();
  });

  it('never raises it: that is an upgrade (UPG-03)', () => {
    given(...there)
      .when({ ...renew, classification: atFour })
      .then({ ...renewed, data: { ...renewed.data, scores: atFour.scores, rows: atFour.rows, issuanceLevel: 4 } });
  });

  it('lowers it where that is accepted, and is refused otherwise (REN-04)', () => {
    const below = { ...renew, classification: { ...lower, refusals: [] } };
    given(...there)
      .when(below)
      .thenRejected({
        code: 'renewal-below-level',
        kind: 'refused',
        facts: { aimed: 3, reached: 2, missing: { ID: 3 } },
      });
    given(...there)
      .when({ ...below, acceptLower: true })
      .then({
        ...renewed,
        data: { ...renewed.data, scores: lower.scores, acceptLower: true, stork: 2, issuanceLevel: 2 },
      });
    given(...there)
      .when({ ...renew, classification: { ...lower, stork: 0, refusals: ['document-reported'] }, acceptLower: true })
      .thenRejected('document-reported');
  });

  it('waits while the means is suspended (SUS-05)', () => {
    const suspended: EventOf<'MeansSuspended'> = {
      type: 'MeansSuspended',
      data: {
        means,
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
    given(...there, suspended)
      .when(renew)
      .thenRejected('suspended');
  });

  it('leaves a means where it may be used, whatever the product (REST-01)', () => {
    const there = [{ ...applied, data: { ...applied.data, ...forOne } }, identified, issued, activated] as const;
    given(...there)
      .when(renew)
      .then({ ...renewed, data: { ...renewed.data, ...forOne } });
    given(...there)
      .when({ ...renew, ofProduct: { restrictedToProvider: 'provider-b' }, closedForIssuance: true })
      .thenRejected('product-for-elsewhere', 'level-closed-for-issuance');
  });

  it('keeps when it was asked, and is never late: no time runs (MEANS-07, TURN-03)', () => {
    for (const channel of ['electronic', 'nonElectronic'] as const) {
      const turnaround = { channel, receivedAt: later(renew.now, -20 * DAY), level: 'EH3', dueAt: null } as const;
      given(...there)
        .when({ ...renew, turnaround })
        .then({ ...renewed, data: { ...renewed.data, turnaround: { ...turnaround, breached: false } } });
    }
  });

  it('needs a means that is issued and has not ended, at a level that is open (REV-08, TFA-03)', () => {
    given().when(renew).thenRejected('no-such-means');
    given(applied, identified).when(renew).thenRejected('means-not-issued');
    given(...there, revoked)
      .when(renew)
      .thenRejected('means-revoked');
    given(...there)
      .when({ ...renew, closedForIssuance: true })
      .thenRejected('level-closed-for-issuance');
  });
});

describe('the certificate on a means', () => {
  const until = later(now, 300 * DAY);
  const certified = { ...issued, data: { ...issued.data, certificateUntil: until } };
  const report: CommandOf<'ReportCertificateRevoked'> = {
    ...{ type: 'ReportCertificateRevoked', application: apply.application, check: checks[0]! },
    ...{ validatedAt: later(now, DAY), isRevoked: true, now: later(now, 2 * DAY) },
    ...{ receivedAt: later(now, DAY), isCertificate: true, namesHolder: true },
  };
  const reported: EventOf<'MeansCertificateRevoked'> = {
    type: 'MeansCertificateRevoked',
    data: { means, application: apply.application, checks: [checks[0]!], reportedAt: report.now },
  };
  const renewedWith = (certificateUntil: object): EventOf<'MeansRenewed'> => ({
    type: 'MeansRenewed',
    data: {
      means,
      ...{ application, product: 'password-sms', checks, evidence, acceptLower: false },
      ...{ scores: classification.scores, rows: classification.rows, criteria: classification.criteria },
      ...{ previousStork: 3, stork: 3, issuanceLevel: 3, renewedAt: later(now, 4 * DAY), ...certificateUntil },
    },
  });

  it('ends when its validation said so, kept with what was issued on it (MEANS-PKIO)', () => {
    given(applied, identified)
      .when({ ...issue, certificate: { certificateUntil: until } })
      .then(certified);
    expect(given(applied, identified, certified).state).toMatchObject({ certificateEndsAt: until });
  });

  it('is revoked once, of a means that was ended as well, and not before it was there (SIG-01)', () => {
    const there = [applied, identified, certified, activated] as const;
    given(...there)
      .when(report)
      .then(reported);
    given(...there, reported)
      .when(report)
      .thenNothing();
    given(...there, reported)
      .when({ ...report, check: checks[1]! })
      .thenRejected('certificate-revoked-already');
    const ended: EventOf<'MeansRevoked'> = {
      type: 'MeansRevoked',
      data: { means, revocationRequest: uuid('rev') as never, revokedAt: now },
    };
    given(...there, ended)
      .when(report)
      .then(reported);
    given(applied, identified).when(report).thenRejected('means-not-issued');
    for (const other of [{ isRevoked: false }, { validatedAt: later(now, -DAY) }])
      given(...there)
        .when({ ...report, ...other })
        .thenRejected('certificate-not-revoked');
    expect(given(...there, reported).state).toMatchObject({ certificateEndsAt: report.now });
  });

  describe('which of its tokens it is on (SIG-01)', () => {
    const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];
    const first = { ...certified, data: { ...certified.data, certificateFingerprint: old } };
    const second = renewedWith({ certificateFingerprint: next });
    const since = second.data.renewedAt;
    const anew = { ...report, validatedAt: later(since, DAY), receivedAt: later(since, DAY) };
    const renewed = [applied, identified, first, activated, second] as const;

    it('is kept with what was issued and renewed on it', () => {
      given(applied, identified)
        .when({ ...issue, certificate: { certificateUntil: until, certificateFingerprint: old } })
        .then(first);
      expect(given(applied, identified, first).state).toMatchObject({ certificateFingerprint: old });
      expect(given(...renewed).state).toMatchObject({ certificateFingerprint: next });
      expect(given(applied, identified, first, renewedWith({})).state).not.toHaveProperty('certificateFingerprint');
      const ofSameToken = { ...upgraded, data: { ...upgraded.data, product: 'password-sms' } };
      expect(given(applied, identified, first, ofSameToken).state).toMatchObject({
        ...{ certificateFingerprint: old, tokenFrom: apply.application },
      });
    });

    it('says its fingerprint, whatever application the validation is of', () => {
      for (const receivedAt of [now, later(since, DAY)]) {
        given(...renewed)
          .when({ ...anew, receivedAt, fingerprint: old })
          .thenRejected('certificate-not-revoked');
        given(...renewed)
          .when({ ...anew, receivedAt, fingerprint: next })
          .then({ ...reported, data: { ...reported.data, certificateFingerprint: next } });
      }
      // It was known before the token was handed out.
      given(...renewed)
        .when({ ...anew, validatedAt: later(since, -1), fingerprint: next })
        .thenRejected('certificate-not-revoked');
    });

    it('says the application where a fingerprint is not known: it came in since, or brought the token', () => {
      const early = { ...anew, receivedAt: later(since, -1) };
      const unknown = [applied, identified, certified, activated, renewedWith({})] as const;
      for (const [history, members, kept] of [
        [renewed, {}, {}],
        [unknown, {}, {}],
        [unknown, { fingerprint: next }, { certificateFingerprint: next }],
      ] as const) {
        given(...history)
          .when({ ...early, ...members })
          .thenRejected('certificate-not-revoked');
        given(...history)
          .when({ ...early, receivedAt: since, ...members })
          .then({ ...reported, data: { ...reported.data, ...kept } });
        const own = { ...early, application: second.data.application, ...members };
        given(...history)
          .when(own)
          .then({ ...reported, data: { ...reported.data, application: own.application, ...kept } });
      }
      given(applied, identified, certified, activated)
        .when({ ...report, receivedAt: later(now, -DAY) })
        .then(reported);
    });
  });

  describe('one certificate, one token (MEANS-PKIO, SIG-01)', () => {
    const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];
    const first = { ...certified, data: { ...certified.data, certificateFingerprint: old } };
    const there = [applied, identified, first, activated] as const;
    const second = renewedWith({ certificateFingerprint: next });
    const renewOn = (certificateFingerprint: string): CommandOf<'RenewMeans'> => ({
      ...{ type: 'RenewMeans', application, product: 'password-sms', checks, evidence, classification },
      ...{ acceptLower: false, ofProduct: {}, closedForIssuance: false, now: second.data.renewedAt },
      certificate: { certificateFingerprint },
    });
    const upgradeOn = (product: string, which: string): CommandOf<'UpgradeMeans'> => ({
      ...upgrade,
      ...{ product, certificate: { certificateFingerprint: which } },
    });

    it('is the same token where a renewal or another product rests on the certificate that is there', () => {
      const same = { ...second, data: { ...second.data, certificateFingerprint: old, sameToken: true } } as const;
      given(...there)
        .when(renewOn(old))
        .then(same);
      given(...there)
        .when(renewOn(next))
        .then(second);
      expect(given(...there, same).state).toMatchObject({
        ...{ tokenSince: issued.data.issuedAt, tokenFrom: apply.application, certificateEndsAt: until },
      });
      given(...there)
        .when(upgradeOn('certificate-card', old))
        .then({
          ...upgraded,
          data: { ...upgraded.data, product: 'certificate-card', certificateFingerprint: old, sameToken: true },
        });
    });

    it('does not come back once it was recorded as revoked, however many there were since', () => {
      const third = '0'.repeat(64);
      const nextReported = { ...reported, data: { ...reported.data, certificateFingerprint: next } };
      for (const history of [
        [...there, reported],
        [...there, reported, second],
        [...there, reported, second, nextReported, renewedWith({ certificateFingerprint: third })],
      ] as const) {
        const another = { ...renewOn(old), application: uuid('other') as ApplicationId };
        for (const command of [another, upgradeOn('certificate-card', old)])
          given(...history)
            .when(command)
            .thenRejected('certificate-recorded-as-revoked');
      }
      // Of what was issued before it was known which one: the validation of its revocation says it.
      const unknown = [applied, identified, certified, activated] as const;
      const told = { ...reported, data: { ...reported.data, certificateFingerprint: old } };
      given(...unknown, told)
        .when(renewOn(old))
        .thenRejected('certificate-recorded-as-revoked');
      given(...unknown, told)
        .when(renewOn(next))
        .then(second);
    });

    it('asks for nothing new where the renewal that brought it is repeated after its revocation', () => {
      given(...there, second, { ...reported, data: { ...reported.data, certificateFingerprint: next } })
        .when(renewOn(next))
        .thenNothing();
    });

    it('is not overwritten by another one on the same product', () => {
      given(...there)
        .when(upgradeOn('password-sms', next))
        .thenRejected('certificate-of-another-token');
      for (const [history, product] of [
        [there, 'certificate-card'],
        [[applied, identified, certified, activated], 'password-sms'],
      ] as const)
        given(...history)
          .when(upgradeOn(product, next))
          .then({ ...upgraded, data: { ...upgraded.data, product, certificateFingerprint: next } });
    });
  });

  it('ends a means that is one, of the person whom it names (MEANS-PKIO)', () => {
    const there = [applied, identified, certified, activated] as const;
    given(...there)
      .when({ ...report, isCertificate: false })
      .thenRejected('means-without-certificate');
    given(...there)
      .when({ ...report, namesHolder: false, isRevoked: false })
      .thenRejected('certificate-of-another-person', 'certificate-not-revoked');
    // What was recorded by it stands, whatever its subject is found to be since.
    given(...there, reported)
      .when({ ...report, namesHolder: false })
      .thenNothing();
  });

  it('has to be revoked where it was issued once its means has ended at STORK 4: that leg has its own time (PI4)', () => {
    const atFour = { ...certified, data: { ...certified.data, stork: 4, issuanceLevel: 4 } } as const;
    const dueAt = later(now, DAY);
    const leg = { channel: 'nonElectronic', receivedAt: later(now, -DAY), dueAt } as const;
    const whole = { ...leg, revocationRequest: revoke.revocationRequest, level: 'EH4', endsAt: until } as const;
    const withLeg = { ...revoked, data: { ...revoked.data, leg: whole } };
    given(applied, identified, atFour, activated)
      .when({ ...revoke, leg })
      .then(withLeg);
    // Nothing is left where it is not at STORK 4, has ended by itself, or was revoked there before.
    const over = { ...atFour, data: { ...atFour.data, certificateUntil: now } };
    for (const history of [
      [applied, identified, certified, activated],
      [applied, identified, over],
      [applied, identified, atFour, reported],
      [applied],
    ])
      given(...history)
        .when({ ...revoke, leg })
        .then(revoked);
    // Without an end that is known it goes on until it is revoked.
    const { certificateUntil: _end, ...endless } = atFour.data;
    const { endsAt: _until, ...without } = whole;
    given(applied, identified, { ...atFour, data: endless })
      .when({ ...revoke, leg })
      .then({ ...revoked, data: { ...revoked.data, leg: without } });
    // It is met by the moment of its revocation as the issuer says, else of the validation, whenever that is made or entered.
    const late = later(dueAt, 1);
    for (const [moments, revokedBy, breached] of [
      [{ validatedAt: dueAt }, dueAt, false],
      [{ validatedAt: late }, late, true],
      [{ validatedAt: late, revokedAt: dueAt }, dueAt, false],
      [{ validatedAt: later(dueAt, DAY), revokedAt: late }, late, true],
    ] as const) {
      given(applied, identified, atFour, withLeg)
        .when({ ...report, ...moments })
        .then({ ...reported, data: { ...reported.data, leg: { ...whole, revokedBy, breached } } });
    }
    // Or by its own end, where that came first.
    const shortly = { ...withLeg, data: { ...withLeg.data, leg: { ...whole, endsAt: dueAt } } };
    given(applied, identified, atFour, shortly)
      .when({ ...report, validatedAt: late })
      .then({
        ...reported,
        data: { ...reported.data, leg: { ...whole, endsAt: dueAt, revokedBy: dueAt, breached: false } },
      });
  });

  it('is another one on another token: for as long as none stood, no login proves anything (PROOF-06)', () => {
    const there = [applied, identified, certified, activated, reported] as const;
    const state = given(...there, renewedWith({})).state;
    expect(state).not.toHaveProperty('certificateEndsAt');
    expect(state).not.toHaveProperty('certificateRevokedAt');
    expect(state).toMatchObject({ paused: [{ from: report.now, until: later(now, 4 * DAY) }] });
    const next = later(now, 900 * DAY);
    expect(given(...there, renewedWith({ certificateUntil: next })).state).toMatchObject({ certificateEndsAt: next });
  });
});
