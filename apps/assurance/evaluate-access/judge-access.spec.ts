import { describe, expect, it } from '@jest/globals';
import { judgeAccess, seed, unfounded } from '#libs/application';
import {
  NOW,
  DAY,
  text,
  CHAIN,
  SERVICE,
  data,
  policyOf,
  policy,
  asked,
  means,
  link,
  register,
  codes,
} from '../../../test/e2e/assurance/state.js';

describe('a decision at use', () => {
  it('REST-01, AMB-49: is a no elsewhere for a restricted means, which nothing at EH1 covers by itself', () => {
    const maps = register();
    const other = { scope: { services: ['urn:service:other'] } };
    link(maps, 'a', 'party-1', 'pseudonym', other);
    const atEh1 = data.services.map((service) => ({
      ...service,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH1' as const }],
    }));
    const open = policyOf({ services: atEh1, levelPolicy: [] });
    const ask = (service: string): readonly string[] => codes(judgeAccess(asked({ service }), maps, open, NOW));
    expect([ask(SERVICE), ask(CHAIN)]).toEqual([[], []]);
    means(maps, 3, 'active', 'password-sms', { restrictedToProvider: 'p1' });
    expect([ask(SERVICE), ask(CHAIN)]).toEqual([
      ['service-not-in-scope'],
      ['means-restricted', 'service-not-in-scope'],
    ]);
    means(maps, 3, 'active', 'password-sms', {
      restrictedToProvider: 'p1',
      restrictedToServices: ['urn:service:none'],
    });
    expect(ask(SERVICE)).toEqual(['means-restricted', 'service-not-in-scope']);
    link(maps, 'b', 'party-1', 'pseudonym');
    const no = judgeAccess(asked({ service: CHAIN, level: 'EH4' }), maps, open, NOW);
    expect([no.stepUp, no.reasons.map(({ remedy }) => remedy)]).toEqual([undefined, [undefined, undefined]]);
  });

  it('USE-01: is a yes with the level reached, the path and when it stops', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const judgment = judgeAccess(asked({ level: 'EH3' }), maps, policy, NOW);
    expect(judgment).toMatchObject({
      decision: true,
      level: 'EH3',
      requiredLevel: 'EH3',
      eidas: 'substantial',
      reasons: [],
      validUntil: NOW + 365 * DAY,
    });
    expect(judgment.path.map(({ authorization }) => authorization)).toEqual(['a']);
  });

  it('says which level there is and which is needed', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym', { m: 2 });
    const judgment = judgeAccess(asked({ level: 'EH3' }), maps, policy, NOW);
    expect(judgment).toMatchObject({ decision: false, level: 'EH2+', requiredLevel: 'EH3' });
    expect(judgment.reasons).toEqual([
      { code: 'level-too-low', have: 'EH2+', need: 'EH3', remedy: 'ask-administrator' },
    ]);
  });

  it('asks the minimum of the service when no level is named, and says so when there is none (LVL-04)', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    expect(judgeAccess(asked(), maps, policy, NOW)).toMatchObject({ decision: true, requiredLevel: 'EH2' });
    const none = judgeAccess(asked({ service: 'urn:service:none' }), maps, policy, NOW);
    expect(none).toMatchObject({ decision: false, requiredLevel: null });
    expect(codes(none)).toEqual(['service-without-level']);
  });

  it.each([
    [{ subject: { id: 'nobody' } }, ['unknown-means']],
    [{ subject: { type: 'user' } }, ['unknown-means']],
    [{ service: undefined }, ['unknown-service']],
    [{ service: 'urn:else' }, ['unknown-service']],
    [{ service: 7 }, ['unknown-service']],
    [{ level: 'EH5' }, ['unknown-level']],
    [{ level: null }, ['unknown-level']],
    [{ resource: { id: 'kvk:9' } }, ['no-authorization']],
    [{ resource: { type: 'record' } }, ['no-authorization']],
    [{ action: 'read' }, ['unknown-action']],
    [
      { subject: { id: 'nobody' }, service: 'urn:else', resource: { id: 'kvk:9' } },
      ['unknown-means', 'unknown-service'],
    ],
  ])('is a no for what is unknown: %j', (more, expected) => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const judgment = judgeAccess(asked(more), maps, policy, NOW);
    expect(judgment).toMatchObject({ decision: false, level: null });
    expect(codes(judgment)).toEqual(expected);
  });

  it('keeps of what is known what it rests on, whatever else is unknown', () => {
    const maps = register();
    const [holder, organization] = [maps.means('pseudonym')!, maps.party('kvk:1')!];
    const whole = { decision: false, level: null, requiredLevel: null, eidas: null, path: [] };
    const judged = (more: Parameters<typeof asked>[0]) => judgeAccess(asked(more), maps, policy, NOW);
    expect(judged({ subject: { id: 'nobody' } })).toStrictEqual({
      ...whole,
      reasons: [{ code: 'unknown-means' }],
      grounds: { party: organization, service: SERVICE, paths: 0 },
    });
    expect(judged({ service: 'urn:else', resource: { id: 'kvk:9' } })).toStrictEqual({
      ...whole,
      reasons: [{ code: 'unknown-service' }],
      grounds: { means: holder, paths: 0 },
    });
    expect(unfounded(['index-not-current'])).toStrictEqual({
      ...whole,
      reasons: [{ code: 'index-not-current' }],
      grounds: { paths: 0 },
    });
    const nowhere = judged({ resource: { id: 'kvk:9' } });
    expect(nowhere.reasons).toEqual([{ code: 'no-authorization' }]);
    expect(Object.keys(nowhere.grounds)).toEqual(['means', 'service', 'login', 'paths']);
  });

  it('is a no for a means that is not active, whatever its authorizations (REV-07)', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    means(maps, 3, 'revoked');
    expect(codes(judgeAccess(asked(), maps, policy, NOW))).toEqual(['means-not-active']);
    means(maps, null, 'awaitingActivation');
    expect(codes(judgeAccess(asked(), maps, policy, NOW))).toEqual(['means-not-active']);
  });

  it('is a no from the end of the certificate on the means on, and a yes says when that is (SIG-01)', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    means(maps, 3, 'active', 'password-sms', { certificateEndsAt: text(NOW + 7 * DAY) });
    expect(judgeAccess(asked(), maps, policy, NOW)).toMatchObject({ decision: true, validUntil: NOW + 7 * DAY });
    expect(codes(judgeAccess(asked(), maps, policy, NOW + 7 * DAY))).toEqual(['means-not-active']);
    means(maps, 3, 'active', 'password-sms', { certificateEndsAt: text(NOW + 700 * DAY) });
    expect(judgeAccess(asked(), maps, policy, NOW)).toMatchObject({ decision: true, validUntil: NOW + 365 * DAY });
  });

  it('a service that was withdrawn is unknown, and a yes stops when it is', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const question = asked({ service: 'urn:service:gone' });
    expect(judgeAccess(question, maps, policy, NOW)).toMatchObject({ decision: true, validUntil: NOW + 10 * DAY });
    expect(codes(judgeAccess(question, maps, policy, NOW + 10 * DAY))).toEqual(['unknown-service']);
  });

  it('a yes stops when its service asks for a higher level, and not when it asks for one that is reached (LVL-04)', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const [service] = data.services;
    const rising = policyOf({
      services: [
        {
          ...service!,
          minimumLevels: [
            ...service!.minimumLevels,
            { from: text(NOW + 2 * DAY), level: 'EH3' },
            { from: text(NOW + 5 * DAY), level: 'EH4' },
          ],
        },
      ],
    });
    expect(judgeAccess(asked(), maps, rising, NOW)).toMatchObject({ decision: true, validUntil: NOW + 5 * DAY });
  });

  it('a yes stops when a second factor becomes mandatory or its level is phased out (TFA-03, TFA-04)', () => {
    const maps = register();
    means(maps, 2, 'active', 'password');
    link(maps, 'a', 'party-1', 'pseudonym', { m: 2 });
    const second = policyOf({ secondFactorPolicy: [{ from: text(NOW + 3 * DAY) }] });
    expect(judgeAccess(asked(), maps, second, NOW)).toMatchObject({ decision: true, validUntil: NOW + 3 * DAY });
    const phased = policyOf({ levelPolicy: [{ level: 'EH2', usableUntil: text(NOW + 4 * DAY) }] });
    expect(judgeAccess(asked(), maps, phased, NOW)).toMatchObject({ decision: true, validUntil: NOW + 4 * DAY });
  });

  it('LVL-13: single sign-on closes EH4, also when it is said in a wrong way', () => {
    const maps = register();
    means(maps, 4, 'active', 'certificate-card');
    link(maps, 'a', 'party-1', 'pseudonym', { m: 4 });
    expect(judgeAccess(asked({ level: 'EH4' }), maps, policy, NOW).decision).toBe(true);
    for (const sso of [true, 'true', 1] as never[]) {
      expect(codes(judgeAccess(asked({ level: 'EH4', sso }), maps, policy, NOW))).toEqual(['sso-forbidden-at-level-4']);
    }
  });
});

