import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventCodec, EventId, Recorded, StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import { counterCodec, counterDecider, uuid, type CounterCommand, type CounterEvent } from '#libs/testing';
import { memoryVault } from '#libs/vault';
import {
  AppendOutcomeUnknown,
  commandHandler,
  derivedId,
  eventSerializer,
  openMember,
  StoreUnavailable,
  UnreadableEvent,
  type CommandContext,
  type CommandHandler,
  type EventSerializer,
  type EventStore,
} from './index.js';

const counter = uuid('count');
const stream = `counter-${counter}` as StreamId;
const start = { type: 'Start', counter, name: 'Jansen' } as const;

const context = (key: string, changes: Partial<CommandContext> = {}): CommandContext => ({
  participant: '00000099000000001000',
  client: 'back-office',
  key,
  requestHash: `hash of ${key}`,
  actor: { client: 'back-office', clerk: 'clerk-1' },
  correlationId: `trace of ${key}`,
  ...changes,
});

let stores: MemoryStores;
let serializer: EventSerializer;
let vault: Awaited<ReturnType<typeof memoryVault>>;
let handler: CommandHandler;

beforeEach(async () => {
  vault = await memoryVault();
  stores = memoryStores();
  serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], vault.sealer);
  handler = commandHandler(stores.events, serializer);
});

const run = (command: CounterCommand, inContext: CommandContext, through = handler) =>
  through.execute(counterDecider, stream, () => command, inContext);

const recorded = async () => (await stores.events.readStream(stream)).map((event) => serializer.read(event));

/** A store of which one method is another. */
const storeWith = (changes: Partial<EventStore>): EventStore => ({
  append: (...parts) => stores.events.append(...parts),
  readStream: (...parts) => stores.events.readStream(...parts),
  ...changes,
});

/** Lets another command come between reading and appending, that many times. */
function withRival(times: number): { readonly handler: CommandHandler; readonly attempts: () => number } {
  let attempts = 0;
  const store = storeWith({
    async append(...parts) {
      if (++attempts <= times) await run({ type: 'Count', by: 1 }, context(`rival-${attempts}`));
      return stores.events.append(...parts);
    },
  });
  return { handler: commandHandler(store, serializer), attempts: () => attempts };
}

describe('a command', () => {
  it('is recorded in one append, with who asked, why and under which key', async () => {
    const outcome = await run(
      { ...start, counts: [2, 3] },
      context('key-0001', { causationId: 'cause', traceparent: '00-1-1-01', ruleSet: 'eh-1.5' }),
    );
    expect(outcome).toMatchObject({ outcome: 'accepted', revision: 2, position: 3n, replayed: false });
    const events = await recorded();
    expect(events.map(({ type }) => type)).toStrictEqual(['CounterStarted', 'Counted', 'Counted']);
    expect(events.map(({ metadata }) => metadata.id)).toStrictEqual(
      [0, 1, 2].map((ordinal) =>
        derivedId('event', '00000099000000001000', 'back-office', stream, 'key-0001', String(ordinal)),
      ),
    );
    expect(events.map(({ metadata }) => metadata.requestHash)).toStrictEqual([
      'hash of key-0001',
      undefined,
      undefined,
    ]);
    expect(events[2]!.metadata).toMatchObject({
      actor: { client: 'back-office', clerk: 'clerk-1' },
      correlationId: 'trace of key-0001',
      causationId: 'cause',
      traceparent: '00-1-1-01',
      ruleSet: 'eh-1.5',
      processingActivity: 'counting',
    });
  });

  it('answers the state after it and its facts as they will be read back: sealed', async () => {
    const outcome = await run({ ...start, counts: [2] }, context('key-0001'));
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
    expect(outcome.state).toStrictEqual((await handler.load(counterDecider, stream)).state);
    expect(outcome.events).toStrictEqual((await recorded()).map(({ type, data }) => ({ type, data })));
    const [first] = await recorded();
    if (outcome.state.status === 'none') throw new Error('no counter');
    expect(outcome.state.name).not.toHaveProperty('clear');
    expect(await openMember(vault.sealer, first!, 'name', outcome.state.name)).toBe('Jansen');
  });

  it('that is so already records nothing and answers where the object stands', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    expect(await run({ type: 'CountTo', total: 2 }, context('key-0002'))).toMatchObject({
      outcome: 'accepted',
      events: [],
      revision: 1,
      position: 2n,
      replayed: true,
    });
    expect(await recorded()).toHaveLength(2);
  });

  it('that is refused records nothing and leaves its key free', async () => {
    await run(start, context('key-0001'));
    expect(await run({ type: 'Count', by: 101 }, context('key-0002'))).toStrictEqual({
      outcome: 'rejected',
      rejections: [{ code: 'too-high', kind: 'refused' }],
    });
    expect(await run({ type: 'Count', by: 100 }, context('key-0002', { requestHash: 'another body' }))).toMatchObject({
      outcome: 'accepted',
      replayed: false,
    });
  });

  it('is built from the state and history it will be decided on', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    const seen: unknown[] = [];
    await handler.execute(
      counterDecider,
      stream,
      async (state, history) => {
        seen.push(state.status === 'none' ? 0 : state.total, history.length);
        return { type: 'Count', by: 1 };
      },
      context('key-0002'),
    );
    expect(seen).toStrictEqual([2, 2]);
  });

  it('is not decided on a history that can not be read', async () => {
    const bytes = JSON.stringify({ id: uuid('event'), type: 'CounterBurnt', stream, schemaVersion: 1, data: {} });
    await stores.events.append(stream, 'no-stream', [{ id: uuid('event') as never, type: 'CounterBurnt', bytes }]);
    await expect(run(start, context('key-0001'))).rejects.toThrow(UnreadableEvent);
    expect(await stores.events.readStream(stream)).toHaveLength(1);
  });
});

