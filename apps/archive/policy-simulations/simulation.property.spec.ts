import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryStores } from '#libs/adapters/memory';
import {
  authorizationsProjection,
  decisionIndexProjection,
  governance,
  indexMaps,
  judgeAccess,
  meansProjection,
  momentsOf,
  proposedGovernance,
  seed,
  simulatePolicy,
  usePolicy,
  type AuthorizationEntry,
  type DecisionIndexRow,
  type GovernanceData,
  type IndexMaps,
  type MeansEntry,
  type UsePolicy,
} from '#libs/application';
import type { PolicyProposal, SimulationResult } from '#libs/domain';
import type { ProjectionStore, Row } from '#libs/eventing';
import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import { currentRuleSet, ruleSet, type EhLevel } from '#libs/scheme';

const DAY = 86_400_000;
const NOW = instantFromEpoch(Date.parse('2026-03-02T09:00:00Z'));
const on = (day: number): Instant => instantFromEpoch(epochOf(NOW) + day * DAY);

const EARLY = 'urn:service:early';
const PLAIN = 'urn:service:plain';
const CHAIN = 'urn:service:chain';
const service = (id: string, provider: string, level: EhLevel, chainSupported: boolean) => ({
  ...{ id, name: id, provider, providerName: provider, chainSupported },
  minimumLevels: [{ from: '2020-01-01T00:00:00Z', level }],
  groups: [{ id: 'g1', since: '2024-01-01T00:00:00Z' }],
});
const data: GovernanceData = {
  ...seed,
  services: [
    { ...service(EARLY, 'p1', 'EH1', false), groups: [] },
    service(PLAIN, 'p1', 'EH2', false),
    service(CHAIN, 'p2', 'EH2', true),
    { ...service('urn:service:gone', 'p2', 'EH2', true), withdrawnFrom: on(30) },
  ],
  levelPolicy: [
    { level: 'EH1', usableUntil: on(-100) },
    { level: 'EH2+', usableUntil: on(90), provider: 'p2' },
  ],
  secondFactorPolicy: [{ from: on(80).toString(), provider: 'p1', service: PLAIN }],
  maxIntermediaries: 1,
};
const inForce = governance(data);

const PARTIES = ['party-1', 'party-2', 'party-3', 'party-4'];
/** Two holders, one of whom has two means. */
const MEANS = [
  ['m1', 'holder-1'],
  ['m2', 'holder-1'],
  ['m3', 'holder-2'],
] as const;

