import nodeCrypto, { type KeyObject } from 'node:crypto';
import { sha256 } from './hashing.js';
import { LogFault } from './log-fault.js';
import { base64 } from './text.js';

// c2sp.org/signed-note and c2sp.org/tlog-cosignature: keys of notes and what their signatures are over.

/** What a key signs. The same bytes as another kind of key are another key, with another id. */
export type KeyKind = 'ed25519' | 'ed25519-cosignature' | 'ml-dsa-44-cosignature';

interface KindOfKey {
  readonly type: number;
  readonly keyBytes: number;
  /** Of the signature itself, without its timestamp. */
  readonly signatureBytes: number;
  readonly isTimed: boolean;
  /** What stands before the raw key in its DER form (RFC 8410, RFC 9881). */
  readonly der: Buffer;
}

const ed25519Der = Buffer.from('302a300506032b6570032100', 'hex');

export const KEY_KINDS: Readonly<Record<KeyKind, KindOfKey>> = {
  ed25519: { type: 0x01, keyBytes: 32, signatureBytes: 64, isTimed: false, der: ed25519Der },
  'ed25519-cosignature': { type: 0x04, keyBytes: 32, signatureBytes: 64, isTimed: true, der: ed25519Der },
  'ml-dsa-44-cosignature': {
    type: 0x06,
    keyBytes: 1312,
    signatureBytes: 2420,
    isTimed: true,
    der: Buffer.from('30820532300b06096086480165030403110382052100', 'hex'),
  },
};

/** A public key with the name under which it signs. */
export interface VerifierKey {
  /** Of a log its origin, of a witness its own. */
  readonly name: string;
  /** Eight hexadecimal digits, of name, kind and key. Not a strong hash: what counts is the key. */
  readonly id: string;
  readonly kind: KeyKind;
  /** 32 bytes of Ed25519, 1,312 of ML-DSA-44. */
  readonly publicKey: Buffer;
}

/** Not empty, without Unicode spaces, plus signs and control characters: what stands between spaces on a signature's line. */
export const isKeyName = (name: string): boolean =>
  name !== '' && name.isWellFormed() && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);

export function verifierKey(name: string, kind: KeyKind, publicKey: Uint8Array): VerifierKey {
  const { type, keyBytes } = KEY_KINDS[kind];
  if (!isKeyName(name)) throw new LogFault('key-malformed', `${JSON.stringify(name)} can not be the name of a key`);
  if (publicKey.length !== keyBytes) {
    throw new LogFault('key-malformed', `a key of ${publicKey.length} bytes is no ${kind} key, which has ${keyBytes}`);
  }
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).toString('hex', 0, 4);
  return { name, id, kind, publicKey: Buffer.from(publicKey) };
}

/** One line, without its newline: `example.com/log+530d903a+AekyeR…`. */
export const formatVerifierKey = ({ name, id, kind, publicKey }: VerifierKey): string =>
  `${name}+${id}+${Buffer.concat([Buffer.of(KEY_KINDS[kind].type), publicKey]).toString('base64')}`;

