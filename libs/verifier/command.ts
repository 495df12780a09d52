import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { LogFault, MAX_NOTE_BYTES, MAX_PROOF_BYTES } from '#libs/transparency-log';
import { MAX_SALT_BYTES, type FileToVerify } from './exported-file.js';
import { readOptions, USAGE, UsageFault, type Options } from './options.js';
import { placeOf, Unreadable, type LogPlace } from './places.js';
import { type BundleHasher } from './hashing-thread.js';
import { type RecordPage } from './record-page.js';
import { readRecords } from './records.js';
import {
  counted,
  logReport,
  printable,
  receiptReport,
  STATUS,
  statusOf,
  textOf,
  type LogReport,
  type ReceiptReport,
  type Status,
} from './report.js';
import { ownFile, trustOf, type Trust } from './trust.js';
import { verifyLog, verifyReceiptOf } from './verify-log.js';

export interface Surroundings {
  readonly input: AsyncIterable<Uint8Array>;
  /** Gets the answer, for whoever reads or parses it. */
  out(text: string): void;
  /** Gets how far it is, and why nothing is known. */
  err(text: string): void;
  /** Whether a line of `err` can be written over. */
  readonly isTerminal: boolean;
  /** Starts what hashes a long log beside the rest. */
  readonly hashing?: () => BundleHasher;
}

/** Does what the arguments ask, and answers the status to end with. */
export async function verify(args: readonly string[], around: Surroundings): Promise<Status> {
  try {
    const options = readOptions(args);
    if (options === undefined) {
      around.out(USAGE);
      return STATUS.holds;
    }
    const reports = options.receipts.length > 0 ? await ofReceipts(options) : [await ofLog(options, around)];
    for (const report of reports) around.out(options.json ? `${JSON.stringify(report)}\n` : `${textOf(report)}\n`);
    return reports.map(statusOf).find((status) => status !== STATUS.holds) ?? STATUS.holds;
  } catch (error) {
    const said = (why: string): void => around.err(`${printable(why)}\n`);
    if (error instanceof UsageFault) {
      said(`${error.message}. --help says how to ask`);
      return STATUS.askedWrongly;
    }
    if (!(error instanceof Unreadable)) throw error;
    said(`${error.message}. Nothing is known of what could not be read: this is no verdict`);
    return STATUS.notKnown;
  }
}

async function ofLog(options: Options, around: Surroundings): Promise<LogReport> {
  const log = await placeOf(options.log!);
  const { records: recordsFrom } = options;
  const hasRecords = recordsFrom !== undefined;
  const earlier = new Map<string, Buffer>();
  for (const file of options.earlier) earlier.set(file, ownFile(file, MAX_NOTE_BYTES));
  const asked = { log: log.name, hasRecords, hasEarlier: earlier.size > 0 };
  const trust = await trustOrFault(options, log);
  if (trust instanceof LogFault) return logReport({ fault: trust }, { ...asked, trust: NOBODY });
  const checkpoint = await checkpointOf(options, log);
  const progress = new Progress(around);
  const records = recordsFrom === undefined ? undefined : await recordsOf(recordsFrom, around);
  const verdict = await verifyLog({
    ...{ source: log, policy: trust.policy, checkpoint, earlier },
    ...(records === undefined ? {} : { records }),
    ...(around.hashing === undefined ? {} : { hashing: around.hashing }),
    onProgress: (entries, size) => progress.tell(entries, size),
  }).finally(() => progress.end());
  return logReport(verdict, { ...asked, trust });
}

async function ofReceipts(options: Options): Promise<ReceiptReport[]> {
  const place = options.log === undefined ? undefined : await placeOf(options.log);
  const trust = await trustOrFault(options, place);
  const log = place === undefined ? undefined : { source: place, checkpoint: await checkpointOf(options, place) };
  const file = exportedFile(options);
  const beside = { ...(log === undefined ? {} : { log }), ...(file === undefined ? {} : { file }) };
  const reports: ReceiptReport[] = [];
  for (const name of options.receipts) {
    const receipt = ownFile(name, MAX_PROOF_BYTES);
    reports.push(
      trust instanceof LogFault
        ? receiptReport(name, { fault: trust }, NOBODY)
        : receiptReport(name, await verifyReceiptOf({ receipt, policy: trust.policy, ...beside }), trust),
    );
  }
  return reports;
}

function exportedFile({ export: name, salt }: Options): FileToVerify | undefined {
  if (name === undefined) return undefined;
  return {
    name,
    read: (bound) => ownFile(name, bound),
    ...(salt === undefined ? {} : { salt: { name: salt, text: ownFile(salt, MAX_SALT_BYTES).toString('latin1') } }),
  };
}

/** A key that the log gives and that is none is a fault of the log. */
const trustOrFault = (options: Options, log: LogPlace | undefined): Promise<Trust | LogFault> =>
  trustOf(options, log).catch((error: unknown) => {
    if (error instanceof LogFault) return new LogFault(error.code, `${log!.nameOf('vkey')}: ${error.message}`);
    throw error;
  });

const NOBODY: Trust = { policy: { logs: [], witnesses: [], groups: [] }, from: '', isOnTrust: true };

async function checkpointOf({ checkpoint }: Options, log: LogPlace): Promise<Uint8Array> {
  if (checkpoint !== undefined) return ownFile(checkpoint, MAX_NOTE_BYTES);
  const published = await log.read('checkpoint');
  if (published === undefined)
    throw new Unreadable(`there is no ${log.nameOf('checkpoint')}: no log is published there`);
  return published;
}

async function recordsOf(file: string, { input }: Surroundings): Promise<AsyncIterable<RecordPage>> {
  if (file === '-') return readRecords(input);
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
  // Told before the log is read, which takes its time.
  await once(stream, 'open').catch((error: Error) => {
    throw new UsageFault(`${file} can't be read: ${error.message}`);
  });
  return readRecords(readable(file, stream));
}

async function* readable(file: string, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw new Unreadable(`${file} can't be read: ${(error as Error).message}`);
  }
}

/** A log of fewer entries is verified before anybody asks. */
const SHORT = 10_000;

/** Tells each hundredth on a terminal, in one line; elsewhere each tenth. */
class Progress {
  #told = 0;
  #isOpen = false;

  constructor(readonly around: Surroundings) {}

  tell(entries: number, size: number): void {
    if (size < SHORT) return;
    const steps = this.around.isTerminal ? 100 : 10;
    const step = Math.floor((entries * steps) / size);
    if (step === this.#told) return;
    this.#told = step;
    const line = `${(step * 100) / steps} % of ${counted(size, 'entry', 'entries')}`;
    this.around.err(this.around.isTerminal ? `\r${line} ` : `${line}\n`);
    this.#isOpen = this.around.isTerminal;
  }

  end(): void {
    if (this.#isOpen) this.around.err('\n');
  }
}
