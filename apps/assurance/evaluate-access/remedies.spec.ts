import { describe, expect, it } from '@jest/globals';
import {
  indexMaps,
  judgeAccess,
  type AccessJudgment,
  type GovernanceData,
  type IndexMaps,
  type MeansProduct,
} from '#libs/application';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import {
  asked,
  CHAIN,
  data,
  link,
  means,
  NOW,
  party,
  policyOf,
  register,
  SERVICE,
} from '../../../test/e2e/assurance/state.js';
import { accessAnswer } from './evaluate-access.handler.js';

/** The product of the tests through a service that asks for a password alone, and through one that asks for both. */
const productOf = (id: string): MeansProduct => data.meansProducts.find(({ value }) => value.id === id)!.value;
const both = productOf('password-sms');
const alone = productOf('password').mechanism;
const products = (assessments: MeansProduct['assessments']): GovernanceData['meansProducts'] => [
  { from: '2020-01-01T00:00:00.000Z' as Instant, value: { ...both, assessments } },
  { from: '2020-01-01T00:00:00.000Z' as Instant, value: productOf('certificate-card') },
];
const TWO_WAYS = policyOf({
  meansProducts: products([
    { authenticationService: 'strong', mechanism: both.mechanism },
    { authenticationService: 'weak', mechanism: alone },
  ]),
});
const weak = { context: { authenticationService: 'weak' } };

const judged = (question: Parameters<typeof asked>[0], maps: IndexMaps, policy = TWO_WAYS): AccessJudgment =>
  judgeAccess(asked(question), maps, policy, NOW);
const toldOf = ({ decision, stepUp, reasons }: AccessJudgment): unknown => ({
  decision,
  stepUp: stepUp?.level,
  reasons: reasons.map(({ code, remedy }) => (remedy === undefined ? code : `${code}: ${remedy}`)),
});

describe('a no that a higher login would make a yes', () => {
  it('asks for a login of the level that is needed, and the same question with it is a yes', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const no = judged({ level: 'EH3', ...weak }, maps);
    expect(toldOf(no)).toEqual({ decision: false, stepUp: 'EH3', reasons: ['level-too-low'] });
    expect(judged({ level: 'EH3', context: { authenticationService: 'strong' } }, maps).decision).toBe(true);
    // Not named is the weakest: another login helps there as well.
    expect(judged({ level: 'EH3' }, maps).stepUp).toEqual({ level: 'EH3' });
  });

  it('asks for one of its own where single sign-on was all that was in the way (LVL-13)', () => {
    const maps = indexMaps();
    party(maps, 'party-1');
    means(maps, 4, 'active', 'certificate-card');
    link(maps, 'a', 'party-1', 'pseudonym', { m: 4 });
    const no = judged({ level: 'EH4', sso: true }, maps, policyOf());
    expect(toldOf(no)).toEqual({ decision: false, stepUp: 'EH4', reasons: ['sso-forbidden-at-level-4'] });
    expect(judged({ level: 'EH4' }, maps, policyOf()).decision).toBe(true);
  });

  it('asks for the level that brings two factors along, where the level itself is reached without', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const policy = policyOf({
      secondFactorPolicy: [{ from: instantFromEpoch(NOW - 1) }],
      meansProducts: products([
        { authenticationService: 'strong', mechanism: both.mechanism },
        { authenticationService: 'weak', mechanism: alone },
      ]),
    });
    const no = judged({ level: 'EH1', ...weak }, maps, policy);
    expect(no.reasons.map(({ code }) => code)).toContain('second-factor-required');
    expect(no.stepUp).toEqual({ level: 'EH3' });
  });

  it('asks for none where no login of this means would do, or something else is in the way as well', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const higher = judged({ level: 'EH4', ...weak }, maps);
    expect([higher.stepUp, higher.level]).toEqual([undefined, 'EH2']);
    const limited = register();
    link(limited, 'a', 'party-1', 'pseudonym', { scope: { services: [CHAIN] } });
    const outside = judged({ level: 'EH3', ...weak }, limited);
    expect(toldOf(outside)).toEqual({
      decision: false,
      stepUp: undefined,
      reasons: ['service-not-in-scope', 'level-too-low'],
    });
  });

  it('looks at every way: one may be mended by a login although another counts as the best', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym', {
      scope: { services: [CHAIN] },
      registeredAt: instantFromEpoch(NOW - 1e9),
    });
    link(maps, 'b', 'party-1', 'pseudonym');
    const no = judged({ level: 'EH3', ...weak }, maps);
    expect([no.decision, no.stepUp]).toEqual([false, { level: 'EH3' }]);
  });

  it('tells nothing to a means without an authorization that stands at that organization', () => {
    const ended = register();
    link(ended, 'a', 'party-1', 'pseudonym', { status: 'revoked' });
    const stranger = register();
    for (const maps of [ended, stranger]) {
      const { stepUp, reasons } = judged({ level: 'EH3', ...weak }, maps);
      expect([stepUp, reasons.every(({ remedy }) => remedy === undefined)]).toEqual([undefined, true]);
    }
  });

  it('is an obligation in the words of the network, unless who asks can not carry it out', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const obligationsOf = (more: object, level = 'EH3'): unknown => {
      const request = asked({ level, context: { authenticationService: 'weak', ...more } });
      return accessAnswer(judgeAccess(request, maps, TWO_WAYS, NOW), request, { id: 'r' }).context['obligations'];
    };
    const toEh3 = {
      ...{ id: 'step-up', type: 'step-up' },
      properties: { acr_value: 'urn:etoegang:core:assurance-class:loa3' },
    };
    expect(obligationsOf({})).toEqual([toEh3]);
    expect(obligationsOf({ supported_obligations: ['notification', 'step-up'] })).toEqual([toEh3]);
    expect(obligationsOf({ supported_obligations: 'step-up' })).toEqual([toEh3]);
    expect(obligationsOf({ supported_obligations: ['notification'] })).toBeUndefined();
    expect(obligationsOf({ supported_obligations: [] })).toBeUndefined();
    expect(obligationsOf({}, 'EH2+')).toEqual([
      { ...toEh3, properties: { acr_value: 'urn:etoegang:core:assurance-class:loa2plus' } },
    ]);
  });
});

