import { beforeEach, describe, expect, it } from '@jest/globals';
import { accept, type Decider, type EventCodec, type EventId, type Recorded, type StreamId } from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  counterCodec,
  counterDecider,
  likeThisRun,
  nth,
  uuid,
  type Counter,
  type CounterCommand,
  type CounterEvent,
} from '#libs/testing';
import { memoryVault } from '#libs/vault';
import {
  AppendOutcomeUnknown,
  commandHandler,
  derivedId,
  eventSerializer,
  LineageBroken,
  NothingToReplay,
  openMember,
  START,
  StoreUnavailable,
  UnreadableEvent,
  type AnsweredKeys,
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
  stores = memoryStores(likeThisRun);
  serializer = eventSerializer([counterCodec] as unknown as readonly EventCodec<never>[], vault.sealer);
  handler = commandHandler(stores, serializer);
});

const run = (command: CounterCommand, inContext: CommandContext, through = handler) =>
  through.execute(counterDecider, stream, () => command, inContext);

const recorded = async () => (await stores.events.readStream(stream)).map((event) => serializer.read(event));

/** A store of which one method is another. */
const storeWith = (changes: Partial<EventStore>): EventStore => ({
  append: (...parts) => stores.events.append(...parts),
  readStream: (...parts) => stores.events.readStream(...parts),
  readStreams: (...parts) => stores.events.readStreams(...parts),
  ...changes,
});

const on = (events: EventStore, answeredKeys: AnsweredKeys = stores.answeredKeys): CommandHandler =>
  commandHandler({ ...stores, events, answeredKeys }, serializer);

/** Lets another command come between reading and appending, that many times. */
function withRival(times: number): { readonly handler: CommandHandler; readonly attempts: () => number } {
  let attempts = 0;
  const store = storeWith({
    async append(...parts) {
      if (++attempts <= times) await run({ type: 'Count', by: 1 }, context(`rival-${attempts}`));
      return stores.events.append(...parts);
    },
  });
  return { handler: on(store), attempts: () => attempts };
}

