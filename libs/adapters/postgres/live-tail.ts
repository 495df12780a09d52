import { endOf, itemOf, LineageBroken, positionOf, type Page, type Place } from '#libs/eventing';
import type { Instant } from '#libs/kernel';
import { Bell } from './bell.js';
import { FeedHole } from './errors.js';
import type { PageLimits } from './log-reader.js';

/** Longest time between two looks (milliseconds); each look feeds the subscribers a page, empty if nothing came. */
const LOOK_EVERY = 500;
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
const LOOK: PageLimits = { items: 2_000, bytes: 4 * 1024 * 1024 };
const KEPT_ITEMS = 20_000;
const KEPT_BYTES = 16 * 1024 * 1024;
const HANDED_ITEMS = 1_000;

/** What a tail needs of a log. */
export interface TailSource<Item> {
  newest(): Promise<Place | undefined>;
  page(after: bigint | Place, limits: PageLimits): Promise<Page<Item>>;
  /** The tail read up to here, and what stands there now is another item: the log has gone back. */
  broken(error: LineageBroken): LineageBroken;
  sizeOf(item: Item): number;
  trouble(error: unknown): void;
}

/**
 * The one reader at the end of a log, for all subscribers of a process. It keeps the newest items, as many as fit in a
 * fixed space; a subscriber that is further behind reads its own pages until it is here again.
 */
export class LiveTail<Item extends { readonly id: string; readonly recordedAt: Instant }> {
  readonly #source: TailSource<Item>;
  readonly #rest: number;
  readonly #fed = new Bell();
  readonly #wake = new Bell();
  #items: Item[] = [];
  #bytes = 0;
  /** Everything up to here has been read; undefined until the first look. */
  #end: bigint | Place | undefined;
  #looks = 0;
  /** Why nothing more can be read. */
  #over: FeedHole | LineageBroken | undefined;
  #subscribers = 0;
  #stop: AbortController | undefined;
  #wanted = false;

  /** `rest`: milliseconds from one look to the next at least; what comes meanwhile is read in one go. */
  constructor(source: TailSource<Item>, rest = 0) {
    this.#source = source;
    this.#rest = rest;
  }

  /** Joins; answers how to leave (more than once does no harm). The tail reads while anyone is there. */
  join(): () => void {
    this.#subscribers += 1;
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      [this.#items, this.#bytes, this.#end, this.#over] = [[], 0, undefined, undefined];
      void this.#run(this.#stop.signal);
    } else this.wake();
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

  /** Something may have been appended up to `head` (not known: look in any case). */
  wake(head?: bigint): void {
    if (head !== undefined && this.#end !== undefined && head <= positionOf(this.#end)) return;
    this.#wanted = true;
    this.#wake.ring();
  }

  /** Whether what lies behind `position` is kept here, or will be read here next. */
  covers(position: bigint): boolean {
    return this.#end !== undefined && position >= positionOf(this.#end) - BigInt(this.#items.length);
  }

  /** Whether the tail knows its place and what lies behind `position` is not kept here any more. */
  behind(position: bigint): boolean {
    return this.#end !== undefined && !this.covers(position);
  }

  /** What is kept behind `after`; empty when nothing is. Only for a position that is covered. */
  page(after: bigint | Place): Page<Item> {
    const [begin, end] = [positionOf(after), positionOf(this.#end ?? 0n)];
    const item = typeof after === 'object' ? { upToItem: after.item } : {};
    if (begin >= end) return { items: [], upTo: begin, caughtUp: true, ...item };
    const from = this.#items.length - Number(end - begin);
    // What is kept must follow the item that the reader has, not another one in its place.
    const before = this.#items[from - 1];
    if (typeof after === 'object' && before !== undefined && itemOf(before) !== after.item) {
      throw LineageBroken.at(after, itemOf(before));
    }
    const items = this.#items.slice(from, from + HANDED_ITEMS);
    const upTo = begin + BigInt(items.length);
    return { items, upTo, caughtUp: upTo === end, upToItem: itemOf(items.at(-1)!) };
  }

  /** Resolves after the next look that succeeded, or when the signal aborts. Rejects with `FeedHole`, `LineageBroken`. */
  async nextLook(signal: AbortSignal): Promise<void> {
    const seen = this.#looks;
    while (this.#looks === seen && this.#over === undefined && !signal.aborted) await this.#fed.wait(signal);
    if (this.#over !== undefined) throw this.#over;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let pause = SHORTEST_PAUSE;
    while (!signal.aborted) {
      this.#wanted = false;
      try {
        // Whoever begins anew while this answer is on its way has an end of his own: it must not be overwritten.
        const end = this.#end ?? (await this.#source.newest()) ?? 0n;
        if (signal.aborted) return;
        this.#end ??= end;
        const page = await this.#source.page(this.#end, LOOK);
        if (signal.aborted) return;
        this.#keep(page);
        pause = SHORTEST_PAUSE;
        if (!page.caughtUp) continue;
        if (this.#rest > 0) await new Bell().wait(signal, this.#rest);
        if (!this.#wanted) await this.#wake.wait(signal, LOOK_EVERY);
      } catch (error) {
        if (signal.aborted) return;
        this.#source.trouble(error);
        if (error instanceof FeedHole || error instanceof LineageBroken) {
          this.#over = error instanceof LineageBroken ? this.#source.broken(error) : error;
          this.#fed.ring();
          return;
        }
        await this.#wake.wait(signal, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  #keep(page: Page<Item>): void {
    this.#items.push(...page.items);
    for (const item of page.items) this.#bytes += this.#source.sizeOf(item);
    this.#end = endOf(page);
    let surplus = 0;
    while (this.#items.length - surplus > KEPT_ITEMS || (this.#bytes > KEPT_BYTES && surplus < this.#items.length)) {
      this.#bytes -= this.#source.sizeOf(this.#items[surplus]!);
      surplus += 1;
    }
    if (surplus > 0) this.#items.splice(0, surplus);
    this.#looks += 1;
    this.#fed.ring();
  }
}
