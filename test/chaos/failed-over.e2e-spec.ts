import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LineageBroken } from '#libs/eventing';
import { testClient, testDatabase, unless, type TestDatabase } from '#libs/testing';
import { paperCase, question, type IssuedMeans, type PaperCase } from '../e2e/support/case.js';
import { client, freshKey, having, type Answer, type Client } from '../e2e/support/client.js';
import { databaseSettings, freshPlace, startSuite, type Place, type TestSuite } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';
import { failOver, type FailOver } from './fail-over.js';
import { installation, obstacle, READY_WITHIN, type Installation } from './suite-process.js';

const NAMES = ['one', 'other'] as const;

/** One process with its clients. */
interface Running {
  readonly suite: TestSuite;
  readonly supplier: Client;
  readonly network: Client;
}

/** The first answer to a command: a careful client would ask again. */
const once = ({ supplier }: Running, path: string, body: unknown): Promise<Answer> =>
  supplier.send('POST', path, { body, headers: { 'idempotency-key': freshKey() } });

async function started(place: Place): Promise<Running> {
  // As in use: its lease runs out while it is cut off.
  const suite = await startSuite(place, ['--decision-lease', '2000']);
  return { suite, supplier: await suite.client('supplier'), network: await suite.client('network') };
}

describe('two processes whose register fails over under them', () => {
  let place: Place;
  let database: FailOver;
  let copy: string;
  let paper: PaperCase;
  let running: readonly Running[];
  /** Authorized before the copy was made, revoked after it. */
  let early: IssuedMeans;
  /** Authorized after the copy was made. */
  let late: IssuedMeans;
  /** Requests that end the late one's authorization, one for each process. */
  let revocations: readonly object[];

  const decide = ({ network }: Running, { pseudonym }: IssuedMeans): Promise<Answer> =>
    network.ask('/access/v1/evaluation', question(pseudonym, paper.organization));
  const saysYes = async (one: Running, means: IssuedMeans): Promise<boolean> =>
    (await decide(one, means)).body['decision'] === true;
  const events = async (): Promise<number> => {
    const reader = await testClient(place.register.url);
    const { rows } = await reader.query<{ count: string }>('select count(*) from waarborg.events');
    await reader.end();
    return Number(rows[0]!.count);
  };

  beforeEach(async () => {
    place = await freshPlace();
    database = await failOver(place.register.url);
    running = [await started(place), await started(place)];
    const [one] = running as [Running];
    paper = await paperCase(one.supplier);
    [early, late] = [await paper.means(), await paper.means()];
    const login = await paper.means();
    const earlyOne = (await paper.authorize(early.id))['id'];
    for (const process of running) await until('both say yes', () => saysYes(process, early));

    copy = await database.copy();
    await until('they are connected again', async () => (await one.supplier.get('/health/ready')).status === 200);
    const lateOne = (await paper.authorize(late.id))['id'];
    for (const process of running) await until('both say yes', () => saysYes(process, late));
    revocations = [
      await paper.revocation({ authorization: lateOne }, login.id),
      await paper.revocation({ authorization: lateOne }, login.id),
    ];
    having(
      await one.supplier.command(
        '/v1/revocation-requests',
        await paper.revocation({ authorization: earlyOne }, login.id),
      ),
      201,
    );
    for (const process of running) expect(await saysYes(process, early)).toBe(false);
  }, 2 * READY_WITHIN);
  afterEach(async () => {
    for (const { suite } of running ?? []) await suite.stop();
    await database?.close();
    await place?.drop();
  });

  it('to a copy that lagged: no yes, no 201 and no append from then on; both are given up', async () => {
    await database.to(copy);
    const kept = await events();
    for (const [index, process] of running.entries()) {
      // The very first question and the very first command after it.
      for (const means of [late, early]) expect(await saysYes(process, means)).toBe(false);
      const revoked = await once(process, '/v1/revocation-requests', revocations[index]);
      const registered = await once(process, '/v1/persons', { familyName: 'Testlaat' });
      expect([revoked.status, registered.status]).toEqual([503, 503]);
    }
    for (const [index, { suite }] of running.entries()) {
      expect([NAMES[index], await suite.running.open.stores.lineage.lost]).toEqual([
        NAMES[index],
        expect.any(LineageBroken),
      ]);
    }
    for (const process of running) {
      await until('it is not ready', async () => (await process.supplier.get('/health/ready')).status === 503);
      for (let count = 0; count < 50; count += 1) expect(await saysYes(process, late)).toBe(false);
    }
    expect(await events()).toBe(kept);
    // Nor does the next process take the older state for the newer one.
    await expect(startSuite(place)).rejects.toThrow(/position \d+ was reached before: it was restored/);
  });

  it('to a copy that lagged and has grown again: a process that comes back late is given up as well', async () => {
    const [one, other] = running as [Running, Running];
    // Stops in good order, so that what it had read is marked; the other one is cut off for longer.
    await one.suite.stop();
    await database.to(copy);
    const writer = await testClient(place.register.url);
    await writer.query(`insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
      select head + n, 'foreign-' || n, 0, gen_random_uuid(), 'Foreign', '{}', at
      from (select max(position) as head, max(recorded_at) as at from waarborg.events) e, generate_series(1, 200) n`);
    await writer.end();
    for (const means of [late, early]) expect(await saysYes(other, means)).toBe(false);
    expect((await once(other, '/v1/revocation-requests', revocations[0])).status).toBe(503);
    expect(await other.suite.running.open.stores.lineage.lost).toBeInstanceOf(LineageBroken);
    await expect(startSuite(place)).rejects.toThrow(/held event .* and does not now|held .* before and does not now/);
    running = [other];
  });

  it('to a copy that lagged behind nothing: both go on, and a revocation is seen by both', async () => {
    const before = await events();
    await database.to(undefined);
    for (const process of running) {
      await until('it is ready again', async () => (await process.supplier.get('/health/ready')).status === 200);
      await until('it says yes again', () => saysYes(process, late));
      expect(await saysYes(process, early)).toBe(false);
    }
    const revoked = await once(running[1]!, '/v1/revocation-requests', revocations[0]);
    expect([201, 202]).toContain(revoked.status);
    for (const process of running) await until('it says no', async () => !(await saysYes(process, late)));
    expect(await events()).toBeGreaterThan(before);
    for (const { suite } of running) expect(suite.running.open.stores.lineage.broken).toBeUndefined();
  });
});

