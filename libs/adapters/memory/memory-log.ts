import { instantFromEpoch, type Instant } from '#libs/kernel';
import { Bell } from './bell.js';

export interface Placed {
  readonly position: bigint;
  readonly id: string;
  readonly recordedAt: Instant;
}

/** An append-only list with positions from 1n on. All who use the store share it, as they would share a disk. */
export class MemoryLog<Item extends Placed> {
  readonly #items: Item[] = [];
  readonly #byId = new Map<string, Item>();
  readonly #groups = new Map<string, Item[]>();
  readonly bell = new Bell();
  readonly #clock: () => number;
  readonly #groupOf: (item: Item) => string;

  constructor(clock: () => number, groupOf: (item: Item) => string = () => '') {
    this.#clock = clock;
    this.#groupOf = groupOf;
  }

  /** What is recorded now is recorded at: never goes back, whatever the clock does. */
  now(): Instant {
    const now = instantFromEpoch(this.#clock());
    const last = this.#items.at(-1)?.recordedAt;
    return last !== undefined && last > now ? last : now;
  }

  /** Adds what `make` builds for each place. */
  add(makers: readonly ((place: Omit<Placed, 'id'>) => Item)[]): readonly Item[] {
    const recordedAt = this.now();
    const added = makers.map((make, index) => make({ position: BigInt(this.#items.length + 1 + index), recordedAt }));
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
    return BigInt(this.#items.length);
  }

  at(position: bigint): Item | undefined {
    return this.#items[Number(position) - 1];
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
    for (const item of this.#items.splice(Number(head)).reverse()) {
      this.#byId.delete(item.id);
      this.#groups.get(this.#groupOf(item))!.pop();
    }
  }
}
