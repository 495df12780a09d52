import { setTimeout as delay } from 'node:timers/promises';
import {
  endOf,
  FeedBroken,
  LineageBroken,
  placeAt,
  positionOf,
  START,
  type EventFeed,
  type FeedOptions,
  type Page,
  type Place,
  type StoredEvent,
} from '#libs/eventing';
import type { LineageOfServer } from './lineage-of-server.js';
import { LiveTail } from './live-tail.js';
import type { LogReader, PageLimits } from './log-reader.js';
import type { Trouble } from './observer.js';
import { pauses } from './patience.js';
import type { Wire } from './wire.js';

const OWN_PAGE: PageLimits = { items: 1_000, bytes: 4 * 1024 * 1024 };

export class EventStoreDbFeed implements EventFeed {
  readonly #reader: LogReader;
  readonly #lineage: LineageOfServer;
  readonly #trouble: Trouble;
  readonly #tail: LiveTail;
  readonly #closing = new AbortController();

  constructor(wire: Wire, reader: LogReader, lineage: LineageOfServer, trouble: Trouble) {
    this.#reader = reader;
    this.#lineage = lineage;
    this.#trouble = trouble;
    this.#tail = new LiveTail({ wire, reader, lineage, trouble });
  }

  /** Something was appended up to here by this process. */
  wake(position: bigint): void {
    this.#tail.appended(position);
  }

  close(): void {
    this.#closing.abort();
  }

  async head(): Promise<bigint> {
    return (await this.newest())?.position ?? START;
  }

  async newest(): Promise<Place | undefined> {
    const newest = await this.#reader.newest();
    return newest && placeAt(newest);
  }

  at(position: bigint): Promise<StoredEvent | undefined> {
    return this.#reader.at(position);
  }

  async read(after: bigint | Place, limit = OWN_PAGE.items): Promise<Page<StoredEvent>> {
    return this.#reader.page(after, { items: limit, bytes: OWN_PAGE.bytes });
  }

  async *subscribe(after: bigint | Place, options: FeedOptions): AsyncIterable<Page<StoredEvent>> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    if (signal.aborted) return;
    this.#lineage.demand();
    const leave = this.#tail.join();
    // Also for a consumer that aborts and then never asks for another page.
    signal.addEventListener('abort', leave);
    try {
      let end = after;
      // The first page of one who comes with a place is read where his place is looked up, not taken from the tail.
      for (let isFirst = typeof after === 'object'; ; isFirst = false) {
        const page = await this.#next(end, signal, isFirst);
        if (signal.aborted || page === undefined) return;
        end = endOf(page);
        yield only(page, options.types);
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  async *replay(
    after: bigint | Place,
    { types }: { readonly types?: readonly string[] } = {},
  ): AsyncIterable<Page<StoredEvent>> {
    const newest = await this.#reader.newest();
    let page = await this.#reader.page(after, OWN_PAGE, newest);
    while (!page.caughtUp) {
      // The next one is on its way while this one is made use of.
      const next = this.#reader.page(endOf(page), OWN_PAGE, newest);
      next.catch(() => undefined);
      yield only(page, types);
      page = await next;
    }
    yield only(page, types);
  }

  /** The next page to hand over, read by ourselves where `own`; undefined when the signal aborted meanwhile. */
  async #next(after: bigint | Place, signal: AbortSignal, own: boolean): Promise<Page<StoredEvent> | undefined> {
    const position = positionOf(after);
    const pause = pauses(100, 2_000);
    while (!signal.aborted) {
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
        return await this.#reader.page(after, OWN_PAGE);
      } catch (error) {
        if (error instanceof FeedBroken || error instanceof LineageBroken) throw error;
        this.#trouble('reading a page of the log failed', error);
        await delay(pause.next().value, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

function only(page: Page<StoredEvent>, types: readonly string[] | undefined): Page<StoredEvent> {
  if (types === undefined) return page;
  return { ...page, items: page.items.filter(({ type }) => types.includes(type)) };
}
