import { describe, expect, it } from '@jest/globals';
import { forPeople, inOneLine, KafkaRefused, KafkaUnreachable } from './refusals.js';
import type { KafkaSettings } from './settings.js';

/** As kafkajs gives them: what says something lies within what was tried too often. */
const within = (name: string, message: string, members: object): Error =>
  new Error(message, { cause: Object.assign(new Error(message), { name, ...members }) });

const LOGIN = { mechanism: 'scram-sha-512', username: 'register', password: 'geheim' } as const;
const settings = (more: Partial<KafkaSettings> = {}): KafkaSettings => ({
  ...{ brokers: ['kafka-1:9093', 'kafka-2:9093'], prefix: '', log: () => undefined, login: LOGIN, tls: {}, ...more },
});

// What a real broker does is in test/kafka/guarded-brokers.live-spec.ts; here is what it takes time or luck to make one do.
describe('what brokers refuse', () => {
  it.each([
    ['CERT_HAS_EXPIRED', /the broker kafka-1:9093 has a certificate that is not in force .*: renew it/],
    ['CERT_NOT_YET_VALID', /look at the clocks/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted .*: set KAFKA_TLS_CA_FILE$/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted .*: set KAFKA_TLS_CA_FILE$/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /speaks no TLS .*KAFKA_TLS=false/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /asks for a certificate .*KAFKA_TLS_KEY_FILE$/],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /asks for a certificate/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /asks for a certificate/],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /asks for a certificate/],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /asks for a certificate/],
  ])('is told with what to do (%s)', (code, line) => {
    const told = forPeople(settings(), within('KafkaJSConnectionError', 'no', { code, broker: 'kafka-1:9093' }));
    expect(told).toBeInstanceOf(KafkaRefused);
    expect(String(told)).toMatch(line);
  });

  const lost = (code: string, message = 'Connection error: x'): Error =>
    within('KafkaJSConnectionError', message, { code, broker: 'kafka-1:9093' });
  const shown = settings({ tls: { client: { certificate: 'PEM', key: 'PEM' } } });

  it.each(['CERTIFICATE_EXPIRED', 'CERTIFICATE_REVOKED', 'CERTIFICATE_UNKNOWN', 'UNSUPPORTED_CERTIFICATE'])(
    'is told of our certificate by what TLS says of it (%s)',
    (alert) => {
      expect(String(forPeople(shown, lost(`ERR_SSL_SSLV3_ALERT_${alert}`)))).toMatch(
        /^KafkaRefused: the broker kafka-1:9093 refuses our certificate/,
      );
    },
  );

  it.each(['TLSV1_ALERT_INTERNAL_ERROR', 'TLSV1_ALERT_PROTOCOL_VERSION', 'SSLV3_ALERT_UNEXPECTED_MESSAGE'])(
    'is not told where TLS ends for what is no fault of a certificate (%s)',
    (alert) => {
      expect(String(forPeople(settings(), lost(`ERR_SSL_${alert}`)))).toMatch(
        /^KafkaUnreachable: the broker kafka-1:9093 ends TLS \(.*\): its log says why/,
      );
    },
  );

  it('is not told of a certificate where we show one and the handshake fails', () => {
    expect(forPeople(shown, lost('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'))).toBeInstanceOf(KafkaUnreachable);
  });

  it('is told by the line where a write met it', () => {
    const met = (words: string): string =>
      String(forPeople(settings(), lost('EPROTO', `write EPROTO 807C:error:0A00:SSL routines:f:${words}:../a.c:1:\n`)));
    expect(met('tlsv13 alert certificate required')).toMatch(/^KafkaRefused: .* asks for a certificate/);
    expect(met('ssl/tls alert bad certificate')).toMatch(/^KafkaRefused: .* asks for a certificate/);
    expect(met('tlsv1 alert internal error')).toMatch(/^KafkaUnreachable: .* ends TLS \(write EPROTO tlsv1 alert int/);
    expect(met('wrong version number')).toMatch(/^KafkaRefused: .* speaks no TLS/);
    expect(met('decryption failed or bad record mac')).toMatch(/^KafkaUnreachable: no broker answers/);
  });

  it.each([
    ['Closed connection', KafkaUnreachable],
    ['Connection error: read ECONNRESET', KafkaUnreachable],
    ['Connection timeout', KafkaUnreachable],
    ['Connection closed by the server', KafkaUnreachable],
    ['Not connected', KafkaUnreachable],
    ['Request SaslAuthenticate(key: 36, version: 1) timed out', KafkaUnreachable],
    ['Authentication failed during authentication due to invalid credentials', KafkaRefused],
    ['Invalid server signature in server final message', KafkaRefused],
  ])('is told of a login that was answered, and not of one that was broken off (%s)', (why, kind) => {
    const failed = within('KafkaJSSASLAuthenticationError', `SASL SCRAM SHA512 authentication failed: ${why}`, {});
    expect(forPeople(settings(), failed)).toBeInstanceOf(kind);
  });

  it('is told of a login that has another form than theirs', () => {
    const handshake = within('KafkaJSProtocolError', 'no', { type: 'UNSUPPORTED_SASL_MECHANISM' });
    expect(String(forPeople(settings(), handshake))).toMatch(/takes no login by scram-sha-512 .*KAFKA_SASL_MECHANISM/);
  });

  it.each(['TOPIC', 'GROUP', 'TRANSACTIONAL_ID', 'CLUSTER'])('is told of what is not granted (%s)', (of) => {
    const denied = within('KafkaJSProtocolError', 'no', { type: `${of}_AUTHORIZATION_FAILED` });
    expect(String(forPeople(settings(), denied))).toMatch(/do not let register do .*docs\/kafka\.md lists/);
  });

  it('is told where kafkajs does not say whether something is not granted', () => {
    const unnamed = within('KafkaJSGroupCoordinatorNotFound', 'Failed to find group coordinator', {});
    expect(String(forPeople(settings(), unnamed))).toMatch(
      /^KafkaUnreachable: .* grant register what docs\/kafka\.md lists for groups and the transactional id$/,
    );
    const several = Object.assign(new Error('x'), { errors: [{ type: 'TOPIC_AUTHORIZATION_FAILED' }] });
    expect(String(forPeople(settings(), several))).toMatch(/do not let register do/);
  });

  it('is not told of brokers that are away, nor of anything else', () => {
    const away = forPeople(
      settings(),
      within('KafkaJSConnectionError', 'connect ECONNREFUSED', { code: 'ECONNREFUSED' }),
    );
    expect(away).toBeInstanceOf(KafkaUnreachable);
    expect(String(away)).toMatch(/at kafka-1:9093, kafka-2:9093 .*: start them, or check KAFKA_BROKERS$/);
    const own = new Error('of ours');
    expect(forPeople(settings(), own)).toBe(own);
    expect(forPeople(settings(), away)).toBe(away);
    expect(forPeople(settings(), undefined)).toBeUndefined();
  });

  it('is told in one line, without the innards of OpenSSL', () => {
    expect(
      inOneLine('x: 807C:error:0A000412:SSL routines:f:tlsv13 alert certificate required:../a.c:1:SSL alert 116\n'),
    ).toBe('x: tlsv13 alert certificate required');
    expect(inOneLine('a\n b ')).toBe('a b');
  });
});
