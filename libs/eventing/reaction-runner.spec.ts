import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { memoryStores } from '#libs/adapters/memory';
import { until, uuid } from '#libs/testing';
import {
  CannotApply,
  MessageParked,
  publishedText,
  publishedType,
  reactionRunner,
  sequenceOf,
  sourceOf,
  StoreUnavailable,
  topicOf,
  type ArrivedMessage,
  type ParkedMessages,
  type PublishedEvent,
  type ReactionRunner,
} from './index.js';

const HERE = { source: sourceOf('00000099000000001000'), store: uuid('store') };
const A = `counter-${uuid('a')}`;
const B = `counter-${uuid('b')}`;

const eventOf = (stream: string, number: number, changes: Partial<PublishedEvent> = {}): PublishedEvent => ({
  specversion: '1.0',
  id: uuid(stream === A ? 'a' : 'b', number + 1),
  source: HERE.source,
  type: publishedType('Counted', 1),
  subject: stream,
  time: '2026-11-29T10:00:00.000Z' as PublishedEvent['time'],
  datacontenttype: 'application/json',
  sequence: sequenceOf(1, BigInt(number)),
  partitionkey: stream,
  data: {
    ...{ store: HERE.store, stream, revision: number, type: 'Counted', schemaVersion: 1 },
    ...{ correlationId: 'c', actor: { system: 'test' }, data: { by: number } },
  },
  ...changes,
});
const messageOf = (stream: string, number: number, changes: Partial<ArrivedMessage> = {}): ArrivedMessage => ({
  topic: topicOf('counter'),
  place: `0/${stream === A ? 'a' : 'b'}${number}`,
  key: stream,
  bytes: Buffer.from(publishedText(eventOf(stream, number))),
  ...changes,
});

