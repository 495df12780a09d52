import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { certificateField } from '../auth/client-certificate.js';
import { traceOf } from '../http/trace.js';

type Headers = Record<string, string | string[] | undefined>;

/** Of one connection and not of the message (RFC 9110 §7.6.1), in either direction. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Answered here: the body has come in whole before anybody else is asked.
  'expect',
]);

/** By which the apps would take a caller's word for who he is or where he comes from. Only a gateway says these. */
const SAID_BY_GATEWAYS = /^(?:forwarded|x-forwarded-.*|x-real-ip|(?:x-)?client-cert(?:-.*)?|(?:x-)?ssl-client-.*)$/;

export interface Said {
  /** The address that callers know; what a caller says of it (`Host`) counts for nothing. */
  readonly base: URL;
  /** Of the body; absent where the method has none. */
  readonly length: number | undefined;
  /** Whose key the caller has shown in a handshake (DER), with us or with a gateway that is named. */
  readonly certificate: Buffer | undefined;
}

/** The caller's headers as an app gets them: all but those of his connection, and what only a gateway says by ourselves. */
export function headersToApp(raw: IncomingMessage, { base, length, certificate }: Said): Headers {
  const own = connectionNames(raw.headers);
  const headers: Headers = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    if (!HOP_BY_HOP.has(name) && !SAID_BY_GATEWAYS.test(name) && !own.has(name)) headers[name] = value;
  }
  delete headers['content-length'];
  // What a caller says of it counts for nothing, and may be nothing that can be sent on: the app gets its own address.
  delete headers['host'];
  if (length !== undefined) headers['content-length'] = String(length);
  const caller = (raw.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  const proto = base.protocol.slice(0, -1);
  const node = caller.includes(':') ? `"[${caller}]"` : caller;
  return {
    ...headers,
    // Our own span lies between the caller's and the app's.
    traceparent: traceOf(raw).traceparent,
    forwarded: `for=${node};host="${base.host}";proto=${proto}`,
    'x-forwarded-for': caller,
    'x-forwarded-host': base.host,
    'x-forwarded-proto': proto,
    ...(certificate === undefined ? {} : { 'client-cert': certificateField(certificate) }),
  };
}

/** An app's headers as the caller gets them: all but those of the app's connection. */
export function headersToCaller(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const own = connectionNames(headers);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !own.has(name)));
}

/** Headers that `Connection` names as its own. */
const connectionNames = ({ connection }: IncomingHttpHeaders): ReadonlySet<string> =>
  new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