describe('MEANS-03: the assessment of the authentication service', () => {
  const weak = {
    factors: 1,
    protection: { guessing: 'some', eavesdropping: 'some', hijacking: 'some', replay: 'some', manInTheMiddle: 'some' },
    evaluation: 'none',
  } as const;
  const product = seed.meansProducts[0]!;
  const services = policyOf({
    meansProducts: [
      {
        ...product,
        value: {
          ...product.value,
          assessments: [...product.value.assessments, { authenticationService: 'weak', mechanism: weak }],
        },
      },
    ],
  });

  it('caps the means, and the weakest counts when none or another is named', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const level = (context?: object) =>
      judgeAccess(asked({ level: 'EH3', ...(context === undefined ? {} : { context }) }), maps, services, NOW).level;
    expect(level({ authenticationService: 'authentication-service-1' })).toBe('EH3');
    expect(level({ authenticationService: 'weak' })).toBe('EH2');
    expect(level({ authenticationService: 'another' })).toBe('EH2');
    expect(level({ authenticationService: 7 })).toBe('EH2');
    expect(level()).toBe('EH2');
  });

  it('caps it by who runs the service as well, who is held to what an issuer is', () => {
    const card = seed.meansProducts.find(({ value }) => value.id === 'certificate-card')!;
    const { mechanism } = card.value;
    const run = (
      authenticationService: string,
      entity?: { participant: boolean; supervision: 'none' | 'mandatory' },
    ) => ({
      ...{ authenticationService, mechanism },
      ...(entity === undefined ? {} : { entity }),
    });
    const assessments = [
      run('supervised', { participant: true, supervision: 'mandatory' }),
      run('participant', { participant: true, supervision: 'none' }),
      run('not said'),
      run('outsider', { participant: false, supervision: 'none' }),
    ];
    const offered = policyOf({ meansProducts: [{ ...card, value: { ...card.value, assessments } }] });
    const maps = register();
    means(maps, 4, 'active', 'certificate-card');
    link(maps, 'a', 'party-1', 'pseudonym', { m: 4 });
    const level = (authenticationService?: string) =>
      judgeAccess(asked({ level: 'EH2', context: { authenticationService } }), maps, offered, NOW).level;
    expect(assessments.map(({ authenticationService }) => level(authenticationService))).toEqual([
      ...['EH4', 'EH3', 'EH3', 'EH1'],
    ]);
    expect(level()).toBe('EH1');
    // Where it is offered through no service the issuer’s own standing is in the means already.
    expect(judgeAccess(asked({ level: 'EH2' }), maps, policy, NOW).level).toBe('EH4');
  });

  it('gives the number of factors', () => {
    expect(services.assessment('password-sms', 'authentication-service-1', NOW).factors).toBe(2);
    expect(services.assessment('password-sms', undefined, NOW)).toEqual({
      stork: 2,
      factors: 1,
      authenticationService: null,
    });
    expect(services.assessment('no-product', undefined, NOW)).toMatchObject({ stork: 1, factors: 1 });
    expect(policy.assessment('certificate-card', undefined, NOW)).toMatchObject({ stork: 4, factors: 2 });
  });
});