describe('the same request again', () => {
  it('gets the first answer, with the state as of then', async () => {
    const first = await run({ ...start, counts: [2] }, context('key-0001'));
    await run({ type: 'Count', by: 5 }, context('key-0002'));
    const again = await run({ ...start, counts: [2] }, context('key-0001'));
    expect(again).toStrictEqual({ ...first, replayed: true });
    expect(await recorded()).toHaveLength(3);
  });

  it('gets the answer of its own events only, not of those that follow them', async () => {
    await run(start, context('key-0001'));
    await run({ type: 'Count', by: 1 }, context('key-0002'));
    await run({ type: 'Count', by: 2 }, context('key-0003'));
    expect(await run({ type: 'Count', by: 1 }, context('key-0002'))).toMatchObject({
      events: [{ data: { by: 1 } }],
      revision: 1,
      position: 2n,
      state: { total: 1 },
    });
  });

  it('is not judged again: it gets its answer also when the rules would say no by now', async () => {
    await run(start, context('key-0001'));
    await run({ type: 'Count', by: 60 }, context('key-0002'));
    const source = (): CounterCommand => {
      throw new Error('judged again');
    };
    expect(await handler.execute(counterDecider, stream, source, context('key-0002'))).toMatchObject({
      outcome: 'accepted',
      replayed: true,
      state: { total: 60 },
    });
  });

  it('with another body is a reused key', async () => {
    await run(start, context('key-0001'));
    expect(await run(start, context('key-0001', { requestHash: 'another body' }))).toStrictEqual({
      outcome: 'key-reused',
    });
  });

  it('of another client, or on another stream, is another request', async () => {
    await run(start, context('key-0001'));
    expect(await run({ type: 'Count', by: 1 }, context('key-0001', { client: 'portal' }))).toMatchObject({
      outcome: 'accepted',
      replayed: false,
    });
    const other = uuid('count', 2);
    const outcome = await handler.execute(
      counterDecider,
      `counter-${other}` as StreamId,
      () => ({ ...start, counter: other }),
      context('key-0001'),
    );
    expect(outcome).toMatchObject({ outcome: 'accepted', replayed: false });
  });

  it('is answered by its key before its If-Match is looked at', async () => {
    await run(start, context('key-0001'));
    await run({ type: 'Count', by: 1 }, context('key-0002', { ifMatch: 0 }));
    await run({ type: 'Count', by: 1 }, context('key-0003'));
    expect(await run({ type: 'Count', by: 1 }, context('key-0002', { ifMatch: 0 }))).toMatchObject({
      outcome: 'accepted',
      revision: 1,
      replayed: true,
    });
  });
});

