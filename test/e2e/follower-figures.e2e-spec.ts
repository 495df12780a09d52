import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client as Database } from 'pg';
import { freshNumber } from './support/case.js';
import { having, type Client } from './support/client.js';
import { liveTable } from './support/read-models.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** What `/metrics` says of everything that follows the feed: one row of figures for each, and true ones. */

const FIGURES = ['silent_seconds', 'behind_seconds', 'stopped', 'building', 'parked'] as const;
type Figure = (typeof FIGURES)[number];

let suite: TestSuite;
let supplier: Client;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
});
afterAll(() => suite.end());

async function figures(): Promise<ReadonlyMap<string, Readonly<Record<Figure, number>>>> {
  const { text } = having(await supplier.get('/metrics'), 200);
  const found = new Map<string, Record<string, number>>();
  for (const line of text.split('\n')) {
    const [, figure, follower, value] = /^waarborg_follower_(\w+)\{.*follower="([^"]+)".*\} (\S+)$/.exec(line) ?? [];
    if (figure === undefined) continue;
    found.set(follower!, { ...found.get(follower!), [figure]: Number(value) });
  }
  return found as never;
}
const of = async (follower: string): Promise<Readonly<Record<Figure, number>>> => (await figures()).get(follower)!;

const register = async (): Promise<unknown> =>
  having(
    await supplier.command('/v1/parties', {
      ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber() },
      ...{ name: 'Test Stichting Telraam', naturalPersonsBusiness: false },
    }),
    201,
  );

describe('the figures of followers', () => {
  it('name everything that health watches as a follower, with every figure', async () => {
    const { body } = having(await supplier.get('/health/ready'), 200);
    const watched = (body['probes'] as readonly { readonly name: string; readonly position?: string }[])
      .filter(({ position }) => position !== undefined)
      .map(({ name }) => name);
    const shown = await figures();
    expect([...shown.keys()].sort()).toEqual(watched.sort());
    expect(shown.has('parties')).toBe(true);
    for (const [, own] of shown) expect(Object.keys(own).sort()).toEqual([...FIGURES].sort());
  });

  it('are at rest when everything was seen', async () => {
    await register();
    const restless = async (): Promise<readonly unknown[]> =>
      [...(await figures())].filter(([, own]) => own.behind_seconds > 1.5);
    await until('nothing lies behind', async () => (await restless()).length === 0);
    for (const [name, own] of await figures()) expect([name, own.stopped, own.parked]).toEqual([name, 0, 0]);
  });

  it('say how long one lies behind that is held up, and only of that one', async () => {
    const holder = new Database({ connectionString: suite.place.register.url });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query(`lock table ${await liveTable(suite.place.register, 'parties')} in access exclusive mode`);
      await register();
      await register();
      await until('it lies behind', async () => (await of('parties')).behind_seconds > 1.5);
      const { behind_seconds: first } = await of('parties');
      await until('it lies behind for longer', async () => (await of('parties')).behind_seconds > first + 0.2);
      await until('another one has seen everything', async () => (await of('applications')).behind_seconds < 1);
      expect((await of('applications')).stopped).toBe(0);
    } finally {
      await holder.query('rollback');
      await holder.end();
    }
    await until('it has caught up', async () => (await of('parties')).behind_seconds < 1.5);
  });

  it('say of one that waits for a person that it has stopped', async () => {
    await suite.place.register.query(
      // An event that the store does not hold, as after a restore.
      "update waarborg.read_models set event = 'lost@1' where name like 'parties@%'",
    );
    await register();
    await until('it has stopped', async () => (await of('parties')).stopped === 1);
    expect((await of('applications')).stopped).toBe(0);
    expect((await supplier.get('/health/ready')).status).toBe(503);
  });
});
