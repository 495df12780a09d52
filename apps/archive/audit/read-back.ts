import { later, type Instant } from '#libs/kernel';
import { START, type Feed } from '#libs/eventing';

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
    const { items } = await feed.read(lower, PIECE + 1);
    const found = items.filter(({ position }) => position < upper);
    if (found.length > PIECE) {
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
 * Clocks of several servers of one store may differ by so much, in milliseconds: order is the position's, never the time's
 * (interfaces.md §5).
 */
const SLACK = 3_600_000;

/** Whether everything before an item was recorded before that moment, whatever clocks say. */
export const isBeyond = ({ recordedAt }: Placed, from: Instant): boolean => recordedAt < later(from, -SLACK);

/** The position behind all that was recorded before that moment; the whole log where it is not that old. */
export async function placeBefore<Item extends Placed>(feed: Readable<Item>, before: Instant): Promise<bigint> {
  const limit = later(before, SLACK);
  const end = (await feed.head()) + 1n;
  let [low, high] = [START, end];
  while (high - low > BigInt(PIECE)) {
    const middle = low + (high - low) / 2n;
    const [item] = (await feed.read(middle, 1)).items;
    if (item === undefined || item.position >= high || item.recordedAt >= limit) high = middle;
    else low = item.position;
  }
  // What stands between is looked at itself.
  return high === end ? end : high + 1n;
}