describe('If-Match', () => {
  it('lets a command through that was written against the object as it is', async () => {
    await run(start, context('key-0001'));
    expect(await run({ type: 'Count', by: 1 }, context('key-0002', { ifMatch: 0 }))).toMatchObject({
      outcome: 'accepted',
      revision: 1,
    });
  });

  it('stops a command that was written against an older one, or against one that does not exist', async () => {
    expect(await run(start, context('key-0001', { ifMatch: 0 }))).toStrictEqual({ outcome: 'stale', revision: -1 });
    await run({ ...start, counts: [1] }, context('key-0002'));
    expect(await run({ type: 'Count', by: 1 }, context('key-0003', { ifMatch: 0 }))).toStrictEqual({
      outcome: 'stale',
      revision: 1,
    });
  });

  it('turns a conflict into stale instead of trying again', async () => {
    await run(start, context('key-0001'));
    const { handler: late, attempts } = withRival(1);
    expect(await run({ type: 'Count', by: 1 }, context('key-0002', { ifMatch: 0 }), late)).toStrictEqual({
      outcome: 'stale',
      revision: 1,
    });
    expect(attempts()).toBe(1);
  });
});

describe('commands at the same time', () => {
  it('on one object are all recorded, each decided on what the others left', async () => {
    await run(start, context('key-0001'));
    const outcomes = await Promise.all([1, 2, 3, 4].map((by) => run({ type: 'Count', by }, context(`key-100${by}`))));
    expect(outcomes.map(({ outcome }) => outcome)).toStrictEqual(Array(4).fill('accepted'));
    expect((await handler.load(counterDecider, stream)).state).toMatchObject({ total: 10 });
  });

  it('never go over a limit together that neither goes over alone', async () => {
    await run(start, context('key-0001'));
    const outcomes = await Promise.all(
      ['key-0002', 'key-0003'].map((key) => run({ type: 'Count', by: 60 }, context(key))),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toStrictEqual(['accepted', 'rejected']);
    expect((await handler.load(counterDecider, stream)).state).toMatchObject({ total: 60 });
  });

  it('are tried again three times after a conflict', async () => {
    await run(start, context('key-0001'));
    const { handler: late, attempts } = withRival(3);
    expect(await run({ type: 'Count', by: 10 }, context('key-0002'), late)).toMatchObject({
      outcome: 'accepted',
      state: { total: 13 },
    });
    expect(attempts()).toBe(4);
  });

  it('end in a conflict after that, with nothing written', async () => {
    await run(start, context('key-0001'));
    const { handler: late, attempts } = withRival(4);
    expect(await run({ type: 'Count', by: 10 }, context('key-0002'), late)).toStrictEqual({ outcome: 'conflict' });
    expect(attempts()).toBe(4);
    expect((await handler.load(counterDecider, stream)).state).toMatchObject({ total: 4 });
  });

  it('with one key and one body are one command, answered from what was recorded', async () => {
    const outcomes = await Promise.all([run(start, context('key-0001')), run(start, context('key-0001'))]);
    const [{ type, data }] = (await recorded()) as [Recorded<CounterEvent>];
    // A second sealing or a second random number would be an answer that nobody recorded.
    for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: 'accepted', events: [{ type, data }] });
    expect(outcomes.map((outcome) => outcome.outcome === 'accepted' && outcome.replayed).sort()).toStrictEqual([
      false,
      true,
    ]);
  });

  it('with one key and two bodies are one command and one reused key', async () => {
    const outcomes = await Promise.all([
      run(start, context('key-0001')),
      run({ ...start, name: 'Pietersen' }, context('key-0001', { requestHash: 'another body' })),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toStrictEqual(['accepted', 'key-reused']);
    expect(await recorded()).toHaveLength(1);
  });
});

describe('a process that ends at a bad moment', () => {
  it('between append and answer: the retry finds what was recorded', async () => {
    const dying = storeWith({
      async append(...parts) {
        await stores.events.append(...parts);
        throw new AppendOutcomeUnknown('the answer was lost');
      },
    });
    await expect(run(start, context('key-0001'), commandHandler(dying, serializer))).rejects.toThrow(
      AppendOutcomeUnknown,
    );
    const retried = await run(start, context('key-0001'));
    expect(retried).toMatchObject({ outcome: 'accepted', revision: 0, replayed: true });
    expect(await recorded()).toHaveLength(1);
  });

  it('before the append: the retry is the first', async () => {
    const away = storeWith({ append: () => Promise.reject(new StoreUnavailable('away')) });
    await expect(run(start, context('key-0001'), commandHandler(away, serializer))).rejects.toThrow(StoreUnavailable);
    expect(await recorded()).toHaveLength(0);
    expect(await run(start, context('key-0001'))).toMatchObject({ outcome: 'accepted', replayed: false });
  });
});

describe('an object that is loaded', () => {
  it('stands at no stream before anything is recorded', async () => {
    expect(await handler.load(counterDecider, stream)).toStrictEqual({
      state: { status: 'none' },
      history: [],
      revision: 'no-stream',
      position: 0n,
    });
  });

  it('comes with its history, revision and position', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    expect(await handler.load(counterDecider, stream)).toMatchObject({
      state: { status: 'started', total: 2 },
      revision: 1,
      position: 2n,
      history: [{ type: 'CounterStarted' }, { type: 'Counted' }],
    });
  });
});

