import { createPublicKey, type KeyObject } from 'node:crypto';
import { KeysUnusable, type KeyName, type KeyProvider, type ProvidedKey, type SigningKeyName } from './key-provider.js';

/** Names of JOSE (RFC 7518, RFC 9864). */
export type SigningAlgorithm = 'PS256' | 'Ed25519';

export interface SigningKey {
  /** Goes into `kid`. */
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
}

export interface VerificationKey {
  readonly id: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: KeyObject;
}

const ALGORITHMS: Readonly<Record<SigningKeyName, SigningAlgorithm>> = { token: 'PS256', log: 'Ed25519' };

/** All keys of that name, the current one first. A provider that gives none is unusable. */
export async function keysOf(keys: KeyProvider, name: KeyName): Promise<readonly [ProvidedKey, ...ProvidedKey[]]> {
  const [current, ...older] = await keys.all(name);
  if (current === undefined) throw new KeysUnusable(`the key provider gives no ${name} key`);
  return [current, ...older];
}

/** The key to sign with now. Needs no key store. */
export async function signingKey(keys: KeyProvider, name: SigningKeyName): Promise<SigningKey> {
  const [current] = await keysOf(keys, name);
  return { id: current.id, algorithm: ALGORITHMS[name], privateKey: current.key };
}

/** Public keys of all signing keys of that name, the current one first. Needs no key store. */
export async function verificationKeys(keys: KeyProvider, name: SigningKeyName): Promise<readonly VerificationKey[]> {
  const provided = await keysOf(keys, name);
  return provided.map(({ id, key }) => ({ id, algorithm: ALGORITHMS[name], publicKey: createPublicKey(key) }));
}
