import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, truncate, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  EventStoreDBClient,
  NO_STREAM,
  START,
  streamNameFilter,
  type AppendResult,
  type EventData,
} from '@eventstore/db-client';
import { until } from '../until.js';
import { eventStoreDbDouble, eventStoreDbProcess, type EventStoreDbDouble } from './index.js';

const event = (id: string = randomUUID(), data = '{"a":1}'): EventData =>
  binaryEvent({ id, type: 'CheckRecorded', data: Buffer.from(data) }) as EventData;
/** With credentials of its own a call takes the way of one append each, without them that of many over one stream. */
const APART = { credentials: { username: 'admin', password: 'changeit' } };
const OURS = streamNameFilter({ regex: '^[^$]', checkpointInterval: 1 });

describe("what EventStoreDB's double does, as the client sees it", () => {
  let double: EventStoreDbDouble;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    double = await eventStoreDbDouble();
    client = EventStoreDBClient.connectionString(double.url);
  });
  afterEach(async () => {
    await client.dispose();
    await double.close();
  });
  const fresh = (): string => `check-${randomUUID()}`;
  const positionsOf = async (): Promise<bigint[]> => {
    const positions: bigint[] = [];
    for await (const { event: read } of client.readAll()) positions.push(read!.position.commit);
    return positions;
  };

  describe.each([
    ['many appends over one call', {}],
    ['a call for each append', APART],
  ])('%s', (_way, options) => {
    const append = (stream: string, expectedRevision: bigint | 'no_stream' | 'any', events: EventData[]) =>
      client.appendToStream(stream, events, { expectedRevision, ...options });

    it('says where the last event stands: sparse positions, commit and prepare the same', async () => {
      const stream = fresh();
      const first = await append(stream, NO_STREAM, [event(), event()]);
      const second = await append(stream, 1n, [event()]);
      expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
      expect(first.position!.commit).toBe(first.position!.prepare);
      expect(second.position!.commit - first.position!.commit).toBeGreaterThan(1n);
      expect((await positionsOf()).includes(second.position!.commit)).toBe(true);
    });

    it('refuses another revision by type, with the one that is there', async () => {
      const stream = fresh();
      await expect(append(stream, 3n, [event()])).rejects.toMatchObject({
        ...{ type: 'wrong-expected-version', expectedVersion: 3n, actualVersion: 'no_stream' },
      });
      await append(stream, NO_STREAM, [event()]);
      await expect(append(stream, NO_STREAM, [event()])).rejects.toMatchObject({
        ...{ name: 'Error', type: 'wrong-expected-version', actualVersion: 0n },
      });
    });

    it('lets one of 64 win', async () => {
      const stream = fresh();
      const results = await Promise.allSettled(Array.from({ length: 64 }, () => append(stream, NO_STREAM, [event()])));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('is idempotent by ids and the first expectation, also with other data, and later', async () => {
      const stream = fresh();
      const [one, two] = [randomUUID(), randomUUID()];
      const first = await append(stream, NO_STREAM, [event(one), event(two)]);
      await append(stream, 1n, [event()]);
      expect(await append(stream, NO_STREAM, [event(one, '{"b":2}'), event(two)])).toEqual(first);
      // A part of it new: somebody else's.
      await expect(append(stream, NO_STREAM, [event(one), event()])).rejects.toMatchObject({
        type: 'wrong-expected-version',
      });
    });

    it('writes the same id again where the present revision is named', async () => {
      const stream = fresh();
      const id = randomUUID();
      await append(stream, NO_STREAM, [event(id)]);
      expect(await append(stream, 0n, [event(id)])).toMatchObject({ nextExpectedRevision: 1n });
    });

    it('refuses more than a mebibyte, and far more by the protocol itself', async () => {
      const big = 'x'.repeat(600_000);
      await expect(append(fresh(), NO_STREAM, [event(undefined, big), event(undefined, big)])).rejects.toMatchObject({
        type: 'maximum-append-size-exceeded',
      });
      await expect(append(fresh(), NO_STREAM, [event(undefined, 'x'.repeat(5_000_000))])).rejects.toMatchObject({
        type: 'unknown',
        message: expect.stringContaining('RESOURCE_EXHAUSTED'),
      });
    });

    it('takes no event at all with success and a revision that says nothing', async () => {
      const stream = fresh();
      expect(await append(stream, NO_STREAM, [])).toMatchObject({
        success: true,
        nextExpectedRevision: 2n ** 64n - 1n,
      });
      await expect(positionsOf()).resolves.toHaveLength(2);
    });

    it('rejects what it has written when the answer is lost; the same append again finds it', async () => {
      const stream = fresh();
      const id = randomUUID();
      double.faults.loseAnswers = 1;
      await expect(append(stream, NO_STREAM, [event(id)])).rejects.toMatchObject({ type: 'unavailable' });
      expect(await append(stream, NO_STREAM, [event(id)])).toMatchObject({ nextExpectedRevision: 0n });
      expect(double.log.stream(stream)).toHaveLength(1);
    });

    it('takes nothing for a stream that was ended for ever, and everything for one that was only deleted', async () => {
      const [ended, deleted] = [fresh(), fresh()];
      for (const stream of [ended, deleted]) await append(stream, NO_STREAM, [event()]);
      await client.tombstoneStream(ended);
      await client.deleteStream(deleted);
      await expect(append(ended, NO_STREAM, [event()])).rejects.toMatchObject({ type: 'stream-deleted' });
      expect(await append(deleted, NO_STREAM, [event()])).toMatchObject({ nextExpectedRevision: 1n });
      const read = [];
      for await (const { event: found } of client.readStream(deleted)) read.push(found!.revision);
      expect(read).toEqual([1n]);
    });
  });

  const drained = async (reading: AsyncIterable<{ event?: { revision: bigint; streamId: string } }>) => {
    const read = [];
    for await (const { event: found } of reading) read.push(found!);
    return read;
  };

  it('reads from a revision on, inclusive; backwards from the end when told so', async () => {
    const stream = fresh();
    await client.appendToStream(stream, [event(), event(), event()]);
    expect((await drained(client.readStream(stream, { fromRevision: 1n }))).map(({ revision }) => revision)).toEqual([
      1n,
      2n,
    ]);
    const back = client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 2 });
    expect((await drained(back)).map(({ revision }) => revision)).toEqual([2n, 1n]);
    expect(await drained(client.readStream(stream, { direction: BACKWARDS }))).toHaveLength(1);
  });

  it('tells a stream that is not there, or deleted, from one that was ended', async () => {
    const [deleted, ended] = [fresh(), fresh()];
    for (const stream of [deleted, ended]) await client.appendToStream(stream, [event()]);
    await client.deleteStream(deleted);
    await client.tombstoneStream(ended);
    for (const stream of [fresh(), deleted]) {
      await expect(drained(client.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
    }
    await expect(drained(client.readStream(ended))).rejects.toMatchObject({ type: 'stream-deleted' });
  });

  it('has events of its own before and between ours, in $all alone', async () => {
    for (let count = 0; count < 10; count += 1) await client.appendToStream(fresh(), [event()]);
    const streams = (await drained(client.readAll())).map(({ streamId }) => streamId);
    expect(streams[0]).toMatch(/^\$/);
    expect(streams.findIndex((name) => name.startsWith('$stats'))).toBeGreaterThan(
      streams.findIndex((name) => name.startsWith('check-')),
    );
    const [head] = await drained(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    expect(head!.streamId).toBe(streams.at(-1));
  });

  it('knows no position at which nothing begins, and is silent behind the end', async () => {
    const { position } = await client.appendToStream(fresh(), [event()]);
    const at = (commit: bigint) => ({ fromPosition: { commit, prepare: commit } });
    await expect(drained(client.readAll(at(position!.commit - 1n)))).rejects.toMatchObject({
      type: 'unknown',
      code: 2,
    });
    expect(await drained(client.readAll(at(position!.commit + 10_000n)))).toEqual([]);
    expect(await drained(client.readAll(at(position!.commit)))).toHaveLength(1);
  });

  it('subscribes behind a position, exclusive, and says once that it has caught up', async () => {
    const { position } = await client.appendToStream(fresh(), [event()]);
    const stream = fresh();
    await client.appendToStream(stream, [event()]);
    const seen: string[] = [];
    let caughtUp = 0;
    const subscription = client.subscribeToAll({ fromPosition: position!, filter: OURS });
    subscription.on('data', ({ event: found }) => seen.push(found!.streamId)).on('caughtUp', () => (caughtUp += 1));
    await until('it caught up', () => caughtUp === 1);
    expect(seen).toEqual([stream]);
    await client.appendToStream(stream, [event()]);
    await until('the new event came', () => seen.length === 2);
    expect(caughtUp).toBe(1);
    await subscription.unsubscribe();
  });

  it('tells a filtered subscription how far it has looked, and catches up where nothing matches', async () => {
    for (let count = 0; count < 100; count += 1) double.writeSystemEvent();
    const reached: bigint[] = [];
    let caughtUp = false;
    const filter = streamNameFilter({
      regex: '^[^$]',
      checkpointInterval: 1,
      checkpointReached: (_subscription, { commit }) => void reached.push(commit),
    });
    const subscription = client.subscribeToAll({ fromPosition: START, filter });
    subscription.on('caughtUp', () => (caughtUp = true));
    subscription.resume();
    await until('it caught up', () => caughtUp);
    expect(reached.length).toBeGreaterThanOrEqual(3);
    await subscription.unsubscribe();
  });

  it('drops a subscription that is read more slowly than events come', async () => {
    const dropped: unknown[] = [];
    let caughtUp = false;
    const subscription = client.subscribeToAll({ fromPosition: END });
    subscription.on('error', (error) => dropped.push(error)).on('caughtUp', () => (caughtUp = true));
    subscription.resume();
    await until('it is live', () => caughtUp);
    subscription.pause();
    for (let count = 0; count < 20; count += 1) {
      await client.appendToStream(
        fresh(),
        Array.from({ length: 60 }, () => event(undefined, `"${'x'.repeat(10_000)}"`)),
      );
    }
    subscription.resume();
    await until('it was dropped', () => dropped.length > 0);
    expect(dropped[0]).toMatchObject({ type: 'timeout', code: 10 });
  });

  it('lets every later call of a connection hang when a hundred were left: this is what `cancel` is for', async () => {
    const left = [];
    for (let count = 0; count < 100; count += 1) {
      const subscription = client.subscribeToAll();
      left.push(subscription);
      for await (const found of subscription) {
        expect(found.event).toBeDefined();
        break;
      }
    }
    const stream = fresh();
    const append = client.appendToStream(stream, [event()], { deadline: 1_000, ...APART });
    await expect(append).rejects.toMatchObject({ type: 'deadline-exceeded' });
    expect(double.log.stream(stream)).toBe('absent');
    await Promise.all(left.map((subscription) => subscription.unsubscribe()));
    await client.appendToStream(stream, [event()], APART);
    expect(double.log.stream(stream)).toHaveLength(1);
  });

  it('answers that it is not ready while it starts, and that it is away', async () => {
    double.faults.state = 'starting';
    await expect(client.appendToStream(fresh(), [event()], APART)).rejects.toMatchObject({
      ...{ type: 'unknown', message: expect.stringContaining('Server Is Not Ready') },
    });
    double.faults.state = 'unavailable';
    await expect(drained(client.readAll())).rejects.toMatchObject({ type: 'unavailable', code: 14 });
  });

  it('sends who asks for the leader there, and gossip names it', async () => {
    const leader = await eventStoreDbDouble();
    const cluster = [double.port, leader.port].map((port) => `127.0.0.1:${port}`).join(',');
    const members = [
      { host: '127.0.0.1', port: double.port, state: 'follower' as const, isAlive: true },
      { host: '127.0.0.1', port: leader.port, state: 'leader' as const, isAlive: true },
    ];
    [double.members, leader.members] = [members, members];
    const found = EventStoreDBClient.connectionString(`esdb://${cluster}?tls=false`);
    try {
      double.faults.leader = { host: '127.0.0.1', port: leader.port };
      const wanted = { requiresLeader: true, ...APART };
      await expect(client.appendToStream(fresh(), [event()], wanted)).rejects.toMatchObject({ type: 'not-leader' });
      // The client goes there from then on.
      await client.appendToStream('check-by-leader', [event()], wanted);
      await found.appendToStream('check-by-gossip', [event()], wanted);
      expect(['check-by-leader', 'check-by-gossip'].map((stream) => leader.log.stream(stream).length)).toEqual([1, 1]);
    } finally {
      await found.dispose();
      await leader.close();
    }
  });

  it('goes back where it is put back, and forgets the ids that it lost', async () => {
    const stream = fresh();
    const id = randomUUID();
    const { position } = await client.appendToStream(fresh(), [event()]);
    const before = await positionsOf();
    await client.appendToStream(stream, [event(id)], { expectedRevision: ANY });
    double.putBack(position!.commit);
    expect(await positionsOf()).toEqual(before);
    await expect(drained(client.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
    expect(await client.appendToStream(stream, [event(id)], { expectedRevision: ANY })).toMatchObject({
      nextExpectedRevision: 0n,
    });
  });
});

describe('a double with a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-double-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('has after a kill what it acknowledged, stays idempotent by revision, and duplicates without one', async () => {
    const data = join(folder, 'log');
    const first = await eventStoreDbProcess({ data });
    let client = EventStoreDBClient.connectionString(first.url());
    const [id, other] = [randomUUID(), randomUUID()];
    const written = await client.appendToStream('check-1', [event(id)], { expectedRevision: NO_STREAM });
    await client.appendToStream('check-2', [event(other)], { expectedRevision: ANY });
    await client.dispose();
    await first.kill();
    const second = await eventStoreDbProcess({ data });
    client = EventStoreDBClient.connectionString(second.url());
    const again = (stream: string, same: string, expectedRevision: 'no_stream' | 'any'): Promise<AppendResult> =>
      client.appendToStream(stream, [event(same)], { expectedRevision });
    expect(await again('check-1', id, NO_STREAM)).toEqual(written);
    expect(await again('check-2', other, ANY)).toMatchObject({ nextExpectedRevision: 1n });
    await client.dispose();
    await second.close();
  });

  it('has all events of an append or none, where the last one was cut off', async () => {
    const data = join(folder, 'log');
    const first = await eventStoreDbDouble({ data });
    first.log.append('check-1', 'no-stream', [proposed(), proposed()]);
    const { size } = await stat(data);
    first.log.append('check-2', 'no-stream', [proposed(), proposed()]);
    await first.close();
    await truncate(data, size + 40);
    const second = await eventStoreDbDouble({ data });
    expect([second.log.stream('check-1'), second.log.stream('check-2')]).toMatchObject([{ length: 2 }, 'absent']);
    await second.close();
  });
});

const proposed = () => ({
  ...{ id: randomUUID(), type: 'CheckRecorded', contentType: 'application/octet-stream' },
  metadata: Buffer.alloc(0),
  data: Buffer.from('{}'),
});
