import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigurationFault, readConfiguration, TEST_CONTACT, TEST_OIN } from './configuration.js';
import { defaultLogOrigin } from './log-settings.js';

const faultsOf = (
  args: string[],
  environment: Record<string, string> = {},
  listed: readonly string[] = [],
): readonly string[] => {
  try {
    readConfiguration(args, environment, [], listed);
  } catch (error) {
    if (error instanceof ConfigurationFault) return error.faults;
    throw error;
  }
  return [];
};

describe('configuration', () => {
  it('works without any setting, for a participant that can not be real', () => {
    expect(readConfiguration([], {})).toEqual({
      mode: 'development',
      port: 8080,
      host: '127.0.0.1',
      dataDir: resolve('./data'),
      logDir: resolve('./data/log'),
      publicBaseUrl: 'http://localhost:8080',
      retentionYears: 7,
      processingActivities: 'urn:waarborg:processing-activity:',
      processingActivityIds: {},
      destroysWhatIsDue: false,
      oin: TEST_OIN,
      participantName: 'Test participant',
      contactEmail: TEST_CONTACT,
      operators: [],
      trustedProxies: [],
      networkTrusted: [],
      lagBoundMilliseconds: 5_000,
      decisionLeaseMilliseconds: 2_000,
      answerAlgorithm: 'ES256',
      logLevel: 'info',
      webhooks: { allowHttp: false, allowed: [] },
      evidenceQuarantineDays: 28,
      confirmationLanguage: 'nl',
    });
  });

  it('is refused with every fault of it, one a line', () => {
    const [first, second] = faultsOf(['--port', 'x', '--mode', 'y']);
    expect(() => readConfiguration(['--port', 'x', '--mode', 'y'], {})).toThrow(
      new ConfigurationFault([first!, second!]),
    );
    expect(new ConfigurationFault(['one', 'two']).message).toBe('The configuration has faults:\n  - one\n  - two');
  });

  it('lets webhooks go where it says, in networks and single numbers', () => {
    const given = { WEBHOOK_ALLOW: '10.1.0.0/16, 127.0.0.1,fd00::/8,::1,0.0.0.0/0', WEBHOOK_HTTP: 'allowed' };
    expect(readConfiguration([], given).webhooks).toEqual({
      allowHttp: true,
      allowed: ['10.1.0.0/16', '127.0.0.1', 'fd00::/8', '::1', '0.0.0.0/0'],
    });
    for (const network of ['10.0.0.0/33', '10.0.0/8', 'example.org', '::/129', '10.0.0.0/8/8', '10.0.0.0/', '::1/-1']) {
      expect([network, faultsOf(['--webhook-allow', network]).length]).toEqual([network, 1]);
    }
    expect(faultsOf(['--webhook-http', 'yes'])).toHaveLength(1);
  });

  it('gives a certificate as many hours at its provider as it says, and none of its own (AMB-15)', () => {
    expect(readConfiguration([], {})).not.toHaveProperty('certificateRevocationHours');
    const given = { CERTIFICATE_REVOCATION_HOURS: '4' };
    expect(readConfiguration([], given)).toMatchObject({ certificateRevocationHours: 4 });
    for (const hours of ['0', '721', '1.5', 'soon'])
      expect(faultsOf(['--certificate-revocation-hours', hours])).toHaveLength(1);
  });

  it('keeps things for seven years or longer, and for less by no setting (ARCH-10)', () => {
    expect(readConfiguration([], {})).toMatchObject({ retentionYears: 7 });
    expect(readConfiguration(['--retention-years', '10'], {})).toMatchObject({ retentionYears: 10 });
    for (const years of ['6', '0', '6.9', 'none']) {
      expect(faultsOf([], { RETENTION_YEARS: years })).toEqual([expect.stringContaining('from 7 to 30')]);
    }
    expect(readConfiguration([], { DESTRUCTIONS_DIR: '/srv/gone' })).toMatchObject({ destructionsDir: '/srv/gone' });
  });

  it('says where its processing activities are described, by a URI and names of its own', () => {
    const given = {
      PROCESSING_ACTIVITIES: 'https://participant.example/avg/',
      PROCESSING_ACTIVITY_IDS: 'audit-1=17.3',
    };
    expect(readConfiguration([], given)).toMatchObject({
      ...{ processingActivities: 'https://participant.example/avg/', processingActivityIds: { 'audit-1': '17.3' } },
    });
    for (const base of ['https://participant.example/avg', 'avg/', 'javascript:alert(1)/', 'https://a b/']) {
      expect([base, faultsOf(['--processing-activities', base]).length]).toEqual([base, 1]);
    }
    for (const ids of ['audit-1', 'audit-1=', 'audit-1=a=b', 'audit-1=a b']) {
      expect([ids, faultsOf(['--processing-activity-ids', ids]).length]).toEqual([ids, 1]);
    }
  });

  it('destroys what is due where that is said, and not by itself', () => {
    expect(readConfiguration([], {})).toMatchObject({ destroysWhatIsDue: false });
    expect(readConfiguration([], { RETENTION_DESTRUCTION: 'on' })).toMatchObject({ destroysWhatIsDue: true });
    expect(faultsOf([], { RETENTION_DESTRUCTION: 'yes' })).toHaveLength(1);
  });

  it('names the log by its address, on loopback by the store, unless a setting does', () => {
    const named = (base: string): string =>
      defaultLogOrigin(readConfiguration(['--public-base-url', base], {}).publicBaseUrl, 's-1');
    expect(named('https://register.example/')).toBe('register.example/log');
    expect(named('https://register.example:8443/of/us')).toBe('register.example:8443/of/us/log');
    for (const base of ['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:9']) {
      expect(named(base)).toBe('waarborg.invalid/s-1/log');
    }
    expect(readConfiguration(['--data-dir', '/srv/w'], {})).toMatchObject({ logDir: '/srv/w/log' });
    expect(readConfiguration(['--data-dir', '/srv/w'], {})).not.toHaveProperty('logOrigin');
    const given = { LOG_ORIGIN: 'transparency.example/eh', LOG_DIR: '/srv/log' };
    expect(readConfiguration([], given)).toMatchObject({ logOrigin: given.LOG_ORIGIN, logDir: '/srv/log' });
    for (const origin of ['a b', 'a+b', 'a\tb', 'x'.repeat(256)]) {
      expect(faultsOf([], { LOG_ORIGIN: origin })).toEqual([expect.stringContaining('1 to 255 bytes')]);
    }
    for (const base of ['https://register.example/a+b', `https://register.example/${'x'.repeat(240)}`]) {
      expect(faultsOf(['--public-base-url', base])).toEqual([expect.stringContaining('LOG_ORIGIN) is needed')]);
      expect(faultsOf(['--public-base-url', base, '--log-origin', 'register.example/log'])).toEqual([]);
    }
  });

  it('hands mail to the server that it names, from the address that it names', () => {
    const given = { SMTP_URL: 'smtps://register:geheim@mail.example', MAIL_FROM: 'register@supplier.example' };
    expect(readConfiguration(['--confirmation-language', 'en'], given)).toMatchObject({
      mail: { url: given.SMTP_URL, tls: 'offered', from: given.MAIL_FROM, timeLimit: 60_000 },
      confirmationLanguage: 'en',
    });
    expect(readConfiguration([], { ...given, SMTP_URL: 'smtp://127.0.0.1:1025' }).mail).toMatchObject({ tls: 'none' });
    expect(readConfiguration([], { ...given, MAIL_TIME_LIMIT: '5000' }).mail).toMatchObject({ timeLimit: 5_000 });
    expect(faultsOf([], { ...given, MAIL_TIME_LIMIT: '5' })).toHaveLength(1);
    for (const [url, faults] of [
      ['http://mail.example', 1],
      ['smtp://', 1],
      ['smtp://mail.example/inbox', 1],
      ['smtp://mail.example?secure=no', 1],
      ['smtp://register@mail.example', 1],
      ['smtp://register:%E0%A4%A@mail.example', 1],
    ] as const) {
      const found = faultsOf([], { ...given, SMTP_URL: url });
      expect([url, found.length]).toEqual([url, faults]);
      expect(found.join()).not.toContain('geheim');
    }
    expect(faultsOf([], { SMTP_URL: given.SMTP_URL })).toHaveLength(1);
    expect(faultsOf([], { MAIL_FROM: given.MAIL_FROM })).toEqual([expect.stringContaining('left out without')]);
    expect(faultsOf([], { ...given, MAIL_FROM: 'somebody' })).toHaveLength(1);
    expect(faultsOf(['--confirmation-language', 'de'])).toHaveLength(1);
    const args = ['--smtp-url', given.SMTP_URL];
    const listed = faultsOf(args, { MAIL_FROM: given.MAIL_FROM }, ['node', 'main.js', ...args]);
    expect(listed).toEqual([expect.stringContaining('in a file named by SMTP_URL_FILE')]);
    expect(listed.join()).not.toContain('geheim');
  });

  it('takes an option before its variable, in both spellings', () => {
    const read = readConfiguration(['--port', '9000', '--data-dir=/srv/w'], { PORT: '1', OPERATORS: ' kvk:1, kvk:2,' });
    expect([read.port, read.dataDir, read.operators]).toEqual([9000, '/srv/w', ['kvk:1', 'kvk:2']]);
    expect(read.publicBaseUrl).toBe('http://localhost:9000');
  });

  it('reads brokers, and what their topics are like, only where there are any', () => {
    expect(readConfiguration(['--kafka-brokers', 'kafka-1:9092, 192.0.2.1:9093'], {}).kafka).toEqual({
      ...{ brokers: ['kafka-1:9092', '192.0.2.1:9093'], prefix: '', partitions: 12 },
    });
    const environment = { KAFKA_BROKERS: 'a:1', KAFKA_PREFIX: 'acc.', KAFKA_PARTITIONS: '3', KAFKA_REPLICATION: '1' };
    expect(readConfiguration([], environment).kafka).toEqual({
      ...{ brokers: ['a:1'], prefix: 'acc.', partitions: 3, replication: 1 },
    });
    expect(faultsOf([], { KAFKA_PREFIX: 'acc.', KAFKA_PARTITIONS: '3' })).toEqual([
      '--kafka-prefix (KAFKA_PREFIX) must be left out without --kafka-brokers, not "acc."',
      '--kafka-partitions (KAFKA_PARTITIONS) must be left out without --kafka-brokers, not "3"',
    ]);
  });

  it.each([
    ['kafka-brokers', 'kafka-1', 'host:port, with commas, not "kafka-1"'],
    ['kafka-brokers', 'kafka-1:0', 'host:port'],
    ['kafka-brokers', 'kafka-1:65536', 'host:port'],
    ['kafka-brokers', 'kafka://a:9092', 'host:port, with commas'],
    ['kafka-brokers', ',', 'host:port'],
    ['kafka-brokers', '[::1]:9093', 'by name or by a number of IPv4'],
    ['kafka-prefix', 'a b', 'at most 100 letters, digits and . _ -, not "a b"'],
    ['kafka-partitions', '0', 'a whole number from 1 to 1000'],
    ['kafka-replication', '10', 'a whole number from 1 to 9'],
    ['kafka-tls', 'yes', 'true or false'],
  ])('refuses --%s %s', (option, value, expected) => {
    const others = option === 'kafka-brokers' ? [] : ['--kafka-brokers', 'a:1'];
    const faults = faultsOf([...others, `--${option}`, value]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`--${option} (`);
    expect(faults[0]).toContain(expected);
  });

  it('reads a login at the brokers, its password from a file as well', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waarborg-configuration-'));
    const login = { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', KAFKA_SASL_USERNAME: 'register' };
    try {
      writeFileSync(join(folder, 'password'), 'geheim\n');
      for (const password of [
        { KAFKA_SASL_PASSWORD: 'geheim' },
        { KAFKA_SASL_PASSWORD_FILE: join(folder, 'password') },
      ]) {
        expect(readConfiguration([], { KAFKA_BROKERS: 'a:1', ...login, ...password }).kafka?.login).toEqual({
          ...{ mechanism: 'scram-sha-512', username: 'register', password: 'geheim' },
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(readConfiguration([], { KAFKA_BROKERS: 'a:1', KAFKA_TLS: 'true' }).kafka).toHaveProperty('tls', {});
    expect(readConfiguration([], { KAFKA_BROKERS: 'a:1', KAFKA_TLS: 'false' }).kafka).not.toHaveProperty('tls');
  });

  it('refuses a login at the brokers that is half given, or known to everybody on this machine', () => {
    const all = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'register', KAFKA_SASL_PASSWORD: 'geheim' };
    for (const [variable, value] of Object.entries(all)) {
      const others = Object.fromEntries(Object.entries(all).filter(([name]) => name !== variable));
      expect(faultsOf([], { KAFKA_BROKERS: 'a:1', ...others })).toEqual([
        expect.stringMatching(new RegExp(`belong together: set ${variable} as well, or none of them$`)),
      ]);
      expect(faultsOf([], { KAFKA_BROKERS: 'a:1', [variable]: value })).toEqual([
        expect.stringMatching(/belong together: set KAFKA_SASL_[A-Z]+ and KAFKA_SASL_[A-Z]+ as well/),
      ]);
      const alone = faultsOf([], { [variable]: value });
      expect(alone).toEqual([expect.stringContaining('left out without --kafka-brokers')]);
      expect(alone.join()).not.toContain('geheim');
    }
    expect(faultsOf([], { KAFKA_BROKERS: 'a:1', ...all, KAFKA_SASL_MECHANISM: 'oauthbearer' })).toEqual([
      expect.stringContaining('one of plain, scram-sha-256, scram-sha-512'),
    ]);
    const { KAFKA_SASL_PASSWORD: _, ...rest } = all;
    for (const args of [['--kafka-sasl-password', 'geheim'], ['--kafka-sasl-password=geheim']]) {
      const faults = faultsOf(args, { KAFKA_BROKERS: 'a:1', ...rest }, ['node', 'main.js', ...args]);
      expect(faults).toEqual([expect.stringContaining('in a file named by KAFKA_SASL_PASSWORD_FILE')]);
      expect(faults.join()).not.toContain('geheim');
    }
  });

  it('has what may be left out where it is given, and no member for it where it is not', () => {
    const optional = {
      ...{ pgDir: ['pg-dir', '/srv/pg'], databaseUrl: ['database-url', 'postgresql://a@host/db'] },
      databaseOwnerUrl: ['database-owner-url', 'postgresql://owner@host/db'],
      ...{
        keyStoreUrl: ['keystore-url', 'postgresql://k@host/keys'],
      },
      eventStoreUrl: ['eventstore-url', 'esdb+discover://a.example:2113,b.example:2113?tls=true'],
      ...{ internalPort: ['internal-port', 9_001], checkSources: ['check-sources', 'vis'] },
      ...{ checkSystems: ['check-systems', 'desk'], officialPublications: ['publications', 'gazette'] },
    } as const;
    const [given, bare] = [
      readConfiguration(
        Object.values(optional).flatMap(([option, value]) => [`--${option}`, String(value)]),
        {},
      ),
      readConfiguration([], {}),
    ];
    for (const [member, [, value]] of Object.entries(optional)) {
      expect(given).toHaveProperty(member);
      expect([given[member as keyof typeof given]].flat()).toEqual([value]);
      expect(bare).not.toHaveProperty(member);
    }
  });

  it('reports every fault at once and shows no password', () => {
    const faults = faultsOf(['--port', '99999', 'stray', '--nonsense', 'x', '--oin'], {
      DATABASE_URL: 'mysql://user:secret@host/db',
      WAARBORG_MODE: 'test',
    });
    expect(faults).toHaveLength(6);
    expect(faults.join()).not.toContain('secret');
    // Neither where only its option tells that it is one, nor where only its form does.
    expect(faultsOf(['--database-url', 'verysecret']).join()).not.toContain('secret');
    expect(faultsOf(['--port', 'user:secret@host']).join()).not.toContain('secret');
    expect(faultsOf(['--port', 'seventy']).join()).toContain('seventy');
  });

  it('says of an option what is wrong with it', () => {
    expect(faultsOf(['--port', '1', '--port', '2'])).toEqual(['--port is given twice']);
    for (const args of [['--port'], ['--port', '--host', 'x']])
      expect(faultsOf(args)).toEqual(['--port needs a value']);
    expect(faultsOf(['--nonsense=1'])).toEqual([expect.stringMatching(/^--nonsense is not known; known are .*--port/)]);
  });

  it('knows where traces go: to the path of OpenTelemetry below an endpoint, or to the whole address that is given', () => {
    const endpointOf = (environment: Record<string, string>) => readConfiguration([], environment).tracesEndpoint;
    expect(endpointOf({})).toBeUndefined();
    expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' })).toBe(
      'http://collector:4318/v1/traces',
    );
    const both = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/in',
    };
    expect(endpointOf(both)).toBe('https://traces.example/in');
    expect(readConfiguration([], { OTEL_SERVICE_NAME: 'ours' }).serviceName).toBe('ours');
    expect(faultsOf(['--otlp-endpoint', 'grpc://collector:4317', '--service-name', 'J. Jansen'])).toEqual([
      '--otlp-endpoint (OTEL_EXPORTER_OTLP_ENDPOINT) must be a URL (https://… or http://…)',
      '--service-name (OTEL_SERVICE_NAME) must be 1 to 64 letters, digits and . _ -, not "J. Jansen"',
    ]);
  });

  it('takes lists of names for checks, and names the list that holds something else', () => {
    const read = readConfiguration(['--check-systems', 'desk'], { CHECK_SOURCES: 'trade-register, VIS,' });
    expect([read.checkSources, read.checkSystems, read.officialPublications]).toEqual([
      ['trade-register', 'VIS'],
      ['desk'],
      undefined,
    ]);
    const faults = faultsOf(['--check-systems', ','], {
      CHECK_SOURCES: 'trade register',
      PUBLICATIONS: `Staatscourant,${'x'.repeat(65)}`,
    });
    expect(faults.map((fault) => fault.split(' ', 1)[0])).toEqual([
      '--check-sources',
      '--check-systems',
      '--publications',
    ]);
  });

  it.each([
    ['mysql://user:s%40cret@host/db', 'a word'],
    ['mysql://user:very/secret@host/db', 'a slash'],
    ['user:very@secret@host', 'an at sign'],
    ['mysql://host/db?user=me&password=secret', 'a parameter'],
  ])('shows nothing of an address that is none, %s (%s)', (address) => {
    const faults = [
      ...faultsOf([], { DATABASE_URL: address, KEYSTORE_URL: address, DATABASE_OWNER_URL: address }),
      ...faultsOf([], { EVENTSTORE_URL: address }),
      ...faultsOf([address, `--datbase-url=${address}`, '--datbase-url', address, '--keystore-url', address]),
    ];
    expect(faults.length).toBeGreaterThan(7);
    expect(faults.join()).not.toMatch(/secret|s%40cret/);
  });

  it.each(['database-url', 'database-owner-url', 'keystore-url', 'auth-issuer'])(
    'refuses --%s with a password, which a list of processes would show, and takes it without one',
    (option) => {
      const protocol = option === 'auth-issuer' ? 'https' : 'postgres';
      for (const address of [`${protocol}://me:secret@host/db`, `${protocol}://host/db?password=secret`]) {
        const faults = faultsOf([`--${option}`, address], {}, ['node', `--${option}`, address]).filter((fault) =>
          fault.includes('list of processes'),
        );
        expect(faults).toEqual([expect.stringMatching(new RegExp(`^--${option} holds a password`))]);
        expect(faults.join()).not.toContain('secret');
      }
      const without = `${protocol}://me@host/db`;
      expect(faultsOf([`--${option}`, without], {}, [without]).join()).not.toContain('list of processes');
    },
  );

  it('takes an event store of either kind and several nodes, and its password from nowhere that a list shows', () => {
    for (const address of ['esdb://a:2113', 'kurrentdb://a:1,b:2?tls=false', 'esdb://me:secret@a:2113']) {
      expect(readConfiguration([], { EVENTSTORE_URL: address }).eventStoreUrl).toBe(address);
    }
    for (const address of ['http://a:2113', 'esdb:a', 'esdb://', 'tcp://me:secret@a']) {
      expect(faultsOf([], { EVENTSTORE_URL: address })).toEqual([
        '--eventstore-url (EVENTSTORE_URL) must be an address (esdb://… or kurrentdb://…)',
      ]);
    }
    const shown = 'esdb://me:secret@a:1,b:2';
    const [fault, ...more] = faultsOf(['--eventstore-url', shown], {}, ['node', '--eventstore-url', shown]);
    expect([fault, more]).toEqual([
      expect.stringMatching(/^--eventstore-url holds a password.*EVENTSTORE_URL_FILE$/),
      [],
    ]);
  });

  it('takes an address from the file that a variable names, and from one place only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waarborg-settings-'));
    const file = join(folder, 'url');
    writeFileSync(file, 'postgres://me:secret@host/db\n');
    writeFileSync(join(folder, 'empty'), '\n');
    try {
      expect(readConfiguration([], { DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://me:secret@host/db');
      expect(readConfiguration([], { KEYSTORE_URL_FILE: file }).keyStoreUrl).toBe('postgres://me:secret@host/db');
      const owned = readConfiguration([], { DATABASE_URL: 'postgres://host/db', DATABASE_OWNER_URL_FILE: file });
      expect(owned.databaseOwnerUrl).toBe('postgres://me:secret@host/db');
      const faults = faultsOf(['--keystore-url', 'postgres://host/keys'], {
        DATABASE_URL: 'postgres://host/db',
        DATABASE_URL_FILE: file,
        KEYSTORE_URL_FILE: file,
        DATABASE_OWNER_URL_FILE: join(folder, 'empty'),
      });
      expect(faults).toHaveLength(3);
      expect(faults.join()).not.toContain('secret');
      expect(faultsOf([], { DATABASE_URL_FILE: join(folder, 'none') }).join()).toContain('ENOENT');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('knows no owner of a database that is not named', () => {
    expect(faultsOf([], { DATABASE_OWNER_URL: 'postgres://host/db' })).toHaveLength(1);
  });

  it('passes over the options that belong to the caller', () => {
    expect(readConfiguration(['--exit', '--port', '1'], {}, ['exit']).port).toBe(1);
  });

  it('asks in production for everything that has a test value otherwise', () => {
    expect(faultsOf(['--mode', 'production'])).toHaveLength(5);
    expect(faultsOf(['--mode', 'production', '--public-base-url', 'http://plain.example']).join()).toContain(
      'https://',
    );
  });

  it('takes an address of e-mail for whom callers write to, and nobody has the one that stands there otherwise', () => {
    const contactEmail = 'security-desk@register.supplier.example';
    expect(readConfiguration([], { CONTACT_EMAIL: contactEmail }).contactEmail).toBe(contactEmail);
    expect(TEST_CONTACT).toMatch(/\.invalid$/);
    for (const other of ['desk', 'desk@', 'a b@c.nl', 'https://supplier.example', 'desk@localhost', '<desk@c.nl>']) {
      expect([other, faultsOf(['--contact-email', other]).length]).toEqual([other, 1]);
    }
  });

  it('takes the instances of each app, for a gateway, and refuses what is none', () => {
    const upstreams = 'archive=http://10.0.0.1:8080, archive=http://10.0.0.2:8080/,assurance=https://decide.example';
    expect(readConfiguration([], { UPSTREAMS: upstreams }).upstreams).toEqual({
      archive: ['http://10.0.0.1:8080', 'http://10.0.0.2:8080'],
      assurance: ['https://decide.example'],
    });
    expect(readConfiguration([], {})).not.toHaveProperty('upstreams');
    for (const other of [
      'http://10.0.0.1',
      'archive',
      'archive=10.0.0.1:80',
      'archive=http://u:p@h',
      'archive=http://h/x',
    ]) {
      expect([other, faultsOf(['--upstreams', other]).length]).toEqual([other, 1]);
    }
  });

  it('keeps keys and data in different databases', () => {
    const url = 'postgres://host/one';
    expect(faultsOf([], { DATABASE_URL: url, KEYSTORE_URL: url })).toHaveLength(1);
  });
});