describe('a reaction', () => {
  let parked: ParkedMessages;
  let runners: ReactionRunner[];
  let troubles: unknown[];
  /** What was taken, in order. */
  let taken: string[];
  /** Why events of these numbers fail, for as long as they stand here. */
  let failing: Map<string, () => Error>;
  beforeEach(() => {
    parked = memoryStores().parkedMessages;
    [runners, troubles, taken, failing] = [[], [], [], new Map()];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
  });

  const nameOf = ({ subject, data }: PublishedEvent): string => `${subject === A ? 'a' : 'b'}${data.revision}`;
  const start = (store = parked): ReactionRunner => {
    const runner = reactionRunner(
      {
        name: 'letters',
        async react(event) {
          const error = failing.get(nameOf(event));
          if (error !== undefined) throw error();
          taken.push(nameOf(event));
        },
      },
      {
        ...{ parked: store, here: HERE },
        versionOf: (type) => (type === 'Counted' ? 1 : undefined),
        onTrouble: (_name, error) => void troubles.push(error),
      },
    );
    runner.takeOver(() => true);
    runners.push(runner);
    return runner;
  };
  const never = (): Error => new CannotApply('nobody to write to', 1n, 'Counted');
  const listed = async (): Promise<string[]> =>
    (await parked.list('letters')).map(({ place, state, reason }) => `${place} ${state}: ${reason}`);

  it('takes messages of one key one after another, and those of others beside them', async () => {
    const open = new Map<string, () => void>();
    const runner = reactionRunner(
      {
        name: 'letters',
        react: (event) => new Promise((resolve) => open.set(nameOf(event), resolve)),
      },
      { parked, here: HERE, versionOf: () => 1 },
    );
    runners.push(runner);
    const deliveries = [messageOf(A, 0), messageOf(A, 1), messageOf(B, 0)].map((each) => runner.deliver(each));
    await until('both keys are at work', () => open.has('a0') && open.has('b0'));
    expect(open.has('a1')).toBe(false);
    open.get('a0')!();
    await until('the next of the key is at work', () => open.has('a1'));
    open.get('a1')!();
    open.get('b0')!();
    await Promise.all(deliveries);
  });

  it.each([
    ['a sign that ends texts', 'counter-\u0000'],
    ['signs that terminals obey', 'counter-\u001b[2J'],
    ['no sign at all', ''],
    ['more signs than an index takes', 'x'.repeat(3_000)],
  ])('keeps a message whose key has %s under its place', async (_, key) => {
    await start().deliver(messageOf(A, 0, { key }));
    const [message] = await parked.list('letters');
    expect(message).toMatchObject({ key: `${topicOf('counter')}/0/a0`, state: 'failed' });
    expect(taken).toEqual([]);
  });

  it('says no word of a type that no event of ours can have', async () => {
    const odd = 'Counted\u0000\u001b[2J';
    const event = eventOf(A, 0);
    const bytes = Buffer.from(
      publishedText({ ...event, type: publishedType(odd, 1), data: { ...event.data, type: odd } }),
    );
    await start().deliver(messageOf(A, 0, { bytes }));
    expect(await listed()).toEqual([expect.stringContaining('a CloudEvent, but none of the register')]);
  });

  it('puts aside at once what says that it can never succeed, and what comes later with its key behind it', async () => {
    failing.set('a0', never);
    const runner = start();
    for (const each of [messageOf(A, 0), messageOf(A, 1), messageOf(B, 0), messageOf(A, 2)]) await runner.deliver(each);
    expect(taken).toEqual(['b0']);
    expect(await listed()).toEqual([
      '0/a0 failed: nobody to write to',
      '0/a1 waiting: stands behind another parked message of its key',
      '0/a2 waiting: stands behind another parked message of its key',
    ]);
    expect(runner.parked()).toBe(3);
    expect(troubles.map(String)).toEqual([
      `MessageParked: ${topicOf('counter')} 0/a0 of ${A}: nobody to write to (npm run parked -- list)`,
    ]);
    expect(troubles[0]).toBeInstanceOf(MessageParked);
  });

  it('keeps the bytes as they came', async () => {
    const bytes = Buffer.from([0, 255, 10, 123]);
    await start().deliver(messageOf(A, 0, { bytes }));
    const head = await parked.head('letters', A);
    expect(Buffer.from(head!.bytes).equals(bytes)).toBe(true);
  });

  it('goes on, in order, with what a person released, and with what stood behind it', async () => {
    failing.set('a0', never);
    const runner = start();
    for (const number of [0, 1, 2]) await runner.deliver(messageOf(A, number));
    const [head] = await parked.list('letters');
    failing.clear();
    await parked.release('letters', head!.id);
    await until('all of it was taken', () => taken.length === 3);
    await until('nothing is parked', () => runner.parked() === 0);
    await runner.deliver(messageOf(A, 3));
    expect(taken).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(await listed()).toEqual([]);
  });

  it('goes on with what stood behind a message that a person dropped', async () => {
    failing.set('a0', never);
    const runner = start();
    for (const number of [0, 1]) await runner.deliver(messageOf(A, number));
    const [head] = await parked.list('letters');
    await parked.remove('letters', head!.id);
    await until('what stood behind it was taken', () => taken.length === 1);
    await until('nothing is parked', () => runner.parked() === 0);
    expect(taken).toEqual(['a1']);
  });

  it('puts a released message that fails again back in its place, and nothing overtakes it', async () => {
    failing.set('a0', never);
    const runner = start();
    for (const number of [0, 1]) await runner.deliver(messageOf(A, number));
    failing.set('a0', () => new CannotApply('still nobody', 1n, 'Counted'));
    await parked.release('letters', (await parked.list('letters'))[0]!.id);
    await until('it failed again', async () => (await listed())[0] === '0/a0 failed: still nobody');
    expect((await listed())[1]).toMatch(/^0\/a1 waiting/);
    expect(taken).toEqual([]);
  });

  it('tries a failure that is nobody’s word six times before the message is put aside', async () => {
    let tries = 0;
    failing.set('a0', () => {
      tries += 1;
      return new TypeError('Mr. Jansen is undefined');
    });
    await start().deliver(messageOf(A, 0));
    expect(tries).toBe(6);
    expect(await listed()).toEqual(['0/a0 failed: failed 6 times (TypeError)']);
  });

  it('never puts aside what fails because something is away, pauses longer and longer, and says that it lives', async () => {
    const moments: number[] = [];
    failing.set('a0', () => {
      moments.push(performance.now());
      if (moments.length === 5) failing.clear();
      return new StoreUnavailable('away');
    });
    let signs = 0;
    await start().deliver(messageOf(A, 0), async () => void (signs += 1));
    expect(taken).toEqual(['a0']);
    // The longest of the five pauses has more than a second.
    expect(signs).toBe(6);
    expect(await listed()).toEqual([]);
    const pauses = moments.slice(1).map((moment, index) => moment - moments[index]!);
    // By the timers' own precision, a pause may be a little shorter.
    [100, 200, 400, 800].forEach((least, index) => expect(pauses[index]).toBeGreaterThan(least - 5));
    expect(troubles).toHaveLength(5);
  });

  it('leaves the message with whoever delivered when that one is not let wait', async () => {
    failing.set('a0', () => new StoreUnavailable('away'));
    const rebalanced = new Error('the group is rebalancing');
    const delivery = start().deliver(messageOf(A, 0), () => Promise.reject(rebalanced));
    await expect(delivery).rejects.toBe(rebalanced);
    expect([taken, await listed()]).toEqual([[], []]);
  });

  it('waits until what it puts aside is durable', async () => {
    let refusals = 3;
    const store: ParkedMessages = {
      ...{ list: parked.list.bind(parked), heads: parked.heads.bind(parked), head: parked.head.bind(parked) },
      ...{ release: parked.release.bind(parked), remove: parked.remove.bind(parked) },
      park: async (message) => {
        if (refusals-- > 0) throw new StoreUnavailable('away');
        await parked.park(message);
      },
    };
    failing.set('a0', never);
    await start(store).deliver(messageOf(A, 0));
    expect(await listed()).toEqual(['0/a0 failed: nobody to write to']);
  });

  it('lets nothing overtake what another process has parked when it takes over', async () => {
    failing.set('a0', never);
    await start().deliver(messageOf(A, 0));
    await runners[0]!.stop();
    failing.clear();
    const next = start();
    await next.deliver(messageOf(A, 1));
    expect(await listed()).toEqual([
      '0/a0 failed: nobody to write to',
      '0/a1 waiting: stands behind another parked message of its key',
    ]);
    expect(next.parked()).toBe(2);
  });

  it('is not misled by a look that was under way while it parked', async () => {
    let hold: Promise<void> | undefined;
    let isLooking = false;
    const store: ParkedMessages = {
      ...{ list: parked.list.bind(parked), park: parked.park.bind(parked), head: parked.head.bind(parked) },
      ...{ release: parked.release.bind(parked), remove: parked.remove.bind(parked) },
      heads: async (reaction) => {
        const heads = await parked.heads(reaction);
        isLooking = hold !== undefined;
        await hold;
        return heads;
      },
    };
    let refuse: (() => void) | undefined;
    const runner = reactionRunner(
      {
        name: 'letters',
        react: (event) =>
          nameOf(event) === 'a0'
            ? new Promise((_, reject) => (refuse = () => reject(never())))
            : Promise.resolve(void taken.push(nameOf(event))),
      },
      { parked: store, here: HERE, versionOf: () => 1 },
    );
    runners.push(runner);
    const first = runner.deliver(messageOf(A, 0));
    await until('the first is at work', () => refuse !== undefined);
    let release = (): void => undefined;
    runner.takeOver(() => true);
    hold = new Promise((resolve) => (release = resolve));
    const other = runner.deliver(messageOf(B, 0));
    await until('a look is under way', () => isLooking);
    refuse!();
    await first;
    hold = undefined;
    release();
    await other;
    await runner.deliver(messageOf(A, 1));
    expect(taken).toEqual(['b0']);
    expect(runner.parked()).toBe(2);
  });

  it('leaves alone what is parked of keys that another process has', async () => {
    failing.set('a0', never);
    const runner = start();
    runner.takeOver(({ key }) => key !== A);
    await runner.deliver(messageOf(A, 0));
    failing.clear();
    await parked.release('letters', (await parked.list('letters'))[0]!.id);
    failing.set('b0', never);
    await runner.deliver(messageOf(B, 0));
    failing.clear();
    await parked.release('letters', (await parked.list('letters'))[1]!.id);
    await until('its own was taken', () => taken.length === 1);
    expect(taken).toEqual(['b0']);
    expect(await listed()).toEqual(['0/a0 released: nobody to write to']);
  });

  it('waits for a person at each that failed, also where two of one key did', async () => {
    const aside = (number: number) => {
      const { topic, place, key, bytes } = messageOf(A, number);
      const { id } = eventOf(A, number);
      return {
        reaction: 'letters',
        id,
        topic,
        place,
        key,
        bytes,
        reason: 'nobody to write to',
        state: 'failed' as const,
      };
    };
    // As two processes leave them of which the second did not know yet what the first had put aside.
    for (const number of [0, 1]) await parked.park(aside(number));
    await parked.release('letters', aside(0).id);
    start();
    await until('the first was taken', async () => (await parked.list('letters')).length === 1);
    failing.set('b0', never);
    await runners[0]!.deliver(messageOf(B, 0));
    failing.clear();
    await parked.release('letters', eventOf(B, 0).id);
    await until('a later look has found another', () => taken.includes('b0'));
    expect(taken).toEqual(['a0', 'b0']);
    expect(await listed()).toEqual(['0/a1 failed: nobody to write to']);
  });

  it.each([
    ['no event', Buffer.from('hello'), /^0\/a0 failed: no CloudEvent .* who writes to this topic/],
    ['an event of another store', eventOf(A, 0, { source: sourceOf('00000099000000002000') }), /another store/],
    ['an event under another key', eventOf(B, 0), /under a key, or in a topic, that is not its own/],
    [
      'an event of an unknown type',
      eventOf(A, 0, { type: publishedType('Burnt', 1), data: { ...eventOf(A, 0).data, type: 'Burnt' } }),
      /nl\.eherkenning\.burnt\.v1 is unknown here: replay it once it is/,
    ],
    [
      'an event of a newer version',
      eventOf(A, 0, { type: publishedType('Counted', 2), data: { ...eventOf(A, 0).data, schemaVersion: 2 } }),
      /nl\.eherkenning\.counted\.v2 is newer than what is known here/,
    ],
  ])('puts aside %s, with what to do, and goes on with other keys', async (_what, what, why) => {
    const bytes = what instanceof Buffer ? what : Buffer.from(publishedText(what as PublishedEvent));
    const runner = start();
    await runner.deliver(messageOf(A, 0, { bytes }));
    await runner.deliver(messageOf(B, 0));
    expect(taken).toEqual(['b0']);
    expect(await listed()).toEqual([expect.stringMatching(why)]);
  });

  it('puts aside an event in a topic that is not its own', async () => {
    await start().deliver(messageOf(A, 0, { topic: topicOf('person') }));
    expect(await listed()).toEqual([expect.stringMatching(/in a topic, that is not its own/)]);
  });

  it('ends in good order: what is under way is finished, what waits stays with whoever delivered', async () => {
    failing.set('a0', () => new StoreUnavailable('away'));
    const runner = start();
    const waiting = runner.deliver(messageOf(A, 0));
    const refused = expect(waiting).rejects.toMatchObject({ name: 'ReactionStopped' });
    await until('it was tried', () => troubles.length > 0);
    await runner.stop();
    await refused;
    await expect(runner.deliver(messageOf(B, 0))).rejects.toMatchObject({ name: 'ReactionStopped' });
    expect([taken, await listed()]).toEqual([[], []]);
  });
});
