import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRODUCTION_SETTINGS, onWindows, testAuthority, unless, type TestCertificate } from '#libs/testing';
import { ConfigurationFault, readConfiguration, type Configuration } from './configuration.js';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfiguration([], environment, [], []);
  } catch (error) {
    if (error instanceof ConfigurationFault) return error.faults;
    throw error;
  }
  return [];
};

let folder: string;
let own: TestCertificate;
const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'waarborg-production-'));
  own = testAuthority().issue(['register.supplier.example']);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('production mode', () => {
  it('takes settings that are safe', () => {
    expect(faultsOf(PRODUCTION_SETTINGS)).toEqual([]);
    expect(readConfiguration([], PRODUCTION_SETTINGS).authorizationServer).toEqual({
      ...{ issuer: PRODUCTION_SETTINGS.AUTH_ISSUER, audience: PRODUCTION_SETTINGS.AUTH_AUDIENCE, acceptJwtTyp: false },
    });
  });

  it('refuses everything that is missing or weak at once, and says of each what to set', () => {
    const faults = faultsOf({
      WAARBORG_MODE: 'production',
      WAARBORG_HOST: '0.0.0.0',
      PUBLIC_BASE_URL: 'http://register.supplier.example',
      DATABASE_URL: 'postgres://register@db.example/waarborg',
      DATABASE_OWNER_URL: 'postgres://owner@db.example/waarborg?sslmode=require',
      KEYSTORE_URL: 'postgres://keys:not-a-secret-of-the-keys@127.0.0.1/keys',
      TRUSTED_PROXIES: 'gateway',
      TLS_CERT_FILE: join(folder, 'none.pem'),
    });
    const about = [
      ...['PUBLIC_BASE_URL', 'AUTH_ISSUER', 'OIN', 'PARTICIPANT_NAME', 'CONTACT_EMAIL', 'TRUSTED_PROXIES'],
      ...['TLS_CERT_FILE and TLS_KEY_FILE belong together', 'plain HTTP at 0.0.0.0', 'DATABASE_URL names a server'],
      ...['DATABASE_OWNER_URL names a server', 'KEYSTORE_URL has a password that everybody knows'],
    ];
    expect(about.filter((part) => !faults.some((fault) => fault.includes(part)))).toEqual([]);
    expect(faults).toHaveLength(about.length);
    expect(faults.join()).not.toContain('not-a-secret');
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'register.supplier.example', '10.0.0.1'])(
    'serves plain HTTP at %s behind a gateway that is named only, or with TLS of its own',
    (host) => {
      const beyond = { ...PRODUCTION_SETTINGS, WAARBORG_HOST: host };
      expect(faultsOf(beyond)).toEqual([expect.stringContaining('TRUSTED_PROXIES')]);
      expect(faultsOf({ ...beyond, TRUSTED_PROXIES: '10.0.0.0/8, fd00::1' })).toEqual([]);
      const tls = { TLS_CERT_FILE: file('tls.pem', own.certificate, 0o644), TLS_KEY_FILE: file('tls.key', own.key) };
      expect(faultsOf({ ...beyond, ...tls })).toEqual([]);
      for (const here of ['127.0.0.1', 'localhost', '::1', '127.8.8.8']) {
        expect(faultsOf({ ...PRODUCTION_SETTINGS, WAARBORG_HOST: here })).toEqual([]);
      }
    },
  );

  it.each(['0.0.0.0/1,128.0.0.0/1', '10.0.0.0/7', '::ffff:0:0/96', '10.0.0.0/8,11.0.0.0/8', '2000::/3'])(
    'takes no word of everybody for that of a gateway (%s)',
    (proxies) => {
      const faults = faultsOf({ ...PRODUCTION_SETTINGS, WAARBORG_HOST: '0.0.0.0', TRUSTED_PROXIES: proxies });
      expect(faults).toEqual([expect.stringMatching(/^TRUSTED_PROXIES holds more addresses than gateways can have /)]);
      expect(readConfiguration([], { TRUSTED_PROXIES: proxies }).trustedProxies).toEqual(proxies.split(','));
    },
  );

  it('sends no tokens to apps by plain HTTP beyond this machine, unless somebody answers for the network', () => {
    const of = (upstreams: string, more = {}) => faultsOf({ ...PRODUCTION_SETTINGS, UPSTREAMS: upstreams, ...more });
    for (const fine of ['a=https://10.0.0.1:8080,a=http://127.0.0.1:1,a=http://localhost:1', 'a=http://[::1]:8080']) {
      expect(of(fine)).toEqual([]);
    }
    for (const plain of ['a=http://10.0.0.1', 'a=https://b,c=http://localhost.example', 'a=http://[::ffff:7f00:1]:1']) {
      expect(of(plain)).toEqual([expect.stringMatching(/^UPSTREAMS names http:.*NETWORK_TRUSTED=upstreams/)]);
      expect(of(plain, { NETWORK_TRUSTED: 'traces' })).toHaveLength(1);
      expect(of(plain, { NETWORK_TRUSTED: 'upstreams' })).toEqual([]);
      expect(readConfiguration([], { UPSTREAMS: plain }, [], []).networkTrusted).toEqual([]);
    }
    expect(of('a=http://b:1,a=http://c:1,d=http://e:1')[0]).toMatch(/^UPSTREAMS names http:\/\/b:1 and 2 more /);
  });

  it('sends no traces by plain HTTP beyond this machine either, and names the credentials that would go along', () => {
    const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
    const TRACES = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
    const of = (more: Record<string, string>) => faultsOf({ ...PRODUCTION_SETTINGS, ...more });
    expect(of({ [ENDPOINT]: 'https://collector.example', [TRACES]: 'http://127.0.0.1:4318/v1/traces' })).toEqual([]);
    // What is sent counts: the second of the two.
    expect(of({ [ENDPOINT]: 'http://collector.example', [TRACES]: 'https://collector.example/x' })).toEqual([]);
    for (const plain of [{ [ENDPOINT]: 'http://collector:4318' }, { [TRACES]: 'http://me:geheim@collector:4318/x' }]) {
      const [fault, ...others] = of({ ...plain, OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=geheim' });
      expect(others).toEqual([]);
      expect(fault).toMatch(/over plain HTTP, which what stands in OTEL_EXPORTER_OTLP_TRACES_HEADERS would/);
      expect(fault).not.toContain('geheim');
      expect(of(plain)[0]).not.toContain('HEADERS');
      expect(of({ ...plain, NETWORK_TRUSTED: 'upstreams' })).toHaveLength(1);
      expect(of({ ...plain, NETWORK_TRUSTED: 'upstreams, traces' })).toEqual([]);
    }
    expect(of({ [ENDPOINT]: 'collector' })).toHaveLength(1);
    expect(of({ NETWORK_TRUSTED: 'everything' })).toEqual([
      '--network-trusted (NETWORK_TRUSTED) must be of upstreams, traces, with commas, not "everything"',
    ]);
  });

  it('asks for TLS to the authorization server, wherever it is', () => {
    for (const issuer of ['http://login.example', 'http://127.0.0.1:8080', 'HTTP://login.example']) {
      expect(faultsOf({ ...PRODUCTION_SETTINGS, AUTH_ISSUER: issuer })).toEqual([
        expect.stringContaining('AUTH_ISSUER'),
      ]);
    }
  });

  it('runs in no environment that takes any certificate of any server', () => {
    expect(faultsOf({ ...PRODUCTION_SETTINGS, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    ]);
    expect(faultsOf({ ...PRODUCTION_SETTINGS, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([]);
  });

  it.each([
    ['', 1],
    ['?sslmode=disable', 1],
    ['?sslmode=prefer', 1],
    ['?sslmode=require', 1],
    ['?sslmode=verify-ca', 1],
    ['?sslmode=no-verify', 1],
    ['?sslmode=verify-full', 0],
    ['?sslmode=verify-full&sslrootcert=/etc/ca.pem', 0],
    ['?sslmode=verify-full&sslmode=disable', 1],
    ['?sslmode=verify-full&ssl=0', 1],
    ['?sslmode=verify-full&uselibpqcompat=true', 1],
  ])('asks for TLS to a database beyond this machine (%s)', (parameters, faults) => {
    const urls = (host: string) => ({
      DATABASE_URL: `postgres://register@${host}/waarborg${parameters}`,
      KEYSTORE_URL: `postgres://keys@${host}/keys${parameters}`,
    });
    expect(faultsOf({ ...PRODUCTION_SETTINGS, ...urls('db.example') })).toHaveLength(2 * faults);
    expect(faultsOf({ ...PRODUCTION_SETTINGS, ...urls('127.0.0.1') })).toEqual([]);
    expect(faultsOf({ ...PRODUCTION_SETTINGS, ...urls('[::1]') })).toEqual([]);
  });

  it('is not deceived about where a database is', () => {
    const of = (url: string, more: Record<string, string> = {}) =>
      faultsOf({ ...PRODUCTION_SETTINGS, DATABASE_URL: url, KEYSTORE_URL: 'postgres://keys@localhost/keys', ...more });
    expect(of('postgres://register@localhost/waarborg?host=db.example')).toHaveLength(1);
    expect(of('postgres://register@localhost/waarborg?host=localhost&host=db.example')).toHaveLength(1);
    expect(of('postgres:///waarborg', { PGHOST: 'db.example' })).toHaveLength(1);
    expect(of('postgres:///waarborg')).toEqual([]);
    expect(of('postgres:///waarborg?host=/run/postgresql')).toEqual([]);
    expect(of('postgres://register@localhost.example/waarborg')).toHaveLength(1);
    expect(of('postgres://register@127.0.0.1.example/waarborg')).toHaveLength(1);
  });

  it.each([
    ['esdb://register:geheim@a.example:2113,b.example:2113', 0],
    ['esdb+discover://register:geheim@cluster.example?tls=true&tlsCAFile=ca.crt', 0],
    ['esdb://127.0.0.1:2113?tls=false', 0],
    ['esdb://localhost:2113,127.0.0.1:2114?tls=false', 0],
    ['esdb://register:geheim@a.example:2113?tls=false', 1],
    ['kurrentdb://a.example?tlsCAFile=ca.crt&TLS=false', 1],
    ['kurrentdb://register:geheim@a.example?tlsVerifyCert=false', 1],
    ['kurrentdb://register:geheim@a.example?tls_verify_cert=false', 1],
    ['esdb://127.0.0.1:2113,a.example:2113?tls=false', 1],
    ['esdb+discover://localhost:2113?tls=false', 1],
    ['esdb://register:127.0.0.1?x@a.example?tls=false', 1],
    ['esdb://admin:changeit@a.example:2113', 1],
    ['esdb://ops:change%69t@127.0.0.1:2113', 1],
  ])('asks the same of an event store (%s)', (url, faults) => {
    const found = faultsOf({ ...PRODUCTION_SETTINGS, EVENTSTORE_URL: url });
    expect(found.map((fault) => fault.slice(0, 15))).toEqual(Array(faults).fill('EVENTSTORE_URL '));
    expect(found.join()).not.toMatch(/geheim|changeit/);
  });

  it('demands TLS of a mail server beyond this machine, and a password of its own', () => {
    const withMail = (url: string) => ({
      ...PRODUCTION_SETTINGS,
      SMTP_URL: url,
      MAIL_FROM: 'register@supplier.example',
    });
    expect(faultsOf(withMail('smtp://register:not-a-secret@mail.example'))).toEqual([
      'SMTP_URL has a password that everybody knows: set one of its own in the server',
    ]);
    for (const [url, tls] of [
      ['smtp://register:geheim@mail.example:587', 'demanded'],
      ['smtps://mail.example', 'demanded'],
      ['smtp://localhost:1025', 'none'],
    ] as const) {
      expect(faultsOf(withMail(url))).toEqual([]);
      expect(readConfiguration([], { ...withMail(url), WAARBORG_MODE: 'production' }).mail).toMatchObject({ tls });
    }
  });

  describe('of brokers', () => {
    const TLS = { KAFKA_TLS: 'true' };
    const login = (password = 'geheim') => ({
      ...{ KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'register', KAFKA_SASL_PASSWORD: password },
    });
    const of = (brokers: string, more: Record<string, string> = {}) =>
      faultsOf({ ...PRODUCTION_SETTINGS, KAFKA_BROKERS: brokers, ...more });
    const PLAIN_TEXT = expect.stringMatching(/in plain text: set KAFKA_TLS=true/);
    const ANYBODY = expect.stringMatching(/anybody may write to: set KAFKA_SASL_MECHANISM/);

    it.each(['kafka.example:9092', '192.0.2.1:9092', '127.0.0.1:9092, kafka.example:9092', 'localhost.example:9092'])(
      'asks for TLS and a login, or a certificate, beyond this machine (%s)',
      (brokers) => {
        expect(of(brokers)).toEqual([PLAIN_TEXT, ANYBODY]);
        expect(of(brokers, TLS)).toEqual([ANYBODY]);
        expect(of(brokers, login())).toEqual([PLAIN_TEXT]);
        expect(of(brokers, { ...TLS, ...login() })).toEqual([]);
        const client = {
          ...{ KAFKA_TLS_CERT_FILE: file('kafka.pem', own.certificate, 0o644) },
          ...{ KAFKA_TLS_KEY_FILE: file('kafka.key', own.key) },
        };
        expect(of(brokers, { ...TLS, ...client })).toEqual([]);
      },
    );

    it('asks for neither on this machine', () => {
      for (const here of ['127.0.0.1:9092', 'localhost:9092,127.8.8.8:9092']) {
        expect(of(here)).toEqual([]);
        expect(of(here, login())).toEqual([]);
      }
    });

    it('keeps plain text on this machine, whatever brokers tell of each other', () => {
      const kafkaOf = (more: Record<string, string>) =>
        readConfiguration([], { ...PRODUCTION_SETTINGS, KAFKA_BROKERS: '127.0.0.1:9092', ...more }).kafka;
      expect(kafkaOf({})).toHaveProperty('hereOnly', true);
      expect(kafkaOf(login())).toHaveProperty('hereOnly', true);
      expect(kafkaOf(TLS)).not.toHaveProperty('hereOnly');
      expect(kafkaOf({ WAARBORG_MODE: 'development' })).not.toHaveProperty('hereOnly');
    });

    it('refuses a password that everybody knows, wherever they are', () => {
      for (const brokers of ['127.0.0.1:9092', 'kafka.example:9092']) {
        const faults = of(brokers, { ...TLS, ...login('not-a-secret-of-kafka') });
        expect(faults).toEqual([expect.stringMatching(/^KAFKA_SASL_PASSWORD .* everybody knows/)]);
        expect(faults.join()).not.toContain('not-a-secret');
      }
    });

    unless(onWindows('file modes mean nothing here')).it('refuses a password that everybody may read', () => {
      const { KAFKA_SASL_PASSWORD: _, ...user } = login();
      const from = (mode: number) =>
        of('kafka.example:9092', {
          ...{ ...TLS, ...user, KAFKA_SASL_PASSWORD_FILE: file(`kafka-password-${mode}`, 'geheim\n', mode) },
        });
      expect(from(0o644)).toEqual([expect.stringMatching(/^KAFKA_SASL_PASSWORD_FILE names .*: chmod o-rw /)]);
      expect(from(0o640)).toEqual([]);
    });
  });

  unless(onWindows('file modes mean nothing here')).it(
    'refuses secrets that every user of the machine may read',
    () => {
      const databases = { KEYSTORE_URL: 'postgres://keys@localhost/keys' };
      const path = (mode: number) => file(`url-${mode}`, 'postgres://register@localhost/waarborg\n', mode);
      expect(faultsOf({ ...PRODUCTION_SETTINGS, ...databases, DATABASE_URL_FILE: path(0o644) })).toEqual([
        expect.stringMatching(/^DATABASE_URL_FILE names .* may read or write: chmod o-rw /),
      ]);
      for (const mode of [0o600, 0o640, 0o440]) {
        expect(faultsOf({ ...PRODUCTION_SETTINGS, ...databases, DATABASE_URL_FILE: path(mode) })).toEqual([]);
      }
      const events = file('events-url', 'esdb://register:geheim@a.example\n', 0o644);
      expect(faultsOf({ ...PRODUCTION_SETTINGS, EVENTSTORE_URL_FILE: events })).toEqual([
        expect.stringMatching(/^EVENTSTORE_URL_FILE names .* may read or write: chmod o-rw /),
      ]);
    },
  );
});

describe('TLS of our own', () => {
  const pair = (certificate = own.certificate, key = own.key, mode = 0o600) => ({
    TLS_CERT_FILE: file('server.pem', certificate, 0o644),
    TLS_KEY_FILE: file('server.key', key, mode),
  });

  it('is read with its key, and asks callers for certificates where that is set', () => {
    const read = (more: Record<string, string>): Configuration => readConfiguration([], more, [], []);
    expect(read(pair())).toMatchObject({
      publicBaseUrl: 'https://localhost:8080',
      tls: { certificate: own.certificate, key: own.key, asksForCertificates: false },
    });
    expect(read({ ...pair(), TLS_CLIENT_CERTIFICATES: 'ask' }).tls?.asksForCertificates).toBe(true);
    expect(read({})).not.toHaveProperty('tls');
  });

  it('is refused when it can not work', () => {
    const other = testAuthority().issue(['register.supplier.example']);
    const late = testAuthority().issue(['register.supplier.example'], { days: -1 });
    expect(faultsOf(pair(own.certificate, other.key))).toEqual([expect.stringContaining('is not the key of')]);
    expect(faultsOf(pair(late.certificate, late.key))).toEqual([expect.stringContaining('was valid until')]);
    expect(faultsOf(pair('x', 'y'))).toEqual([
      expect.stringContaining('holds no certificate'),
      expect.stringContaining('holds no private key'),
    ]);
    expect(faultsOf({ TLS_CERT_FILE: 'x' })).toHaveLength(1);
    expect(faultsOf({ TLS_CLIENT_CERTIFICATES: 'ask' })).toHaveLength(1);
    expect(faultsOf({ ...pair(), TLS_KEY_FILE: join(folder, 'none') })).toEqual([expect.stringContaining('ENOENT')]);
  });

  unless(onWindows('file modes mean nothing here')).it(
    'is refused when every user of the machine may read its key',
    () => {
      for (const mode of [0o644, 0o604, 0o602]) {
        expect(faultsOf(pair(own.certificate, own.key, mode))).toEqual([expect.stringContaining('chmod o-rw')]);
      }
      expect(faultsOf(pair(own.certificate, own.key, 0o640))).toEqual([]);
    },
  );
});

describe('an authorization server', () => {
  const SERVER = { AUTH_ISSUER: 'https://login.example/tenant', AUTH_AUDIENCE: 'urn:register' };

  it('is named whole, and its mapping is read with all that is wrong in it', () => {
    expect(faultsOf({ AUTH_ISSUER: SERVER.AUTH_ISSUER })).toEqual([expect.stringContaining('AUTH_AUDIENCE')]);
    expect(faultsOf({ AUTH_AUDIENCE: 'x', AUTH_SCOPES_FILE: 'y', AUTH_ACCEPT_JWT_TYP: 'true' })).toHaveLength(3);
    for (const odd of ['?a=b', '#a']) {
      expect(faultsOf({ ...SERVER, AUTH_ISSUER: `${SERVER.AUTH_ISSUER}${odd}` })).toHaveLength(1);
    }
    expect(faultsOf({ ...SERVER, AUTH_ISSUER: 'https://me:secret@login.example' })).toHaveLength(1);
    const wrong = file('wrong.json', '{ "a": { "role": "x" }, "b": 1 }', 0o644);
    expect(faultsOf({ ...SERVER, AUTH_SCOPES_FILE: wrong })).toEqual([
      expect.stringContaining(`AUTH_SCOPES_FILE names ${wrong}: "a" names no role`),
      expect.stringContaining('"b" has to be'),
    ]);
    const right = file('right.json', '{ "a": { "role": "network" } }', 0o644);
    const { authorizationServer } = readConfiguration([], {
      ...SERVER,
      AUTH_SCOPES_FILE: right,
      AUTH_ACCEPT_JWT_TYP: 'true',
    });
    expect(authorizationServer).toEqual({
      ...{ issuer: SERVER.AUTH_ISSUER, audience: SERVER.AUTH_AUDIENCE, acceptJwtTyp: true },
      scopes: new Map([['a', ['decision']]]),
    });
  });

  unless(onWindows('file modes mean nothing here')).it(
    'is refused a mapping that every user of the machine may write',
    () => {
      const open = file('open.json', '{ "a": { "role": "network" } }', 0o646);
      expect(faultsOf({ ...SERVER, AUTH_SCOPES_FILE: open })).toEqual([expect.stringContaining('chmod o-w')]);
    },
  );
});

describe('TLS to brokers', () => {
  const AT = { KAFKA_BROKERS: 'kafka.example:9093', KAFKA_TLS: 'true' };
  const authority = testAuthority();

  it('is read with the authorities that are trusted, and with a certificate of our own', () => {
    const two = `${authority.certificate}${testAuthority().certificate}`;
    const { kafka } = readConfiguration([], {
      ...{ ...AT, KAFKA_TLS_CA_FILE: file('ca.pem', two, 0o644) },
      ...{ KAFKA_TLS_CERT_FILE: file('kafka.pem', own.certificate, 0o644) },
      ...{ KAFKA_TLS_KEY_FILE: file('kafka.key', own.key) },
    });
    expect(kafka?.tls).toEqual({ authorities: two, client: { certificate: own.certificate, key: own.key } });
  });

  it('is refused when it can not work, all of it at once', () => {
    expect(
      faultsOf({
        ...{ ...AT, KAFKA_TLS_CA_FILE: file('no-ca.pem', 'x', 0o644), KAFKA_TLS_CERT_FILE: 'x' },
        KAFKA_SASL_USERNAME: 'register',
      }),
    ).toEqual([
      expect.stringMatching(/^KAFKA_TLS_CA_FILE names .* holds no certificates \(PEM\)$/),
      expect.stringContaining('KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE belong together'),
      expect.stringContaining('set KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD as well'),
    ]);
    const late = authority.issue(['ca'], { days: -1 }).certificate;
    const broken = late.replace(/\n[A-Za-z0-9+/]{20}/, '\n');
    expect(faultsOf({ ...AT, KAFKA_TLS_CA_FILE: file('late.pem', late, 0o644) })).toEqual([
      expect.stringMatching(/valid until .*: renew it/),
    ]);
    expect(faultsOf({ ...AT, KAFKA_TLS_CA_FILE: file('both.pem', `${late}${own.certificate}`, 0o644) })).toEqual([]);
    expect(faultsOf({ ...AT, KAFKA_TLS_CA_FILE: file('broken.pem', `${own.certificate}${broken}`, 0o644) })).toEqual([
      expect.stringContaining('holds no certificates'),
    ]);
    const other = authority.issue(['kafka']);
    expect(
      faultsOf({
        ...{ ...AT, KAFKA_TLS_CERT_FILE: file('kafka.pem', own.certificate, 0o644) },
        ...{ KAFKA_TLS_KEY_FILE: file('other.key', other.key) },
      }),
    ).toEqual([expect.stringMatching(/^KAFKA_TLS_KEY_FILE names .* is not the key of/)]);
  });

  it('is refused where files for it are named and it is not wanted', () => {
    const files = { KAFKA_TLS_CA_FILE: 'a', KAFKA_TLS_CERT_FILE: 'b', KAFKA_TLS_KEY_FILE: 'c' };
    for (const more of [{}, { KAFKA_TLS: 'false' }]) {
      expect(faultsOf({ KAFKA_BROKERS: 'kafka.example:9093', ...files, ...more })).toEqual(
        Object.keys(files).map((variable) => expect.stringMatching(new RegExp(`^${variable} .*set KAFKA_TLS=true$`))),
      );
    }
  });

  unless(onWindows('file modes mean nothing here')).it('is refused where others could have a say in it', () => {
    const files = (ca: number, key: number) => ({
      ...{ KAFKA_TLS_CA_FILE: file('ca.pem', authority.certificate, ca) },
      ...{ KAFKA_TLS_CERT_FILE: file('kafka.pem', own.certificate, 0o644) },
      ...{ KAFKA_TLS_KEY_FILE: file('kafka.key', own.key, key) },
    });
    expect(faultsOf({ ...AT, ...files(0o646, 0o644) })).toEqual([
      expect.stringMatching(/^KAFKA_TLS_CA_FILE names .*: chmod o-w /),
      expect.stringMatching(/^KAFKA_TLS_KEY_FILE names .*: chmod o-rw /),
    ]);
    expect(faultsOf({ ...AT, ...files(0o644, 0o640) })).toEqual([]);
  });
});
