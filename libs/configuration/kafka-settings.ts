import { X509Certificate } from 'node:crypto';
import { readSettingsFile } from './settings-files.js';
import { readPair } from './tls-settings.js';

/** Brokers that events are relayed to, and that reactions read (docs/kafka.md). */
export interface KafkaConfiguration {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** In front of the names of topics, groups and transactions; may be empty. */
  readonly prefix: string;
  /** Of each topic. For ever. */
  readonly partitions: number;
  /** Copies of each partition. Absent: three, or as many as there are brokers. */
  readonly replication?: number;
  /** Absent: plain text. */
  readonly tls?: KafkaTls;
  /** Set where `tls` has to be for brokers beyond this machine, those included that brokers tell of. */
  readonly hereOnly?: boolean;
  /** Absent: none by name; a certificate of `tls` may be one. */
  readonly login?: KafkaLogin;
}

/** All of it PEM. */
export interface KafkaTls {
  /** Whom a broker's certificate has to come from. Absent: a public authority. */
  readonly authorities?: string;
  /** Our own certificate, then those between it and its root, with its key. Absent: none is shown. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

export interface KafkaLogin {
  readonly mechanism: KafkaMechanism;
  readonly username: string;
  readonly password: string;
}

export const KAFKA_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type KafkaMechanism = (typeof KAFKA_MECHANISMS)[number];

/** What reads one setting, and tells what is wrong with it. */
export interface SettingReader {
  text(option: string): string | undefined;
  list(option: string): readonly string[];
  number(option: string, fallback: number, least: number, most: number): number;
  fault(option: string, expected: string): void;
}

/** Command line option → environment variable. */
export const KAFKA_OPTIONS = {
  'kafka-brokers': 'KAFKA_BROKERS',
  'kafka-prefix': 'KAFKA_PREFIX',
  'kafka-partitions': 'KAFKA_PARTITIONS',
  'kafka-replication': 'KAFKA_REPLICATION',
  'kafka-tls': 'KAFKA_TLS',
  'kafka-tls-ca-file': 'KAFKA_TLS_CA_FILE',
  'kafka-tls-cert-file': 'KAFKA_TLS_CERT_FILE',
  'kafka-tls-key-file': 'KAFKA_TLS_KEY_FILE',
  'kafka-sasl-mechanism': 'KAFKA_SASL_MECHANISM',
  'kafka-sasl-username': 'KAFKA_SASL_USERNAME',
  'kafka-sasl-password': 'KAFKA_SASL_PASSWORD',
} as const;

export function readKafka(
  reader: SettingReader,
  production: boolean,
  faults: string[],
): KafkaConfiguration | undefined {
  const { text, list, number, fault } = reader;
  const brokers = list('kafka-brokers');
  if (text('kafka-brokers') === undefined) {
    for (const option of Object.keys(KAFKA_OPTIONS)) {
      if (text(option) !== undefined) fault(option, 'left out without --kafka-brokers');
    }
    return undefined;
  }
  if (brokers.some((broker) => broker.startsWith('['))) {
    fault(
      'kafka-brokers',
      'by name or by a number of IPv4: its client takes what is before the first colon for the host',
    );
  } else if (brokers.length === 0 || !brokers.every(isBroker)) fault('kafka-brokers', 'host:port, with commas');
  const prefix = text('kafka-prefix') ?? '';
  if (!/^[A-Za-z0-9._-]{0,100}$/.test(prefix)) fault('kafka-prefix', 'at most 100 letters, digits and . _ -');
  const replication = text('kafka-replication') === undefined ? undefined : number('kafka-replication', 3, 1, 9);
  const tls = readKafkaTls(reader, faults);
  const login = readLogin(reader, faults);
  return {
    ...{ brokers, prefix, partitions: number('kafka-partitions', 12, 1, 1_000) },
    ...(replication === undefined ? {} : { replication }),
    ...(tls === undefined ? {} : { tls }),
    ...(tls === undefined && production ? { hereOnly: true } : {}),
    ...(login === undefined ? {} : { login }),
  };
}

const isBroker = (text: string): boolean => {
  const port = Number(/^[A-Za-z0-9.-]+:(\d{1,5})$/.exec(text)?.[1] ?? 0);
  return port >= 1 && port <= 65_535;
};

function readKafkaTls({ text, fault }: SettingReader, faults: string[]): KafkaTls | undefined {
  const wanted = text('kafka-tls') ?? 'false';
  if (wanted !== 'true' && wanted !== 'false') fault('kafka-tls', 'true or false');
  const files = {
    KAFKA_TLS_CA_FILE: text('kafka-tls-ca-file'),
    KAFKA_TLS_CERT_FILE: text('kafka-tls-cert-file'),
    KAFKA_TLS_KEY_FILE: text('kafka-tls-key-file'),
  };
  if (wanted !== 'true') {
    for (const [variable, path] of Object.entries(files)) {
      if (path !== undefined) faults.push(`${variable} is for brokers that are spoken to with TLS: set KAFKA_TLS=true`);
    }
    return undefined;
  }
  const { KAFKA_TLS_CA_FILE: caFile, KAFKA_TLS_CERT_FILE: certFile, KAFKA_TLS_KEY_FILE: keyFile } = files;
  const authorities = caFile === undefined ? undefined : readAuthorities(caFile, faults);
  let client: KafkaTls['client'];
  if (certFile === undefined || keyFile === undefined) {
    if (certFile !== keyFile)
      faults.push('KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE belong together: set both, or neither');
  } else {
    const settings = { certificate: 'KAFKA_TLS_CERT_FILE', key: 'KAFKA_TLS_KEY_FILE' };
    client = readPair(settings, certFile, keyFile, faults);
  }
  return {
    ...(authorities === undefined ? {} : { authorities }),
    ...(client === undefined ? {} : { client }),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Whoever could write that file could be a broker. */
function readAuthorities(path: string, faults: string[]): string | undefined {
  const text = readSettingsFile('KAFKA_TLS_CA_FILE', path, 'gives-rights', faults);
  if (text === undefined) return undefined;
  const ends: string[] = [];
  try {
    for (const [each] of text.matchAll(CERTIFICATE)) ends.push(new X509Certificate(each).validTo);
  } catch {
    ends.length = 0;
  }
  if (ends.length === 0) {
    faults.push(`KAFKA_TLS_CA_FILE names ${path}, which holds no certificates (PEM)`);
  } else if (ends.every((end) => Date.parse(end) < Date.now())) {
    faults.push(`KAFKA_TLS_CA_FILE names ${path}, which was valid until ${ends.at(-1)}: renew it`);
  }
  return text;
}

function readLogin({ text, fault }: SettingReader, faults: string[]): KafkaLogin | undefined {
  const given = {
    KAFKA_SASL_MECHANISM: text('kafka-sasl-mechanism')?.toLowerCase(),
    KAFKA_SASL_USERNAME: text('kafka-sasl-username'),
    KAFKA_SASL_PASSWORD: text('kafka-sasl-password'),
  };
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = given;
  const missing = Object.entries(given).flatMap(([variable, value]) => (value === undefined ? [variable] : []));
  if (missing.length > 0 && missing.length < 3) {
    faults.push(
      `${Object.keys(given).join(', ')} belong together: set ${missing.join(' and ')} as well, or none of them`,
    );
  }
  const known = KAFKA_MECHANISMS.find((each) => each === mechanism);
  if (mechanism !== undefined && known === undefined)
    fault('kafka-sasl-mechanism', `one of ${KAFKA_MECHANISMS.join(', ')}`);
  return known === undefined || username === undefined || password === undefined
    ? undefined
    : { mechanism: known, username, password };
}