describe('a command', () => {
  it('is recorded in one append, with who asked, why and under which key', async () => {
    const outcome = await run(
      { ...start, counts: [2, 3] },
      context('key-0001', { causationId: 'cause', traceparent: '00-1-1-01', ruleSet: 'eh-1.5' }),
    );
    expect(outcome).toMatchObject({ outcome: 'accepted', revision: 2, position: nth(3), replayed: false });
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
      position: nth(2),
      replayed: false,
    });
    expect(await recorded()).toHaveLength(2);
  });

  it('that has nothing to record of an object that does not exist is answered so, and so again', async () => {
    const idle: Decider<Counter, CounterCommand, CounterEvent> = { ...counterDecider, decide: () => accept() };
    const ask = () => handler.execute(idle, stream, () => start, context('key-0001'));
    const first = { outcome: 'accepted', state: { status: 'none' }, events: [], revision: -1, position: START };
    expect(await ask()).toMatchObject({ ...first, replayed: false });
    expect(await ask()).toMatchObject({ ...first, replayed: true });
    expect(await recorded()).toEqual([]);
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
      position: nth(2),
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

describe('a command that found nothing to change, asked again', () => {
  const countTo = (total: number): CounterCommand => ({ type: 'CountTo', total });
  const nothing = context('key-0002');
  beforeEach(async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
  });

  it('gets the first answer again, whatever has happened since, and changes nothing', async () => {
    const first = await run(countTo(2), nothing);
    expect(first).toMatchObject({ outcome: 'accepted', events: [], revision: 1, state: { total: 2 }, replayed: false });
    await run({ type: 'Count', by: 5 }, context('key-0003'));
    for (const _ of ['second', 'third'])
      expect(await run(countTo(2), nothing)).toStrictEqual({ ...first, replayed: true });
    expect((await handler.load(counterDecider, stream)).state).toMatchObject({ total: 7 });
  });

  it('gets the moment and the head of the first answer, to be told the same of what other objects say', async () => {
    const first = await run(countTo(2), nothing);
    const head = await stores.feed.head();
    expect(first).toMatchObject({ asOf: { at: expect.any(String), head } });
    await handler.execute(
      counterDecider,
      `counter-${uuid('count', 2)}` as StreamId,
      () => ({ ...start, counter: uuid('count', 2) }),
      context('key-0003'),
    );
    expect(await run(countTo(2), nothing)).toMatchObject({ asOf: { head } });
  });

  it('is not judged again, nor is its If-Match looked at', async () => {
    const first = await run(countTo(2), { ...nothing, ifMatch: 1 });
    await run({ type: 'Count', by: 90 }, context('key-0003'));
    const source = (): CounterCommand => {
      throw new Error('judged again');
    };
    expect(await handler.execute(counterDecider, stream, source, { ...nothing, ifMatch: 1 })).toStrictEqual({
      ...first,
      replayed: true,
    });
  });

  it('with another body is a reused key, also when that one would change something', async () => {
    await run(countTo(2), nothing);
    expect(await run(countTo(9), { ...nothing, requestHash: 'another body' })).toStrictEqual({ outcome: 'key-reused' });
    expect(await recorded()).toHaveLength(2);
  });

  it('of another client, or on another object, is another request', async () => {
    await run(countTo(2), nothing);
    await run({ type: 'Count', by: 5 }, context('key-0003'));
    expect(await run(countTo(2), { ...nothing, client: 'portal' })).toMatchObject({ revision: 3, replayed: false });
    const other = uuid('count', 2);
    const elsewhere = `counter-${other}` as StreamId;
    await handler.execute(counterDecider, elsewhere, () => ({ ...start, counter: other }), context('key-0004'));
    expect(await handler.execute(counterDecider, elsewhere, () => countTo(1), nothing)).toMatchObject({
      events: [{ data: { by: 1 } }],
      replayed: false,
    });
  });

  it('is free when it was refused, or stale, or could not be kept', async () => {
    expect((await run(countTo(500), nothing)).outcome).toBe('rejected');
    expect((await run(countTo(2), { ...nothing, ifMatch: 0 })).outcome).toBe('stale');
    const away = keysWith({ put: () => Promise.reject(new StoreUnavailable('away')) });
    await expect(run(countTo(2), nothing, on(stores.events, away))).rejects.toThrow(StoreUnavailable);
    expect(await run(countTo(7), { ...nothing, requestHash: 'another body' })).toMatchObject({
      events: [{ data: { by: 5 } }],
      replayed: false,
    });
  });

  it('is not answered before its answer is kept for good', async () => {
    await run(countTo(2), nothing);
    expect(await stores.answeredKeys.find(keyId('key-0002'))).toMatchObject({
      settled: true,
      revision: 1,
      client: 'back-office',
      stream,
    });
  });
});

/** The keys of which some methods are others. */
const keysWith = (changes: Partial<AnsweredKeys>): AnsweredKeys => ({
  find: (...parts) => stores.answeredKeys.find(...parts),
  put: (...parts) => stores.answeredKeys.put(...parts),
  settle: (...parts) => stores.answeredKeys.settle(...parts),
  withdraw: (...parts) => stores.answeredKeys.withdraw(...parts),
  ...changes,
});

const signal = (): { readonly given: Promise<void>; readonly give: () => void } => {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
};

const keyId = (key: string): EventId =>
  derivedId('event', '00000099000000001000', 'back-office', stream, key, '0') as EventId;

describe('requests with one key at once, of which one finds nothing to change', () => {
  const countTo2 = { type: 'CountTo', total: 2 } as const;
  const key = context('key-0002');
  /** Somebody else's command comes in between, once. */
  const once = (work: () => Promise<unknown>) => {
    let done = false;
    return async (): Promise<void> => {
      if (done) return;
      done = true;
      await work();
    };
  };
  beforeEach(async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
  });

  it('are one answer, and one of them is the first', async () => {
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => run(countTo2, key)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ outcome: 'accepted', revision: 1, events: [] });
    expect(outcomes.filter((outcome) => outcome.outcome === 'accepted' && !outcome.replayed)).toHaveLength(1);
  });

  it('with two bodies are one answer and one reused key', async () => {
    const outcomes = await Promise.all([run(countTo2, key), run(countTo2, { ...key, requestHash: 'another body' })]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toStrictEqual(['accepted', 'key-reused']);
  });

  // The other one read the stream further, and looked for the key before it was claimed.
  it('the other one records, having read further: nobody is told that nothing changed', async () => {
    const between = once(async () => {
      await run({ type: 'Count', by: 5 }, context('key-0003'));
      await run(countTo2, key);
    });
    const claiming = keysWith({
      async put(answer) {
        await between();
        return stores.answeredKeys.put(answer);
      },
    });
    const outcome = await run(countTo2, key, on(stores.events, claiming));
    expect(outcome).toMatchObject({ events: [{ data: { by: -5 } }], revision: 3, replayed: true });
    expect(await run(countTo2, key)).toStrictEqual(outcome);
    expect(await recorded()).toHaveLength(4);
  });

  it('the other one is about to record, having read further: what is told is what is recorded', async () => {
    const [looked, claimed] = [signal(), signal()];
    const looking = keysWith({
      async find(id) {
        const found = await stores.answeredKeys.find(id);
        looked.give();
        return found;
      },
    });
    const appending = storeWith({
      async append(...parts) {
        await claimed.given;
        return stores.events.append(...parts);
      },
    });
    let other: ReturnType<typeof run> | undefined;
    const between = once(async () => {
      await run({ type: 'Count', by: 5 }, context('key-0003'));
      other = run(countTo2, key, on(appending, looking));
      await looked.given;
    });
    const claiming = keysWith({
      async put(answer) {
        await between();
        const claim = await stores.answeredKeys.put(answer);
        expect(claim).toBeDefined();
        claimed.give();
        return claim;
      },
    });
    const mine = await run(countTo2, key, on(stores.events, claiming));
    const theirs = await other!;
    for (const outcome of [mine, theirs])
      expect(outcome).toMatchObject({ events: [{ data: { by: -5 } }], revision: 3 });
    expect(await run(countTo2, key)).toMatchObject({ events: [{ data: { by: -5 } }], replayed: true });
    expect(await recorded()).toHaveLength(4);
  });

  it('the other one finds the claim of one that has to withdraw it: none is told what the claim says', async () => {
    const seen: unknown[] = [];
    const claiming = keysWith({
      async put(answer) {
        const claim = await stores.answeredKeys.put(answer);
        if (seen.length === 0) {
          await run({ type: 'Count', by: 5 }, context('key-0003'));
          seen.push(await run(countTo2, key));
        }
        return claim;
      },
    });
    const mine = await run(countTo2, key, on(stores.events, claiming));
    for (const outcome of [mine, ...seen])
      expect(outcome).toMatchObject({ events: [{ data: { by: -5 } }], revision: 3 });
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
    await expect(run(start, context('key-0001'), on(dying))).rejects.toThrow(AppendOutcomeUnknown);
    const retried = await run(start, context('key-0001'));
    expect(retried).toMatchObject({ outcome: 'accepted', revision: 0, replayed: true });
    expect(await recorded()).toHaveLength(1);
  });

  it('before the append: the retry is the first', async () => {
    const away = storeWith({ append: () => Promise.reject(new StoreUnavailable('away')) });
    await expect(run(start, context('key-0001'), on(away))).rejects.toThrow(StoreUnavailable);
    expect(await recorded()).toHaveLength(0);
    expect(await run(start, context('key-0001'))).toMatchObject({ outcome: 'accepted', replayed: false });
  });
});

