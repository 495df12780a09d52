import { createPublicKey, type KeyObject } from 'node:crypto';
import { demandMlDsa44, knowsMlDsa44 } from './key-material.js';
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

/** What signs the log's checkpoints beside Ed25519, where an installation wants that. */
export type SecondLogKey = 'ml-dsa-44';

export interface LogSigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

export interface LogVerificationKey {
  readonly id: string;
  readonly publicKey: KeyObject;
}

/** Keys that the transparency log's checkpoints are signed with: Ed25519, and beside it ML-DSA-44 where that is wanted. */
export interface LogKeys {
  /**
   * Sees to it that all that are to sign can. Rejects with `KeysUnusable`, which says what to do, where a second key is wanted
   * that was not made, or that this Node does not know.
   */
  begin(): Promise<void>;
  /**
   * Those to sign with at that moment (milliseconds since 1970), the current one of Ed25519 first. Behind the current one of a
   * kind those that another one came after within `LOG_KEY_OVERLAP`: who verifies has so long to take the new key.
   */
  signing(now: number): Promise<readonly LogSigningKey[]>;
  /**
   * Public keys of all, the current one of Ed25519 first: what an older one has signed is to be verified for as long as the
   * log is. Those of ML-DSA-44 come last, whether or not they are to sign now; a Node that does not know them gives none.
   */
  verification(): Promise<readonly [LogVerificationKey, ...LogVerificationKey[]]>;
}

export function logKeys(keys: KeyProvider, second?: SecondLogKey): LogKeys {
  /** Rejects rather than to sign with less than was asked for. */
  const secondKeys = async (): Promise<readonly ProvidedKey[]> => {
    if (second === undefined) return [];
    demandMlDsa44();
    const all = await keys.all('log-ml-dsa-44');
    if (all.length > 0) return all;
    throw new KeysUnusable(
      'LOG_SECOND_KEY asks for a key of ML-DSA-44, and there is none: make it once (npm run log-keys -- rotate ml-dsa-44), ' +
        'give every process of the archive a copy of the file log-ml-dsa-44.1.json, and start again',
    );
  };
  const inUse = (all: readonly ProvidedKey[], now: number): LogSigningKey[] =>
    all
      .filter((_, at) => at === 0 || now - all[at - 1]!.madeAt < LOG_KEY_OVERLAP)
      .map(({ id, key }) => ({ id, privateKey: key }));
  const publicOf = ({ id, key }: ProvidedKey): LogVerificationKey => ({ id, publicKey: createPublicKey(key) });
  return {
    async begin() {
      await secondKeys();
    },
    signing: async (now) => [...inUse(await keysOf(keys, 'log'), now), ...inUse(await secondKeys(), now)],
    async verification() {
      const [current, ...older] = await keysOf(keys, 'log');
      const others = knowsMlDsa44() ? await keys.all('log-ml-dsa-44') : [];
      return [publicOf(current), ...[...older, ...others].map(publicOf)];
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
