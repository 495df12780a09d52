import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssuranceModule } from '#apps/assurance';
import { startWaarborg, type RunningApp } from '#libs/composition';
import { readConfiguration } from '#libs/platform';
import { testDatabase, until, type TestDatabase } from '#libs/testing';
import { registerFacts } from './register.js';

const SERVICE = 'urn:etoegang:DV:00000099800000001000:services:1';
const CASES = 20;

let databases: TestDatabase[];
let dataDir: string;
const instances: RunningApp[] = [];

beforeAll(async () => {
  databases = [await testDatabase(), await testDatabase()];
  dataDir = await mkdtemp(join(tmpdir(), 'waarborg-e2e-'));
  const configuration = readConfiguration(
    [
      ...['--port', '0', '--data-dir', dataDir, '--log-level', 'silent'],
      ...['--database-url', databases[0]!.url, '--keystore-url', databases[1]!.url],
    ],
    {},
  );
  for (let count = 0; count < 2; count++) {
    instances.push(await startWaarborg([AssuranceModule], configuration, () => undefined));
  }
  for (const { url } of instances) {
    await until(`${url} is ready`, async () => (await fetch(`${url}/health/ready`)).ok);
  }
}, 120_000);
afterAll(async () => {
  for (const instance of instances) await instance.stop();
  for (const database of databases) await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

it('two instances on one PostgreSQL: once a revocation may be answered, neither says yes', async () => {
  const [first] = instances as [RunningApp, RunningApp];
  const { backbone, stores } = first.open;
  const facts = registerFacts(stores.events, backbone.serializer, backbone.now);
  const party = await facts.party('69599084');
  const cases = [];
  for (let count = 0; count < CASES; count++) {
    const means = await facts.means();
    cases.push({ pseudonym: means.pseudonym, authorization: await facts.authorize(party, means) });
  }
  const token = await first.issuer.issue({ client: 'network', role: 'network' });
  const ask = async (
    { url }: RunningApp,
    pseudonym: string,
  ): Promise<{ decision: boolean; context: { id: string } }> => {
    const response = await fetch(`${url}/access/v1/evaluation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        subject: { type: 'means', id: pseudonym },
        action: { name: 'represent', properties: { service: SERVICE } },
        resource: { type: 'organization', id: 'kvk:69599084' },
      }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as { decision: boolean; context: { id: string } };
  };
  const everybody = (pseudonym: string) => Promise.all(instances.map((instance) => ask(instance, pseudonym)));
  expect(await backbone.visibility.everywhere(await backbone.feed.head())).toBe(true);

  const waits: number[] = [];
  for (const { pseudonym, authorization } of cases) {
    for (const { decision } of await everybody(pseudonym)) expect(decision).toBe(true);
    const position = await facts.revoke(authorization);
    const committed = performance.now();
    expect(await backbone.visibility.everywhere(position)).toBe(true);
    waits.push(performance.now() - committed);
    for (const { decision, context } of await everybody(pseudonym)) {
      expect(decision).toBe(false);
      // The record is there before the answer is.
      expect(await backbone.records.byId(context.id)).toMatchObject({ kind: 'decision' });
    }
  }
  waits.sort((a, b) => a - b);
  expect(waits.at(-1)!).toBeLessThan(5_000);
  process.stdout.write(
    `from commit to effective everywhere: median ${waits[CASES / 2]!.toFixed(1)} ms, longest ${waits.at(-1)!.toFixed(1)} ms\n`,
  );
}, 120_000);
