import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { withAdmin } from '#libs/adapters/kafka';
import { noKafka, testBrokers, unless } from '#libs/testing';
import { installation, obstacle, type Ended, type Installation } from '../chaos/suite-process.js';
import { freshNumber } from '../e2e/support/case.js';
import { having, type Client } from '../e2e/support/client.js';
import { databaseSettings, startSuite, type TestSuite } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';
import { readTopic } from './read-topic.js';

/** What an operator and an outsider see of a suite that has Kafka. */
unless(noKafka()).describe('the suite with Kafka', () => {
  const prefix = `test-${randomUUID()}.`;
  const topic = `${prefix}register.party.events.v1`;
  const settings = { brokers: testBrokers(), prefix, log: () => undefined };
  let suite: TestSuite;
  let supplier: Client;
  beforeAll(async () => {
    const args = ['--kafka-brokers', testBrokers().join(','), '--kafka-prefix', prefix, '--kafka-partitions', '2'];
    suite = await startSuite(undefined, args);
    supplier = await suite.client('supplier');
  });
  afterAll(() => suite.end());

  const registered = async (name: string): Promise<string> => {
    const { body } = having(
      await supplier.command('/v1/parties', {
        ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber() },
        ...{ name, naturalPersonsBusiness: false },
      }),
      201,
    );
    return String(body['id']);
  };
  const relayed = async (): Promise<bigint> =>
    (await suite.running.open.stores.checkpoints.read('relay'))?.position ?? -1n;
  const upToDate = (): Promise<void> =>
    until('Kafka has everything', async () => (await relayed()) >= (await suite.running.open.stores.feed.head()));

  it('relays what is recorded, and says so in its probe and figures', async () => {
    const id = await registered('Test Stichting Zeepost');
    await upToDate();
    const [message] = await readTopic(testBrokers(), topic, 1);
    expect(message).toMatchObject({ key: `party-${id}`, event: { subject: `party-${id}` } });
    const { body } = having(await supplier.get('/health/ready'), 200);
    const probes = body['probes'] as readonly { readonly name: string; readonly status: string }[];
    expect(probes.find(({ name }) => name === 'relay')).toMatchObject({ name: 'relay' });
    const { text } = having(await supplier.get('/metrics'), 200);
    const count = Number(/^waarborg_relay_messages_total(?:\{.*\})? (\d+)$/m.exec(text)?.[1]);
    expect(count).toBeGreaterThan(1);
    expect(text).toMatch(/^waarborg_follower_behind_seconds\{.*follower="relay".*\} /m);
  });

  it('makes a topic for every category, as it is documented', async () => {
    await withAdmin(settings, async (admin) => {
      const topics = (await admin.listTopics()).filter((name) => name.startsWith(prefix));
      expect(topics).toContain(`${prefix}register.revocationRequest.events.v1`);
      const { topics: described } = await admin.fetchTopicMetadata({ topics });
      expect(described.map(({ partitions }) => partitions.length)).toEqual(topics.map(() => 2));
    });
  });

  unless(obstacle()).describe('npm run relay', () => {
    let place: Installation;
    beforeAll(async () => {
      const kafka = { KAFKA_BROKERS: testBrokers().join(','), KAFKA_PREFIX: prefix, KAFKA_PARTITIONS: '2' };
      place = await installation({ ...databaseSettings(suite.place), ...kafka });
      await cp(join(suite.place.dataDir, 'keys'), join(place.dataDir, 'keys'), { recursive: true });
    });
    afterAll(() => place?.remove());
    const relay = (...words: readonly string[]): Promise<Ended> => place.tool('relay', ...words);

    it('sends again what stands behind a position, beside the running suite, which goes on from there', async () => {
      const first = await registered('Test Stichting Eerste');
      await upToDate();
      const position = await relayed();
      const second = await registered('Test Stichting Tweede');
      await upToDate();
      const before = (await readTopic(testBrokers(), topic, 3)).length;
      const ended = await relay('--from', String(position));
      expect(ended.output).toContain('relay: Kafka has every event up to position');
      expect(ended.status).toBe(0);
      const messages = await readTopic(testBrokers(), topic, before + 1);
      expect(messages.filter(({ key }) => key === `party-${second}`)).toHaveLength(2);
      expect(messages.filter(({ key }) => key === `party-${first}`)).toHaveLength(1);
      const third = await registered('Test Stichting Derde');
      await upToDate();
      const after = await readTopic(testBrokers(), topic, before + 2);
      expect(after.filter(({ key }) => key === `party-${third}`)).toHaveLength(1);
    });

    it.each([
      ['a place beyond the newest', '999999999', 'lies behind the newest'],
      ['no position', 'yesterday', '"yesterday" is no position of this store and epoch'],
    ])('changes nothing for %s', async (_what, from, why) => {
      const before = await relayed();
      const ended = await relay('--from', from);
      expect(ended).toMatchObject({ status: 1 });
      expect(ended.output).toContain(why);
      expect(ended.output).not.toMatch(/^\s+at /m);
      expect(await relayed()).toBe(before);
    });
  });
});

unless(noKafka()).describe('the suite without its brokers', () => {
  it('starts, answers and is ready: the register does not hang on Kafka', async () => {
    const suite = await startSuite(undefined, ['--kafka-brokers', '127.0.0.1:1']);
    try {
      const supplier = await suite.client('supplier');
      having(await supplier.get('/health/ready'), 200);
      await until('it says what to do', () =>
        suite.lines.some((line) => /no broker answers at 127\.0\.0\.1:1/.test(line)),
      );
      expect(suite.lines.filter((line) => /start them, or check KAFKA_BROKERS/.test(line)).length).toBeGreaterThan(0);
    } finally {
      await suite.end();
    }
  });
});