unless(obstacle()).describe('a process whose register goes back', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let database: FailOver;
  let place: Installation;
  beforeAll(async () => {
    [register, keys] = [await testDatabase(), await testDatabase()];
    database = await failOver(register.url);
    place = await installation(databaseSettings({ register, keys }));
  });
  afterAll(async () => {
    await place?.remove();
    await database?.close();
    await register?.drop();
    await keys?.drop();
  }, READY_WITHIN);

  it(
    'ends and says what to do; nothing starts before a person adopts it, which waits for all to have ended',
    async () => {
      const first = await place.start();
      const token = place.token('supplier');
      having(await client(first.url, token).command('/v1/persons', { familyName: 'Early' }), 201);
      const copy = await database.copy();
      await until('it is ready again', async () => (await fetch(`${first.url}/health/ready`)).status === 200);
      having(await client(first.url, token).command('/v1/persons', { familyName: 'Late' }), 201);
      const address = new URL(register.url);
      address.pathname = `/${copy}`;
      const reader = await testClient(address.href);
      const { rows } = await reader.query('select coalesce(max(size), 0) as size from waarborg.log_checkpoints');
      await reader.end();
      const published = async (): Promise<number> =>
        Number((await (await fetch(`${first.url}/log/checkpoint`)).text()).split('\n')[1]);
      await until('more of its log is published', async () => (await published()) > Number(rows[0]!['size']));

      const tooEarly = await place.adopt('while it runs');
      expect(tooEarly.status).toBe(1);
      expect(tooEarly.output).toContain('Another process has the store open. Stop every process first.');

      await database.to(copy);
      expect(await first.exited).toBe(1);
      expect(first.output()).toMatch(/The store went back under this process \(.*older state\)\./);
      expect(first.output()).toContain('npm run adopt-restored-store -- --reason');

      const refused = await place.startInVain();
      expect(refused.status).toBe(1);
      expect(refused.output).toMatch(/was reached before: it was restored from an older backup/);
      expect(await place.adopt('the newer state is lost')).toMatchObject({ status: 0 });
      expect((await place.startInVain()).output).toContain('npm run adopt-restored-log -- --reason');
      const log = await place.tool('adopt-restored-log', '--reason', 'the newer state is lost');
      expect(log).toMatchObject({ status: 0 });
      const second = await place.start();
      having(await client(second.url, token).command('/v1/persons', { familyName: 'Next' }), 201);
      await second.stop();
    },
    4 * READY_WITHIN,
  );
});
