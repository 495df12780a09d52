import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { openPostgresStores } from '#libs/adapters/postgres';
import { PATIENCE, testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import {
  eventOf,
  HistoryChecker,
  NAIVE_TABLE,
  randomFrom,
  readNaively,
  surviveCuts,
  write,
  writeNaively,
} from './soak/checker.mjs';

const SEED = 20_261_125;
const WRITERS = 16;
const EVENTS = 12_000;
const CUTS = 6;

/** The short form of `npm run soak`: two stores in one process, connections cut, no process killed. */
describe('many writers on two stores while connections are cut', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    await database.query(NAIVE_TABLE);
  });
  afterAll(async () => {
    await database.drop();
  });

  it('lose, double and reorder nothing, while the usual reader beside them loses some', async () => {
    const random = randomFrom(SEED);
    const stores = [
      await openPostgresStores({ database: database.url }),
      await openPostgresStores({ database: database.url }),
    ];
    const pool = new Pool({ connectionString: database.url, max: WRITERS });
    surviveCuts(pool);
    const acknowledged = new Map<number, number>();
    const total = (): number => [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
    let stop = false;
    let cuts = 0;
    let overtaken = false;
    /** As far as the usual reader has read. */
    let readNaivelyTo = 0;
    let written = false;
    const stopped = (): boolean => stop;

    const checker = new HistoryChecker();
    const ending = new AbortController();
    const reading = (async (): Promise<void> => {
      for await (const page of stores[0]!.feed.subscribe(0n, { signal: ending.signal })) {
        for (const { position, id } of page.items) checker.seen(position, eventOf(id));
        if (written && page.caughtUp && checker.lost(acknowledged) === 0) return;
      }
    })();
    const naiveReading = readNaively({
      query: (text, values) => {
        readNaivelyTo = Number(values?.[0] ?? readNaivelyTo);
        return database.query(text, values);
      },
      stopped,
    });
    const writing = Array.from({ length: WRITERS }, (_, writer) =>
      write({
        events: stores[writer % 2]!.events,
        writer,
        random,
        stopped,
        acknowledged: (count) => {
          acknowledged.set(writer, count);
          if (total() >= EVENTS && cuts === CUTS && overtaken) stop = true;
        },
      }),
    );
    const naiveWriting = Array.from({ length: WRITERS }, (_, writer) =>
      writeNaively({ pool, writer, stopped, pause: () => random() * 4 }),
    );
    /** However long a full machine takes for them, as long as it goes on. */
    const writtenUpTo = async (count: number): Promise<void> => {
      while (total() < count) {
        const before = total();
        await until('more is written', () => total() > before);
      }
    };
    const cutting = (async (): Promise<void> => {
      for (; cuts < CUTS; cuts += 1) {
        await writtenUpTo((EVENTS / (CUTS + 1)) * (cuts + 1));
        await database.cutConnections();
      }
    })();
    /** What the control loses for certain: the reader is past it before it is committed. */
    const overtaking = (async (): Promise<void> => {
      await cutting;
      const late = await testClient(database.url);
      await late.query('begin');
      await late.query('insert into naive (writer) values (-1)');
      const early = 'insert into naive (writer) values (-2) returning position';
      const [{ position }] = (await database.query<{ position: string }>(early)) as [{ position: string }];
      await until('the reader is past the one that was written later', () => readNaivelyTo >= Number(position));
      await late.query('commit');
      await late.end();
      overtaken = true;
    })();

    await Promise.all([...writing, ...naiveWriting, cutting, overtaking]).finally(() => {
      stop = true;
      written = true;
    });
    const naive = await (await naiveReading)();
    const late = setTimeout(() => ending.abort(), PATIENCE);
    await reading;
    clearTimeout(late);
    await pool.end();
    await Promise.all(stores.map((store) => store.close()));
    const { events, duplicated, reordered, gaps } = checker;
    const lost = checker.lost(acknowledged);
    expect({ lost, duplicated, reordered, gaps }).toEqual({ lost: 0, duplicated: 0, reordered: 0, gaps: 0 });
    expect(events).toBeGreaterThanOrEqual(EVENTS);
    expect(naive.lost).toBeGreaterThan(0);
  });
});
