import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { governance, seed, type GovernanceData } from '#libs/application';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import {
  compareEh,
  currentRuleSet,
  evaluateUse,
  formatInstant,
  type EvaluationRequest,
  type EvaluationResult,
  type Link,
} from '#libs/scheme';
import type { DecisionIndexRow } from '../decision-index/decision-index.projection.js';
import { indexMaps, type IndexMaps } from '../decision-index/index-maps.js';
import { readAccessRequest, type AccessRequest } from './access-request.js';
import { judgeAccess } from './judge-access.js';
import { usePolicy } from './use-policy.js';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const DAY = 86_400_000;
const text = (milliseconds: number): Instant => instantFromEpoch(milliseconds);

const SERVICE = 'urn:service:plain';
const CHAIN = 'urn:service:chain';

const data: GovernanceData = {
  ...seed,
  services: [
    {
      id: SERVICE,
      name: 'Plain',
      provider: 'p1',
      providerName: 'One',
      chainSupported: false,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH2' }],
    },
    {
      id: CHAIN,
      name: 'Chain',
      provider: 'p2',
      providerName: 'Two',
      ofTaxAdministration: true,
      chainSupported: true,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH2+' }],
      groups: [{ id: 'g1', since: '2024-01-01T00:00:00Z' }],
    },
    {
      id: 'urn:service:none',
      name: 'None',
      provider: 'p1',
      providerName: 'One',
      chainSupported: false,
      minimumLevels: [],
    },
    {
      id: 'urn:service:gone',
      name: 'Gone',
      provider: 'p1',
      providerName: 'One',
      chainSupported: false,
      minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: 'EH2' }],
      withdrawnFrom: text(NOW + 10 * DAY),
    },
  ],
  maxIntermediaries: 2,
};
const policyOf = (more: Partial<GovernanceData> = {}) => usePolicy(governance({ ...data, ...more }), currentRuleSet);
const policy = policyOf();

function asked(
  more: {
    level?: unknown;
    service?: unknown;
    sso?: boolean;
    context?: object;
    subject?: object;
    resource?: object;
    action?: string;
  } = {},
): AccessRequest {
  const properties: Record<string, unknown> = { service: 'service' in more ? more.service : SERVICE };
  if ('level' in more) properties['level'] = more.level;
  if (more.sso !== undefined) properties['singleSignOn'] = more.sso;
  const read = readAccessRequest({
    subject: { type: 'means', id: 'pseudonym', ...more.subject },
    action: { name: more.action ?? 'represent', properties },
    resource: { type: 'organization', id: 'kvk:1', ...more.resource },
    ...(more.context === undefined ? {} : { context: more.context }),
  });
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.request;
}

let places = 0n;
const row = (kind: DecisionIndexRow['kind'], id: string, content: DecisionIndexRow['content']): DecisionIndexRow => ({
  id: `${kind}:${id}`,
  position: (places += 1n),
  kind,
  representedParty: null,
  means: null,
  content,
});
const party = (maps: IndexMaps, id: string, restGroup = false): void =>
  maps.put(row('party', id, { party: id, organization: id.replace('party-', 'kvk:'), restGroup }));
const means = (
  maps: IndexMaps,
  stork: number | null = 3,
  status: 'active' | 'awaitingActivation' | 'revoked' = 'active',
  product = 'password-sms',
): void => maps.put(row('means', 'm', { means: 'm', pseudonym: 'pseudonym', product, stork, status }));
function link(maps: IndexMaps, id: string, from: string, to: string, more: Partial<Link> = {}): void {
  maps.put(
    row('authorization', id, {
      authorization: id,
      authority: 'regular',
      toPerson: to === 'pseudonym',
      registeredLevel: null,
      link: {
        representedParty: from,
        authorizedParty: to,
        m: 3,
        status: 'active',
        registeredAt: text(NOW - 30 * DAY),
        validFrom: text(NOW - 30 * DAY),
        validUntil: text(NOW + 365 * DAY),
        scope: { all: true },
        forThirdParties: false,
        rightOfSubstitution: true,
        actsIndependently: true,
        ...more,
      },
    }),
  );
}
function register(): IndexMaps {
  const maps = indexMaps();
  party(maps, 'party-1');
  party(maps, 'party-2');
  party(maps, 'party-3');
  means(maps);
  return maps;
}
const codes = (judgment: { reasons: readonly { code: string }[] }): string[] =>
  judgment.reasons.map(({ code }) => code);

