import { trustsTooMany } from './trusted-proxies.js';
import type { KafkaConfiguration } from './kafka-settings.js';
import { isLoopback } from './loopback.js';
import type { MailSettings } from './mail-settings.js';
import { faultsOfPlainHops, type PlainHops } from './plain-hops.js';
import { strangersMay } from './settings-files.js';
import type { TlsSettings } from './tls-settings.js';

/** What production mode looks at besides. */
export interface ProductionSettings extends PlainHops {
  readonly host: string;
  readonly tls?: TlsSettings;
  readonly trustedProxies: readonly string[];
  readonly databaseUrl?: string;
  readonly databaseOwnerUrl?: string;
  readonly keyStoreUrl?: string;
  readonly eventStoreUrl?: string;
  readonly kafka?: KafkaConfiguration;
  readonly mail?: MailSettings;
  readonly clamd?: { readonly host: string };
}

/** What production mode asks for besides, of settings that are right one by one. */
export function faultsOfProduction(
  configuration: ProductionSettings,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const { host, tls, trustedProxies, databaseUrl, databaseOwnerUrl, keyStoreUrl } = configuration;
  const faults: string[] = [];
  if (!isLoopback(host) && tls === undefined && trustedProxies.length === 0) {
    faults.push(
      `plain HTTP at ${host} could be read on the way: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES with the ` +
        'addresses of the gateway that ends TLS, or WAARBORG_HOST=127.0.0.1',
    );
  }
  if (trustsTooMany(trustedProxies)) {
    faults.push(
      'TRUSTED_PROXIES holds more addresses than gateways can have (as many as a network of /7, or /31 with IPv6, all ' +
        'together), and whoever connects from one can show any certificate: name the gateways, or their own network',
    );
  }
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    faults.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 takes any certificate of any server: leave it out, and name the authority of ' +
        'your own in NODE_EXTRA_CA_CERTS',
    );
  }
  if (configuration.clamd !== undefined && !isLoopback(configuration.clamd.host)) {
    faults.push(
      `CLAMD names ${configuration.clamd.host}, and clamd reads files over plain TCP, by which copies of identity documents ` +
        'could be read on the way: run it on this machine, or in the same pod',
    );
  }
  faults.push(...faultsOfPlainHops(configuration, environment));
  for (const [variable, url] of Object.entries({
    DATABASE_URL: databaseUrl,
    DATABASE_OWNER_URL: databaseOwnerUrl,
    KEYSTORE_URL: keyStoreUrl,
  })) {
    if (url === undefined || !URL.canParse(url)) continue;
    faults.push(...faultsOfDatabase(variable, new URL(url), environment), ...faultsOfFile(variable, environment));
  }
  const { eventStoreUrl, kafka, mail } = configuration;
  if (eventStoreUrl !== undefined) {
    faults.push(...faultsOfEventStore(eventStoreUrl), ...faultsOfFile('EVENTSTORE_URL', environment));
  }
  if (kafka !== undefined) faults.push(...faultsOfKafka(kafka), ...faultsOfFile('KAFKA_SASL_PASSWORD', environment));
  if (mail !== undefined) faults.push(...faultsOfMail(mail), ...faultsOfFile('SMTP_URL', environment));
  for (const variable of ['EVIDENCE_STORE_CREDENTIALS', 'LOG_BUCKET_CREDENTIALS']) {
    faults.push(...faultsOfFile(variable, environment));
  }
  return faults;
}

/** Never quotes the address: it may hold a password. TLS beyond this machine is demanded when it connects. */
function faultsOfMail({ url }: MailSettings): readonly string[] {
  return NO_SECRET.test(decoded(new URL(url).password))
    ? ['SMTP_URL has a password that everybody knows: set one of its own in the server']
    : [];
}

function faultsOfFile(variable: string, environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const path = environment[`${variable}_FILE`];
  const fault = path === undefined || path === '' ? undefined : strangersMay(`${variable}_FILE`, path, 'secret');
  return fault === undefined ? [] : [fault];
}

