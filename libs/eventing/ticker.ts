import { setTimeout as delay } from 'node:timers/promises';
import { later, type Instant } from '#libs/kernel';
import type { DueItem, DueWork, KeptItem } from './ports/due-work.js';
import { Fenced, type Leases, type Turn } from './ports/leases.js';
import { runAsWinner, type Winner } from './run-as-winner.js';

/** What became of an item. */
export type Performed =
  { readonly is: 'done' } | { readonly is: 'again'; readonly at: Instant; readonly reason: string } | Parked;
interface Parked {
  readonly is: 'parked';
  readonly reason: string;
}

/**
 * Where things become due that nobody enqueues: deadlines, notices, expiries, policy dates, found by a query over read
 * models. Answers what is due by `now` and not done, in any order; what it named before it may name again, under the
 * same id.
 */
export interface DueSource {
  readonly name: string;
  due(now: Instant): Promise<readonly DueItem[]>;
}

/** How one kind of work is done. */
export interface Chore {
  readonly kind: string;
  /**
   * Of work that can't be taken back, such as a message that is sent: when the item is tried again should nobody note what
   * came of this attempt. It is counted as an attempt, put off so far, for good and under the fence of the turn, before it
   * is performed: where that can't be noted, nothing is done, and a crash or a store that is away afterwards costs one
   * attempt of the chore's own plan. `again` and a failure then leave the item where this put it.
   */
  attempt?(item: KeptItem): Instant;
  /**
   * Does the item. It may be done again: the process may be killed before that was noted, so that whatever is done has an
   * id derived from the item's. Rejects: tried again soon. Ends in time when the signal is aborted.
   */
  perform(item: KeptItem, signal: AbortSignal): Promise<Performed>;
  /**
   * Told of an item once it is parked: whatever was to let it go may have looked for it in vain, between the moment at which
   * it was decided and this one. Rejects: the turn begins anew. Each turn tells it of all that are parked, beside its work
   * and until it has taken every one: the process that parked them may have been killed before it could. So it may be told
   * of one that waits again by now, and of one twice at once.
   */
  parked?(item: KeptItem): Promise<void>;
  readonly sources?: readonly DueSource[];
  /** Items under way at once: of one lane, and together. */
  readonly perLane: number;
  readonly together: number;
  /** How long what was done or dropped is kept, in milliseconds: for people to see, and so that it is not done again. */
  readonly keepFor: number;
}

export interface TickerParts {
  readonly dueWork: DueWork;
  readonly leases: Leases;
  readonly holder: string;
  /** The application's clock; it may be set, back as well. */
  readonly now: () => Instant;
  readonly leaseMilliseconds?: number;
  /** Between two looks, in milliseconds, when nothing is under way. */
  readonly lookEvery?: number;
  readonly onTrouble?: (name: string, error: unknown) => void;
}

export interface Ticker extends Winner {
  /** Something may be due: looks at once, where this process has the turn. */
  wake(): void;
}

const LEASE = 10_000;
const LOOK_EVERY = 1_000;
const PRUNE_EVERY = 3_600_000;
/** After a failure that nobody explained, in milliseconds by the application's clock: doubled each time, so often. */
const SOON = 10_000;
const DOUBLINGS = 9;
/** Why an item is put off whose attempt was counted and whose outcome nobody noted (yet). */
const UNDER_WAY = 'under way';
/** Parked items that are read at once. */
const PARKED_PAGE = 100;

/**
 * Does what is due, in one process at a time: what is due is a query, asked again and again, so that a restart, another
 * winner or a clock that was set forgets nothing. What was begun in a turn that is over can't be noted any more: the next
 * winner does it again.
 */
