import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AclResourceTypes } from 'kafkajs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clientConfig,
  forPeople,
  lagOf,
  prepareGroup,
  startRelay,
  withAdmin,
  type KafkaSettings,
} from '#libs/adapters/kafka';
import { memoryStores } from '#libs/adapters/memory';
import { eventSerializer, sourceOf, topicOf, type Follower, type PublishedEvent } from '#libs/eventing';
import type { EventId, StreamId } from '#libs/kernel';
import { ConfigurationFault } from '#libs/configuration';
import { startKafkaReaction } from '#libs/platform';
import {
  counterCodec,
  GUARDED_USERS,
  guardedKafka,
  noKafka,
  receiver,
  testAuthority,
  unless,
  type GuardedKafka,
} from '#libs/testing';
import { installation, obstacle } from '../chaos/suite-process.js';
import { freshNumber } from '../e2e/support/case.js';
import { having } from '../e2e/support/client.js';
import { databaseSettings, freshPlace, startSuite, type Place } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';
import { documentedAccess } from './documented-access.js';

/** What has to be granted, and how the lack of it is told: kafkajs does not say what keeps it from a coordinator. */
const ACCESS = documentedAccess('', '').map(({ resourceType, resourceName, operation }, index) => ({
  ...{ index, resourceName, operation },
  line:
    resourceType === AclResourceTypes.TOPIC
      ? /KafkaRefused: the brokers do not let waarborg .*: grant it what docs\/kafka\.md lists/
      : /KafkaUnreachable: the brokers name no coordinator .* grant waarborg what docs\/kafka\.md lists/,
}));
const OIN = '00000099000000001000';
const TOPICS = { partitions: 1, replication: 1 };
const WRONG = 'not the password';
/** Longer than the threshold at which kafkajs renews a login, and short enough to see it done (milliseconds). */
const SESSION = 12_000;

