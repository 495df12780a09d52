import { expect, it } from '@jest/globals';
import type { DecisionIndex } from '../use/decision-index.js';
import type { UsePolicy } from '../use/use-policy.js';
import { judgeRight, rightsOf, type Right } from './rights.js';

/** A chain of shops: one person with an authorization for each establishment of a party. */

const SHOPS = 50;
const means = { pseudonym: 'p', product: 'x', status: 'active' } as unknown as Right['means'];
const link = (shop: number) => ({
  ...{ status: 'active', validUntil: 100, scope: { all: true } },
  ...(shop === 0 ? {} : { establishments: [String(shop)] }),
});
const paths = Array.from({ length: SHOPS + 1 }, (_, shop) => [{ authorization: `a${shop}`, link: link(shop) }]);
const index = {
  represented: () => ['party'],
  partyById: () => ({ organization: 'kvk:69599084' }),
  paths: () => paths,
  means: () => undefined,
  party: () => undefined,
} as unknown as DecisionIndex;
const policy = {
  serviceIds: ['s'],
  service: () => ({ minimumLevels: [{ level: 'EH1' }] }),
  logins: () => [],
} as unknown as UsePolicy;
const rights = () => [...rightsOf(means, index, { inForce: policy, proposed: policy }, 0)];

it('is asked for each establishment among the authorizations that lead to it, and once among all', () => {
  const [{ establishments }] = rights() as [Right];
  expect(establishments).toHaveLength(SHOPS + 1);
  expect(establishments[0]).toEqual({ id: undefined, among: undefined });
  expect(establishments[1]).toEqual({ id: '1', among: new Set(['a0', 'a1']) });
});

it('lets others go first between any two of them', async () => {
  let turns = 0;
  const pace = async () => void (turns += 1);
  await judgeRight((rights() as [Right])[0], index, policy, 0, pace);
  expect(turns).toBe(SHOPS + 1);
});
