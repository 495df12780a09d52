import { setTimeout as delay } from 'node:timers/promises';
import { escapeLiteral, type Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import {
  endOf,
  LineageBroken,
  positionOf,
  START,
  type Feed,
  type FeedOptions,
  type Page,
  type Place,
  type placeAt,
} from '#libs/eventing';
import { giveBack, take } from './connections.js';
import { copyRows } from './copy-rows.js';
import { asUnavailable, FeedHole } from './errors.js';
import { LiveTail, type TailSource } from './live-tail.js';
import type { LineageOfDatabase } from './lineage-of-database.js';
import { itemAt, readNewest, readPage, type PageLimits } from './log-reader.js';
import type { LogSource } from './log-source.js';
import type { PostgresObserver } from './observer.js';
import type { Pools } from './pools.js';

const PAGE_BYTES = 2 * 1024 * 1024;
const OWN_PAGE: PageLimits = { items: 1_000, bytes: PAGE_BYTES };
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/** Positions are given out from 1n on, so that 0n is where the first is waited for; callers have `START` for it. */
const BEFORE_FIRST = 0n;
const inward = (after: bigint | Place): bigint | Place => (after === START ? BEFORE_FIRST : after);
/** Who began at 0n, where a version before wrote it, stays there: a page never goes back. */
const outward = <Item>(began: bigint | Place, page: Page<Item>): Page<Item> =>
  began === START && page.upTo === BEFORE_FIRST ? { ...page, upTo: START } : page;

/** The feed of one log of a database: one reader at its end for all subscribers, own pages for who is far behind. */
export class PostgresFeed<Item extends Parameters<typeof placeAt>[0]> implements Feed<Item> {
  readonly #pools: Pick<Pools, 'vital' | 'reading'>;
  readonly #source: LogSource<Item>;
  readonly #tail: LiveTail<Item>;
  readonly #lineage: LineageOfDatabase;
  readonly #observer: PostgresObserver;
  readonly #start: () => void;
  readonly #closing = new AbortController();

  /** `start` is called when the first subscription begins; `rest`: of its tail. */
  constructor(
    pools: Pick<Pools, 'vital' | 'reading'>,
    source: LogSource<Item>,
    lineage: LineageOfDatabase,
    observer: PostgresObserver,
    start: () => void,
    rest?: number,
  ) {
    this.#pools = pools;
    this.#source = source;
    this.#lineage = lineage;
    this.#observer = observer;
    this.#start = start;
    const tailOf: TailSource<Item> = {
      newest: () => this.newest(),
      page: (after, limits) => this.#page(pools.vital, after, limits),
      broken: (error) => lineage.lineage.break(error),
      sizeOf: (item) => source.sizeOf(item),
      trouble: (error) => observer.trouble?.(source.log, 'reading the end of the log failed', error),
    };
    this.#tail = new LiveTail(tailOf, rest);
  }

  /** Something was appended up to `head`, by this process or another. */
  wake(head: bigint): void {
    this.#tail.wake(head);
  }

  close(): void {
    this.#closing.abort();
  }

  async head(): Promise<bigint> {
    return (await this.newest())?.position ?? START;
  }

  async newest(): Promise<Place | undefined> {
    this.#lineage.demand();
    try {
      const newest = await readNewest(this.#pools.vital, this.#source, this.#lineage.newest(this.#source.log));
      if (newest !== undefined) this.#lineage.saw(this.#source.log, newest);
      return newest;
    } catch (error) {
      // It was the place that this process knows itself, not one that it was given.
      throw asUnavailable(this.#lineage.translated(error));
    }
  }

  async at(position: bigint): Promise<Item | undefined> {
    if (position <= BEFORE_FIRST) return undefined;
    const { items } = await this.read(position - 1n, 1);
    return items[0]?.position === position ? items[0] : undefined;
  }

  async read(after: bigint | Place, limit = OWN_PAGE.items): Promise<Page<Item>> {
    try {
      const limits = { items: limit, bytes: PAGE_BYTES };
      return outward(after, await this.#page(this.#pools.reading, inward(after), limits));
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async *subscribe(after: bigint | Place, options: FeedOptions): AsyncIterable<Page<Item>> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    if (signal.aborted) return;
    this.#lineage.demand();
    this.#start();
    const leave = this.#tail.join();
    // Also for a consumer that aborts and then never asks for another page.
    signal.addEventListener('abort', leave);
    try {
      let end = inward(after);
      // The first page of one who comes with a place is read where his place is looked up, not taken from the tail.
      for (let isFirst = typeof after === 'object'; ; isFirst = false) {
        const page = await this.#next(end, signal, isFirst);
        if (signal.aborted || page === undefined) return;
        end = endOf(page);
        yield outward(after, this.#only(page, options.types));
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  async *replay(
    after: bigint | Place,
    options: { readonly types?: readonly string[] } = {},
  ): AsyncIterable<Page<Item>> {
    this.#lineage.demand();
    const types = options.types?.map(escapeLiteral).join(', ');
    const client = await take(this.#pools.reading).catch((error: unknown) => {
      throw asUnavailable(error);
    });
    let whole = false;
    try {
      // One moment for everything, so that the item at the end is the one that was read.
      await client.query('begin isolation level repeatable read read only');
      const begin = positionOf(inward(after));
      const there = await itemAt(client, this.#source, begin);
      if (typeof after === 'object' && there !== after.item) throw LineageBroken.at(after, there);
      // No type at all is still a question about places: `in ('')` matches nothing, and the holes are looked for.
      const text = this.#source.copy(begin, types === '' ? "''" : types);
      const rows = client.query(copyTo(`copy (${text}) to stdout`));
      // Heard below as long as we read; one that comes after we stopped reading must not end the process.
      rows.on('error', () => undefined);
      let upTo = begin;
      for await (const page of copyRows(rows)) {
        const items: Item[] = [];
        for (const row of page) {
          const position = BigInt(row[0]!);
          if (position !== upTo + 1n) throw new FeedHole(upTo + 1n, position);
          upTo = position;
          // The columns of an item of another type are left out by the server.
          if (row[1] !== null) items.push(this.#source.item(row as readonly string[]));
        }
        yield outward(after, { items, upTo, caughtUp: false });
      }
      const item = upTo === begin ? there : await itemAt(client, this.#source, upTo);
      await client.query('commit');
      whole = true;
      if (item !== undefined) this.#lineage.saw(this.#source.log, { position: upTo, item });
      yield outward(after, {
        ...{ items: [], upTo, caughtUp: true },
        ...(item === undefined ? {} : { upToItem: item }),
      });
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      giveBack(client, !whole);
    }
  }

  /** A page of the log itself; what it holds is known from then on. */
  async #page(pool: Pool, after: bigint | Place, limits: PageLimits): Promise<Page<Item>> {
    this.#lineage.demand();
    const page = await readPage(pool, this.#source, after, limits);
    const end = endOf(page);
    if (typeof end === 'object') this.#lineage.saw(this.#source.log, end);
    return page;
  }

  /**
   * The next page to hand over, read by ourselves where `own`; undefined when the signal aborted meanwhile. Rejects with
   * `FeedHole` and `LineageBroken`.
   */
  async #next(after: bigint | Place, signal: AbortSignal, own: boolean): Promise<Page<Item> | undefined> {
    const position = positionOf(after);
    for (let pause = SHORTEST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      this.#lineage.demand();
      if (!own && this.#tail.covers(position)) {
        const page = this.#tail.page(after);
        if (page.items.length > 0) return page;
      }
      // At the end, or the tail does not know the end yet: after its next look either it has a page or we are behind.
      if (!own && !this.#tail.behind(position)) {
        await this.#tail.nextLook(signal);
        if (this.#tail.covers(position)) return this.#tail.page(after);
        continue;
      }
      try {
        return await this.#page(this.#pools.reading, after, OWN_PAGE);
      } catch (error) {
        if (error instanceof FeedHole || error instanceof LineageBroken) throw error;
        this.#observer.trouble?.(this.#source.log, 'reading a page of the log failed', error);
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  #only(page: Page<Item>, types: readonly string[] | undefined): Page<Item> {
    if (types === undefined) return page;
    return { ...page, items: page.items.filter((item) => types.includes(this.#source.kindOf(item))) };
  }
}
