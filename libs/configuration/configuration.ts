import { FaultForPeople } from '#libs/kernel';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { isProxyAddress } from './trusted-proxies.js';
import { readAuthorizationServer, type AuthorizationServerSettings } from './authorization-server-settings.js';
import { BUCKET_CREDENTIALS, BUCKET_OPTIONS, readBuckets, type Buckets } from './bucket-settings.js';
import { NETWORK_USES, type NetworkUse } from './plain-hops.js';
import { KAFKA_OPTIONS, readKafka, type KafkaConfiguration } from './kafka-settings.js';
import { defaultLogOrigin, isLogName } from './log-settings.js';
import { MAIL_OPTIONS, readMail, type MailSettings } from './mail-settings.js';
import { faultsOfProduction } from './production.js';
import { readSettingsBytes } from './settings-files.js';
import { readTls, type TlsSettings } from './tls-settings.js';

export type Mode = 'development' | 'production';

/** What an installation is told at start. Read once; nothing else reads the environment. */
export interface Configuration extends Buckets {
  readonly mode: Mode;
  /** `0` = any free port. */
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  /** Place for the embedded server's own files. Absent: in `dataDir`, or where the server's user can go. Absolute. */
  readonly pgDir?: string;
  /** Absent: the embedded server in `dataDir`. */
  readonly databaseUrl?: string;
  /** The login that owns the log and brings its schema up to date. Absent: the one of `databaseUrl` does both. */
  readonly databaseOwnerUrl?: string;
  /** EventStoreDB or KurrentDB that holds the events. Absent: the register's database does. */
  readonly eventStoreUrl?: string;
  /** Absent: a second database of the embedded server. */
  readonly keyStoreUrl?: string;
  /** What callers see; never derived from a Host header. Without trailing slash. */
  readonly publicBaseUrl: string;
  /** 20 digits; identifies the participant (interfaces.md §1). */
  readonly oin: string;
  readonly participantName: string;
  /** Whom callers write to about the API, and about a vulnerability (docs/security.md); stands in the contract. */
  readonly contactEmail: string;
  /** Organization ids (`kvk:…`) and person ids of those who operate or act for the register (REG-09). */
  readonly operators: readonly string[];
  /** Names that a check's `source` may have (interfaces.md §6). Absent: the usual ones. */
  readonly checkSources?: readonly string[];
  /** Names that a check's `performedBy.system` may have. Absent: the usual ones. */
  readonly checkSystems?: readonly string[];
  /** Names of the official publications in which a mandate decision can be found. Absent: the usual ones. */
  readonly officialPublications?: readonly string[];
  /** The organization's own authorization server. Absent: the local issuer, development only. */
  readonly authorizationServer?: AuthorizationServerSettings;
  /** Gateways whose word counts on what their client has shown, by address or network. */
  readonly trustedProxies: readonly string[];
  /** What may go as plain HTTP beyond this machine in production, since the network below it encrypts. */
  readonly networkTrusted: readonly NetworkUse[];
  /** Absent: plain HTTP. */
  readonly tls?: TlsSettings;
  /** Milliseconds that a projection may lie behind and still count as ready. */
  readonly lagBoundMilliseconds: number;
  /** Milliseconds that a decision instance may answer without renewing (interfaces.md §8). */
  readonly decisionLeaseMilliseconds: number;
  /** By which answers at use are signed (LVL-14). */
  readonly answerAlgorithm: (typeof ANSWER_ALGORITHMS)[number];
  /** Port for `/metrics` only. Absent: `/metrics` is on `port` (development) or nowhere (production). */
  readonly internalPort?: number;
  /** Of a gateway: where the instances of each app answer, by the app's name. */
  readonly upstreams?: Readonly<Record<string, readonly string[]>>;
  /** Under which name the transparency log is signed. Absent: the one that it has, or one made of the public base. */
  readonly logOrigin?: string;
  /** Where the transparency log is published as files. Absolute. */
  readonly logDir: string;
  /** A tlog-policy: the witnesses of the transparency log, and how many a receipt needs. The file's bytes. Absent: none. */
  readonly logPolicy?: Uint8Array;
  /** What signs the checkpoints of the transparency log beside Ed25519. Absent: nothing. */
  readonly logSecondKey?: (typeof SECOND_LOG_KEYS)[number];
  readonly logLevel: LogLevel;
  /** Where spans are sent by OTLP over HTTP. Absent: none are taken. */
  readonly tracesEndpoint?: string;
  /** Under which name its traces are kept. Absent: that of the app. */
  readonly serviceName?: string;
  /** Absent: reactions are fed from the store, and nothing is relayed. */
  readonly kafka?: KafkaConfiguration;
  readonly webhooks: WebhookSettings;
  /** Absent: confirmations are sent by no mail. */
  readonly mail?: MailSettings;
  /**
   * From the receipt of a request until a certificate has to be revoked where it was issued, by the agreement with that
   * provider (PI4, AMB-15). Absent: electronically at once, on paper within a working day.
   */
  readonly certificateRevocationHours?: number;
  /** Folder of the files that are evidence, sealed. Absent: `evidence` in the data directory. */
  readonly evidenceDir?: string;
  /** The scanner that looks for viruses in evidence. Absent: nobody does. */
  readonly clamd?: { readonly host: string; readonly port: number };
  /** Days that a file may wait to be described and decided about, before it is destroyed. */
  readonly evidenceQuarantineDays: number;
  /** Years that things are kept from the end of what rests on them: seven or more (ARCH-10). */
  readonly retentionYears: number;
  /** Whether what was kept long enough is destroyed; else it is told that it is due. */
  readonly destroysWhatIsDue: boolean;
  /** Folder where every destruction stands as well. Absent: `destructions` in the data directory. */
  readonly destructionsDir?: string;
  /** What ids of activities stand behind in the participant's register of processing activities: a URI (LDV). */
  readonly processingActivities: string;
  /** Activities that have another name there, by the id that they have here. */
  readonly processingActivityIds: Readonly<Record<string, string>>;
  /** Of what people are told. */
  readonly confirmationLanguage: (typeof CONFIRMATION_LANGUAGES)[number];
}

