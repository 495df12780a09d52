import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventId, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { counterCodec, until } from '#libs/testing';
import {
  eventSerializer,
  startFeedReaction,
  StoreUnavailable,
  topicOf,
  type FeedReactionParts,
  type Follower,
  type Leases,
  type PublishedEvent,
} from './index.js';

const NAME = 'reaction-letters';

describe('a reaction on the feed', () => {
  let stores: MemoryStores;
  let identity: { store: string; epoch: number };
  let followers: Follower[];
  let troubles: string[];
  let taken: string[];
  let react: (event: PublishedEvent) => Promise<void>;
  const serializer = eventSerializer([counterCodec], { seal: async () => 'sealed', open: async () => '' });
  beforeEach(() => {
    stores = memoryStores();
    identity = { store: randomUUID(), epoch: 1 };
    [followers, troubles, taken] = [[], [], []];
    react = async (event) => void taken.push(shown(event));
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await stores.close();
  });

  const shown = ({ data, sequence }: PublishedEvent): string =>
    `${data.stream} ${data.revision} of ${sequence.slice(0, 5)}`;
  const start = (changes: Partial<FeedReactionParts> = {}): Follower => {
    const { feed, checkpoints, parkedMessages, leases } = stores;
    const follower = startFeedReaction(
      { name: 'letters', topics: [topicOf('counter')], react: (event) => react(event) },
      {
        ...{ feed, checkpoints, parkedMessages, leases, serializer, identity, oin: '00000099000000001000' },
        ...{ holder: 'test', leaseMilliseconds: 300 },
        onTrouble: (_, error, stopped) => void troubles.push(`${String(error)}${stopped ? ' (stopped)' : ''}`),
        ...changes,
      },
    );
    followers.push(follower);
    return follower;
  };
  const record = async (stream: string, count: number, type = 'Counted'): Promise<void> => {
    const last = (await stores.events.readStream(stream as StreamId)).length - 1;
    const events = await Promise.all(
      Array.from({ length: count }, async () => {
        const id = randomUUID() as EventId;
        const input = { id, stream: stream as StreamId, correlationId: 'c', actor: { system: 'test' } };
        return { ...(await serializer.write({ type: 'Counted', data: { counter: stream, by: 1 } }, input)), type };
      }),
    );
    await stores.events.append(stream as StreamId, last < 0 ? 'no-stream' : last, events);
  };

  it('moves its checkpoint behind what was taken, and past what is not for it', async () => {
    await record('counter-a', 2);
    await record('other-a', 1);
    const follower = start();
    await until('it is through', async () => (await stores.checkpoints.read(NAME))?.position === 3n);
    expect(taken).toEqual(['counter-a 0 of 00001', 'counter-a 1 of 00001']);
    expect(await follower.waitFor(3n, 1_000)).toBe(true);
    expect(await follower.waitFor(4n, 1)).toBe(false);
  });

  it('stops at an event that this release can’t read, parks nothing, and says which', async () => {
    await record('counter-a', 1);
    await record('counter-a', 1, 'Burnt');
    await record('counter-b', 1);
    const follower = start();
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy).toMatchObject({ position: 2n, type: 'Burnt' });
    expect(troubles).toEqual([expect.stringMatching(/^CannotApply: .* \(stopped\)$/)]);
    expect([taken, await stores.parkedMessages.list()]).toEqual([['counter-a 0 of 00001'], []]);
  });

  it('stops at the checkpoint of another store', async () => {
    await stores.checkpoints.move(NAME, undefined, { store: randomUUID(), epoch: 1, position: 0n });
    const follower = start();
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy!.reason).toMatch(
      /checkpoint of reaction-letters is of the store .*DATABASE_URL/,
    );
  });

  it('goes on where it was after a restore that lost nothing of it, and from the first event otherwise', async () => {
    await record('counter-a', 2);
    const first = start();
    await until('it is through', async () => (await stores.checkpoints.read(NAME))?.position === 2n);
    await first.stop();
    await record('counter-a', 1);
    const second = start({ identity: { ...identity, epoch: 2 } });
    await until('it is through', async () => (await stores.checkpoints.read(NAME))?.position === 3n);
    await second.stop();
    expect(taken.slice(2)).toEqual(['counter-a 2 of 00002']);
    const { feed } = stores.another();
    stores.putBack({ events: 1n });
    start({ feed, identity: { ...identity, epoch: 3 } });
    await until('it begins anew', () => taken.length === 4);
    expect(taken[3]).toBe('counter-a 0 of 00003');
  });

  it('gives a message up to who has the turn by then, and moves nothing any more', async () => {
    let wake = (): void => undefined;
    let isHeld = false;
    react = async (event) => {
      if (!isHeld) {
        isHeld = true;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      taken.push(shown(event));
    };
    // As a paused process: it knows of its turn, and nobody tells it otherwise.
    let had: ReturnType<Leases['take']> | undefined;
    const believing: Leases = {
      take: (...asked) => (had ??= stores.leases.take(...asked)),
      leave: async () => undefined,
      stands: async () => true,
    };
    await record('counter-a', 1);
    const paused = start({ leases: believing, holder: 'paused' });
    await until('the first one has the message', () => isHeld);
    start({ holder: 'next' });
    await until('the next one is through', async () => (await stores.checkpoints.read(NAME))?.position === 1n);
    const by = await stores.checkpoints.read(NAME);
    wake();
    await until('both have taken it: handlers are idempotent', () => taken.length === 2);
    await record('counter-a', 1);
    await until('the next one goes on', async () => (await stores.checkpoints.read(NAME))?.position === 2n);
    await paused.stop();
    expect(by?.position).toBe(1n);
    expect(taken.filter((each) => each.startsWith('counter-a 1')).length).toBeGreaterThan(0);
  });

  it('does not even move its checkpoint where it still could, once another one has the turn', async () => {
    const wakes: (() => void)[] = [];
    react = (event) => new Promise((resolve) => wakes.push(() => (taken.push(shown(event)), resolve())));
    let had: ReturnType<Leases['take']> | undefined;
    const believing: Leases = {
      take: (...asked) => (had ??= stores.leases.take(...asked)),
      leave: async () => undefined,
      stands: async () => true,
    };
    let refused = 0;
    const { checkpoints } = stores;
    await record('counter-a', 1);
    start({
      leases: believing,
      holder: 'paused',
      checkpoints: {
        read: (name) => checkpoints.read(name),
        move: async (...asked) =>
          checkpoints.move(...asked).catch((error: unknown) => {
            refused += 1;
            throw error;
          }),
      },
    });
    await until('the first one has the message', () => wakes.length === 1);
    start({ holder: 'next' });
    await until('the next one has it, too', () => wakes.length === 2);
    wakes[0]!();
    await until('the first one was refused', () => refused > 0);
    expect(await checkpoints.read(NAME)).toBeUndefined();
    for (const wake of wakes) wake();
    await until('the next one moves it', async () => (await checkpoints.read(NAME))?.position === 1n);
  });

  it('lets go of a message that waits once its turn is over, and keeps the order for the next one', async () => {
    let isAway = true;
    react = async (event) => {
      if (isAway) throw new StoreUnavailable('away');
      taken.push(shown(event));
    };
    await record('counter-a', 2);
    const first = start({ holder: 'one' });
    await until('it was tried', () => troubles.length > 1);
    expect(await stores.parkedMessages.list()).toEqual([]);
    await first.stop();
    isAway = false;
    start({ holder: 'two' });
    await until('the next one is through', () => taken.length === 2);
    expect(taken).toEqual(['counter-a 0 of 00001', 'counter-a 1 of 00001']);
  });

  it('lies further and further behind while every turn of it fails', async () => {
    const broken = { ...stores.checkpoints, move: stores.checkpoints.move.bind(stores.checkpoints) };
    await record('counter-a', 1);
    const follower = start({
      checkpoints: { ...broken, read: async () => Promise.reject(new StoreUnavailable('away')) },
      leaseMilliseconds: 100,
    });
    await until('it lies behind for longer than a turn', () => follower.status().behindFor > 500);
    expect(follower.status()).toMatchObject({ name: NAME, mayLag: true });
    expect(follower.status().state).not.toBe('running');
  });

  it('stands by while another one has the turn, in order and not behind', async () => {
    start({ holder: 'one' });
    await record('counter-a', 1);
    await until('one is through', () => taken.length === 1);
    const standby = start({ holder: 'two' });
    await record('counter-a', 1);
    await until('one is through', () => taken.length === 2);
    expect(standby.status()).toMatchObject({ state: 'running', behindFor: 0 });
    expect(troubles).toEqual([]);
  });
});
