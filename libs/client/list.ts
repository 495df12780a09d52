import { BrokenListError } from './errors.js';

interface Page {
  readonly items?: unknown;
  readonly next?: unknown;
}

/**
 * Every item of a list, page after page. It ends when a page says that it is the last, and in no other way: what goes wrong
 * in the middle is thrown, and so is an answer that does not say whether there is more.
 */
export async function* everyItem(
  pageAt: (cursor: string | undefined) => Promise<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  const seen = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const { items, next } = ((await pageAt(cursor)) ?? {}) as Page;
    if (!Array.isArray(items)) throw new BrokenListError('a page of the list has no items');
    if (next !== null && typeof next !== 'string') throw new BrokenListError('a page does not say what is next');
    if (next !== null && seen.has(next)) throw new BrokenListError('the list leads back to a page that it has shown');
    yield* items as readonly unknown[];
    if (next === null) return;
    seen.add(next);
    cursor = next;
  }
}
