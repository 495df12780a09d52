import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaJars, startEmbeddedKafka, type EmbeddedKafka } from '#libs/embedded';
import { noKafka, unless, until } from '#libs/testing';
import { keepNewer, relayWorld, type RelayWorld } from './relay-world.tests.js';

const ROUNDS = 2;
const STREAMS = Array.from({ length: 20 }, (_, number) => `counter-${number}`);
const BURST = 2;

/** A broker of its own: what it does to it would trouble others. */
unless(noKafka()).describe('the relay, while its broker is killed again and again', () => {
  let dataDir: string;
  let kafka: EmbeddedKafka;
  let world: RelayWorld;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waarborg-kafka-kills-'));
    kafka = await startEmbeddedKafka({ dataDir, jars: await kafkaJars('deploy/kafka/pom.xml') });
    world = relayWorld(kafka.brokers);
  });
  afterAll(async () => {
    await world.close();
    await kafka.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('loses nothing, keeps the order of every stream, and doubles nothing that a consumer keeps', async () => {
    const relay = world.relay();
    const sent = async (): Promise<bigint> => (await world.stores.checkpoints.read('relay'))?.position ?? 0n;
    await world.record(STREAMS[0]!, 1);
    await until('the first is sent', async () => (await sent()) > 0n, 60_000);

    let writing = true;
    const writer = (async () => {
      while (writing) {
        for (const stream of STREAMS) await world.record(stream, BURST);
        await new Promise((resolve) => setImmediate(resolve));
        const before = await world.stores.feed.head();
        // Not faster than the brokers take it, but always ahead of them while they are there.
        await until('the relay is not too far behind', async () => !writing || before - (await sent()) < 200n, 120_000);
      }
    })();
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = await sent();
      await until('it sends', async () => (await sent()) > at, 60_000);
      await kafka.kill();
      await kafka.start();
    }
    const at = await sent();
    await until('it sends again after the last kill', async () => (await sent()) > at, 60_000);
    writing = false;
    await writer;
    const head = await world.stores.feed.head();
    await until('it has sent everything', async () => (await sent()) === head, 120_000);

    const stored = await world.stored();
    const count = [...stored.values()].reduce((sum, events) => sum + events.length, 0);
    const messages = await world.consume((all) => new Set(all.map(({ event }) => event.id)).size >= count);
    expect(keepNewer(messages)).toEqual(stored);
    // Each key stays in one partition, on which its order rests.
    const partitions = new Map(messages.map(({ key, partition }) => [key, partition]));
    for (const { key, partition } of messages) expect(partition).toBe(partitions.get(key));
    await until(
      'it says that it is current',
      () => relay.status().state === 'running' && relay.status().behindFor < 5_000,
    );
    expect(world.troubles.length).toBeGreaterThan(0);
  });
});
