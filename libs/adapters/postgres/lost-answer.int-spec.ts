import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppendOutcomeUnknown, StoreUnavailable, type EventToAppend } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { tcpProxy, testDatabase, type TcpProxy, type TestDatabase } from '#libs/testing';
import { randomUUID } from 'node:crypto';
import { openPostgresStores, type PostgresStores } from './index.js';

const stream = () => streamId('check', randomUUID());
const event = (): EventToAppend => ({ id: randomUUID() as EventId, type: 'CheckRecorded', bytes: '{}' });

describe('an append whose answer is lost on the way', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let stores: PostgresStores;
  let troubles: string[];
  beforeAll(async () => {
    database = await testDatabase();
  });
  beforeEach(async () => {
    troubles = [];
    proxy = await tcpProxy(database.url);
    const observer = { trouble: (_: string, what: string) => void troubles.push(what) };
    const limits = { resolveMilliseconds: 2_000 };
    stores = await openPostgresStores({ database: proxy.through(database.url), observer, limits });
    await stores.events.append(stream(), 'no-stream', [event()]);
    await stores.records.append({ id: randomUUID(), kind: 'decision', bytes: '{}' });
  });
  afterEach(async () => {
    await stores.close();
    await proxy.close();
  });
  afterAll(async () => {
    await database.drop();
  });

  it('is looked up and answered as written when the commit had happened', async () => {
    const [id, written] = [stream(), [event(), event()]];
    proxy.loseNextAnswer();
    const appended = await stores.events.append(id, 'no-stream', written);
    expect(appended).toMatchObject({ revision: 1, repeated: false });
    expect(troubles).toEqual(['the outcome of 1 appends is looked up']);
    expect(await stores.events.readStream(id)).toMatchObject(written);
    expect(await stores.events.append(id, 'no-stream', written)).toEqual({ ...appended, repeated: true });
  });

  it('gives each of a whole batch its own answer', async () => {
    const streams = Array.from({ length: 20 }, stream);
    const taken = stream();
    await stores.events.append(taken, 'no-stream', [event()]);
    proxy.loseNextAnswer();
    const results = await Promise.allSettled([
      ...streams.map((id) => stores.events.append(id, 'no-stream', [event()])),
      stores.events.append(taken, 'no-stream', [event()]),
    ]);
    expect(results.slice(0, 20).map(({ status }) => status)).toEqual(Array(20).fill('fulfilled'));
    // Its conflict was lost with the answer; that it was not written is all that can be found out.
    expect(results[20]).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
    for (const id of streams) expect(await stores.events.readStream(id)).toHaveLength(1);
    expect(await stores.events.readStream(taken)).toHaveLength(1);
  });

  it('is refused when its request never arrived, and stays unwritten though it arrives later', async () => {
    const id = stream();
    const { held, deliver } = proxy.delayNextRequest();
    const append = stores.events.append(id, 'no-stream', [event()]);
    await held;
    await expect(append).rejects.toBeInstanceOf(StoreUnavailable);
    // The backend that would have carried it out has been ended, so this goes nowhere.
    deliver();
    await stores.events.append(stream(), 'no-stream', [event()]);
    expect(await stores.events.readStream(id)).toEqual([]);
  });

  it('is looked up in the record log as well', async () => {
    const record = { id: randomUUID(), kind: 'decision', bytes: '{"a":1}' } as const;
    proxy.loseNextAnswer();
    const place = await stores.records.append(record);
    expect(await stores.records.byId(record.id)).toEqual({ ...record, ...place });
  });

  it('is looked up with the lease it was written under, and with none where that had gone, whatever came in its place', async () => {
    const record = () => ({ id: randomUUID(), kind: 'decision', bytes: '{}' }) as const;
    const gone = await stores.instances.renew('one', 1n, 60_000);
    await stores.instances.leave('one');
    const lease = await stores.instances.renew('one', 1n, 60_000);
    const untils = [];
    for (const under of [lease, gone]) {
      // On a connection that is there: the one of before was lost.
      await stores.records.append(record());
      proxy.loseNextAnswer();
      untils.push((await stores.records.append({ ...record(), lease: under })).leaseUntil);
    }
    expect(untils).toEqual([lease.until, undefined]);
    expect(troubles).toHaveLength(2);
  });

  it('is unknown when the database can not be asked any more, and may be sent again', async () => {
    const [id, written] = [stream(), [event()]];
    const url = new URL(database.url);
    proxy.loseNextAnswer();
    const append = stores.events.append(id, 'no-stream', written);
    const outcome = expect(append).rejects.toBeInstanceOf(AppendOutcomeUnknown);
    await proxy.close();
    await outcome;
    const direct = await openPostgresStores({ database: url.href });
    try {
      const again = await direct.events.append(id, 'no-stream', written);
      expect(again.revision).toBe(0);
      expect(await direct.events.readStream(id)).toHaveLength(1);
    } finally {
      await direct.close();
    }
  });
});
