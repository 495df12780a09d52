import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Condition } from '#libs/eventing';
import { authorizationsProjection } from '#libs/application';
import type { PageAnswer } from '#libs/platform';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { viewedPage } from './viewed-page.js';

/** A list that is looked through row by row for what somebody asked for among what he sees. */

const { assessedAt, authorizationFacts, ids } = paperRegistration;

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(assessedAt))));
afterEach(() => memory.close());

const own: Condition = { column: 'representedParty', is: 'equal', value: ids.company };

/** A page of those that are wanted, and how many rows were looked at for it. */
async function page(
  wanted: ReadonlySet<string>,
  cursor?: string,
  limit = 2,
  hidden: ReadonlySet<string> = new Set(),
): Promise<PageAnswer<string> & { readonly looked: number }> {
  let looked = 0;
  const list = {
    ...{ name: 'test', filter: {}, page: { limit, cursor, after: undefined } },
    // Of what two of them name each is looked at once.
    sources: () => [[own], [own, { column: 'authority', is: 'equal', value: 'regular' } as const]],
  };
  const answer = await viewedPage(memory.backbone, authorizationsProjection, list, async (rows) => {
    looked += rows.length;
    return rows.map(({ id }) => (hidden.has(id) ? undefined : wanted.has(id) ? id : null));
  });
  return { ...answer, looked };
}

it('ends a page after a thousand rows, however few it has, and the next one goes on there', async () => {
  const all = Array.from({ length: 1_250 }, (_, nr) => uuid('auth', nr + 1));
  for (const id of all) await memory.record('authorization', id, ...authorizationFacts(id));
  // The newest come first: one in the first thousand, two behind them.
  const [oldest, behind, newest] = [all[0]!, all[100]!, all[1_200]!];
  const wanted = new Set([oldest, behind, newest]);
  const first = await page(wanted);
  expect([first.items, first.looked]).toEqual([[newest], 1_000]);
  const second = await page(wanted, first.next!);
  expect([second.items, second.next, second.looked]).toEqual([[behind, oldest], null, 250]);

  const empty = await page(new Set([oldest]));
  expect([empty.items, empty.looked]).toEqual([[], 1_000]);
  expect((await page(new Set([oldest]), empty.next!)).items).toEqual([oldest]);
  // Where a page is full it ends there.
  const full = await page(new Set(all), undefined, 3);
  expect([full.items, full.looked]).toEqual([all.slice(-3).reverse(), 100]);
});

it('does not count what is hidden among what is seen (VIS-05)', async () => {
  const all = Array.from({ length: 1_250 }, (_, nr) => uuid('auth', nr + 1));
  for (const id of all) await memory.record('authorization', id, ...authorizationFacts(id));
  // Of the newest thousand and one every second is hidden: with the last of them, where a page would end.
  const hidden = new Set(all.slice(249).filter((_id, index) => index % 2 === 0));
  const wanted = new Set([all[0]!]);
  const { items, next, looked } = await page(wanted, undefined, 2, hidden);
  expect([items, next, looked]).toEqual([[all[0]], null, 1_250]);

  const most = new Set(all.slice(200, 249));
  const first = await page(wanted, undefined, 2, most);
  expect(first.items).toEqual([]);
  expect((await page(wanted, first.next!, 2, most)).items).toEqual([all[0]]);
});

it('passes over a thousand hidden rows for a page, and does not say where it ended (VIS-05)', async () => {
  const all = Array.from({ length: 2_350 }, (_, nr) => uuid('auth', nr + 1));
  for (const id of all) await memory.record('authorization', id, ...authorizationFacts(id));
  const [wanted, hidden] = [new Set([all[0]!]), new Set(all.slice(1))];
  const looked: number[] = [];
  const found: string[] = [];
  let next: string | undefined;
  do {
    const answer: Awaited<ReturnType<typeof page>> = await page(wanted, next, 2, hidden);
    looked.push(answer.looked);
    found.push(...answer.items);
    next = answer.next ?? undefined;
    const readable = next === undefined ? '' : Buffer.from(next, 'base64url').toString('latin1');
    expect(readable).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|2026-/);
  } while (next !== undefined);
  expect([looked, found]).toEqual([[1_000, 1_000, 350], [all[0]]]);
});

it('takes no cursor but its own', async () => {
  const all = Array.from({ length: 4 }, (_, nr) => uuid('auth', nr + 1));
  for (const id of all) await memory.record('authorization', id, ...authorizationFacts(id));
  const { next } = await page(new Set(all));
  expect((await page(new Set(all), next!)).items).toHaveLength(2);
  const bytes = Buffer.from(next!, 'base64url');
  const altered = Buffer.from(bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)));
  const plain = Buffer.from('0000000000000000["1","00000000-0000-4000-8000-000000000000"]');
  for (const cursor of [altered.toString('base64url'), plain.toString('base64url'), `${next!}=`, 'x', ''])
    await expect(page(new Set(all), cursor)).rejects.toMatchObject({ code: 'invalid-cursor' });
});
