import { setTimeout as delay } from 'node:timers/promises';
import type { Backbone } from '#libs/application';
import { epochOf } from '#libs/kernel';
import { KeyDestroyed, type LogFiles, type SequencedLog } from '#libs/eventing';
import { formatReceipt, TileTree, trusting, verifyReceipt } from '#libs/transparency-log';
import { refusing } from './log-fault-for-people.js';
import { logSignatures, type LogSignatures } from './log-signatures.js';
import { isWitnessed } from './log-witnesses.js';
import { withKeys, witnessPolicyOf, type WitnessPolicy } from './witness-policy.js';

/**
 * What shows offline that an event or a record is in the log: the record, its salt, and the proof under the checkpoint that
 * is published here, or by a policy that asks for witnesses under the newest that enough of them have cosigned. `undefined`
 * while that does not cover it. Nothing is handed out that would not be believed.
 */
export async function receiptOf(
  id: string,
  table: Pick<SequencedLog, 'indexOf' | 'at' | 'cosigned'>,
  files: LogFiles,
  signatures: Pick<LogSignatures, 'judge' | 'keys'>,
  policy?: WitnessPolicy,
): Promise<string | undefined> {
  const index = await table.indexOf(id);
  const published = await files.checkpoint();
  const note = policy?.quorum === undefined ? published : (await table.cosigned())?.note;
  if (index === undefined || published === undefined || note === undefined) return undefined;
  const { kept } = (await table.at(index))!;
  if (kept === undefined) return undefined;
  const { salt, record } = kept;
  return refusing(async () => {
    const keys = await signatures.keys();
    // What witnesses of an earlier policy have cosigned is none of these.
    if (policy !== undefined && !isWitnessed(note, policy, keys)) return undefined;
    const [{ size }, { size: there }] = [await signatures.judge(note), await signatures.judge(published)];
    if (index >= size || size > there) return undefined;
    // From the tiles of what is published: those of just that size may never have been written here.
    const hashes = await new TileTree(files, there).inclusionProof(index, { start: 0, end: size });
    const receipt = formatReceipt({ salt, record: Buffer.from(record), index, hashes, checkpoint: note });
    verifyReceipt(receipt, policy === undefined ? trusting(...keys) : withKeys(policy, keys));
    return receipt;
  });
}

/** Throws `KeyDestroyed` where the record and its salt were destroyed: nobody can show it any more. */
export async function demandKept(id: string, table: Pick<SequencedLog, 'indexesOf'>): Promise<void> {
  const places = await table.indexesOf([id]);
  if (places.length > 0 && places.every(({ kept }) => !kept)) throw new KeyDestroyed(`the record ${id} was destroyed`);
}

/** The log follows what is recorded within a second, and witnesses that answer within another (milliseconds). */
const SOON = 3_000;
const LOOK_EVERY = 100;

/** The same of what may have been recorded just now; `undefined` where the log takes longer than it should. */
async function receiptSoon(...asked: Parameters<typeof receiptOf>): Promise<string | undefined> {
  for (const until = performance.now() + SOON; ; await delay(LOOK_EVERY)) {
    const receipt = await receiptOf(...asked);
    if (receipt !== undefined || performance.now() > until) return receipt;
  }
}

/** Receipts by what this installation asks for: its keys, and the witnesses of `LOG_POLICY`. */
export function logReceipts({ log, now }: Pick<Backbone, 'log' | 'now'>): (id: string) => Promise<string | undefined> {
  const signatures = logSignatures(log.origin, log.keys, () => epochOf(now()));
  return (id) => receiptSoon(id, log.table, log.files, signatures, witnessPolicyOf(log.policy));
}

/** Of a log of three entries, by the key `register.example/log+50408b24+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs`. */
export const receiptExample = [
  'c2sp.org/tlog-proof@v1',
  'extra AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgJ7ImV2ZW50Ijp7ImRhdGEiOnt9LCJ0eXBlIjoiQ2hlY2tSZWNvcmRlZCJ9LCJwb3NpdGlvbiI6IjIiLCJyZWNvcmRlZEF0IjoiMjAyNi0wMy0wMlQxMDoxMjowMS4wMDBaIiwicmV2aXNpb24iOjB9',
  'index 1',
  'h9sRZX1XLxhfUxxZDabcqCt56AULgVmcTD1dymkyazI=',
  'vkxUf3dwh7uyvJ5n52cS5x4HswrUZfgB/jJ6yOJAwpU=',
  '',
  'register.example/log',
  '3',
  'Z4fkr6zaXpA/BqwMW5Y0fKM8HDkk4grBI+G9NBRBAUw=',
  '',
  '— register.example/log UECLJLJ0LYn1pt1FuYZjRTqlTsrT539Krnhp6Uvs5ktH/v5qUbkxJca/vt7nmDsQekpfwQ6D6eDa9XNv7IQ2s4DKFAs=',
  '',
].join('\n');
