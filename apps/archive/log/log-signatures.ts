import type { LogKey, LogKeys } from '#libs/application';
import {
  formatCheckpoint,
  formatPolicy,
  formatVerifierKey,
  judgeCheckpoint,
  LogFault,
  logSigner,
  logVerifierKey,
  parseNote,
  publicKeyPem,
  secretKey,
  signNote,
  trusting,
  type Checkpoint,
  type VerifierKey,
} from '#libs/transparency-log';
import { LogRefused } from './log-fault-for-people.js';

/** Under which name and keys the log is signed, and believed. */
export interface LogSignatures {
  readonly origin: string;
  /** Signed by each key that signs now. */
  sign(checkpoint: Pick<Checkpoint, 'size' | 'root'>): Promise<string>;
  /** The checkpoint of a note that one of our keys has signed; throws for every other. */
  judge(note: string): Promise<Checkpoint>;
  /** Every key, the current one of Ed25519 first; a new one is seen within `KEYS_FOR`. */
  keys(): Promise<readonly [VerifierKey, ...VerifierKey[]]>;
}

/** So long they are not looked up again (milliseconds): anybody asks for them as often as he likes. */
const KEYS_FOR = 1_000;

/**
 * A log says of its own checkpoints that they go on from each other, and not that there was none larger at some second: that
 * would rest on its clock, and two checkpoints of one second would contradict each other (c2sp.org/tlog-cosignature).
 */
const NO_TIME = 0n;

/** `now` in milliseconds since 1970. */
export function logSignatures(
  origin: string,
  keys: Pick<LogKeys, 'signing' | 'verification'>,
  now: () => number,
): LogSignatures {
  type Keys = readonly [VerifierKey, ...VerifierKey[]];
  const lookUp = async (): Promise<Keys> => {
    const [current, ...older] = await keys.verification();
    const ofLog = (key: LogKey): VerifierKey => logVerifierKey(origin, key.publicKey);
    return [ofLog(current), ...older.map(ofLog)];
  };
  let known: { readonly at: number; readonly keys: Promise<Keys> } | undefined;
  const all = (): Promise<Keys> => {
    const at = now();
    // A clock that was set back makes nothing last longer.
    if (known !== undefined && at >= known.at && at - known.at < KEYS_FOR) return known.keys;
    const asked = { at, keys: lookUp() };
    known = asked;
    asked.keys.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.keys;
  };
  const judged = (note: string, trusted: Keys): Checkpoint =>
    judgeCheckpoint(note, trusting(...trusted), { origin }).checkpoint;
  return {
    origin,
    async sign({ size, root }) {
      const signers = (await keys.signing(now())).map(({ privateKey }) => logSigner(origin, secretKey(privateKey)));
      return signNote(formatCheckpoint({ origin, size, root }), signers, NO_TIME);
    },
    async judge(note) {
      const asked = known;
      const checkpoint = await all()
        .then((trusted) => judged(note, trusted))
        .catch((error: unknown) => {
          if (!(error instanceof LogFault) || error.code !== 'signature-missing' || known !== asked) throw error;
          // Another process may have signed with a key that was made since.
          known = undefined;
          return all().then((trusted) => judged(note, trusted));
        });
      if (checkpoint.extensions.length > 0) throw new LogRefused('a checkpoint of the log has lines that it never had');
      return checkpoint;
    },
    keys: all,
  };
}

/**
 * The newest key that has signed what is published: whoever takes it from beside the checkpoint believes that. A key that was
 * made since is it with the next checkpoint, which may be a while where nothing is recorded.
 */
export async function publishedKey(log: Pick<LogSignatures, 'keys'>, note: string | undefined): Promise<VerifierKey> {
  // Programs that read notes take one line, and most of them no other kind.
  const [current, ...older] = (await log.keys()).filter(({ kind }) => kind === 'ed25519');
  const signedBy = new Set(note === undefined ? [] : parseNote(note).signatures.map(({ keyId }) => keyId));
  return [current, ...older].find((key) => key !== undefined && signedBy.has(key.id)) ?? current!;
}

/** One line, as programs that read notes take it. */
export const verifierKeyFile = (key: VerifierKey): string => `${formatVerifierKey(key)}\n`;

/** Every key, as a policy that trusts any of them. */
export const policyFile = async (log: LogSignatures): Promise<Buffer> => formatPolicy(trusting(...(await log.keys())));

/** The same key, for openssl. */
export const pemFile = (key: VerifierKey): string => publicKeyPem(key);
