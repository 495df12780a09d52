import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventIdTaken, type EventToAppend } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { testClient, testDatabase, type TestDatabase } from '#libs/testing';
import { FeedHole } from './errors.js';
import { openPostgresStores, type PostgresStores } from './index.js';

const stream = () => streamId('check', randomUUID());
const event = (changes: Partial<EventToAppend> = {}): EventToAppend => ({
  id: randomUUID() as EventId,
  type: 'CheckRecorded',
  bytes: '{}',
  ...changes,
});

describe('what other event stores on PostgreSQL got wrong', () => {
  let database: TestDatabase;
  let stores: PostgresStores;
  beforeAll(async () => {
    database = await testDatabase();
    stores = await openPostgresStores({ database: database.url });
  });
  afterAll(async () => {
    await stores.close();
    await database.drop();
  });

  it('a commit that comes late is lost by the usual reader and not by ours', async () => {
    await database.query('create table naive (position bigserial primary key, note text)');
    const [late, early] = [await testClient(database.url), await testClient(database.url)];
    const start = await stores.feed.head();
    try {
      const ours: string[] = [];
      const naive: string[] = [];
      let naivePosition = 0;
      let ourPosition = start;
      const readBoth = async (): Promise<void> => {
        const rows = await database.query<{ position: string; note: string }>(
          'select position, note from naive where position > $1 order by position',
          [naivePosition],
        );
        for (const { position, note } of rows) {
          naive.push(note);
          naivePosition = Number(position);
        }
        const page = await stores.feed.read(ourPosition);
        ours.push(...page.items.map(({ bytes }) => JSON.parse(bytes) as string));
        ourPosition = page.upTo;
      };
      await late.query('begin');
      await late.query("insert into naive (note) values ('late')");
      await late.query('select * from waarborg.append_events(false, $1, $2, $3, $4, $5, $6, $7)', [
        ...[[0], [stream()], [-1], [0], [randomUUID()], ['CheckRecorded'], ['"late"']],
      ]);
      await early.query("insert into naive (note) values ('early')");
      const earlyAppend = stores.events.append(stream(), 'no-stream', [event({ bytes: '"early"' })]);
      await readBoth();
      await late.query('commit');
      await earlyAppend;
      await readBoth();
      expect(naive).toEqual(['early']);
      expect(ours).toEqual(['late', 'early']);
    } finally {
      await late.end();
      await early.end();
    }
  });

  it('two processes append to one database without a gap, each position in commit order', async () => {
    const other = await openPostgresStores({ database: database.url });
    const start = await stores.feed.head();
    try {
      const contested = stream();
      const appends = [stores, other].flatMap(({ events }, process) =>
        Array.from({ length: 400 }, (_, index) =>
          events
            .append(stream(), 'no-stream', [event(), event()])
            .then((appended) => ({ ...appended, process, index })),
        ),
      );
      const contest = Promise.allSettled(
        [stores, other].map(({ events }) => events.append(contested, 'no-stream', [event()])),
      );
      const appended = await Promise.all(appends);
      expect((await contest).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const head = await stores.feed.head();
      expect(head).toBe(start + 1_601n);
      const times: string[] = [];
      for await (const page of stores.feed.replay(start)) {
        times.push(...page.items.map(({ recordedAt }) => recordedAt));
      }
      expect(times).toHaveLength(1_601);
      expect(times).toEqual([...times].sort());
      expect(new Set(appended.map(({ position }) => position)).size).toBe(800);
    } finally {
      await other.close();
    }
  });

  it('a subscriber hears of what another process appended within a fraction of the polling time', async () => {
    const other = await openPostgresStores({ database: database.url });
    const ending = new AbortController();
    try {
      const pages = stores.feed.subscribe(await stores.feed.head(), { signal: ending.signal })[Symbol.asyncIterator]();
      const waits: number[] = [];
      for (let count = 0; count < 10; count += 1) {
        // Right after a look, so that without a notification it would be half a second until the next one.
        for (let page = 0; page < 3; page += 1) await pages.next();
        const began = performance.now();
        const appended = await other.events.append(stream(), 'no-stream', [event()]);
        for (let upTo = 0n; upTo < appended.position;) upTo = (await pages.next()).value?.upTo ?? upTo;
        waits.push(performance.now() - began);
      }
      // A busy machine takes longer for some of them; nobody is told of any where nobody listens.
      expect(Math.min(...waits)).toBeLessThan(400);
    } finally {
      ending.abort();
      await other.close();
    }
  });

  it('recordedAt does not go back when the clock does', async () => {
    const { position } = await stores.events.append(stream(), 'no-stream', [event()]);
    // What a server whose clock ran an hour ahead has written.
    const ahead = Date.now() + 3_600_000;
    await database.query(
      `insert into waarborg.events (position, stream, revision, id, type, bytes, recorded_at)
       values ($1, $2, 0, $3, 'CheckRecorded', '{}', $4)`,
      [position + 1n, stream(), randomUUID(), ahead],
    );
    const appended = await stores.events.append(stream(), 'no-stream', [event()]);
    expect(appended.position).toBe(position + 2n);
    expect(Date.parse(appended.recordedAt!)).toBe(ahead);
  });

  it('an event id that is in use elsewhere is refused, alone, among many appends', async () => {
    const used = event();
    const home = stream();
    await stores.events.append(home, 'no-stream', [used]);
    const others = Array.from({ length: 50 }, stream);
    const [elsewhere, again, twice, ...rest] = await Promise.allSettled([
      stores.events.append(stream(), 'no-stream', [event(), used]),
      stores.events.append(home, 0, [used]),
      stores.events.append(stream(), 'no-stream', [event({ id: used.id }), event({ id: used.id })]),
      ...others.map((id) => stores.events.append(id, 'no-stream', [event()])),
    ]);
    for (const refused of [elsewhere, again, twice]) {
      expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'EventIdTaken', id: used.id } });
      expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(EventIdTaken);
    }
    expect(rest.every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('an append that the database itself refuses fails alone', async () => {
    await database.query(`
      create function poison() returns trigger language plpgsql as $$ begin
        if new.type = 'Poison' then raise exception 'poisoned' using errcode = 'check_violation'; end if; return new;
      end $$;
      create trigger poison before insert on waarborg.events for each row execute function poison()`);
    const start = await stores.feed.head();
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) =>
        stores.events.append(stream(), 'no-stream', [event(index % 20 === 7 ? { type: 'Poison' } : {})]),
      ),
    );
    await database.query('drop trigger poison on waarborg.events');
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    expect(results.every(({ status }, index) => (status === 'rejected') === (index % 20 === 7))).toBe(true);
    expect(await stores.feed.head()).toBe(start + 57n);
  });

  it('events and records can not be changed, deleted or truncated, also not in a partition', async () => {
    await stores.records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' });
    const [{ partition }] = (await database.query<{ partition: string }>(
      "select inhrelid::regclass::text as partition from pg_inherits where inhparent = 'waarborg.records'::regclass",
    )) as [{ partition: string }];
    for (const table of ['waarborg.events', 'waarborg.records', 'waarborg.record_places', partition]) {
      for (const statement of [
        `update ${table} set recorded_at = 0`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ]) {
        await expect(database.query(statement)).rejects.toThrow(/append-only/);
      }
    }
  });

  it('a hole in the positions ends every reading with an alarm', async () => {
    const appended = await stores.events.append(stream(), 'no-stream', [event(), event(), event()]);
    const hole = appended.position - 1n;
    await database.query('alter table waarborg.events disable trigger append_only');
    await database.query('delete from waarborg.events where position = $1', [hole]);
    const after = appended.position - 3n;
    const alarm = { name: 'FeedHole', missing: hole, found: appended.position };
    await expect(stores.feed.read(after)).rejects.toMatchObject(alarm);
    await expect(stores.feed.read(after)).rejects.toBeInstanceOf(FeedHole);
    const subscribing = async (): Promise<void> => {
      for await (const page of stores.feed.subscribe(after, { signal: new AbortController().signal })) void page;
    };
    await expect(subscribing()).rejects.toMatchObject(alarm);
    const replaying = async (): Promise<void> => {
      for await (const page of stores.feed.replay(after, { types: ['Nothing'] })) void page;
    };
    await expect(replaying()).rejects.toMatchObject(alarm);
  });
});
