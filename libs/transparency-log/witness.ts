import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { EMPTY_ROOT, sameBytes, sha256 } from './hashing.js';
import { type NoteSigner, type VerifierKey } from './keys.js';
import { LogFault } from './log-fault.js';
import { MAX_NOTE_BYTES, parseNote, parseSignatures, signatureLine } from './note.js';
import { verifyNote, verifySignatures, type SignedNote, type Verified } from './note.js';
import { base64Hash, decimal, HASH_CHARACTERS, MAX_PROOF_HASHES, utf8 } from './text.js';
import { checkConsistency } from './tree.js';

// c2sp.org/tlog-witness: who keeps what it has seen last of a log, and signs only what goes on from there.

/** What a witness has cosigned last. */
export interface Witnessed {
  readonly size: number;
  readonly root: Buffer;
  /** Of the cosignatures, in seconds since 1970. */
  readonly timestamp: bigint;
  /** With the signatures of the log that were verified, and those that the witness answered with. */
  readonly note: string;
}

export interface WitnessStore {
  /** MUST give what was stored last for a log, over any restart; `undefined` only where nothing ever was. */
  latest(origin: string): Promise<Witnessed | undefined>;
  /**
   * Stores `next` where the size that is stored is `size` (0: or nothing is). MUST compare and store in one step, whoever
   * else does, and MUST answer `true` only once it is durable; `false` where another size was stored, and nothing is now.
   */
  replace(origin: string, size: number, next: Witnessed): Promise<boolean>;
}

export interface Witness {
  /** With keys of its own, that sign for no log. */
  readonly signers: readonly NoteSigner[];
  readonly store: WitnessStore;
  /** The keys of a log; `undefined` for one that it does not watch. */
  keysOf(origin: string): readonly VerifierKey[] | undefined;
  /** Seconds since 1970. */
  now(): bigint;
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: string;
  readonly body: string;
}

/** What is read of a request. */
export const MAX_REQUEST_BYTES = MAX_NOTE_BYTES + (MAX_PROOF_HASHES + 1) * (HASH_CHARACTERS + 1);

const answer = (
  status: WitnessAnswer['status'],
  body: string,
  contentType = 'text/plain; charset=utf-8',
): WitnessAnswer => ({
  status,
  contentType,
  body,
});

/** 409 has the size that the witness knows, and nothing else. */
const conflict = (size: number): WitnessAnswer => answer(409, `${size}\n`, 'text/x.tlog.size');

/**
 * The answer to the body of a `POST …/add-checkpoint`. Throws where store or signer fail, or the clock stands before what was
 * signed last (of a time that has two sizes only one can be the largest seen): nothing was cosigned then.
 */
export async function addCheckpoint(body: Uint8Array, witness: Witness): Promise<WitnessAnswer> {
  const request = attempt(() => parseRequest(body));
  if (request instanceof LogFault) return answer(400, `${request.message}\n`);
  const { note, checkpoint, old } = request;
  const keys = witness.keysOf(checkpoint.origin);
  if (keys === undefined) return answer(404, `${checkpoint.origin} is no log that is watched here\n`);
  const signed = attempt(() => verifyNote(note, keys));
  if (signed instanceof LogFault) return answer(403, `${signed.message}\n`);
  if (old > checkpoint.size) return answer(400, `the old size ${old} is above ${checkpoint.size}\n`);
  const latest = await witness.store.latest(checkpoint.origin);
  const known = latest?.size ?? 0;
  if (old !== known) return conflict(known);
  const fault = attempt(() => checkGoesOn(latest, request));
  if (fault instanceof LogFault) return answer(422, `${fault.message}\n`);
  const timestamp = witness.now();
  const last = latest?.timestamp ?? 0n;
  if (timestamp < last || timestamp === 0n) {
    throw new Error(`the clock of this witness says ${timestamp}, and it has cosigned at ${last}`);
  }
  const lines = await Promise.all(witness.signers.map((signer) => signatureLine(signer, note.text, timestamp)));
  const next: Witnessed = {
    size: checkpoint.size,
    root: checkpoint.root,
    timestamp,
    note: `${note.text}\n${[...new Set(signed.map(({ line }) => line)), ...lines].join('')}`,
  };
  if (await witness.store.replace(checkpoint.origin, known, next)) return answer(200, lines.join(''));
  // Another request was faster; the signatures made here leave this function no more.
  return conflict((await witness.store.latest(checkpoint.origin))?.size ?? 0);
}

