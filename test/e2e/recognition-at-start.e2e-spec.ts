import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import { having, type Client } from './support/client.js';
import { freshPlace, startSuite, type Place, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

let place: Place;
let suite: TestSuite;
beforeAll(async () => {
  place = await freshPlace();
  suite = await startSuite(place);
});
afterAll(() => suite.end());

const BODY = { familyName: 'Herkenning', birthDate: '1985-04-12' };
const supplier = (): Promise<Client> => suite.client('supplier');
const register = async (): Promise<Json> => having(await (await supplier()).command('/v1/persons', BODY), 201).body;
const duplicatesOf = async ({ id }: Json): Promise<readonly Json[]> =>
  having(await (await supplier()).get(`/v1/persons/${String(id)}`), 200).body['duplicates'] as readonly Json[];

/** The process that recognizes has seen everything that is recorded. */
async function followed(): Promise<void> {
  const events = await suite.running.open.stores.feed.head();
  await until('everything was followed', async () => {
    const [row] = await place.keys.query<{ position: string }>(
      `select position from vault.checkpoint where name = 'person-recognition-1'`,
    );
    return row !== undefined && BigInt(row.position) >= events;
  });
}

it('finds the pairs among the persons on record, once, after a start on a key store without their rows', async () => {
  const one = await register();
  await followed();
  await suite.stop();
  // Nobody is compared with him, and nobody follows the log from before him.
  await place.keys.query('delete from vault.identifier');
  suite = await startSuite(place);
  const other = await register();
  expect([one['duplicate'], other['duplicate']]).toEqual(['none', 'none']);
  await suite.stop();
  // As a release leaves it that recognized nobody.
  await place.keys.query('delete from vault.identifier');
  await place.keys.query('delete from vault.checkpoint');

  suite = await startSuite(place);
  await until('the pair is found', async () => (await duplicatesOf(other)).length > 0);
  expect(await duplicatesOf(other)).toEqual([{ person: one['id'], outcome: 'unresolved' }]);
  expect(await duplicatesOf(one)).toEqual([]);

  const third = await register();
  expect(await duplicatesOf(third)).toHaveLength(2);
  await followed();
  const { events } = await suite.heads();
  await suite.stop();
  // Gone through again, it finds what it knows.
  await place.keys.query('delete from vault.checkpoint');
  suite = await startSuite(place);
  await followed();
  expect((await suite.heads()).events).toBe(events);
});
