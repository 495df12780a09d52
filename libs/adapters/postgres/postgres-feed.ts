import { setTimeout as delay } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { FeedHole, type Feed, type FeedOptions, type Page } from '#libs/eventing';
import { giveBack, take } from './connections.js';
import { copyRows } from './copy-rows.js';
import { asUnavailable } from './errors.js';
import { LiveTail } from './live-tail.js';
import { readHead, readPage, type PageLimits } from './log-reader.js';
import type { LogSource } from './log-source.js';
import type { PostgresObserver } from './observer.js';
import type { Pools } from './pools.js';

const PAGE_BYTES = 2 * 1024 * 1024;
const OWN_PAGE: PageLimits = { items: 1_000, bytes: PAGE_BYTES };
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/** The feed of one log of a database: one reader at its end for all subscribers, own pages for who is far behind. */
export class PostgresFeed<Item extends { readonly position: bigint }> implements Feed<Item> {
  readonly #pools: Pick<Pools, 'vital' | 'reading'>;
  readonly #source: LogSource<Item>;
  readonly #tail: LiveTail<Item>;
  readonly #observer: PostgresObserver;
  readonly #start: () => void;
  readonly #closing = new AbortController();

  /** `start` is called when the first subscription begins. */
  constructor(
    pools: Pick<Pools, 'vital' | 'reading'>,
    source: LogSource<Item>,
    observer: PostgresObserver,
    start: () => void,
  ) {
    this.#pools = pools;
    this.#source = source;
    this.#observer = observer;
    this.#start = start;
    this.#tail = new LiveTail({
      head: () => readHead(pools.vital, source),
      page: (after, limits) => readPage(pools.vital, source, after, limits),
      sizeOf: (item) => source.sizeOf(item),
      trouble: (error) => observer.trouble?.(source.log, 'reading the end of the log failed', error),
    });
  }

  /** Something was appended up to `head`, by this process or another. */
  wake(head: bigint): void {
    this.#tail.wake(head);
  }

  close(): void {
    this.#closing.abort();
  }

  async head(): Promise<bigint> {
    return readHead(this.#pools.vital, this.#source).catch((error: unknown) => {
      throw asUnavailable(error);
    });
  }

  async read(after: bigint, limit = OWN_PAGE.items): Promise<Page<Item>> {
    return readPage(this.#pools.reading, this.#source, after, { items: limit, bytes: PAGE_BYTES }).catch(
      (error: unknown) => {
        throw asUnavailable(error);
      },
    );
  }

  async *subscribe(after: bigint, options: FeedOptions): AsyncIterable<Page<Item>> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    if (signal.aborted) return;
    this.#start();
    const leave = this.#tail.join();
    // Also for a consumer that aborts and then never asks for another page.
    signal.addEventListener('abort', leave);
    try {
      for (let upTo = after; ;) {
        const page = await this.#next(upTo, signal);
        if (signal.aborted || page === undefined) return;
        upTo = page.upTo;
        yield this.#only(page, options.types);
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  async *replay(after: bigint, options: { readonly types?: readonly string[] } = {}): AsyncIterable<Page<Item>> {
    const types = options.types?.map(escapeLiteral).join(', ');
    const client = await take(this.#pools.reading).catch((error: unknown) => {
      throw asUnavailable(error);
    });
    let whole = false;
    try {
      // No type at all is still a question about places: `in ('')` matches nothing, and the holes are looked for.
      const text = this.#source.copy(after, types === '' ? "''" : types);
      const rows = client.query(copyTo(`copy (${text}) to stdout`));
      // Heard below as long as we read; one that comes after we stopped reading must not end the process.
      rows.on('error', () => undefined);
      let upTo = after;
      for await (const page of copyRows(rows)) {
        const items: Item[] = [];
        for (const row of page) {
          const position = BigInt(row[0]!);
          if (position !== upTo + 1n) throw new FeedHole(upTo + 1n, position);
          upTo = position;
          // The columns of an item of another type are left out by the server.
          if (row[1] !== null) items.push(this.#source.item(row as readonly string[]));
        }
        yield { items, upTo, caughtUp: false };
      }
      whole = true;
      yield { items: [], upTo, caughtUp: true };
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      giveBack(client, !whole);
    }
  }

  /** The next page to hand over; undefined when the signal aborted meanwhile. Rejects with `FeedHole`. */
  async #next(after: bigint, signal: AbortSignal): Promise<Page<Item> | undefined> {
    for (let pause = SHORTEST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      if (this.#tail.covers(after)) {
        const page = this.#tail.page(after);
        if (page.items.length > 0) return page;
      }
      // At the end, or the tail does not know the end yet: after its next look either it has a page or we are behind.
      if (!this.#tail.behind(after)) {
        await this.#tail.nextLook(signal);
        if (this.#tail.covers(after)) return this.#tail.page(after);
        continue;
      }
      try {
        return await readPage(this.#pools.reading, this.#source, after, OWN_PAGE);
      } catch (error) {
        if (error instanceof FeedHole) throw error;
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
