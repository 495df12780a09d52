import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventStoreDbProcess, testDatabase, unless, type EventStoreDbProcess, type TestDatabase } from '#libs/testing';
import { client, having, type Client } from '../e2e/support/client.js';
import { databaseSettings } from '../e2e/support/suite.js';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from './suite-process.js';

/** interfaces.md §9: the events go from PostgreSQL to EventStoreDB and back, by the tool, killed on the way. */
unless(obstacle()).describe('an installation whose events are moved', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let double: EventStoreDbProcess;
  let place: Installation;
  let settings: Record<string, string>;
  let token: string;
  beforeAll(async () => {
    [register, keys, double] = await Promise.all([testDatabase(), testDatabase(), eventStoreDbProcess()]);
    settings = { ...databaseSettings({ register, keys }) };
    place = await installation(settings);
  });
  afterAll(async () => {
    await place?.remove();
    await double?.close();
    await Promise.all([register?.drop(), keys?.drop()]);
  }, READY_WITHIN);

  const started = async (): Promise<{ suite: SuiteProcess; supplier: Client }> => {
    const suite = await place.start();
    token ??= place.token('supplier');
    return { suite, supplier: client(suite.url, token) };
  };
  const add = async (supplier: Client, familyName: string): Promise<{ id: string; position: string }> => {
    const { body } = having(await supplier.command('/v1/persons', { familyName }), 201);
    return { id: body['id'] as string, position: body['position'] as string };
  };
  const isShown = async (supplier: Client, id: string, familyName: string): Promise<void> => {
    expect(having(await supplier.get(`/v1/persons/${id}`), 200).body).toMatchObject({ id, familyName });
  };

  it(
    'goes on there with all it had, and back again; what is left behind refuses to start',
    async () => {
      const first = await started();
      const early = await add(first.supplier, 'Early');
      const refusedBeside = await place.tool('move-store', '--to', double.url());
      expect([refusedBeside.status, refusedBeside.output]).toEqual([
        1,
        expect.stringContaining('Stop every process first'),
      ]);
      await first.suite.stop();

      // Killed when everything is copied and compared, before it is recorded.
      const killed = await place.killedTool(/^Compared/m, 'move-store', '--to', double.url());
      expect(killed.status).toBe('SIGKILL');
      settings['EVENTSTORE_URL'] = double.url();
      const tooEarly = await place.startInVain();
      expect(tooEarly.output).toContain('The events of the store are on PostgreSQL, and this is EventStoreDB');
      delete settings['EVENTSTORE_URL'];
      const still = await started();
      const between = await add(still.supplier, 'Between');
      await still.suite.stop();

      const moved = await place.tool('move-store', '--to', double.url());
      expect(moved).toMatchObject({ status: 0 });
      expect(moved.output).toContain('positions are of epoch 2 from now on. Start with EVENTSTORE_URL.');
      const left = await place.startInVain();
      expect(left.output).toContain(
        'The events of the store are on EventStoreDB, and this is PostgreSQL: set EVENTSTORE_URL',
      );
      expect(left.output).not.toMatch(/^\s+at /m);
      const rebuild = await place.tool('rebuild', '--all');
      expect([rebuild.status, rebuild.output]).toEqual([1, expect.stringContaining('set EVENTSTORE_URL')]);

      settings['EVENTSTORE_URL'] = double.url();
      const there = await started();
      await isShown(there.supplier, early.id, 'Early');
      await isShown(there.supplier, between.id, 'Between');
      const foreign = await there.supplier.get(`/v1/persons/${early.id}?after=${early.position}`);
      expect([foreign.status, foreign.body['code']]).toEqual([400, 'foreign-position']);
      const late = await add(there.supplier, 'Late');
      having(await there.supplier.get(`/v1/persons/${late.id}?after=${late.position}`), 200);
      await there.suite.stop();

      const back = await place.tool('move-store', '--to', 'postgres');
      expect(back).toMatchObject({ status: 0 });
      delete settings['EVENTSTORE_URL'];
      const home = await started();
      await isShown(home.supplier, early.id, 'Early');
      await isShown(home.supplier, between.id, 'Between');
      await isShown(home.supplier, late.id, 'Late');
      await add(home.supplier, 'Home');
      await home.suite.stop();
    },
    8 * READY_WITHIN,
  );

  it.each([
    [['--to', 'nowhere'], '--to says where'],
    [['--to', 'postgres'], 'EVENTSTORE_URL names where the events are moved from'],
    [['--to', 'esdb://me:secret@127.0.0.1:1'], '--to holds a password'],
    [['--to-file', 'none', '--to', 'postgres'], 'both given'],
    [['--to-file', 'none'], 'ENOENT'],
    [['--to', 'esdb://127.0.0.1:1?tls=false'], 'no EventStoreDB answers there'],
  ])('is refused what can not be: %j', async (args, reason) => {
    const refused = await place.tool('move-store', ...args);
    expect(refused.status).toBe(1);
    expect(refused.output).toContain(reason);
    expect(refused.output).not.toMatch(/secret|^\s+at /m);
  });
});
