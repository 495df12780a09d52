import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores } from '#libs/adapters/memory';
import { at, fixedClock, until, type FixedClock } from '#libs/testing';
import { Fenced, runAsWinner, type CheckpointStore, type Leases, type Turn, type Winner } from './index.js';

const LEASE = 300;
const NOON = at('2026-03-02T12:00:00.000Z');

describe('what one process at a time does', () => {
  let clock: FixedClock;
  let leases: Leases;
  let checkpoints: CheckpointStore;
  let winners: Winner[];
  let troubles: unknown[];
  beforeEach(() => {
    clock = fixedClock(NOON);
    ({ leases, checkpoints } = memoryStores({ clock }));
    winners = [];
    troubles = [];
  });
  afterEach(async () => {
    await Promise.all(winners.map((winner) => winner.stop()));
  });

  const run = (holder: string, work: (turn: Turn, signal: AbortSignal) => Promise<void>, own = leases): Winner => {
    const winner = runAsWinner({
      ...{ leases: own, name: 'relay', holder, milliseconds: LEASE, work },
      onTrouble: (_, error) => void troubles.push(error),
    });
    winners.push(winner);
    return winner;
  };
  const aborted = (signal: AbortSignal): Promise<void> =>
    signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

  it('is done by one of them, and by the next one at once when that one ends', async () => {
    const doing = new Map<string, Turn>();
    let most = 0;
    const work = (holder: string) => async (turn: Turn, signal: AbortSignal) => {
      doing.set(holder, turn);
      most = Math.max(most, doing.size);
      await aborted(signal);
      doing.delete(holder);
    };
    const both = ['one', 'two'].map((holder) => ({ holder, winner: run(holder, work(holder)) }));
    await until('one of them does it', () => doing.size === 1);
    const [first] = doing.values();
    const has = both.find(({ holder }) => doing.has(holder))!;
    expect(has.winner.turn()).toEqual(first);
    await has.winner.stop();
    expect(has.winner.turn()).toBeUndefined();
    await until('the other one does it', () => doing.size === 1);
    expect([...doing.values()][0]!.token).toBeGreaterThan(first!.token);
    expect(most).toBe(1);
    expect(troubles).toEqual([]);
  });

  it('goes on under one token for many leases, on a clock that is set back as well', async () => {
    const tokens: bigint[] = [];
    let renewals = 0;
    const counting: Leases = {
      take: async (...asked) => {
        renewals += 1;
        return leases.take(...asked);
      },
      leave: (turn) => leases.leave(turn),
      stands: (turn) => leases.stands(turn),
    };
    run(
      'one',
      async ({ token }, signal) => {
        tokens.push(token);
        await aborted(signal);
      },
      counting,
    );
    await until('it was renewed', () => renewals > 4);
    clock.set(at('2026-03-02T11:00:00.000Z'));
    await until('it was renewed again', () => renewals > 12);
    expect(tokens).toEqual([1n]);
  });

  it('is stopped before the lease ends when nobody answers, and its effect is refused once another one has it', async () => {
    let answers = true;
    const cut: Leases = {
      take: (...asked) => (answers ? leases.take(...asked) : Promise.reject(new Error('away'))),
      leave: (turn) => (answers ? leases.leave(turn) : Promise.reject(new Error('away'))),
      stands: (turn) => leases.stands(turn),
    };
    let began: Turn | undefined;
    let endedAfter: number | undefined;
    run(
      'one',
      async (turn, signal) => {
        began ??= turn;
        answers = false;
        const since = performance.now();
        await aborted(signal);
        endedAfter ??= performance.now() - since;
      },
      cut,
    );
    await until('it was stopped', () => endedAfter !== undefined);
    // The clock of the store stands still here: it is by his own that he stopped, and that the other one may take it.
    let next: Turn | undefined;
    run('two', async (turn, signal) => {
      next = turn;
      await aborted(signal);
    });
    await until('the other one has it', () => next !== undefined);
    expect(troubles[0]).toEqual(new Error('away'));
    const to = { store: 'a', epoch: 1, position: 1n };
    await expect(checkpoints.move('reader', undefined, to, began)).rejects.toBeInstanceOf(Fenced);
    await checkpoints.move('reader', undefined, to, next);
  });

  it('is tried for once a lease at least while nobody answers, so that it is done soon after', async () => {
    let asked = 0;
    let has = false;
    const away: Leases = {
      take: (...one) => {
        asked += 1;
        return asked <= 8 ? Promise.reject(new Error('away')) : leases.take(...one);
      },
      leave: (turn) => leases.leave(turn),
      stands: (turn) => leases.stands(turn),
    };
    run(
      'one',
      async (_turn, signal) => {
        has = true;
        await aborted(signal);
      },
      away,
    );
    // Eight pauses that double each time are half a minute and more.
    await until('it has the turn', () => has, 15_000);
    expect(troubles).toHaveLength(8);
  });

  it('is stopped when another one took it over a clock that was set forward', async () => {
    let over: Turn | undefined;
    run('one', async (turn, signal) => {
      await aborted(signal);
      over ??= turn;
    });
    await until('one has it', () => winners[0]!.turn() !== undefined);
    const first = winners[0]!.turn()!;
    clock.set(at('2026-03-02T13:00:00.000Z'));
    await until('the other one has it', async () => (await leases.take('relay', 'two', 60_000)) !== undefined);
    await until('the first one was stopped', () => over !== undefined);
    expect(over).toEqual(first);
    expect(await leases.stands(first)).toBe(false);
  });

  it('goes on at once in a new turn when its own was over before it was renewed, as after a long pause', async () => {
    const tokens: bigint[] = [];
    const own: Leases = {
      take: (name, holder) => leases.take(name, holder, 60_000),
      leave: (turn) => leases.leave(turn),
      stands: (turn) => leases.stands(turn),
    };
    run(
      'one',
      async ({ token }, signal) => {
        tokens.push(token);
        await aborted(signal);
      },
      own,
    );
    await until('one has it', () => tokens.length === 1);
    clock.set(at('2026-03-02T13:00:00.000Z'));
    await until('it is done again, long before the lease runs out that the renewal took', () => tokens.length === 2);
    expect(troubles).toEqual([]);
  });

  it('is begun again in another turn when it fails or ends by itself, and is loud about the failure only', async () => {
    const tokens: bigint[] = [];
    run('one', async ({ token, name }, signal) => {
      tokens.push(token);
      if (tokens.length === 1) throw new Error('broken');
      if (tokens.length === 2) throw new Fenced({ name, token });
      if (tokens.length > 3) await aborted(signal);
    });
    await until('it was begun for the fourth time', () => tokens.length === 4);
    expect(tokens).toEqual([1n, 2n, 3n, 4n]);
    expect(troubles).toEqual([new Error('broken')]);
  });

  it('is never done twice in one process, however late the work heeds its signal', async () => {
    let doing = 0;
    let most = 0;
    let turns = 0;
    let release = (): void => undefined;
    run('one', async (_, signal) => {
      turns += 1;
      most = Math.max(most, (doing += 1));
      if (turns === 1) await new Promise<void>((resolve) => (release = resolve));
      else await aborted(signal);
      doing -= 1;
    });
    await until('one has it', () => turns === 1);
    const first = winners[0]!.turn()!;
    await leases.leave(first);
    await until('another one has it', async () => (await leases.take('relay', 'two', 1)) !== undefined);
    await until('it is free again', async () => (await leases.take('relay', 'three', 1)) !== undefined);
    release();
    await until('it is done again', () => turns === 2);
    expect(most).toBe(1);
  });
});