describe('USE-05: the best path counts', () => {
  it('prefers a yes, then the higher level, then the shorter, then the older', () => {
    const maps = register();
    link(maps, 'revoked', 'party-1', 'pseudonym', { status: 'revoked', m: 4 });
    link(maps, 'chain-1', 'party-1', 'party-2', { m: 3 });
    link(maps, 'chain-2', 'party-2', 'pseudonym', { m: 3 });
    const question = asked({ service: CHAIN });
    const path = () => judgeAccess(question, maps, policy, NOW).path.map(({ authorization }) => authorization);
    expect(path()).toEqual(['chain-1', 'chain-2']);
    link(maps, 'lower', 'party-1', 'pseudonym', { m: 2, registeredAt: text(NOW - 90 * DAY) });
    expect(path()).toEqual(['chain-1', 'chain-2']);
    link(maps, 'newer', 'party-1', 'pseudonym', { registeredAt: text(NOW - 2 * DAY) });
    expect(path()).toEqual(['newer']);
    link(maps, 'older', 'party-1', 'pseudonym', { registeredAt: text(NOW - 60 * DAY) });
    expect(path()).toEqual(['older']);
  });

  it.each([
    ['older', 'newer'],
    ['newer', 'older'],
  ])('takes the older of two, whichever was first: %s before %s', (...ids) => {
    const maps = register();
    for (const id of ids) {
      const age = id === 'older' ? 60 : 2;
      link(maps, id, 'party-1', 'pseudonym', { registeredAt: text(NOW - age * DAY) });
    }
    expect(judgeAccess(asked(), maps, policy, NOW).path.map(({ authorization }) => authorization)).toEqual(['older']);
  });

  it('takes a path to be as old as the youngest authorization on it', () => {
    const maps = register();
    const chain = (through: string, first: number, last: number): void => {
      const since = (days: number) => ({ registeredAt: text(NOW - days * DAY) });
      link(maps, `${through}-1`, 'party-1', through, since(first));
      link(maps, `${through}-2`, through, 'pseudonym', since(last));
    };
    chain('party-2', 60, 2);
    chain('party-3', 30, 30);
    const { path } = judgeAccess(asked({ service: CHAIN }), maps, policy, NOW);
    expect(path.map(({ authorization }) => authorization)).toEqual(['party-3-1', 'party-3-2']);
  });

  it.each([
    ['one', 'two'],
    ['two', 'one'],
  ])('is the same of two that differ in nothing but their ids, whichever was first: %s before %s', (...ids) => {
    const maps = register();
    for (const id of ids) link(maps, id, 'party-1', 'pseudonym');
    expect(judgeAccess(asked(), maps, policy, NOW).path.map(({ authorization }) => authorization)).toEqual(['one']);
  });

  it('reports the reasons of the best no', () => {
    const maps = register();
    link(maps, 'low', 'party-1', 'pseudonym', { m: 2 });
    link(maps, 'ended', 'party-1', 'pseudonym', { m: 4, status: 'revoked' });
    expect(codes(judgeAccess(asked({ level: 'EH3' }), maps, policy, NOW))).toEqual(['level-too-low']);
  });

  it('goes through intermediaries only where the service supports chains (CHAIN-13)', () => {
    const maps = register();
    link(maps, 'chain-1', 'party-1', 'party-2');
    link(maps, 'chain-2', 'party-2', 'pseudonym');
    expect(codes(judgeAccess(asked(), maps, policy, NOW))).toEqual(['no-authorization']);
    expect(judgeAccess(asked({ service: CHAIN }), maps, policy, NOW).decision).toBe(true);
  });

  it('CHAIN-08: keeps the paths through the named party or authorization', () => {
    const maps = register();
    link(maps, 'direct', 'party-1', 'pseudonym');
    link(maps, 'chain-1', 'party-1', 'party-2');
    link(maps, 'chain-2', 'party-2', 'pseudonym');
    const path = (via: unknown) =>
      judgeAccess(asked({ service: CHAIN, context: { via } }), maps, policy, NOW).path.map(
        ({ authorization }) => authorization,
      );
    expect(path('kvk:2')).toEqual(['chain-1', 'chain-2']);
    expect(path('chain-2')).toEqual(['chain-1', 'chain-2']);
    expect(path('direct')).toEqual(['direct']);
    expect(path('kvk:3')).toEqual([]);
    expect(path(7)).toEqual([]);
  });
});
