import { epochOf, type Instant } from '#libs/kernel';
import { endOf, START, type Feed, type Place } from '#libs/eventing';

interface Placed {
  readonly position: bigint;
  readonly recordedAt: Instant;
}
type Readable<Item> = Pick<Feed<Item>, 'head' | 'read'>;

/** Items that are in memory at once. */
const PIECE = 500;

/**
 * What a log holds before a position (exclusive), the newest first, in pieces. Positions may have gaps of any size: how far
 * a piece reaches back follows from what the one before has found.
 */
export async function* readBack<Item extends Placed>(
  feed: Readable<Item>,
  before: bigint,
): AsyncGenerator<readonly Item[], void, undefined> {
  let span = BigInt(PIECE);
  for (let upper = before; upper > START + 1n;) {
    const lower = upper - 1n - span < START ? START : upper - 1n - span;
    const found = await stretch(feed, lower, upper);
    if (found === undefined) {
      // The nearest of them are behind what was read.
      span = span > 2n ? span / 2n : 1n;
      continue;
    }
    if (found.length > 0) yield found.toReversed();
    if (found.length < PIECE / 4) span *= 4n;
    upper = lower + 1n;
  }
}

/**
 * What stands behind one position and before another (both exclusive); `undefined` where that is more than a piece. A page of
 * a feed may end before its limit, where items are large: what it has not reached is read on.
 */
async function stretch<Item extends Placed>(
  feed: Readable<Item>,
  lower: bigint,
  upper: bigint,
): Promise<readonly Item[] | undefined> {
  const found: Item[] = [];
  for (let after: bigint | Place = lower; ;) {
    const page = await feed.read(after, PIECE + 1 - found.length);
    found.push(...page.items.filter(({ position }) => position < upper));
    if (found.length > PIECE) return undefined;
    if (page.caughtUp || page.upTo >= upper - 1n) return found;
    after = endOf(page);
  }
}

/**
 * Clocks of several servers of one store may differ by so much, in milliseconds: order is the position's, never the time's
 * (interfaces.md §5).
 */
const SLACK = 3_600_000;

/** Whether everything before an item was recorded before that moment, whatever clocks say. */
export const isBeyond = ({ recordedAt }: Placed, from: Instant): boolean => epochOf(recordedAt) < epochOf(from) - SLACK;

/** The position behind all that was recorded before that moment; the whole log where it is not that old. */
export async function placeBefore<Item extends Placed>(feed: Readable<Item>, before: Instant): Promise<bigint> {
  // In numbers: the last hour of the last year has no instant behind it.
  const limit = epochOf(before) + SLACK;
  const end = (await feed.head()) + 1n;
  let [low, high] = [START, end];
  while (high - low > BigInt(PIECE)) {
    const middle = low + (high - low) / 2n;
    const [item] = (await feed.read(middle, 1)).items;
    if (item === undefined || item.position >= high || epochOf(item.recordedAt) >= limit) high = middle;
    else low = item.position;
  }
  // What stands between is looked at itself.
  return high === end ? end : high + 1n;
}
