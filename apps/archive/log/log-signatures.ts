import type { KeyObject } from 'node:crypto';
import type { LogKeys } from '#libs/application';
import {
  formatCheckpoint,
  formatPolicy,
  formatVerifierKey,
  judgeCheckpoint,
  logSigner,
  parseNote,
  publicKeyPem,
  secretKey,
  signNote,
  trusting,
  verifierKey,
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
  /** Every key, the current one first. */
  keys(): Promise<readonly [VerifierKey, ...VerifierKey[]]>;
}

/** `now` in milliseconds since 1970. */
export function logSignatures(origin: string, keys: LogKeys, now: () => number): LogSignatures {
  const ofLog = (key: KeyObject): VerifierKey => {
    const der = key.export({ type: 'spki', format: 'der' });
    return verifierKey(origin, 'ed25519', der.subarray(-32));
  };
  const all = async (): Promise<readonly [VerifierKey, ...VerifierKey[]]> => {
    const [current, ...older] = await keys.verification();
    return [ofLog(current.publicKey), ...older.map(({ publicKey }) => ofLog(publicKey))];
  };
  return {
    origin,
    async sign({ size, root }) {
      const signers = (await keys.signing(now())).map(({ privateKey }) => logSigner(origin, secretKey(privateKey)));
      return signNote(formatCheckpoint({ origin, size, root }), signers, BigInt(Math.floor(now() / 1_000)));
    },
    async judge(note) {
      const { checkpoint } = judgeCheckpoint(note, trusting(...(await all())), { origin });
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
  const [current, ...older] = await log.keys();
  const signedBy = new Set(note === undefined ? [] : parseNote(note).signatures.map(({ keyId }) => keyId));
  return [current, ...older].find(({ id }) => signedBy.has(id)) ?? current;
}

/** One line, as programs that read notes take it. */
export const verifierKeyFile = (key: VerifierKey): string => `${formatVerifierKey(key)}\n`;

/** Every key, as a policy that trusts any of them. */
export const policyFile = async (log: LogSignatures): Promise<Buffer> => formatPolicy(trusting(...(await log.keys())));

/** The same key, for openssl. */
export const pemFile = (key: VerifierKey): string => publicKeyPem(key);
