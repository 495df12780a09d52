import { createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';

/** A certificate with its key; PEM, and DER as in a thumbprint. */
export interface TestCertificate {
  readonly certificate: string;
  readonly der: Buffer;
  readonly key: string;
}

export interface TestAuthority extends TestCertificate {
  /** A certificate for these hosts (names, or addresses of IPv4), in force from an hour ago. */
  issue(hosts: readonly string[], options?: { readonly days?: number }): TestCertificate;
}

/** An authority of its own for each test; nothing trusts it that was not told to. */
export function testAuthority(name = 'Test authority'): TestAuthority {
  const own = keyPair();
  const made = certificate({
    issuer: name,
    subject: name,
    hosts: [],
    days: 30,
    isAuthority: true,
    key: own,
    signer: own,
  });
  return {
    ...made,
    issue(hosts, { days = 30 } = {}) {
      const key = keyPair();
      return certificate({ issuer: name, subject: hosts[0]!, hosts, days, isAuthority: false, key, signer: own });
    },
  };
}

const keyPair = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

interface Wanted {
  readonly issuer: string;
  readonly subject: string;
  readonly hosts: readonly string[];
  /** From now; negative: it has ended. */
  readonly days: number;
  readonly isAuthority: boolean;
  readonly key: KeyObject;
  readonly signer: KeyObject;
}

/** X.509 version 3 (RFC 5280 §4.1), signed with ECDSA and SHA-256. */
function certificate({ issuer, subject, hosts, days, isAuthority, key, signer }: Wanted): TestCertificate {
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const names = hosts.map((host) =>
    /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  );
  const extensions = [
    ...(isAuthority ? [extension(oid(2, 5, 29, 19), sequence(der(0x01, Buffer.from([0xff]))))] : []),
    ...(names.length === 0 ? [] : [extension(oid(2, 5, 29, 17), sequence(...names))]),
  ];
  const begin = Date.now() + Math.min(0, days) * 86_400_000 - 3_600_000;
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(issuer),
    sequence(time(begin), time(days < 0 ? begin + 1_800_000 : Date.now() + days * 86_400_000)),
    nameOf(subject),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)]));
  const bytes = sequence(body, algorithm, signature);
  return {
    certificate: new X509Certificate(bytes).toString(),
    der: bytes,
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, der(0x04, value));
const nameOf = (name: string): Buffer => sequence(der(0x31, sequence(oid(2, 5, 4, 3), der(0x0c, Buffer.from(name)))));
const time = (milliseconds: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const digits = (value: number): number[] => {
    const found = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) found.unshift((left & 0x7f) | 0x80);
    return found;
  };
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(digits)]));
}