/** Throws unless the text is a key of a kind that is known here, under the id that is its own. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, id, material] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = material === undefined ? undefined : base64(material);
  if (name === undefined || bytes === undefined) {
    throw new LogFault('key-malformed', 'a verifier key is a name, eight hexadecimal digits and base64, joined by +');
  }
  const kinds = Object.entries(KEY_KINDS) as [KeyKind, KindOfKey][];
  const kind = kinds.find(([, { type }]) => type === bytes[0])?.[0];
  if (kind === undefined) {
    throw new LogFault('key-unsupported', `${name}: keys of type 0x${bytes.toString('hex', 0, 1)} are not known here`);
  }
  const key = verifierKey(name, kind, bytes.subarray(1));
  if (key.id !== id) throw new LogFault('key-malformed', `the id of ${name} is ${key.id}, not ${id}`);
  return key;
}

export const sameKey = (a: VerifierKey, b: VerifierKey): boolean => a.publicKey.equals(b.publicKey);

const derOf = ({ kind, publicKey }: VerifierKey): Buffer => Buffer.concat([KEY_KINDS[kind].der, publicKey]);

// Of a key that is no longer used nothing is kept.
const objects = new WeakMap<VerifierKey, KeyObject>();

function keyObject(key: VerifierKey): KeyObject {
  let object = objects.get(key);
  if (object === undefined) {
    object = nodeCrypto.createPublicKey({ key: derOf(key), format: 'der', type: 'spki' });
    objects.set(key, object);
  }
  return object;
}

/** The key in PEM (`BEGIN PUBLIC KEY`), for openssl; also of a kind that this Node does not know. */
export function publicKeyPem(key: VerifierKey): string {
  const lines = derOf(key)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`;
}

let knowsMlDsa: boolean | undefined;

/**
 * Whether this Node can sign and verify with such keys. Ed25519 is in all of them, ML-DSA-44 in those with OpenSSL 3.5 (Node
 * 24.6). What can't be verified counts for nothing.
 */
export function isSupported(kind: KeyKind): boolean {
  if (kind !== 'ml-dsa-44-cosignature') return true;
  if (knowsMlDsa === undefined) {
    try {
      keyObject({ name: 'any', id: '', kind, publicKey: Buffer.alloc(KEY_KINDS[kind].keyBytes) });
      knowsMlDsa = true;
    } catch {
      knowsMlDsa = false;
    }
  }
  return knowsMlDsa;
}

/** Whether a raw signature of this key is over this message. */
export const verifies = (key: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === KEY_KINDS[key.kind].signatureBytes &&
  nodeCrypto.verify(null, message, keyObject(key), signature);

/**
 * Where a secret key is: in memory, in a hardware module, with a service. `sign` gives the raw signature, of 64 bytes for
 * Ed25519 and 2,420 for ML-DSA-44 (without a context), over just these bytes. It MUST throw where it has none to give.
 */
export interface SecretKey {
  readonly algorithm: 'ed25519' | 'ml-dsa-44';
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A secret key that Node holds. */
export function secretKey(key: KeyObject): SecretKey {
  if (key.type !== 'private') {
    throw new LogFault(
      'key-unsupported',
      `a log signs with Ed25519 or ML-DSA-44 and its private key, which a ${key.type} one is not`,
    );
  }
  const { kind, publicKey } = ofLog(nodeCrypto.createPublicKey(key));
  return {
    ...{ algorithm: kind === 'ed25519' ? 'ed25519' : 'ml-dsa-44', publicKey },
    sign: (message) => Promise.resolve(nodeCrypto.sign(null, message, key)),
  };
}

/** The raw public key, by the kind that it is as a log's. Throws for another kind than logs sign with. */
function ofLog(key: KeyObject): { readonly kind: 'ed25519' | 'ml-dsa-44-cosignature'; readonly publicKey: Buffer } {
  const type = key.asymmetricKeyType as string | undefined;
  if (type !== 'ed25519' && type !== 'ml-dsa-44') {
    throw new LogFault('key-unsupported', `a log signs with Ed25519 or ML-DSA-44, not with a ${type} key`);
  }
  const kind = type === 'ed25519' ? 'ed25519' : 'ml-dsa-44-cosignature';
  return { kind, publicKey: key.export({ type: 'spki', format: 'der' }).subarray(-KEY_KINDS[kind].keyBytes) };
}

/** The key by which a log's signatures under its origin are verified, of a public key that Node holds. */
export function logVerifierKey(origin: string, key: KeyObject): VerifierKey {
  const { kind, publicKey } = ofLog(key);
  return verifierKey(origin, kind, publicKey);
}

/** A secret key in one of its uses. */
export interface NoteSigner {
  readonly key: VerifierKey;
  readonly secret: SecretKey;
}

/** Signs a log's own checkpoints under its origin. An ML-DSA-44 key does so by a cosignature, as there is no other form. */
export const logSigner = (origin: string, secret: SecretKey): NoteSigner => ({
  key: verifierKey(origin, secret.algorithm === 'ed25519' ? 'ed25519' : 'ml-dsa-44-cosignature', secret.publicKey),
  secret,
});

/** Cosigns the checkpoints of others. The name and key MUST be the witness's own, and no log's. */
export const cosigner = (name: string, secret: SecretKey): NoteSigner => ({
  key: verifierKey(name, `${secret.algorithm}-cosignature`, secret.publicKey),
  secret,
});
