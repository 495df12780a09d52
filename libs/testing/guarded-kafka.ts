import type { AclEntry } from 'kafkajs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaListener } from '#libs/embedded';
import { testAuthority, type TestAuthority, type TestCertificate } from './certificates.js';
import { until } from './until.js';

/** A broker that asks who comes, and lets nobody do what was not granted. */
export interface GuardedKafka {
  /** In plain text and without a login, with every right: for what a test prepares. */
  readonly open: string;
  /** TLS and a login: PLAIN and both forms of SCRAM. */
  readonly login: string;
  /** TLS that asks for a certificate of `authority`; its name is the user. */
  readonly certificate: string;
  /** TLS and a login, with a certificate for another host. */
  readonly misnamed: string;
  readonly authority: TestAuthority;
  /** Of every user that has a login. */
  readonly password: string;
  /** A certificate that makes its holder this user. */
  certificateOf(user: string): TestCertificate;
  /** Resolves once it is in force. */
  grant(entries: readonly AclEntry[]): Promise<void>;
  stop(): Promise<void>;
}

/** One user that comes by a login, and one that comes by PLAIN only. */
export const GUARDED_USERS = { scram: 'waarborg', plain: 'waarborg-plain' } as const;

export interface GuardedKafkaOptions {
  /** A login has to be renewed after so long (milliseconds). Absent: it holds for the connection. */
  readonly session?: number;
}

export async function guardedKafka({ session }: GuardedKafkaOptions = {}): Promise<GuardedKafka> {
  // Loaded by the few specs that start one.
  const [{ default: kafkajs }, { freePort, kafkaJars, startEmbeddedKafka }] = [
    await import('kafkajs'),
    await import('#libs/embedded'),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-kafka-guarded-'));
  const authority = testAuthority();
  const password = 'correct horse battery staple';
  const pem = async (name: string, ...parts: readonly string[]): Promise<string> => {
    const path = join(folder, `${name}.pem`);
    await writeFile(path, parts.join(''), { mode: 0o600 });
    return path;
  };
  const own = authority.issue(['127.0.0.1', 'localhost']);
  const other = authority.issue(['kafka.elsewhere.example']);
  const stores = {
    own: await pem('own', own.key, own.certificate),
    other: await pem('other', other.key, other.certificate),
    trusted: await pem('trusted', authority.certificate),
  };
  const [login, certificate, misnamed] = [await freePort(), await freePort(), await freePort()];
  const listeners: readonly KafkaListener[] = [
    { name: 'LOGIN', protocol: 'SASL_SSL', port: login },
    { name: 'CERTIFICATE', protocol: 'SSL', port: certificate },
    { name: 'MISNAMED', protocol: 'SASL_SSL', port: misnamed },
  ];
  const tls = (store: string): Readonly<Record<string, string>> => ({
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': store,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': stores.trusted,
  });
  const ofListener = (name: string, properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(properties).map(([key, value]) => [`listener.name.${name}.${key}`, value]));
  const logins = {
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${GUARDED_USERS.plain}="${password}";`,
    'scram-sha-256.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    ...(session === undefined ? {} : { 'connections.max.reauth.ms': String(session) }),
  };
  const kafka = await startEmbeddedKafka({
    dataDir: join(folder, 'data'),
    jars: await kafkaJars('deploy/kafka/pom.xml'),
    listeners,
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      ...ofListener('login', { ...tls(stores.own), ...logins }),
      ...ofListener('misnamed', { ...tls(stores.other), ...logins }),
      ...ofListener('certificate', {
        ...tls(stores.own),
        'ssl.client.auth': 'required',
        'ssl.principal.mapping.rules': 'RULE:^CN=(.*?)$/$1/,DEFAULT',
      }),
    },
    scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `${mechanism}=[name=${GUARDED_USERS.scram},password="${password}"]`,
    ),
  });
  const admin = new kafkajs.Kafka({
    ...{ brokers: [...kafka.brokers], clientId: 'test', logLevel: kafkajs.logLevel.NOTHING },
  }).admin();
  await admin.connect();
  return {
    open: kafka.brokers[0]!,
    login: `127.0.0.1:${login}`,
    certificate: `127.0.0.1:${certificate}`,
    misnamed: `127.0.0.1:${misnamed}`,
    ...{ authority, password },
    certificateOf: (user) => authority.issue([user]),
    async grant(entries) {
      await admin.createAcls({ acl: [...entries] });
      // The broker learns of it from the log of its cluster.
      for (const entry of entries) {
        await until('it is granted', async () => (await admin.describeAcls(entry)).resources.length > 0);
      }
    },
    async stop() {
      await admin.disconnect();
      await kafka.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
