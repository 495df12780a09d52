import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DueItem } from '#libs/eventing';
import { commandContext } from '#libs/application';
import { webhookSubscriptionDecider } from '#libs/domain';
import { later, streamId } from '#libs/kernel';
import type { Json } from './support/api.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';

const ADDRESS = 'https://receiver.example/hook?token=a-secret-of-the-address';
const TYPES = ['AuthorizationRevoked', 'MeansRevoked'];
const PATH = '/v1/webhook-subscriptions';

let suite: MemorySuite;
let governance: Client;
beforeAll(async () => {
  suite = await startMemorySuite();
  governance = await suite.client('governance');
});
afterAll(() => suite.end());

const bodyOf = (more: Json = {}): Json => ({ address: ADDRESS, eventTypes: TYPES, ...more });
const subscribe = async (more: Json = {}): Promise<Json> =>
  having(await governance.command(PATH, bodyOf(more)), 201).body;
const pathOf = ({ id }: Json): string => `${PATH}/${String(id)}`;
const show = async (subscription: Json): Promise<Json> => having(await governance.get(pathOf(subscription)), 200).body;
const command = (subscription: Json, what: string, body: Json = {}, key = freshKey()): Promise<Answer> =>
  governance.command(`${pathOf(subscription)}/${what}`, body, key);
const ended = async (): Promise<Json> => {
  const subscription = await subscribe();
  having(await command(subscription, 'endings'), 200);
  return subscription;
};

async function writesNothing(ask: () => Promise<Answer>, status: number, code?: string): Promise<Answer> {
  const before = await suite.stores.feed.head();
  const answer = having(await ask(), status);
  expect(await suite.stores.feed.head()).toBe(before);
  if (code !== undefined) expect(answer.body['code']).toBe(code);
  return answer;
}

