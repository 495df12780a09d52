import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { streamId, type EventId } from '#libs/kernel';
import { countersProjection, tcpProxy, testDatabase, until, type TcpProxy, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

/** An error that nobody listens to ends the process: here it fails the test in which it happens. */
describe('a server that ends sessions in the packet of an answer', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let stores: PostgresStores;
  beforeAll(async () => {
    database = await testDatabase();
    proxy = await tcpProxy(database.url);
    const limits = { resolveMilliseconds: 1_000 };
    stores = await openPostgresStores({ database: proxy.through(database.url), limits });
    await stores.projections.open(countersProjection as never);
  });
  afterAll(async () => {
    await stores.close();
    await proxy.close();
    await database.drop();
  });

  const append = () =>
    stores.events.append(streamId('check', randomUUID()), 'no-stream', [
      { id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' },
    ]);
  const replayed = async (): Promise<void> => {
    for await (const page of stores.feed.replay(0n)) void page;
  };
  /** Everything that takes a connection, from every side. */
  const load = (): Promise<unknown>[] => [
    append(),
    stores.records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' }),
    stores.records.byId(randomUUID()),
    stores.events.readStream(streamId('check', 'nobody')),
    stores.feed.head(),
    stores.feed.read(0n),
    replayed(),
    stores.checkpoints.read('nobody'),
    stores.checkpoints.move(randomUUID(), undefined, { store: 'a', epoch: 1, position: 1n }),
    stores.instances.renew(randomUUID(), 0n, 1_000),
    stores.projections.open(countersProjection as never),
    stores.projections.find(countersProjection, 'nobody'),
    stores.projections.snapshot(countersProjection),
    stores.projections.replace(countersProjection, [], { store: 'a', epoch: 1, position: 1n }),
  ];

  it.each([1, 2, 3, 4])(
    'troubles those who ask, and not the process, when it is the answer number %d',
    async (answer) => {
      const ending = new AbortController();
      let pages = 0;
      const following = (async (): Promise<void> => {
        for await (const page of stores.feed.subscribe(0n, { signal: ending.signal })) pages += page.items.length + 1;
      })();
      await until('the subscription is fed', () => pages > 0);
      const ended = proxy.endSessions(answer);
      proxy.cut();
      const settled = await Promise.allSettled(Array.from({ length: 12 }, load).flat());
      for (const result of settled) {
        if (result.status === 'rejected') {
          expect(['StoreUnavailable', 'AppendOutcomeUnknown']).toContain((result.reason as Error).name);
        }
      }
      await ended;
      await proxy.endSessions(0);
      const { position } = await untilAppended();
      const before = pages;
      await until('the subscription is fed again', () => pages > before);
      expect(await stores.feed.head()).toBeGreaterThanOrEqual(position);
      ending.abort();
      await following;
    },
  );

  it('is heard again by the listener, whose connection it ended while it began to listen', async () => {
    const listening = async (): Promise<readonly number[]> => {
      const rows = await database.query<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and query like 'listen %' and state = 'idle'",
      );
      return rows.map(({ pid }) => pid);
    };
    const ending = new AbortController();
    const pages = stores.feed.subscribe(await stores.feed.head(), { signal: ending.signal })[Symbol.asyncIterator]();
    try {
      await pages.next();
      await until('it listens', async () => (await listening()).length > 0);
      const before = await listening();
      const ended = proxy.endSessions(1, 'listen waarborg_records');
      proxy.cut();
      await ended;
      await proxy.endSessions(0);
      // Between the two that it listens for it is not idle: what was seen once counts.
      let others: readonly number[] = [];
      await until('it listens again', async () => {
        others = (await listening()).filter((pid) => !before.includes(pid));
        return others.length > 0;
      });
      expect(others).toHaveLength(1);
    } finally {
      ending.abort();
    }
  });

  async function untilAppended(): Promise<{ readonly position: bigint }> {
    let appended: { readonly position: bigint } | undefined;
    await until('it takes appends again', async () => {
      appended = await append().catch(() => undefined);
      return appended !== undefined;
    });
    return appended!;
  }
});
