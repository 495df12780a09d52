import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import type { ProjectionStore } from '#libs/eventing';
import { retainedUntil } from '#libs/scheme';
import { retentionProjection, type RetentionRow } from '../read-models/retention.js';
import type { KeptName } from './ties.js';

/** Who rests on what, as it is on record. */
export type RetentionRows = Pick<ProjectionStore, 'find' | 'load' | 'search'>;

export interface RetentionQuestion {
  readonly at: Instant;
  /** Years that the participant keeps things: seven, or more. */
  readonly years: number;
  /** What a legal hold stands on. */
  readonly held: ReadonlySet<string>;
}

/**
 * How long an object is kept. `over`: nothing asks for it any more. Else until when at least: something stands that rests on
 * it (`until` absent: its end is not known), or its time is not over (ARCH-10); or a legal hold stands on what it belongs to.
 */
export type RetentionAnswer =
  | { readonly is: 'unknown' }
  | { readonly is: 'over' }
  | {
      readonly is: 'kept';
      /** By what is on record now; absent where something stands without an end. */
      readonly until?: Instant;
      /** Before this moment it can't be over, whatever happens in between. */
      readonly notBefore: Instant;
      /** What asks for it for longest. */
      readonly because: KeptName;
      readonly isHeld: boolean;
    };

type Kept = Extract<RetentionAnswer, { is: 'kept' }>;

/** Rows of one reading. */
const PAGE = 100;
/** Objects that are looked at before it is said that there are more: an answer is bounded by it, never a destruction. */
const MOST_LOOKED_AT = 5_000;

/**
 * The retention of an object: of everything that rests on it, over however many steps, the latest end and the years from it
 * on; nothing goes earlier (ARCH-10, AMB-45). `whole`: the latest of all is looked for, as an answer to people says it; else
 * the first that keeps it is enough.
 */
export async function retentionOf(
  store: RetentionRows,
  name: KeptName,
  question: RetentionQuestion,
  how: { readonly whole?: boolean } = {},
): Promise<RetentionAnswer> {
  const first = await store.find<RetentionRow>(retentionProjection, name);
  if (first === undefined) return { is: 'unknown' };
  const seen = new Set<string>([name]);
  const waiting: RetentionRow[] = [first];
  let longest: Kept | undefined;
  const holds = heldBelow(store, question.held);
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
    const kept = keptBy(row, question, await holds(row));
    if (kept !== undefined) {
      longest = longer(longest, kept);
      if (how.whole !== true) return longest;
      if (seen.size > MOST_LOOKED_AT) return cutOff(longest, question);
    }
    for await (const next of above(store, row, seen)) waiting.push(next);
  }
  return longest ?? { is: 'over' };
}

/** Of what too much rests on to look at all of it: it has no end that is known, and whatever is held may be among it. */
const cutOff = ({ until: _until, ...kept }: Kept, { held }: RetentionQuestion): Kept => ({
  ...kept,
  isHeld: kept.isHeld || held.size > 0,
});

/** What rests on an object, and what it goes with: each once. */
async function* above(store: RetentionRows, row: RetentionRow, seen: Set<string>): AsyncGenerator<RetentionRow> {
  const named = row.goesWith.filter((name) => !seen.has(name));
  for (const [name, found] of await store.load<RetentionRow>(retentionProjection, named)) {
    seen.add(name);
    yield found;
  }
  for (let after: { order: bigint; key: string } | undefined; ;) {
    const rows = await store.search<RetentionRow>(retentionProjection, {
      where: [{ column: 'restsOn', is: 'containing', value: row.id }],
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const found of rows) {
      if (seen.has(found.id)) continue;
      seen.add(found.id);
      yield found;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = { order: last.position, key: last.id };
  }
}

/**
 * Whether a hold stands on an object, or on anything that it rests on or is about, over however many steps. Asked of everything
 * that rests on an object it finds each hold that reaches it: down from what is held, and up from there and down again. Each
 * object is looked at once; where there are too many to look at, it is held.
 */
function heldBelow(store: RetentionRows, held: ReadonlySet<string>): (row: RetentionRow) => Promise<boolean> {
  const free = new Set<string>();
  return async (row) => {
    if (held.size === 0) return false;
    const isSeen = (name: string): boolean => free.has(name);
    let waiting: readonly RetentionRow[] = free.has(row.id) ? [] : [row];
    while (waiting.length > 0) {
      const named = new Set<string>();
      for (const { id, restsOn, goesWith, about } of waiting) {
        free.add(id);
        for (const name of [id, ...restsOn, ...goesWith, ...about]) {
          if (held.has(name)) return true;
          if (!isSeen(name)) named.add(name);
        }
      }
      if (free.size > MOST_LOOKED_AT) return true;
      const next: RetentionRow[] = [];
      const names = [...named];
      for (let from = 0; from < names.length; from += PAGE) {
        const rows = await store.load<RetentionRow>(retentionProjection, names.slice(from, from + PAGE));
        next.push(...rows.values());
      }
      waiting = next;
    }
    return false;
  };
}

/** What an object asks for by itself: its own end, and years from it on. */
function keptBy(row: RetentionRow, { at, years }: RetentionQuestion, isHeld: boolean): Kept | undefined {
  const because = row.id as KeptName;
  const ended = row.endsAt !== null && row.endsAt > row.lastFactAt ? row.endsAt : row.lastFactAt;
  const until = row.stands ? undefined : untilFrom(ended, years);
  // Whatever stands now may end at once, and not before.
  const earliest = row.stands || ended > at ? untilFrom(at, years) : until!;
  if (isHeld) return { ...{ is: 'kept', because, isHeld, notBefore: at }, ...(until === undefined ? {} : { until }) };
  if (until !== undefined && until <= at) return undefined;
  return { ...{ is: 'kept', because, isHeld, notBefore: earliest }, ...(until === undefined ? {} : { until }) };
}

const untilFrom = (moment: Instant, years: number): Instant => instantFromEpoch(retainedUntil(epochOf(moment), years));

/** Of two reasons the one that keeps it longer. A hold stands beside the time: it may outlast it, or be lifted before. */
function longer(one: Kept | undefined, other: Kept): Kept {
  if (one === undefined) return other;
  const isHeld = one.isHeld || other.isHeld;
  const notBefore = one.notBefore > other.notBefore ? one.notBefore : other.notBefore;
  const last = one.until === undefined || (other.until !== undefined && one.until >= other.until) ? one : other;
  return { ...last, isHeld, notBefore };
}
