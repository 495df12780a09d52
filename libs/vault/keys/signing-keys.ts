import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  ANSWER_KEY_NAMES,
  KeysUnusable,
  type AnswerKeyName,
  type KeyName,
  type KeyProvider,
  type ProvidedKey,
  type SigningKeyName,
} from './key-provider.js';

/** Names of JOSE (RFC 7518, RFC 9864). */
export type AnswerAlgorithm = 'ES256' | 'PS256';
export type SigningAlgorithm = AnswerAlgorithm | 'Ed25519';

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

const ALGORITHMS = {
  token: 'PS256',
  log: 'Ed25519',
  'answer-es256': 'ES256',
  'answer-ps256': 'PS256',
} as const satisfies Readonly<Record<SigningKeyName, SigningAlgorithm>>;

/** Keys that answers at use are signed with. */
export interface AnswerKeys {
  /** Sees to it that there is one to sign with. Rejects with `KeysUnusable` where there is none and none can be made. */
  begin(): Promise<void>;
  /**
   * The one to sign with: the newest that was made by `publishedSince` (milliseconds since 1970), so that whoever keeps the
   * published ones can have it; where none is that old, the oldest there is.
   */
  signing(publishedSince: number): Promise<SigningKey & { readonly algorithm: AnswerAlgorithm }>;
  /** Public keys of every one that was not withdrawn, whichever algorithm is in use now. */
  verification(): Promise<readonly (VerificationKey & { readonly algorithm: AnswerAlgorithm })[]>;
}

export function answerKeys(keys: KeyProvider, algorithm: AnswerAlgorithm): AnswerKeys {
  const name: AnswerKeyName = algorithm === 'ES256' ? 'answer-es256' : 'answer-ps256';
  return {
    begin: () => keys.begin(name),
    async signing(publishedSince) {
      const all = await keysOf(keys, name);
      const { id, key } = all.find(({ madeAt }) => madeAt <= publishedSince) ?? all.at(-1)!;
      return { id, algorithm, privateKey: key };
    },
    async verification() {
      const all = await Promise.all(
        ANSWER_KEY_NAMES.map(async (each) =>
          (await keys.all(each)).map(({ id, key }) => ({
            id,
            algorithm: ALGORITHMS[each],
            publicKey: createPublicKey(key),
          })),
        ),
      );
      return all.flat();
    },
  };
}

/** For how long the key before goes on signing the log's checkpoints beside a new one (milliseconds). */
export const LOG_KEY_OVERLAP = 30 * 24 * 3_600_000;

/** Keys that the transparency log's checkpoints are signed with (Ed25519). */
export interface LogKeys {
  /**
   * Those to sign with at that moment (milliseconds since 1970), the current one first. Behind it those that another one
   * came after within `LOG_KEY_OVERLAP`: who verifies has so long to take the new key.
   */
  signing(now: number): Promise<readonly SigningKey[]>;
  /** Public keys of all, the current one first: what an older one has signed is to be verified for as long as the log is. */
  verification(): Promise<readonly [VerificationKey, ...VerificationKey[]]>;
}

export function logKeys(keys: KeyProvider): LogKeys {
  return {
    async signing(now) {
      const all = await keysOf(keys, 'log');
      return all
        .filter((_, at) => at === 0 || now - all[at - 1]!.madeAt < LOG_KEY_OVERLAP)
        .map(({ id, key }) => ({ id, algorithm: ALGORITHMS.log, privateKey: key }));
    },
    async verification() {
      const publicOf = ({ id, key }: ProvidedKey): VerificationKey => ({
        ...{ id, algorithm: ALGORITHMS.log, publicKey: createPublicKey(key) },
      });
      const [current, ...older] = await keysOf(keys, 'log');
      return [publicOf(current), ...older.map(publicOf)];
    },
  };
}

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
