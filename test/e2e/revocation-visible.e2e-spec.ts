import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { freshKey, having, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';
import {
  indexedAfterwards,
  lateYeses,
  questionsDuringRevocations,
  type History,
  type Register,
} from './support/visibility.js';

const EACH = 10;

let suite: TestSuite;
let supplier: Client;
let network: Client;
let case1: PaperCase;
let login: IssuedMeans;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  network = await suite.client('network');
  case1 = await paperCase(supplier);
  login = await case1.means();
});
afterAll(() => suite.end());

/** Means with an authorization each, and the prepared request that ends the one or the other. */
async function subjects(what: 'authorization' | 'means'): Promise<{ names: string[]; register: Register }> {
  const requests = new Map<string, object>();
  for (let count = 0; count < EACH; count++) {
    const means = await case1.means();
    const authorization = await case1.authorize(means.id);
    const object = what === 'means' ? { means: means.id } : { authorization: authorization['id'] };
    requests.set(means.pseudonym, await case1.revocation(object, login.id));
  }
  return {
    names: [...requests.keys()],
    register: {
      ask: async (pseudonym) => {
        const answer = await network.ask('/access/v1/evaluation', question(pseudonym, case1.organization));
        // Where no processor is free the store may not take its record in time.
        return answer.status === 503 ? undefined : having(answer, 200).body['decision'] === true;
      },
      revoke: async (pseudonym) => {
        const key = freshKey();
        // Told to be recorded and not yet effective everywhere (202), a client asks again.
        await until('it is effective everywhere', async () => {
          const { status } = await supplier.command('/v1/revocation-requests', requests.get(pseudonym), key);
          return status === 201;
        });
      },
    },
  };
}

/** The history shows something: a yes before each revocation, a question while it was under way, one after it. */
function meansSomething({ asked, revoked }: History): void {
  expect(revoked).toHaveLength(EACH);
  for (const { subject, sentAt, answeredAt } of revoked) {
    const own = asked.filter((entry) => entry.subject === subject);
    expect(own.some((entry) => entry.answeredAt <= sentAt && entry.yes)).toBe(true);
    expect(own.some((entry) => entry.askedAt < answeredAt && entry.answeredAt > sentAt)).toBe(true);
    expect(own.some((entry) => entry.askedAt > answeredAt)).toBe(true);
  }
}

describe('after a revocation is answered', () => {
  // Before anything else was ended: such an instance does not join any more afterwards.
  it('is 202 while an instance of a version that does not know how it was ended is counted on', async () => {
    const { instances } = suite.running.open.stores;
    const revoke = async (what: 'authorization' | 'means', key: string) => {
      const means = await case1.means();
      const authorization = await case1.authorize(means.id);
      const object = what === 'means' ? { means: means.id } : { authorization: authorization['id'] };
      const request = await case1.revocation(object, login.id);
      const sent = () => supplier.command('/v1/revocation-requests', request, key);
      return { first: await sent(), again: sent };
    };
    // It has seen everything that there will be, and holds its lease for as long as anybody waits.
    await instances.renew('older', 2n ** 62n, 600_000, ['MeansRevoked']);
    expect((await revoke('means', 'of-a-means-0001')).first.status).toBe(201);
    const { first, again } = await revoke('authorization', 'of-an-authorization-0001');
    expect(first.status).toBe(202);
    await instances.leave('older');
    expect((await again()).status).toBe(201);
  });

  it.each(['authorization', 'means'] as const)('no question about that %s is answered yes', async (what) => {
    const { names, register } = await subjects(what);
    for (const name of names) await until('it is answered yes', async () => (await register.ask(name)) === true);
    const history = await questionsDuringRevocations(register, names, { askers: 8, atOnce: 3 });
    meansSomething(history);
    expect(lateYeses(history)).toEqual([]);
  });

  it('would be noticed if the index learned of it only afterwards', async () => {
    const { names, register } = await subjects('authorization');
    for (const name of names) await until('it is answered yes', async () => (await register.ask(name)) === true);
    const history = await questionsDuringRevocations(indexedAfterwards(register), names, { askers: 8, atOnce: 3 });
    meansSomething(history);
    expect(lateYeses(history)).toHaveLength(EACH);
  });
});