/** As the clients read it: several servers with commas, and in a password any sign but `@`. */
const EVENT_STORE = /^[a-z]+(\+discover)?:\/\/(?:([^:]+):([^@]+)@)?([^/?]*)(.*)$/s;
/** Every server begins with it, for `admin` and `ops`. */
const FIRST_PASSWORD = 'changeit';

/** Never quotes the address: it may hold a password. */
function faultsOfEventStore(url: string): readonly string[] {
  const [, discover, , password = '', hosts = '', options = ''] = EVENT_STORE.exec(url.trim()) ?? [];
  const faults: string[] = [];
  if (NO_SECRET.test(decoded(password)) || decoded(password) === FIRST_PASSWORD) {
    faults.push('EVENTSTORE_URL has a password that everybody knows: set one of its own in the server');
  }
  const isHere = discover === undefined && hosts.split(',').every((host) => isLoopback(host.replace(/:\d+$/, '')));
  // In any spelling: the clients take several.
  if (!isHere && /[?&]\s*t[_-]*l[_-]*s[_-]*(?:v[^=&]*)?=\s*false/i.test(options)) {
    faults.push(
      'EVENTSTORE_URL names a server beyond this machine without TLS that is sure of it: leave out tls=false and ' +
        'tlsVerifyCert=false (tlsCAFile=FILE where the certificate is not of a public authority)',
    );
  }
  return faults;
}

/** Who can write to a topic tells webhooks what to say in our name. */
function faultsOfKafka({ brokers, tls, login }: KafkaConfiguration): readonly string[] {
  const faults: string[] = [];
  if (login !== undefined && NO_SECRET.test(login.password)) {
    faults.push('KAFKA_SASL_PASSWORD is a password that everybody knows: set one of its own at the brokers');
  }
  if (brokers.every((broker) => isLoopback(broker.replace(/:\d+$/, '')))) return faults;
  if (tls === undefined) {
    faults.push(
      'KAFKA_BROKERS names a broker beyond this machine that is spoken to in plain text: set KAFKA_TLS=true (and ' +
        'KAFKA_TLS_CA_FILE where its certificate is not of a public authority), and name its listener with TLS',
    );
  }
  if (login === undefined && tls?.client === undefined) {
    faults.push(
      'KAFKA_BROKERS names a broker beyond this machine that anybody may write to: set KAFKA_SASL_MECHANISM, ' +
        'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, or KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE',
    );
  }
  return faults;
}

/** Passwords of the files that come along for trying things out begin so. */
const NO_SECRET = /^not-a-secret/;
/** The driver lets these turn TLS off, or take any certificate, behind the back of `sslmode`. */
const UNDOING = ['ssl', 'sslnegotiation', 'uselibpqcompat'];

/** Never quotes the address: it may hold a password. */
function faultsOfDatabase(
  variable: string,
  url: URL,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const faults: string[] = [];
  const parameters = url.searchParams;
  const password = parameters.get('password') ?? decoded(url.password);
  if (NO_SECRET.test(password)) {
    faults.push(`${variable} has a password that everybody knows: set one of its own in the server`);
  }
  // In this order by the driver.
  const host = parameters.getAll('host').at(-1) ?? (decoded(url.hostname) || (environment['PGHOST'] ?? 'localhost'));
  // A path is a socket of this machine.
  if (host.startsWith('/') || isLoopback(host)) return faults;
  const modes = parameters.getAll('sslmode');
  if (modes.length !== 1 || modes[0] !== 'verify-full' || UNDOING.some((name) => parameters.has(name))) {
    faults.push(
      `${variable} names a server beyond this machine without TLS that is sure of it: add sslmode=verify-full ` +
        '(and sslrootcert=FILE where the certificate is not of a public authority), and nothing else about TLS',
    );
  }
  return faults;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
