import { describe, expect, test } from '@jest/globals';
import type { AuthorizationCheck, RevocationDeadlineRequest } from '../contract/classification.types.js';
import { revocationDeadline } from './deadline.js';
import { type RequesterEvidence, requesterIoScore } from './requester.js';
import { currentRuleSet as rules } from '../rule-sets/rule-sets.js';

const receivedAt = '2026-03-03T10:00:00+01:00';
const asked = (
  request: Partial<RevocationDeadlineRequest>,
  requester: Partial<NonNullable<RevocationDeadlineRequest['requester']>> = {},
) =>
  revocationDeadline(
    {
      object: 'authorization',
      level: 'EH3',
      channel: 'nonElectronic',
      receivedAt,
      requester: { role: 'legalRepresentative', ioScore: 4, ...requester },
      ...request,
    },
    rules,
  );

describe('REV-03: deadlines', () => {
  const nextDay = '2026-03-04T10:00:00+01:00';
  const dayAfter = '2026-03-05T10:00:00+01:00';
  const above = ['EH2', 'EH2+', 'EH3', 'EH4'] as const;

  test('PI2, PI3, PI4, REV-02, AMB-12, TURN-01: on paper one working day for revocation and suspension of either object', () => {
    for (const level of above) {
      for (const object of ['authorization', 'means'] as const) {
        for (const mutation of ['revocation', 'suspension'] as const) {
          expect(asked({ level, object, mutation })).toMatchObject({
            accepted: true,
            immediate: false,
            dueAt: nextDay,
          });
        }
      }
    }
  });

  test('PT2, TURN-02: on paper two working days for every other mutation, whoever asks', () => {
    for (const level of above) {
      for (const mutation of ['change', 'renewal', 'reinstatement', 'attributes'] as const) {
        const answer = asked({ level, mutation }, { role: 'other', ioScore: 0 });
        expect(answer).toMatchObject({ accepted: true, immediate: false, dueAt: dayAfter, refusals: [] });
      }
    }
  });

  test('CAL-03: electronically at once', () => {
    for (const level of above) {
      expect(asked({ level, channel: 'electronic' })).toMatchObject({ accepted: true, immediate: true, dueAt: null });
    }
  });

  test('PI1, PT1, REV-02, AMB-14: at EH1 no deadline on paper, at once electronically but for the end of a means', () => {
    for (const mutation of ['revocation', 'suspension', 'change'] as const) {
      for (const object of ['authorization', 'means'] as const) {
        const request = { level: 'EH1', mutation, object } as const;
        expect(asked(request, { ioScore: 0 })).toMatchObject({ accepted: true, immediate: false, dueAt: null });
        const immediate = object === 'authorization' || mutation === 'change';
        const electronic = { ...request, channel: 'electronic', medium: 'email' } as const;
        expect(asked(electronic, { ioScore: 0 })).toMatchObject({ accepted: true, immediate, dueAt: null });
      }
    }
  });

  test('PI4, AMB-15: the certificate of a means at EH4 is revoked elsewhere as well', () => {
    expect(asked({ level: 'EH4', object: 'means' }).flags).toEqual(['revoke-certificate-at-csp']);
    expect(asked({ level: 'EH4', object: 'means', mutation: 'suspension' }).flags).toEqual([]);
    expect(asked({ level: 'EH4' }).flags).toEqual([]);
    expect(asked({ level: 'EH3', object: 'means' }).flags).toEqual([]);
    expect(asked({ level: 'EH4', object: 'means' }, { role: 'other' }).flags).toEqual([]);
  });
});

