import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FeedBroken, START, type EventFeed, type EventToAppend, type StoredEvent } from '#libs/eventing';
import { streamId, type EventId, type StreamId } from '#libs/kernel';
import {
  eventStoreDbDouble,
  eventStoreDbProcess,
  TEST_CERTIFICATE,
  until,
  type DoubleOptions,
  type EventStoreDbDouble,
} from '#libs/testing';
import { openEventStoreDb, type EventStoreDbSettings, type EventStoreDbStores } from './index.js';

const anEvent = (): EventToAppend => ({
  id: randomUUID() as EventId,
  type: 'CheckRecorded',
  bytes: '{"note":"a fact"}',
});
const freshStream = (): StreamId => streamId('check', randomUUID());

/** Follows a feed for as long as a test goes. */
function follow(feed: EventFeed, after = START) {
  const ending = new AbortController();
  const seen: StoredEvent[] = [];
  let pages = 0;
  const ended = (async (): Promise<unknown> => {
    try {
      for await (const page of feed.subscribe(after, { signal: ending.signal })) {
        seen.push(...page.items);
        pages += 1;
      }
      return undefined;
    } catch (error) {
      return error;
    }
  })();
  return {
    seen,
    ended,
    pages: () => pages,
    stop: async () => {
      ending.abort();
      return ended;
    },
  };
}

