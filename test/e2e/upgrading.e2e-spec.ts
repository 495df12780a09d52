import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client as Database } from 'pg';
import { suiteProjections } from '#apps/suite';
import { testClient } from '#libs/testing';
import type { Json } from './support/api.js';
import { freshNumber } from './support/case.js';
import { having, type Answer, type Client } from './support/client.js';
import { leftBehind, toldBy } from './support/earlier-registers.js';
import { liveTable } from './support/read-models.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/**
 * The first start of this version on a register of 0.1.0, whose every table is of an earlier version; none of the new
 * ones is let into its place. So whatever is answered here waits for no table.
 */
const VERSION = 'register-0.1.0';
const told = toldBy(VERSION);
/** Read models that this version can answer from the tables of 0.1.0, and those that it can't. */
const READS_EARLIER = ['authorizations', 'means', 'revocation-requests'];
const UNANSWERED = ['applications', 'parties', 'checks'];

let suite: TestSuite;
let supplier: Client;
let holder: Database;

beforeAll(async () => {
  const place = await leftBehind(VERSION);
  // The one table whose version is still the same.
  await place.register.query("update waarborg.read_models set version = 0 where name = 'decision-index'");
  holder = await testClient(place.register.url);
  // Whoever builds a table needs its lock to put it into its place.
  for (const { name, version } of suiteProjections) {
    await holder.query(`select pg_advisory_lock(hashtextextended('waarborg read model ' || $1, 0))`, [
      `${name}@${version}`,
    ]);
  }
  // Resolves when it is ready.
  suite = await startSuite(place);
  supplier = await suite.client('supplier', 'fixture-supplier');
});
afterAll(async () => {
  await holder?.end();
  await suite?.end();
});

const built = async (): Promise<readonly string[]> =>
  (
    await suite.place.register.query<{ name: string }>(
      `select name from waarborg.read_models where position is not null order by 1`,
    )
  ).map(({ name }) => name);
/** Asked once, without doing as a 503 says. */
const search = (name: string, body: Json = {}, by = supplier): Promise<Answer> =>
  by.send('POST', `/v1/${name}/_search`, { body });
const party = () => ({
  ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber() },
  ...{ name: 'Test Stichting Overgang', naturalPersonsBusiness: false },
});

function expectBeingBuilt(answer: Answer): void {
  expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '10']);
}

describe('a start of this version on the tables of an earlier one', () => {
  it('is ready before any of its own is built, and says which are missing', async () => {
    const { body } = having(await supplier.get('/health/ready'), 200);
    const waiting = (body['probes'] as readonly Json[])
      .filter(({ reason }) => String(reason).startsWith('it is being built'))
      .map(({ name }) => name);
    expect(waiting.sort()).toEqual([...READS_EARLIER, ...UNANSWERED, 'decision-index'].sort());
    const { text } = having(await supplier.get('/metrics'), 200);
    for (const name of UNANSWERED) {
      expect(text).toMatch(new RegExp(`^waarborg_follower_building\\{follower="${name}"\\} 1$`, 'm'));
    }
  });

  it.each(UNANSWERED)('answers the list of %s with 503 and when to come again', async (name) => {
    expectBeingBuilt(await search(name));
    expectBeingBuilt(await search(name, { limit: 1 }));
  });

  it.each(READS_EARLIER)('answers the list of %s from the table of the version before', async (name) => {
    const { body } = having(await search(name, { limit: 100 }), 200);
    expect((body['items'] as readonly Json[]).length).toBeGreaterThan(0);
    expect(await built()).toContain(`${name}@1`);
  });

  it('answers of those nothing that the earlier table lacks: neither a search by it nor an item with it', async () => {
    expectBeingBuilt(await search('authorizations', { status: 'expired' }));
    having(await search('authorizations', { status: 'active' }), 200);
    const auditor = await suite.client('auditor');
    for (const list of ['authorizations', 'means']) {
      expectBeingBuilt(await search(`audit/${list}`, { reason: 'audit of the upgrade' }, auditor));
    }
  });

  it('decides at use from the events, with no table of the decision index', async () => {
    const network = await suite.client('network');
    expect(told.decisions.some(({ decision }) => decision)).toBe(true);
    for (const { body, decision } of told.decisions) {
      expect(having(await network.ask('/access/v1/evaluation', body), 200).body['decision']).toBe(decision);
    }
    expect(await built()).not.toContain('decision-index@1');
  });

  it('takes commands and shows objects, and an earlier table shows what came after the position that is asked for', async () => {
    for (const path of Object.keys(told.objects)) {
      // An intake is shown with what the lists know of it.
      if (!path.startsWith('/v1/applications/')) having(await supplier.get(path), 200);
      else expectBeingBuilt(await supplier.send('GET', path));
    }
    const { id, position } = having(await supplier.command('/v1/parties', party()), 201).body;
    having(await supplier.get(`/v1/parties/${String(id)}`), 200);
    for (const name of READS_EARLIER) having(await supplier.ask(`/v1/${name}/_search`, { after: position }), 200);
  });

  it('answers everything from its own tables once they are built, and drops the others', async () => {
    const { position } = having(await supplier.command('/v1/parties', party()), 201).body;
    expect(await built()).not.toContain('parties@2');
    await holder.query('select pg_advisory_unlock_all()');
    for (const name of [...UNANSWERED, ...READS_EARLIER]) {
      await until(`the list of ${name} is answered`, async () => (await search(name)).status === 200, 120_000);
      // As far as the position goes, whatever it was answered from before.
      await until('it has seen it', async () => (await search(name, { after: position })).status === 200);
    }
    const own = suiteProjections.map(({ name, version }) => `${name}@${version}`);
    const all = async (): Promise<readonly string[]> =>
      (await suite.place.register.query<{ name: string }>('select name from waarborg.read_models')).map(
        ({ name }) => name,
      );
    await until('the earlier tables are gone', async () => (await all()).every((name) => own.includes(name)), 120_000);
    for (const { name, table, version } of suiteProjections) {
      expect(await liveTable(suite.place.register, name)).toBe(`read_model.${table.name}_${version}`);
    }
    having(await search('authorizations', { status: 'expired' }), 200);
  }, 300_000);
});
