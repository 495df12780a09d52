import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Fenced, type DueItem, type DueWork, type Leases, type Reactions } from '#libs/eventing';
import { later, streamId } from '#libs/kernel';
import { at as instant } from '../fixed.js';
import { freshId } from './harness.js';

export interface DueWorkHarness {
  readonly dueWork: DueWork;
  readonly reactions: Reactions;
  readonly leases: Leases;
  close(): Promise<void>;
}

const NOON = instant('2026-03-02T12:00:00.000Z');
const at = (seconds: number) => later(NOON, seconds * 1_000);
const ids = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id);

/** What every store of due work must do; each test works with a kind of its own. */
export function dueWorkContract(name: string, open: () => Promise<DueWorkHarness>): void {
  describe(`due work contract: ${name}`, () => {
    let harness: DueWorkHarness;
    let work: DueWork;
    let kind: string;
    beforeAll(async () => {
      harness = await open();
      work = harness.dueWork;
    });
    afterAll(() => harness.close());
    beforeEach(() => {
      kind = `kind-${freshId()}`;
    });

    const item = (id: string, changes: Partial<DueItem> = {}): DueItem => ({
      ...{ kind, id, group: id, dueAt: NOON, payload: { about: id } },
      ...changes,
    });
    const key = (id: string) => ({ kind, id });

    it('gives back what was enqueued, when it is due and not before', async () => {
      await work.enqueue([item('later', { dueAt: at(2) }), item('now', { lane: 'one' })]);
      expect(await work.due(kind, at(-1), 10)).toEqual([]);
      const [found, ...others] = await work.due(kind, NOON, 10);
      expect(others).toEqual([]);
      expect(found).toEqual({
        ...item('now', { lane: 'one' }),
        ...{ place: found!.place, state: 'waiting', attempts: 0, since: NOON },
      });
      expect(ids(await work.due(kind, at(2), 10))).toEqual(['now', 'later']);
      expect(await work.due('another kind', at(2), 10)).toEqual([]);
      expect(await work.find(key('now'))).toEqual(found);
      expect(await work.find(key('nothing'))).toBeUndefined();
    });

    it('leaves what is known as it is, also when it was done', async () => {
      await work.enqueue([item('one')]);
      await work.enqueue([item('one', { dueAt: at(60), payload: 'other' })]);
      expect(await work.due(kind, NOON, 10)).toMatchObject([{ id: 'one', payload: { about: 'one' } }]);
      expect(await work.done(key('one'), at(1))).toBe(true);
      await work.enqueue([item('one')]);
      expect(await work.due(kind, at(60), 10)).toEqual([]);
      expect(await work.find(key('one'))).toMatchObject({ state: 'done', endedAt: at(1) });
      expect(await work.done(key('one'), at(2))).toBe(false);
    });

    it('gives of each group the first one only, whatever is due of it, and the next one when that is done', async () => {
      const chain = ['a', 'b', 'c'].map((id, index) => item(id, { group: 'stream', dueAt: at(-index) }));
      await work.enqueue(chain.slice(0, 2));
      await work.enqueue([...chain.slice(2), item('beside')]);
      expect(ids(await work.due(kind, NOON, 10))).toEqual(['a', 'beside']);
      await work.again(key('a'), at(5), 'away');
      expect(ids(await work.due(kind, at(4), 10))).toEqual(['beside']);
      expect(await work.due(kind, at(5), 10)).toMatchObject([
        { id: 'beside', attempts: 0 },
        { id: 'a', attempts: 1, reason: 'away', since: NOON, dueAt: at(5) },
      ]);
      await work.done(key('a'), at(5));
      expect(ids(await work.due(kind, NOON, 10))).toEqual(['b', 'beside']);
      await work.done(key('b'), at(5));
      expect(ids(await work.due(kind, NOON, 10))).toEqual(['c', 'beside']);
    });

    it('lets a group begin anew when all of it was done', async () => {
      await work.enqueue([item('a', { group: 'stream' })]);
      await work.done(key('a'), NOON);
      await work.enqueue([item('b', { group: 'stream' })]);
      expect(ids(await work.due(kind, NOON, 10))).toEqual(['b']);
    });

    it('holds a group back behind a parked item, until that is released or given up', async () => {
      await work.enqueue(['a', 'b', 'c'].map((id) => item(id, { group: 'stream' })));
      expect(await work.park(key('a'), 'never answered')).toBe(true);
      expect(await work.park(key('a'), 'again')).toBe(false);
      await work.enqueue([item('d', { group: 'stream' })]);
      expect(await work.due(kind, at(60), 10)).toEqual([]);
      expect(await work.find(key('a'))).toMatchObject({ state: 'parked', reason: 'never answered' });
      expect(await work.done(key('a'), NOON)).toBe(false);
      expect(await work.again(key('a'), NOON, 'late')).toBe(false);
      expect(await work.release(key('b'), NOON)).toBe(false);
      expect(await work.drop(key('b'), NOON)).toBe(false);
      expect(await work.release(key('nothing'), NOON)).toBe(false);
      expect(await work.drop(key('nothing'), NOON)).toBe(false);

      expect(await work.release(key('a'), at(30))).toBe(true);
      expect(await work.due(kind, at(29), 10)).toEqual([]);
      expect(await work.due(kind, at(30), 10)).toMatchObject([{ id: 'a', since: at(30), attempts: 0 }]);
      await work.done(key('a'), at(30));
      await work.park(key('b'), 'gone');
      expect(await work.drop(key('b'), at(31))).toBe(true);
      expect(await work.find(key('b'))).toMatchObject({ state: 'dropped', reason: 'gone', endedAt: at(31) });
      expect(ids(await work.due(kind, at(30), 10))).toEqual(['c']);
    });

    it('counts attempts anew for one that is released', async () => {
      await work.enqueue([item('a')]);
      await work.again(key('a'), NOON, 'away');
      await work.again(key('a'), NOON, 'away');
      expect(await work.find(key('a'))).toMatchObject({ attempts: 2 });
      await work.park(key('a'), 'given up');
      expect(await work.find(key('a'))).toMatchObject({ attempts: 2, reason: 'given up' });
      await work.release(key('a'), NOON);
      expect(await work.find(key('a'))).toMatchObject({ attempts: 0 });
    });

    it('lets an attempt that was counted be explained, and moves nothing by it', async () => {
      await work.enqueue([item('a')]);
      await work.again(key('a'), at(5), 'under way');
      expect(await work.explain(key('a'), 'away')).toBe(true);
      expect(await work.find(key('a'))).toMatchObject({ attempts: 1, reason: 'away', dueAt: at(5), state: 'waiting' });
      await work.park(key('a'), 'given up');
      expect(await work.explain(key('a'), 'late')).toBe(false);
      expect(await work.find(key('a'))).toMatchObject({ state: 'parked', reason: 'given up' });
      expect(await work.explain(key('nothing'), 'away')).toBe(false);
    });

    it('gives of each lane so many at most, and the oldest of every lane before the second ones', async () => {
      const many = Array.from({ length: 40 }, (_, index) => item(`slow-${index}`, { lane: 'slow', dueAt: at(-60) }));
      await work.enqueue([...many, item('b-1', { lane: 'b', dueAt: at(-1) }), item('b-2', { lane: 'b' })]);
      await work.enqueue([item('a-1', { lane: 'a' }), item('c-1', { lane: 'c', dueAt: at(1) })]);
      expect(ids(await work.due(kind, NOON, 10, 2))).toEqual(['slow-0', 'b-1', 'a-1', 'slow-1', 'b-2']);
      expect(ids(await work.due(kind, NOON, 4, 2))).toEqual(['slow-0', 'b-1', 'a-1', 'slow-1']);
      expect(await work.due(kind, NOON, 100)).toHaveLength(43);
    });

    it('lists a lane, newest first, page by page and by state', async () => {
      await work.enqueue(['a', 'b', 'c', 'd'].map((id) => item(id, { lane: 'one' })));
      await work.enqueue([item('other', { lane: 'two' })]);
      await work.park(key('b'), 'gone');
      const page = await work.list(kind, 'one', 3);
      expect(ids(page)).toEqual(['d', 'c', 'b']);
      expect(ids(await work.list(kind, 'one', 3, { before: page.at(-1)!.place }))).toEqual(['a']);
      expect(ids(await work.list(kind, 'one', 3, { state: 'parked' }))).toEqual(['b']);
      expect(ids(await work.list(kind, 'one', 3, { state: 'waiting', before: page[1]!.place }))).toEqual(['a']);
      expect(await work.list(kind, 'nobody', 3)).toEqual([]);
    });

    it('lists what is parked of every lane, oldest first, page by page', async () => {
      await work.enqueue(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => item(id, { lane: id })));
      for (const id of ['f', 'a', 'd', 'b', 'e']) await work.park(key(id), 'gone');
      await work.release(key('d'), NOON);
      await work.drop(key('e'), NOON);
      const page = await work.parked(kind, 2);
      expect(ids(page)).toEqual(['a', 'b']);
      expect(page[0]).toMatchObject({ state: 'parked', reason: 'gone', lane: 'a' });
      const next = await work.parked(kind, 2, page.at(-1)!.place);
      expect(ids(next)).toEqual(['f']);
      expect(await work.parked(kind, 2, next.at(-1)!.place)).toEqual([]);
      expect(await work.parked('another kind', 2)).toEqual([]);
    });

    it('tells how much waits and since when, and forgets what was done long ago', async () => {
      expect(await work.figures(kind)).toEqual({ waiting: 0, parked: 0 });
      await work.enqueue([
        ...['a', 'b', 'c'].map((id) => item(id)),
        item('old', { dueAt: at(-60) }),
        item('new', { dueAt: at(9) }),
      ]);
      await work.again(key('old'), at(60), 'away');
      await work.park(key('a'), 'gone');
      await work.done(key('b'), at(5));
      expect(await work.figures(kind)).toEqual({ waiting: 3, parked: 1, oldest: at(-60) });
      await work.prune(kind, at(5));
      expect(await work.find(key('b'))).toBeDefined();
      await work.prune('another kind', at(6));
      await work.prune(kind, at(6));
      expect(await work.find(key('b'))).toBeUndefined();
      expect(await work.figures(kind)).toEqual({ waiting: 3, parked: 1, oldest: at(-60) });
    });

    it('writes nothing under a fence that does not stand', async () => {
      const turn = (await harness.leases.take(kind, 'one', 60_000))!;
      await work.enqueue([item('a'), item('b')], turn);
      await harness.leases.leave(turn);
      const next = (await harness.leases.take(kind, 'two', 60_000))!;
      const late = [
        () => work.enqueue([item('c')], turn),
        () => work.done(key('a'), NOON, turn),
        () => work.again(key('a'), at(9), 'late', turn),
        () => work.park(key('a'), 'late', turn),
      ];
      for (const effect of late) await expect(effect()).rejects.toBeInstanceOf(Fenced);
      expect(ids(await work.due(kind, NOON, 10))).toEqual(['a', 'b']);
      expect(await work.done(key('a'), NOON, next)).toBe(true);
      expect(await work.again(key('b'), at(1), 'away', next)).toBe(true);
      expect(await work.park(key('b'), 'gone', next)).toBe(true);
    });

    it('lets one of several end an item, and no follower be forgotten when one is added meanwhile', async () => {
      for (let round = 0; round < 20; round++) {
        const [one, two] = [`${round}-one`, `${round}-two`];
        await work.enqueue([item(one, { group: 'raced' })]);
        const [first, second] = await Promise.all([
          work.done(key(one), NOON),
          work.done(key(one), NOON),
          work.enqueue([item(two, { group: 'raced' })]),
        ]);
        expect([first, second].filter((ended) => ended)).toHaveLength(1);
        expect(ids(await work.due(kind, NOON, 10))).toEqual([two]);
        await work.done(key(two), NOON);
      }
    });

    describe('and what reactions have taken', () => {
      const stream = streamId('check', freshId());
      const place = (position: bigint, epoch = 1) => ({ stream, epoch, position });

      it('is enqueued once for each event, in the order of each stream', async () => {
        const { reactions } = harness;
        expect(await reactions.take(kind, place(9_007_199_254_740_993n), [item('a')])).toBe(true);
        expect(await reactions.take(kind, place(9_007_199_254_740_993n), [item('again')])).toBe(false);
        expect(await reactions.take(kind, place(7n), [item('older')])).toBe(false);
        expect(await reactions.take(`${kind}/other`, place(7n), [item('of another')])).toBe(true);
        expect(await reactions.take(kind, { ...place(7n), stream: streamId('check', freshId()) }, [])).toBe(true);
        expect(await reactions.take(kind, place(1n, 2), [item('b'), item('c')])).toBe(true);
        expect(await reactions.take(kind, place(9_007_199_254_740_995n, 1), [item('of an epoch before')])).toBe(false);
        expect(ids(await work.due(kind, NOON, 10))).toEqual(['a', 'of another', 'b', 'c']);
      });

      it('is taken by one of several that take it at once', async () => {
        const own = { stream: streamId('check', freshId()), epoch: 1, position: 5n };
        const takes = Array.from({ length: 8 }, (_, index) => harness.reactions.take(kind, own, [item(`${index}`)]));
        expect((await Promise.all(takes)).filter((taken) => taken)).toHaveLength(1);
        expect(await work.due(kind, NOON, 10)).toHaveLength(1);
      });
    });
  });
}
