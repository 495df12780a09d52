import {
  FeedBroken,
  itemOf,
  LineageBroken,
  START,
  type Page,
  type Place,
  positionOf,
  type StoredEvent,
} from '#libs/eventing';
import { Bell } from './bell.js';
import type { LineageOfServer } from './lineage-of-server.js';
import type { LogReader, PageLimits } from './log-reader.js';
import type { Trouble } from './observer.js';
import { storedOf } from './stored-events.js';
import type { Wire } from './wire.js';

/** Longest time between two looks (milliseconds); each one that finds us at the end feeds the subscribers a page. */
const LOOK_EVERY = 500;
const LOOK: PageLimits = { items: 2_000, bytes: 4 * 1024 * 1024 };
/** Pauses before the next subscription, after one that did not last (milliseconds). Pages are read meanwhile. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** A subscription that stood so long was none that fails at once. */
const STOOD = 10_000;
const KEPT_ITEMS = 20_000;
const KEPT_BYTES = 16 * 1024 * 1024;
const HANDED_ITEMS = 1_000;
/** Events that came and were not taken yet; with more of them the subscription is held back. */
const MOST_ARRIVED = 2_000;

export interface TailParts {
  readonly wire: Pick<Wire, 'subscribe'>;
  readonly reader: Pick<LogReader, 'newest' | 'page'>;
  readonly lineage: Pick<LineageOfServer, 'demandHeld' | 'saw' | 'lineage'>;
  readonly trouble: Trouble;
}

/**
 * The one reader at the end of the log, for all subscribers of a process, fed by one subscription of the server's. It keeps
 * the newest events, as many as fit in a fixed space; a subscriber that is further behind reads its own pages until it is
 * here again.
 *
 * The server drops a subscription that is read more slowly than events come, and one may fall silent: twice a second
 * it is asked where the log ends. What has not come by then is read in pages, and a subscription that stands still while
 * the log moves on is left for another one.
 */
export class LiveTail {
  readonly #parts: TailParts;
  readonly #fed = new Bell();
  readonly #wake = new Bell();
  #items: StoredEvent[] = [];
  #bytes = 0;
  /** Kept is what lies behind this. */
  #begin: bigint = START;
  /** Everything up to here has been read; undefined until the first look. */
  #end: bigint | Place | undefined;
  /** The newest position that we know of, read or not. */
  #head: bigint = START;
  #looks = 0;
  /** Why nothing more can be read. */
  #over: FeedBroken | LineageBroken | undefined;
  #subscribers = 0;
  #stop: AbortController | undefined;

  constructor(parts: TailParts) {
    this.#parts = parts;
  }

