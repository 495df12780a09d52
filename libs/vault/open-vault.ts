import { randomUUID } from 'node:crypto';
import { boundedCache, type CacheLimits } from './bounded-cache.js';
import { fileSealer } from './file-sealer.js';
import { keyedHashes } from './keyed-hashes.js';
import type { KeyProvider, ProvidedKey } from './keys/key-provider.js';
import { answerKeys, keysOf, logKeys, signingKey, verificationKeys } from './keys/signing-keys.js';
import { checkKnownKeys } from './known-keys.js';
import { memberSealer } from './member-sealer.js';
import { objectKeys } from './object-keys.js';
import { reservations } from './reservations.js';
import type { KeyStore } from './store/key-store.js';
import { openPostgresKeyStore } from './store/postgres-key-store.js';
import type { Vault } from './vault.js';

type Given = readonly [ProvidedKey, ...ProvidedKey[]];

/** Enough for the objects at hand; one that was erased elsewhere is forgotten here within a minute. */
export const DEFAULT_CACHE: CacheLimits = { entries: 10_000, ttlMilliseconds: 60_000 };

export interface VaultSettings {
  /** PostgreSQL URL of the key store: a database apart from the register's. */
  readonly keyStoreUrl: string;
  readonly keys: KeyProvider;
  /** Object keys that are kept unwrapped in memory. Default: 10,000 for a minute; `entries: 0` keeps none. */
  readonly cache?: CacheLimits;
}

/**
 * Opens the vault on PostgreSQL and brings the key store's schema up to date.
 * Rejects with `StoreUnavailable` when the key store can't be reached, with `KeysUnusable` when the keys are not those
 * it was made with. A new master or lookup key becomes the current one at the next opening.
 */
export async function openVault({ keyStoreUrl, keys, cache }: VaultSettings): Promise<Vault> {
  const store = await openPostgresKeyStore(keyStoreUrl);
  try {
    return await vaultOf(store, keys, cache);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A vault over any key store. Its master and lookup keys are those that the provider gives now. */
export async function vaultOf(store: KeyStore, keys: KeyProvider, cache: CacheLimits = DEFAULT_CACHE): Promise<Vault> {
  const master: Given = await keysOf(keys, 'master');
  const lookup: Given = await keysOf(keys, 'lookup');
  await checkKnownKeys(store, { master, lookup });
  const ofObjects = objectKeys(store, keys, master, cache);
  const clerks = boundedCache<string>(cache);

  return {
    sealer: memberSealer(ofObjects),
    files: fileSealer(ofObjects),
    ...keyedHashes(ofObjects, lookup),
    reservations: reservations(store),
    checkpoints: store.checkpoints,
    clerkReference: (subject) => clerks.get(subject, () => store.clerkReference(subject, randomUUID())),
    highWaterMark: store.highWaterMark,
    signingKey: (name) => signingKey(keys, name),
    verificationKeys: (name) => verificationKeys(keys, name),
    answerKeys: (algorithm) => answerKeys(keys, algorithm),
    logKeys: logKeys(keys),
    logKeysWith: (second) => logKeys(keys, second),
    async destroy(holder) {
      await store.destroyObjectKey(holder);
      ofObjects.forget(holder);
    },
    forget: (holder) => ofObjects.forget(holder),
    close: () => store.close(),
  };
}
