import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import {
  publishedEvent,
  publishedText,
  START,
  type EventFeed,
  type Leases,
  type Page,
  type StoredEvent,
} from '#libs/eventing';
import { noKafka, testBrokers, unless, until } from '#libs/testing';
import { lagOf, MAX_MESSAGE_BYTES, prepareGroup, withAdmin } from './index.js';
import { keepNewer, OIN, relayWorld, shown, TOPIC, type RelayWorld } from './relay-world.tests.js';

unless(noKafka()).describe('the relay, with a real broker', () => {
  let world: RelayWorld;
  beforeEach(() => void (world = relayWorld(testBrokers())));
  afterEach(async () => {
    await world.close();
  });

  const topic = (): string => `${world.prefix}${TOPIC}`;
  const asClient = (): Kafka =>
    new Kafka({ brokers: [...testBrokers()], clientId: 'test', logLevel: logLevel.NOTHING });

  it('brings every event once, byte for byte as it is published, under its stream as key', async () => {
    await world.record('counter-a', 3);
    await world.record('counter-b', 2);
    const relay = world.relay();
    const messages = await world.consume(({ length }) => length >= 5);
    const { serializer, identity, stores } = world;
    const [item] = (await stores.feed.read(START, 1)).items;
    const text = publishedText(
      publishedEvent(serializer.read(item!), { oin: OIN, identity, versionOf: (type) => serializer.versionOf(type) }),
    );
    expect(messages.find(({ key }) => key === 'counter-a')).toMatchObject({
      text,
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    });
    expect(keepNewer(messages)).toEqual(await world.stored());
    expect(messages).toHaveLength(5);
    await until('it has the newest', async () => relay.status().position === (await stores.feed.head()));
    expect(relay.status()).toMatchObject({ name: 'relay', state: 'running', mayLag: true });
    expect(world.troubles).toEqual([]);
  });

  it('goes on behind its checkpoint after a restart, and from any position that a person names', async () => {
    await world.record('counter-a', 3);
    const first = world.relay();
    await until('all is sent', async () => (await world.stores.checkpoints.read('relay'))?.position === 3n);
    await first.stop();
    await world.record('counter-a', 1);
    world.relay();
    const before = await world.consume(({ length }) => length >= 4);
    expect(before.map(shown)).toEqual(['counter-a 0', 'counter-a 1', 'counter-a 2', 'counter-a 3']);
    const at = await world.stores.checkpoints.read('relay');
    await world.stores.checkpoints.move('relay', at, { store: at!.store, epoch: at!.epoch, position: 2n });
    const after = await world.consume(({ length }) => length >= 6);
    expect(after.map(shown).slice(4)).toEqual(['counter-a 2', 'counter-a 3']);
    expect(keepNewer(after)).toEqual(await world.stored());
    expect(world.troubles).toEqual([]);
  });

  it('sends everything again under a higher epoch when the store was put back, and consumers take it as newer', async () => {
    await world.record('counter-a', 3);
    const first = world.relay();
    await until('all is sent', async () => (await world.stores.checkpoints.read('relay'))?.position === 3n);
    await first.stop();
    const next = world.stores.another();
    world.stores.putBack({ events: 1n });
    const { feed } = next;
    world.relay({ feed, identity: { ...world.identity, epoch: 2 } });
    const messages = await world.consume(({ length }) => length >= 4);
    expect(messages.map(({ event }) => event.sequence.slice(0, 5))).toEqual(['00001', '00001', '00001', '00002']);
    expect(keepNewer(messages).get('counter-a')).toEqual([
      ...['counter-a 0', 'counter-a 1', 'counter-a 2'],
      'counter-a 0',
    ]);
    await next.close();
  });

  it('takes a batch larger than a message may be, in the order of the store', async () => {
    const note = 'n'.repeat(400 * 1024);
    const { serializer, stores } = world;
    for (let revision = 0; revision < 4; revision += 1) {
      const event = { type: 'Counted', data: { counter: 'counter-a', by: revision, note } };
      const id = `00000000-0000-4000-8000-00000000000${revision}`;
      const input = { id, stream: 'counter-a', correlationId: 'c', actor: { system: 'test' } };
      await stores.events.append('counter-a' as never, revision === 0 ? 'no-stream' : revision - 1, [
        await serializer.write(event as never, input as never),
      ]);
    }
    world.relay();
    const messages = await world.consume(({ length }) => length >= 4);
    expect(messages.map(shown)).toEqual([0, 1, 2, 3].map((revision) => `counter-a ${revision}`));
    expect(messages.reduce((sum, { text }) => sum + text.length, 0)).toBeGreaterThan(MAX_MESSAGE_BYTES);
    expect(world.troubles).toEqual([]);
  });

  /** A feed that hands over its pages only while `open` lets it. */
  const held = (feed: EventFeed, open: () => Promise<void>): EventFeed => ({
    head: () => feed.head(),
    newest: () => feed.newest(),
    read: (...asked) => feed.read(...asked),
    at: (position) => feed.at(position),
    replay: (...asked) => feed.replay(...asked),
    async *subscribe(after, options): AsyncIterable<Page<StoredEvent>> {
      for await (const page of feed.subscribe(after, options)) {
        if (page.items.length > 0) await open();
        yield page;
      }
    },
  });
  /** What a paused process knows: it had the turn, and nobody told it otherwise. */
  const believing = (leases: Leases): Leases => {
    let had: ReturnType<Leases['take']> | undefined;
    return {
      take: (...asked) => (had ??= leases.take(...asked)),
      leave: async () => undefined,
      stands: async () => true,
    };
  };

  it('is refused by the brokers when it wakes up with a full batch after another has taken its turn', async () => {
    await world.record('counter-a', 5);
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let hasBatch = false;
    const gate = (): Promise<void> => ((hasBatch = true), asleep);
    const paused = world.relay({
      leases: believing(world.stores.leases),
      feed: held(world.stores.feed, gate),
      onTrouble: (_, error) => void world.troubles.push(String(error)),
    });
    await until('it has the batch in hand', () => hasBatch);
    world.relay({ holder: 'another' });
    const before = await world.consume(({ length }) => length >= 5);
    expect(keepNewer(before)).toEqual(await world.stored());
    wake();
    await until('it is refused', () => world.troubles.length > 0);
    await paused.stop();
    expect(world.troubles[0]).toMatch(/KafkaJSProtocolError: .*(older epoch|newer producer|fenced)/i);
    await world.record('counter-a', 1);
    const after = await world.consume((messages) => messages.some((message) => shown(message) === 'counter-a 5'));
    expect(after.map(shown)).toEqual([0, 1, 2, 3, 4, 5].map((revision) => `counter-a ${revision}`));
  });

  it('would have written it all again without one transactional id for all (control)', async () => {
    await world.record('counter-a', 2);
    world.relay();
    await world.consume(({ length }) => length >= 2);
    const producer = asClient().producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const [first] = await world.consume(({ length }) => length >= 2);
    await producer.send({ topic: topic(), messages: [{ key: first!.key, value: first!.text }] });
    await producer.disconnect();
    const messages = await world.consume(({ length }) => length >= 3);
    expect(messages.map(shown)).toEqual(['counter-a 0', 'counter-a 1', 'counter-a 0']);
    expect(keepNewer(messages)).toEqual(await world.stored());
  });

  it('is done by one of two at a time, and by the other as soon as that one ends', async () => {
    const relays = [world.relay({ holder: 'one' }), world.relay({ holder: 'two' })];
    await world.record('counter-a', 2);
    await world.consume(({ length }) => length >= 2);
    expect(relays.map((relay) => relay.status().state)).toEqual(['running', 'running']);
    await relays[0]!.stop();
    await world.record('counter-a', 2);
    await world.consume(({ length }) => length >= 4);
    const messages = await world.consume(({ length }) => length >= 4);
    expect(messages.map(shown)).toEqual([0, 1, 2, 3].map((revision) => `counter-a ${revision}`));
  });

  const made = async (changes: { partitions?: number; entries?: Readonly<Record<string, string>> }): Promise<void> => {
    await withAdmin(world.kafka, async (admin) => {
      const configEntries = Object.entries(changes.entries ?? {}).map(([name, value]) => ({ name, value }));
      const numPartitions = changes.partitions ?? 3;
      const topics = [{ topic: topic(), numPartitions, replicationFactor: 1, configEntries }];
      await admin.createTopics({ waitForLeaders: false, topics });
    });
  };

  it.each([
    ['other partitions', { partitions: 5 }, /has 5 partitions, not 3: set KAFKA_PARTITIONS=5 if it always had them/],
    ['compaction', { entries: { 'cleanup.policy': 'compact' } }, /cleanup\.policy=compact: set delete/],
    [
      'a short retention',
      { entries: { 'retention.ms': '60000' } },
      /retention\.ms=60000: set -1, or at least 604800000/,
    ],
    ['a retention by size', { entries: { 'retention.bytes': '1000000' } }, /retention\.bytes=1000000: set -1/],
    ['small messages', { entries: { 'max.message.bytes': '1000' } }, /max\.message\.bytes=1000: set at least 1048588/],
    [
      'leaders that lack what was acknowledged',
      { entries: { 'unclean.leader.election.enable': 'true' } },
      /unclean\.leader\.election\.enable=true: set false/,
    ],
  ])('refuses a topic with %s, says what to do, and stops', async (_what, changes, why) => {
    await made(changes);
    await world.record('counter-a', 1);
    const relay = world.relay();
    await until('it has stopped', () => relay.status().state === 'stopped');
    expect(relay.status().stoppedBy!.reason).toMatch(why);
    expect(world.troubles).toEqual([expect.stringMatching(/\(stopped\)$/)]);
    await relay.stop();
  });

  it('takes a topic that keeps more than it has to', async () => {
    await made({ entries: { 'retention.ms': '-1', 'max.message.bytes': '2000000' } });
    await world.record('counter-a', 1);
    world.relay();
    expect((await world.consume(({ length }) => length >= 1)).map(shown)).toEqual(['counter-a 0']);
  });

  it('stops at the checkpoint of another store, and says so', async () => {
    const foreign = { store: '00000000-0000-4000-8000-000000000000', epoch: 1, position: 1n };
    await world.stores.checkpoints.move('relay', undefined, foreign);
    const relay = world.relay();
    await until('it has stopped', () => relay.status().state === 'stopped');
    expect(relay.status().stoppedBy!.reason).toMatch(/checkpoint of relay is of the store 0{8}-.*check DATABASE_URL/);
  });

  it('tries on, and says where it looked, while no broker answers', async () => {
    const relay = world.relay({ kafka: { ...world.kafka, brokers: ['127.0.0.1:1'] }, leaseMilliseconds: 300 });
    await until('it has tried twice', () => world.troubles.length >= 2);
    expect(world.troubles[0]).toMatch(/no broker answers at 127\.0\.0\.1:1 .*: start them, or check KAFKA_BROKERS/);
    expect(relay.status().state).not.toBe('stopped');
    expect(relay.status().behindFor).toBeGreaterThan(300);
  });

  it('tells how far a group lies behind, and refuses one whose messages are gone', async () => {
    await world.record('counter-a', 4);
    world.relay();
    const [{ partition } = { partition: 0 }] = await world.consume(({ length }) => length >= 4);
    const group = `${world.prefix}waarborg.letters`;
    const topics = [topic()];
    const wanted = { partitions: 3, replication: 1 };
    await prepareGroup(world.kafka, group, topics, wanted);
    await withAdmin(world.kafka, async (admin) => {
      await admin.setOffsets({ groupId: group, topic: topic(), partitions: [{ partition, offset: '1' }] });
      expect((await lagOf(admin, group, topics)).get(topic())).toBeGreaterThanOrEqual(3);
      await admin.deleteTopicRecords({ topic: topic(), partitions: [{ partition, offset: '2' }] });
    });
    await expect(prepareGroup(world.kafka, group, topics, wanted)).rejects.toThrow(
      /was away for longer than its topics keep events .* begins at 2, and the next one was 1.*npm run relay -- --from/,
    );
  });
});
