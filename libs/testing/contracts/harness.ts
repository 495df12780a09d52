import { randomUUID } from 'node:crypto';
import { START, type EventToAppend, type Feed, type Page } from '#libs/eventing';
import { canonicalJson, streamId, type EventId, type StreamId } from '#libs/kernel';
import { PATIENCE } from '../until.js';

export const freshStream = (): StreamId => streamId('check', randomUUID());

export const freshId = (): EventId => randomUUID() as EventId;

export const anEvent = (changes: Partial<EventToAppend> = {}): EventToAppend => ({
  id: freshId(),
  type: 'CheckRecorded',
  bytes: canonicalJson({ note: 'a fact' }),
  ...changes,
});

export const someEvents = (count: number): EventToAppend[] => Array.from({ length: count }, () => anEvent());

/** Text of exactly so many bytes, as a JSON document would be. */
export const textOfBytes = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`;

/** Rejects with the message when the promise takes longer: a test that hangs says what it waited for. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Follows a feed until `enough` says so; answers every item handed over, in order. */
export async function follow<Item>(
  feed: Feed<Item>,
  after: bigint,
  enough: (items: readonly Item[], page: Page<Item>) => boolean,
  options: {
    readonly what: string;
    readonly types?: readonly string[];
    /** Runs after each page, before the next one is asked for. */
    readonly eachPage?: (page: Page<Item>) => Promise<void>;
  },
): Promise<readonly Item[]> {
  const ending = new AbortController();
  const items: Item[] = [];
  const types = options.types === undefined ? {} : { types: options.types };
  const reading = (async (): Promise<void> => {
    for await (const page of feed.subscribe(after, { signal: ending.signal, ...types })) {
      items.push(...page.items);
      await options.eachPage?.(page);
      if (enough(items, page)) return;
    }
  })();
  try {
    await within(options.what, reading);
  } finally {
    ending.abort();
  }
  return items;
}

/** Reads a feed to its end, page by page. */
export async function readAll<Item>(feed: Feed<Item>, after = START, limit?: number): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let upTo = after; ;) {
    const page = await feed.read(upTo, limit);
    items.push(...page.items);
    upTo = page.upTo;
    if (page.caughtUp) return items;
  }
}
