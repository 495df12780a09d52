import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { KeyDestroyed } from '#libs/eventing';
import { canonicalJson, type KeyHolder } from '#libs/kernel';
import { apart, decrypt, encrypt, joined } from './aes-gcm.js';
import { boundedCache, type CacheLimits } from './bounded-cache.js';
import { KeysUnusable, type KeyProvider, type ProvidedKey } from './keys/key-provider.js';
import { keysOf } from './keys/signing-keys.js';
import type { KeyStore, WrappedKey } from './store/key-store.js';

export interface ObjectKeys {
  /**
   * The holder's key; made, and durable, when the holder never had one. Rejects with `KeyDestroyed` when it had, as the
   * key store knows, or `hadOne` does (asked only where there is no key).
   */
  forSealing(holder: KeyHolder, hadOne?: () => Promise<boolean>): Promise<KeyObject>;
  /** The holder's key. Rejects with `KeyDestroyed` when there is none. */
  forOpening(holder: KeyHolder): Promise<KeyObject>;
  forget(holder: KeyHolder): void;
}

const DATA_KEY_BYTES = 32;
/** Ids stand in sealed texts between dots, and in paths. */
const HOLDER_ID = /^[A-Za-z0-9_-]{1,200}$/;

/** A data key for each object that holds personal data, wrapped by the master key and kept in the key store. */
export function objectKeys(
  store: KeyStore,
  keys: KeyProvider,
  masters: readonly [ProvidedKey, ...ProvidedKey[]],
  limits: CacheLimits,
): ObjectKeys {
  const cache = boundedCache<KeyObject>(limits);
  const current = masters[0];
  let known: readonly ProvidedKey[] = masters;

  const masterKey = async (id: string): Promise<KeyObject> => {
    const find = (): ProvidedKey | undefined => known.find((master) => master.id === id);
    // Another process may have wrapped with a master key that is newer than this process.
    if (find() === undefined) known = await keysOf(keys, 'master');
    const master = find();
    if (master === undefined) throw new KeysUnusable(`the key provider does not give master key ${id}`);
    return master.key;
  };

  const unwrap = async (holder: KeyHolder, { wrapped, masterKeyId }: WrappedKey): Promise<KeyObject> => {
    const key = decrypt(await masterKey(masterKeyId), wrappingOf(holder, masterKeyId), apart(wrapped));
    if (key === undefined)
      throw new KeysUnusable(`the key of ${holder.kind} ${holder.id} does not open: its row was altered`);
    return createSecretKey(key);
  };

  const make = async (holder: KeyHolder): Promise<KeyObject> => {
    const fresh = encrypt(current.key, wrappingOf(holder, current.id), randomBytes(DATA_KEY_BYTES));
    const kept = await store.addObjectKey(holder, { wrapped: joined(fresh), masterKeyId: current.id });
    if (kept === undefined) throw destroyed(holder);
    // Somebody else's may have been first; only what is kept may be used.
    return unwrap(holder, kept);
  };

  const existing = async (holder: KeyHolder): Promise<KeyObject | undefined> => {
    const row = await store.objectKey(holder);
    return row && unwrap(holder, row);
  };

  return {
    async forSealing(holder, hadOne) {
      return cache.get(nameOf(holder), async () => {
        const key = await existing(holder);
        if (key !== undefined) return key;
        if (await hadOne?.()) throw destroyed(holder);
        return make(holder);
      });
    },
    async forOpening(holder) {
      return cache.get(nameOf(holder), async () => {
        const key = await existing(holder);
        if (key === undefined) throw destroyed(holder);
        return key;
      });
    },
    forget: (holder) => cache.forget(nameOf(holder)),
  };
}

const destroyed = ({ kind, id }: KeyHolder): KeyDestroyed => new KeyDestroyed(`the key of ${kind} ${id} is gone`);

function nameOf({ kind, id }: KeyHolder): string {
  if (!HOLDER_ID.test(id))
    throw new TypeError('the id of a key holder has letters, digits, hyphens and underscores only');
  return `${kind}/${id}`;
}

const wrappingOf = ({ kind, id }: KeyHolder, masterKeyId: string): string =>
  canonicalJson(['waarborg-object-key-v1', kind, id, masterKeyId]);
