/**
 * Lets reads that come at the same time share one statement: a statement costs more than a row. A lone read goes out at
 * once; while so many statements are under way as may be, those that come gather for the next one. Each is asked after it
 * came, never answered from what was read before.
 */
export class GatheredReads<Key, Row> {
  readonly #ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>;
  readonly #limits: GatheredReadsLimits;
  #waiting: Waiting<Key, Row>[] = [];
  #underWay = 0;
  #starting = false;

  /** `ask` answers for the keys that it is given, each of them once; what it leaves out is not there. */
  constructor(ask: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>, limits: GatheredReadsLimits) {
    this.#ask = ask;
    this.#limits = limits;
  }

  read(key: Key): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
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
  }

  async #answer(together: readonly Waiting<Key, Row>[]): Promise<void> {
    try {
      const found = await this.#ask([...new Set(together.map(({ key }) => key))]);
      for (const { key, resolve } of together) resolve(found.get(key));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}

export interface GatheredReadsLimits {
  /** Statements that are under way at once, at most. */
  readonly statements: number;
  /** Keys of one statement, at most. */
  readonly keys: number;
}

/** Of what commands read: less than the connections that are there for it, so that others find one. */
export const GATHERED: GatheredReadsLimits = { statements: 3, keys: 64 };

interface Waiting<Key, Row> {
  readonly key: Key;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}
