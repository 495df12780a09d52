import { AppendOutcomeUnknown, LineageBroken, StoreUnavailable } from '#libs/eventing';
import { asUnavailable, isPassing, isRefusal, reasonOf } from './errors.js';
import type { LogName, PostgresObserver } from './observer.js';

/** What one request of a batch came to: its answer, or the error for its caller. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: Error };

/** Writes batches for the coalescer. */
export interface BatchWriter<Request, Answer> {
  /** Requests that share a key never share a batch, and keep their order. */
  keysOf(request: Request): readonly string[];
  rowsOf(request: Request): number;
  bytesOf(request: Request): number;
  /**
   * Writes all requests in one transaction and resolves after its commit, one outcome for each request. Rejects with
   * the server's refusal (nothing was written), `StoreUnavailable` (nothing was sent), or anything else: not known.
   */
  write(requests: readonly Request[]): Promise<readonly Outcome<Answer>[]>;
  /**
   * What stands in the store for the requests of a batch whose outcome is not known; `undefined` = for certain not
   * written, now or later. MUST make sure first that the lost transaction has come to its end.
   */
  lookUp(requests: readonly Request[]): Promise<readonly (Answer | undefined)[]>;
}

export interface CoalescerLimits {
  /** Most appends that wait; more are refused with `StoreUnavailable`. */
  readonly queuedAppends: number;
  /** Most bytes that wait. */
  readonly queuedBytes: number;
  /** Most rows of one batch. */
  readonly batchRows: number;
  /** Most bytes of one batch (a single append may be larger). */
  readonly batchBytes: number;
  /** Longest that an append waits before it is sent (milliseconds); then `StoreUnavailable`. */
  readonly waitMilliseconds: number;
  /** Longest search for what became of a batch whose answer was lost; covers a restart of the server (milliseconds). */
  readonly resolveMilliseconds: number;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly since: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets appends that come at the same time share one transaction and one commit. There is no lingering: while a batch
 * is being committed the next one gathers; a lone append is a batch of one.
 */
export class Coalescer<Request, Answer> {
  readonly #log: LogName;
  readonly #writer: BatchWriter<Request, Answer>;
  readonly #limits: CoalescerLimits;
  readonly #observer: PostgresObserver;
  #queue: Waiting<Request, Answer>[] = [];
  #queuedBytes = 0;
  #working: Promise<void> | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(log: LogName, writer: BatchWriter<Request, Answer>, limits: CoalescerLimits, observer: PostgresObserver) {
    this.#log = log;
    this.#writer = writer;
    this.#limits = limits;
    this.#observer = observer;
  }

