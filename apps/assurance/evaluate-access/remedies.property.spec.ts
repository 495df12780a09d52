import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { indexMaps, judgeAccess, type GovernanceData, type MeansProduct } from '#libs/application';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import { atLeast, type EhLevel, type Link } from '#libs/scheme';
import {
  asked,
  CHAIN,
  data,
  DAY,
  link,
  means,
  NOW,
  party,
  policyOf,
  SERVICE,
} from '../../../test/e2e/assurance/state.js';

/** Whoever does what a no advises gets a yes, over whichever ways (interfaces.md §7). */

const productOf = (id: string): MeansProduct => data.meansProducts.find(({ value }) => value.id === id)!.value;
const { mechanism: weak } = productOf('password');
const { mechanism: strong } = productOf('password-sms');
const { mechanism: card } = productOf('certificate-card');
const ASSESSED = { weak, strong, card } as const;
const product = (id: string, of: readonly (keyof typeof ASSESSED)[]): GovernanceData['meansProducts'][number] => ({
  from: '2020-01-01T00:00:00.000Z' as Instant,
  value: {
    ...productOf('certificate-card'),
    id,
    assessments: of.map((name) => ({ authenticationService: name, mechanism: ASSESSED[name] })),
  },
});
const meansProducts = [
  product('one', ['weak', 'strong']),
  product('other', ['weak', 'strong', 'card']),
  product('cards', ['card']),
];

const LEVELS = ['EH1', 'EH2', 'EH2+', 'EH3', 'EH4'] as const;
const level = fc.constantFrom(...LEVELS);
/** `fc.option` leaves out rarely what it may leave out. */
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const PARTIES = ['party-1', 'party-2', 'party-3'] as const;
const OWN = ['pseudonym', 'second', 'third'] as const;

const oneMeans = fc.record({
  stork: fc.constantFrom(1, 2, 3, 4, 4),
  status: fc.constantFrom('active', 'active', 'active', 'revoked' as const),
  product: fc.constantFrom('one', 'other', 'cards'),
  restricted: fc.boolean(),
});
const links = fc.array(
  fc.record({
    from: fc.constantFrom('party-1', 'party-1', 'party-2', 'party-2', 'party-3'),
    to: fc.constantFrom(...OWN, ...OWN, 'friend', 'party-2', 'party-2', 'party-2', 'party-3'),
    m: fc.constantFrom(1, 2, 3, 4, 4, 4 as const),
    submitterLevel: rarely(level),
    status: fc.constantFrom('active', 'active', 'active', 'active', 'suspended' as const),
    scope: fc.constantFrom({ all: true }, { all: true }, { all: true }, { services: [SERVICE] }),
    establishments: rarely(fc.constant(['e1'])),
    forThirdParties: fc.constantFrom(true, true, false),
    rightOfSubstitution: fc.constantFrom(true, true, false),
  }),
  { minLength: 3, maxLength: 14 },
);
const state = fc.record({
  links,
  means: fc.tuple(oneMeans, oneMeans, oneMeans, oneMeans),
  question: fc.record({
    service: fc.constantFrom(SERVICE, CHAIN, CHAIN),
    level,
    sso: fc.boolean(),
    establishment: rarely(fc.constantFrom('e1', 'e2')),
    via: rarely(fc.constantFrom('kvk:2', 'kvk:3')),
    authenticationService: fc.constantFrom('weak', 'strong', 'card', undefined),
  }),
  phasedOut: fc.subarray(['EH1', 'EH2', 'EH2+'] as const),
  twoFactors: fc.option(fc.constantFrom<EhLevel>('EH1', 'EH2'), { nil: undefined }),
  minimum: level,
});

it('leads to a yes: each login of that means that reaches what it asks for, with the same question', () => {
  const met = { own: 0, another: 0, ownChain: 0, anotherChain: 0 };
  fc.assert(
    fc.property(state, (given) => {
      const policy = policyOf({
        meansProducts,
        services: data.services.map((service) => ({
          ...service,
          minimumLevels: [{ from: '2020-01-01T00:00:00Z', level: given.minimum }],
        })),
        levelPolicy: given.phasedOut.map((one) => ({
          ...{ ...data.levelPolicy[0]!, level: one, usableUntil: instantFromEpoch(NOW - DAY) },
        })),
        secondFactorPolicy:
          given.twoFactors === undefined
            ? []
            : [{ from: instantFromEpoch(NOW - 1), levels: [given.twoFactors] } as never],
      });
      const maps = indexMaps();
      for (const id of PARTIES) party(maps, id);
      for (const [index, pseudonym] of [...OWN, 'friend'].entries()) {
        const { stork, status, product: of, restricted } = given.means[index]!;
        means(maps, stork, status, of, {
          ...{ means: `m-${pseudonym}`, pseudonym, holder: pseudonym === 'friend' ? 'somebody else' : 'holder' },
          ...(restricted && pseudonym !== 'pseudonym' ? { restrictedToProvider: 'p1' } : {}),
        });
      }
      for (const [index, { from, to, ...more }] of given.links.entries()) {
        if (from !== to) link(maps, `a-${String(index)}`, from, to, more as Partial<Link>);
      }
      const { authenticationService, via, establishment, ...of } = given.question;
      const ask = (subject: string, through: string | undefined, sso: boolean) =>
        judgeAccess(
          asked({
            ...{ ...of, sso, subject: { id: subject } },
            ...(establishment === undefined ? {} : { resource: { properties: { establishment } } }),
            context: {
              ...(via === undefined ? {} : { via }),
              ...(through === undefined ? {} : { authenticationService: through }),
            },
          }),
          maps,
          policy,
          NOW,
        );
      const { decision, stepUp, path } = ask('pseudonym', authenticationService, of.sso);
      if (decision || stepUp === undefined) return;
      const by = stepUp.by?.means ?? maps.means('pseudonym')!;
      expect(by.holder).toBe('holder');
      const logins = policy.logins(by.product, NOW).filter(({ stork }) => {
        const reached = (['EH1', 'EH2', 'EH3', 'EH4'] as const)[Math.min(stork, by.stork ?? 1) - 1]!;
        return atLeast(reached, stepUp.level);
      });
      expect(logins).not.toEqual([]);
      const answers = logins.map((login) => ask(by.pseudonym, login.authenticationService ?? undefined, false));
      expect(answers.map((answer) => answer.decision)).toEqual(logins.map(() => true));
      const isChain = answers[0]!.path.length > 1;
      met[stepUp.by === undefined ? (isChain ? 'ownChain' : 'own') : isChain ? 'anotherChain' : 'another'] += 1;
      expect(path.length).toBeGreaterThan(0);
    }),
    { numRuns: 6_000, seed: 117 },
  );
  // Each kind of advice was met, and over each kind of way.
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(3);
});
