import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, EventCodec, Recorded, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { counterCodec, counterDecider, until, uuid } from '#libs/testing';
import {
  CannotApply,
  commandHandler,
  eventSerializer,
  startProcessManager,
  type CheckpointStore,
  type CommandHandler,
  type EventSerializer,
  type Follower,
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
  stores = memoryStores();
  serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], {
    seal: async () => 'sealed',
    open: async () => '"Jansen"',
  });
  commands = commandHandler(stores.events, serializer);
  await give(source, { type: 'Start', counter: source, name: 'source' }, 'start-01');
  await give(sum, { type: 'Start', counter: sum, name: 'sum' }, 'start-02');
});
afterEach(() => Promise.all(running.splice(0).map((follower) => follower.stop())));

const give = (
  counter: string,
  command: Parameters<typeof counterDecider.decide>[0],
  key: string,
  client = 'back-office',
) =>
  commands.execute(counterDecider, streamOf(counter), () => command, {
    participant: '00000099000000001000',
    client,
    key,
    requestHash: key,
    actor: { client },
    correlationId: 'trace',
  });

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
  expect(await follower.waitFor(await stores.feed.head(), 5_000)).toBe(true);
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
    expect(await stores.checkpoints.read('adder')).toStrictEqual({ ...identity, position: await stores.feed.head() });
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

  it('stops at a step that can never succeed, and says at which', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const follower = start({
      name: 'adder',
      handles: ['Counted'],
      react: ({ position, type }) => Promise.reject(new CannotApply('nothing to add to', position, type)),
    });
    await until('it has stopped', () => follower.status().state === 'stopped');
    expect(follower.status().stoppedBy).toStrictEqual({ reason: 'nothing to add to', position: 3n, type: 'Counted' });
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
    expect(follower.status().stoppedBy).toMatchObject({ position: 3n, type: 'Counted' });
  });

  it('goes through everything again in a restored store, with one effect', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    const before = start(adder().manager);
    await until('it was added', async () => (await stores.checkpoints.read('adder'))?.position === 4n);
    await before.stop();
    const restored = { ...identity, epoch: 2 };
    const { manager, reactions } = adder();
    const follower = start(manager, { identity: restored });
    await caughtUp(follower);
    expect(reactions).toHaveLength(1);
    expect(await sumNow()).toMatchObject({ total: 2 });
    await until('its checkpoint is one of the restored store', async () => {
      const checkpoint = await stores.checkpoints.read('adder');
      return checkpoint?.epoch === 2 && checkpoint.position === 4n;
    });
  });

  it('moves its checkpoint to the restored store also where the place stays the same', async () => {
    await give(source, { type: 'Count', by: 2 }, 'count-01');
    await stores.checkpoints.move('idle', undefined, { ...identity, position: 3n });
    const restored = { ...identity, epoch: 2 };
    await caughtUp(start({ name: 'idle', handles: ['Counted'], react: async () => undefined }, { identity: restored }));
    expect(await stores.checkpoints.read('idle')).toStrictEqual({ ...restored, position: 3n });
  });
});
