import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssuranceModule } from '#apps/assurance';
import { startWaarborg, type RunningApp } from '#libs/composition';
import { readConfiguration } from '#libs/configuration';
import { setClock, testDatabase, until, type TestDatabase } from '#libs/testing';
import type { AuthorizationId, PartyId } from '#libs/kernel';
import { databaseSettings } from '../support/suite.js';
import { registerFacts, type RegisterFacts } from './register.js';

const SERVICE = 'urn:etoegang:DV:00000099800000001000:services:1';
const CASES = 20;

let databases: TestDatabase[];
let dataDir: string;
const instances: RunningApp[] = [];
let token: string;

beforeAll(async () => {
  databases = [await testDatabase(), await testDatabase()];
  dataDir = await mkdtemp(join(tmpdir(), 'waarborg-e2e-'));
  const configuration = readConfiguration(
    ['--port', '0', '--data-dir', dataDir, '--log-level', 'silent'],
    databaseSettings({ register: databases[0]!, keys: databases[1]! }),
  );
  for (let count = 0; count < 2; count++) {
    instances.push(await startWaarborg([AssuranceModule], configuration, () => undefined));
  }
  token = await instances[0]!.issuer.issue({ client: 'network', role: 'network' });
  for (const { url } of instances) {
    await until(`${url} is ready`, async () => (await fetch(`${url}/health/ready`)).ok);
  }
});
afterAll(async () => {
  for (const instance of instances) await instance.stop();
  for (const database of databases) await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

const organization = (number: string) => `kvk:${number}`;

async function ask(
  { url }: RunningApp,
  pseudonym: string,
  number: string,
): Promise<{ decision: boolean; context: { id: string; reasons: readonly { code: string }[] } }> {
  const response = await fetch(`${url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'means', id: pseudonym },
      action: { name: 'represent', properties: { service: SERVICE } },
      resource: { type: 'organization', id: organization(number) },
    }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Awaited<ReturnType<typeof ask>>;
}

/** Waits, as whoever revokes does, until it may be answered; a busy machine takes more than one patience. */
const effective = (position: bigint): Promise<void> =>
  until('it is effective everywhere', () =>
    instances[0]!.open.backbone.visibility.everywhere(position, 'AuthorizationRevoked'),
  );

const everybody = (pseudonym: string, number: string) =>
  Promise.all(instances.map((instance) => ask(instance, pseudonym, number)));

it('two instances on one PostgreSQL: once a revocation may be answered, neither says yes', async () => {
  const [first] = instances as [RunningApp, RunningApp];
  const { backbone, stores } = first.open;
  const facts = registerFacts(stores.events, backbone.serializer, backbone.now);
  const number = '69599084';
  const party = await facts.party(number);
  const cases = [];
  for (let count = 0; count < CASES; count++) {
    const means = await facts.means();
    cases.push({ pseudonym: means.pseudonym, authorization: await facts.authorize(party, means) });
  }
  await effective(await backbone.feed.head());

  const waits: number[] = [];
  for (const { pseudonym, authorization } of cases) {
    await until('everybody says yes', async () =>
      (await everybody(pseudonym, number)).every(({ decision }) => decision),
    );
    const position = await facts.revoke(authorization);
    const committed = performance.now();
    await effective(position);
    waits.push(performance.now() - committed);
    for (const { decision, context } of await everybody(pseudonym, number)) {
      expect(decision).toBe(false);
      // The record is there before the answer is.
      expect(await backbone.records.byId(context.id)).toMatchObject({ kind: 'decision' });
    }
  }
  waits.sort((a, b) => a - b);
  process.stdout.write(
    `from commit to effective everywhere: median ${waits[CASES / 2]!.toFixed(1)} ms, longest ${waits.at(-1)!.toFixed(1)} ms\n`,
  );
});

describe('when the clock of the database is set', () => {
  const HOUR = 3_600_000;
  const number = '68750110';
  let facts: RegisterFacts;
  let party: PartyId;
  const stillYes: string[] = [];

  beforeAll(async () => {
    const { backbone, stores } = instances[0]!.open;
    facts = registerFacts(stores.events, backbone.serializer, backbone.now);
    party = await facts.party(number);
    const means = await facts.means();
    await facts.authorize(party, means);
    stillYes.push(means.pseudonym);
  });
  afterEach(() => setClock(databases[0]!, 0));

  /** Asks about one that nobody revokes until the answer is a yes again. */
  const recovered = (): Promise<void> =>
    until('everybody says yes again', async () =>
      (await everybody(stillYes[0]!, number)).every(({ decision }) => decision),
    );

  it.each([
    ['forward', HOUR],
    ['back', -HOUR],
  ])('%s, no yes leaves after a revocation was answered, and none of them waits for its length', async (_, by) => {
    const cases: { pseudonym: string; authorization: AuthorizationId }[] = [];
    for (let count = 0; count < 5; count++) {
      const means = await facts.means();
      cases.push({ pseudonym: means.pseudonym, authorization: await facts.authorize(party, means) });
    }
    await until('everybody says yes', async () =>
      (await Promise.all(cases.map(({ pseudonym }) => everybody(pseudonym, number)))).flat().every((a) => a.decision),
    );
    for (const { pseudonym, authorization } of cases) {
      await setClock(databases[0]!, by);
      const position = await facts.revoke(authorization);
      await effective(position);
      for (const { decision } of await everybody(pseudonym, number)) expect(decision).toBe(false);
      await setClock(databases[0]!, 0);
      for (const { decision } of await everybody(pseudonym, number)) expect(decision).toBe(false);
      await recovered();
    }
  });

  it('back, an instance that was killed holds a revocation no longer than its lease', async () => {
    const { backbone } = instances[0]!.open;
    const { authorization } = await facts
      .means()
      .then(async (means) => ({ authorization: await facts.authorize(party, means) }));
    await backbone.decisionInstances.renew('killed', 0n, 1_000);
    await setClock(databases[0]!, -HOUR);
    const position = await facts.revoke(authorization);
    await effective(position);
    const rows = await databases[0]!.query("select 1 from waarborg.decision_instances where instance = 'killed'");
    expect(rows).toEqual([]);
  });
});