  /** Joins; answers how to leave (more than once does no harm). The tail reads while anyone is there. */
  join(): () => void {
    this.#subscribers += 1;
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      [this.#items, this.#bytes, this.#begin, this.#end, this.#over] = [[], 0, START, undefined, undefined];
      void this.#run(this.#stop.signal);
    }
    let here = true;
    return () => {
      if (!here) return;
      here = false;
      this.#subscribers -= 1;
      if (this.#subscribers > 0) return;
      this.#stop?.abort();
      this.#stop = undefined;
    };
  }

  /** This process appended up to here: until that has come, nobody is at the end. */
  appended(position: bigint): void {
    if (position > this.#head) this.#head = position;
    this.#wake.ring();
  }

  /** Whether what lies behind `position` is kept here, or will be read here next. */
  covers(position: bigint): boolean {
    return this.#end !== undefined && position >= this.#begin;
  }

  /** Whether the tail knows its place and what lies behind `position` is not kept here any more. */
  behind(position: bigint): boolean {
    return this.#end !== undefined && !this.covers(position);
  }

  /** What is kept behind `after`; empty when nothing is. Only for a position that is covered. */
  page(after: bigint | Place): Page<StoredEvent> {
    const [begin, end] = [positionOf(after), positionOf(this.#end ?? START)];
    const item = typeof after === 'object' ? { upToItem: after.item } : {};
    if (begin >= end) return { items: [], upTo: begin, caughtUp: begin >= this.#head, ...item };
    const from = this.#indexBehind(begin);
    // What is kept must follow the event that the reader has, not another one in its place.
    const before = this.#items[from - 1];
    if (typeof after === 'object' && before?.position === begin && itemOf(before) !== after.item) {
      throw LineageBroken.at(after, itemOf(before));
    }
    const items = this.#items.slice(from, from + HANDED_ITEMS);
    const last = items.at(-1)!;
    return { items, upTo: last.position, caughtUp: last.position >= this.#head, upToItem: itemOf(last) };
  }

  /** Resolves after the next look that succeeded, or when the signal aborts. Rejects with `FeedBroken`, `LineageBroken`. */
  async nextLook(signal: AbortSignal): Promise<void> {
    const seen = this.#looks;
    while (this.#looks === seen && this.#over === undefined && !signal.aborted) await this.#fed.wait(signal);
    if (this.#over !== undefined) throw this.#over;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { reader, trouble, lineage } = this.#parts;
    let [pause, notBefore] = [SHORTEST_PAUSE, 0];
    while (!signal.aborted) {
      try {
        if (this.#end === undefined) {
          const newest = await reader.newest();
          if (signal.aborted) return;
          this.#begin = newest?.position ?? START;
          this.#end = newest === undefined ? START : { position: newest.position, item: itemOf(newest) };
          if (this.#begin > this.#head) this.#head = this.#begin;
        }
        await this.#readToEnd(signal);
        if (signal.aborted) return;
        const now = performance.now();
        if (now < notBefore) {
          await this.#wake.wait(signal, Math.min(LOOK_EVERY, notBefore - now));
          continue;
        }
        await this.#follow(signal).finally(() => {
          // One that is dropped again and again is not begun again at once: pages do as well.
          const stood = performance.now() - now;
          pause = stood > STOOD ? SHORTEST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
          notBefore = performance.now() + pause;
        });
      } catch (error) {
        if (signal.aborted) return;
        trouble('reading the end of the log failed', error);
        if (error instanceof FeedBroken || error instanceof LineageBroken) {
          this.#over = error instanceof LineageBroken ? lineage.lineage.break(error) : error;
          this.#fed.ring();
          return;
        }
        await this.#wake.wait(signal, LOOK_EVERY);
      }
    }
  }

  /** Reads pages until nothing more is there. */
  async #readToEnd(signal: AbortSignal): Promise<void> {
    for (let caughtUp = false; !caughtUp && !signal.aborted;) {
      const page = await this.#parts.reader.page(this.#end!, LOOK);
      if (signal.aborted) return;
      if (page.caughtUp && page.upTo > this.#head) this.#head = page.upTo;
      this.#keep(page.items);
      ({ caughtUp } = page);
    }
  }

  /** Takes what one subscription brings until it ends, or stands still. */
  async #follow(outer: AbortSignal): Promise<void> {
    const { wire, reader, lineage, trouble } = this.#parts;
    const ending = new AbortController();
    const signal = AbortSignal.any([outer, ending.signal]);
    const arrival = new Bell();
    let arrived: StoredEvent[] = [];
    const start = positionOf(this.#end!);
    // How far the subscription came, also where nothing of ours was.
    let [reached, headBefore] = [start, START];
    let failed: { readonly error: unknown } | undefined;
    const { ended, hold } = wire.subscribe({
      after: start < 0n ? undefined : start,
      signal,
      onEvent: (raw) => {
        const event = storedOf(raw);
        arrived.push(event);
        reached = event.position;
        if (arrived.length === MOST_ARRIVED) hold(true);
        arrival.ring();
      },
      onCheckpoint: (position) => {
        if (position > reached) reached = position;
      },
    });
    ended.catch((error: unknown) => {
      failed = { error };
      arrival.ring();
    });
    try {
      for (let looked = performance.now(); !signal.aborted;) {
        const rest = LOOK_EVERY - (performance.now() - looked);
        if (arrived.length === 0 && failed === undefined && rest > 0) await arrival.wait(signal, rest);
        if (signal.aborted) return;
        if (failed !== undefined) throw failed.error;
        if (arrived.length > 0) {
          const events = arrived;
          arrived = [];
          hold(false);
          // The store may have gone back while they came: then it does not hold what we know.
          await lineage.demandHeld();
          if (outer.aborted) return;
          this.#keep(events);
        }
        if (performance.now() - looked < LOOK_EVERY) continue;
        looked = performance.now();
        const newest = await reader.newest();
        if (outer.aborted) return;
        const head = newest?.position ?? START;
        if (head > this.#head) this.#head = head;
        if (head > positionOf(this.#end!)) await this.#readToEnd(signal);
        else this.#look();
        if (headBefore > reached) {
          trouble('a subscription stood still and is begun again', new Error(`it came to ${reached} of ${headBefore}`));
          return;
        }
        headBefore = head;
      }
    } finally {
      // Not waited for: where the client looks for a leader it may take it a minute to end.
      ending.abort();
    }
  }

  /** Takes what follows our end; what we have already comes again where a page and the subscription both brought it. */
  #keep(events: readonly StoredEvent[]): void {
    const end = positionOf(this.#end ?? START);
    const fresh = events.filter(({ position }) => position > end);
    for (const [index, event] of fresh.entries()) {
      if (event.position <= (fresh[index - 1]?.position ?? end)) throw new Error('events came in another order');
    }
    this.#items.push(...fresh);
    for (const { bytes } of fresh) this.#bytes += bytes.length;
    const last = fresh.at(-1);
    if (last !== undefined) {
      this.#end = { position: last.position, item: itemOf(last) };
      this.#parts.lineage.saw(last);
      if (last.position > this.#head) this.#head = last.position;
    }
    let surplus = 0;
    while (this.#items.length - surplus > KEPT_ITEMS || (this.#bytes > KEPT_BYTES && surplus < this.#items.length)) {
      this.#bytes -= this.#items[surplus]!.bytes.length;
      surplus += 1;
    }
    if (surplus > 0) this.#begin = this.#items.splice(0, surplus).at(-1)!.position;
    this.#look();
  }

  #look(): void {
    this.#looks += 1;
    this.#fed.ring();
  }

  #indexBehind(position: bigint): number {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
