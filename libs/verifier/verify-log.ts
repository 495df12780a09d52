import {
  checkConsistency,
  checkLog,
  EMPTY_ROOT,
  judgeCheckpoint,
  LogFault,
  TileTree,
  verifyReceipt,
  type BelievedCheckpoint,
  type BelievedReceipt,
  type Checkpoint,
  type TileSource,
  type TrustPolicy,
} from '#libs/transparency-log';
import { ExportFault, verifyExport, type FileToVerify, type VerifiedExport } from './exported-file.js';
import { hashingInTurn, type BundleHasher } from './hashing-thread.js';
import { RecordAccount, type Account } from './record-account.js';
import { type RecordPage } from './record-page.js';

export interface LogToVerify {
  readonly source: TileSource;
  readonly policy: TrustPolicy;
  /** The signed checkpoint that the log is held against. */
  readonly checkpoint: Uint8Array | string;
  /** Signed checkpoints of before, by what they are called: the log has to go on from each. */
  readonly earlier?: ReadonlyMap<string, Uint8Array | string>;
  readonly records?: AsyncIterable<RecordPage>;
  /** Starts what hashes a long log; it is closed in the end. */
  readonly hashing?: () => BundleHasher;
  /** Gets how far it is once the checkpoint is believed. */
  readonly onProgress?: (entries: number, size: number) => void;
}

/** A shorter log is hashed before a thread has started (entries). */
const LONG = 20_000;

/** Two verdicts, apart: what is in the log is as it was signed, and behind each of its entries there is what it stands for. */
export interface LogVerdict {
  readonly believed?: BelievedCheckpoint;
  /** Why the log is not intact; absent when it is. */
  readonly fault?: LogFault;
  /** Of the records, where there are some and the log is intact. */
  readonly account?: Account;
}

/**
 * Verifies a whole log. Other errors than faults of its bytes come from reading, and nothing is known then.
 */
export async function verifyLog(log: LogToVerify): Promise<LogVerdict> {
  const { source, policy, earlier = new Map<string, string>(), records } = log;
  let believed: BelievedCheckpoint | undefined;
  let account: RecordAccount | undefined;
  let hasher = hashingInTurn;
  try {
    believed = judgeCheckpoint(log.checkpoint, policy);
    const { origin, size, root } = believed.checkpoint;
    const before = [...earlier].map(([name, note]) => [name, earlierOf(name, note, policy, origin)] as const);
    account = records === undefined ? undefined : new RecordAccount(records);
    if (size >= LONG) hasher = log.hashing?.() ?? hashingInTurn;
    await checkLog({
      ...{ source, size, root, rootOf: hasher.rootOf },
      ...(account === undefined ? {} : { onBundle: account.bundle }),
      onProgress: async (entries) => {
        await account?.settle();
        log.onProgress?.(entries, size);
      },
    });
    for (const [name, older] of before) await checkGoesOn(source, name, older, believed.checkpoint);
    return { believed, ...(account === undefined ? {} : { account: await account.end() }) };
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    return { ...(believed === undefined ? {} : { believed }), fault: error };
  } finally {
    await hasher.close();
    await account?.close();
  }
}

function earlierOf(name: string, note: Uint8Array | string, policy: TrustPolicy, origin: string): Checkpoint {
  try {
    // Whom it was shown to then says nothing of the log now: what counts is that the log has signed it.
    return judgeCheckpoint(note, withoutQuorum(policy), { origin }).checkpoint;
  } catch (error) {
    throw error instanceof LogFault ? new LogFault(error.code, `${name}: ${error.message}`) : error;
  }
}

const withoutQuorum = ({ quorum: _, ...policy }: TrustPolicy): TrustPolicy => policy;

/** Throws unless the log of `now` goes on from an older checkpoint, by a proof from its tiles. */
async function checkGoesOn(source: TileSource, name: string, older: Checkpoint, now: Checkpoint): Promise<void> {
  if (older.size > now.size) {
    const message = `the log has ${now.size} entries and had ${older.size} before, at ${name}`;
    throw new LogFault('proof-mismatch', message, now.size);
  }
  const isSame = older.size === 0 || older.size === now.size;
  const root = older.size === 0 ? EMPTY_ROOT : now.root;
  try {
    if (isSame && !older.root.equals(root)) throw new LogFault('proof-mismatch', 'the roots are others');
    if (isSame) return;
    const proof = await new TileTree(source, now.size).consistencyProof({ start: 0, end: older.size });
    checkConsistency(older, now, proof);
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    throw new LogFault(error.code, `the log does not go on from ${name}, at ${older.size} entries: ${error.message}`);
  }
}

export interface ReceiptToVerify {
  readonly receipt: Uint8Array;
  readonly policy: TrustPolicy;
  /** The log as it is now, where it is there. */
  readonly log?: { readonly source: TileSource; readonly checkpoint: Uint8Array | string };
  /** What was taken along, where the receipt is that of its reading. */
  readonly file?: FileToVerify;
}

export interface ReceiptVerdict {
  readonly believed?: BelievedReceipt;
  /** Of the log as it is now. */
  readonly now?: Checkpoint;
  /** What the record says of the file. */
  readonly file?: VerifiedExport;
  readonly fault?: LogFault | ExportFault;
}

/** Verifies a receipt, offline or also against its log, and whether a file is the one that it was given for. */
export async function verifyReceiptOf({ receipt, policy, log, file }: ReceiptToVerify): Promise<ReceiptVerdict> {
  let believed: BelievedReceipt | undefined;
  try {
    const read = verifyReceipt(receipt, policy);
    const now = log === undefined ? undefined : await nowOf(log, read, policy);
    // From here on it is the file that may be wrong: what holds of the receipt is told all the same.
    believed = read;
    const exported = file === undefined ? undefined : verifyExport(read.record, file);
    return {
      ...{ believed, ...(now === undefined ? {} : { now }) },
      ...(exported === undefined ? {} : { file: exported }),
    };
  } catch (error) {
    if (!(error instanceof LogFault || error instanceof ExportFault)) throw error;
    return { ...(believed === undefined ? {} : { believed }), fault: error };
  }
}

/** Throws unless the log goes on from the checkpoint of a receipt. */
async function nowOf(
  log: NonNullable<ReceiptToVerify['log']>,
  { checkpoint }: BelievedReceipt,
  policy: TrustPolicy,
): Promise<Checkpoint> {
  const { checkpoint: now } = judgeCheckpoint(log.checkpoint, withoutQuorum(policy), { origin: checkpoint.origin });
  await checkGoesOn(log.source, 'the checkpoint of the receipt', checkpoint, now);
  return now;
}
