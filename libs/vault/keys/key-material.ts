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

export async function generateKey(name: KeyName): Promise<KeyObject> {
  switch (name) {
    case 'master':
    case 'lookup':
      return createSecretKey(randomBytes(SECRET_BYTES));
    case 'token':
      return (await makePair('rsa', { modulusLength: RSA_BITS })).privateKey;
    case 'log':
      return (await makePair('ed25519')).privateKey;
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
    case 'answer-es256':
      return privateKey(name, bytes, 'ec');
    case 'answer-ps256':
      return privateKey(name, bytes, 'rsa');
  }
}

function privateKey(name: KeyName, bytes: Buffer, type: 'rsa' | 'ed25519' | 'ec'): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  } catch {
    throw new KeysUnusable(`a ${name} key is a private key in PKCS #8`);
  }
  if (key.asymmetricKeyType !== type) throw new KeysUnusable(`a ${name} key is of type ${type}`);
  if (type === 'ec' && key.asymmetricKeyDetails?.namedCurve !== CURVE) {
    throw new KeysUnusable(`a ${name} key lies on the curve P-256`);
  }
  return key;
}
