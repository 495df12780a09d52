import { createHmac, type KeyObject } from 'node:crypto';
import { KeysUnusable, type ProvidedKey, type SecretKeyName } from './keys/key-provider.js';
import { isAmong, type KeyStore } from './store/key-store.js';

/**
 * Makes sure that the key store belongs to these keys: everything in it was made with keys that are given, and that are
 * the same as then. Without this a start with a new key folder would look well, find nobody by his hash and open nothing.
 * Rejects with `KeysUnusable`.
 */
export async function checkKnownKeys(
  store: KeyStore,
  given: Readonly<Record<SecretKeyName, readonly ProvidedKey[]>>,
): Promise<void> {
  const names: readonly SecretKeyName[] = ['master', 'lookup'];
  const keys = names.flatMap((name) => given[name].map(({ id, key }) => ({ name, id, check: checkOf(key) })));
  const strange = (await store.admitKeys(keys)).filter((known) => !isAmong(known, keys));
  if (strange.length === 0) return;
  const faults = strange.map(({ name, id }) =>
    keys.some((key) => key.id === id) ? `${name} key ${id} is another one than before` : `${name} key ${id} is missing`,
  );
  throw new KeysUnusable(`the key store does not belong to these keys: ${faults.join('; ')}`);
}

/** Tells whether a key is still the same, and nothing about it. */
const checkOf = (key: KeyObject): string =>
  createHmac('sha256', key).update('waarborg-key-check-v1').digest('base64url');
