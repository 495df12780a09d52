import type { Instant } from '#libs/kernel';
import type { Feed } from '#libs/eventing';
import { invalidRequest, pageOf, readPage, type PageAnswer, type PagePlace } from '#libs/platform';
import type { PageMembers } from '#libs/composition';
import { isBeyond, placeBefore, readBack } from './read-back.js';

/** What stands in a log: with its id, its place and its text. */
export interface Logged {
  readonly id: string;
  readonly position: bigint;
  readonly recordedAt: Instant;
  readonly bytes: string;
}

/** Items that are looked at for one page. */
const MOST_SIFTED = 5_000;

export interface LogSearch<Item extends Logged> {
  /** A cursor of another list or filter is refused. */
  readonly name: string;
  readonly filter: object;
  readonly page: Pick<PageMembers, 'limit' | 'cursor'>;
  readonly from: Instant | undefined;
  readonly before: Instant | undefined;
  readonly meets: (item: Item) => boolean;
}

const isWithin = ({ from, before }: Pick<LogSearch<never>, 'from' | 'before'>, recordedAt: Instant): boolean =>
  (from === undefined || recordedAt >= from) && (before === undefined || recordedAt < before);

/** 18 digits and an id: what a cursor may hold. */
const placeOf = ({ position, id }: Logged): PagePlace => ({ order: position, key: id });

/** No page of a log was ever of a moment: it holds what it held. */
function pageAsked({
  name,
  filter,
  page,
}: Pick<LogSearch<never>, 'name' | 'filter' | 'page'>): ReturnType<typeof readPage> {
  const asked = readPage({ name, filter }, page.limit, page.cursor);
  if (asked.after?.at !== undefined) throw invalidRequest([{ pointer: '/cursor', code: 'invalid-cursor' }]);
  return asked;
}

/**
 * A page of what a log holds, newest first, read back from the log itself: no table has to be kept for who reads seldom. After
 * so many items a page ends, however few are among them, and the next one goes on there.
 */
export async function loggedPage<Item extends Logged, Shown>(
  feed: Pick<Feed<Item>, 'head' | 'read'>,
  { name, filter, page, from, before, meets }: LogSearch<Item>,
  show: (item: Item) => Shown,
): Promise<PageAnswer<Shown>> {
  const { limit, after } = pageAsked({ name, filter, page });
  const begun = before === undefined ? (await feed.head()) + 1n : await placeBefore(feed, before);
  const looked: Item[] = [];
  const shown: (Shown | undefined)[] = [];
  let found = 0;
  for await (const piece of readBack(feed, after !== undefined && after.order < begun ? after.order : begun)) {
    for (const item of piece) {
      if (from !== undefined && isBeyond(item, from)) return pageOf({ name, filter }, looked, shown, placeOf);
      const isMeant = isWithin({ from, before }, item.recordedAt) && meets(item);
      if (isMeant && found === limit) return pageOf({ name, filter }, [...looked, item], shown, placeOf);
      looked.push(item);
      shown.push(isMeant ? show(item) : undefined);
      if (isMeant) found += 1;
    }
    // What comes behind was not looked at: an item in its place says that there may be more.
    if (looked.length >= MOST_SIFTED) return pageOf({ name, filter }, [...looked, looked.at(-1)!], shown, placeOf);
  }
  return pageOf({ name, filter }, looked, shown, placeOf);
}

/** The same of items that are known, newest first. */
export function knownPage<Item extends Logged, Shown>(
  items: readonly Item[],
  { name, filter, page, from, before, meets }: LogSearch<Item>,
  show: (item: Item) => Shown,
): PageAnswer<Shown> {
  const { limit, after } = pageAsked({ name, filter, page });
  const rows = items
    .filter((item) => isWithin({ from, before }, item.recordedAt) && meets(item))
    .filter(({ position }) => after === undefined || position < after.order)
    .slice(0, limit + 1);
  return pageOf({ name, filter }, rows, rows.slice(0, limit).map(show), placeOf);
}
