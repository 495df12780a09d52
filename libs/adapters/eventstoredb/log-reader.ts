import {
  FeedBroken,
  itemOf,
  LineageBroken,
  positionOf,
  StoreUnavailable,
  type EventOrigin,
  type Page,
  type Place,
  type StoredEvent,
} from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import { deleted, failureOf, isDeleted } from './errors.js';
import type { LineageOfServer } from './lineage-of-server.js';
import type { Trouble } from './observer.js';
import { patiently } from './patience.js';
import { isServers, originOf, storedOf } from './stored-events.js';
import type { AllRead, RawEvent, RawPage, Wire } from './wire.js';

export interface PageLimits {
  readonly items: number;
  readonly bytes: number;
}

/** Looking for the newest event of ours, so many are read at a time: behind it there may be any number of the server's. */
const LOOKS = [2, 16, 128, 1_024];
/** Most records of one call, and what they may hold together. */
const MOST_RECORDS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;
/** So many records are read at first, when it is not known how large they are. */
const FIRST_RECORDS = 64;

/** Reads the log behind places, past what is not ours. Every answer is of a store that holds what we know of it. */
export class LogReader {
  readonly #wire: Wire;
  readonly #lineage: LineageOfServer;
  readonly #patience: number;
  readonly #trouble: Trouble;
  /** The end of the log as it was when somebody looked, the server's own records among them, and our newest event then. */
  #seen: { readonly id: string; readonly position: bigint; readonly newest: StoredEvent | undefined } | undefined;
  /** Bytes of a record, as they were lately. */
  #sizeOfRecord = MOST_BYTES / FIRST_RECORDS;

  constructor(wire: Wire, lineage: LineageOfServer, patience: number, trouble: Trouble) {
    this.#wire = wire;
    this.#lineage = lineage;
    this.#patience = patience;
    this.#trouble = trouble;
  }