describe('REV-01: who may ask', () => {
  test.each([
    ['PI2', 'EH2', 2],
    ['PI2, AMB-67', 'EH2+', 2],
    ['PI3', 'EH3', 3],
    ['PI4, AMB-16', 'EH4', 3],
  ] as const)('%s: on paper whoever asks at %s is identified at IO%i, and less will not do', (_rule, level, least) => {
    const scores = [0, 1, 2, 3, 4] as const;
    for (const object of ['authorization', 'means'] as const) {
      for (const role of ['legalRepresentative', 'trustee', 'authorizedParty', 'administrator'] as const) {
        const judged = scores.map((ioScore) => asked({ level, object }, { role, ioScore }));
        expect([role, judged.map(({ accepted }) => accepted)]).toEqual([role, scores.map((io) => io >= least)]);
        expect(judged[least - 1]!.refusals).toEqual(['requester-not-identified']);
      }
    }
  });

  test('anybody else is refused, and nothing more is said of him', () => {
    expect(asked({}, { role: 'other', ioScore: 0 })).toEqual({
      accepted: false,
      immediate: false,
      dueAt: null,
      refusals: ['requester-not-entitled'],
      flags: [],
      ruleSet: 'eh-1.5.1',
    });
    const roles = ['legalRepresentative', 'trustee', 'authorizedParty', 'administrator'] as const;
    for (const role of roles) expect(asked({}, { role }).accepted).toBe(true);
    expect(asked({}, { role: 'court', courtOrderVerified: true }).accepted).toBe(true);
  });

  test('nobody at all is not entitled either', () => {
    const request: RevocationDeadlineRequest = { object: 'means', level: 'EH1', channel: 'electronic', receivedAt };
    expect(revocationDeadline(request, rules).refusals).toEqual(['requester-not-entitled']);
    expect(revocationDeadline({ ...request, mutation: 'change' }, rules).accepted).toBe(true);
  });

  test('REV-05: a court by its verified order and by nothing else; at EH1 not even that', () => {
    const order = { role: 'court', ioScore: 4, authenticatedLevel: 'EH4' } as const;
    expect(asked({ channel: 'electronic' }, order).refusals).toEqual(['requester-not-identified']);
    expect(asked({ level: 'EH1' }, order).accepted).toBe(true);
  });

  test('REV-04: what is revoked says how he is identified and how soon it is done, not what he has himself', () => {
    const levels = ['EH1', 'EH2', 'EH2+', 'EH3', 'EH4'] as const;
    const accepted = (authenticatedLevel: (typeof levels)[number]) =>
      levels.map((level) => asked({ level, channel: 'electronic' }, { ioScore: 0, authenticatedLevel }).accepted);
    expect(accepted('EH1')).toEqual([true, false, false, false, false]);
    expect(accepted('EH2')).toEqual([true, true, true, false, false]);
    expect(accepted('EH3')).toEqual([true, true, true, true, true]);
    expect(accepted('EH4')).toEqual([true, true, true, true, true]);
    const dueAt = (ioScore: number) => levels.map((level) => asked({ level }, { ioScore: ioScore as 3 | 4 }).dueAt);
    expect(dueAt(3)).toEqual(dueAt(4));
    expect(dueAt(4).map((due) => due === null)).toEqual([true, false, false, false, false]);
  });

  test('ADMIN-03, D-46: an administrator is at the lower of login and authority', () => {
    const login = { role: 'administrator', ioScore: 0, authenticatedLevel: 'EH4' } as const;
    const electronic = { channel: 'electronic' } as const;
    expect(asked(electronic, login).accepted).toBe(true);
    expect(asked(electronic, { ...login, administrationLevel: 'EH3' }).accepted).toBe(true);
    expect(asked(electronic, { ...login, administrationLevel: 'EH2' }).refusals).toEqual([
      'admin-level-too-low',
      'requester-not-identified',
    ]);
    expect(asked({ ...electronic, object: 'means' }, { ...login, administrationLevel: 'EH2' }).refusals).toEqual([
      'requester-not-identified',
    ]);
    expect(asked(electronic, { ...login, role: 'trustee', administrationLevel: 'EH2' }).accepted).toBe(true);
    expect(asked(electronic, { role: 'administrator', ioScore: 3, administrationLevel: 'EH2' }).accepted).toBe(true);
    expect(asked({}, { ...login, ioScore: 3, administrationLevel: 'EH2' }).accepted).toBe(true);
    expect(asked({}, login).refusals).toEqual(['requester-not-identified']);
  });
});

