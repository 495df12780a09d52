import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { governance, seed, type Service } from '#libs/application';
import { authorizationDecider, type RegisteredAuthorization } from '#libs/domain';
import { currentRuleSet, evaluateUse, type EvaluationRequest } from '#libs/scheme';
import { at, paperRegistration, uuid } from '#libs/testing';
import { commonPeriod, entrusted, isNone, meeting } from './entrusted.js';

/** What lies within two authorizations, held against the rule of use (CHAIN-12). */

const { authorizationFacts } = paperRegistration;
const [early, late] = [at('2026-01-01T00:00:00Z'), at('2026-06-01T00:00:00Z')];
const fixed = (id: string) => ({ id, includesLaterServices: false });
const open = (id: string) => ({ id, includesLaterServices: true });
const service = (id: string, ...groups: readonly (readonly [id: string, since: string])[]): Service =>
  ({ ...seed.services[1]!, id, groups: groups.map(([group, since]) => ({ id: group, since })) }) as Service;
const CATALOGUE = governance({
  ...seed,
  services: [
    service('a', ['g', early]),
    service('b', ['g', late], ['h', early]),
    { ...service('c', ['h', early], ['i', early]), chainSupported: false },
    service('d'),
  ],
}).services;
const IDS = ['a', 'b', 'c', 'd', 'unknown'] as const;

const scope = fc.record({
  all: fc.boolean(),
  services: fc.subarray([...IDS]),
  groups: fc
    .subarray(['g', 'h'])
    .chain((ids) =>
      fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), includesLaterServices: fc.boolean() }))),
    ),
});
const facts = fc.record({
  scope,
  establishments: fc.constantFrom(undefined, ['1'], ['2']),
  validFrom: fc.constantFrom(early, late),
  validUntil: fc.constantFrom(at('2027-01-01T00:00:00Z'), at('2026-03-01T00:00:00Z')),
  onlyForClients: fc.constant(['client', 'another client']),
  nextLinkRegister: fc.constant('00000099900000001000'),
  capped: fc.boolean(),
  forThirdParties: fc.boolean(),
  aimedLevel: fc.constantFrom('EH3', 'EH4'),
  registeredAt: fc.constantFrom(at('2026-02-01T00:00:00Z'), at('2026-07-01T00:00:00Z')),
});
const registered = facts.map(({ establishments, ...data }): RegisteredAuthorization => {
  const [fact] = authorizationFacts(uuid('auth'), { ...data, ...(establishments && { establishments }) });
  const state = authorizationDecider.evolve(authorizationDecider.initialState, fact!) as RegisteredAuthorization;
  return { ...state, periodFrom: early };
});

/** Services for which somebody may act by both, by the rule of use itself, once both are valid. */
function usable(link: RegisteredAuthorization, given: RegisteredAuthorization): readonly string[] {
  const grown = { m: 3, status: 'active', rightOfSubstitution: true, actsIndependently: true } as const;
  const linkOf = ({ scope, registeredAt, validFrom, validUntil }: RegisteredAuthorization) => ({
    ...{ scope, registeredAt, validFrom, validUntil },
    ...grown,
  });
  const question = (service: Service): EvaluationRequest => ({
    ...{ at: commonPeriod(link, given).validFrom, requestedLevel: 'EH2', representedParty: { id: 'client' }, service },
    means: { holder: 'person', stork: 3, status: 'active' },
    links: [
      { ...linkOf(link), representedParty: 'client', authorizedParty: 'office' },
      { ...linkOf(given), representedParty: 'office', authorizedParty: 'person' },
    ],
  });
  return CATALOGUE.filter((service) => evaluateUse(question(service), currentRuleSet).decision).map(({ id }) => id);
}

it('a client is told of no service for which a chain can’t be used, and of each for which it can (CHAIN-04, CHAIN-12, CHAIN-13)', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(registered, registered, (link, given) => {
      const told = entrusted(link, given, CATALOGUE);
      const { validFrom, validUntil } = told;
      expect([validFrom >= link.validFrom, validUntil <= link.validUntil]).toEqual([true, true]);
      expect([validFrom >= given.validFrom, validUntil <= given.validUntil]).toEqual([true, true]);
      expect(told.establishments).toEqual(link.establishments);
      expect(told).not.toHaveProperty('onlyForClients');
      expect(told).not.toHaveProperty('nextLinkRegister');
      expect(told).not.toHaveProperty('periodFrom');
      expect([told.capped, told.forThirdParties, told.aimedLevel]).toEqual([false, false, told.eh]);
      if (validFrom >= validUntil) return;
      const both = usable(link, given);
      const { all, services, groups } = told.scope;
      const isOfGroup = (id: string): boolean =>
        CATALOGUE.find((one) => one.id === id)?.groups?.some((its) => groups.some((group) => group.id === its.id)) ??
        false;
      for (const id of both) expect([id, all || services.includes(id) || isOfGroup(id)]).toEqual([id, true]);
      for (const id of services) expect([id, both.includes(id)]).toEqual([id, true]);
      for (const { id, includesLaterServices } of groups) {
        const granted = [link, given].every(
          ({ scope: of }) =>
            of.all ||
            of.groups.some((group) => group.id === id && (group.includesLaterServices || !includesLaterServices)),
        );
        expect([id, granted, both.some(isOfGroup)]).toEqual([id, true, true]);
      }
      if (all) expect([link.scope.all, given.scope.all]).toEqual([true, true]);
      expect([isNone(told.scope), meeting(link, given, CATALOGUE) === 'now']).toEqual([
        both.length === 0,
        both.length > 0,
      ]);
      seen.add(meeting(link, given, CATALOGUE));
    }),
    { numRuns: 500 },
  );
  expect([...seen].sort()).toEqual(['later', 'never', 'now']);
});

it.each<[string, object, object, string]>([
  [
    'what is in a group that one has as it was, and the other names',
    { groups: [fixed('g')] },
    { services: ['a'] },
    'now',
  ],
  ['what joined that group later', { groups: [fixed('g')] }, { services: ['b'] }, 'never'],
  ['two groups as they were, without a service in both', { groups: [fixed('g')] }, { groups: [fixed('i')] }, 'never'],
  ['a group that takes what joins it later', { groups: [open('g')] }, { services: ['d'] }, 'later'],
  ['a service of both that takes no chain', { services: ['c'] }, { services: ['c'] }, 'later'],
  ['a service that the catalogue does not have', { services: ['x'] }, { all: true }, 'later'],
  ['all of one, and a service that takes no chain of the other', { all: true }, { services: ['c'] }, 'later'],
  ['all of both', { all: true }, { all: true }, 'now'],
  ['nothing', { all: true }, {}, 'never'],
])('of %s: %j and %j meet %s (CHAIN-12, CHAIN-13)', (_by, one, other, when) => {
  const [link, given] = [one, other].map((more) => ({
    ...{ scope: { all: false, services: [], groups: [], ...more }, registeredAt: at('2026-02-01T00:00:00Z') },
  }));
  expect([meeting(link!, given!, CATALOGUE), meeting(given!, link!, CATALOGUE)]).toEqual([when, when]);
});