unless(noKafka()).describe('brokers with TLS and a login', () => {
  let kafka: GuardedKafka;
  beforeAll(async () => void (kafka = await guardedKafka({ session: SESSION })));
  afterAll(() => kafka?.stop());

  const lines: string[] = [];
  const settings = (more: Partial<KafkaSettings>): KafkaSettings => ({
    ...{ brokers: [kafka.login], prefix: '', log: (line: string) => void lines.push(line) },
    ...more,
  });
  const trusting = () => ({ authorities: kafka.authority.certificate });
  const by = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password = kafka.password) => ({
    ...{ mechanism, password, username: mechanism === 'plain' ? GUARDED_USERS.plain : GUARDED_USERS.scram },
  });
  const welcome = (given: Partial<KafkaSettings>): Promise<string> =>
    withAdmin(settings(given), (admin) => admin.describeCluster()).then(
      ({ brokers }) => `welcome by ${brokers.length}`,
      (error: Error) => `${error.name}: ${error.message}`,
    );

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('let in who logs in by %s', async (mechanism) => {
    expect(await welcome({ tls: trusting(), login: by(mechanism) })).toBe('welcome by 1');
  });

  it('let in who shows a certificate of the authority that they trust', async () => {
    const client = kafka.certificateOf('waarborg');
    expect(await welcome({ brokers: [kafka.certificate], tls: { ...trusting(), client } })).toBe('welcome by 1');
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'refuse a wrong password (%s), and the line says what to set',
    async (mechanism) => {
      const answer = await welcome({ tls: trusting(), login: by(mechanism, WRONG) });
      expect(answer).toMatch(/^KafkaRefused: the broker at 127\.0\.0\.1:\d+ refuses the login of waarborg/);
      expect(answer).toMatch(/: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/);
      expect(answer).not.toContain(WRONG);
    },
  );

  it.each([
    [
      'a certificate of another authority',
      () => ({ tls: { authorities: testAuthority().certificate } }),
      /correct KAFKA_TLS_CA_FILE$/,
    ],
    ['a certificate of no public authority', () => ({ tls: {} }), /not trusted .*: set KAFKA_TLS_CA_FILE$/],
    [
      'a certificate for another host',
      () => ({ brokers: [kafka.misnamed] }),
      /certificate for other names .*advertised\.listeners/,
    ],
    [
      'a listener without logins',
      () => ({ brokers: [kafka.certificate], tls: { ...trusting(), client: kafka.certificateOf('waarborg') } }),
      /takes no login there .*listener with SASL/,
    ],
  ])('are refused, or refuse: %s', async (_what, given, line) => {
    const answer = await welcome({ tls: trusting(), login: by('scram-sha-512'), ...given() });
    expect(answer).toMatch(/^KafkaRefused: the broker /);
    expect(answer).toMatch(line);
    expect(answer).not.toContain(kafka.password);
  });

  it('refuse who shows no certificate, or one of a stranger', async () => {
    const brokers = [kafka.certificate];
    expect(await welcome({ brokers, tls: trusting() })).toMatch(
      /^KafkaRefused: .*asks for a certificate \(Connection error: \S+ alert bad certificate\): set KAFKA_TLS_CERT_FILE/,
    );
    const client = testAuthority().issue(['waarborg']);
    expect(await welcome({ brokers, tls: { ...trusting(), client } })).toMatch(
      /^KafkaRefused: .*refuses our certificate \(.*alert certificate unknown\): set KAFKA_TLS_CERT_FILE/,
    );
  });

  it.each([
    ['plain text to TLS', () => ({})],
    ['a login in plain text to TLS', () => ({ login: by('plain') })],
    ['TLS without a login', () => ({ tls: trusting() })],
    ['TLS to plain text', () => ({ brokers: [kafka.open], tls: trusting() })],
  ])('hang up, which the line takes for what it may be: %s', async (_what, given) => {
    expect(await welcome(given())).toMatch(
      /^KafkaUnreachable: .* check KAFKA_BROKERS, KAFKA_TLS and KAFKA_SASL_MECHANISM \(a listener hangs up/,
    );
  });

  it('never have a password told in a log, and each line of kafkajs is one', () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(
      lines.filter((line) => line.includes(WRONG) || line.includes(kafka.password) || line.includes('\n')),
    ).toEqual([]);
  });

  /** A relay and a reaction that come so; what the reaction took, and what either of them had trouble with. */
  function world(connection: Pick<KafkaSettings, 'brokers' | 'tls' | 'login'>) {
    const prefix = `test-${randomUUID()}.`;
    const own = settings({ ...connection, prefix });
    const stores = memoryStores();
    const serializer = eventSerializer([counterCodec], { seal: async () => 'sealed', open: async () => '' });
    const identity = { store: randomUUID(), epoch: 1 };
    const troubles: string[] = [];
    const taken: PublishedEvent[] = [];
    const followers: Follower[] = [];
    const onTrouble = (name: string, error: unknown): void => void troubles.push(`${name}: ${String(error)}`);
    const { feed, checkpoints, leases, parkedMessages } = stores;
    return {
      ...{ prefix, troubles, taken, own },
      start(): void {
        followers.push(
          startRelay({
            ...{ kafka: own, feed, checkpoints, leases, serializer, identity, onTrouble, oin: OIN },
            ...{ topics: { ...TOPICS, names: [topicOf('party')] }, holder: 'test', leaseMilliseconds: 3_000 },
          }),
          startKafkaReaction(
            { name: 'letters', topics: [topicOf('party')], react: async (event) => void taken.push(event) },
            {
              ...{ client: clientConfig(own), prefix, parkedMessages, onTrouble },
              here: { source: sourceOf(OIN), store: identity.store },
              versionOf: (type) => serializer.versionOf(type),
              prepare: (group, topics) => prepareGroup(own, group, topics, TOPICS),
              told: (error) => forPeople(own, error),
            },
          ),
        );
      },
      async record(stream: string): Promise<void> {
        const last = (await stores.events.readStream(stream as StreamId)).length - 1;
        const event = await serializer.write(
          { type: 'Counted', data: { counter: stream, by: last + 1 } },
          {
            ...{ id: randomUUID() as EventId, stream: stream as StreamId, correlationId: 'c' },
            actor: { system: 'test' },
          },
        );
        await stores.events.append(stream as StreamId, last < 0 ? 'no-stream' : last, [event]);
      },
      async end(): Promise<void> {
        for (const follower of followers) await follower.stop();
        await stores.close();
      },
    };
  }
  const byLogin = () => ({ brokers: [kafka.login], tls: trusting(), login: by('scram-sha-512') });

  it('need to grant no more than docs/kafka.md lists; logins are renewed while events go through', async () => {
    const there = world(byLogin());
    try {
      await kafka.grant(documentedAccess(GUARDED_USERS.scram, there.prefix));
      there.start();
      await there.record('party-a');
      await until('the reaction has it', () => there.taken.length === 1);
      // A broker that has just begun names its coordinators a moment later.
      const before = there.troubles.splice(0);
      expect(before.filter((trouble) => !/name no coordinator/.test(trouble))).toEqual([]);
      const topic = `${there.prefix}${topicOf('party')}`;
      const lag = await withAdmin(there.own, (admin) => lagOf(admin, `${there.prefix}waarborg.letters`, [topic]));
      expect([...lag.keys()]).toEqual([topic]);
      // By then every connection of theirs is older than a login may be.
      const end = performance.now() + 2 * SESSION;
      for (let count = 2; performance.now() < end; count += 1) {
        await there.record('party-a');
        await until(`the reaction has event ${count}`, () => there.taken.length === count);
      }
      expect(there.troubles).toEqual([]);
      expect(there.taken.map(({ data }) => data.revision)).toEqual(there.taken.map((_, revision) => revision));
    } finally {
      await there.end();
    }
  });

  it('let through who comes with a certificate', async () => {
    const client = kafka.certificateOf('registrar');
    const there = world({ brokers: [kafka.certificate], tls: { ...trusting(), client } });
    try {
      await kafka.grant(documentedAccess('registrar', there.prefix));
      there.start();
      await there.record('party-a');
      await until('the reaction has it', () => there.taken.length === 1);
      expect(there.taken[0]).toMatchObject({ subject: 'party-a' });
    } finally {
      await there.end();
    }
  });

  it.each(ACCESS)(
    'need to grant all that docs/kafka.md lists, operation $operation on $resourceName as well',
    async ({ index, line }) => {
      const there = world(byLogin());
      try {
        await kafka.grant(documentedAccess(GUARDED_USERS.scram, there.prefix).filter((_, at) => at !== index));
        there.start();
        await there.record('party-a');
        await until('it says what to do', () => {
          expect(there.troubles).toContainEqual(expect.stringMatching(line));
          return true;
        });
        expect(there.taken).toEqual([]);
      } finally {
        await there.end();
      }
    },
  );

  describe('and the suite', () => {
    let place: Place;
    let folder: string;
    let prefix: string;
    let env: NonNullable<Place['beside']>;
    beforeAll(async () => {
      [place, folder] = [await freshPlace(), await mkdtemp(join(tmpdir(), 'waarborg-guarded-'))];
      prefix = `test-${randomUUID()}.`;
      await writeFile(join(folder, 'ca.pem'), kafka.authority.certificate, { mode: 0o644 });
      await writeFile(join(folder, 'password'), `${kafka.password}\n`, { mode: 0o600 });
      await writeFile(join(folder, 'wrong'), WRONG, { mode: 0o600 });
      env = {
        ...{ KAFKA_BROKERS: kafka.login, KAFKA_PREFIX: prefix, KAFKA_PARTITIONS: '1' },
        ...{ KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: join(folder, 'ca.pem'), KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' },
        ...{ KAFKA_SASL_USERNAME: GUARDED_USERS.scram, KAFKA_SASL_PASSWORD_FILE: join(folder, 'password') },
      };
      await kafka.grant(documentedAccess(GUARDED_USERS.scram, prefix));
    });
    afterAll(async () => {
      await place?.drop();
      await rm(folder, { recursive: true, force: true });
    });
    const withKafka = (more: Place['beside']): Place => ({ ...place, beside: { ...env, ...more } });

    it('tells the receiver of a webhook what went through them', async () => {
      const told = await receiver();
      const suite = await startSuite(withKafka({}), ['--webhook-allow', '127.0.0.1', '--webhook-http', 'allowed']);
      try {
        const governance = await suite.client('governance');
        having(
          await governance.command('/v1/webhook-subscriptions', {
            ...{ address: `${told.url}/hook`, eventTypes: ['PartyRegistered'] },
          }),
          201,
        );
        having(
          await governance.command('/v1/parties', {
            ...{ kind: 'privateLegalPerson', register: 'kvk', number: freshNumber(), name: 'Test Vereniging' },
            naturalPersonsBusiness: false,
          }),
          201,
        );
        await until('the receiver was told', () => told.received.length > 0);
        const { text } = having(await (await suite.client('supplier')).get('/metrics'), 200);
        expect(text).toMatch(
          new RegExp(`^waarborg_kafka_consumer_lag\\{group="${prefix}waarborg\\.webhooks",.*\\} 0$`, 'm'),
        );
        expect(suite.lines.filter((line) => line.includes(kafka.password))).toEqual([]);
      } finally {
        await suite.stop();
        await told.close();
      }
    });

    it('does not start where the brokers refuse it, and says what to set', async () => {
      const starting = startSuite(withKafka({ KAFKA_SASL_PASSWORD_FILE: join(folder, 'wrong') }));
      const error = await starting.then(
        (suite) => suite.stop(),
        (refused: unknown) => refused,
      );
      expect(error).toBeInstanceOf(ConfigurationFault);
      expect(String(error)).toMatch(/- Kafka: the broker .* refuses the login of waarborg .*: set KAFKA_SASL_USERNAME/);
      expect(String(error)).not.toContain(WRONG);
    });

    unless(obstacle()).it('npm run relay ends where the brokers refuse it, and says what to set', async () => {
      const tools = await installation({
        ...databaseSettings(withKafka({ KAFKA_SASL_PASSWORD_FILE: join(folder, 'wrong') })),
      });
      try {
        await cp(join(place.dataDir, 'keys'), join(tools.dataDir, 'keys'), { recursive: true });
        const { status, output } = await tools.tool('relay');
        expect(output).toMatch(/Kafka: the broker .* refuses the login of waarborg .*: set KAFKA_SASL_USERNAME/);
        expect(status).toBe(1);
        expect(output).not.toMatch(new RegExp(`${WRONG}|^\\s+at `, 'm'));
      } finally {
        await tools.remove();
      }
    });
  });
});
