import { BEYOND } from './here-only.js';
import type { KafkaSettings } from './settings.js';

/** A broker is there and does not take us as we come; the message says what to set. */
export class KafkaRefused extends Error {
  override readonly name = 'KafkaRefused';
}

/** No broker answers. */
export class KafkaUnreachable extends Error {
  override readonly name = 'KafkaUnreachable';
}

/** What Node says of a broker's certificate that does not lead to an authority we trust. */
const FOREIGN = [
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_SIGNATURE_FAILURE', 'INVALID_CA'],
];

/** kafkajs' errors of a broker that does not answer, or not any more. */
const AWAY = [
  ...['KafkaJSConnectionError', 'KafkaJSConnectionClosedError', 'KafkaJSRequestTimeoutError'],
  ...['KafkaJSLockTimeout', 'KafkaJSBrokerNotFound'],
];

/** kafkajs makes a failed login of what happens during one, and keeps its words only: these of brokers that went away. */
const BROKEN_OFF =
  / failed: (?:Closed connection|Connection (?:error|timeout|closed by the server)|Not connected|Request .* timed out)/;

/** What a broker's TLS says where it is our certificate, or the lack of one, that it does not take. */
const OF_CERTIFICATES = [
  ...['certificate required', 'no certificate', 'bad certificate', 'unsupported certificate', 'unknown ca'],
  ...['certificate unknown', 'certificate expired', 'certificate revoked'],
];

interface Told {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly broker?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  /** Of several topics. */
  readonly errors?: unknown;
}

/** An error and those within it: kafkajs puts the one that says something into others. */
function chainOf(error: unknown, depth = 8): readonly Told[] {
  if (typeof error !== 'object' || error === null || depth === 0) return [];
  const { cause, errors } = error as Told;
  return [cause, ...(Array.isArray(errors) ? errors.slice(0, 1) : [])].reduce<readonly Told[]>(
    (chain, within) => [...chain, ...chainOf(within, depth - 1)],
    [error],
  );
}

/** Of the broker's own error, which kafkajs may have put into another one; empty for everything else. */
export const typeOf = (error: unknown): string =>
  chainOf(error).flatMap(({ type }) => (typeof type === 'string' ? [type] : []))[0] ?? '';

/** OpenSSL ends its lines, and tells where in its own code it stood. */
export const inOneLine = (text: string): string =>
  text
    .replace(/\b[0-9A-F]+:error:[0-9A-F]+:.*?:((?:sslv3|tlsv1[\d.]*|ssl\/tls) alert [a-z ]+):.*$/s, '$1')
    .replace(/\s+/g, ' ')
    .trim();

/** With which words a broker ended TLS: by the code, or by the line where a write met it. Empty where it did not. */
const alertOf = (codes: readonly string[], line: string): string =>
  codes
    .flatMap((code) => /^ERR_SSL_.*ALERT_(\w+)$/.exec(code)?.[1] ?? [])[0]
    ?.toLowerCase()
    .replaceAll('_', ' ') ??
  /(?:sslv3|tlsv1[\d.]*|ssl\/tls) alert ([a-z ]+)/.exec(line)?.[1]?.trim() ??
  '';

/**
 * What a person can do about an error of kafkajs: `KafkaRefused`, `KafkaUnreachable`, or the error itself where it is of
 * neither kind. Never holds the password: neither kafkajs nor a broker's answer does.
 */