/** Mostly what stands, so that there is something to lose. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });
const day = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  { weight: 1, arbitrary: fc.integer({ min: -40, max: 120 }) },
);
const link = fc.record({
  from: fc.constantFrom(...PARTIES),
  to: fc.constantFrom('m1', 'm2', 'm3', 'party-2', 'party-3', 'party-4'),
  m: fc.constantFrom(1, 2, 3, 3, 4 as const),
  submitterLevel: fc.option(fc.constantFrom('EH2', 'EH3' as const), { nil: undefined, freq: 1 }),
  status: mostly<'active' | 'suspended' | 'revoked' | 'awaitingActivation'>(
    ...(['active', 'suspended', 'revoked', 'awaitingActivation'] as const),
  ),
  validFrom: mostly(-60, 5, 40),
  validUntil: day,
  scope: fc.constantFrom({ all: true }, { all: true }, { services: [PLAIN, CHAIN] }, { groups: [{ id: 'g1' }] }, {}),
  establishments: mostly<readonly string[] | undefined>(undefined, ['e1']),
  forThirdParties: mostly(false, true),
  rightOfSubstitution: mostly(true, false),
  authority: mostly<'regular' | 'administration'>('regular', 'administration'),
});
const means = fc.record({
  stork: fc.constantFrom(1, 2, 2, 3, 4 as const),
  status: mostly<'active' | 'suspended' | 'revoked'>('active', 'suspended', 'revoked'),
  product: fc.constantFrom('password', 'password-sms', 'password-sms', 'certificate-card', 'unheard-of'),
  certificateEndsAt: mostly<Instant | undefined>(undefined, on(20), on(60)),
});
const register = fc.record({
  means: fc.tuple(means, means, means),
  links: fc.array(link, { minLength: 2, maxLength: 14 }),
  restGroup: fc.boolean(),
});
type Register = typeof register extends fc.Arbitrary<infer Value> ? Value : never;

const level = fc.constantFrom<EhLevel>('EH1', 'EH2', 'EH2+', 'EH3', 'EH4');
const later = fc.integer({ min: 1, max: 110 }).map(on);
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 });
const proposal = fc
  .record({
    levelPolicy: some(fc.record({ level, usableUntil: later, provider: fc.constantFrom(undefined, 'p1', 'p2') })),
    secondFactorPolicy: some(fc.record({ from: later, provider: fc.constantFrom(undefined, 'p1', 'p2') })),
    minimumLevels: some(fc.record({ service: fc.constantFrom(EARLY, PLAIN, CHAIN), from: later, level })),
    ruleSet: fc.constantFrom(undefined, 'eh-1.5' as const, 'eh-1.5.1' as const),
  })
  .map((members) => JSON.parse(JSON.stringify(members)) as PolicyProposal);

/** The rows of the read models that a simulation reads, and the index that decisions are made on. */
async function registerOf(given: Register): Promise<{ readonly store: ProjectionStore; readonly index: IndexMaps }> {
  const rows: DecisionIndexRow[] = [];
  let place = 0n;
  const put = (id: string, kind: DecisionIndexRow['kind'], content: DecisionIndexRow['content']): bigint => {
    place += 1n;
    rows.push({ ...{ id: `${kind}:${id}`, position: place, kind, representedParty: null, means: null, content } });
    return place;
  };
  for (const party of PARTIES) {
    put(party, 'party', { party, organization: `kvk:${party}`, restGroup: given.restGroup && party === 'party-1' });
  }
  const meansRows = given.means.map(({ certificateEndsAt, ...one }, index) => {
    const [id, holder] = MEANS[index]!;
    const entry: MeansEntry = {
      ...{ ...one, means: id, pseudonym: id, holder },
      ...(certificateEndsAt === undefined ? {} : { certificateEndsAt }),
    };
    return { id, holder, position: put(id, 'means', entry) };
  });
  const links = given.links.filter(({ from, to }) => from !== to);
  const authorizationRows = links.map(({ from, to, authority, validFrom, validUntil, ...terms }, index) => {
    const toPerson = !to.startsWith('party-');
    const entry: AuthorizationEntry = {
      ...{ authorization: `a${index}`, authority, toPerson, registeredLevel: null },
      link: JSON.parse(
        JSON.stringify({
          ...{ ...terms, representedParty: from, authorizedParty: to, actsIndependently: true },
          ...{ registeredAt: on(-70 + index), validFrom: on(validFrom), validUntil: on(validUntil) },
        }),
      ) as AuthorizationEntry['link'],
    };
    return {
      ...{ id: `a${index}`, position: put(`a${index}`, 'authorization', entry), representedParty: from },
      ...{ means: toPerson ? to : null, authorizedParty: toPerson ? null : to },
    };
  });
  const store = memoryStores().projections;
  const checkpoint = { store: 'store', epoch: 1, position: place };
  for (const [projection, those] of [
    [meansProjection, meansRows],
    [authorizationsProjection, authorizationRows],
    [decisionIndexProjection, rows],
  ] as const) {
    await store.open(projection as never);
    await store.replace(projection as never, those as readonly Row[], checkpoint);
  }
  const index = indexMaps();
  rows.forEach((row) => index.put(row));
  return { store, index };
}

/** Whether any login, for any establishment, makes it a yes: asked as the network asks, one question after the other. */
function isYes(index: IndexMaps, policy: UsePolicy, at: number, pseudonym: string, party: string, id: string): boolean {
  return [undefined, 'authentication-service-1'].some((authenticationService) =>
    [undefined, 'e1'].some(
      (establishment) =>
        judgeAccess(
          {
            subject: { type: 'means', id: pseudonym },
            action: { name: 'represent' },
            resource: { type: 'organization', id: `kvk:${party}` },
            ...{ service: id, level: undefined, singleSignOn: false, establishment, authenticationService },
            ...{ via: undefined, time: undefined, traceparent: undefined, supportsStepUp: true },
          },
          index,
          policy,
          at,
        ).decision,
    ),
  );
}

interface Expected {
  inForce: number;
  proposed: number;
  gained: number;
  readonly lost: Record<'rights' | 'means' | 'holders' | 'organizations' | 'services' | 'providers', number>;
}

/** The same numbers by brute force: every means at every organization for every service, under each policy. */
function expected(index: IndexMaps, before: UsePolicy, after: UsePolicy, at: number): Expected {
  const counts = { inForce: 0, proposed: 0, gained: 0 };
  const lost: [string, string, string, string, string][] = [];
  for (const [pseudonym, holder] of MEANS) {
    for (const party of PARTIES) {
      for (const { id, provider } of data.services) {
        const [was, is] = [before, after].map((policy) => isYes(index, policy, at, pseudonym, party, id));
        if (was === true) counts.inForce += 1;
        if (is === true) counts.proposed += 1;
        if (was === false && is === true) counts.gained += 1;
        if (was === true && is === false) lost.push([pseudonym, holder, party, id, provider]);
      }
    }
  }
  const different = (member: number): number => new Set(lost.map((one) => one[member])).size;
  return {
    ...counts,
    lost: {
      ...{ rights: lost.length, means: different(0), holders: different(1) },
      ...{ organizations: different(2), services: different(3), providers: different(4) },
    },
  };
}

