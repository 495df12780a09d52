import { describe, expect, test } from '@jest/globals';
import type { EvaluationRequest, Link } from '../contract/classification.types.js';
import { currentRuleSet as rules } from '../rule-sets/rule-sets.js';
import { evaluateUse, evaluateUseAt, minimumLevelAt } from './evaluate.js';
import { timedQuestion } from './question.js';

const at = '2026-03-02T10:00:00+01:00';
const link: Link = {
  representedParty: 'org-1',
  authorizedParty: 'person-1',
  m: 3,
  status: 'active',
  registeredAt: '2025-01-10T12:00:00+01:00',
  validFrom: '2025-01-10T12:00:00+01:00',
  validUntil: '2030-01-10T12:00:00+01:00',
  scope: { services: ['svc-1'] },
  rightOfSubstitution: false,
};
const question = (changed: Partial<EvaluationRequest> = {}): EvaluationRequest => ({
  at,
  requestedLevel: 'EH1',
  representedParty: { id: 'org-1' },
  service: {
    id: 'svc-1',
    provider: 'provider-a',
    chainSupported: true,
    minimumLevels: [{ from: '2020-01-01T00:00:00+01:00', level: 'EH2' }],
  },
  means: { holder: 'person-1', status: 'active', stork: 3 },
  links: [link],
  ...changed,
});
const reasons = (changed: Partial<EvaluationRequest>) => evaluateUse(question(changed), rules).reasons;
const ofLink = (changed: Partial<Link>) => reasons({ links: [{ ...link, ...changed }] });
const service = (changed: Partial<EvaluationRequest['service']>) => ({ ...question().service, ...changed });