describe('a process that ends while it keeps a key that changed nothing', () => {
  const countTo2 = { type: 'CountTo', total: 2 } as const;
  const dead = new StoreUnavailable('the process ended');
  const claimOnly = (): Promise<unknown> =>
    run(countTo2, context('key-0002'), on(stores.events, keysWith({ settle: () => Promise.reject(dead) })));
  beforeEach(async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    await expect(claimOnly()).rejects.toThrow(dead);
  });

  it('is made up for by the retry, while the object still stands there', async () => {
    expect(await run(countTo2, context('key-0002'))).toMatchObject({ revision: 1, events: [], replayed: true });
    await run({ type: 'Count', by: 5 }, context('key-0003'));
    expect(await run(countTo2, context('key-0002'))).toMatchObject({ revision: 1, events: [], replayed: true });
  });

  it('gave no answer: with the object moved on the retry is judged afresh', async () => {
    await run({ type: 'Count', by: 5 }, context('key-0003'));
    expect(await run(countTo2, context('key-0002'))).toMatchObject({ events: [{ data: { by: -5 } }], replayed: false });
  });

  it('after the answer was kept: the retry finds it', async () => {
    const lost = keysWith({
      async settle(answer) {
        await stores.answeredKeys.settle(answer);
        throw dead;
      },
    });
    await expect(run(countTo2, context('key-0004'), on(stores.events, lost))).rejects.toThrow(dead);
    await run({ type: 'Count', by: 5 }, context('key-0003'));
    expect(await run(countTo2, context('key-0004'))).toMatchObject({ revision: 1, events: [], replayed: true });
  });
});