const simulated = (store: ProjectionStore, proposed: PolicyProposal): Promise<SimulationResult> =>
  simulatePolicy(
    { store, governance: inForce, rules: currentRuleSet, now: () => NOW },
    proposed,
    momentsOf(inForce, proposed, NOW),
  );

describe('a simulation over any register', () => {
  it('TFA-03, TFA-04, USE-01: counts what is answered at use under the proposal, for every means, organization and service', async () => {
    let losses = 0;
    await fc.assert(
      fc.asyncProperty(register, proposal, async (given, proposed) => {
        const { store, index } = await registerOf(given);
        const before = usePolicy(inForce, currentRuleSet);
        const after = usePolicy(
          proposedGovernance(inForce, proposed),
          proposed.ruleSet === undefined ? currentRuleSet : ruleSet(proposed.ruleSet),
        );
        const { moments } = await simulated(store, proposed);
        for (const moment of moments) {
          losses += moment.lost.rights;
          expect(moment).toMatchObject(expected(index, before, after, epochOf(moment.at)));
          const together = (list: readonly { readonly rights: number }[]) =>
            list.reduce((sum, { rights }) => sum + rights, 0);
          for (const list of [moment.levels, moment.remedies, moment.services, moment.providers]) {
            expect(together(list)).toBe(moment.lost.rights);
          }
          for (const what of ['means', 'holders'] as const) {
            expect(moment.remedies.reduce((sum, one) => sum + one[what], 0)).toBe(moment.lost[what]);
          }
        }
      }),
      { numRuns: 100 },
    );
    expect(losses).toBeGreaterThan(50);
  });

  it('TFA-01: of the policy in force loses and gains nothing', async () => {
    const asItIs: PolicyProposal = {
      levelPolicy: [
        { level: 'EH1', usableUntil: on(-100) },
        { level: 'EH2+', usableUntil: on(90), provider: 'p2' },
      ],
      secondFactorPolicy: [{ from: on(80), provider: 'p1', service: PLAIN }],
      minimumLevels: [{ service: PLAIN, from: '2020-01-01T00:00:00.000Z' as Instant, level: 'EH2' }],
      ruleSet: 'eh-1.5.1',
    };
    await fc.assert(
      fc.asyncProperty(register, async (given) => {
        const { store } = await registerOf(given);
        const { moments } = await simulated(store, asItIs);
        expect(moments.map(({ at }) => at)).toEqual([NOW, on(80), on(90)]);
        for (const { lost, gained, inForce: standing, proposed } of moments) {
          expect([lost.rights, gained, standing - proposed]).toEqual([0, 0, 0]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says who must upgrade, and to what, such that the same question is a yes then', async () => {
    const { store } = await registerOf({
      means: [
        { stork: 2, status: 'active', product: 'password', certificateEndsAt: undefined },
        { stork: 3, status: 'active', product: 'password-sms', certificateEndsAt: undefined },
        { stork: 2, status: 'active', product: 'password', certificateEndsAt: undefined },
      ],
      links: [
        // The holder has a better means for the first, an upgrade to do for the second, and the last is too low itself.
        ...(['m1', 'm2'] as const).map((to) => ({ ...LINK, from: 'party-1', to })),
        { ...LINK, from: 'party-2', to: 'm3' },
        { ...LINK, from: 'party-3', to: 'm3', m: 1 as const },
      ],
      restGroup: false,
    });
    const { moments } = await simulated(store, {
      levelPolicy: [
        { level: 'EH2', usableUntil: on(10) },
        { level: 'EH2+', usableUntil: on(10) },
      ],
    });
    expect(moments.find(({ at }) => at === on(10))).toMatchObject({
      lost: { rights: 8, means: 2, holders: 2, authorizations: 2, organizations: 2 },
      levels: [{ before: 'EH2', after: 'EH2', rights: 8 }],
      remedies: [
        { remedy: 'another-means', level: 'EH3', rights: 4, means: 1, holders: 1 },
        { remedy: 'upgrade-means', level: 'EH3', rights: 4, means: 1, holders: 1 },
      ],
    });
  });
});

const LINK: Omit<Register['links'][number], 'from' | 'to'> = {
  ...{ m: 3 as const, submitterLevel: undefined, status: 'active' as const, validFrom: -10, validUntil: 100 },
  ...{ scope: { all: true }, establishments: undefined, forThirdParties: false, rightOfSubstitution: true },
  authority: 'regular',
};
