import { StoreUnavailable } from '#libs/eventing';

export interface TurnLimits {
  /** Of one name at the same time. */
  readonly atOnce: number;
  /** Of one name that wait; one more is refused at once. */
  readonly waiting: number;
  /** Longest wait, in milliseconds. */
  readonly patience: number;
}

/** Lets a few of each name work at once, so that a name that is stuck can't take what others need. */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #names = new Map<string, { working: number; readonly waiting: Set<() => void> }>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Runs `work` when its name has a turn; rejects with `StoreUnavailable` when that takes too long. */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const { atOnce, waiting } = this.#limits;
    const here = this.#names.get(name) ?? { working: 0, waiting: new Set() };
    this.#names.set(name, here);
    if (here.working < atOnce) here.working += 1;
    else if (here.waiting.size >= waiting) throw new StoreUnavailable(`${here.waiting.size} wait for ${name} already`);
    else await this.#turn(name, here.waiting);
    try {
      return await work();
    } finally {
      // The turn goes to the one that waits longest.
      const [next] = here.waiting;
      if (next !== undefined) next();
      else if ((here.working -= 1) === 0) this.#names.delete(name);
    }
  }

  #turn(name: string, waiting: Set<() => void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = (): void => {
        clearTimeout(timer);
        waiting.delete(mine);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(mine);
        reject(new StoreUnavailable(`${name} had no turn within ${this.#limits.patience} ms`));
      }, this.#limits.patience);
      waiting.add(mine);
    });
  }
}
