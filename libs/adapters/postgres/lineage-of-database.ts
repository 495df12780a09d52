import { Lineage, LineageBroken, type Place } from '#libs/eventing';
import { isRefusal } from './errors.js';
import { LINEAGE_BROKEN } from './migrations/0007-lineage.js';
import type { LogName } from './observer.js';

/** Values of `demand_lineage`: the newest event and the newest record that this process knows. */
export type KnownPlaces = readonly [
  position: bigint | undefined,
  event: string | undefined,
  recordPosition: bigint | undefined,
  record: string | undefined,
];

/** What this process knows of the database, in the words of its statements and errors. */
export class LineageOfDatabase {
  readonly lineage = new Lineage();
  /** Name of this process among those that have the database open; its connections begin with it. */
  readonly process: string;

  constructor(process: string) {
    this.process = process;
  }

  /** Throws when the database is known to have gone back. */
  demand(): void {
    this.lineage.demand();
  }

  known(): KnownPlaces {
    const [event, record] = [this.lineage.newest('events'), this.lineage.newest('records')];
    return [event?.position, event?.item, record?.position, record?.item];
  }

  newest(log: LogName): Place | undefined {
    return this.lineage.newest(log);
  }

  saw(log: LogName, place: Place): void {
    this.lineage.saw(log, place);
  }

  /** The error of `demand_lineage` as the port has it; from then on nothing is done any more. Others as they are. */
  translated(error: unknown): unknown {
    if (error instanceof LineageBroken) return this.lineage.break(error);
    if (!isRefusal(error) || error.code !== LINEAGE_BROKEN) return error;
    return this.lineage.break(new LineageBroken(`${error.message}: the store was put back to an older state`));
  }
}
