import type { LogFiles, SequencedLog } from '#libs/eventing';
import {
  addCheckpointRequest,
  judgeCheckpoint,
  LogFault,
  readWitnessAnswer,
  TileTree,
  withSignatures,
  witnessedPath,
  type Checkpoint,
} from '#libs/transparency-log';
import { askOverHttp, type AskWitness, type WitnessResponse } from './ask-witness.js';
import { LogRefused } from './log-fault-for-people.js';
import type { LogSignatures } from './log-signatures.js';
import { withKeys, WitnessPolicyFault, type AddressedWitness, type WitnessPolicy } from './witness-policy.js';

export interface LogWitnessesParts {
  readonly policy: WitnessPolicy;
  readonly table: Pick<SequencedLog, 'newest' | 'cosigned' | 'keepCosigned'>;
  readonly files: Pick<LogFiles, 'read' | 'checkpoint'>;
  readonly signatures: Pick<LogSignatures, 'origin' | 'judge' | 'keys'>;
  /** Gets what a witness could not be asked for, or answered wrongly; the same of one witness once. */
  readonly onTrouble: (error: Error) => void;
  readonly ask?: AskWitness;
  /** Within which a witness has to answer (milliseconds). */
  readonly limit?: number;
}

const LIMIT = 5_000;
/** Of one that does not answer, or refuses (milliseconds). */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** The size that it knows is learned from one answer, unless another process asks it as well. */
const ATTEMPTS = 3;

interface Asked {
  readonly witness: AddressedWitness;
  /** Entries of what it has cosigned last, as far as is known here. */
  known: number | undefined;
  isBusy: boolean;
  pause: number;
  notBefore: number;
  told: string | undefined;
}

/**
 * The witnesses of the log (c2sp.org/tlog-witness): they cosign what they have seen, and nothing that does not go on from
 * it. The log publishes without them; they are asked about what is published, and what enough of them have cosigned is kept
 * for receipts.
 *
 * What a witness has seen of the log is evidence where the log itself has signed it, whoever shows it: a table that knows
 * less, or of another history, is not gone on with.
 */
