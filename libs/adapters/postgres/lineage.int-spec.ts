import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LineageBroken, type EventToAppend } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { countersProjection, tcpProxy, testDatabase, until, type TcpProxy, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

const stream = () => streamId('check', randomUUID());
const event = (): EventToAppend => ({ id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' });
const decision = () => ({ id: randomUUID(), kind: 'decision' as const, bytes: '{"decision":true}' });

/** What the contract of the event store does not ask: the rest of what lies in the same database. */
describe('a database that goes back', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let stores: PostgresStores;
  beforeEach(async () => {
    database = await testDatabase();
    proxy = await tcpProxy(database.url);
    stores = await openPostgresStores({
      database: proxy.through(database.url),
      limits: { resolveMilliseconds: 2_000 },
    });
    for (let count = 0; count < 3; count += 1) await stores.events.append(stream(), 'no-stream', [event()]);
    await stores.records.append(decision());
    await stores.records.append(decision());
  });
  afterEach(async () => {
    await stores.close();
    await proxy.close();
    await database.drop();
  });

  const withoutGuard = async (tables: readonly string[], ...statements: readonly string[]): Promise<void> => {
    for (const table of tables) await database.query(`alter table ${table} disable trigger append_only`);
    for (const statement of statements) await database.query(statement);
    for (const table of tables) await database.query(`alter table ${table} enable trigger append_only`);
  };
  const putEventsBack = () => withoutGuard(['waarborg.events'], 'delete from waarborg.events where position > 2');
  const putRecordsBack = async () => {
    const [{ partition }] = (await database.query<{ partition: string }>(
      "select inhrelid::regclass::text as partition from pg_inherits where inhparent = 'waarborg.records'::regclass",
    )) as [{ partition: string }];
    await withoutGuard(
      ['waarborg.records', partition, 'waarborg.record_places'],
      'delete from waarborg.records where position > 1',
      'delete from waarborg.record_places where position > 1',
    );
  };
  const broken = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toBeInstanceOf(LineageBroken);
  const records = async (): Promise<number> =>
    Number((await database.query<{ count: string }>('select count(*) from waarborg.records'))[0]!.count);

  it('takes no record of a decision, though no record was lost: what it rested on was', async () => {
    await putEventsBack();
    const before = await records();
    await broken(stores.records.append(decision()));
    expect(await records()).toBe(before);
  });

  it('takes no event and no record when it is records that were lost', async () => {
    await putRecordsBack();
    await broken(stores.events.append(stream(), 'no-stream', [event()]));
    expect((await database.query('select from waarborg.events')).length).toBe(3);
    await broken(stores.records.append(decision()));
  });

  it('ends the feed of the records', async () => {
    await stores.records.head();
    await putRecordsBack();
    await broken(stores.records.head());
    await broken(stores.feed.head());
  });

  it.each([
    ['says how far it is', (open: PostgresStores) => open.instances.renew('one', 3n, 60_000)],
    ['asks who is behind', (open: PostgresStores) => open.instances.behind(3n)],
  ])('is not told by an instance that %s', async (_what, say) => {
    await putEventsBack();
    await broken(say(stores));
    expect(await database.query('select from waarborg.decision_instances')).toEqual([]);
    // It may leave: that says nothing of what it has seen.
    await stores.instances.leave('one');
  });

  it('refuses them all of a batch, and does not look for one that is guilty', async () => {
    await putEventsBack();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => stores.events.append(stream(), 'no-stream', [event()])),
    );
    for (const result of results) expect(result).toMatchObject({ reason: { name: 'LineageBroken' } });
    expect((await database.query('select from waarborg.events')).length).toBe(2);
  });

  it('is noticed when the outcome of an append is looked up after a fail-over', async () => {
    const { lost, reopen } = proxy.loseRequest('waarborg-append-events');
    const appending = stores.events.append(stream(), 'no-stream', [event()]);
    const outcome = broken(appending);
    await lost;
    await putEventsBack();
    reopen();
    await outcome;
  });

  it('does not take the checkpoint of another lineage for its own', async () => {
    const { projections, checkpoints } = stores;
    const at = (item: string) => ({ store: 's', epoch: 1, position: 3n, event: item });
    await projections.open(countersProjection as never);
    await projections.commit(countersProjection, new Map(), undefined, at('lost'));
    await checkpoints.move('reader', undefined, at('lost'));
    // Put back, and moved by somebody else to the same position.
    for (const table of ['read_models', 'checkpoints'])
      await database.query(`update waarborg.${table} set event = 'now'`);
    const next = { ...at('next'), position: 4n };
    const moved = { name: 'CheckpointMoved' };
    await expect(projections.commit(countersProjection, new Map(), at('lost'), next)).rejects.toMatchObject(moved);
    await expect(checkpoints.move('reader', at('lost'), next)).rejects.toMatchObject(moved);
    await projections.commit(countersProjection, new Map(), at('now'), next);
    await checkpoints.move('reader', at('now'), next);
    expect((await projections.snapshot(countersProjection)).checkpoint).toEqual(next);
    expect(await checkpoints.read('reader')).toEqual(next);
  });

  it('names no event at a checkpoint that a process of the version before has moved', async () => {
    const { projections, checkpoints } = stores;
    const at = { store: 's', epoch: 1, position: 3n, event: 'known@1' };
    await projections.open(countersProjection as never);
    await projections.commit(countersProjection, new Map(), undefined, at);
    await checkpoints.move('reader', undefined, at);
    // Its statements, which know nothing of the column.
    for (const table of ['read_models', 'checkpoints'])
      await database.query(`update waarborg.${table} set position = 9`);
    const moved = { store: 's', epoch: 1, position: 9n };
    expect((await projections.snapshot(countersProjection)).checkpoint).toEqual(moved);
    expect(await checkpoints.read('reader')).toEqual(moved);
    const next = { ...at, position: 10n, event: 'next@1' };
    await projections.commit(countersProjection, new Map(), moved, next);
    await checkpoints.move('reader', moved, next);
    expect(await checkpoints.read('reader')).toEqual(next);
  });

  it('tells how many other processes have it open', async () => {
    expect(await stores.others()).toBe(0);
    const other = await openPostgresStores({ database: database.url });
    await other.events.append(stream(), 'no-stream', [event()]);
    expect(await stores.others()).toBe(1);
    expect(await other.others()).toBe(1);
    const third = await openPostgresStores({ database: database.url });
    expect(await stores.others()).toBe(2);
    await third.close();
    await other.close();
    await until('their connections are gone', async () => (await stores.others()) === 0);
  });
});
