import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { until } from '#libs/testing';
import { CannotApply, followAsWinner, START, type Follower, type Turn, type WinningFollowOptions } from './index.js';

describe('what follows the feed in turns', () => {
  let stores: MemoryStores;
  let followers: Follower[];
  let troubles: string[];
  beforeEach(() => {
    stores = memoryStores();
    [followers, troubles] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await stores.close();
  });

  const start = (changes: Partial<WinningFollowOptions>): Follower => {
    const follower = followAsWinner({
      ...{ name: 'relay', feed: stores.feed, leases: stores.leases, holder: 'test', leaseMilliseconds: 150 },
      begin: async () => START,
      apply: async () => undefined,
      onTrouble: (_, error, stopped) => void troubles.push(`${String(error)}${stopped ? ' (stopped)' : ''}`),
      ...changes,
    });
    followers.push(follower);
    return follower;
  };

  it('wins anew after a trouble that ends its turn, and lies behind over all of its turns', async () => {
    const turns: Turn[] = [];
    let left = 0;
    const follower = start({
      endsTurn: () => true,
      begin: async (turn) => {
        turns.push(turn);
        throw new Error('no broker');
      },
      left: async () => void (left += 1),
    });
    await until('it has won four times', () => turns.length === 4);
    const tokens = turns.map(({ token }) => token);
    expect(new Set(tokens).size).toBe(4);
    expect([...tokens].sort()).toEqual(tokens);
    expect(left).toBeGreaterThanOrEqual(3);
    await until('it lies behind for longer than a turn lasts', () => follower.status().behindFor > 150);
    expect(troubles.slice(0, 3)).toEqual(Array<string>(3).fill('Error: no broker'));
  });

  it('goes on within its turn after a trouble that does not end it', async () => {
    const turns: Turn[] = [];
    const follower = start({
      begin: async (turn) => {
        turns.push(turn);
        if (turns.length < 3) throw new Error('away');
        return START;
      },
    });
    await until('it runs', () => follower.status().state === 'running');
    expect(new Set(turns.map(({ token }) => token)).size).toBe(1);
  });

  it('stops for good at what can never be applied, and leaves its turn to another process', async () => {
    let begins = 0;
    const follower = start({
      begin: async () => {
        begins += 1;
        throw new CannotApply('topic x has 5 partitions', 4n, 'topic');
      },
    });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy).toEqual({ reason: 'topic x has 5 partitions', position: 4n, type: 'topic' });
    const another = start({ holder: 'another' });
    await until('another one waits, or goes on', () => another.status().state === 'running');
    expect(begins).toBe(1);
    expect(troubles).toEqual(['CannotApply: topic x has 5 partitions (stopped)']);
  });
});