export class LogWitnesses {
  readonly #parts: LogWitnessesParts;
  readonly #ask: AskWitness;
  readonly #all: readonly Asked[];
  readonly #asking = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  /** Lines that were got here for the checkpoint that was asked about last, and from whom. */
  #cosigned: { readonly note: string; lines: readonly string[]; readonly by: Set<Asked> } = {
    ...{ note: '', lines: [], by: new Set<Asked>() },
  };
  #refusal: LogRefused | undefined;

  constructor(parts: LogWitnessesParts) {
    this.#parts = parts;
    this.#ask = parts.ask ?? askOverHttp;
    this.#all = parts.policy.witnesses.map((witness) => ({
      ...{ witness, known: undefined, isBusy: false },
      ...{ pause: FIRST_PAUSE, notBefore: -Infinity, told: undefined },
    }));
  }

  /**
   * Holds the table against what each witness shows of the log; one that does not answer, or shows nothing that the log has
   * signed, is told of and passed over. Rejects with `LogRefused` where the log signed more than the table knows, or something
   * else; and with what kept it from comparing on this side, since nothing is known then.
   */
  async compare(): Promise<void> {
    this.demandAgreement();
    await this.#demandOthers();
    await Promise.all(
      this.#all.map(async (asked) => {
        await this.#look(asked).catch((error: unknown) => {
          if (!(error instanceof WitnessTrouble)) throw error;
          this.#tell(asked, error);
        });
      }),
    );
    this.demandAgreement();
  }

  /** Throws `LogRefused` once a witness has shown that the table is not that of the log. */
  demandAgreement(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  /**
   * Asks the witnesses that have not cosigned what is published here. Answers whether enough of them have, as soon as they
   * have; those that take longer are not waited for.
   */
  async round(): Promise<boolean> {
    this.demandAgreement();
    const note = await this.#parts.files.checkpoint();
    if (note === undefined) return true;
    const checkpoint = await this.#parts.signatures.judge(note);
    if (this.#cosigned.note !== note) this.#cosigned = { note, lines: [], by: new Set() };
    const kept = await this.#parts.table.cosigned();
    let isMet = kept !== undefined && kept.size >= checkpoint.size && (await this.#isEnough(kept.note));
    // Who has cosigned it for another process, or for this one before it was ended, gives his line once more.
    const isDue = (asked: Asked): boolean =>
      !asked.isBusy && !this.#cosigned.by.has(asked) && performance.now() >= asked.notBefore;
    const due = this.#all.filter(isDue);
    await new Promise<void>((resolve) => {
      const asking = due.map(async (asked) => {
        const lines = await this.#about(asked, checkpoint, note);
        if (lines.length > 0 && this.#cosigned.note === note) this.#cosigned.by.add(asked);
        isMet ||= lines.length > 0 && (await this.#keep(note, checkpoint.size, lines));
        if (isMet) resolve();
      });
      for (const one of asking) this.#keepTrack(one);
      void Promise.all(asking).then(
        () => resolve(),
        () => resolve(),
      );
    });
    this.demandAgreement();
    return isMet;
  }

  /** Ends what is being asked. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#asking);
  }

  #keepTrack(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) => this.#parts.onTrouble(error as Error))
      .finally(() => this.#asking.delete(tracked));
    this.#asking.add(tracked);
  }

  /** Its lines for the checkpoint; none where it gives none. */
  async #about(asked: Asked, checkpoint: Checkpoint, note: string): Promise<readonly string[]> {
    asked.isBusy = true;
    try {
      const lines = await this.#request(asked, checkpoint, note);
      [asked.pause, asked.notBefore, asked.told] = [FIRST_PAUSE, -Infinity, undefined];
      return lines;
    } catch (error) {
      asked.notBefore = performance.now() + asked.pause;
      asked.pause = Math.min(asked.pause * 2, LONGEST_PAUSE);
      this.#tell(asked, error);
      return [];
    } finally {
      asked.isBusy = false;
    }
  }

  async #request(asked: Asked, checkpoint: Checkpoint, note: string): Promise<readonly string[]> {
    const { witness } = asked;
    const { size } = checkpoint;
    let why = '';
    for (let attempt = 0; attempt < ATTEMPTS && (asked.known ?? 0) <= size; attempt += 1) {
      const old = asked.known ?? 0;
      const proof =
        old === 0 || old === size
          ? []
          : await new TileTree(this.#parts.files, size).consistencyProof({ start: 0, end: old });
      const { status, body } = await this.#send(asked, 'add-checkpoint', addCheckpointRequest(old, proof, note));
      const reply = readWitnessAnswer(status, body, note, [witness.key]);
      if (reply.outcome === 'cosigned') {
        asked.known = size;
        return reply.signatures.map(({ line }) => line);
      }
      if (reply.outcome === 'refused') {
        why = `it answers ${reply.status}: ${reply.reason}`;
        break;
      }
      why = `it has cosigned ${reply.size} entries`;
      asked.known = reply.size;
    }
    // More than is published here, or something else: what it shows of the log tells.
    const seen = await this.#look(asked);
    const isAhead = seen !== undefined && seen.size > size;
    if (isAhead) return [];
    throw new Error(`does not cosign ${size} entries: ${why || `it has cosigned ${asked.known}`}`);
  }

  /**
   * What it shows of the log, held against the table; `undefined` where it shows nothing. Rejects with `WitnessTrouble` where
   * that is for the witness to answer for.
   */
  async #look(asked: Asked): Promise<Checkpoint | undefined> {
    const { origin, judge } = this.#parts.signatures;
    const { status, body } = await this.#send(asked, witnessedPath(origin)).catch((error: unknown) => {
      throw new WitnessTrouble(reasonOf(error), { cause: error });
    });
    if (status === 404) return undefined;
    if (status !== 200) throw new WitnessTrouble(`answers ${status} to who asks what it has cosigned last`);
    const seen = await judge(Buffer.from(body).toString()).catch((error: unknown) => {
      throw error instanceof LogFault ? new WitnessTrouble(error.message, { cause: error }) : error;
    });
    asked.known = seen.size;
    await this.#demandKnown(asked.witness, seen);
    return seen;
  }

  /** Keeps a refusal where the table, and what is published here, do not have what the log has signed. */
  async #demandKnown({ key }: AddressedWitness, seen: Checkpoint): Promise<void> {
    if (seen.size === 0) return;
    const newest = await this.#parts.table.newest();
    if (newest === undefined || newest.size < seen.size) {
      this.#refusal ??= new LogRefused(
        `The witness ${key.name} has cosigned ${seen.size} entries of the transparency log, signed by its own key, and the ` +
          `database knows ${newest?.size ?? 'none'}: it was restored from an older backup, or its server was taken over by ` +
          'one that lacked the last rows. Going on would give out indexes a second time. Restore it to a later moment; if ' +
          'there is none, put LOG_DIR, or LOG_BUCKET, back as it was published last: npm run adopt-restored-log -- --reason "…"',
      );
      return;
    }
    const note = await this.#parts.files.checkpoint();
    const published = note === undefined ? undefined : await this.#parts.signatures.judge(note);
    // What is not published here yet is held against it when it is.
    if (published === undefined || published.size < seen.size) return;
    const root = await new TileTree(this.#parts.files, published.size).root(seen.size);
    if (root.equals(seen.root)) return;
    this.#refusal ??= new LogRefused(
      `The witness ${key.name} has cosigned another history of the first ${seen.size} entries of the transparency log, ` +
        'signed by its own key: two have been published. Nothing is signed any more. Keep both, and the checkpoint that ' +
        'the witness shows, as evidence',
    );
  }

  /** A witness that signs with the log's own key has seen nothing that the log has not. */
  async #demandOthers(): Promise<void> {
    const own = await this.#parts.signatures.keys();
    const same = this.#all.find(({ witness }) => own.some((key) => key.publicKey.equals(witness.key.publicKey)));
    if (same === undefined) return;
    throw new WitnessPolicyFault(`LOG_POLICY: ${same.witness.key.name} has a key of the log itself, and is no witness`);
  }

  async #keep(note: string, size: number, lines: readonly string[]): Promise<boolean> {
    if (this.#cosigned.note !== note) return false;
    this.#cosigned = { ...this.#cosigned, lines: [...this.#cosigned.lines, ...lines] };
    const cosigned = withSignatures(note, this.#cosigned.lines);
    if (!(await this.#isEnough(cosigned))) return false;
    return this.#parts.table.keepCosigned({ size, note: cosigned });
  }

  async #isEnough(note: string): Promise<boolean> {
    const { policy, signatures } = this.#parts;
    return isWitnessed(note, policy, await signatures.keys());
  }

  async #send({ witness }: Asked, path: string, body?: Uint8Array): Promise<WitnessResponse> {
    const { limit = LIMIT } = this.#parts;
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(limit)]);
    return this.#ask(`${witness.url}/${path}`, body, signal);
  }

  #tell(asked: Asked, error: unknown): void {
    if (this.#ending.signal.aborted) return;
    const why = reasonOf(error);
    if (asked.told === why) return;
    asked.told = why;
    this.#parts.onTrouble(new Error(`The witness ${asked.witness.key.name}: ${why}`, { cause: error }));
  }
}

/** A witness does not answer, or shows what is no checkpoint of the log: nothing of its is known, and it stops nothing. */
class WitnessTrouble extends Error {
  override readonly name = 'WitnessTrouble';
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error));

/** Whether enough witnesses of the policy have cosigned a checkpoint that one of these keys has signed. */
export function isWitnessed(
  note: string,
  policy: WitnessPolicy,
  keys: Awaited<ReturnType<LogSignatures['keys']>>,
): boolean {
  try {
    judgeCheckpoint(note, withKeys(policy, keys));
    return true;
  } catch (error) {
    if (error instanceof LogFault && error.code === 'quorum-missing') return false;
    throw error;
  }
}