describe('a no that another means of the same person would make a yes', () => {
  const CARD = { means: 'card', pseudonym: 'pseudonym-card' };
  const FRIEND = { means: 'friend', pseudonym: 'pseudonym-friend', holder: 'somebody else' };
  /** The holder has a card as well, with an authorization of its own. */
  const withCard = (of: Parameters<typeof means>[4], more: Parameters<typeof link>[4] = {}): IndexMaps => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    means(maps, 4, 'active', 'certificate-card', of);
    link(maps, 'b', 'party-1', of!.pseudonym!, { m: 4, ...more });
    return maps;
  };
  const strong = { context: { authenticationService: 'strong' } };

  it('asks for a login of the level that is needed, and says that it is not this means', () => {
    const maps = withCard(CARD);
    const no = judged({ level: 'EH4', ...strong }, maps);
    expect(toldOf(no)).toEqual({ decision: false, stepUp: 'EH4', reasons: ['level-too-low'] });
    expect(no.stepUp?.by).toMatchObject({ means: CARD, path: [{ authorization: 'b' }] });
    expect(judged({ level: 'EH4', subject: { id: CARD.pseudonym } }, maps).decision).toBe(true);
    const request = asked({ level: 'EH4' });
    const answer = accessAnswer(judgeAccess(request, maps, TWO_WAYS, NOW), request, { id: 'r' });
    expect(answer.context['obligations']).toEqual([
      {
        ...{ id: 'step-up', type: 'step-up' },
        properties: { acr_value: 'urn:etoegang:core:assurance-class:loa4', another_means: true },
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain('card');
  });

  it('asks for its level where another authorization was what was missing, before an administrator', () => {
    const maps = withCard(CARD);
    link(maps, 'a', 'party-1', 'pseudonym', { scope: { services: [CHAIN] } });
    const no = judged({ level: 'EH2', ...strong }, maps);
    expect(toldOf(no)).toEqual({ decision: false, stepUp: 'EH4', reasons: ['service-not-in-scope'] });
    expect(no.stepUp?.by?.means.means).toBe('card');
  });

  it('asks for a login by this means where one would do', () => {
    const no = judged({ level: 'EH3', ...weak }, withCard(CARD));
    expect(no.stepUp).toEqual({ level: 'EH3' });
  });

  it.each([
    ['a means of somebody else', withCard(FRIEND)],
    ['an authorization that was revoked', withCard(CARD, { status: 'revoked' })],
    ['an authorization that ended', withCard(CARD, { validUntil: instantFromEpoch(NOW) })],
    ['an authorization for another service', withCard(CARD, { scope: { services: [CHAIN] } })],
    ['an authorization that is too low', withCard(CARD, { m: 3 })],
    ['a means restricted to another provider', withCard({ ...CARD, restrictedToProvider: 'p2' })],
    ['a means that is suspended', withCard({ ...CARD, status: 'suspended' })],
  ])('does not count %s', (_what, maps) => {
    expect(judged({ level: 'EH4', ...strong }, maps).stepUp).toBeUndefined();
  });

  it('keeps to the way that the question names', () => {
    const maps = withCard(CARD);
    const a = '00000000-0000-4000-8000-00000000000a';
    link(maps, a, 'party-1', 'pseudonym');
    const no = judged({ level: 'EH4', context: { authenticationService: 'strong', via: a } }, maps);
    expect([no.level, no.stepUp]).toEqual(['EH3', undefined]);
  });

  it.each([
    ['has no authorization there', undefined],
    ['has one that ended', { status: 'revoked' as const }],
    ['has one that is suspended', { status: 'suspended' as const }],
  ])('tells nothing to a means that %s', (_what, own) => {
    const maps = register();
    if (own !== undefined) link(maps, 'a', 'party-1', 'pseudonym', own);
    means(maps, 4, 'active', 'certificate-card', CARD);
    link(maps, 'b', 'party-1', CARD.pseudonym, { m: 4 });
    expect(judged({ level: 'EH4', ...strong }, maps).stepUp).toBeUndefined();
  });

  it('tells nothing to a means that was revoked itself', () => {
    const maps = withCard(CARD);
    means(maps, 3, 'revoked');
    const { stepUp, reasons } = judged({ level: 'EH3', ...strong }, maps);
    expect([stepUp, reasons.map(({ code }) => code)]).toEqual([undefined, ['means-not-active']]);
  });
});

describe('a no that only the administrator could mend', () => {
  it.each([
    ['another scope', { scope: { services: [CHAIN] } }, ['service-not-in-scope: ask-administrator']],
    ['an establishment', { establishments: ['1'] }, ['outside-establishment: ask-administrator']],
    ['clients only', { forThirdParties: true }, ['only-for-third-parties: ask-administrator']],
    ['a lower level', { m: 2 as const }, ['level-too-low: ask-administrator']],
    [
      'several',
      { m: 2 as const, actsIndependently: false },
      ['not-independently: ask-administrator', 'level-too-low: ask-administrator'],
    ],
  ])('says so: %s', (_what, more, reasons) => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym', more);
    const strong = { context: { authenticationService: 'strong' } };
    expect(toldOf(judged({ level: 'EH3', ...strong }, maps))).toEqual({ decision: false, stepUp: undefined, reasons });
  });

  it('does not where the means or the service is in the way as well', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym', { m: 2 });
    // No authorization makes EH4 of a means that has no login of that level.
    expect(toldOf(judged({ level: 'EH4', ...weak }, maps))).toMatchObject({ reasons: ['level-too-low'] });
    expect(toldOf(judged({ level: 'EH3', ...weak }, maps))).toMatchObject({
      reasons: ['level-too-low: ask-administrator'],
    });
    const high = register();
    link(high, 'a', 'party-1', 'pseudonym', { m: 4 });
    expect(toldOf(judged({ level: 'EH4', service: SERVICE }, high))).toMatchObject({ reasons: ['level-too-low'] });
  });
});