describe('a webhook subscription', () => {
  it('is made with a secret that is shown then, to a retry as well, and never again', async () => {
    const key = freshKey();
    const made = having(await governance.command(PATH, bodyOf(), key), 201);
    expect(made.headers.get('location')).toBe(pathOf(made.body));
    expect(made.headers.get('etag')).toBe('"0"');
    expect(made.body).toMatchObject({ status: 'active', address: ADDRESS, eventTypes: TYPES });
    expect(made.body['secret']).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const again = having(await governance.command(PATH, bodyOf(), key), 201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(made.body);
    const { secret, position, ...object } = made.body;
    expect(await show(made.body)).toEqual(object);
    const list = having(await governance.ask(`${PATH}/_search`, { after: position }), 200).body;
    const { address, ...listed } = object;
    expect(list['items']).toContainEqual(listed);
    for (const text of [JSON.stringify(list), JSON.stringify(await show(made.body))]) {
      expect(text).not.toContain(String(secret));
    }
    expect(JSON.stringify(list)).not.toContain(String(address));
  });

  it('lies sealed in the store, address and secret', async () => {
    const { id, secret } = await subscribe();
    const [event] = await suite.stores.events.readStream(`webhookSubscription-${String(id)}` as never);
    expect(event!.bytes).toContain('"eventTypes":["AuthorizationRevoked","MeansRevoked"]');
    for (const hidden of [String(secret), ADDRESS, 'receiver.example', 'a-secret-of-the-address']) {
      expect(event!.bytes).not.toContain(hidden);
    }
  });

  it('does not take the same key for another body', async () => {
    const key = freshKey();
    having(await governance.command(PATH, bodyOf(), key), 201);
    await writesNothing(
      () => governance.command(PATH, bodyOf({ eventTypes: ['MeansRevoked'] }), key),
      409,
      'idempotency-key-reused',
    );
  });

  it.each<[string, Json, readonly string[]]>([
    ['nothing at all', { address: undefined, eventTypes: undefined }, ['/address required', '/eventTypes required']],
    ['no types', { eventTypes: [] }, ['/eventTypes invalid-value']],
    ['a type that receivers are not told of', { eventTypes: ['CheckRecorded'] }, ['/eventTypes invalid-value']],
    ['a type twice', { eventTypes: ['MeansRevoked', 'MeansRevoked'] }, ['/eventTypes invalid-value']],
    ['a secret of its own', { secret: 'whsec_AAAA' }, ['/secret unknown-member']],
    ['no address', { address: 'receiver.example' }, ['/address invalid-value']],
    ['an address of another kind', { address: 'ftp://receiver.example' }, ['/address invalid-value']],
    ['a long address', { address: `https://receiver.example/${'a'.repeat(2_000)}` }, ['/address invalid-value']],
    ['a blank in the address', { address: 'https://receiver.example/ a' }, ['/address invalid-value']],
    ['plain http', { address: 'http://receiver.example/' }, ['/address webhook-address-refused']],
    ['an address with a password', { address: 'https://a:b@receiver.example/' }, ['/address webhook-address-refused']],
    ['this machine', { address: 'https://127.1/' }, ['/address webhook-address-refused']],
    ['metadata of a cloud', { address: 'https://169.254.169.254/' }, ['/address webhook-address-refused']],
    ['this machine mapped', { address: 'https://[::ffff:7f00:1]/' }, ['/address webhook-address-refused']],
    [
      'everything at once',
      { address: 'nowhere', eventTypes: ['X'], more: 1 },
      ['/address invalid-value', '/eventTypes invalid-value', '/more unknown-member'],
    ],
  ])('is refused with %s', async (_what, more, faults) => {
    const answer = await writesNothing(() => governance.command(PATH, bodyOf(more)), 400);
    expect(faultsOf(answer)).toEqual(faults);
    const subscription = await subscribe();
    if (faults.some((fault) => fault.endsWith('webhook-address-refused')) && faults.length === 1) {
      const changing = await writesNothing(() => command(subscription, 'changes', { address: more['address'] }), 400);
      expect(changing.body['code']).toBe('webhook-address-refused');
    }
  });

  it('is for governance only', async () => {
    const subscription = await subscribe();
    const others = await Promise.all((['supplier', 'network', 'operations', 'auditor'] as const).map(suite.client));
    for (const other of others) {
      having(await other.command(PATH, bodyOf()), 403);
      having(await other.get(pathOf(subscription)), 403);
      having(await other.ask(`${PATH}/_search`, {}), 403);
      having(await other.ask(`${pathOf(subscription)}/deliveries/_search`, {}), 403);
      for (const what of ['changes', 'secrets', 'endings', 'resumptions', 'delivery-retries', 'delivery-drops']) {
        having(await other.command(`${pathOf(subscription)}/${what}`, {}), 403);
      }
    }
  });

  it('is found by how it stands and by a type, newest first', async () => {
    const [one, two] = [await subscribe({ eventTypes: ['PartyCorrected'] }), await ended()];
    const { position } = having(await command(one, 'changes', { eventTypes: ['PartyRegistered'] }), 200).body;
    const ids = async (filter: Json): Promise<readonly unknown[]> => {
      const { items } = having(await governance.ask(`${PATH}/_search`, { ...filter, after: position, limit: 100 }), 200)
        .body as { items: readonly Json[] };
      return items.map(({ id }) => id);
    };
    expect(await ids({ eventType: 'PartyRegistered' })).toEqual([one['id']]);
    expect(await ids({ eventType: 'PartyCorrected' })).toEqual([]);
    expect((await ids({ status: 'ended' }))[0]).toBe(two['id']);
    expect(await ids({ status: 'active' })).not.toContain(two['id']);
    expect(
      faultsOf(having(await governance.ask(`${PATH}/_search`, { status: 'asleep', eventType: 'X' }), 400)),
    ).toEqual(['/eventType invalid-value', '/status invalid-value']);
  });

  it('changes what is named, and nothing when that is so already', async () => {
    const made = await subscribe();
    const key = freshKey();
    const changes = { address: 'https://other.example/', eventTypes: ['PartyCorrected'] };
    const changed = having(await command(made, 'changes', changes, key), 200);
    expect(changed.headers.get('etag')).toBe('"1"');
    expect(changed.body).toMatchObject(changes);
    expect(changed.body).not.toHaveProperty('secret');
    expect(having(await command(made, 'changes', changes, key), 200).body).toEqual(changed.body);
    await writesNothing(() => command(made, 'changes', changes), 200);
    expect(having(await command(made, 'changes', { eventTypes: TYPES }), 200).body).toMatchObject({
      address: 'https://other.example/',
      eventTypes: TYPES,
    });
    expect(having(await command(made, 'changes', changes, key), 200).body).toEqual(changed.body);
    const nothing = await writesNothing(() => command(made, 'changes', {}), 400);
    expect(nothing.body['code']).toBe('required');
  });

  it('gets another secret, which is shown once, beside the one before for as long as is wanted', async () => {
    const made = await subscribe();
    const key = freshKey();
    const rotated = having(await command(made, 'secrets', {}, key), 200);
    expect(rotated.body['secret']).toMatch(/^whsec_/);
    expect(rotated.body['secret']).not.toBe(made['secret']);
    const until24 = Date.parse(String(rotated.body['earlierSecretUntil'])) - Date.now();
    expect(Math.abs(until24 - 24 * 3_600_000)).toBeLessThan(60_000);
    expect(having(await command(made, 'secrets', {}, key), 200).body).toEqual(rotated.body);
    const next = having(await command(made, 'secrets', { overlapHours: 0 }), 200);
    expect(next.body['secret']).not.toBe(rotated.body['secret']);
    expect(Date.parse(String(next.body['earlierSecretUntil']))).toBeLessThanOrEqual(Date.now());
    expect(having(await command(made, 'secrets', {}, key), 200).body).toEqual(rotated.body);
    for (const overlapHours of [-1, 169, 1.5]) {
      const answer = await writesNothing(() => command(made, 'secrets', { overlapHours }), 400);
      expect(faultsOf(answer)).toEqual(['/overlapHours invalid-value']);
    }
    expect(await show(made)).not.toHaveProperty('secret');
  });

  it('ends for good', async () => {
    const made = await subscribe();
    expect(having(await command(made, 'endings'), 200).body).toMatchObject({ status: 'ended' });
    await writesNothing(() => command(made, 'endings'), 200);
    const others: readonly (readonly [string, Json])[] = [
      ['changes', { eventTypes: ['PartyCorrected'] }],
      ['secrets', {}],
      ['resumptions', {}],
      ['delivery-retries', { event: NOBODY }],
      ['delivery-drops', { event: NOBODY }],
    ];
    for (const [what, body] of others) {
      await writesNothing(() => command(made, what, body), 409, 'webhook-subscription-ended');
    }
    expect(await show(made)).toMatchObject({ status: 'ended', address: ADDRESS });
  });

  it('shows that nobody can read it any more, takes nothing new, and can be ended', async () => {
    const key = freshKey();
    const made = having(await governance.command(PATH, bodyOf(), key), 201).body;
    suite.destroyKey({ kind: 'webhookSubscription', id: String(made['id']) });
    const shown = await show(made);
    expect(shown).toMatchObject({ status: 'active', unreadable: true, eventTypes: TYPES });
    expect(shown).not.toHaveProperty('address');
    // Nor is its secret made anew for a retry.
    await writesNothing(() => governance.command(PATH, bodyOf(), key), 410, 'erased');
    const others: readonly (readonly [string, Json])[] = [
      ['changes', { address: 'https://other.example/' }],
      ['secrets', {}],
      ['resumptions', {}],
      ['delivery-retries', { event: NOBODY }],
    ];
    for (const [what, body] of others) await writesNothing(() => command(made, what, body), 410, 'erased');
    await writesNothing(() => command(made, 'delivery-drops', { event: NOBODY }), 400, 'unknown-delivery');
    const over = freshKey();
    const answer = having(await command(made, 'endings', {}, over), 200);
    expect(answer.body).toMatchObject({ status: 'ended', unreadable: true });
    expect(having(await command(made, 'endings', {}, over), 200).body).toEqual(answer.body);
  });

  it('is changed at the revision that the caller has seen, or not', async () => {
    const made = await subscribe();
    const send = (etag: string) =>
      governance.command(`${pathOf(made)}/changes`, { eventTypes: ['PartyCorrected'] }, freshKey(), {
        'if-match': etag,
      });
    await writesNothing(() => send('"7"'), 412);
    having(await send('"0"'), 200);
  });

  it('that never was is not found, and gets no key', async () => {
    const nobody = { id: NOBODY };
    having(await governance.get(pathOf(nobody)), 404);
    having(await governance.ask(`${pathOf(nobody)}/deliveries/_search`, {}), 404);
    const all: readonly (readonly [string, Json])[] = [
      ['changes', { eventTypes: ['PartyCorrected'] }],
      ['secrets', {}],
      ['endings', {}],
      ['resumptions', {}],
      ['delivery-retries', { event: NOBODY }],
      ['delivery-drops', { event: NOBODY }],
    ];
    for (const [what, body] of all) {
      await writesNothing(() => command(nobody, what, body), 404, 'no-such-webhook-subscription');
    }
  });
});

describe('as many subscriptions as there may be', () => {
  let full: MemorySuite;
  let clerk: Client;
  beforeAll(async () => {
    full = await startMemorySuite();
    clerk = await full.client('governance');
  });
  afterAll(() => full.end());

  it('are no more, however many are asked for at once, until one ends', async () => {
    const keys = Array.from({ length: 104 }, freshKey);
    const answers = await Promise.all(keys.map((key) => clerk.command(PATH, bodyOf(), key)));
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status === 409);
    expect([made.length, refused.length]).toEqual([100, 4]);
    expect([refused[0]!.body['code'], refused[0]!.body['errors']]).toEqual([
      'too-many-webhook-subscriptions',
      [expect.objectContaining({ code: 'too-many-webhook-subscriptions', most: 100 })],
    ]);
    const first = answers.indexOf(made[0]!);
    const again = having(await clerk.command(PATH, bodyOf(), keys[first]!), 201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    // The key of the refused one is free.
    const free = keys[answers.indexOf(refused[0]!)]!;
    having(await clerk.command(PATH, bodyOf(), free), 409);
    having(await clerk.command(`${pathOf(made[1]!.body)}/endings`, {}), 200);
    having(await clerk.command(PATH, bodyOf(), free), 201);
    having(await clerk.command(PATH, bodyOf()), 409);

    const ids: unknown[] = [];
    for (let cursor: unknown; ;) {
      const asked = { limit: 40, ...(cursor === undefined ? {} : { cursor }) };
      const page = having(await clerk.ask(`${PATH}/_search`, asked), 200).body as {
        items: readonly Json[];
        next: unknown;
      };
      ids.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect([ids.length, new Set(ids).size]).toEqual([101, 101]);
  });
});

describe('the deliveries of a subscription', () => {
  const event = (number: number): string => `5e6f7a8b-0000-4000-8000-${String(number).padStart(12, '0')}`;
  /** Deliveries that nobody attempts yet. */
  const waiting = async ({ id }: Json, count: number): Promise<readonly DueItem[]> => {
    const items = Array.from({ length: count }, (_, index) => ({
      kind: 'webhook-delivery',
      id: `${String(id)}/${event(index)}`,
      group: `${String(id)}/authorization-1`,
      lane: String(id),
      dueAt: later(suite.backbone.now(), 3_600_000),
      payload: { event: event(index), type: 'AuthorizationRevoked', text: '{}' },
    }));
    await suite.stores.dueWork.enqueue(items);
    return items;
  };
  const deliveries = async (subscription: Json, body: Json = {}): Promise<Json & { items: readonly Json[] }> =>
    having(await governance.ask(`${pathOf(subscription)}/deliveries/_search`, body), 200).body as never;

  it('are listed newest first, page by page and by how they stand', async () => {
    const made = await subscribe();
    expect(await deliveries(made)).toEqual({ items: [], next: null });
    const items = await waiting(made, 5);
    await suite.stores.dueWork.park(items[0]!, 'answered 500');
    await suite.stores.dueWork.again(items[1]!, items[1]!.dueAt, 'answered 503');
    const first = await deliveries(made, { limit: 3 });
    expect(first.items.map((one) => one['event'])).toEqual([event(4), event(3), event(2)]);
    const second = await deliveries(made, { limit: 3, cursor: first['next'] });
    expect(second).toEqual({
      items: [
        {
          ...{ event: event(1), eventType: 'AuthorizationRevoked', state: 'waiting', failures: 1 },
          ...{ since: items[1]!.dueAt, dueAt: items[1]!.dueAt, reason: 'answered 503' },
        },
        {
          ...{ event: event(0), eventType: 'AuthorizationRevoked', state: 'parked', failures: 0 },
          ...{ since: items[0]!.dueAt, reason: 'answered 500' },
        },
      ],
      next: null,
    });
    expect((await deliveries(made, { state: 'parked' })).items).toHaveLength(1);
    const bad = await governance.ask(`${pathOf(made)}/deliveries/_search`, { state: 'lost', limit: 0 });
    expect(faultsOf(having(bad, 400))).toEqual(['/limit invalid-value', '/state invalid-value']);
    const foreign = await governance.ask(`${pathOf(await subscribe())}/deliveries/_search`, { cursor: first['next'] });
    expect(faultsOf(having(foreign, 400))).toEqual(['/cursor invalid-cursor']);
  });

  it('are tried again when they are parked, once for each request', async () => {
    const made = await subscribe();
    const [item] = await waiting(made, 1);
    const find = async () => (await suite.stores.dueWork.find(item!))!;
    const body = { event: event(0) };
    await writesNothing(() => command(made, 'delivery-retries', body), 409, 'delivery-not-parked');
    await suite.stores.dueWork.park(item!, 'answered 500');
    // By the clock of the register its moment has passed.
    suite.pass(2 * 3_600_000);
    const key = freshKey();
    const answer = having(await command(made, 'delivery-retries', body, key), 200);
    expect(answer.body).toMatchObject({ id: made['id'], status: 'active' });
    expect(await find()).toMatchObject({ attempts: 0 });
    // It is under way to a receiver that does not exist, and is parked again by hand.
    await until('it is parked', async () => {
      await suite.stores.dueWork.park(item!, 'again');
      return (await find()).state === 'parked';
    });
    expect(having(await command(made, 'delivery-retries', body, key), 200).body).toEqual(answer.body);
    expect(await find()).toMatchObject({ state: 'parked' });
  });

  it('are given up when they are parked, and what stands behind them goes on', async () => {
    const made = await subscribe();
    const [first, second] = await waiting(made, 2);
    await suite.stores.dueWork.park(first!, 'answered 500');
    await writesNothing(() => command(made, 'delivery-drops', { event: event(1) }), 409, 'delivery-not-parked');
    having(await command(made, 'delivery-drops', { event: event(0) }), 200);
    expect((await deliveries(made, { state: 'dropped' })).items).toMatchObject([{ event: event(0) }]);
    const due = await suite.stores.dueWork.due('webhook-delivery', second!.dueAt, 100);
    expect(due.map(({ id }) => id)).toContain(second!.id);
    await writesNothing(() => command(made, 'delivery-drops', { event: event(0) }), 409, 'delivery-not-parked');
  });

  it.each(['delivery-retries', 'delivery-drops'])('are named by their event: %s', async (what) => {
    const made = await subscribe();
    const unknown = await writesNothing(() => command(made, what, { event: NOBODY }), 400, 'unknown-delivery');
    expect(faultsOf(unknown)).toEqual(['/event unknown-delivery']);
    const faulty = await writesNothing(() => command(made, what, { event: 'x', more: 1 }), 400);
    expect(faultsOf(faulty)).toEqual(['/event invalid-value', '/more unknown-member']);
  });

  it('that are parked wait for the resumption of a disabled subscription, whoever asks for them', async () => {
    const made = await subscribe();
    const [item] = await waiting(made, 1);
    await suite.stores.dueWork.park(item!, 'the subscription is disabled');
    const stream = streamId('webhookSubscription', String(made['id']));
    await suite.backbone.commands.execute(
      webhookSubscriptionDecider,
      stream,
      () => ({ type: 'DisableSubscription', version: 0, now: suite.backbone.now() }),
      await commandContext(suite.backbone, { client: 'test', correlationId: 'c', idempotencyKey: freshKey() }, 'x', {}),
    );
    const body = { event: event(0) };
    await writesNothing(() => command(made, 'delivery-retries', body), 409, 'webhook-subscription-disabled');
    having(await command(made, 'delivery-drops', body), 200);
    expect(await suite.stores.dueWork.find(item!)).toMatchObject({ state: 'dropped' });
  });

  it('that are parked are dropped when their subscription ends', async () => {
    const made = await subscribe();
    const [item] = await waiting(made, 1);
    await suite.stores.dueWork.park(item!, 'answered 500');
    having(await command(made, 'endings'), 200);
    expect(await suite.stores.dueWork.find(item!)).toMatchObject({ state: 'dropped' });
  });
});
