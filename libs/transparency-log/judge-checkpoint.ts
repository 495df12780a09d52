import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { type VerifierKey } from './keys.js';
import { LogFault } from './log-fault.js';
import { notChecked, parseNote, unverifiedIn, verifySignatures } from './note.js';
import { meetsQuorum, shown, type TrustPolicy } from './policy.js';

/** A checkpoint that a policy believes, with what it rests on. */
export interface BelievedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The log's keys that have signed. */
  readonly keys: readonly VerifierKey[];
  /** The policy's witnesses that have cosigned, by their names in it, with the time that they say. */
  readonly witnesses: readonly { readonly name: string; readonly timestamp: bigint }[];
  /** Keys of the policy that have signed in a way that this Node can't verify: they count for nothing. */
  readonly unverified: readonly VerifierKey[];
}

/**
 * Throws unless a log of the policy has signed the checkpoint, enough of its witnesses have cosigned it, and none of its keys
 * stands under something else. `origin`: the one log whose checkpoints count here.
 */
export function judgeCheckpoint(
  note: Uint8Array | string,
  policy: TrustPolicy,
  { origin }: { readonly origin?: string } = {},
): BelievedCheckpoint {
  const signed = parseNote(note);
  const checkpoint = parseCheckpoint(signed.text);
  if (origin !== undefined && checkpoint.origin !== origin) {
    throw new LogFault('other-origin', `a checkpoint of ${checkpoint.origin}, not of ${origin}`);
  }
  const logs = policy.logs.map(({ key }) => key).filter(({ name }) => name === checkpoint.origin);
  if (logs.length === 0) {
    throw new LogFault('other-origin', `a checkpoint of ${checkpoint.origin}, for which no key is trusted`);
  }
  const keys = [...new Set(verifySignatures(signed, logs).map(({ key }) => key))];
  const witnesses = new Map<string, bigint>();
  for (const { name, key } of policy.witnesses) {
    const [verified] = verifySignatures(signed, [key]);
    if (verified?.timestamp !== undefined) witnesses.set(name, verified.timestamp);
  }
  const all = [...logs, ...policy.witnesses.map(({ key }) => key)];
  const unverified = unverifiedIn(signed, all);
  const beside = notChecked(unverified);
  if (keys.length === 0) {
    throw new LogFault('signature-missing', `no trusted key of ${checkpoint.origin} has signed it${beside}`);
  }
  if (!meetsQuorum(policy, new Set(witnesses.keys()))) {
    const by = witnesses.size === 0 ? 'no witness' : [...witnesses.keys()].map(shown).join(', ');
    throw new LogFault('quorum-missing', `cosigned by ${by}, which is less than ${shown(policy.quorum!)}${beside}`);
  }
  return {
    checkpoint,
    keys,
    witnesses: [...witnesses].map(([name, timestamp]) => ({ name, timestamp })),
    unverified,
  };
}
