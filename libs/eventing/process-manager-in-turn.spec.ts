import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, EventCodec, Recorded, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { counterCodec, counterDecider, PATIENCE, until, uuid } from '#libs/testing';
import {
  CannotApply,
  commandHandler,
  eventSerializer,
  startProcessManagerInTurn,
  StoreUnavailable,
  type CommandHandler,
  type EventSerializer,
  type Follower,
  type InTurnParts,
  type Leases,
  type ProcessManager,
} from './index.js';

const LEASE = 300;
const identity = { store: uuid('store'), epoch: 1 };
const source = uuid('count', 1);

describe('a process manager that several processes have', () => {
  let stores: MemoryStores;
  let serializer: EventSerializer;
  let commands: CommandHandler;
  let reactions: [holder: string, event: string][];
  let troubles: unknown[];
  const running: Follower[] = [];

  beforeEach(async () => {
    stores = memoryStores();
    serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
      seal: async () => 'sealed',
      open: async () => '"Jansen"',
    });
    commands = commandHandler(stores, serializer);
    reactions = [];
    troubles = [];
    await give({ type: 'Start', counter: source, name: 'source' }, 'start-01');
  });
  afterEach(() => Promise.all(running.splice(0).map((follower) => follower.stop())));

  const give = (command: Parameters<typeof counterDecider.decide>[0], key: string) =>
    commands.execute(counterDecider, `counter-${source}` as StreamId, () => command, {
      ...{ participant: '00000099000000001000', client: 'back-office', key, requestHash: key },
      ...{ actor: { client: 'back-office' }, correlationId: 'trace' },
    });

  function start(holder: string, more: Partial<InTurnParts> & { react?: ProcessManager['react'] } = {}): Follower {
    const { react, ...parts } = more;
    const manager: ProcessManager = {
      name: 'adder',
      handles: ['Counted'],
      react: async (event: Recorded<DomainEvent>) => {
        await react?.(event);
        reactions.push([holder, event.metadata.id]);
      },
    };
    const { checkpoints, feed, leases, parkedSteps } = stores;
    const follower = startProcessManagerInTurn(manager, {
      ...{ checkpoints, feed, leases, parkedSteps, serializer, identity, holder, leaseMilliseconds: LEASE },
      onTrouble: (_name, error) => void troubles.push(error),
      ...parts,
    });
    running.push(follower);
    return follower;
  }
  const caughtUp = async (follower: Follower): Promise<void> =>
    expect(await follower.waitFor(await stores.feed.head(), PATIENCE)).toBe(true);
  const states = (...followers: Follower[]): readonly string[] => followers.map((one) => one.status().state);

  it('acts in one of them, and the others know how far it is', async () => {
    const both = [start('one'), start('two')];
    await until('one acts and one stands by', () => states(...both).includes('running'));
    for (let nr = 1; nr <= 20; nr++) await give({ type: 'Count', by: 1 }, `count-${nr}`);
    for (const follower of both) await caughtUp(follower);
    expect(new Set(reactions.map(([holder]) => holder)).size).toBe(1);
    expect(reactions).toHaveLength(20);
    expect([...states(...both)].sort()).toEqual(['running', 'standing-by']);
    expect(troubles).toEqual([]);
  });

  it('goes on in another one where it was, as soon as it ends', async () => {
    const first = start('one');
    await give({ type: 'Count', by: 1 }, 'count-01');
    await caughtUp(first);
    const second = start('two');
    await first.stop();
    expect(states(first)).toEqual(['ended']);
    await give({ type: 'Count', by: 2 }, 'count-02');
    await caughtUp(second);
    expect(reactions.map(([holder]) => holder)).toEqual(['one', 'two']);
  });

  it('goes on in another one within a lease when it was killed', async () => {
    let dead = false;
    const away =
      <Parts extends readonly unknown[], Result>(call: (...parts: Parts) => Promise<Result>) =>
      (...parts: Parts): Promise<Result> =>
        dead ? Promise.reject(new StoreUnavailable('cut off')) : call(...parts);
    const leases: Leases = {
      take: away((...parts) => stores.leases.take(...parts)),
      leave: away((turn) => stores.leases.leave(turn)),
      stands: away((fence) => stores.leases.stands(fence)),
    };
    const first = start('one', { leases });
    await give({ type: 'Count', by: 1 }, 'count-01');
    await caughtUp(first);
    const second = start('two');
    dead = true;
    await give({ type: 'Count', by: 2 }, 'count-02');
    await caughtUp(second);
    await until('the first does nothing any more', () => states(first)[0] === 'standing-by');
    await give({ type: 'Count', by: 3 }, 'count-03');
    await caughtUp(second);
    expect(reactions.at(-1)![0]).toBe('two');
  });

  it('leaves nothing behind of one that was paused in a step past its turn', async () => {
    let paused!: () => void;
    let isPaused = false;
    const pause = new Promise<void>((resolve) => (paused = resolve));
    // It hangs as a whole: it neither renews nor hears that its turn is over.
    const leases: Leases = {
      take: async (...parts) => {
        if (isPaused) await pause;
        return stores.leases.take(...parts);
      },
      leave: () => Promise.resolve(),
      stands: (fence) => stores.leases.stands(fence),
    };
    start('one', {
      leases,
      leaseMilliseconds: LEASE,
      react: async (event) => {
        isPaused = true;
        await pause;
        throw new CannotApply('it never can', event.position, event.type);
      },
    });
    await give({ type: 'Count', by: 1 }, 'count-01');
    await until('the first is in its step', () => isPaused);
    const second = start('two');
    await caughtUp(second);
    paused();
    await give({ type: 'Count', by: 2 }, 'count-02');
    await caughtUp(second);
    // What it would have put aside was carried out by the other one.
    await until('the first was told', () => running[0]!.status().state === 'standing-by');
    expect(await stores.parkedSteps.list()).toEqual([]);
    expect(reactions.map(([holder]) => holder)).toEqual(['two', 'two']);
    expect(troubles).toEqual([]);
  });

  it('lets another one try what it can not read, and does not come back to it', async () => {
    const unable = eventSerializer([], { seal: async () => 'sealed', open: async () => '"Jansen"' });
    const first = start('old', { serializer: unable });
    await give({ type: 'Count', by: 1 }, 'count-01');
    await until('the first has stopped', () => states(first)[0] === 'stopped');
    const second = start('new');
    await caughtUp(second);
    expect(reactions.map(([holder]) => holder)).toEqual(['new']);
    expect(first.status()).toMatchObject({ state: 'stopped', stoppedBy: { type: 'Counted' } });
    expect(await first.waitFor(10_000n, 0)).toBe(false);
    expect(troubles).toHaveLength(1);
  });

  it('asks for no other turn once it has stopped, though nobody else is there', async () => {
    const unable = eventSerializer([], { seal: async () => 'sealed', open: async () => '"Jansen"' });
    const asked = new Set<string>();
    const leases: Leases = {
      take(name, holder, milliseconds) {
        asked.add(holder);
        return stores.leases.take(name, holder, milliseconds);
      },
      leave: (turn) => stores.leases.leave(turn),
      stands: (fence) => stores.leases.stands(fence),
    };
    const first = start('old', { serializer: unable, leases });
    await give({ type: 'Count', by: 1 }, 'count-01');
    await until('it has stopped', () => states(first)[0] === 'stopped');
    const takeAs = (holder: string) => stores.leases.take('process/adder', holder, LEASE);
    await until('it has left the turn', async () => (await takeAs('somebody')) !== undefined);
    // Longer than who waits for a turn rests between two questions.
    await until('the lease of somebody has run out', async () => (await takeAs('somebody else')) !== undefined);
    // Each holding has a name of its own.
    expect(asked.size).toBe(1);
    expect(troubles).toHaveLength(1);
  });
});