describe('PI1: the form of a request at EH1', () => {
  const media = ['writing', 'email', 'counter', 'telephone', 'other'] as const;
  const accepted = (
    request: Partial<RevocationDeadlineRequest>,
    requester: Partial<NonNullable<RevocationDeadlineRequest['requester']>> = {},
  ) => asked({ level: 'EH1', ...request }, { ioScore: 0, ...requester }).accepted;

  test('in writing or by e-mail, for either object and in either channel; what is not said is writing on paper only', () => {
    for (const object of ['authorization', 'means'] as const) {
      for (const mutation of ['revocation', 'suspension'] as const) {
        for (const channel of ['electronic', 'nonElectronic'] as const) {
          const form = media.map((medium) => accepted({ object, mutation, channel, medium }));
          expect(form).toEqual([true, true, false, false, false]);
        }
        expect(accepted({ object, mutation })).toBe(true);
        expect(accepted({ object, mutation, channel: 'electronic' })).toBe(false);
      }
    }
    expect(asked({ level: 'EH1', medium: 'telephone' }, { ioScore: 0 })).toMatchObject({
      accepted: false,
      immediate: false,
      dueAt: null,
      refusals: ['form-not-accepted'],
      flags: [],
    });
  });

  test('nobody who is identified, logged in or a court is asked for it', () => {
    const called = { medium: 'telephone' } as const;
    expect(([0, 1, 2, 3, 4] as const).map((ioScore) => accepted(called, { ioScore }))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(accepted({ ...called, channel: 'electronic' }, { authenticatedLevel: 'EH1' })).toBe(true);
    expect(accepted(called, { authenticatedLevel: 'EH1' })).toBe(false);
    expect(accepted(called, { role: 'court' })).toBe(true);
    for (const role of ['legalRepresentative', 'trustee', 'authorizedParty', 'administrator'] as const) {
      expect(accepted(called, { role })).toBe(false);
    }
  });

  test('above EH1 and for other mutations it is not looked at, and who is not entitled hears nothing of it', () => {
    for (const level of ['EH2', 'EH2+', 'EH3', 'EH4'] as const) {
      expect(asked({ level, medium: 'telephone' }).accepted).toBe(true);
      expect(asked({ level, medium: 'telephone' }, { ioScore: 0 }).refusals).toEqual(['requester-not-identified']);
    }
    expect(accepted({ medium: 'telephone', mutation: 'change' })).toBe(true);
    expect(asked({ level: 'EH1', medium: 'other' }, { role: 'other', ioScore: 0 }).refusals).toEqual([
      'requester-not-entitled',
    ]);
  });
});

describe('REV-05: the IO rows applied to whoever asks', () => {
  const own: readonly AuthorizationCheck[] = [
    { type: 'identityAttributesRecorded', subject: 'submitter', uniquelyIdentifying: true },
    { type: 'idCopyEnclosed', subject: 'submitter', document: 'doc-1', presentation: 'paper' },
    {
      type: 'signatureComparison',
      against: 'idCopy',
      document: 'doc-1',
      form: 'original',
      onTheSpot: false,
      agrees: true,
    },
  ];
  const status: AuthorizationCheck = {
    type: 'idDocumentStatus',
    subject: 'submitter',
    document: 'doc-1',
    status: 'notReported',
  };
  const evidence = (more: Partial<RequesterEvidence>): RequesterEvidence => ({
    channel: 'nonElectronic',
    startedAt: receivedAt,
    assessedAt: receivedAt,
    holdsMeans: true,
    checks: own,
    ...more,
  });

  test('on paper by rows b and d', () => {
    expect(requesterIoScore(evidence({ checks: [] }), rules)).toEqual({ io: 1, rows: ['IO1-a'] });
    expect(requesterIoScore(evidence({}), rules)).toEqual({ io: 2, rows: ['IO2-b'] });
    expect(requesterIoScore(evidence({ checks: [...own, status] }), rules)).toEqual({ io: 3, rows: ['IO3-d'] });
  });

  test('an administrator also by the rows of the repeated book', () => {
    const checks: readonly AuthorizationCheck[] = [
      { type: 'identityAttributesRecorded', subject: 'submitter', uniquelyIdentifying: true },
      { type: 'archivedSignatureComparison', form: 'original', agrees: true },
      { type: 'idCopyOnRecord', document: 'doc-1', expiresOn: '2026-03-03' },
    ];
    const administration = { level: 'EH3', iv: 3 } as const;
    expect(requesterIoScore(evidence({ checks }), rules).io).toBe(1);
    expect(requesterIoScore(evidence({ checks, administration }), rules)).toEqual({ io: 2, rows: ['R-IO2-b'] });
    const both = [...own, { type: 'archivedSignatureComparison', form: 'original', agrees: true } as const];
    expect(requesterIoScore(evidence({ checks: both, administration }), rules)).toEqual({ io: 2, rows: ['IO2-b'] });
    expect(requesterIoScore(evidence({ checks: [...checks, status], administration }), rules)).toEqual({
      io: 3,
      rows: ['R-IO3-d'],
    });
  });

  test('a login is no part of it, and scans will do for one without a means', () => {
    const scanned = own.map((check) => ({
      ...check,
      ...('presentation' in check && { presentation: 'scan' as const }),
      ...('form' in check && { form: 'scan' as const }),
    })) as readonly AuthorizationCheck[];
    const electronic = evidence({ channel: 'electronic', checks: scanned });
    expect(requesterIoScore(electronic, rules).io).toBe(1);
    expect(requesterIoScore({ ...electronic, holdsMeans: false }, rules)).toEqual({ io: 2, rows: ['IO2-c'] });
  });
});
