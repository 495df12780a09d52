import { createPrivateKey, createSecretKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { KeysUnusable, type KeyName } from './key-provider.js';

const makePair = promisify(generateKeyPair);
const SECRET_BYTES = 32;
/** What the Dutch guidelines for TLS call good; 2048 is no longer. */
const RSA_BITS = 3072;
/** The one of ES256 (RFC 7518 §3.4). */
const CURVE = 'prime256v1';

/** A new key of that name and place in the row, with an id of its own. */
export const newKeyId = (name: KeyName, sequence: number): string =>
  `${name}-${sequence}-${randomBytes(4).toString('hex')}`;

const ML_DSA_44 = 'ml-dsa-44';
/** A private key of it up to the 32 bytes of its seed (RFC 9881). */
const ML_DSA_44_SEED = Buffer.from('3034020100300b060960864801650304031104228020', 'hex');

/** Throws `KeysUnusable` where this Node has no ML-DSA-44, with what to do: Node 24.6 and later have it. */
export function demandMlDsa44(): void {
  if (knowsMlDsa44()) return;
  throw new KeysUnusable(
    `this Node (${process.version}) knows no ML-DSA-44: start with Node 24.6 or newer, or without LOG_SECOND_KEY`,
  );
}

let isKnown: boolean | undefined;

/** Whether this Node signs and verifies with ML-DSA-44. */
export function knowsMlDsa44(): boolean {
  try {
    isKnown ??= typeOf(pkcs8(Buffer.concat([ML_DSA_44_SEED, Buffer.alloc(SECRET_BYTES)]))) === ML_DSA_44;
  } catch {
    isKnown = false;
  }
  return isKnown;
}

const pkcs8 = (bytes: Buffer): KeyObject => createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });

/** Newer kinds than the types of Node 20 name. */
const typeOf = ({ asymmetricKeyType }: KeyObject): string | undefined => asymmetricKeyType;
const makeNewer = makePair as unknown as (type: string) => Promise<{ readonly privateKey: KeyObject }>;

export async function generateKey(name: KeyName): Promise<KeyObject> {
  switch (name) {
    case 'master':
    case 'lookup':
      return createSecretKey(randomBytes(SECRET_BYTES));
    case 'token':
      return (await makePair('rsa', { modulusLength: RSA_BITS })).privateKey;
    case 'log':
      return (await makePair('ed25519')).privateKey;
    case 'log-ml-dsa-44':
      demandMlDsa44();
      return (await makeNewer(ML_DSA_44)).privateKey;
    case 'answer-es256':
      return (await makePair('ec', { namedCurve: CURVE })).privateKey;
    case 'answer-ps256':
      return (await makePair('rsa', { modulusLength: RSA_BITS })).privateKey;
  }
}

/** Bytes to keep: the secret itself, or the private key as PKCS #8. */
export const exportKey = (key: KeyObject): Buffer =>
  key.type === 'secret' ? key.export() : key.export({ format: 'der', type: 'pkcs8' });

/** Reads what `exportKey` gave. Throws `KeysUnusable`, without the bytes, when it is no key of that name. */
export function importKey(name: KeyName, bytes: Buffer): KeyObject {
  switch (name) {
    case 'master':
    case 'lookup':
      if (bytes.length !== SECRET_BYTES) throw new KeysUnusable(`a ${name} key has ${SECRET_BYTES} bytes`);
      return createSecretKey(bytes);
    case 'token':
      return privateKey(name, bytes, 'rsa');
    case 'log':
      return privateKey(name, bytes, 'ed25519');
    case 'log-ml-dsa-44':
      return privateKey(name, bytes, ML_DSA_44);
    case 'answer-es256':
      return privateKey(name, bytes, 'ec');
    case 'answer-ps256':
      return privateKey(name, bytes, 'rsa');
  }
}

function privateKey(name: KeyName, bytes: Buffer, type: 'rsa' | 'ed25519' | 'ec' | typeof ML_DSA_44): KeyObject {
  let key: KeyObject;
  try {
    key = pkcs8(bytes);
  } catch {
    throw new KeysUnusable(`a ${name} key is a private key in PKCS #8`);
  }
  if (typeOf(key) !== type) throw new KeysUnusable(`a ${name} key is of type ${type}`);
  if (type === 'ec' && key.asymmetricKeyDetails?.namedCurve !== CURVE) {
    throw new KeysUnusable(`a ${name} key lies on the curve P-256`);
  }
  return key;
}