describe('the step of a process', () => {
  const PROCESS = 'adder';
  const step = (key: string, more: Partial<CommandContext> = {}): CommandContext =>
    context(key, { client: PROCESS, actor: { system: PROCESS }, ...more });
  const idIn = (space: string, key: string, ordinal = 0) =>
    derivedId(space, '00000099000000001000', PROCESS, stream, key, String(ordinal));

  it('is not met by the request of a client that is named like the process, nor the other way round', async () => {
    await run(start, context('key-0001'));
    const named = context('cause', { client: PROCESS, actor: { client: PROCESS }, requestHash: 'body of the client' });
    expect(await run({ type: 'Count', by: 1 }, named)).toMatchObject({ outcome: 'accepted', replayed: false });
    expect(await run({ type: 'Count', by: 2 }, step('cause'))).toMatchObject({ outcome: 'accepted', replayed: false });
    // Each of them meets its own.
    expect(await run({ type: 'Count', by: 2 }, step('cause'))).toMatchObject({ revision: 2, replayed: true });
    expect(await run({ type: 'Count', by: 1 }, named)).toMatchObject({ revision: 1, replayed: true });
    expect((await recorded()).map(({ metadata }) => metadata.id).slice(1)).toStrictEqual([
      idIn('event', 'cause'),
      idIn('step', 'cause'),
    ]);
  });

  it('is met where it was recorded under the id that steps had before, and not taken twice', async () => {
    await run(start, context('key-0001'));
    const formerly = await Promise.all(
      [2, 3].map((by, ordinal) =>
        serializer.write({ type: 'Counted', data: { counter, by } } as CounterEvent, {
          ...{ id: idIn('event', 'cause', ordinal) as EventId, stream, correlationId: 'c', actor: { system: PROCESS } },
          ...(ordinal === 0 ? { requestHash: 'hash of cause' } : {}),
        }),
      ),
    );
    await stores.events.append(stream, 0, formerly);
    const again = await run({ type: 'Count', by: 2 }, step('cause'));
    expect(again).toMatchObject({ outcome: 'accepted', revision: 2, replayed: true });
    if (again.outcome === 'accepted') expect(again.events).toHaveLength(2);
    expect(await recorded()).toHaveLength(3);
  });

  it('does not take for its own what a client recorded under that id', async () => {
    await run(start, context('key-0001'));
    const named = context('cause', { client: PROCESS, actor: { client: PROCESS }, requestHash: 'hash of cause' });
    await run({ type: 'Count', by: 1 }, named);
    expect(await run({ type: 'Count', by: 2 }, step('cause'))).toMatchObject({ revision: 2, replayed: false });
  });
});
