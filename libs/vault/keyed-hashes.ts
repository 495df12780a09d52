import { createHmac, hkdfSync, createSecretKey, type KeyObject } from 'node:crypto';
import type { KeyHolder } from '#libs/kernel';
import type { ProvidedKey } from './keys/key-provider.js';
import type { ObjectKeys } from './object-keys.js';
import type { Vault } from './vault.js';

type KeyedHashes = Pick<Vault, 'lookupHash' | 'lookupHashes' | 'requestHash' | 'pseudonym'>;

const PURPOSE = /^[a-z0-9-]{1,100}$/;
/** Never change these: stored hashes are found again with exactly these texts. */
const LOOKUP = 'waarborg-lookup-v1';
const REQUEST = 'waarborg-request-v1';
const PSEUDONYM = 'waarborg-pseudonym-v1';

/** Keyed hashes: HMAC-SHA-256, written as `v1.<which key>.<base64url>`. */
export function keyedHashes(keys: ObjectKeys, lookupKeys: readonly [ProvidedKey, ...ProvidedKey[]]): KeyedHashes {
  const lookup = ({ id, key }: ProvidedKey, purpose: string, value: string): string =>
    // A purpose holds no NUL, so no other purpose and value give the same text.
    `v1.${id}.${mac(key, `${LOOKUP}\0${purpose}\0${value}`)}`;

  const demandPurpose = (purpose: string): void => {
    if (!PURPOSE.test(purpose))
      throw new TypeError('the purpose of a lookup hash has lower case, digits and hyphens only');
  };

  // The first key ever, whichever is current: a retry's hash has to equal the one that was stored before a rotation.
  const forRequests = lookupKeys.at(-1)!;

  return {
    async lookupHash(purpose, value) {
      demandPurpose(purpose);
      return lookup(lookupKeys[0], purpose, value);
    },

    async lookupHashes(purpose, value) {
      demandPurpose(purpose);
      return lookupKeys.map((key) => lookup(key, purpose, value));
    },

    async requestHash(canonicalBody, holder?: KeyHolder, onRecord?: () => Promise<readonly string[]>) {
      const { name, key } =
        holder === undefined
          ? { name: forRequests.id, key: forRequests.key }
          : {
              name: `${holder.kind}.${holder.id}`,
              key: await keys.forSealing(holder, onRecord && hadKey(holder, onRecord)),
            };
      return `v1.${name}.${mac(derivedKey(key), canonicalBody)}`;
    },

    async pseudonym(holder) {
      const key = await keys.forOpening(holder);
      // Under a key for this alone, of this holder alone: no id has to stand in the text.
      return mac(createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), PSEUDONYM, 32))), PSEUDONYM);
    },
  };
}

/** A hash on record that was made under the holder's key: so there was one. */
const hadKey =
  ({ kind, id }: KeyHolder, onRecord: () => Promise<readonly string[]>) =>
  async (): Promise<boolean> =>
    (await onRecord()).some((hash) => hash.startsWith(`v1.${kind}.${id}.`));

/** A key of its own for requests, so that one key never does two kinds of work. */
function derivedKey(key: KeyObject): KeyObject {
  const there = derived.get(key);
  if (there !== undefined) return there;
  const made = createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), REQUEST, 32)));
  derived.set(key, made);
  return made;
}
/** What was derived goes with its key. */
const derived = new WeakMap<KeyObject, KeyObject>();

const mac = (key: KeyObject, text: string): string => createHmac('sha256', key).update(text).digest('base64url');
