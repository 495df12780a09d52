import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores } from '#libs/adapters/memory';
import { epochOf, instantFromEpoch, later, type Instant } from '#libs/kernel';
import { at, fixedClock, until, type FixedClock } from '#libs/testing';
import {
  startTicker,
  type Chore,
  type DueItem,
  type DueWork,
  type KeptItem,
  type Leases,
  type Performed,
  type Ticker,
} from './index.js';

const NOON = at('2026-03-02T12:00:00.000Z');
const DAY = 24 * 3_600_000;
const DONE: Performed = { is: 'done' };

describe('what is due', () => {
  /** The application's clock; the store's is another one, by which leases run. */
  let clock: FixedClock;
  let beside: number;
  let dueWork: DueWork;
  let leases: Leases;
  let tickers: Ticker[];
  let troubles: unknown[];
  beforeEach(() => {
    clock = fixedClock(NOON);
    beside = 0;
    ({ dueWork, leases } = memoryStores({ clock: () => Date.now() + beside }));
    tickers = [];
    troubles = [];
  });
  afterEach(async () => {
    await Promise.all(tickers.map((ticker) => ticker.stop()));
  });

  const run = (chore: Partial<Chore> & Pick<Chore, 'perform'>, holder = 'one', store = dueWork): Ticker => {
    const ticker = startTicker(
      { ...{ kind: 'notice', perLane: 2, together: 10, keepFor: 400 * DAY }, ...chore },
      {
        ...{ dueWork: store, leases, holder, now: () => clock.now(), leaseMilliseconds: 2_000, lookEvery: 2 },
        onTrouble: (_, error) => void troubles.push(error),
      },
    );
    tickers.push(ticker);
    return ticker;
  };
  const item = (id: string, changes: Partial<DueItem> = {}): DueItem => ({
    ...{ kind: 'notice', id, group: id, dueAt: NOON, payload: null },
    ...changes,
  });
  const stateOf = async (id: string): Promise<KeptItem> => (await dueWork.find({ kind: 'notice', id }))!;

  it('is done when its moment comes, in the order of its group', async () => {
    const done: string[] = [];
    run({
      perform: async ({ id }) => {
        done.push(id);
        return DONE;
      },
    });
    await dueWork.enqueue([item('later', { dueAt: later(NOON, 60_000) }), item('b', { group: 'g' })]);
    await dueWork.enqueue([item('c', { group: 'g', dueAt: later(NOON, -1) })]);
    await until('two are done', () => done.length === 2);
    expect(done).toEqual(['b', 'c']);
    clock.set(later(NOON, 59_999));
    await until('it looked again', async () => (await dueWork.due('notice', clock.now(), 9)).length === 0);
    expect(done).toEqual(['b', 'c']);
    clock.set(later(NOON, 60_000));
    await until('the third is done', () => done.length === 3);
    expect(troubles).toEqual([]);
  });

  it('is put off, parked or tried again as its chore says, and a failure that nobody explains is told', async () => {
    const seen = new Map<string, number>();
    run({
      perform: async ({ id }) => {
        seen.set(id, (seen.get(id) ?? 0) + 1);
        if (id === 'off') return { is: 'again', at: later(NOON, 60_000), reason: 'busy' };
        if (id === 'never') return { is: 'parked', reason: 'gone' };
        throw new TypeError('a secret that no log may show');
      },
    });
    await dueWork.enqueue([item('off'), item('never'), item('broken')]);
    await until('all three were tried', async () => (await stateOf('broken')).attempts === 1 && seen.size === 3);
    await until('it is parked', async () => (await stateOf('never')).state === 'parked');
    expect(await stateOf('off')).toMatchObject({ state: 'waiting', reason: 'busy', dueAt: later(NOON, 60_000) });
    expect(await stateOf('broken')).toMatchObject({ reason: 'TypeError', dueAt: later(NOON, 10_000) });
    expect(troubles).toHaveLength(1);
    clock.set(later(NOON, 10_000));
    await until('it was tried again', async () => (await stateOf('broken')).attempts === 2);
    expect(await stateOf('broken')).toMatchObject({ dueAt: later(NOON, 30_000) });
    expect([...seen]).toEqual([
      ['off', 1],
      ['never', 1],
      ['broken', 2],
    ]);
  });

  it('tells its chore once it is parked, so that it can be let go of what came too early', async () => {
    const told: (string | undefined)[] = [];
    run({
      perform: async ({ id }) => (told.length === 0 ? { is: 'parked', reason: `for ${id}` } : DONE),
      parked: async (one) => {
        const { state, reason } = await stateOf(one.id);
        told.push(`${state} ${reason}`);
        await dueWork.release(one, clock.now());
      },
    });
    await dueWork.enqueue([item('resumed')]);
    await until('it is done after all', async () => (await stateOf('resumed')).state === 'done');
    expect(told).toEqual(['parked for resumed']);
  });

  it('is told of as parked again until its chore has taken it, when that failed', async () => {
    const told: string[] = [];
    run({
      perform: async () => (told.length === 0 ? { is: 'parked', reason: 'gone' } : DONE),
      parked: async (one) => {
        told.push(one.id);
        // Also in the turn after: each is another way to the store, which may be away for each.
        if (told.length <= 3) throw new Error('away');
        await dueWork.release(one, clock.now());
      },
    });
    await dueWork.enqueue([item('resumed')]);
    await until('it is done after all', async () => (await stateOf('resumed')).state === 'done');
    expect(told).toEqual(Array.from({ length: 4 }, () => 'resumed'));
    expect(troubles).toEqual(Array.from({ length: 3 }, () => new Error('away')));
  });

  it('is told of as parked by the next process when one was killed before it could, whatever else is parked', async () => {
    const many = Array.from({ length: 250 }, (_, index) => item(`${index}`.padStart(3, '0')));
    await dueWork.enqueue(many);
    for (const one of many) await dueWork.park(one, 'gone');
    const told = new Set<string>();
    const done: string[] = [];
    run({
      perform: async ({ id }) => {
        done.push(id);
        return DONE;
      },
      parked: async (one) => {
        if (one.id === '000') throw new Error('can never be read');
        told.add(one.id);
        if (one.id === '249') await dueWork.release(one, clock.now());
      },
    });
    await dueWork.enqueue([item('other')]);
    await until('both are done', () => done.length === 2);
    expect(done.toSorted()).toEqual(['249', 'other']);
    expect([...told]).toEqual(many.slice(1).map(({ id }) => id));
    expect(troubles).toContainEqual(new Error('can never be read'));
    expect((await dueWork.figures('notice')).parked).toBe(249);
  });

  it('never has one lane hold up another, nor takes more at once than it may', async () => {
    const underWay = new Set<string>();
    const done: string[] = [];
    let most = 0;
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    run({
      perform: async ({ id, lane }) => {
        underWay.add(id);
        most = Math.max(most, [...underWay].filter((one) => one.startsWith('slow')).length);
        if (lane === 'slow') await stuck;
        underWay.delete(id);
        done.push(id);
        return DONE;
      },
    });
    await dueWork.enqueue(Array.from({ length: 30 }, (_, index) => item(`slow-${index}`, { lane: 'slow' })));
    await until('the slow lane is full', () => underWay.size === 2);
    await dueWork.enqueue(Array.from({ length: 30 }, (_, index) => item(`fast-${index}`, { lane: 'fast' })));
    await until('the fast lane is done', () => done.length === 30);
    expect(done.every((id) => id.startsWith('fast'))).toBe(true);
    release();
    await until('the slow one as well', () => done.length === 60);
    expect(most).toBe(2);
  });

  it('is left to the next winner when the turn is lost, which does it again', async () => {
    const done: string[] = [];
    let paused: (() => void) | undefined;
    run({
      perform: async () => {
        await new Promise<void>((resolve) => (paused ??= resolve));
        done.push('late');
        return DONE;
      },
    });
    await dueWork.enqueue([item('a')]);
    await until('it is under way', () => paused !== undefined);
    // Its lease runs out by the clock: another process takes the turn and does the work.
    beside = DAY;
    const other = await leases.take('due work notice', 'two', DAY);
    expect(other).toBeDefined();
    expect(await dueWork.due('notice', clock.now(), 9)).toHaveLength(1);
    paused!();
    await until('the late one is through', () => done.length === 1);
    await tickers[0]!.stop();
    expect(await stateOf('a')).toMatchObject({ state: 'waiting' });
    expect(await dueWork.done({ kind: 'notice', id: 'a' }, clock.now(), other)).toBe(true);
  });

  it('interrupts what is under way when it is stopped, and notes nothing of it', async () => {
    let began = false;
    let interrupted = false;
    const ticker = run({
      perform: async (_, signal) => {
        began = true;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        interrupted = true;
        throw new Error('interrupted');
      },
    });
    await dueWork.enqueue([item('a')]);
    await until('it is under way', () => began);
    await ticker.stop();
    expect(interrupted).toBe(true);
    expect(await stateOf('a')).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(troubles).toEqual([]);
  });

  it('goes on when the store was away', async () => {
    let away = true;
    const shaky: DueWork = Object.assign(Object.create(dueWork) as DueWork, {
      due: (...asked: Parameters<DueWork['due']>) => (away ? Promise.reject(new Error('away')) : dueWork.due(...asked)),
      done: (...asked: Parameters<DueWork['done']>) => dueWork.done(...asked),
      prune: (...asked: Parameters<DueWork['prune']>) => dueWork.prune(...asked),
    });
    run({ perform: async () => DONE }, 'one', shaky);
    await dueWork.enqueue([item('a')]);
    await until('the trouble was told', () => troubles.length > 0);
    away = false;
    await until('it is done', async () => (await stateOf('a')).state === 'done');
    expect(troubles[0]).toEqual(new Error('away'));
  });

  it('lives through a year in seconds: several processes, restarts, a clock that goes back, nothing twice or forgotten', async () => {
    const YEAR = 365;
    const start = epochOf(NOON);
    // What becomes due is found by a query over objects: each is to be renewed 30 days after it was made, once a day one.
    const made = Array.from({ length: YEAR }, (_, day) => start + day * DAY);
    const noticed = new Map<string, Instant[]>();
    const enqueued = new Map<string, Instant[]>();
    const source = {
      name: 'renewals',
      due: async (now: Instant) =>
        made.flatMap((moment, day) => {
          const dueAt = instantFromEpoch(moment + 30 * DAY);
          const isNoticed = noticed.has(`renewal-${day}`);
          return dueAt <= now && !isNoticed ? [item(`renewal-${day}`, { dueAt, group: 'renewals' })] : [];
        }),
    };
    const note = (book: Map<string, Instant[]>, id: string): void =>
      void book.set(id, [...(book.get(id) ?? []), clock.now()]);
    const perform = async ({ id, attempts }: KeptItem): Promise<Performed> => {
      if (id.startsWith('expiry') && attempts < 2) return { is: 'again', at: later(clock.now(), DAY), reason: 'busy' };
      note(id.startsWith('expiry') ? enqueued : noticed, id);
      return DONE;
    };
    const expiries = made.map((moment, day) =>
      item(`expiry-${day}`, { dueAt: instantFromEpoch(moment), lane: `${day % 7}` }),
    );
    await dueWork.enqueue(expiries);
    const processes = ['one', 'two', 'three'].map((holder) => run({ perform, sources: [source] }, holder));
    const settled = (now: Instant) => async (): Promise<boolean> => {
      const due = await dueWork.due('notice', now, 9_999);
      return due.length === 0 && (await source.due(now)).length === 0;
    };
    for (let day = 0; day <= YEAR + 40; day++) {
      clock.set(instantFromEpoch(start + day * DAY));
      // On some days it is set back for a while, and comes back.
      if (day % 50 === 49) {
        await until('the day is done', settled(clock.now()));
        const counted = [noticed.size, enqueued.size];
        clock.set(instantFromEpoch(start + (day - 20) * DAY));
        await until('somebody has the turn', () => processes.some((one) => one.turn() !== undefined));
        expect([noticed.size, enqueued.size]).toEqual(counted);
        clock.set(instantFromEpoch(start + day * DAY));
      }
      // On others whoever has the turn is stopped, and begins anew.
      if (day % 40 === 39) {
        const index = processes.findIndex((one) => one.turn() !== undefined);
        if (index >= 0) {
          await processes[index]!.stop();
          processes[index] = run({ perform, sources: [source] }, `again-${day}`);
        }
      }
      await until(`day ${day} is done`, settled(clock.now()));
    }
    expect(noticed.size).toBe(YEAR);
    expect(enqueued.size).toBe(YEAR);
    for (const [day, moment] of made.entries()) {
      const [notices, expired] = [noticed.get(`renewal-${day}`)!, enqueued.get(`expiry-${day}`)!];
      expect([day, notices.length, expired.length]).toEqual([day, 1, 1]);
      expect(notices[0]! >= instantFromEpoch(moment + 30 * DAY)).toBe(true);
      expect(expired[0]! >= instantFromEpoch(moment + 2 * DAY)).toBe(true);
    }
    expect(troubles).toEqual([]);
  });
});
