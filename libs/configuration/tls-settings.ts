import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readSettingsFile } from './settings-files.js';

/** TLS of our own listener. */
export interface TlsSettings {
  /** PEM: the server's certificate, then those between it and its root. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** Whether callers are asked for a certificate, so that tokens can be bound to one (RFC 8705). */
  readonly asksForCertificates: boolean;
}

/** Reads certificate and key of `TLS_CERT_FILE` and `TLS_KEY_FILE`; what is wrong with them goes to `faults`. */
export function readTls(
  {
    certFile,
    keyFile,
    asksForCertificates,
  }: { certFile: string | undefined; keyFile: string | undefined; asksForCertificates: boolean },
  faults: string[],
): TlsSettings | undefined {
  if (certFile === undefined || keyFile === undefined) {
    if (certFile !== keyFile) faults.push('TLS_CERT_FILE and TLS_KEY_FILE belong together: set both, or neither');
    else if (asksForCertificates) faults.push('TLS_CLIENT_CERTIFICATES is for a listener with TLS_CERT_FILE');
    return undefined;
  }
  const pair = readPair({ certificate: 'TLS_CERT_FILE', key: 'TLS_KEY_FILE' }, certFile, keyFile, faults);
  return pair && { ...pair, asksForCertificates };
}

/** A certificate and its key, of the files that two settings name; what is wrong with them goes to `faults`. */
export function readPair(
  settings: { readonly certificate: string; readonly key: string },
  certFile: string,
  keyFile: string,
  faults: string[],
): { readonly certificate: string; readonly key: string } | undefined {
  const certificate = readSettingsFile(settings.certificate, certFile, 'public', faults);
  const key = readSettingsFile(settings.key, keyFile, 'secret', faults);
  if (certificate === undefined || key === undefined) return undefined;
  const shown = madeOf(() => new X509Certificate(certificate));
  const held = madeOf((): KeyObject => createPrivateKey(key));
  if (shown === undefined) faults.push(`${settings.certificate} names ${certFile}, which holds no certificate (PEM)`);
  if (held === undefined)
    faults.push(`${settings.key} names ${keyFile}, which holds no private key (PEM, without password)`);
  if (shown === undefined || held === undefined) return undefined;
  if (!shown.checkPrivateKey(held))
    faults.push(`${settings.key} names ${keyFile}, which is not the key of ${certFile}`);
  if (Date.parse(shown.validTo) < Date.now()) {
    faults.push(`${settings.certificate} names ${certFile}, which was valid until ${shown.validTo}: renew it`);
  }
  return { certificate, key };
}

function madeOf<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