describe('at use', () => {
  test('USE-01: all in order, and the same answer for a question whose moments were read before', () => {
    const answer = evaluateUse(question(), rules);
    expect(answer).toEqual({
      decision: true,
      requiredLevel: 'EH2',
      effectiveLevel: 'EH3',
      eidas: 'substantial',
      reasons: [],
      ruleSet: 'eh-1.5.1',
    });
    expect(evaluateUseAt(timedQuestion(question()), rules)).toEqual(answer);
  });

  test('USE-01: where no table gives a level there is no yes', () => {
    const empty = { ...rules, authorization: { ...rules.authorization, ehTable: [] } };
    expect(evaluateUse(question(), empty)).toMatchObject({
      decision: false,
      effectiveLevel: null,
      eidas: null,
      reasons: [],
    });
  });

  test('LVL-04: the minimum level is the latest that has begun, of several at once the highest', () => {
    const levels = (...entries: [number, 'EH1' | 'EH2' | 'EH3' | 'EH4'][]) =>
      minimumLevelAt({ minimumLevels: entries.map(([from, level]) => ({ from, level })) }, 100);
    expect(levels()).toBeNull();
    expect(levels([101, 'EH3'])).toBeNull();
    expect(levels([100, 'EH3'])).toBe('EH3');
    expect(levels([50, 'EH4'], [60, 'EH2'], [40, 'EH3'])).toBe('EH2');
    expect(levels([60, 'EH2'], [50, 'EH4'])).toBe('EH2');
    expect(levels([60, 'EH2'], [60, 'EH3'], [60, 'EH1'])).toBe('EH3');
    expect(levels([60, 'EH2'], [101, 'EH4'])).toBe('EH2');
  });

  test('LVL-06: the means reaches the minimum level, and so does the authorization', () => {
    const of = (stork: 1 | 2 | 3 | 4, m: Link['m']) =>
      reasons({ means: { ...question().means, stork }, links: [{ ...link, m }] });
    expect(of(2, 2)).toEqual([]);
    expect(of(4, 1)).toEqual(['level-too-low']);
    expect(of(1, 4)).toEqual(['level-too-low']);
  });

  test('LVL-12: a level below the one asked for is a no that says which level there is', () => {
    const asked = (requestedLevel: EvaluationRequest['requestedLevel']) =>
      evaluateUse(question({ requestedLevel }), rules);
    expect(asked('EH3')).toMatchObject({ decision: true, requiredLevel: 'EH3', effectiveLevel: 'EH3' });
    expect(asked('EH4')).toMatchObject({
      decision: false,
      requiredLevel: 'EH4',
      effectiveLevel: 'EH3',
      reasons: ['level-too-low'],
    });
  });

  test('REG-08: the first moment counts, the last does not', () => {
    expect(ofLink({ validFrom: at })).toEqual([]);
    expect(ofLink({ validFrom: '2026-03-02T10:00:01+01:00' })).toEqual(['authorization-not-yet-valid']);
    expect(ofLink({ validUntil: at })).toEqual(['authorization-expired']);
    expect(ofLink({ validUntil: '2026-03-02T10:00:01+01:00' })).toEqual([]);
  });

  test('CONT-04: by service, by everything, or by a group that the service was in', () => {
    const grouped = service({ groups: [{ id: 'group-1', since: '2025-06-01T00:00:00+02:00' }] });
    const by = (scope: Link['scope'], registeredAt = link.registeredAt) =>
      reasons({ service: grouped, links: [{ ...link, scope, registeredAt }] });
    expect(by({ all: true })).toEqual([]);
    expect(by({ all: false, services: [] })).toEqual(['service-not-in-scope']);
    expect(by({})).toEqual(['service-not-in-scope']);
    expect(by({ services: ['svc-2'], groups: [{ id: 'group-2', includesLaterServices: true }] })).toEqual([
      'service-not-in-scope',
    ]);
    expect(by({ groups: [{ id: 'group-1' }] })).toEqual(['service-not-in-scope']);
    expect(by({ groups: [{ id: 'group-1', includesLaterServices: true }] })).toEqual([]);
    expect(by({ groups: [{ id: 'group-1' }] }, '2025-06-01T00:00:00+02:00')).toEqual([]);
    expect(by({ groups: [{ id: 'group-2' }, { id: 'group-1', includesLaterServices: true }] })).toEqual([]);
    const twice = service({
      groups: [
        { id: 'group-0', since: at },
        { id: 'group-1', since: '2020-01-01T00:00:00+01:00' },
      ],
    });
    expect(reasons({ service: twice, links: [{ ...link, scope: { groups: [{ id: 'group-1' }] } }] })).toEqual([]);
    expect(reasons({ service: grouped, links: [{ ...link, scope: { services: ['svc-2'] } }] })).toEqual([
      'service-not-in-scope',
    ]);
    expect(ofLink({ scope: { groups: [{ id: 'group-1', includesLaterServices: true }] } })).toEqual([
      'service-not-in-scope',
    ]);
  });

  test('CONT-07, CONT-08, AMB-49: a service at EH1 is covered whatever the scope, in ordinary cases', () => {
    const atEh1 = service({ minimumLevels: [{ from: at, level: 'EH1' }], ofTaxAdministration: true });
    const other = [{ ...link, scope: { services: ['svc-2'] } }];
    expect(reasons({ service: atEh1, links: other })).toEqual([]);
    expect(reasons({ service: atEh1, links: other, requestedLevel: 'EH3' })).toEqual([]);
    const means = question().means;
    expect(reasons({ service: atEh1, links: other, means: { ...means, restrictedToProvider: 'provider-a' } })).toEqual([
      'service-not-in-scope',
    ]);
    expect(reasons({ service: atEh1, links: other, means: { ...means, restrictedToServices: ['svc-1'] } })).toEqual([
      'service-not-in-scope',
    ]);
    expect(reasons({ service: atEh1, links: other, representedParty: { id: 'org-1', restGroup: true } })).toEqual([
      'service-not-in-scope',
    ]);
    expect(reasons({ service: service({ minimumLevels: [] }), links: other })).toEqual([
      'service-without-level',
      'service-not-in-scope',
    ]);
  });

  test('REST-01: a restricted means is for its provider and its services', () => {
    const means = question().means;
    expect(reasons({ means: { ...means, restrictedToProvider: 'provider-b' } })).toEqual(['means-restricted']);
    expect(
      reasons({ means: { ...means, restrictedToProvider: 'provider-a', restrictedToServices: ['svc-2'] } }),
    ).toEqual(['means-restricted']);
    expect(
      reasons({ means: { ...means, restrictedToProvider: 'provider-a', restrictedToServices: ['svc-1'] } }),
    ).toEqual([]);
  });

  test('CONT-06, CHAIN-06: a limit to establishments holds for the represented party, and nowhere else in a chain', () => {
    const limited = { ...link, establishments: ['est-1'] };
    expect(reasons({ links: [limited], establishment: 'est-1' })).toEqual([]);
    expect(reasons({ links: [limited], establishment: 'est-2' })).toEqual(['outside-establishment']);
    expect(reasons({ links: [limited] })).toEqual(['outside-establishment']);
    const first = { ...link, authorizedParty: 'office-1', rightOfSubstitution: true };
    expect(reasons({ links: [first, { ...limited, representedParty: 'office-1' }], establishment: 'est-1' })).toEqual([
      'outside-establishment',
    ]);
    expect(
      reasons({
        links: [
          { ...first, establishments: ['est-1'] },
          { ...link, representedParty: 'office-1' },
        ],
        establishment: 'est-1',
      }),
    ).toEqual([]);
  });

  describe('chains', () => {
    const first: Link = { ...link, authorizedParty: 'office-1', rightOfSubstitution: true };
    const last: Link = { ...link, representedParty: 'office-1' };
    const chain = (one: Partial<Link>, two: Partial<Link>, more: Partial<EvaluationRequest> = {}) =>
      evaluateUse(
        question({
          links: [
            { ...first, ...one },
            { ...last, ...two },
          ],
          ...more,
        }),
        rules,
      );

    test('CHAIN-01, CHAIN-12: consumer, intermediary and person, with a link of its own between each two', () => {
      expect(chain({}, {})).toMatchObject({ decision: true, effectiveLevel: 'EH3' });
      for (const links of [[first], [last], [last, first]]) {
        expect(evaluateUse(question({ links }), rules)).toMatchObject({
          decision: false,
          reasons: expect.arrayContaining(['parties-do-not-match']),
        });
      }
    });

    test('CHAIN-02, D-27: the weakest link, of which only the last has a means', () => {
      expect(chain({ m: 2 }, {})).toMatchObject({ effectiveLevel: 'EH2+' });
      expect(chain({}, { m: 2 }).effectiveLevel).toBe('EH2+');
      expect(chain({ m: 4, submitterLevel: 'EH2' }, {}).effectiveLevel).toBe('EH2');
      expect(
        chain(
          { m: 4 },
          { m: 4 },
          { means: { holder: 'person-1', status: 'active', stork: 4, authenticationServiceStork: 2 } },
        ).effectiveLevel,
      ).toBe('EH2');
      expect(
        chain(
          { m: 4 },
          { m: 4 },
          { means: { holder: 'person-1', status: 'active', stork: 2, authenticationServiceStork: 4 } },
        ).effectiveLevel,
      ).toBe('EH2');
    });

    test('CHAIN-03: the person is at EH2 at least', () => {
      const atEh1 = { service: service({ minimumLevels: [{ from: at, level: 'EH1' }] }) } as const;
      expect(chain({}, { m: 1 }, atEh1).reasons).toEqual(['chain-needs-EH2']);
      expect(chain({ m: 1 }, {}, atEh1).reasons).toEqual([]);
      expect(reasons({ ...atEh1, links: [{ ...link, m: 1 }] })).toEqual([]);
    });

    test('CHAIN-04, CHAIN-05, CHAIN-10, CONT-05, CONT-09: what each link allows', () => {
      expect(chain({ rightOfSubstitution: false }, {}).reasons).toEqual(['substitution-not-granted']);
      expect(chain({}, { forThirdParties: true }).reasons).toEqual([]);
      expect(chain({ forThirdParties: true }, {}).reasons).toEqual(['only-for-third-parties']);
      expect(chain({}, { onlyForClients: ['org-1'] }).reasons).toEqual([]);
      expect(chain({}, { onlyForClients: ['org-2'] }).reasons).toEqual(['client-not-listed']);
      expect(chain({ onlyForClients: ['org-2'] }, {}).reasons).toEqual([]);
      expect(chain({}, { actsIndependently: false }).reasons).toEqual(['not-independently']);
      expect(chain({ actsIndependently: true }, {}).reasons).toEqual([]);
    });

    test('CHAIN-13, CHAIN-16: what the service supports, and how long it may be', () => {
      expect(chain({}, {}, { service: service({ chainSupported: false }) }).reasons).toEqual([
        'service-without-chain-support',
      ]);
      expect(reasons({ service: service({ chainSupported: false }) })).toEqual([]);
      expect(chain({}, {}, { maxIntermediaries: 0 }).reasons).toEqual(['chain-too-long']);
      expect(reasons({ maxIntermediaries: 0 })).toEqual([]);
    });

    test('REG-06, CHAIN-15: a gap or a broken link leaves nothing to stand on', () => {
      for (const gap of [
        chain({ authorizedParty: 'office-2' }, {}),
        chain({ representedParty: 'org-2' }, {}),
        chain({}, { authorizedParty: 'person-2' }),
      ]) {
        expect(gap).toMatchObject({ decision: false, effectiveLevel: null, reasons: ['parties-do-not-match'] });
      }
      for (const [status, reason] of [
        ['revoked', 'authorization-revoked'],
        ['awaitingActivation', 'authorization-not-activated'],
        ['suspended', 'authorization-suspended'],
      ] as const) {
        expect(chain({ status }, { m: 1 })).toMatchObject({ decision: false, effectiveLevel: null, reasons: [reason] });
      }
    });
  });

  test('TFA-03, TFA-07, D-63: the level reached is what is phased out', () => {
    const levelPolicy = [{ level: 'EH3', usableUntil: at }] as const;
    expect(reasons({ levelPolicy })).toEqual(['level-phased-out']);
    expect(reasons({ levelPolicy: [{ level: 'EH2', usableUntil: at }] })).toEqual([]);
    expect(reasons({ levelPolicy: [{ level: 'EH3', usableUntil: at, provider: 'provider-b' }] })).toEqual([]);
  });

  test('TFA-04, TFA-05: two factors where they are mandatory, whatever the level', () => {
    const secondFactorPolicy = [{ from: at }] as const;
    expect(reasons({ secondFactorPolicy })).toEqual(['second-factor-required']);
    expect(reasons({ secondFactorPolicy, means: { ...question().means, factors: 2 } })).toEqual([]);
    expect(reasons({ secondFactorPolicy: [{ from: at, service: 'svc-2' }] })).toEqual([]);
  });

  test('TFA-01: once two factors are the minimum, one is refused at every level', () => {
    const secondFactorPolicy = [{ from: at }] as const;
    for (const level of ['EH1', 'EH2', 'EH3', 'EH4'] as const) {
      const asked = (factors: 1 | 2, policy: EvaluationRequest['secondFactorPolicy'] = secondFactorPolicy) =>
        reasons({
          secondFactorPolicy: policy,
          service: service({ minimumLevels: [{ from: at, level }] }),
          means: { ...question().means, stork: 4, factors },
          links: [{ ...link, m: 4 }],
        });
      expect([level, asked(1)]).toEqual([level, ['second-factor-required']]);
      expect([level, asked(2)]).toEqual([level, []]);
      expect([level, asked(1, [])]).toEqual([level, []]);
    }
  });

  test('all reasons that apply, in their order', () => {
    const means = { holder: 'person-2', status: 'suspended', stork: 1 } as const;
    expect(
      reasons({ means, singleSignOn: true, requestedLevel: 'EH4', representedParty: { id: 'org-1', restGroup: true } }),
    ).toEqual(['sso-forbidden-at-level-4', 'means-not-active', 'trr-only-tax-administration', 'parties-do-not-match']);
    expect(reasons({ links: [] })).toEqual(['no-authorization']);
  });
});
