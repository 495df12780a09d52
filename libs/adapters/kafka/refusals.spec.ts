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
    ['EPROTO', /speaks no TLS .*KAFKA_TLS=false/],
  ])('is told with what to do (%s)', (code, line) => {
    const told = forPeople(settings(), within('KafkaJSConnectionError', 'no', { code, broker: 'kafka-1:9093' }));
    expect(told).toBeInstanceOf(KafkaRefused);
    expect(String(told)).toMatch(line);
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