export function forPeople({ brokers, tls, login }: KafkaSettings, error: unknown): unknown {
  if (error instanceof KafkaRefused || error instanceof KafkaUnreachable) return error;
  const chain = chainOf(error);
  const texts = (member: 'name' | 'code' | 'type' | 'broker'): readonly string[] =>
    chain.flatMap(({ [member]: value }) => (typeof value === 'string' ? [value] : []));
  const why = inOneLine(error instanceof Error ? error.message : String(error));
  const who = `the broker ${texts('broker')[0] ?? `at ${brokers.join(', ')}`}`;
  const refused = (what: string, set: string): KafkaRefused =>
    new KafkaRefused(`${what} (${why}): ${set}`, { cause: error });
  const codes = texts('code');
  const [type = ''] = texts('type');
  const failedLogin = texts('name').includes('KafkaJSSASLAuthenticationError');
  const brokenOff = failedLogin && BROKEN_OFF.test(why);
  const alert = alertOf(codes, why);

  if (codes.includes(BEYOND)) {
    return refused(
      `${who} is beyond this machine, where nothing goes in plain text`,
      'set KAFKA_TLS=true and name its listener with TLS in KAFKA_BROKERS, or correct its advertised.listeners',
    );
  }
  if (type === 'UNSUPPORTED_SASL_MECHANISM' || /mechanism is not supported by the server/.test(why)) {
    return refused(
      `${who} takes no login by ${login?.mechanism}`,
      'set KAFKA_SASL_MECHANISM to one that its listener has',
    );
  }
  if (type === 'ILLEGAL_SASL_STATE' && login !== undefined) {
    return refused(
      `${who} takes no login there`,
      'name its listener with SASL in KAFKA_BROKERS, or leave out KAFKA_SASL_…',
    );
  }
  if ((failedLogin && !brokenOff) || type === 'SASL_AUTHENTICATION_FAILED') {
    return refused(
      `${who} refuses the login of ${login?.username}`,
      'set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD to those of a user that it has for this KAFKA_SASL_MECHANISM',
    );
  }
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID')) {
    return refused(
      `${who} has a certificate for other names`,
      'name brokers in KAFKA_BROKERS, and in their advertised.listeners, as their certificates do, or renew those',
    );
  }
  if (codes.includes('CERT_HAS_EXPIRED') || codes.includes('CERT_NOT_YET_VALID')) {
    return refused(`${who} has a certificate that is not in force`, 'renew it, and look at the clocks');
  }
  if (codes.some((code) => FOREIGN.includes(code))) {
    return refused(
      `${who} has a certificate of an authority that is not trusted`,
      `${tls?.authorities === undefined ? 'set' : 'correct'} KAFKA_TLS_CA_FILE`,
    );
  }
  if (OF_CERTIFICATES.includes(alert) || (alert === 'handshake failure' && tls?.client === undefined)) {
    return tls?.client === undefined
      ? refused(`${who} asks for a certificate`, 'set KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE')
      : refused(`${who} refuses our certificate`, 'set KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE to those it takes');
  }
  if (alert !== '') {
    return new KafkaUnreachable(
      `${who} ends TLS (${why}): its log says why; its listener has to take TLS 1.2 or 1.3 (ssl.enabled.protocols)`,
      { cause: error },
    );
  }
  if (
    codes.includes('ERR_SSL_WRONG_VERSION_NUMBER') ||
    (codes.includes('EPROTO') && /wrong version number/.test(why))
  ) {
    return refused(`${who} speaks no TLS`, 'name its listener with TLS in KAFKA_BROKERS, or set KAFKA_TLS=false');
  }
  if (type.endsWith('_AUTHORIZATION_FAILED')) {
    return refused(
      `the brokers do not let ${login?.username ?? 'us'} do what we have to`,
      'grant it what docs/kafka.md lists under access lists',
    );
  }
  if (texts('name').includes('KafkaJSGroupCoordinatorNotFound')) {
    // kafkajs keeps to itself why: also what is not granted looks like that.
    return new KafkaUnreachable(
      `the brokers name no coordinator (${why}): wait where they have just begun; else grant ${login?.username ?? 'us'} what ` +
        'docs/kafka.md lists for groups and the transactional id',
      { cause: error },
    );
  }
  if (!brokenOff && !texts('name').some((name) => AWAY.includes(name))) return error;
  const hint = /closed|socket disconnected|ECONNRESET/i.test(why)
    ? ', KAFKA_TLS and KAFKA_SASL_MECHANISM (a listener hangs up on who does not come as it asks)'
    : '';
  return new KafkaUnreachable(
    `no broker answers at ${brokers.join(', ')} (${why}): start them, or check KAFKA_BROKERS${hint}`,
    { cause: error },
  );
}