describe('a decision at use', () => {
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
    expect(judgment.reasons).toEqual([{ code: 'level-too-low', have: 'EH2+', need: 'EH3' }]);
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
      ['unknown-means', 'unknown-service', 'no-authorization'],
    ],
  ])('is a no for what is unknown: %j', (more, expected) => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const judgment = judgeAccess(asked(more), maps, policy, NOW);
    expect(judgment).toMatchObject({ decision: false, level: null });
    expect(codes(judgment)).toEqual(expected);
  });

  it('is a no for a means that is not active, whatever its authorizations (REV-07)', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    means(maps, 3, 'revoked');
    expect(codes(judgeAccess(asked(), maps, policy, NOW))).toEqual(['means-not-active']);
    means(maps, null, 'awaitingActivation');
    expect(codes(judgeAccess(asked(), maps, policy, NOW))).toEqual(['means-not-active']);
  });

  it('a service that was withdrawn is unknown, and a yes stops when it is', () => {
    const maps = register();
    link(maps, 'a', 'party-1', 'pseudonym');
    const question = asked({ service: 'urn:service:gone' });
    expect(judgeAccess(question, maps, policy, NOW)).toMatchObject({ decision: true, validUntil: NOW + 10 * DAY });
    expect(codes(judgeAccess(question, maps, policy, NOW + 10 * DAY))).toEqual(['unknown-service']);
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

describe('the same answer as evaluation 5 gives over the same state', () => {
  const moment = fc.integer({ min: -40, max: 40 }).map((days) => NOW + days * DAY);
  const level = fc.constantFrom('EH1', 'EH2', 'EH2+', 'EH3', 'EH4' as const);
  const links = fc.array(
    fc.record({
      from: fc.constantFrom('party-1', 'party-2', 'party-3'),
      to: fc.constantFrom('pseudonym', 'party-2', 'party-3', 'pseudonym'),
      m: fc.constantFrom(1, 2, 3, 4 as const),
      submitterLevel: fc.option(level, { nil: undefined }),
      status: fc.constantFrom('active', 'active', 'active', 'awaitingActivation', 'revoked' as const),
      registeredAt: moment,
      validFrom: fc.integer({ min: -40, max: 3 }).map((days) => NOW + days * DAY),
      validUntil: fc.integer({ min: -2, max: 40 }).map((days) => NOW + days * DAY),
      scope: fc.constantFrom({ all: true }, { services: [SERVICE] }, { groups: [{ id: 'g1' }] }, {}),
      establishments: fc.option(fc.constant(['e1']), { nil: undefined }),
      forThirdParties: fc.boolean(),
      rightOfSubstitution: fc.boolean(),
      actsIndependently: fc.boolean(),
      onlyForClients: fc.option(fc.constantFrom(['party-1'], ['party-3']), { nil: undefined }),
    }),
    { maxLength: 7 },
  );
  const state = fc.record({
    links,
    stork: fc.constantFrom(1, 2, 3, 4 as const),
    meansStatus: fc.constantFrom('active', 'active', 'active', 'revoked', 'awaitingActivation' as const),
    product: fc.constantFrom('password-sms', 'password', 'certificate-card'),
    service: fc.constantFrom(SERVICE, CHAIN),
    level,
    sso: fc.boolean(),
    establishment: fc.option(fc.constantFrom('e1', 'e2'), { nil: undefined }),
    restGroup: fc.boolean(),
  });

  it('for the best of all paths that can be made, found by trying every one', () => {
    fc.assert(
      fc.property(state, (given) => {
        const maps = indexMaps();
        party(maps, 'party-1', given.restGroup);
        party(maps, 'party-2');
        party(maps, 'party-3');
        means(maps, given.stork, given.meansStatus, given.product);
        const all: Link[] = given.links
          .filter(({ from, to }) => from !== to)
          .map(
            ({ from, to, ...rest }) =>
              clean({
                ...rest,
                representedParty: from,
                authorizedParty: to,
                registeredAt: text(rest.registeredAt),
                validFrom: text(rest.validFrom),
                validUntil: text(rest.validUntil),
              }) as unknown as Link,
          );
        all.forEach((entry) => link(maps, randomUUID(), entry.representedParty, entry.authorizedParty, entry));

        const service = data.services.find(({ id }) => id === given.service)!;
        const login = policy.assessment(given.product, undefined, NOW);
        const { name: _n, providerName: _p, ...entry } = service;
        const evaluate = (path: readonly Link[]): EvaluationResult =>
          evaluateUse(
            clean({
              at: formatInstant(NOW),
              requestedLevel: given.level,
              singleSignOn: given.sso,
              representedParty: { id: 'party-1', restGroup: given.restGroup },
              establishment: given.establishment,
              service: entry,
              means: {
                holder: 'pseudonym',
                status: given.meansStatus,
                stork: given.stork,
                authenticationServiceStork: login.stork,
                factors: login.factors,
              },
              links: path,
              levelPolicy: [{ level: 'EH1', usableUntil: '2021-06-30T22:00:00Z' }],
              maxIntermediaries: 2,
            }) as unknown as EvaluationRequest,
            currentRuleSet,
          );
        const paths = everyPath(all, service.chainSupported ? 3 : 1);
        const results = paths.length === 0 ? [evaluate([])] : paths.map(evaluate);

        const judgment = judgeAccess(
          asked({
            service: given.service,
            level: given.level,
            sso: given.sso,
            ...(given.establishment === undefined
              ? {}
              : { resource: { properties: { establishment: given.establishment } } }),
          }),
          maps,
          policy,
          NOW,
        );
        const yes = results.filter(({ decision }) => decision);
        expect(judgment.decision).toBe(yes.length > 0);
        const highest = (yes.length > 0 ? yes : results)
          .map(({ effectiveLevel }) => effectiveLevel)
          .reduce((a, b) => (b !== null && (a === null || compareEh(b, a) > 0) ? b : a));
        expect(judgment.level).toBe(highest);
        // What is reported is what evaluation 5 says of the very path that is named.
        const own = evaluate(judgment.path.map(({ authorization }) => contentOf(maps, authorization)));
        expect(codes(judgment)).toEqual(own.reasons);
        expect(judgment.requiredLevel).toBe(own.requiredLevel);
        expect(judgment.eidas).toBe(own.eidas);
        if (judgment.decision) {
          // It lasts until just before `validUntil`, and not longer (contract times are whole seconds).
          const path = judgment.path.map(({ authorization }) => contentOf(maps, authorization));
          const later = (milliseconds: number) => judgeAt(evaluateAt(given, entry, login, path), milliseconds);
          expect(later(judgment.validUntil! - 1_000)).toBe(true);
          expect(later(judgment.validUntil!)).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  const judgeAt = (evaluate: (at: number) => EvaluationResult, at: number): boolean => evaluate(at).decision;

  const evaluateAt =
    (
      given: {
        level: string;
        sso: boolean;
        restGroup: boolean;
        establishment: string | undefined;
        meansStatus: string;
        stork: number;
      },
      service: object,
      login: { stork: number; factors: number },
      path: readonly Link[],
    ) =>
    (at: number): EvaluationResult =>
      evaluateUse(
        clean({
          at: formatInstant(at),
          requestedLevel: given.level,
          singleSignOn: given.sso,
          representedParty: { id: 'party-1', restGroup: given.restGroup },
          establishment: given.establishment,
          service,
          means: {
            holder: 'pseudonym',
            status: given.meansStatus,
            stork: given.stork,
            authenticationServiceStork: login.stork,
            factors: login.factors,
          },
          links: path,
          levelPolicy: [{ level: 'EH1', usableUntil: '2021-06-30T22:00:00Z' }],
          maxIntermediaries: 2,
        }) as unknown as EvaluationRequest,
        currentRuleSet,
      );

  const contentOf = (maps: IndexMaps, authorization: string): Link =>
    (maps.row(`authorization:${authorization}`)!.content as { link: Link }).link;
});

/** Every sequence of links from party-1 to the holder without meeting a party twice. */
function everyPath(links: readonly Link[], longest: number): Link[][] {
  const found: Link[][] = [];
  const walk = (at: string, path: Link[], met: string[]): void => {
    if (path.length >= longest) return;
    for (const next of links.filter(({ representedParty }) => representedParty === at)) {
      if (next.authorizedParty === 'pseudonym') found.push([...path, next]);
      else if (!met.includes(next.authorizedParty))
        walk(next.authorizedParty, [...path, next], [...met, next.authorizedParty]);
    }
  };
  walk('party-1', [], ['party-1']);
  return found;
}

/** Without members that are undefined. */
const clean = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
