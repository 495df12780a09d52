import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { headerLines } from './header-lines.js';
import type { TrustedProxies } from '#libs/configuration';

/** A gateway's word on the certificate that its client has shown (RFC 9440): one, in colons. */
const CLIENT_CERT = 'client-cert';
const BINARY = /^:([A-Za-z0-9+/]+={0,2}):$/;

/**
 * The certificate (DER) whose key the caller has shown in a handshake: with us, or with a gateway that is named in the
 * configuration and says so. The header of anybody else counts for nothing, and neither does a gateway's own certificate.
 */
export function clientCertificate(request: IncomingMessage, proxies: TrustedProxies): Buffer | undefined {
  const { socket } = request;
  if (proxies.includes(socket.remoteAddress)) {
    const [line, ...more] = headerLines(request, CLIENT_CERT);
    const encoded = more.length > 0 ? undefined : BINARY.exec(line ?? '')?.[1];
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64');
  }
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined;
}

/** As a gateway says it to whoever stands behind it (RFC 9440 §2.2). */
export const certificateField = (certificate: Buffer): string => `:${certificate.toString('base64')}:`;
