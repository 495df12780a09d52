import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INSTALLATION_STREAM } from '#libs/kernel';
import type { Json } from './support/api.js';
import { paperCase, question } from './support/case.js';
import { having, type Client } from './support/client.js';
import { earlierVersions, leftBehind, toldBy } from './support/earlier-registers.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

const versions = earlierVersions();

describe.each(versions)('a register that %s left behind', (version) => {
  const told = toldBy(version);
  let suite: TestSuite;
  let supplier: Client;
  let network: Client;
  beforeAll(async () => {
    // Resolves when it is ready.
    suite = await startSuite(await leftBehind(version));
    supplier = await suite.client('supplier', 'fixture-supplier');
    network = await suite.client('network');
  });
  afterAll(() => suite?.end());

  const decides = async (body: Json): Promise<unknown> =>
    having(await network.ask('/access/v1/evaluation', body), 200).body['decision'];

  it('is opened with everything that it held; what opening it adds is about the installation', async () => {
    const { feed, records } = suite.running.open.stores;
    expect(String(await records.head())).toBe(told.heads.records);
    const held = BigInt(told.heads.events);
    expect((await feed.read(held - 1n, 1)).items).toHaveLength(1);
    const added = (await feed.read(held)).items;
    expect(added.map(({ stream }) => stream)).toEqual(added.map(() => INSTALLATION_STREAM));
  });

  it('gives every object of every stream', async () => {
    const paths = {
      ...{ application: 'applications', authorization: 'authorizations', check: 'checks', means: 'means' },
      ...{ party: 'parties', person: 'persons', revocationRequest: 'revocation-requests' },
    };
    const streams = new Set<string>();
    for await (const page of suite.running.open.stores.feed.replay(0n)) {
      for (const { stream } of page.items) if (stream !== INSTALLATION_STREAM) streams.add(stream);
    }
    expect(streams.size).toBeGreaterThan(50);
    for (const stream of streams) {
      const [, category, id] = /^(\w+)-(.*)$/.exec(stream) as unknown as [string, keyof typeof paths, string];
      having(await supplier.get(`/v1/${paths[category]}/${id}`), 200);
    }
  });

  it.each(Object.keys(told.objects))('gives %s as it was', async (path) => {
    // A later version may show more of it, never something else.
    expect(having(await supplier.get(path), 200).body).toMatchObject(told.objects[path]!);
  });

  it('answers every command that comes again as it did the first time, and writes nothing', async () => {
    const before = await suite.heads();
    for (const { path, body, key, status, answer } of told.retries) {
      // Also what the contract takes no more: it is not judged a second time (interfaces.md §3).
      const again = having(await supplier.command(path, body, key), status);
      expect(again.body).toMatchObject(answer);
      expect([path, again.headers.get('idempotency-replayed')]).toEqual([path, 'true']);
    }
    expect(await suite.heads()).toEqual(before);
  });

  it('takes nothing else under a key that it answered, and nothing under another that the contract takes no more', async () => {
    const before = await suite.heads();
    for (const { path, body, key } of told.retries) {
      const [first = ''] = Object.keys(body);
      for (const other of [{}, { ...body, [first]: [[]] }, { ...body, [first]: null }, { ...body, more: 1 }, []]) {
        const refused = await supplier.command(path, other, key);
        expect([path, refused.status, refused.body['code']]).toEqual([
          path,
          refused.status === 400 ? 400 : 409,
          refused.status === 400 ? expect.any(String) : 'idempotency-key-reused',
        ]);
      }
      const fresh = await supplier.command(path, { ...body, more: 1 });
      expect([path, fresh.status]).toEqual([path, 400]);
    }
    expect(await suite.heads()).toEqual(before);
  });

  it('decides as it did', async () => {
    for (const { body, decision } of told.decisions) expect(await decides(body)).toBe(decision);
  });

  it('goes on: an old person gets a document, and a new registration is decided on', async () => {
    const person = Object.keys(told.objects).find((path) => path.startsWith('/v1/persons/'))!;
    const before = (having(await supplier.get(person), 200).body['documents'] as readonly Json[]).length;
    const document = {
      ...{ documentType: 'drivingLicence', number: 'SPECI4001', expiresOn: '2034-01-02' },
      issuingState: 'NLD',
    };
    const after = having(await supplier.command(`${person}/documents`, document), 201).body;
    expect(after['documents']).toHaveLength(before + 1);

    const paper = await paperCase(supplier);
    const means = await paper.means();
    await paper.authorize(means.id);
    await until('the new authorization is decided on', async () =>
      Boolean(await decides(question(means.pseudonym, paper.organization))),
    );
  });
});
