import type { Feed, FeedOptions, Page } from '#libs/eventing';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import { Bell } from './bell.js';

const PAGE_ITEMS = 500;
/** A subscriber gets an empty page this often when nothing comes (milliseconds); the port asks for one a second. */
const HEARTBEAT = 500;

interface Placed {
  readonly position: bigint;
  readonly recordedAt: Instant;
}

/** An append-only list with positions from 1n on, and its feed. */
export class MemoryLog<Item extends Placed> implements Feed<Item> {
  readonly #items: Item[] = [];
  readonly #bell = new Bell();
  readonly #kindOf: (item: Item) => string;
  readonly #clock: () => number;

  constructor(kindOf: (item: Item) => string, clock: () => number) {
    this.#kindOf = kindOf;
    this.#clock = clock;
  }

  /** What is recorded now is recorded at: never goes back, whatever the clock does. */
  now(): Instant {
    const now = instantFromEpoch(this.#clock());
    const last = this.#items.at(-1)?.recordedAt;
    return last !== undefined && last > now ? last : now;
  }

  /** Adds what `make` builds for each place. */
  add(makers: readonly ((place: Placed) => Item)[]): readonly Item[] {
    const recordedAt = this.now();
    const added = makers.map((make, index) => make({ position: BigInt(this.#items.length + 1 + index), recordedAt }));
    this.#items.push(...added);
    this.#bell.ring();
    return added;
  }

  head(): Promise<bigint> {
    return Promise.resolve(this.#head());
  }

  read(after: bigint, limit = PAGE_ITEMS): Promise<Page<Item>> {
    return Promise.resolve(this.#page(after, limit));
  }

  async *subscribe(after: bigint, options: FeedOptions): AsyncIterable<Page<Item>> {
    let upTo = after;
    while (!options.signal.aborted) {
      const page = this.#only(this.#page(upTo, PAGE_ITEMS), options.types);
      upTo = page.upTo;
      yield page;
      if (page.caughtUp && upTo >= this.#head()) await this.#bell.wait(HEARTBEAT, options.signal);
    }
  }

  async *replay(after: bigint, options: { readonly types?: readonly string[] } = {}): AsyncIterable<Page<Item>> {
    const end = this.#head();
    let upTo = after;
    do {
      const left = end > upTo ? Number(end - upTo) : 0;
      const page = this.#only(this.#page(upTo, Math.min(PAGE_ITEMS, left)), options.types);
      upTo = page.upTo;
      yield { ...page, caughtUp: upTo >= end };
    } while (upTo < end);
  }

  #head(): bigint {
    return BigInt(this.#items.length);
  }

  #page(after: bigint, limit: number): Page<Item> {
    const items = this.#items.slice(Number(after), Number(after) + limit);
    const upTo = items.at(-1)?.position ?? after;
    return { items, upTo, caughtUp: upTo >= this.#head() };
  }

  #only(page: Page<Item>, types: readonly string[] | undefined): Page<Item> {
    if (types === undefined) return page;
    return { ...page, items: page.items.filter((item) => types.includes(this.#kindOf(item))) };
  }
}
