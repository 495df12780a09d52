import { itemOf, Lineage, LineageBroken, placeAt } from '#libs/eventing';
import type { Placed } from './memory-log.js';

export type LogName = 'events' | 'records';

/** What one process knows of the logs of a store, judged against what they hold. */
export class LineageOfStore {
  readonly lineage = new Lineage();
  readonly #logs: Readonly<Record<LogName, { at(position: bigint): Placed | undefined }>>;

  constructor(logs: Readonly<Record<LogName, { at(position: bigint): Placed | undefined }>>) {
    this.#logs = logs;
  }

  saw(log: LogName, item: Placed): void {
    this.lineage.saw(log, placeAt(item));
  }

  /** Throws when one of the logs does not hold the newest item that this process knows. */
  demandHeld(): void {
    this.lineage.demand();
    for (const log of ['events', 'records'] as const) {
      const place = this.lineage.newest(log);
      if (place === undefined) continue;
      const there = this.#logs[log].at(place.position);
      const found = there && itemOf(there);
      if (found !== place.item) throw this.lineage.break(LineageBroken.at(place, found));
    }
  }
}
