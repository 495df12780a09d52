import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at } from './support/case.js';
import { client, freshKey, having, type Client } from './support/client.js';
import { freshPlace, startSuite, type Place, type TestSuite } from './support/suite.js';

const PERSON = { familyName: 'Vergankelijk', givenNames: 'Wiebe', birthDate: '1961-05-14', birthPlace: 'Hindeloopen' };
const DOCUMENT = {
  documentType: 'passport',
  issuingState: 'NLD',
  number: 'NXK4P7L21',
  expiresOn: '2037-01-31',
  issuer: 'Súdwest-Fryslân',
};
const PARTY = {
  register: 'kvk',
  number: '90004001',
  kind: 'undertaking',
  name: 'Kapsalon Wiebe Vergankelijk',
  naturalPersonsBusiness: true,
};

/** What was recorded under a key that is gone is never recorded again under a new one (interfaces.md §9). */
describe('a retry after the key of its object was destroyed', () => {
  let place: Place;
  let suite: TestSuite;
  let supplier: Client;
  const requests: { readonly name: string; readonly path: string; readonly body: object; readonly key: string }[] = [];

  const start = async (): Promise<void> => {
    suite = await startSuite(place);
    supplier = client(suite.url, await suite.running.issuer.issue({ role: 'supplier', client: 'office' }));
  };
  beforeAll(async () => {
    place = await freshPlace();
    await start();
    const record = async (name: string, path: string, body: object): Promise<string> => {
      const key = freshKey();
      requests.push({ name, path, body, key });
      return having(await supplier.command(path, body, key), 201).body['id'] as string;
    };
    const person = await record('person', '/v1/persons', PERSON);
    requests.push({ name: 'document', path: `/v1/persons/${person}/documents`, body: DOCUMENT, key: freshKey() });
    const document = requests.at(-1)!;
    expect((await supplier.command(document.path, document.body, document.key)).status).toBeLessThan(300);
    await record('party', '/v1/parties', PARTY);
    await record('application', '/v1/applications', {
      channel: 'nonElectronic',
      receivedAt: at(-40 * 86_400_000),
      purposes: ['registration'],
      lateEntryReason: 'Lag bij Wiebe in de lade',
    });
    for (const { path, body, key } of requests) {
      expect((await supplier.command(path, body, key)).headers.get('idempotency-replayed')).toBe('true');
    }
    await suite.stop();
    await place.keys.query('delete from vault.object_key');
    await start();
  });
  afterAll(() => suite.end());

  const keysMade = async (): Promise<number> => (await place.keys.query('select from vault.object_key')).length;

  it('is 410, however often it comes and under whatever other key the same object is asked for, and makes no key', async () => {
    const heads = await suite.heads();
    for (let times = 0; times < 2; times++) {
      for (const { name, path, body, key } of requests) {
        const answer = await supplier.command(path, body, key);
        expect([name, answer.status, answer.body['code']]).toEqual([name, 410, 'erased']);
      }
    }
    const party = requests.find(({ name }) => name === 'party')!;
    expect((await supplier.command(party.path, party.body)).status).toBe(410);
    expect(await keysMade()).toBe(0);
    expect(await suite.heads()).toEqual(heads);
  });

  it('is 410 as well where the key store knows of no destruction: it lost the keys, and the register has them on record', async () => {
    await place.keys.query('truncate vault.destroyed_key');
    for (const { name, path, body, key } of requests) {
      const answer = await supplier.command(path, body, key);
      expect([name, answer.status, answer.body['code']]).toEqual([name, 410, 'erased']);
    }
    expect(await keysMade()).toBe(0);
  });

  it('does not stand in the way of others: a new person gets a key of his own', async () => {
    having(await supplier.command('/v1/persons', { ...PERSON, familyName: 'Nieuwkomer' }), 201);
    expect(await keysMade()).toBe(1);
  });
});
