import { StoreUnavailable } from '#libs/eventing';

/**
 * Lets reads that come at the same time share one statement: a statement costs more than a row. A lone read goes out at
 * once; while so many statements are under way as may be, those that come gather for the next one. Each is asked after it
 * came, never answered from what was read before. What fails together is asked again one by one: a read fails for a reason
 * of its own only.
 */
export class GatheredReads<Key, Row> {
  readonly #ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>;
  readonly #limits: GatheredReadsLimits;
  #waiting: Waiting<Key, Row>[] = [];
  #underWay = 0;
  #starting = false;
  #expiry: NodeJS.Timeout | undefined;

  /** `ask` answers for the keys that it is given, each of them once; what it leaves out is not there. */
  constructor(ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>, limits: GatheredReadsLimits) {
    this.#ask = ask;
    this.#limits = limits;
  }

  /** Rejects with what `ask` rejected with, or with `StoreUnavailable` when no statement had room in time. */
  read(key: Key): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, since: performance.now(), resolve, reject });
      if (this.#starting) return;
      this.#starting = true;
      // A microtask later, so that reads of the same turn share the first statement.
      queueMicrotask(() => {
        this.#starting = false;
        this.#start();
      });
    });
  }

  #start(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#limits.statements) {
      const together = this.#waiting.splice(0, this.#limits.keys);
      this.#underWay += 1;
      void this.#answer(together).finally(() => {
        this.#underWay -= 1;
        this.#start();
      });
    }
    this.#watchExpiry();
  }

  async #answer(together: readonly Waiting<Key, Row>[]): Promise<void> {
    const keys = [...new Set(together.map(({ key }) => key))];
    try {
      const found = await this.#ask(keys);
      for (const { key, resolve } of together) resolve(found.get(key));
    } catch (error) {
      if (keys.length === 1) for (const { reject } of together) reject(error);
      else await Promise.all(keys.map((key) => this.#answer(together.filter((waiting) => waiting.key === key))));
    }
  }

  /** Refuses what waits too long, also while every statement hangs. */
  #watchExpiry(): void {
    const oldest = this.#waiting[0];
    if (this.#expiry !== undefined || oldest === undefined) return;
    const { milliseconds } = this.#limits;
    this.#expiry = setTimeout(
      () => {
        this.#expiry = undefined;
        const limit = performance.now() - milliseconds;
        const expired = this.#waiting.filter(({ since }) => since <= limit);
        this.#waiting = this.#waiting.slice(expired.length);
        for (const { reject } of expired)
          reject(new StoreUnavailable(`no statement had room within ${milliseconds} ms`));
        this.#watchExpiry();
      },
      Math.max(oldest.since + milliseconds - performance.now(), 1),
    );
    this.#expiry.unref();
  }
}

export interface GatheredReadsLimits {
  /** Statements that are under way at once, at most. */
  readonly statements: number;
  /** Keys of one statement, at most. */
  readonly keys: number;
  /** Longest that a read waits for its statement to be sent. */
  readonly milliseconds: number;
}

interface Waiting<Key, Row> {
  readonly key: Key;
  readonly since: number;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}