  /** All events of a stream from a revision on. */
  async stream(stream: StreamId, from: number): Promise<readonly StoredEvent[]> {
    await this.#lineage.demandHeld();
    const events: StoredEvent[] = [];
    for (let next = from; ; next = from + events.length) {
      const page = await this.#patiently(() =>
        this.#wire.readStream(stream, next, { count: MOST_RECORDS, bytes: MOST_BYTES }),
      ).catch((error: unknown) => {
        throw isDeleted(error) ? deleted(stream) : error;
      });
      for (const raw of page.events) {
        const event = storedOf(raw);
        if (event.revision !== from + events.length) {
          throw new FeedBroken(`${stream} has no revision ${from + events.length}, and ${event.revision} is there`);
        }
        events.push(event);
      }
      if (page.ended) break;
    }
    const last = events.at(-1);
    if (last !== undefined) this.#lineage.saw(last);
    return events;
  }

  /** The events of a stream, from one revision up to another, that were moved here, with their origins. */
  async origins(
    stream: StreamId,
    from: number,
    upTo: number,
  ): Promise<readonly { readonly id: string; readonly revision: number; readonly origin: EventOrigin }[]> {
    const moved = [];
    for (let next = from; next <= upTo;) {
      const limits = { count: Math.min(upTo - next + 1, MOST_RECORDS), bytes: MOST_BYTES };
      const { events } = await this.#patiently(() => this.#wire.readStream(stream, next, limits));
      for (const raw of events) {
        const origin = originOf(raw);
        if (origin !== undefined) moved.push({ id: raw.id, revision: raw.revision, origin });
      }
      const last = events.at(-1);
      if (last === undefined) break;
      next = last.revision + 1;
    }
    return moved;
  }

  /** The newest event; `undefined` while there is none. */
  async newest(): Promise<StoredEvent | undefined> {
    this.#lineage.demand();
    const known = this.#lineage.known;
    const newest = await this.#lookBack(known?.position);
    if (known !== undefined && newest !== undefined && newest.position > known.position)
      await this.#lineage.demandHeld();
    else if (known === this.#lineage.known) this.#lineage.demandSame(newest);
    else await this.#lineage.demandHeld();
    if (newest !== undefined) this.#lineage.saw(newest);
    return newest;
  }

  /** The event at exactly this position. */
  async at(position: bigint): Promise<StoredEvent | undefined> {
    await this.#lineage.demandHeld();
    if (position < 0n) return undefined;
    const [first] = (await this.#all({ from: position, count: 1 }))?.events ?? [];
    return first?.position === position && !isServers(first) ? storedOf(first) : undefined;
  }

  /** The next events behind `after`, at most up to the newest one there is now; `seen` gets them as the server has them. */
  async page(
    after: bigint | Place,
    limits: PageLimits,
    newestBefore?: StoredEvent,
    seen: (event: RawEvent) => void = () => undefined,
  ): Promise<Page<StoredEvent>> {
    const begin = positionOf(after);
    const newest = newestBefore ?? (await this.newest());
    if (newest === undefined || newest.position <= begin) {
      const there = newest?.position === begin ? newest : await this.at(begin);
      return { ...this.#behind(after, there, []), caughtUp: true };
    }
    const items: StoredEvent[] = [];
    let there: StoredEvent | undefined;
    let [bytes, cursor, isWhole] = [0, begin, false];
    for (let from: bigint | 'start' = begin < 0n ? 'start' : begin; !isWhole; from = cursor) {
      let page = await this.#forwards(from, limits.items - items.length);
      page ??= await this.#forwards(await this.#placeBefore(after), limits.items);
      const { events, ended } = page ?? { events: [], ended: true };
      for (const raw of events) {
        const position = raw.position ?? storedOf(raw).position;
        if (position === begin && !isServers(raw)) there = storedOf(raw);
        if (position <= cursor) continue;
        if (cursor === begin) demandItem(after, there);
        cursor = position;
        if (!isServers(raw)) {
          items.push(storedOf(raw));
          seen(raw);
          bytes += raw.data.length;
        }
        isWhole = position >= newest.position || items.length >= limits.items || bytes >= limits.bytes;
        if (isWhole) break;
      }
      // The newest was there a moment ago.
      if (ended && !isWhole) {
        await this.#lineage.demandHeld();
        throw new StoreUnavailable(`EventStoreDB has nothing between ${cursor} and ${newest.position} any more`);
      }
    }
    const page = this.#behind(after, there, items);
    return { ...page, caughtUp: page.upTo >= newest.position };
  }

  #behind(
    after: bigint | Place,
    there: StoredEvent | undefined,
    items: readonly StoredEvent[],
  ): Omit<Page<StoredEvent>, 'caughtUp'> {
    demandItem(after, there);
    const last = items.at(-1) ?? there;
    if (last === undefined) return { items, upTo: positionOf(after) };
    this.#lineage.saw(last);
    return { items, upTo: last.position, upToItem: itemOf(last) };
  }

  /** `undefined` where no record begins at `from`. */
  async #forwards(from: bigint | 'start', wanted: number): Promise<RawPage | undefined> {
    // One more: the first is the one that the reader has.
    const fit = Math.max(2, Math.floor(MOST_BYTES / Math.max(1, this.#sizeOfRecord)));
    const count = Math.min(wanted + 1, fit, MOST_RECORDS);
    const page = await this.#all({ from, count, bytes: MOST_BYTES });
    if (page === undefined) return undefined;
    const bytes = page.events.reduce((total, { data }) => total + data.length, 0);
    if (page.events.length > 1) this.#sizeOfRecord = (this.#sizeOfRecord + bytes / page.events.length) / 2;
    return page;
  }

  /** From where the server can read on behind a position at which nothing begins: it knows no such place. */
  async #placeBefore(after: bigint | Place): Promise<bigint | 'start'> {
    if (typeof after === 'object') throw LineageBroken.at(after, undefined);
    for (let from: bigint | 'end' = 'end'; ;) {
      const { events, ended } = await this.#backwards(from, LOOKS.at(-1)!);
      const before = events.find((event) => event.position !== undefined && event.position <= after);
      if (before?.position !== undefined) return before.position;
      from = events.at(-1)?.position ?? 0n;
      if (ended || events.length === 0) return 'start';
    }
  }

  /**
   * The newest event of ours, unless all that lies behind `known` is the server's. What lay behind the newest one the last
   * time is not read again.
   */
  async #lookBack(known: bigint | undefined): Promise<StoredEvent | undefined> {
    const seen = this.#seen;
    let end: RawEvent | undefined;
    const found = (newest: StoredEvent | undefined): StoredEvent | undefined => {
      if (end?.position !== undefined) this.#seen = { id: end.id, position: end.position, newest };
      return newest;
    };
    let from: bigint | 'end' = 'end';
    for (let look = 0; ; look += 1) {
      const { events, ended } = await this.#backwards(from, LOOKS[Math.min(look, LOOKS.length - 1)]!);
      end ??= events[0];
      for (const event of events) {
        if (!isServers(event)) return found(storedOf(event));
        if (event.id === seen?.id && event.position === seen.position) return found(seen.newest);
      }
      const last = events.at(-1);
      if (ended || last?.position === undefined) return found(undefined);
      if (known !== undefined && last.position < known) return undefined;
      from = last.position;
    }
  }

  async #backwards(from: bigint | 'end', count: number): Promise<RawPage> {
    const page = await this.#patiently(() => this.#wire.readAll({ from, backwards: true, count }));
    // Whether the one at `from` comes again is told differently of servers.
    return { ...page, events: page.events.filter(({ position }) => from === 'end' || (position ?? from) < from) };
  }

  /**
   * Reads forwards; `undefined` where no record begins at `from`. The server says of that no more than "unknown", as of much
   * else: so it counts only when it says so again although it answers another question.
   */
  async #all(read: AllRead): Promise<RawPage | undefined> {
    return this.#patiently(async () => {
      try {
        return await this.#wire.readAll(read);
      } catch (error) {
        if (typeof read.from !== 'bigint' || failureOf(error) !== 'unknown') throw error;
        await this.#wire.readAll({ from: 'end', backwards: true, count: 1 });
        return await this.#wire.readAll(read).catch((again: unknown) => {
          if (failureOf(again) === 'unknown') return undefined;
          throw again;
        });
      }
    });
  }

  #patiently<Result>(read: () => Promise<Result>): Promise<Result> {
    return patiently(this.#patience, this.#trouble, read);
  }
}

/** Throws when the store does not hold what stands at the place. */
function demandItem(after: bigint | Place, there: StoredEvent | undefined): void {
  if (typeof after === 'bigint') return;
  const item = there && itemOf(there);
  if (item !== after.item) throw LineageBroken.at(after, item);
}
