import type { RegisterStamp, RegisterStamps, StoredEvent } from '#libs/eventing';
import type { MemoryLog } from './memory-log.js';

export class MemoryRegisterStamps implements RegisterStamps {
  readonly #log: MemoryLog<StoredEvent>;
  /** By the event's id; of all who use the store. */
  readonly #stamps: Map<string, RegisterStamp>;
  #current: () => RegisterStamp | undefined = () => undefined;

  constructor(log: MemoryLog<StoredEvent>, stamps: Map<string, RegisterStamp>) {
    this.#log = log;
    this.#stamps = stamps;
  }

  carry(stamp: () => RegisterStamp | undefined): void {
    this.#current = stamp;
  }

  stamp({ id }: StoredEvent): void {
    const stamp = this.#current();
    if (stamp === undefined) this.#stamps.delete(id);
    else this.#stamps.set(id, stamp);
  }

  async *behind(after: bigint): AsyncIterable<RegisterStamp> {
    for (const { id } of this.#log.behind(after, Infinity)) {
      const stamp = this.#stamps.get(id);
      if (stamp !== undefined) yield stamp;
    }
  }
}