interface AddRequest {
  readonly old: number;
  readonly proof: readonly Buffer[];
  readonly note: SignedNote;
  readonly checkpoint: Checkpoint;
}

function parseRequest(body: Uint8Array): AddRequest {
  if (body.length > MAX_REQUEST_BYTES)
    throw malformed(`it has ${body.length} bytes; up to ${MAX_REQUEST_BYTES} are read`);
  const text = utf8(body);
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) throw malformed('it is not UTF-8 with an empty line before a checkpoint');
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const old = decimal(/^old (.+)$/.exec(first)?.[1] ?? '');
  if (old === undefined) throw malformed('its first line is not "old" and a number of entries below 2^53');
  if (lines.length > MAX_PROOF_HASHES)
    throw malformed(`it has ${lines.length} hashes; up to ${MAX_PROOF_HASHES} are read`);
  const proof = lines.map((line, at) => {
    const hash = base64Hash(line);
    if (hash === undefined) throw malformed(`hash ${at} is not 32 bytes in base64`);
    return hash;
  });
  const note = parseNote(text.slice(end + 2));
  return { old, proof, note, checkpoint: parseCheckpoint(note.text) };
}

const malformed = (why: string): LogFault => new LogFault('request-malformed', `not a request of a log: ${why}`);

function checkGoesOn(latest: Witnessed | undefined, { proof, checkpoint }: AddRequest): void {
  if (checkpoint.size === 0 && !sameBytes(checkpoint.root, EMPTY_ROOT)) {
    throw new LogFault('root-mismatch', 'a log without entries has another root');
  }
  if (latest !== undefined && latest.size > 0) return checkConsistency(latest, checkpoint, proof);
  if (proof.length > 0) throw new LogFault('proof-length', 'nothing is to be proven from a log without entries on');
}

function attempt<Result>(compute: () => Result): Result | LogFault {
  try {
    return compute();
  } catch (error) {
    if (error instanceof LogFault) return error;
    throw error;
  }
}

/** Where a witness shows what it has cosigned last of a log, below its monitoring prefix. */
export const witnessedPath = (origin: string): string => `${sha256(Buffer.from(origin)).toString('hex')}/checkpoint`;

/** The body of `POST …/add-checkpoint`, from a log. `old`: the size that the witness has cosigned last, 0 where not known. */
export function addCheckpointRequest(old: number, proof: readonly Uint8Array[], checkpoint: string): Buffer {
  const lines = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`);
  const body = Buffer.from(`old ${old}\n${lines.join('')}\n${checkpoint}`);
  parseRequest(body);
  return body;
}

export type WitnessReply =
  /** Lines for the checkpoint that was sent, verified. */
  | { readonly outcome: 'cosigned'; readonly signatures: readonly Verified[] }
  /** The size to prove from. */
  | { readonly outcome: 'other-size'; readonly size: number }
  | { readonly outcome: 'refused'; readonly status: number; readonly reason: string };

/**
 * What a witness answered to a checkpoint. Lines of keys that are not its own are left out. Throws where the answer is none
 * that a witness gives: of another text, or by none of its keys.
 */
export function readWitnessAnswer(
  status: number,
  body: Uint8Array,
  checkpoint: string,
  keys: readonly VerifierKey[],
): WitnessReply {
  const text = body.length <= MAX_NOTE_BYTES ? utf8(body) : undefined;
  if (text === undefined)
    throw new LogFault('answer-malformed', `an answer of ${body.length} bytes that is no short text`);
  if (status === 409) {
    const size = text.endsWith('\n') ? decimal(text.slice(0, -1)) : undefined;
    if (size === undefined)
      throw new LogFault('answer-malformed', 'a conflict without the size that the witness knows');
    return { outcome: 'other-size', size };
  }
  if (status !== 200) return { outcome: 'refused', status, reason: text.trim().slice(0, 500) };
  const signatures = verifySignatures(
    { text: parseNote(checkpoint).text, signatures: parseSignatures(text) },
    keys,
  ).filter(({ timestamp }) => timestamp !== undefined && timestamp > 0n);
  if (signatures.length === 0) {
    throw new LogFault('signature-missing', 'the witness has answered with no cosignature of its own that has a time');
  }
  return { outcome: 'cosigned', signatures };
}
