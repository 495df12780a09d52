import { setTimeout as delay } from 'node:timers/promises';
import { epochOf, type Instant } from '#libs/kernel';
import { FeedBroken, LineageBroken, positionOf, START, type Feed, type Page, type Place } from './ports/event-store.js';
import { CheckpointMoved } from './ports/projection-store.js';

/** What a reader of a feed tells health and metrics about itself. */
export interface FollowerStatus {
  readonly name: string;
  /**
   * `building` = what it keeps is made from the first event, and shown to nobody yet; `outdated` = it has to be rebuilt;
   * `standing-by` = another process does what it would; `stopped` = it waits for a person.
   */
  readonly state: 'starting' | 'building' | 'running' | 'standing-by' | 'stopped' | 'outdated' | 'ended';
  /** Everything up to here has been applied; `START` while nothing has. */
  readonly position: bigint;
  /** Milliseconds since it was last fed (a page came and was applied). */
  readonly silentFor: number;
  /** Milliseconds that what it has applied lies behind the store: since it had last seen everything there was. */
  readonly behindFor: number;
  /** That it lies behind says nothing about health. */
  readonly mayLag?: boolean;
  /** Steps that it put aside and that wait for a person (process managers). */
  readonly parked?: number;
  /** Why it stopped, and at what; never personal data. */
  readonly stoppedBy?: { readonly reason: string; readonly position?: bigint; readonly type?: string };
}

/** Thrown by `apply` to say that this item can never be applied: the reader stops and waits for a person. */
export class CannotApply extends Error {
  override readonly name = 'CannotApply';
  constructor(
    reason: string,
    readonly position: bigint,
    readonly type: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

export interface Follower {
  status(): FollowerStatus;
  /**
   * Resolves with true once everything up to `position` has been applied, with false when that takes longer, and at once
   * with false when this follower applies nothing any more.
   */
  waitFor(position: bigint, milliseconds: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** What is followed carries the moment at which the store recorded it. */
type Followed = { readonly recordedAt: Instant };

export interface FollowOptions<Item extends Followed> {
  readonly name: string;
  readonly feed: Feed<Item>;
  readonly types?: readonly string[];
  readonly mayLag?: boolean;
  /**
   * Where to begin; asked again after every interruption. `outdated` keeps the reader from starting, for the reason that is
   * given. What takes long looks at `ending`; who makes everything from the first event says so by `building`, which
   * lasts until it has caught up.
   */
  begin(ending: AbortSignal, building: () => void): Promise<bigint | Place | { readonly outdated: string }>;
  /** Applies one page, durably where the reader has something durable. Is awaited before the next page. */
  apply(page: Page<Item>): Promise<void>;
  /** Told about every interruption that is tried again, and about the stop. */
  onTrouble?(name: string, error: unknown, stopped: boolean): void;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/**
 * Reads a feed page by page for ever. An interruption is tried again from `begin`, with growing pauses; what can never
 * be applied stops the reader for good. Nothing is skipped.
 */
export function follow<Item extends Followed>(options: FollowOptions<Item>): Follower {
  const ending = new AbortController();
  let state: FollowerStatus['state'] = 'starting';
  let position = START;
  let fedAt = performance.now();
  let currentAt = performance.now();
  let over = false;
  let stoppedBy: FollowerStatus['stoppedBy'];
  const waiting = new Set<{ readonly position: bigint; readonly arrived: (seen: boolean) => void }>();

  const moveTo = (next: bigint): void => {
    position = next;
    fedAt = performance.now();
    for (const waiter of waiting) if (waiter.position <= position) waiter.arrived(true);
  };

  /** Nothing will be applied any more: whoever waits has waited long enough. */
  const letGo = (): void => {
    over = true;
    for (const waiter of waiting) waiter.arrived(false);
  };

  const stopFor = (error: unknown): void => {
    state = 'stopped';
    stoppedBy =
      error instanceof CannotApply
        ? { reason: error.message, position: error.position, type: error.type }
        : { reason: error instanceof Error ? error.message : String(error) };
    letGo();
    options.onTrouble?.(options.name, error, true);
  };

  const run = async (): Promise<void> => {
    let pause = FIRST_PAUSE;
    while (!ending.signal.aborted) {
      try {
        const begin = await options.begin(ending.signal, () => void (state = 'building'));
        if (typeof begin === 'object' && 'outdated' in begin) {
          state = 'outdated';
          stoppedBy = { reason: `${begin.outdated}: npm run rebuild -- ${options.name}` };
          return letGo();
        }
        moveTo(positionOf(begin));
        const types = options.types === undefined ? {} : { types: options.types };
        for await (const page of options.feed.subscribe(begin, { signal: ending.signal, ...types })) {
          await options.apply(page);
          moveTo(page.upTo);
          currentAt = Math.max(currentAt, currencyOf(page));
          if (state !== 'building' || page.caughtUp) state = 'running';
          pause = FIRST_PAUSE;
        }
      } catch (error) {
        if (ending.signal.aborted) break;
        if (error instanceof CannotApply || error instanceof FeedBroken || error instanceof LineageBroken)
          return stopFor(error);
        // Another process keeps the same read model, or rebuilt it: its checkpoint is where to go on.
        if (error instanceof CheckpointMoved) continue;
        options.onTrouble?.(options.name, error, false);
        await delay(pause, undefined, { signal: ending.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
    state = 'ended';
  };
  const running = run();

  return {
    status: () => ({
      name: options.name,
      state,
      position,
      silentFor: performance.now() - fedAt,
      behindFor: performance.now() - currentAt,
      ...(options.mayLag === undefined ? {} : { mayLag: options.mayLag }),
      ...(stoppedBy === undefined ? {} : { stoppedBy }),
    }),

    waitFor(wanted, milliseconds) {
      if (wanted <= position) return Promise.resolve(true);
      if (over) return Promise.resolve(false);
      return new Promise((resolve) => {
        const waiter = {
          position: wanted,
          arrived: (seen: boolean): void => {
            clearTimeout(timer);
            waiting.delete(waiter);
            resolve(seen);
          },
        };
        const timer = setTimeout(() => waiter.arrived(false), milliseconds);
        waiting.add(waiter);
      });
    },

    async stop() {
      ending.abort();
      letGo();
      await running;
    },
  };
}

/** Whether the store still holds the item at this place. */
export async function holds(feed: Pick<Feed<unknown>, 'read'>, place: Place): Promise<boolean> {
  try {
    await feed.read(place, 1);
    return true;
  } catch (error) {
    if (error instanceof LineageBroken) return false;
    throw error;
  }
}

/** Until when, by this process's clock, a reader that has applied this page has seen everything. */
function currencyOf<Item extends Followed>({ caughtUp, items }: Page<Item>): number {
  const now = performance.now();
  const newest = items.at(-1);
  if (caughtUp) return now;
  return newest === undefined ? 0 : now - Math.max(0, Date.now() - epochOf(newest.recordedAt));
}