  append(request: Request): Promise<Answer> {
    const { queuedAppends, queuedBytes } = this.#limits;
    if (this.#closed) return Promise.reject(new StoreUnavailable('the store is being closed'));
    const bytes = this.#writer.bytesOf(request);
    if (this.#queue.length >= queuedAppends || (this.#queue.length > 0 && this.#queuedBytes + bytes > queuedBytes)) {
      return Promise.reject(new StoreUnavailable(`${this.#queue.length} appends wait already`));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, since: performance.now(), resolve, reject });
      this.#queuedBytes += bytes;
      this.#observer.queued?.(this.#log, this.#queue.length);
      this.#watchExpiry();
      // A microtask later, so that appends made in the same turn share the first batch.
      this.#working ??= Promise.resolve().then(() => this.#work());
    });
  }

  /** Takes no more; resolves when everything that waits has been settled. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) await this.#writeBatch(this.#takeBatch());
    this.#working = undefined;
  }

  #takeBatch(): Waiting<Request, Answer>[] {
    const { batchRows, batchBytes } = this.#limits;
    const batch: Waiting<Request, Answer>[] = [];
    const left: Waiting<Request, Answer>[] = [];
    const keys = new Set<string>();
    let [rows, bytes, full] = [0, 0, false];
    for (const waiting of this.#queue) {
      const { request } = waiting;
      const own = this.#writer.keysOf(request);
      const [moreRows, moreBytes] = [rows + this.#writer.rowsOf(request), bytes + this.#writer.bytesOf(request)];
      full ||= batch.length > 0 && (moreRows > batchRows || moreBytes > batchBytes);
      if (full || own.some((key) => keys.has(key))) left.push(waiting);
      else {
        batch.push(waiting);
        [rows, bytes] = [moreRows, moreBytes];
      }
      // Also of those left: what came later with the same key must not overtake them.
      for (const key of own) keys.add(key);
    }
    this.#keep(left);
    const now = performance.now();
    for (const { since } of batch) this.#observer.waited?.(this.#log, now - since);
    return batch;
  }

  async #writeBatch(batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    const requests = batch.map(({ request }) => request);
    const began = performance.now();
    let outcomes: readonly Outcome<Answer>[];
    try {
      outcomes = await this.#writer.write(requests);
    } catch (error) {
      if (isRefusal(error) && !isPassing(error) && batch.length > 1) return this.#isolate(batch, error);
      outcomes = await this.#outcomesAfter(requests, error);
    }
    this.#observer.batch?.(this.#log, batch.length, performance.now() - began);
    const failed = outcomes.filter((outcome) => 'error' in outcome && isFailure(outcome.error)).length;
    if (failed > 0) this.#observer.failed?.(this.#log, failed);
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index] ?? {
        error: new AppendOutcomeUnknown('the store gave no answer for this append'),
      };
      if ('answer' in outcome) waiting.resolve(outcome.answer);
      else waiting.reject(outcome.error);
    }
  }

  /** One of them makes the server refuse them all: halve until only the guilty one is refused. */
  async #isolate(batch: readonly Waiting<Request, Answer>[], error: unknown): Promise<void> {
    this.#observer.trouble?.(this.#log, `a batch of ${batch.length} was refused and is split`, error);
    const middle = Math.ceil(batch.length / 2);
    await this.#writeBatch(batch.slice(0, middle));
    await this.#writeBatch(batch.slice(middle));
  }

  async #outcomesAfter(requests: readonly Request[], error: unknown): Promise<readonly Outcome<Answer>[]> {
    const refused = (reason: Error): Outcome<Answer>[] => requests.map(() => ({ error: reason }));
    if (isRefusal(error)) return refused(asUnavailable(error) as Error);
    if (error instanceof StoreUnavailable) return refused(error);
    this.#observer.trouble?.(this.#log, `the outcome of ${requests.length} appends is looked up`, error);
    try {
      const found = await this.#writer.lookUp(requests);
      const lost = new StoreUnavailable(`the connection was lost, nothing was written: ${reasonOf(error)}`);
      return requests.map((_, index) => {
        const answer = found[index];
        return answer === undefined ? { error: lost } : { answer };
      });
    } catch (lookUpError) {
      if (lookUpError instanceof LineageBroken) return refused(lookUpError);
      this.#observer.trouble?.(this.#log, 'the outcome could not be looked up', lookUpError);
      const message = `the outcome is not known: ${reasonOf(error)}; ${reasonOf(lookUpError)}`;
      return refused(new AppendOutcomeUnknown(message, { cause: error }));
    }
  }

  #keep(left: Waiting<Request, Answer>[]): void {
    this.#queue = left;
    this.#queuedBytes = 0;
    for (const { request } of left) this.#queuedBytes += this.#writer.bytesOf(request);
    this.#observer.queued?.(this.#log, left.length);
  }

  /** Refuses what waits too long, also while a batch hangs. */
  #watchExpiry(): void {
    const oldest = this.#queue[0];
    if (this.#expiry !== undefined || oldest === undefined) return;
    const due = oldest.since + this.#limits.waitMilliseconds - performance.now();
    this.#expiry = setTimeout(
      () => {
        this.#expiry = undefined;
        const limit = performance.now() - this.#limits.waitMilliseconds;
        const expired = this.#queue.filter(({ since }) => since <= limit);
        if (expired.length > 0) this.#keep(this.#queue.filter(({ since }) => since > limit));
        const seconds = Math.ceil(this.#limits.waitMilliseconds / 1_000);
        for (const { reject } of expired) reject(new StoreUnavailable(`no batch had room within ${seconds} s`));
        this.#watchExpiry();
      },
      Math.max(due, 1),
    );
    this.#expiry.unref();
  }
}

/** Not what the store says about the append itself, such as that its stream has gone on. */
const isFailure = (error: unknown): boolean =>
  error instanceof StoreUnavailable || error instanceof AppendOutcomeUnknown || error instanceof LineageBroken;
