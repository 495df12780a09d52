import { START } from '#libs/eventing';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import { Bell } from './bell.js';

export interface Placed {
  readonly position: bigint;
  readonly id: string;
  readonly recordedAt: Instant;
}

/** Positions of the items of an append, behind the newest one that is there (`undefined`: none). */
export type GivePositions = (newest: bigint | undefined, count: number) => readonly bigint[];

/** From 1n on, without a gap. */
export const densePositions: GivePositions = (newest = 0n, count) =>
  Array.from({ length: count }, (_, index) => newest + BigInt(index + 1));

/** An append-only list. All who use the store share it, as they would share a disk. */
export class MemoryLog<Item extends Placed> {
  readonly #items: Item[] = [];
  readonly #byId = new Map<string, Item>();
  readonly #groups = new Map<string, Item[]>();
  readonly bell = new Bell();
  readonly #clock: () => number;
  readonly #groupOf: (item: Item) => string;
  readonly #positions: GivePositions;

  constructor(
    clock: () => number,
    groupOf: (item: Item) => string = () => '',
    positions: GivePositions = densePositions,
  ) {
    this.#clock = clock;
    this.#groupOf = groupOf;
    this.#positions = positions;
  }

  /** What is recorded now is recorded at: never goes back, whatever the clock does. */
  now(): Instant {
    const now = instantFromEpoch(this.#clock());
    const last = this.#items.at(-1)?.recordedAt;
    return last !== undefined && last > now ? last : now;
  }

  /** Adds what `make` builds for each place. `recordedAt`: for what was recorded elsewhere before. */
  add(makers: readonly ((place: Omit<Placed, 'id'>) => Item)[], recordedAt = this.now()): readonly Item[] {
    const positions = this.#positions(this.#items.at(-1)?.position, makers.length);
    const added = makers.map((make, index) => make({ position: positions[index]!, recordedAt }));
    this.#items.push(...added);
    for (const item of added) {
      this.#byId.set(item.id, item);
      const group = this.#groups.get(this.#groupOf(item));
      if (group === undefined) this.#groups.set(this.#groupOf(item), [item]);
      else group.push(item);
    }
    this.bell.ring();
    return added;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  get head(): bigint {
    return this.#items.at(-1)?.position ?? START;
  }

  at(position: bigint): Item | undefined {
    const before = this.#items[this.#countUpTo(position) - 1];
    return before?.position === position ? before : undefined;
  }

  /** At most so many items behind the position. */
  behind(position: bigint, limit: number): readonly Item[] {
    const from = this.#countUpTo(position);
    return this.#items.slice(from, from + limit);
  }

  /** How many items stand up to there. */
  #countUpTo(position: bigint): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  byId(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  /** What belongs together (the events of a stream), oldest first. */
  inGroup(name: string): readonly Item[] {
    return this.#groups.get(name) ?? [];
  }

  /** Forgets everything behind the position, as a disk does that is put back to an older state. Tells nobody. */
  putBack(head: bigint): void {
    for (const item of this.#items.splice(this.#countUpTo(head)).reverse()) {
      this.#byId.delete(item.id);
      this.#groups.get(this.#groupOf(item))!.pop();
    }
  }
}