describe('a store of events that was restored from an older backup than the keys', () => {
  it('has no answers of what it no longer holds: the key is judged afresh', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    await run({ type: 'CountTo', total: 2 }, context('key-0002'));
    const older = memoryStores(likeThisRun);
    const restored = commandHandler({ ...older, answeredKeys: stores.answeredKeys }, serializer);
    const other = { ...start, name: 'Pietersen' };
    await run(other, context('key-0009'), restored);
    const outcome = await run({ type: 'CountTo', total: 2 }, context('key-0002'), restored);
    expect(outcome).toMatchObject({ events: [{ data: { by: 2 } }], replayed: false });
    expect(await run({ type: 'CountTo', total: 2 }, context('key-0002'), restored)).toMatchObject({ replayed: true });
  });
});

describe('a command that is only to be answered again', () => {
  const again = (key: string) => context(key, { replayOnly: true });
  const knows = (key: string) => handler.knowsKey(stream, context(key));

  it('gets its first answer, whether that recorded something or not, and another body is a reused key', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    await run({ type: 'CountTo', total: 2 }, context('key-0002'));
    await run({ type: 'Count', by: 1 }, context('key-0003'));
    expect([await knows('key-0001'), await knows('key-0002')]).toEqual([true, true]);
    expect(await run({ type: 'Count', by: 9 }, again('key-0001'))).toMatchObject({ revision: 1, replayed: true });
    expect(await run({ type: 'Count', by: 9 }, again('key-0002'))).toMatchObject({ revision: 1, replayed: true });
    const other = { ...again('key-0002'), requestHash: 'another' };
    expect(await run({ type: 'Count', by: 9 }, other)).toEqual({ outcome: 'key-reused' });
  });

  it('is not decided on where nothing was answered, nor where a claim turns out to be of nothing', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    expect(await knows('key-0002')).toBe(false);
    await expect(run({ type: 'Count', by: 1 }, again('key-0002'))).rejects.toBeInstanceOf(NothingToReplay);
    const dying = on(storeWith({}), {
      find: (key) => stores.answeredKeys.find(key),
      put: async (answer) => {
        await stores.answeredKeys.put(answer);
        throw new Error('the process is gone');
      },
      settle: (answer) => stores.answeredKeys.settle(answer),
      withdraw: (answer) => stores.answeredKeys.withdraw(answer),
    });
    await expect(run({ type: 'CountTo', total: 2 }, context('key-0002'), dying)).rejects.toThrow('gone');
    await run({ type: 'Count', by: 1 }, context('key-0003'));
    expect(await knows('key-0002')).toBe(true);
    const before = await recorded();
    await expect(run({ type: 'CountTo', total: 9 }, again('key-0002'))).rejects.toBeInstanceOf(NothingToReplay);
    expect(await recorded()).toEqual(before);
  });
});