describe('EventStoreDB that misbehaves', () => {
  let double: EventStoreDbDouble;
  let stores: EventStoreDbStores;
  const troubles: string[] = [];
  const open = (settings: Partial<EventStoreDbSettings> = {}): Promise<EventStoreDbStores> =>
    openEventStoreDb({ url: double.url, trouble: (what) => void troubles.push(what), ...settings });
  beforeEach(async () => {
    troubles.length = 0;
    double = await eventStoreDbDouble();
    stores = await open();
  });
  afterEach(async () => {
    await stores.close();
    await double.close();
  });
  const append = (stream = freshStream(), events = [anEvent()]) => stores.events.append(stream, 'no-stream', events);
  const written = (stream: StreamId): number => double.log.stream(stream).length;

  it('writes an append once whose answers were lost three times', async () => {
    const stream = freshStream();
    double.faults.loseAnswers = 3;
    const { revision, position } = await append(stream, [anEvent(), anEvent()]);
    expect(await stores.events.readStream(stream)).toMatchObject([{ revision: 0 }, { revision, position }]);
    expect(troubles).toContain('an append is sent again');
  });

  it('answers for nothing that it wrote to a store that went back between its look and its append', async () => {
    const kept = await append();
    await append();
    const { log } = double;
    const write = log.append.bind(log);
    log.append = (...parts) => {
      log.append = write;
      double.putBack(kept.position);
      return write(...parts);
    };
    await expect(append()).rejects.toMatchObject({ name: 'LineageBroken' });
    expect(stores.lineage.broken).toBeDefined();
  });

  it('sends an append again that nobody answers, after a time of its own', async () => {
    await stores.close();
    stores = await open({ limits: { callMilliseconds: 100 } });
    const stream = freshStream();
    double.faults.swallowAppends = 2;
    await append(stream);
    expect(written(stream)).toBe(1);
  });

  it('says that it does not know when an append is never answered, and that nothing was sent when it was not', async () => {
    await stores.close();
    stores = await open({
      limits: { callMilliseconds: 100, resolveMilliseconds: 500, patienceMilliseconds: 100 },
    });
    double.faults.swallowAppends = 1_000;
    await expect(append()).rejects.toMatchObject({ name: 'AppendOutcomeUnknown' });
    double.faults.swallowAppends = 0;
    await append();
    double.faults.state = 'unavailable';
    await expect(append()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await expect(stores.feed.head()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  it('waits for a server that starts', async () => {
    double.faults.state = 'starting';
    const appended = append();
    await until('it was tried', () => troubles.length > 0);
    double.faults.state = 'ready';
    expect((await appended).revision).toBe(0);
  });

  it('keeps its place before more of the server’s own events than it reads at a time', async () => {
    const stream = freshStream();
    const { position } = await append(stream);
    const reader = follow(stores.feed, position);
    for (let count = 0; count < 1_500; count += 1) double.writeSystemEvent();
    expect(await stores.feed.head()).toBe(position);
    expect(await stores.feed.read(START, 10)).toMatchObject({ items: [{ stream }], upTo: position, caughtUp: true });
    const next = await append();
    await until('it came', () => reader.seen.length === 1);
    expect(reader.seen[0]).toMatchObject({ position: next.position });
    await reader.stop();
    // A store in which nothing of ours is.
    double.putBack(double.log.events[1]!.position);
    for (let count = 0; count < 1_200; count += 1) double.writeSystemEvent();
    const other = await open();
    expect([await other.feed.head(), await other.feed.newest()]).toEqual([START, undefined]);
    await other.close();
  });

  it('reads behind a position at which nothing stands, nor ever did', async () => {
    const [first, second] = [await append(), await append()];
    for (const behind of [first.position + 1n, second.position - 1n]) {
      expect(await stores.feed.read(behind)).toMatchObject({ items: [{ position: second.position }], caughtUp: true });
    }
    expect((await stores.feed.read(3n)).items).toHaveLength(2);
    expect(await stores.feed.at(first.position + 1n)).toBeUndefined();
    expect(await stores.feed.at(double.log.events[0]!.position)).toBeUndefined();
  });

  it('goes on when a subscription falls silent while the log moves on, and begins another', async () => {
    const reader = follow(stores.feed);
    await until('it is fed', () => reader.pages() > 1);
    double.faults.silentSubscriptions = true;
    const stream = freshStream();
    await append(stream);
    await until('the event came', () => reader.seen.length === 1);
    await until('the subscription was left', () => troubles.includes('a subscription stood still and is begun again'));
    double.faults.silentSubscriptions = false;
    await append();
    await until('the next one came', () => reader.seen.length === 2);
    expect(await reader.stop()).toBeUndefined();
    expect(reader.seen[0]).toMatchObject({ stream });
  });

  it('loses nothing and hands over nothing twice when subscriptions are dropped again and again', async () => {
    const reader = follow(stores.feed);
    const streams = Array.from({ length: 60 }, freshStream);
    for (const [index, stream] of streams.entries()) {
      await append(stream);
      if (index % 3 === 0) double.dropSubscriptions();
    }
    await until('all came', () => reader.seen.length >= 60);
    expect(reader.seen.map(({ stream }) => stream)).toEqual(streams);
    const before = reader.pages();
    await until('it is fed on', () => reader.pages() > before + 1);
    await reader.stop();
  });

  it('does not lose what comes faster than it is read', async () => {
    const apart = await eventStoreDbProcess();
    const [writer, slow] = [await openEventStoreDb({ url: apart.url() }), await open({ url: apart.url() })];
    const reader = follow(slow.feed);
    await until('it is fed', () => reader.pages() > 1);
    const bytes = `"${'x'.repeat(10_000)}"`;
    const busy = setInterval(() => {
      // Nothing is taken from the connection meanwhile.
      const end = performance.now() + 100;
      while (performance.now() < end);
    }, 150);
    for (let count = 0; count < 20; count += 1) {
      await writer.events.append(
        freshStream(),
        'no-stream',
        Array.from({ length: 80 }, () => ({ ...anEvent(), bytes })),
      );
    }
    clearInterval(busy);
    await until('all came', () => reader.seen.length >= 1_600);
    const all: StoredEvent[] = [];
    for await (const page of writer.feed.replay(START)) all.push(...page.items);
    expect(reader.seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(all).toHaveLength(1_600);
    await reader.stop();
    for (const each of [writer, slow, apart]) await each.close();
  });

  it('leaves no reading open, whatever was left early: pages too large, replays and subscriptions', async () => {
    const large = { ...anEvent(), bytes: `"${'x'.repeat(500_000)}"` };
    for (let count = 0; count < 12; count += 1) await append(undefined, [{ ...large, id: anEvent().id }]);
    for (let count = 0; count < 3; count += 1) {
      expect((await stores.feed.read(START)).caughtUp).toBe(false);
      for await (const page of stores.feed.replay(START)) {
        expect(page.items.length).toBeLessThan(12);
        break;
      }
      await until('no reading is open', () => double.openReadings() === 0);
      for await (const page of stores.feed.subscribe(START, { signal: new AbortController().signal })) {
        if (!page.caughtUp) continue;
        await until('the subscription is open', () => double.openReadings() > 0);
        break;
      }
      await until('nothing is open', () => double.openReadings() === 0);
    }
  });

  it('goes to the leader where the node that it was given does not lead', async () => {
    const leader = await eventStoreDbDouble();
    double.faults.leader = { host: '127.0.0.1', port: leader.port };
    const other = await open();
    try {
      const stream = freshStream();
      await other.events.append(stream, 'no-stream', [anEvent()]);
      expect([leader.log.stream(stream), double.log.stream(stream)]).toMatchObject([{ length: 1 }, 'absent']);
    } finally {
      await other.close();
      await leader.close();
    }
  });

  it('finds the leader of a cluster by asking its nodes', async () => {
    const leader = await eventStoreDbDouble();
    const nodes = [double, leader];
    for (const node of nodes) {
      node.members = nodes.map(({ port }) => ({
        ...{ host: '127.0.0.1', port, isAlive: true },
        state: port === leader.port ? 'leader' : 'follower',
      }));
    }
    const cluster = await open({ url: `esdb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false` });
    try {
      const stream = freshStream();
      await cluster.events.append(stream, 'no-stream', [anEvent()]);
      expect([leader.log.stream(stream), double.log.stream(stream)]).toMatchObject([{ length: 1 }, 'absent']);
    } finally {
      await cluster.close();
      await leader.close();
    }
  });

  it.each<readonly [string, (stream: StreamId) => void]>([
    ['deleted for ever', (stream) => void double.log.tombstone(stream, 'any')],
    [
      'written to by others with what is no text',
      (stream) => void double.log.append(stream, 'any', [{ ...foreign(), data: Buffer.from([0xff, 0xfe]) }]),
    ],
    [
      'written to by others with metadata of their own',
      (stream) => void double.log.append(stream, 'any', [{ ...foreign(), metadata: Buffer.from('mine') }]),
    ],
  ])('stops its readers at a stream that was %s', async (_what, spoil) => {
    const stream = freshStream();
    const { position } = await append(stream);
    const reader = follow(stores.feed);
    await until('the good one came', () => reader.seen.length === 1);
    spoil(stream);
    expect(await reader.ended).toBeInstanceOf(FeedBroken);
    expect(reader.seen.map((event) => event.position)).toEqual([position]);
    await expect(stores.events.readStream(stream)).rejects.toBeInstanceOf(FeedBroken);
  });

  it('refuses more appends than may wait, and takes them again later', async () => {
    await stores.close();
    stores = await open({ limits: { inFlight: 2, queuedAppends: 5 } });
    double.faults.latency = 20;
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => append()));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    expect(refused).toHaveLength(23);
    expect(refused.every(({ name }) => name === 'StoreUnavailable')).toBe(true);
    expect((await append()).revision).toBe(0);
  });

  it('settles what is on its way when it is closed, and takes nothing more', async () => {
    double.faults.latency = 50;
    const stream = freshStream();
    const appended = append(stream);
    await stores.close();
    expect((await appended).revision).toBe(0);
    await expect(append()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });
});

const foreign = () => ({
  ...{ id: randomUUID(), type: 'Theirs', contentType: 'application/octet-stream' },
  metadata: Buffer.alloc(0),
  data: Buffer.from('{}'),
});

describe('opening EventStoreDB', () => {
  const doubles: EventStoreDbDouble[] = [];
  const start = async (options?: DoubleOptions): Promise<EventStoreDbDouble> => {
    const double = await eventStoreDbDouble(options);
    doubles.push(double);
    return double;
  };
  afterEach(async () => {
    for (const double of doubles.splice(0)) await double.close();
  });
  const refused = async (url: string): Promise<Error> => {
    const outcome = await openEventStoreDb({ url, limits: { openMilliseconds: 300, callMilliseconds: 1_000 } }).then(
      (stores) => stores.close(),
      (error: unknown) => error as Error,
    );
    expect(outcome).toMatchObject({ name: 'EventStoreRefused' });
    expect(outcome!.message).not.toContain('geheim');
    return outcome!;
  };

  it('refuses what is no connection string of either client, and never says the password', async () => {
    expect((await refused('postgres://waarborg:geheim@127.0.0.1/x')).message).toContain('esdb://');
    expect((await refused('esdb://waarborg:geheim@127.0.0.1:port?tls=false')).message).toContain('can not be read');
    expect((await refused('esdb://waarborg:geheim@127.0.0.1:2113?tlsCAFile=/nowhere.crt')).message).toContain('files');
    expect((await refused('esdb://127.0.0.1:2113?tls=false&nodePreference=follower')).message).toContain(
      'leave it out',
    );
  });

  it.each([
    ['esdb', 'node_preference=follower'],
    ['esdb', 'Node-Preference=random'],
    ['esdb', 'tlsVerifyCert=false'],
    ['esdb', 'tlsInsecure=true'],
    ['kurrentdb', 'node_preference=follower'],
    ['kurrentdb', 'tlsVerifyCert=false'],
    ['kurrentdb', 'tlsInsecure=true'],
  ])(
    'refuses %s with %s, which its client takes in another way than it looks, or tells with the password',
    async (scheme, option) => {
      expect((await refused(`${scheme}://waarborg:geheim@127.0.0.1:2113?tls=true&${option}`)).message).toContain(
        'option',
      );
    },
  );

  it('reads its options behind a password of any signs', async () => {
    const { message } = await refused('esdb://waarborg:geheim?tls=x&y@127.0.0.1:2113?tlsCAFile=/nowhere.crt');
    expect(message).toContain('files');
  });

  it('refuses where nobody answers, or only one who starts for ever', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    silent.close();
    expect((await refused(`esdb://127.0.0.1:${port}?tls=false`)).message).toContain('no EventStoreDB answers there');
    const starting = await start();
    starting.faults.state = 'starting';
    expect((await refused(starting.url)).message).toContain('Server Is Not Ready');
  });

  it('refuses a node whose leader can not be reached', async () => {
    const follower = await start();
    const gone = await eventStoreDbDouble();
    follower.faults.leader = { host: '127.0.0.1', port: gone.port };
    await gone.close();
    expect((await refused(follower.url)).message).toMatch(/leader|no EventStoreDB answers/);
  });

  it('refuses a server that gives no positions where a stream is read', async () => {
    const old = await start();
    old.faults.noPositionsInStreams = true;
    expect((await refused(old.url)).message).toContain('22.10');
  });

  it('speaks TLS with the credentials of the connection string, and refuses wrong ones', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waarborg-tls-'));
    try {
      const file = join(folder, 'ca.crt');
      await writeFile(file, TEST_CERTIFICATE.certificate);
      const { port } = await start({
        tls: { certificate: Buffer.from(TEST_CERTIFICATE.certificate), key: Buffer.from(TEST_CERTIFICATE.key) },
        credentials: { username: 'waarborg', password: 'geheim' },
      });
      const url = (login: string) => `esdb://${login}@127.0.0.1:${port}?tlsCAFile=${file}`;
      const stores = await openEventStoreDb({ url: url('waarborg:geheim') });
      const stream = freshStream();
      await stores.events.append(stream, 'no-stream', [anEvent()]);
      expect(await stores.events.readStream(stream)).toHaveLength(1);
      await stores.close();
      expect((await refused(url('waarborg:geheimer'))).message).toContain('user or password are not taken');
      expect((await refused(`esdb://waarborg:geheim@127.0.0.1:${port}?tls=false`)).message).toContain('TLS');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('EventStoreDB that is killed', () => {
  it('has every acknowledged append once, and its readers see each once and in order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waarborg-esdb-'));
    const data = join(folder, 'log');
    let double = await eventStoreDbProcess({ data });
    const { port } = double;
    const stores = await openEventStoreDb({ url: double.url(), limits: { openMilliseconds: 30_000 } });
    const reader = follow(stores.feed);
    const acknowledged = new Map<StreamId, readonly EventToAppend[]>();
    let stopped = false;
    const caller = async (): Promise<void> => {
      while (!stopped) {
        const stream = freshStream();
        const events = Array.from({ length: 5 }, anEvent);
        for (let isDone = false; !isDone;) {
          try {
            await stores.events.append(stream, 'no-stream', events);
            acknowledged.set(stream, events);
            isDone = true;
          } catch (error) {
            if (!['StoreUnavailable', 'AppendOutcomeUnknown'].includes((error as Error).name)) throw error;
          }
        }
      }
    };
    try {
      const callers = Array.from({ length: 16 }, caller);
      for (let round = 1; round <= 3; round += 1) {
        await until('appends go on', () => acknowledged.size >= round * 60);
        await double.kill();
        double = await eventStoreDbProcess({ data, port });
      }
      await until('appends went on', () => acknowledged.size >= 300);
      stopped = true;
      await Promise.all(callers);
      const all: StoredEvent[] = [];
      for await (const page of stores.feed.replay(START)) all.push(...page.items);
      for (const [stream, events] of acknowledged) {
        expect(all.filter((event) => event.stream === stream).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      }
      expect(all).toHaveLength(acknowledged.size * 5);
      await until('the reader has all', () => reader.seen.length >= all.length);
      expect(reader.seen.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    } finally {
      stopped = true;
      await reader.stop();
      await stores.close();
      await double.close();
      await rm(folder, { recursive: true });
    }
  });
});
