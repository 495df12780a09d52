import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { amsterdamDate } from '#libs/testing';
import type { Json } from './support/api.js';
import { paperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

/** Names in confirmations, by the scopes of the token, through HTTP (VIS-05). */

let suite: MemorySuite;
let one: string;
let supplier: Client;

beforeAll(async () => {
  suite = await startMemorySuite({ telling: { language: 'nl' } });
  supplier = await suite.client('supplier');
  const case1 = await paperCase(supplier);
  const { id } = await case1.authorize((await case1.means()).id);
  await until('it is confirmed', async () => {
    const { items } = having(await supplier.ask('/v1/confirmations/_search', { authorization: id }), 200).body;
    one = String((items as Json[])[0]?.['id']);
    return (items as Json[]).length === 1;
  });
});
afterAll(() => suite.end());

it('are told to whoever is shown persons, and leave a reading; by a token for confirmations alone nobody is named', async () => {
  const readings = async (): Promise<readonly string[]> =>
    (await suite.stores.records.read(0n, 1_000)).items.flatMap(({ kind, bytes }) =>
      kind === 'reading' ? [bytes] : [],
    );
  for (const scope of ['governance', 'registration'] as const) {
    const client = await suite.client([scope]);
    const { text, withoutNames } = having(await client.get(`/v1/confirmations/${one}`), 200).body;
    expect([withoutNames, String(text).includes('Gemachtigde: {authorized}\n')]).toEqual([true, true]);
    expect(String(text)).not.toContain('Testmedewerker');
    const { items } = having(await client.ask('/v1/confirmations/_search', {}), 200).body;
    expect(JSON.stringify(items)).not.toContain('Testmedewerker');
  }
  expect(await readings()).toEqual([]);
  const { text, ...named } = having(await supplier.get(`/v1/confirmations/${one}`), 200).body;
  expect(named).not.toHaveProperty('withoutNames');
  expect(String(text)).toContain('Gemachtigde: Specimen Testmedewerker');
  const [left, ...others] = await readings();
  expect(others).toEqual([]);
  expect(JSON.parse(left!)).toMatchObject({
    schemaVersion: 4,
    data: { what: 'confirmations', question: { id: one }, shown: [one] },
  });
});

it('are in no answer to a decision about one either, for a token that may not see them', async () => {
  const day = amsterdamDate(Date.now());
  const client = await suite.client(['registration']);
  const letter = { on: day, evidence: 'registered letter 3SABCD1234567' };
  const { body } = having(await client.command(`/v1/confirmations/${one}/decisions`, { letter }), 200);
  expect(body).toMatchObject({ withoutNames: true, letter: { on: day } });
  expect(JSON.stringify(body)).not.toMatch(/Testmedewerker|3SABCD/);
});
