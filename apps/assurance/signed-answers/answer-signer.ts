import { constants, hash, sign, type KeyObject } from 'node:crypto';
import type { Instant, JsonObject } from '#libs/kernel';
import type { AnswerKey, AnswerKeys } from '#libs/application';
import { unavailable, WrittenAnswer } from '#libs/platform';
import { signingThread, type SignText } from './signing-thread.js';

/** Milliseconds after which the key is looked at again beside the answers, and after which answers wait for that. */
const LOOK_AGAIN = 2_500;
const TRUSTED = 5_000;
/** Seconds for which the public keys may be kept; a key signs only once nobody can have a list from before it. */
export const KEPT_FOR = 300;
/** Seconds by which the clocks of processes may differ (interfaces.md §5). */
const CLOCKS_DIFFER = 5;
/** Milliseconds that an answer waits for the keys where the place that they lie in does not answer. */
const PATIENCE = 2_000;

/**
 * Signs what leaves the service, at every level alike (LVL-14). Other threads sign, so that the event loop goes on with
 * other answers. A key that was withdrawn does not sign any more within five seconds; one that was added signs once all who keep the published
 * ones have it, and the first of an installation at once.
 */
export interface AnswerSigner {
  /** Sees to it that there is a key. */
  begin(): Promise<void>;
  /**
   * What the answers of one call are signed with; 503 where there is no key. To be had before anything is recorded, so that
   * an answer that can't be signed leaves no record of use.
   */
  ready(): Promise<Sign>;
  /** The public keys, as they are now. Rejects with 503 where they can't be read and where there is none. */
  published(): ReturnType<AnswerKeys['verification']>;
  /** Why answers can't be signed, as far as known; looks for itself where nobody has asked of late. */
  trouble(): string | undefined;
  /** The claims as a JWT. The same ones by the same key are signed once. */
  token(claims: JsonObject): Promise<string>;
}

/**
 * The answer with its `Digest` (RFC 3230) and `Payload-Signature`: JAdES, detached, over the digest, in the form of the
 * signing module of the NL GOV API Design Rules.
 */
export type Sign = (text: string) => Promise<WrittenAnswer>;

interface HeldKey extends AnswerKey {
  readonly privateKey: KeyObject;
}

/** Answers that can't be signed are not given: 503, until the keys are there again. */
export function answerSigner(
  keys: AnswerKeys,
  now: () => Instant,
  onTrouble: (name: string, error: unknown, stopped: boolean) => void,
  /** Milliseconds that never go back. */
  ticks: () => number = () => performance.now(),
  /** Rejects where what is waited for does not come within that time. */
  within: typeof patient = patient,
): AnswerSigner {
  const reading = once(() => keys.signing(Date.parse(now()) - (KEPT_FOR + CLOCKS_DIFFER) * 1_000));
  const listing = once(() => keys.verification());
  let held: HeldKey | undefined;
  let lookedAt = -Infinity;
  let looking: Promise<HeldKey> | undefined;
  let trouble: string | undefined;
  /** Of one key and one second: the same for many answers. */
  let header: { readonly key: HeldKey; readonly second: string; readonly text: string } | undefined;
  let issued: { readonly key: HeldKey; readonly claims: string; readonly token: Promise<string> } | undefined;

  const look = (): Promise<HeldKey> =>
    (looking ??= within(PATIENCE, reading())
      .then((key) => {
        lookedAt = ticks();
        trouble = undefined;
        // The same object while it is the same key: what was made with it is known by that.
        return (held = held?.id === key.id ? held : key);
      })
      .catch((error: unknown) => {
        if (trouble === undefined) onTrouble('keys of signed answers', error, false);
        trouble = error instanceof Error ? error.message : String(error);
        throw unavailable();
      })
      .finally(() => (looking = undefined)));

  const current = (): HeldKey | Promise<HeldKey> => {
    const age = ticks() - lookedAt;
    if (held === undefined || age > TRUSTED) return look();
    // Who has to wait for it is told what goes wrong.
    if (age > LOOK_AGAIN) look().catch(() => undefined);
    return held;
  };

  const headerOf = (key: HeldKey): string => {
    // JAdES has it in seconds.
    const second = `${now().slice(0, 19)}Z`;
    if (header?.key !== key || header.second !== second) {
      header = { key, second, text: encoded(jadesHeader(key, second)) };
    }
    return header.text;
  };

  return {
    async begin() {
      await keys.begin();
      await look();
    },

    async ready() {
      const given = current();
      const key = given instanceof Promise ? await given : given;
      return async (text) => {
        const digest = `SHA-256=${hash('sha256', text, 'base64')}`;
        const protectedHeader = headerOf(key);
        const signature = await signatureOf(key, `${protectedHeader}.digest: ${digest}`);
        return new WrittenAnswer(text, ['Digest', digest, 'Payload-Signature', `${protectedHeader}..${signature}`]);
      };
    },

    async published() {
      const found = await within(PATIENCE, listing()).catch((error: unknown) => {
        throw unavailable('unavailable', 1, error);
      });
      // A list without keys would be kept, and nothing be believed for as long.
      if (found.length === 0) throw unavailable();
      return found;
    },

    trouble() {
      if (ticks() - lookedAt > LOOK_AGAIN) look().catch(() => undefined);
      return trouble;
    },

    async token(claims) {
      const key = await current();
      const text = JSON.stringify(claims);
      if (issued?.key !== key || issued.claims !== text) {
        const iat = Math.floor(Date.parse(now()) / 1_000);
        const signed = `${encoded({ alg: key.algorithm, kid: key.id, typ: 'JWT' })}.${encoded({ ...claims, iat })}`;
        const token = signatureOf(key, signed).then((signature) => `${signed}.${signature}`);
        const made = (issued = { key, claims: text, token });
        // One that failed is not kept.
        token.catch(() => (issued = issued === made ? undefined : issued));
      }
      return issued.token;
    },
  };
}

/** One call at a time: a folder that hangs holds one thread of the pool, and not one for everybody who asks. */
function once<T>(call: () => Promise<T>): () => Promise<T> {
  let under: Promise<T> | undefined;
  return () => (under ??= call().finally(() => (under = undefined)));
}

function patient<T>(milliseconds: number, waitedFor: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the keys can not be reached: their place does not answer')),
      milliseconds,
    );
    waitedFor.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What is signed is not in the signature but in a header of the answer, as it stands there (`b64`, RFC 7797). */
const jadesHeader = ({ algorithm, id }: HeldKey, sigT: string): JsonObject => ({
  alg: algorithm,
  kid: id,
  b64: false,
  crit: ['b64', 'sigT', 'sigD'],
  sigT,
  sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] },
});

const encoded = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signedInThread = signingThread();

/** As JOSE has them (RFC 7518 §3.4, §3.5). RSA takes so long that all threads of the pool are to share it. */
const signatureOf = ({ algorithm, privateKey: key }: HeldKey, text: string): Promise<string> =>
  algorithm === 'ES256' ? signedInThread(key, text) : signedInPool(key, text);

const PS256 = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } as const;

const signedInPool: SignText = (key, text) =>
  new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(text), { key, ...PS256 }, (error, signature) => {
      if (error === null) resolve(signature.toString('base64url'));
      else reject(error);
    });
  });

/** `sha-256=` of a request's body, in the form that `Digest` has. */
export const requestHashOf = (bytes: Buffer): string => `sha-256=${hash('sha256', bytes, 'base64')}`;
