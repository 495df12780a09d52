import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, EventCodec, Recorded, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { counterCodec, counterDecider, likeThisRun, nth, PATIENCE, until, uuid } from '#libs/testing';
import {
  CannotApply,
  commandHandler,
  holds,
  eventSerializer,
  startProcessManager,
  START,
  StoreUnavailable,
  type Checkpoint,
  type CheckpointStore,
  type CommandContext,
  type CommandHandler,
  type EventSerializer,
  type Follower,
  type ParkedSteps,
  type ProcessManager,
  type ProcessManagerParts,
} from './index.js';

const identity = { store: uuid('store'), epoch: 1 };
const source = uuid('count', 1);
const sum = uuid('count', 2);
const streamOf = (counter: string): StreamId => `counter-${counter}` as StreamId;

let stores: MemoryStores;
let serializer: EventSerializer;
let commands: CommandHandler;
const running: Follower[] = [];

beforeEach(async () => {
  stores = memoryStores(likeThisRun);
  serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
    seal: async () => 'sealed',
    open: async () => '"Jansen"',
  });
  commands = commandHandler(stores, serializer);
  await give(source, { type: 'Start', counter: source, name: 'source' }, 'start-01');
  await give(sum, { type: 'Start', counter: sum, name: 'sum' }, 'start-02');
});
afterEach(() => Promise.all(running.splice(0).map((follower) => follower.stop())));

const give = (
  counter: string,
  command: Parameters<typeof counterDecider.decide>[0],
  key: string,
  client = 'back-office',
) => commands.execute(counterDecider, streamOf(counter), () => command, contextOf(key, client));

const contextOf = (key: string, client: string): CommandContext => ({
  participant: '00000099000000001000',
  client,
  key,
  requestHash: key,
  actor: { client },
  correlationId: 'trace',
});

const checkpointAtHead = async (of = identity): Promise<Checkpoint> => {
  const { position, item } = (await stores.feed.newest())!;
  return { ...of, position, event: item };
};

/** Adds to `sum` what is counted on `source`; the key of each step is the id of the event that caused it. */
function adder(): { readonly manager: ProcessManager; readonly reactions: string[] } {
  const reactions: string[] = [];
  return {
    reactions,
    manager: {
      name: 'adder',
      handles: ['Counted'],
      async react(event: Recorded<DomainEvent>) {
        const { counter, by } = event.data as { counter: string; by: number };
        if (counter !== source) return;
        reactions.push(event.metadata.id);
        await give(sum, { type: 'Count', by }, event.metadata.id, 'adder');
      },
    },
  };
}

function start(manager: ProcessManager, more: Partial<ProcessManagerParts> = {}): Follower {
  const parts = { checkpoints: stores.checkpoints, feed: stores.feed, serializer, identity };
  const follower = startProcessManager(manager, { ...parts, ...more });
  running.push(follower);
  return follower;
}

const sumNow = async (): Promise<unknown> => (await commands.load(counterDecider, streamOf(sum))).state;
const caughtUp = async (follower: Follower): Promise<void> => {
  expect(await follower.waitFor(await stores.feed.head(), PATIENCE)).toBe(true);
};

