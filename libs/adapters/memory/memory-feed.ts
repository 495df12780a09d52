import {
  endOf,
  itemOf,
  LineageBroken,
  placeAt,
  positionOf,
  START,
  type Feed,
  type FeedOptions,
  type Page,
  type Place,
} from '#libs/eventing';
import type { LineageOfStore, LogName } from './lineage-of-store.js';
import type { MemoryLog, Placed } from './memory-log.js';

const PAGE_ITEMS = 500;
/** A subscriber gets an empty page this often when nothing comes (milliseconds); the port asks for one a second. */
const HEARTBEAT = 500;

/** The feed of a log, as one process reads it. */
export class MemoryFeed<Item extends Placed> implements Feed<Item> {
  readonly #name: LogName;
  readonly #log: MemoryLog<Item>;
  readonly #kindOf: (item: Item) => string;
  readonly #lineage: LineageOfStore;

  constructor(name: LogName, log: MemoryLog<Item>, kindOf: (item: Item) => string, lineage: LineageOfStore) {
    this.#name = name;
    this.#log = log;
    this.#kindOf = kindOf;
    this.#lineage = lineage;
  }

  async head(): Promise<bigint> {
    return (await this.newest())?.position ?? START;
  }

  async newest(): Promise<Place | undefined> {
    this.#lineage.demandHeld();
    const last = this.#log.items.at(-1);
    if (last !== undefined) this.#lineage.saw(this.#name, last);
    return last && placeAt(last);
  }

  async at(position: bigint): Promise<Item | undefined> {
    this.#lineage.demandHeld();
    return this.#log.at(position);
  }

  async read(after: bigint | Place, limit = PAGE_ITEMS): Promise<Page<Item>> {
    this.#lineage.demandHeld();
    return this.#page(after, limit);
  }

  async *subscribe(after: bigint | Place, options: FeedOptions): AsyncIterable<Page<Item>> {
    let end = after;
    while (!options.signal.aborted) {
      this.#lineage.demandHeld();
      const page = this.#only(this.#page(end, PAGE_ITEMS), options.types);
      end = endOf(page);
      yield page;
      if (page.caughtUp && page.upTo >= this.#log.head) await this.#log.bell.wait(HEARTBEAT, options.signal);
    }
  }

  async *replay(
    after: bigint | Place,
    options: { readonly types?: readonly string[] } = {},
  ): AsyncIterable<Page<Item>> {
    const end = this.#log.head;
    let upTo: bigint;
    let from = after;
    do {
      this.#lineage.demandHeld();
      const page = this.#only(this.#page(from, PAGE_ITEMS, end), options.types);
      [upTo, from] = [page.upTo, endOf(page)];
      yield { ...page, caughtUp: upTo >= end };
    } while (upTo < end);
  }

  /** What lies behind `upToEnd` is left out. */
  #page(after: bigint | Place, limit: number, upToEnd?: bigint): Page<Item> {
    const position = positionOf(after);
    const before = this.#log.at(position);
    const there = before && itemOf(before);
    if (typeof after === 'object' && there !== after.item) throw LineageBroken.at(after, there);
    const items = this.#log.behind(position, limit).filter((item) => upToEnd === undefined || item.position <= upToEnd);
    const last = items.at(-1);
    if (last !== undefined) this.#lineage.saw(this.#name, last);
    const [upTo, upToItem] = [last?.position ?? position, last === undefined ? there : itemOf(last)];
    return { items, upTo, caughtUp: upTo >= this.#log.head, ...(upToItem === undefined ? {} : { upToItem }) };
  }

  #only(page: Page<Item>, types: readonly string[] | undefined): Page<Item> {
    if (types === undefined) return page;
    return { ...page, items: page.items.filter((item) => types.includes(this.#kindOf(item))) };
  }
}