export function startTicker(chore: Chore, parts: TickerParts): Ticker {
  const { dueWork, leases, holder, now, onTrouble, lookEvery = LOOK_EVERY } = parts;
  const name = `due work ${chore.kind}`;
  let ring: () => void = () => undefined;
  let prunedAt = Number.NEGATIVE_INFINITY;

  async function perform(item: KeptItem, turn: Turn, signal: AbortSignal): Promise<void> {
    const planned = chore.attempt?.(item);
    if (planned !== undefined && !(await dueWork.again(item, planned, UNDER_WAY, turn))) return;
    const performed = await chore.perform(item, signal).catch((error: unknown): Performed => {
      // What was interrupted is nobody's failure: the next turn does it.
      if (signal.aborted) throw new Fenced(turn);
      onTrouble?.(name, error);
      const at = later(now(), SOON * 2 ** Math.min(item.attempts, DOUBLINGS));
      return { is: 'again', at, reason: error instanceof Error ? error.name : typeof error };
    });
    switch (performed.is) {
      case 'done':
        return void (await dueWork.done(item, now(), turn));
      case 'again':
        return void (await (planned === undefined
          ? dueWork.again(item, performed.at, performed.reason, turn)
          : dueWork.explain(item, performed.reason)));
      case 'parked':
        if (await dueWork.park(item, performed.reason, turn)) await chore.parked?.(item);
        return;
    }
  }

  async function look(turn: Turn, underWay: Map<string, KeptItem>): Promise<readonly KeptItem[]> {
    for (const source of chore.sources ?? []) {
      const found = await source.due(now());
      if (found.length > 0) await dueWork.enqueue(found, turn);
    }
    if (performance.now() - prunedAt >= PRUNE_EVERY) {
      prunedAt = performance.now();
      await dueWork.prune(chore.kind, later(now(), -chore.keepFor));
    }
    const free = chore.together - underWay.size;
    if (free <= 0) return [];
    const busy = new Map<string, number>();
    for (const { lane } of underWay.values()) busy.set(lane, (busy.get(lane) ?? 0) + 1);
    // Those under way are named again: so many more are asked for. One that ends while it is asked may be named as well.
    const known = new Set(underWay.keys());
    const found = await dueWork.due(chore.kind, now(), chore.together + underWay.size, chore.perLane);
    const next: KeptItem[] = [];
    for (const item of found) {
      const load = busy.get(item.lane) ?? 0;
      if (next.length >= free || known.has(item.id) || load >= chore.perLane) continue;
      busy.set(item.lane, load + 1);
      next.push(item);
    }
    return next;
  }

  /**
   * Passes everything that is parked to the chore. One that it can't take holds up neither the others nor the work of the
   * turn: those of all pages are passed again, after a pause that doubles.
   */
  async function tellParked(signal: AbortSignal): Promise<void> {
    if (chore.parked === undefined) return;
    for (let round = 0; !signal.aborted; round += 1) {
      let isWhole = true;
      const missed = (error: unknown): void => {
        isWhole = false;
        if (!signal.aborted) onTrouble?.(name, error);
      };
      try {
        for (let after: bigint | undefined, isLast = false; !isLast && !signal.aborted;) {
          const page: readonly KeptItem[] = await dueWork.parked(chore.kind, PARKED_PAGE, after);
          for (const item of page) if (!signal.aborted) await chore.parked(item).catch(missed);
          after = page.at(-1)?.place;
          isLast = page.length < PARKED_PAGE;
        }
      } catch (error) {
        missed(error);
      }
      if (isWhole) return;
      const pause = lookEvery * 2 ** Math.min(round, DOUBLINGS);
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  async function work(turn: Turn, signal: AbortSignal): Promise<void> {
    const underWay = new Map<string, KeptItem>();
    const running = new Set<Promise<void>>();
    const over = new AbortController();
    const ending = AbortSignal.any([signal, over.signal]);
    const failures: unknown[] = [];
    const telling = tellParked(ending);
    try {
      while (!ending.aborted) {
        let rung = false;
        const waking = new AbortController();
        ring = (): void => {
          rung = true;
          waking.abort();
        };
        const next = await look(turn, underWay);
        if (ending.aborted) break;
        for (const item of next) {
          underWay.set(item.id, item);
          const one = perform(item, turn, ending)
            .catch((error: unknown) => {
              // The turn is over, or the store away: begun again in another turn.
              failures.push(error);
              over.abort();
            })
            .finally(() => {
              underWay.delete(item.id);
              running.delete(one);
              ring();
            });
          running.add(one);
        }
        if (!rung) {
          const resting = AbortSignal.any([ending, waking.signal]);
          await delay(lookEvery, undefined, { signal: resting }).catch(() => undefined);
        }
      }
    } finally {
      over.abort();
      await Promise.all([...running, telling]);
    }
    if (failures.length > 0) throw failures[0];
  }

  const winner = runAsWinner({
    ...{ leases, name, holder, work },
    milliseconds: parts.leaseMilliseconds ?? LEASE,
    ...(onTrouble === undefined ? {} : { onTrouble }),
  });
  return { ...winner, wake: () => ring() };
}
