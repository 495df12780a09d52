import { type LineageBroken, type Place } from './ports/event-store.js';

/**
 * What one process knows of a store by what it was told: the newest item it acknowledged or was handed. A store that
 * does not hold that item any more was put back to an older state under it, and the process must not go on.
 */
export class Lineage {
  readonly #newest = new Map<string, Place>();
  #broken: LineageBroken | undefined;
  #report: (broken: LineageBroken) => void = () => undefined;
  /** Resolves when the store was found to have gone back; never, while all is well. */
  readonly lost: Promise<LineageBroken> = new Promise((resolve) => (this.#report = resolve));

  get broken(): LineageBroken | undefined {
    return this.#broken;
  }

  /** The newest item of a log that this process knows. */
  newest(log: string): Place | undefined {
    return this.#newest.get(log);
  }

  /** Of two stores that belong together: when one has gone back, neither is gone on with. */
  tie(other: Lineage): void {
    void this.lost.then((broken) => other.break(broken));
    void other.lost.then((broken) => this.break(broken));
  }

  /** An item was acknowledged by the store, or handed over by it. */
  saw(log: string, { position, item }: Place): void {
    const known = this.#newest.get(log);
    if (known === undefined || position > known.position) this.#newest.set(log, { position, item });
  }

  /** Throws when the store was found to have gone back: nothing is asked of it or done with it any more. */
  demand(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** The store has gone back: from now on `demand` throws. Answers the error of the first time. */
  break(error: LineageBroken): LineageBroken {
    if (this.#broken === undefined) {
      this.#broken = error;
      this.#report(error);
    }
    return this.#broken;
  }
}