/** Where webhooks may go, besides `https:` addresses of the world at large. */
export interface WebhookSettings {
  readonly allowHttp: boolean;
  /** Networks (`10.1.0.0/16`) and single numbers of the inside. */
  readonly allowed: readonly string[];
}

/** Of a participant who did not say where his register of processing activities is. */
export const DEFAULT_ACTIVITIES = 'urn:waarborg:processing-activity:';

/** No installation keeps things for less: the scheme asks for it (ARCH-10). */
const LEAST_RETENTION_YEARS = 7;

const CONFIRMATION_LANGUAGES = ['nl', 'en'] as const;

export const ANSWER_ALGORITHMS = ['ES256', 'PS256'] as const;
const SECOND_LOG_KEYS = ['ml-dsa-44'] as const;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every fault of the settings, one a line. */
export class ConfigurationFault extends FaultForPeople {
  override readonly name = 'ConfigurationFault';
  constructor(readonly faults: readonly string[]) {
    super(['The configuration has faults:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  }
}

/** Test OIN (prefix 00000099), so that an unconfigured installation can't be taken for a real participant. */
export const TEST_OIN = '00000099000000001000';
/** Nobody has an address there (RFC 2606). */
export const TEST_CONTACT = 'contact@participant.invalid';

/** Command line option → environment variable. An option wins over its variable. */
const OPTIONS: Readonly<Record<string, string>> = {
  port: 'PORT',
  // Prefixed where a shell or another tool may have set the plain name for itself.
  host: 'WAARBORG_HOST',
  'data-dir': 'DATA_DIR',
  'database-url': 'DATABASE_URL',
  'database-owner-url': 'DATABASE_OWNER_URL',
  'eventstore-url': 'EVENTSTORE_URL',
  'keystore-url': 'KEYSTORE_URL',
  'public-base-url': 'PUBLIC_BASE_URL',
  oin: 'OIN',
  'participant-name': 'PARTICIPANT_NAME',
  'contact-email': 'CONTACT_EMAIL',
  operators: 'OPERATORS',
  'check-sources': 'CHECK_SOURCES',
  'check-systems': 'CHECK_SYSTEMS',
  publications: 'PUBLICATIONS',
  mode: 'WAARBORG_MODE',
  'auth-issuer': 'AUTH_ISSUER',
  'auth-audience': 'AUTH_AUDIENCE',
  'auth-scopes-file': 'AUTH_SCOPES_FILE',
  'auth-accept-jwt-typ': 'AUTH_ACCEPT_JWT_TYP',
  'trusted-proxies': 'TRUSTED_PROXIES',
  'network-trusted': 'NETWORK_TRUSTED',
  'tls-cert-file': 'TLS_CERT_FILE',
  'tls-key-file': 'TLS_KEY_FILE',
  'tls-client-certificates': 'TLS_CLIENT_CERTIFICATES',
  'lag-bound': 'LAG_BOUND_MS',
  'decision-lease': 'DECISION_LEASE_MS',
  'answer-algorithm': 'ANSWER_ALGORITHM',
  'internal-port': 'INTERNAL_PORT',
  upstreams: 'UPSTREAMS',
  'log-origin': 'LOG_ORIGIN',
  'log-dir': 'LOG_DIR',
  'log-policy': 'LOG_POLICY',
  'log-second-key': 'LOG_SECOND_KEY',
  'log-level': 'WAARBORG_LOG_LEVEL',
  'pg-dir': 'PG_DIR',
  // The names that OpenTelemetry has for them.
  'otlp-endpoint': 'OTEL_EXPORTER_OTLP_ENDPOINT',
  'otlp-traces-endpoint': 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'service-name': 'OTEL_SERVICE_NAME',
  ...KAFKA_OPTIONS,
  'webhook-allow': 'WEBHOOK_ALLOW',
  'webhook-http': 'WEBHOOK_HTTP',
  'certificate-revocation-hours': 'CERTIFICATE_REVOCATION_HOURS',
  clamd: 'CLAMD',
  'evidence-dir': 'EVIDENCE_DIR',
  ...BUCKET_OPTIONS,
  'evidence-quarantine-days': 'EVIDENCE_QUARANTINE_DAYS',
  'retention-years': 'RETENTION_YEARS',
  'retention-destruction': 'RETENTION_DESTRUCTION',
  'destructions-dir': 'DESTRUCTIONS_DIR',
  'processing-activities': 'PROCESSING_ACTIVITIES',
  'processing-activity-ids': 'PROCESSING_ACTIVITY_IDS',
  ...MAIL_OPTIONS,
};

/** Have a test value otherwise. */
const REQUIRED_IN_PRODUCTION = ['oin', 'participant-name', 'contact-email', 'public-base-url', 'auth-issuer'];

/** Hold a password: `NAME_FILE` may name a file that holds the value instead. */
const SECRET_OPTIONS = [
  ...['database-url', 'database-owner-url', 'eventstore-url', 'keystore-url'],
  ...['kafka-sasl-password', 'smtp-url', ...BUCKET_CREDENTIALS],
];

/** The environment variables that are read: whoever writes files for others to start from holds them against these. */
export const settingVariables = (): readonly string[] => [
  ...Object.values(OPTIONS),
  ...SECRET_OPTIONS.map((option) => `${OPTIONS[option]}_FILE`),
];

/**
 * Reads the configuration from command line arguments (without node and script) and the environment.
 * Options named in `others` (`['exit']`) belong to the caller and are passed over.
 * A password that stands in `listed`, this process's own arguments, is a fault: every user of the machine can list them.
 * Throws `ConfigurationFault` with every fault at once.
 */
export function readConfiguration(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  others: readonly string[] = [],
  listed: readonly string[] = process.argv,
): Configuration {
  const faults: string[] = [];
  const given = readArguments(args, others, faults);
  const text = (option: string): string | undefined => {
    const value = given.get(option) ?? environment[OPTIONS[option]!] ?? fromFile(option);
    return value === undefined || value === '' ? undefined : value;
  };
  const fromFile = (option: string): string | undefined =>
    SECRET_OPTIONS.includes(option) ? files.get(option) : undefined;
  const files = readSecretFiles(environment, given, faults);
  const fault = (option: string, expected: string): void => {
    // A fault is printed: what may hold a password is not in it.
    const value = text(option) ?? '';
    const shown = SECRET_OPTIONS.includes(option) || /@|:\/\/|password/i.test(value) ? '' : `, not "${value}"`;
    faults.push(`--${option} (${OPTIONS[option]}) must be ${expected}${shown}`);
  };
  const number = (option: string, fallback: number, least: number, most: number): number => {
    const value = text(option);
    if (value === undefined) return fallback;
    const parsed = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    if (!(parsed >= least && parsed <= most)) fault(option, `a whole number from ${least} to ${most}`);
    return parsed;
  };
  const url = (option: string, protocols: readonly string[]): string | undefined => {
    const value = text(option);
    if (value === undefined) return undefined;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      fault(option, `a URL (${protocols.map((protocol) => `${protocol}//…`).join(' or ')})`);
    } else if (holdsPassword(new URL(value)) && listed.some((argument) => argument.includes(value))) {
      faults.push(passwordInList(option));
    }
    return value;
  };
  const eventStore = (option: string): string | undefined => {
    const value = text(option);
    if (value === undefined) return undefined;
    if (!isEventStoreUrl(value)) fault(option, 'an address (esdb://… or kurrentdb://…)');
    else if (holdsPasswordText(value) && listed.some((argument) => argument.includes(value))) {
      faults.push(passwordInList(option));
    }
    return value;
  };
  const choice = <T extends string>(option: string, allowed: readonly T[], fallback: T): T => {
    const value = text(option) ?? fallback;
    if (!(allowed as readonly string[]).includes(value)) fault(option, `one of ${allowed.join(', ')}`);
    return value as T;
  };
  const list = (option: string): readonly string[] =>
    (text(option) ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
  const names = (option: string): readonly string[] | undefined => {
    if (text(option) === undefined) return undefined;
    const entries = list(option);
    if (entries.length === 0 || !entries.every((name) => /^[A-Za-z0-9._:/-]{1,64}$/.test(name))) {
      fault(option, 'names of 1 to 64 letters, digits and . _ : / -, with commas');
    }
    return entries;
  };

  const upstreams = (): Readonly<Record<string, readonly string[]>> | undefined => {
    if (text('upstreams') === undefined) return undefined;
    const found: Record<string, string[]> = {};
    for (const entry of list('upstreams')) {
      const [, app, address = ''] = /^([a-z]+)=(https?:\/\/[^/?#@]+)\/?$/.exec(entry) ?? [];
      if (app === undefined || !URL.canParse(address)) {
        fault('upstreams', 'entries app=http://host:port with commas, an app once for each of its instances');
        return undefined;
      }
      (found[app] ??= []).push(new URL(address).origin);
    }
    return found;
  };

  const mode = choice<Mode>('mode', ['development', 'production'], 'development');
  const production = mode === 'production';
  const port = number('port', 8080, 0, 65_535);
  const internalPort = text('internal-port') === undefined ? undefined : number('internal-port', 0, 0, 65_535);
  const databaseUrl = url('database-url', ['postgres:', 'postgresql:']);
  const databaseOwnerUrl = url('database-owner-url', ['postgres:', 'postgresql:']);
  const eventStoreUrl = eventStore('eventstore-url');
  const keyStoreUrl = url('keystore-url', ['postgres:', 'postgresql:']);
  const tlsFiles = { certFile: text('tls-cert-file'), keyFile: text('tls-key-file') };
  const tls = readTls(
    { ...tlsFiles, asksForCertificates: choice('tls-client-certificates', ['none', 'ask'], 'none') === 'ask' },
    faults,
  );
  const proxies = list('trusted-proxies');
  if (!proxies.every(isProxyAddress)) fault('trusted-proxies', 'addresses or networks (10.0.0.0/8), with commas');
  const trusted = list('network-trusted');
  const networkTrusted = NETWORK_USES.filter((use) => trusted.includes(use));
  if (networkTrusted.length !== trusted.length) fault('network-trusted', `of ${NETWORK_USES.join(', ')}, with commas`);
  const authorizationServer = readAuthorizationServer(
    {
      issuer: url('auth-issuer', production ? ['https:'] : ['https:', 'http:']),
      audience: text('auth-audience'),
      scopesFile: text('auth-scopes-file'),
      acceptJwtTyp: choice('auth-accept-jwt-typ', ['true', 'false'], 'false') === 'true',
    },
    faults,
  );
  const publicBaseUrl = url('public-base-url', production ? ['https:'] : ['https:', 'http:']);
  const base = (publicBaseUrl ?? `http${tls === undefined ? '' : 's'}://localhost:${port}`).replace(/\/+$/, '');
  const logOrigin = text('log-origin');
  const nameable = '1 to 255 bytes without blanks and plus signs';
  if (logOrigin !== undefined && !isLogName(logOrigin)) fault('log-origin', nameable);
  if (logOrigin === undefined && URL.canParse(base) && !isLogName(defaultLogOrigin(base, ''))) {
    faults.push(`--log-origin (LOG_ORIGIN) is needed: the public base can not name a log (${nameable})`);
  }
  const logPolicyFile = text('log-policy');
  const logPolicy =
    logPolicyFile === undefined
      ? undefined
      : readSettingsBytes('--log-policy (LOG_POLICY)', resolve(logPolicyFile), 'gives-rights', faults);
  const logSecondKey = choice('log-second-key', ['none', ...SECOND_LOG_KEYS], 'none');
  const dataDir = resolve(text('data-dir') ?? './data');
  const checkSources = names('check-sources');
  const checkSystems = names('check-systems');
  const officialPublications = names('publications');
  const otlp = url('otlp-endpoint', ['https:', 'http:']);
  const tracesEndpoint =
    url('otlp-traces-endpoint', ['https:', 'http:']) ?? (otlp && `${otlp.replace(/\/+$/, '')}/v1/traces`);
  const serviceName = text('service-name');
  if (serviceName !== undefined && !/^[A-Za-z0-9._-]{1,64}$/.test(serviceName))
    fault('service-name', '1 to 64 letters, digits and . _ -');
  const instances = upstreams();
  const allowed = list('webhook-allow');
  if (!allowed.every(isNetwork)) fault('webhook-allow', 'networks such as 10.1.0.0/16, or single numbers, with commas');
  const oin = text('oin') ?? TEST_OIN;
  if (!/^\d{20}$/.test(oin)) fault('oin', '20 digits');
  const contactEmail = text('contact-email') ?? TEST_CONTACT;
  if (!/^[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}$/i.test(contactEmail))
    fault('contact-email', 'an address of e-mail');
  if (databaseOwnerUrl !== undefined && databaseUrl === undefined) {
    faults.push('--database-owner-url names the owner of the database of --database-url, which is not given');
  }
  if (databaseUrl !== undefined && databaseUrl === keyStoreUrl) {
    faults.push('--keystore-url must name another database than --database-url: keys and data are kept apart');
  }
  const clamd = scannerAt(text('clamd'), () => fault('clamd', 'host:port'));
  const mail = readMail(url('smtp-url', ['smtp:', 'smtps:']), { text, number, fault }, production);
  const kafka = readKafka({ text, list, number, fault }, production, faults);
  const buckets = readBuckets({ text, fault }, production, faults);
  for (const option of ['kafka-sasl-password', ...BUCKET_CREDENTIALS]) {
    const onLine = given.get(option);
    if (onLine !== undefined && [onLine, `--${option}=${onLine}`].some((each) => listed.includes(each))) {
      faults.push(passwordInList(option));
    }
  }
  if (production) {
    for (const option of REQUIRED_IN_PRODUCTION) {
      if (text(option) === undefined) faults.push(`--${option} (${OPTIONS[option]}) is required in production mode`);
    }
  }
  const processingActivities = text('processing-activities') ?? DEFAULT_ACTIVITIES;
  if (!/^(?:urn:|https?:\/\/)[\x21-\x7e]{1,300}[:/#=]$/.test(processingActivities)) {
    fault('processing-activities', 'the begin of a URI (https://… or urn:…) that ends in : / # or =');
  }
  const activityIds = list('processing-activity-ids').map((entry) => entry.split('=') as [string, string]);
  if (
    !activityIds.every((entry) => entry.length === 2 && entry.every((part) => /^[A-Za-z0-9._~-]{1,100}$/.test(part)))
  ) {
    fault('processing-activity-ids', 'entries id=name with commas, such as audit-1=17.3');
  }
  const configuration: Configuration = {
    mode,
    port,
    host: text('host') ?? '127.0.0.1',
    dataDir,
    publicBaseUrl: base,
    oin,
    participantName: text('participant-name') ?? 'Test participant',
    contactEmail,
    operators: list('operators'),
    lagBoundMilliseconds: number('lag-bound', 5_000, 100, 600_000),
    decisionLeaseMilliseconds: number('decision-lease', 2_000, 100, 60_000),
    answerAlgorithm: choice('answer-algorithm', ANSWER_ALGORITHMS, 'ES256'),
    ...(logOrigin === undefined ? {} : { logOrigin }),
    logDir: resolve(text('log-dir') ?? join(dataDir, 'log')),
    ...(logPolicy === undefined ? {} : { logPolicy }),
    ...(logSecondKey === 'none' ? {} : { logSecondKey }),
    logLevel: choice('log-level', LOG_LEVELS, 'info'),
    ...(serviceName === undefined ? {} : { serviceName }),
    ...(tracesEndpoint === undefined ? {} : { tracesEndpoint }),
    webhooks: { allowHttp: choice('webhook-http', ['refused', 'allowed'], 'refused') === 'allowed', allowed },
    ...(text('pg-dir') === undefined ? {} : { pgDir: resolve(text('pg-dir')!) }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(databaseOwnerUrl === undefined ? {} : { databaseOwnerUrl }),
    ...(eventStoreUrl === undefined ? {} : { eventStoreUrl }),
    ...(keyStoreUrl === undefined ? {} : { keyStoreUrl }),
    ...(authorizationServer === undefined ? {} : { authorizationServer }),
    trustedProxies: proxies.filter(isProxyAddress),
    networkTrusted,
    ...(tls === undefined ? {} : { tls }),
    ...(checkSources === undefined ? {} : { checkSources }),
    ...(checkSystems === undefined ? {} : { checkSystems }),
    ...(officialPublications === undefined ? {} : { officialPublications }),
    ...(internalPort === undefined ? {} : { internalPort }),
    ...(instances === undefined ? {} : { upstreams: instances }),
    ...(kafka === undefined ? {} : { kafka }),
    ...(mail === undefined ? {} : { mail }),
    ...buckets,
    ...(text('certificate-revocation-hours') === undefined
      ? {}
      : { certificateRevocationHours: number('certificate-revocation-hours', 1, 1, 720) }),
    ...(text('evidence-dir') === undefined ? {} : { evidenceDir: resolve(text('evidence-dir')!) }),
    ...(clamd === undefined ? {} : { clamd }),
    evidenceQuarantineDays: number('evidence-quarantine-days', 28, 1, 90),
    retentionYears: number('retention-years', LEAST_RETENTION_YEARS, LEAST_RETENTION_YEARS, 30),
    destroysWhatIsDue: choice('retention-destruction', ['off', 'on'], 'off') === 'on',
    ...(text('destructions-dir') === undefined ? {} : { destructionsDir: resolve(text('destructions-dir')!) }),
    processingActivities,
    processingActivityIds: Object.fromEntries(activityIds),
    confirmationLanguage: choice('confirmation-language', CONFIRMATION_LANGUAGES, 'nl'),
  };
  if (production) faults.push(...faultsOfProduction(configuration, environment));
  if (faults.length > 0) throw new ConfigurationFault(faults);
  return configuration;
}

function scannerAt(
  value: string | undefined,
  fault: () => void,
): { readonly host: string; readonly port: number } | undefined {
  if (value === undefined) return undefined;
  const [, host, port] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value) ?? [];
  if (host === undefined || !(Number(port) >= 1 && Number(port) <= 65_535)) {
    fault();
    return undefined;
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** `--name value` and `--name=value`. What is not understood is a fault, never passed over. */
function readArguments(args: readonly string[], others: readonly string[], faults: string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[at]!);
    if (match === null) {
      // Not quoted where it may be an address with its password.
      const shown = /^[\w.-]{1,40}$/.test(args[at]!) ? `"${args[at]}"` : `argument ${at + 1}`;
      faults.push(`${shown} is not understood: options have the form --name value`);
      continue;
    }
    const name = match[1]!;
    if (others.includes(name)) continue;
    if (!Object.hasOwn(OPTIONS, name)) {
      faults.push(
        `--${name} is not known; known are ${[...Object.keys(OPTIONS), ...others].map((option) => `--${option}`).join(' ')}`,
      );
      // Its value, if any, is not an option of its own.
      if (match[2] === undefined && args[at + 1] !== undefined && !args[at + 1]!.startsWith('--')) at++;
      continue;
    }
    if (given.has(name)) faults.push(`--${name} is given twice`);
    const value = match[2] ?? args[at + 1];
    if (value === undefined || (match[2] === undefined && value.startsWith('--'))) {
      faults.push(`--${name} needs a value`);
      continue;
    }
    if (match[2] === undefined) at++;
    given.set(name, value);
  }
  return given;
}

/** What stands in the files that `…_FILE` variables name, by option; without the line's end. */
function readSecretFiles(
  environment: Readonly<Record<string, string | undefined>>,
  given: ReadonlyMap<string, string>,
  faults: string[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const option of SECRET_OPTIONS) {
    const variable = OPTIONS[option]!;
    const path = environment[`${variable}_FILE`];
    if (path === undefined || path === '') continue;
    if (given.has(option) || (environment[variable] ?? '') !== '') {
      faults.push(`${variable} and ${variable}_FILE are both given: one of them`);
      continue;
    }
    try {
      found.set(option, readFileSync(path, 'utf8').trim());
    } catch (error) {
      faults.push(`${variable}_FILE names ${path}, which can't be read (${(error as NodeJS.ErrnoException).code})`);
      continue;
    }
    if (found.get(option) === '') faults.push(`${variable}_FILE names ${path}, which is empty`);
  }
  return found;
}

/** Such an address may name several servers, so that it is no URL to every parser. */
export const isEventStoreUrl = (text: string): boolean => /^(esdb|kurrentdb)(\+discover)?:\/\/[^\s/?]+/.test(text);

export const holdsPasswordText = (text: string): boolean => /^[a-z+]+:\/\/[^/?@]*:[^/?@]*@/.test(text);

const passwordInList = (option: string): string =>
  `--${option} holds a password, which everybody on this machine can read in the list of processes: give it as ` +
  (SECRET_OPTIONS.includes(option)
    ? `${OPTIONS[option]}, or in a file named by ${OPTIONS[option]}_FILE`
    : OPTIONS[option]);

const holdsPassword = (url: URL): boolean => url.password !== '' || url.searchParams.has('password');

/** A number of a network, or a network by how many of its bits are fixed. */
function isNetwork(text: string): boolean {
  const [number, bits, ...more] = text.split('/') as [string, ...string[]];
  const family = isIP(number);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