describe('a process manager', () => {
  it('reacts to every event of its types in order, and moves its checkpoint behind each', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    await give(source, { type: 'Count', by: 3 }, 'count-02');
    const { manager, reactions } = adder();
    const follower = start(manager);
    await until('both were added', async () => reactions.length === 2);
    await caughtUp(follower);
    expect(await sumNow()).toMatchObject({ total: 5 });
    expect(await stores.checkpoints.read('adder')).toStrictEqual(await checkpointAtHead());
  });

  it('that takes several at once moves its checkpoint once, and takes each by itself where that fails', async () => {
    for (const by of [1, 2, 3, 4]) await give(source, { type: 'Count', by }, `count-0${by}`);
    const { manager, reactions } = adder();
    const [together, moves]: [number[], bigint[]] = [[], []];
    let failing = false;
    const takes = () =>
      start(
        {
          ...manager,
          async reactTogether(events) {
            together.push(events.length);
            if (failing) throw new Error('one of them can’t');
            for (const event of events) await manager.react(event);
          },
        },
        {
          checkpoints: {
            read: (name) => stores.checkpoints.read(name),
            async move(name, from, to, fence) {
              await stores.checkpoints.move(name, from, to, fence);
              moves.push(to.position);
            },
          },
        },
      );
    const first = takes();
    // What it caused is of its types, too, and a page of its own.
    const isAtHead = async (): Promise<boolean> => moves.at(-1) === (await checkpointAtHead()).position;
    await until('all of it is taken', isAtHead);
    await first.stop();
    expect([together[0], moves[0], moves.length]).toStrictEqual([4, nth(6), together.length]);
    expect(await sumNow()).toMatchObject({ total: 10 });

    failing = true;
    for (const kept of [together, moves]) kept.length = 0;
    for (const by of [5, 6]) await give(source, { type: 'Count', by }, `count-0${by}`);
    await caughtUp(takes());
    expect(together[0]).toBe(2);
    expect(reactions).toHaveLength(6);
    expect(moves.slice(0, 2)).toStrictEqual([nth(11), nth(12)]);
    expect(await sumNow()).toMatchObject({ total: 21 });
  });

  it('that takes several at once waits for the store, and puts aside only the one that can’t succeed', async () => {
    for (const by of [1, 2, 3]) await give(source, { type: 'Count', by }, `count-0${by}`);
    const { manager, reactions } = adder();
    let away = 2;
    const tries: number[] = [];
    const follower = start(
      {
        ...manager,
        async react(event) {
          if ((event.data as { by: number }).by === 2) throw new CannotApply('never', event.position, event.type);
          await manager.react(event);
        },
        async reactTogether(events) {
          tries.push(events.length);
          if (away-- > 0) throw new StoreUnavailable('away');
          throw new CannotApply('one of them', events[0]!.position, events[0]!.type);
        },
      },
      { parkedSteps: stores.parkedSteps },
    );
    await caughtUp(follower);
    expect(tries).toStrictEqual([3, 3, 3]);
    expect(reactions).toHaveLength(1);
    expect((await stores.parkedSteps.list('adder')).map(({ state }) => state)).toStrictEqual(['failed', 'waiting']);
    expect(await sumNow()).toMatchObject({ total: 1 });
  });

  it('killed between its step and its checkpoint, takes the step again, with one effect', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const first = adder();
    const killed: CheckpointStore = {
      read: (name) => stores.checkpoints.read(name),
      move: () => Promise.reject(new Error('killed')),
    };
    const dying = start(first.manager, { checkpoints: killed });
    await until('it has reacted', () => first.reactions.length > 0);
    await dying.stop();
    expect(await stores.checkpoints.read('adder')).toBeUndefined();
    expect(await sumNow()).toMatchObject({ total: 2 });

    const second = adder();
    const follower = start(second.manager);
    await caughtUp(follower);
    expect(second.reactions).toStrictEqual([first.reactions[0]]);
    expect(await sumNow()).toMatchObject({ total: 2 });
  });

  it('resumes behind its checkpoint in the next process', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const first = adder();
    const before = start(first.manager);
    await until('it has reacted', () => first.reactions.length === 1);
    await caughtUp(before);
    await before.stop();
    await give(source, { type: 'Count', by: 3 }, 'count-02');
    const second = adder();
    await caughtUp(start(second.manager));
    expect(second.reactions).toHaveLength(1);
    expect(await sumNow()).toMatchObject({ total: 5 });
  });

  it('tries a step again until it succeeds, and does not go past it', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    await give(source, { type: 'Count', by: 3 }, 'count-02');
    const { manager, reactions } = adder();
    let away = 2;
    const order: string[] = [];
    const follower = start({
      ...manager,
      async react(event) {
        order.push(event.metadata.id);
        if (away-- > 0) throw new Error('away');
        await manager.react(event);
      },
    });
    await until('both were added', () => reactions.length === 2);
    await caughtUp(follower);
    expect(order.slice(0, 3)).toStrictEqual(Array(3).fill(reactions[0]));
    expect(await sumNow()).toMatchObject({ total: 5 });
  });

  it('says of itself that it may lie behind, where it may, and tells of every step that failed', async () => {
    const { manager } = adder();
    const troubles: unknown[] = [];
    let failing = true;
    const follower = start(
      {
        ...manager,
        mayLag: true,
        async react(event) {
          if (failing) throw new Error('not now');
          await manager.react(event);
        },
      },
      { onTrouble: (name, error, stopped) => void troubles.push([name, (error as Error).message, stopped]) },
    );
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    await until('it has told', () => troubles.length > 0);
    failing = false;
    expect(troubles[0]).toStrictEqual(['adder', 'not now', false]);
    expect(follower.status()).toMatchObject({ mayLag: true });
    expect(start({ ...manager, name: 'another' }).status()).not.toHaveProperty('mayLag');
  });

  it('stops at a step that can never succeed, and says at which', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const follower = start({
      name: 'adder',
      handles: ['Counted'],
      react: ({ position, type }) => Promise.reject(new CannotApply('nothing to add to', position, type)),
    });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy).toStrictEqual({
      reason: 'nothing to add to',
      position: nth(3),
      type: 'Counted',
    });
    expect(await stores.checkpoints.read('adder')).toBeUndefined();
  });

  it('stops at an event that it can not read', async () => {
    const bytes = JSON.stringify({
      id: uuid('event'),
      type: 'Counted',
      stream: 'counter-x',
      schemaVersion: 9,
      data: {},
    });
    await stores.events.append('counter-x' as StreamId, 'no-stream', [
      { id: uuid('event') as never, type: 'Counted', bytes },
    ]);
    const follower = start(adder().manager);
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy).toMatchObject({ position: nth(3), type: 'Counted' });
  });

  it('goes through everything again in a restored store, with one effect', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const before = start(adder().manager);
    await until('it was added', async () => (await stores.checkpoints.read('adder'))?.position === nth(4));
    await before.stop();
    const restored = { ...identity, epoch: 2 };
    const { manager, reactions } = adder();
    const follower = start(manager, { identity: restored });
    await caughtUp(follower);
    expect(reactions).toHaveLength(1);
    expect(await sumNow()).toMatchObject({ total: 2 });
    await until('its checkpoint is one of the restored store', async () => {
      const checkpoint = await stores.checkpoints.read('adder');
      return checkpoint?.epoch === 2 && checkpoint.position === nth(4);
    });
  });

  it('moves its checkpoint to the restored store also where the place stays the same', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    await stores.checkpoints.move('idle', undefined, { ...identity, position: nth(3) });
    const restored = { ...identity, epoch: 2 };
    await caughtUp(start({ name: 'idle', handles: ['Counted'], react: async () => undefined }, { identity: restored }));
    expect(await stores.checkpoints.read('idle')).toStrictEqual(await checkpointAtHead(restored));
  });

  it.each([
    ['lies beyond the head', (): Checkpoint => ({ ...identity, position: nth(9) })],
    ['names an event that is not there', (): Checkpoint => ({ ...identity, position: nth(9), event: uuid('lost') })],
    ['names another event than is there', (): Checkpoint => ({ ...identity, position: nth(3), event: uuid('lost') })],
  ])('goes through everything again from a checkpoint that %s', async (_what, checkpoint) => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    await stores.checkpoints.move('adder', undefined, checkpoint());
    const { manager, reactions } = adder();
    await caughtUp(start(manager));
    expect(reactions).toHaveLength(1);
    await until('its checkpoint is one of this store', async () => {
      const now = await stores.checkpoints.read('adder');
      return now?.event !== undefined && (await holds(stores.feed, { position: now.position, item: now.event }));
    });
  });

  it('stops when the store goes back under it, and reacts to nothing of what comes instead', async () => {
    const { manager, reactions } = adder();
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const follower = start(manager);
    await caughtUp(follower);
    const other = stores.another();
    stores.putBack({ events: nth(2) });
    const theirs = commandHandler(other, serializer);
    for (const key of ['other-01', 'other-02', 'other-03']) {
      await theirs.execute(counterDecider, streamOf(source), () => ({ type: 'Count', by: 1 }), contextOf(key, 'other'));
    }
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy?.reason).toContain('put back to an older state');
    expect(reactions).toHaveLength(1);
  });

  it('goes on behind the event of its checkpoint, not behind whatever stands there by then', async () => {
    const { manager, reactions } = adder();
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const first = start(manager);
    await caughtUp(first);
    const head = await stores.feed.head();
    await until('its checkpoint is there', async () => (await stores.checkpoints.read('adder'))?.position === head);
    await first.stop();
    const [{ feed: fresh }, other] = [stores.another(), stores.another()];
    const theirs = commandHandler(other, serializer);
    const next = start(manager, {
      feed: {
        head: () => fresh.head(),
        newest: () => fresh.newest(),
        at: (position) => fresh.at(position),
        subscribe: (...parts) => fresh.subscribe(...parts),
        replay: (...parts) => fresh.replay(...parts),
        // The store goes back, and grows again, between the look at the checkpoint and the first page behind it.
        async read(...parts) {
          const page = await fresh.read(...parts);
          stores.putBack({ events: nth(2) });
          for (const key of ['other-01', 'other-02', 'other-03']) {
            const context = contextOf(key, 'other');
            await theirs.execute(counterDecider, streamOf(source), () => ({ type: 'Count', by: 1 }), context);
          }
          return page;
        },
      },
    });
    await until('it has stopped', () => next.status().state === 'stopped');
    expect(next.status().stoppedBy?.reason).toContain('put back to an older state');
    expect(reactions).toHaveLength(1);
  });

  describe('with a place for steps that can not succeed', () => {
    const third = uuid('count', 3);
    const parkedNow = async () =>
      (await stores.parkedSteps.list()).map(({ at, stream, state, reason }) => [at.position, stream, state, reason]);
    const BEHIND = 'stands behind another parked step of its stream';

    /** Reacts to what is counted on every counter but `sum`; fails at the places named, as told. */
    function picky(failing: Map<bigint, (event: Recorded<DomainEvent>) => Error>) {
      const taken: bigint[] = [];
      let tries = 0;
      const manager: ProcessManager = {
        name: 'adder',
        handles: ['Counted'],
        async react(event) {
          const { counter, by } = event.data as { counter: string; by: number };
          if (counter === sum) return;
          tries += 1;
          const fails = failing.get(event.position);
          if (fails !== undefined) throw fails(event);
          await give(sum, { type: 'Count', by }, event.metadata.id, 'adder');
          taken.push(event.position);
        },
      };
      return { manager, taken, tries: () => tries };
    }
    const never = ({ position, type }: Recorded<DomainEvent>): Error =>
      new CannotApply('nothing to add to', position, type);
    const count = async (counter: string, key: string): Promise<bigint> => {
      const outcome = await give(counter, { type: 'Count', by: 1 }, key);
      return outcome.outcome === 'accepted' ? outcome.position : START;
    };
    const troubled = () => {
      const troubles: [string, boolean][] = [];
      return {
        troubles,
        onTrouble: (_: string, error: unknown, stopped: boolean) =>
          void troubles.push([(error as Error).name, stopped]),
      };
    };

    beforeEach(async () => {
      await give(third, { type: 'Start', counter: third, name: 'third' }, 'start-03');
    });

    it('puts one aside durably and with alarm, and what comes later on its stream behind it; all else goes on', async () => {
      const stuck = await count(source, 'count-01');
      const other = await count(third, 'count-01');
      const behind = await count(source, 'count-02');
      const another = await count(third, 'count-02');
      const { manager, taken } = picky(new Map([[stuck, never]]));
      const { troubles, onTrouble } = troubled();
      const follower = start(manager, { parkedSteps: stores.parkedSteps, onTrouble });
      await caughtUp(follower);
      expect(taken).toStrictEqual([other, another]);
      expect(await parkedNow()).toStrictEqual([
        [stuck, streamOf(source), 'failed', 'nothing to add to'],
        [behind, streamOf(source), 'waiting', BEHIND],
      ]);
      expect(follower.status()).toMatchObject({ state: 'running', parked: 2 });
      expect(troubles).toStrictEqual([
        ['StepParked', false],
        ['StepParked', false],
      ]);
      await until(
        'its checkpoint is behind them',
        async () => ((await stores.checkpoints.read('adder'))?.position ?? START) >= another,
      );

      // Nor is any of it forgotten, or overtaken, in the next process.
      await follower.stop();
      const later = await count(source, 'count-03');
      const next = picky(new Map());
      const second = start(next.manager, { parkedSteps: stores.parkedSteps });
      await caughtUp(second);
      expect(next.taken).toStrictEqual([]);
      expect((await parkedNow()).map(([position]) => position)).toStrictEqual([stuck, behind, later]);
      expect(second.status().parked).toBe(3);
    });

    it('takes a released one again, and then in order what waited behind it', async () => {
      const failing = new Map([[await count(source, 'count-01'), never]]);
      const [stuck] = [...failing.keys()] as [bigint];
      const behind = [await count(source, 'count-02'), await count(source, 'count-03')];
      const { manager, taken, tries } = picky(failing);
      const follower = start(manager, { parkedSteps: stores.parkedSteps });
      await caughtUp(follower);
      expect(await stores.parkedSteps.release('adder', stuck)).toBe(true);
      // In vain first.
      await until('it has been tried again', async () => tries() === 2 && (await parkedNow())[0]![2] === 'failed');
      expect(taken).toStrictEqual([]);
      failing.clear();
      await stores.parkedSteps.release('adder', stuck);
      await until('nothing is parked', async () => (await parkedNow()).length === 0);
      expect(taken).toStrictEqual([stuck, ...behind]);
      expect(await sumNow()).toMatchObject({ total: 3 });
      expect(follower.status()).not.toHaveProperty('parked');
      const later = await count(source, 'count-04');
      await until('it goes on as before', () => taken.includes(later));
    });

    it('looks at most once a second whether a person has decided', async () => {
      const { manager } = picky(new Map([[await count(source, 'count-01'), never]]));
      let looks = 0;
      const parkedSteps: ParkedSteps = {
        park: (step) => stores.parkedSteps.park(step),
        release: (...asked) => stores.parkedSteps.release(...asked),
        remove: (...asked) => stores.parkedSteps.remove(...asked),
        list(...asked) {
          looks += 1;
          return stores.parkedSteps.list(...asked);
        },
      };
      const began = performance.now();
      const follower = start(manager, { parkedSteps });
      for (let nr = 0; nr < 20; nr++) {
        await count(third, `count-${nr}-01`);
        await caughtUp(follower);
      }
      // One at its start, and from then on one a second.
      expect(looks).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - began) / 1_000));
    });

    it('goes on with what waits behind one that was dropped', async () => {
      const stuck = await count(source, 'count-01');
      const behind = await count(source, 'count-02');
      const { manager, taken } = picky(new Map([[stuck, never]]));
      await caughtUp(start(manager, { parkedSteps: stores.parkedSteps }));
      await stores.parkedSteps.remove('adder', stuck);
      await until('nothing is parked', async () => (await parkedNow()).length === 0);
      expect(taken).toStrictEqual([behind]);
    });

    it('puts aside what fails again and again for a reason of its own, without words that it did not choose', async () => {
      const stuck = await count(source, 'count-01');
      const other = await count(third, 'count-01');
      const { manager, taken, tries } = picky(new Map([[stuck, () => new TypeError('Jansen is not a function')]]));
      const follower = start(manager, { parkedSteps: stores.parkedSteps });
      await until('the other was taken', () => taken.includes(other));
      expect(tries()).toBe(7);
      expect(await parkedNow()).toStrictEqual([[stuck, streamOf(source), 'failed', 'failed 6 times (TypeError)']]);
      expect(follower.status().state).toBe('running');
    });

    it('never puts aside what fails because the store is away', async () => {
      const stuck = await count(source, 'count-01');
      const failing = new Map([[stuck, () => new StoreUnavailable('away') as Error]]);
      const { manager, taken, tries } = picky(failing);
      start(manager, { parkedSteps: stores.parkedSteps });
      await until('it was tried more often than others are', () => tries() > 6);
      expect(await parkedNow()).toStrictEqual([]);
      failing.clear();
      await until('it was taken', () => taken.includes(stuck));
    });

    it('puts aside nothing twice when killed between that and its checkpoint', async () => {
      const stuck = await count(source, 'count-01');
      const killed: CheckpointStore = {
        read: (name) => stores.checkpoints.read(name),
        move: () => Promise.reject(new Error('killed')),
      };
      const dying = start(picky(new Map([[stuck, never]])).manager, {
        checkpoints: killed,
        parkedSteps: stores.parkedSteps,
      });
      await until('it is parked', async () => (await parkedNow()).length === 1);
      await dying.stop();
      const { manager, tries } = picky(new Map([[stuck, never]]));
      const follower = start(manager, { parkedSteps: stores.parkedSteps });
      await caughtUp(follower);
      expect(await parkedNow()).toHaveLength(1);
      expect((await parkedNow())[0]![0]).toBe(stuck);
      expect(tries()).toBeLessThanOrEqual(1);
      expect(follower.status().parked).toBe(1);
    });

    it('puts nothing aside of what the store lost while it was tried', async () => {
      const lost = await count(source, 'count-01');
      const { manager } = picky(
        new Map([
          [
            lost,
            (event) => {
              stores.putBack({ events: lost - 1n });
              return never(event);
            },
          ],
        ]),
      );
      const follower = start(manager, { parkedSteps: stores.parkedSteps });
      await until('it has stopped', () => follower.status().state === 'stopped');
      expect(follower.status().stoppedBy?.reason).toContain('put back to an older state');
      expect(await parkedNow()).toStrictEqual([]);
    });

    it('still stops at an event that it can not read: another version may', async () => {
      const bytes = JSON.stringify({
        id: uuid('event'),
        type: 'Counted',
        stream: 'counter-x',
        schemaVersion: 9,
        data: {},
      });
      const written = { id: uuid('event') as never, type: 'Counted', bytes };
      await stores.events.append('counter-x' as StreamId, 'no-stream', [written]);
      const follower = start(adder().manager, { parkedSteps: stores.parkedSteps });
      await until('it has stopped', () => follower.status().state === 'stopped');
      expect(await parkedNow()).toStrictEqual([]);
    });

    it('forgets what was put aside in a store before it was restored, and meets it anew', async () => {
      const stuck = await count(source, 'count-01');
      await caughtUp(start(picky(new Map([[stuck, never]])).manager, { parkedSteps: stores.parkedSteps }));
      await running.pop()!.stop();
      const { manager, taken } = picky(new Map());
      const restored = { ...identity, epoch: 2 };
      await caughtUp(start(manager, { parkedSteps: stores.parkedSteps, identity: restored }));
      expect(await parkedNow()).toStrictEqual([]);
      expect(taken).toStrictEqual([stuck]);
    });
  });
});