describe('a store that goes back under a command', () => {
  /** As another process that has seen nothing of what is lost: its readings notice nothing. */
  const unsuspecting = (): EventStore => stores.another().events;
  /** What stands in the place of the second event from then on. */
  const goBack = async (): Promise<void> => {
    stores.putBack({ events: nth(1) });
    await run({ type: 'Count', by: 7 }, context('rival'), commandHandler(stores.another(), serializer));
  };

  it('makes no answer of a claim: its history is as long and is another one', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    const { answeredKeys } = stores;
    let claimed: EventId | undefined;
    const through = on(storeWith({ readStream: unsuspecting().readStream.bind(unsuspecting()) }), {
      find: (key) => answeredKeys.find(key),
      settle: (answer) => answeredKeys.settle(answer),
      withdraw: (answer) => answeredKeys.withdraw(answer),
      async put(answer) {
        const claim = await answeredKeys.put(answer);
        claimed = answer.key;
        await goBack();
        return claim;
      },
    });
    await expect(run({ type: 'CountTo', total: 2 }, context('key-0002'), through)).rejects.toBeInstanceOf(
      LineageBroken,
    );
    expect(await answeredKeys.find(claimed!)).toMatchObject({ settled: false });
  });

  it('gives no answer of an append that stood there and does not any more', async () => {
    const other = unsuspecting();
    const through = on(
      storeWith({
        readStream: (...parts) => other.readStream(...parts),
        async append(...parts) {
          const appended = await stores.events.append(...parts);
          stores.putBack({ events: START });
          return { ...appended, repeated: true };
        },
      }),
    );
    await expect(run(start, context('key-0001'), through)).rejects.toBeInstanceOf(LineageBroken);
  });
});

describe('an object that is loaded', () => {
  it('stands at no stream before anything is recorded', async () => {
    expect(await handler.load(counterDecider, stream)).toStrictEqual({
      state: { status: 'none' },
      history: [],
      revision: 'no-stream',
      position: START,
    });
  });

  it('comes with its history, revision and position', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    expect(await handler.load(counterDecider, stream)).toMatchObject({
      state: { status: 'started', total: 2 },
      revision: 1,
      position: nth(2),
      history: [{ type: 'CounterStarted' }, { type: 'Counted' }],
    });
  });

  it('is the same when many are loaded together, fifty for each reading of the store', async () => {
    await run({ ...start, counts: [2] }, context('key-0001'));
    const readings: number[] = [];
    const counting = on(
      storeWith({
        readStream: () => Promise.reject(new Error('read one by one')),
        readStreams(streams) {
          readings.push(streams.length);
          return stores.events.readStreams(streams);
        },
      }),
    );
    const streams = Array.from({ length: 120 }, (_, index) => `counter-${uuid('count', 100 + index)}` as StreamId);
    const loaded = await counting.loadAll(counterDecider, [...streams, stream]);
    expect(loaded).toHaveLength(121);
    expect(loaded.at(-1)).toStrictEqual(await handler.load(counterDecider, stream));
    expect(loaded[0]).toStrictEqual(await handler.load(counterDecider, streams[0]!));
    expect(readings).toEqual([50, 50, 21]);
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

  it('is not met by another step of the same process on the same object', async () => {
    await run(start, context('key-0001'));
    expect(await run({ type: 'Count', by: 1 }, step('cause'))).toMatchObject({ outcome: 'accepted', replayed: false });
    const next = await run({ type: 'Count', by: 2 }, step('another cause'));
    expect(next).toMatchObject({ outcome: 'accepted', revision: 2, replayed: false });
  });

  it('does not take for its own what a client recorded under that id', async () => {
    await run(start, context('key-0001'));
    const named = context('cause', { client: PROCESS, actor: { client: PROCESS }, requestHash: 'hash of cause' });
    await run({ type: 'Count', by: 1 }, named);
    expect(await run({ type: 'Count', by: 2 }, step('cause'))).toMatchObject({ revision: 2, replayed: false });
  });
});
