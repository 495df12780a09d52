import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  instantFromEpoch,
  later,
  streamId,
  type ConfirmationId,
  type DomainEvent,
  type StreamId,
  type WebhookSubscriptionId,
} from '#libs/kernel';
import {
  KeyDestroyed,
  publishedType,
  sequenceOf,
  startTicker,
  type DueWork,
  type PublishedEvent,
  type Ticker,
} from '#libs/eventing';
import type { Backbone, CommandRequest } from '#libs/application';
import type { WebhookEventType } from '#libs/domain';
import {
  answering,
  memoryBackbone,
  nameServer,
  receiver,
  until,
  type Answering,
  type MemoryBackbone,
  type Received,
  type Receiver,
} from '#libs/testing';
import { decideDelivery, endWebhook, resumeWebhook } from './decide-delivery.handler.js';
import { deliveries, type Outcome } from './deliver.js';
import { DELIVERY, deliveryId } from './delivery-payload.js';
import { enqueueDeliveries } from './enqueue-deliveries.js';
import { namesOf } from './find-numbers.js';
import { secretsOf } from './opened-subscription.js';
import { changeWebhook, execute, rotateSecret, subscribeWebhook } from './subscribe-webhook.handler.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions.projection.js';
import { confirmationDecider, webhookSubscriptionDecider } from '#libs/domain';
import { SealBroken } from '#libs/vault';

const HOUR = 3_600_000;
const webhooks = { allowHttp: true, allowed: ['127.0.0.1'] };

describe('webhooks', () => {
  let memory: MemoryBackbone;
  let backbone: Backbone;
  let passed: number;
  let tickers: Ticker[];
  let receivers: Receiver[];
  let outcomes: Outcome[];
  let position: bigint;
  beforeEach(async () => {
    passed = 0;
    memory = await memoryBackbone(() => Date.now() + passed, { readModels: [], webhooks });
    ({ backbone } = memory);
    backbone.readModels.run(webhookSubscriptionsProjection);
    [tickers, receivers, outcomes, position] = [[], [], [], 0n];
  });
  afterEach(async () => {
    await Promise.all(tickers.map((ticker) => ticker.stop()));
    await Promise.all(receivers.map((one) => one.close()));
    await memory.close();
  });

  const receiving = async (answer?: Answering): Promise<Receiver> => {
    const one = await receiver(answer);
    receivers.push(one);
    return one;
  };
  const request = (): CommandRequest => ({ client: 'test', correlationId: 'c', idempotencyKey: randomUUID() });
  const subscribe = async (
    address: string,
    eventTypes: WebhookEventType[] = ['AuthorizationRevoked'],
  ): Promise<WebhookSubscriptionId> => {
    const outcome = await subscribeWebhook(backbone, request(), { address, eventTypes });
    if (outcome.outcome !== 'accepted' || outcome.state.status === 'none') throw new Error(outcome.outcome);
    return outcome.state.id;
  };
  const load = (id: WebhookSubscriptionId) =>
    backbone.commands.load(webhookSubscriptionDecider, streamId('webhookSubscription', id));
  const secrets = async (id: WebhookSubscriptionId, count: number) =>
    secretsOf(backbone.sealer, (await load(id)).history, count);

  /** An event as the relay publishes it, behind everything that stands in the store. */
  const published = async (
    stream: StreamId = streamId('authorization', randomUUID()),
    type = 'AuthorizationRevoked',
  ): Promise<PublishedEvent> => {
    // Something stands there, so that the read model can have seen it.
    await memory.record('application', randomUUID(), {
      type: 'ApplicationReceived',
      data: { application: randomUUID(), channel: 'electronic', receivedAt: backbone.now(), purposes: [], late: false },
    });
    position = await backbone.feed.head();
    return {
      ...{ specversion: '1.0', id: randomUUID(), source: 'urn:nld:oin:00000099000000001000:systeem:waarborg' },
      ...{ type: publishedType(type, 1), subject: stream, time: backbone.now(), partitionkey: stream },
      datacontenttype: 'application/json',
      sequence: sequenceOf(backbone.identity.epoch, position),
      data: {
        ...{ store: backbone.identity.store, stream, revision: 0, type, schemaVersion: 1, correlationId: 'c' },
        ...{ actor: { client: 'test' }, data: { reason: 'één' } },
      },
    };
  };
  const tell = async (stream?: StreamId, type?: string): Promise<PublishedEvent> => {
    const event = await published(stream, type);
    expect(await enqueueDeliveries(backbone, event)).toBe(true);
    return event;
  };
  const run = (
    more: Partial<Parameters<typeof deliveries>[1]> = {},
    work: DueWork = backbone.dueWork,
    leaseMilliseconds = 20_000,
  ): Ticker => {
    const ticker = startTicker(
      deliveries(backbone, { chance: () => 0.5, told: (outcome) => outcomes.push(outcome), ...more }),
      {
        ...{ dueWork: work, leases: backbone.leases, holder: 'one', now: () => backbone.now(), lookEvery: 5 },
        ...{ leaseMilliseconds, onTrouble: () => undefined },
      },
    );
    tickers.push(ticker);
    return ticker;
  };
  const stateOf = async (id: string, event: PublishedEvent) =>
    (await backbone.dueWork.find({ kind: DELIVERY, id: deliveryId(id, event.id) }))!;
  const idsOf = (received: readonly Received[]) => received.map(({ headers }) => headers['webhook-id']);

  it('tell a receiver of what it asked for, as a CloudEvent that is signed by Standard Webhooks', async () => {
    const one = await receiving();
    const id = await subscribe(`${one.url}/hook`);
    run();
    await tell(undefined, 'MeansRevoked');
    await tell(undefined, 'CheckRecorded');
    const event = await tell();
    await until('it was told', () => one.received.length === 1);
    const [got] = one.received as [Received];
    expect(got.path).toBe('/hook');
    expect(got.headers).toMatchObject({
      'webhook-id': event.id,
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    const [secret] = await secrets(id, 1);
    expect(new Webhook(secret!).verify(got.body, { ...got.headers })).toEqual(event);
    await until('it is noted', async () => (await stateOf(id, event)).state === 'done');
    expect(outcomes).toEqual(['delivered']);
  });

  it('are told once of an event that comes again, and never of what was recorded before they asked', async () => {
    const one = await receiving();
    const before = await published();
    await subscribe(one.url);
    run();
    expect(await enqueueDeliveries(backbone, before)).toBe(true);
    const event = await tell();
    expect(await enqueueDeliveries(backbone, event)).toBe(false);
    const last = await tell();
    await until('the last one came', () => one.received.length === 2);
    expect(idsOf(one.received).sort()).toEqual([event.id, last.id].sort());
  });

  it('sign with both secrets while one takes the place of the other, and with the new one alone then', async () => {
    const one = await receiving();
    const id = await subscribe(one.url);
    await rotateSecret(backbone, request(), id, { overlapHours: 2 });
    const [newer, older] = await secrets(id, 2);
    run();
    await tell();
    await until('it was told', () => one.received.length === 1);
    for (const secret of [newer, older]) {
      expect(new Webhook(secret!).verify(one.received[0]!.body, { ...one.received[0]!.headers })).toBeDefined();
    }
    passed = 2 * HOUR;
    await tell();
    await until('it was told again', () => one.received.length === 2);
    expect(one.received[1]!.headers['webhook-signature']!.split(' ')).toHaveLength(1);
  });

  it('keep the order of a stream through failures, while other streams go on', async () => {
    let fails = true;
    const one = await receiving(({ body }, response) => {
      const stuck = body.includes('authorization-stuck') && fails;
      response.writeHead(stuck ? 500 : 200).end();
    });
    const id = await subscribe(one.url);
    run();
    const stuck = 'authorization-stuck' as StreamId;
    const [first, second, third] = [await tell(stuck), await tell(stuck), await tell(stuck)];
    const other = await tell();
    await until('the other stream went on', async () => (await stateOf(id, other)).state === 'done');
    await until('the first one failed', async () => (await stateOf(id, first)).attempts === 1);
    expect(await stateOf(id, first)).toMatchObject({ reason: 'answered 500', state: 'waiting' });
    expect(idsOf(one.received)).not.toContain(second.id);
    fails = false;
    passed = 6_000;
    await until('the last one is told', async () => (await stateOf(id, third)).state === 'done');
    const order = idsOf(one.received).filter((each) => each !== other.id);
    expect(order).toEqual([first.id, first.id, second.id, third.id]);
  });

  it('never have one receiver hold up another, whether it is slow, silent or wrong', async () => {
    const silent = await receiving(() => undefined);
    const wrong = await receiving(answering(400));
    const good = await receiving();
    for (const one of [silent, wrong, good]) await subscribe(one.url);
    run({ posting: { limit: 60_000 } });
    const events = [];
    for (let count = 0; count < 30; count++) events.push(await tell());
    await until('the good one has them all', () => good.received.length === 30);
    await until('the wrong one was tried', () => wrong.received.length === 30);
    expect(silent.received.length).toBeLessThanOrEqual(4);
    await tickers[0]!.stop();
  });

  it('never have names of which nobody tells the numbers hold up a receiver', async () => {
    const good = await receiving();
    const server = await nameServer((name) => (name.startsWith('silent') ? 'silent' : ['127.0.0.1']));
    // More than one by one could be under way together, each with as many deliveries as it may have.
    const count = 20;
    const ids = [];
    for (let nr = 0; nr < count; nr++) ids.push(await subscribe(`http://silent-${nr}.test:${good.port}/`));
    for (let nr = 0; nr < 4; nr++) await tell();
    const last = await subscribe(`http://receiver.test:${good.port}/`);
    // None of them ends by itself: only who has a place of its own is told.
    const resolve = namesOf({ servers: [server.address], answerLimit: 600_000 });
    run({ posting: { resolve, limit: 600_000 } });
    await until('all of them wait', () => server.asked.filter((name) => name.startsWith('silent')).length >= count * 8);
    expect(outcomes).toEqual([]);
    const event = await tell();
    await until('the good one has it', async () => (await stateOf(last, event)).state === 'done');
    expect(outcomes).toEqual(['delivered']);
    expect(good.received).toHaveLength(1);
    await tickers[0]!.stop();
    await server.close();
  });

  it('leave a receiver alone for as long as it asks', async () => {
    let asked = 0;
    const one = await receiving((_, response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 429 : 204, asked === 1 ? { 'retry-after': '3600' } : {}).end();
    });
    const id = await subscribe(one.url);
    run();
    const event = await tell();
    await until('it was tried', async () => (await stateOf(id, event)).attempts === 1);
    const { dueAt } = await stateOf(id, event);
    const seconds = (Date.parse(dueAt) - Date.parse(backbone.now())) / 1_000;
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
    passed = HOUR;
    await until('it is told', async () => (await stateOf(id, event)).state === 'done');
  });

  it('are disabled by a receiver that is gone, and get what waited when they are resumed', async () => {
    let gone = true;
    const one = await receiving((_, response) => void response.writeHead(gone ? 410 : 204).end());
    const id = await subscribe(one.url);
    run();
    const stream = 'authorization-one' as StreamId;
    const [first, second] = [await tell(stream), await tell(stream)];
    await until('it is parked', async () => (await stateOf(id, first)).state === 'parked');
    expect((await load(id)).state).toMatchObject({ status: 'disabled' });
    expect((await load(id)).history.at(-1)!.metadata.actor).toEqual({ system: 'webhooks' });
    expect(await stateOf(id, first)).toMatchObject({ reason: 'the receiver is gone (410)' });
    // What is recorded meanwhile is not for it.
    const meanwhile = await tell();
    expect(await backbone.dueWork.find({ kind: DELIVERY, id: deliveryId(id, meanwhile.id) })).toBeUndefined();
    expect(one.received).toHaveLength(1);
    gone = false;
    passed = HOUR;
    expect(await resumeWebhook(backbone, request(), id, {})).toMatchObject({ outcome: 'accepted' });
    await until('both are told', async () => (await stateOf(id, second)).state === 'done');
    expect(idsOf(one.received)).toEqual([first.id, first.id, second.id]);
  });

  it('are not disabled by a 410 that was asked of what was changed meanwhile, and go to what stands now', async () => {
    const held: (() => void)[] = [];
    let answer = 410;
    const one = await receiving((_, response) => {
      const status = answer;
      const send = (): void => void response.writeHead(status).end();
      if (status === 410 && held.length === 0) held.push(send);
      else send();
    });
    const other = await receiving();
    const id = await subscribe(one.url);
    run();
    const event = await tell();
    await until('it was asked', () => held.length === 1);
    expect(await changeWebhook(backbone, request(), id, { address: other.url })).toMatchObject({ outcome: 'accepted' });
    held[0]!();
    await until('the other one is told', async () => (await stateOf(id, event)).state === 'done');
    expect((await load(id)).state).toMatchObject({ status: 'active' });
    expect(idsOf(other.received)).toEqual([event.id]);
    expect(outcomes).toEqual(['again', 'delivered']);
    // The same item, and a 410 of what stands now: the first one that came too late is no answer to that.
    held.length = 0;
    await changeWebhook(backbone, request(), id, { address: one.url });
    const next = await tell();
    await until('it was asked again', () => held.length === 1);
    await rotateSecret(backbone, request(), id, {});
    held[0]!();
    await until('it is parked', async () => (await stateOf(id, next)).state === 'parked');
    expect((await load(id)).state).toMatchObject({ status: 'disabled' });
    expect(idsOf(one.received)).toEqual([event.id, next.id, next.id]);
    answer = 204;
    passed = HOUR;
    await resumeWebhook(backbone, request(), id, {});
    await until('it is told', async () => (await stateOf(id, next)).state === 'done');
  });

  it.each<[string, (id: WebhookSubscriptionId) => Promise<unknown>, string]>([
    ['are not left behind by a resumption', (id) => resumeWebhook(backbone, request(), id, {}), 'done'],
    ['are dropped by an end', (id) => endWebhook(backbone, request(), id, {}), 'dropped'],
  ])('%s that came before they were parked', async (_what, meanwhile, becomes) => {
    const one = await receiving();
    const id = await subscribe(one.url);
    const event = await tell();
    await execute(backbone, request(), 'DisableSubscription', id, {}, () => ({
      ...{ type: 'DisableSubscription', version: 0, now: backbone.now() },
    }));
    // Between the look at the subscription and the note that it is parked.
    const late: DueWork = Object.assign(Object.create(backbone.dueWork) as DueWork, {
      due: (...asked: Parameters<DueWork['due']>) => backbone.dueWork.due(...asked),
      prune: (...asked: Parameters<DueWork['prune']>) => backbone.dueWork.prune(...asked),
      parked: (...asked: Parameters<DueWork['parked']>) => backbone.dueWork.parked(...asked),
      done: (...asked: Parameters<DueWork['done']>) => backbone.dueWork.done(...asked),
      park: async (...asked: Parameters<DueWork['park']>) => {
        expect(await meanwhile(id)).toMatchObject({ outcome: 'accepted' });
        return backbone.dueWork.park(...asked);
      },
    });
    run({}, late);
    await until('it waits for nobody', async () => (await stateOf(id, event)).state === becomes);
    expect(one.received).toHaveLength(becomes === 'done' ? 1 : 0);
  });

  it('are parked when nobody can read address and secret any more, tell nobody, and can be ended', async () => {
    const one = await receiving();
    const [id, other] = [await subscribe(one.url), await subscribe(one.url)];
    const stream = 'authorization-one' as StreamId;
    const [first, second] = [await tell(stream), await tell(stream)];
    memory.vault.destroyKey({ kind: 'webhookSubscription', id });
    run();
    await until('it is parked', async () => (await stateOf(id, first)).state === 'parked');
    expect(await stateOf(id, first)).toMatchObject({ reason: 'address and secret do not open: their key is gone' });
    expect(await stateOf(id, second)).toMatchObject({ state: 'waiting' });
    expect((await backbone.dueWork.figures(DELIVERY)).parked).toBe(1);
    expect((await load(id)).state).toMatchObject({ status: 'disabled' });
    await until('the other one has both', async () => (await stateOf(other, second)).state === 'done');
    expect(outcomes.toSorted()).toEqual(['delivered', 'delivered', 'parked']);
    // Nothing more is for it, and what only gives up needs no key.
    const meanwhile = await tell();
    expect(await backbone.dueWork.find({ kind: DELIVERY, id: deliveryId(id, meanwhile.id) })).toBeUndefined();
    await expect(rotateSecret(backbone, request(), id, {})).rejects.toThrow(KeyDestroyed);
    expect(await decideDelivery(backbone, request(), 'DropDelivery', id, { event: first.id })).toMatchObject({
      outcome: 'accepted',
    });
    await until('the next is parked', async () => (await stateOf(id, second)).state === 'parked');
    expect(await endWebhook(backbone, request(), id, {})).toMatchObject({ outcome: 'accepted' });
    expect(await stateOf(id, second)).toMatchObject({ state: 'dropped' });
    expect((await backbone.dueWork.figures(DELIVERY)).parked).toBe(0);
  });

  it('go on with a key that was lost and is there again, once they are resumed', async () => {
    const one = await receiving();
    const id = await subscribe(one.url);
    const event = await tell();
    let isLost = true;
    const sealer: Backbone['sealer'] = {
      seal: (...asked) => backbone.sealer.seal(...asked),
      open: (...asked) =>
        isLost ? Promise.reject(new SealBroken('sealed under a lost key')) : backbone.sealer.open(...asked),
    };
    tickers.push(
      startTicker(deliveries({ ...backbone, sealer }), {
        ...{ dueWork: backbone.dueWork, leases: backbone.leases, holder: 'one', now: () => backbone.now() },
        ...{ lookEvery: 5, leaseMilliseconds: 20_000 },
      }),
    );
    await until('it is parked', async () => (await stateOf(id, event)).state === 'parked');
    isLost = false;
    passed = HOUR;
    expect(await resumeWebhook(backbone, request(), id, {})).toMatchObject({ outcome: 'accepted' });
    await until('it is told', async () => (await stateOf(id, event)).state === 'done');
    expect(idsOf(one.received)).toEqual([event.id]);
  });

  it('send nothing to one that has ended, nor to one that was disabled', async () => {
    const one = await receiving();
    const [ended, disabled] = [await subscribe(one.url), await subscribe(one.url)];
    const event = await tell();
    await execute(backbone, request(), 'EndSubscription', ended, {}, () => ({
      ...{ type: 'EndSubscription', now: backbone.now() },
    }));
    await execute(backbone, request(), 'DisableSubscription', disabled, {}, () => ({
      ...{ type: 'DisableSubscription', version: 0, now: backbone.now() },
    }));
    run();
    await until('one is over', async () => (await stateOf(ended, event)).state === 'done');
    await until('the other waits', async () => (await stateOf(disabled, event)).state === 'parked');
    expect(one.connections()).toBe(0);
    expect(outcomes.sort()).toEqual(['ended', 'parked']);
  });

  describe('that carry a confirmation', () => {
    const subscribed = (address: string) => subscribe(address, ['ConfirmationWritten']);
    /** One whose channel is a webhook, and its event. */
    const written = async (
      channel = 'webhook',
    ): Promise<{ readonly id: ConfirmationId; readonly event: PublishedEvent }> => {
      const id = randomUUID() as ConfirmationId;
      const stream = streamId('confirmation', id);
      const person = { kind: 'person', id: randomUUID() };
      const data = {
        ...{
          confirmation: id,
          kind: 'authorizationRegistered',
          about: { authorization: randomUUID() },
          event: randomUUID(),
        },
        ...{
          addressee: { role: 'authorizedPerson', ...person },
          channel,
          language: 'nl',
          subject: 'Melding',
        },
        ...{ text: 'Tekst', contentHash: 'ab', authorized: person, effective: {}, writtenAt: backbone.now() },
      };
      await memory.record('confirmation', id, { type: 'ConfirmationWritten', data } as unknown as DomainEvent);
      const event = await published(stream, 'ConfirmationWritten');
      return { id, event: { ...event, data: { ...event.data, data: data as never } } };
    };
    const sentBy = (confirmation: ConfirmationId, channel: string): DomainEvent => ({
      type: 'ConfirmationSent',
      data: { confirmation, channel, attempts: 1, sentAt: backbone.now() } as object,
    });
    const retried = (confirmation: ConfirmationId): DomainEvent => ({
      type: 'ConfirmationRetried',
      data: {
        ...{
          confirmation,
          channel: 'email',
          addressee: { role: 'authorizedPerson', kind: 'person', id: randomUUID() },
        },
        ...{ address: { clear: 'somebody@example.org' }, retry: 1, retriedAt: backbone.now() },
      } as object,
    });
    const outcomeOf = async (id: ConfirmationId) =>
      (await backbone.commands.load(confirmationDecider, streamId('confirmation', id))).state;
    const counted: string[] = [];
    const ended = (outcome: string): void => void counted.push(outcome);
    beforeEach(() => void counted.splice(0));
    const isFailed = async (id: ConfirmationId, attempts: number): Promise<void> => {
      await until('it has failed', async () => (await outcomeOf(id)).status === 'failed');
      expect(await outcomeOf(id)).toMatchObject({ failure: 'receiver', attempts });
      expect(counted).toEqual(['failed']);
    };
    const end = (hook: WebhookSubscriptionId) =>
      execute(backbone, request(), 'EndSubscription', hook, {}, () => ({
        ...{ type: 'EndSubscription', now: backbone.now() },
      }));

    it.each<[string, (hook: WebhookSubscriptionId) => Promise<unknown>, number]>([
      ['has ended', end, 0],
      [
        'was disabled',
        (hook) =>
          execute(backbone, request(), 'DisableSubscription', hook, {}, () => ({
            ...{ type: 'DisableSubscription', version: 0, now: backbone.now() },
          })),
        0,
      ],
      ['can’t be read', async (hook) => memory.vault.destroyKey({ kind: 'webhookSubscription', id: hook }), 0],
      ['is gone (410)', async () => undefined, 1],
    ])('let it fail where the receiver %s (CONF-05)', async (_what, happens, attempts) => {
      const one = await receiving(answering(410));
      const hook = await subscribed(one.url);
      const { id, event } = await written();
      expect(await enqueueDeliveries(backbone, event, ended)).toBe(true);
      await happens(hook);
      run({ ended });
      await isFailed(id, attempts);
    });

    it('let it fail where there is no receiver any more once it is to be delivered (CONF-05)', async () => {
      const one = await receiving();
      const hook = await subscribed(one.url);
      await end(hook);
      const { id, event } = await written();
      expect(await enqueueDeliveries(backbone, event, ended)).toBe(true);
      await isFailed(id, 0);
      expect(await enqueueDeliveries(backbone, event, ended)).toBe(false);
      expect(counted).toEqual(['failed']);
      const other = await published();
      expect(await enqueueDeliveries(backbone, other, ended)).toBe(true);
      expect(counted).toEqual(['failed']);
    });

    it.each<[string, (hook: WebhookSubscriptionId, event: PublishedEvent) => Promise<unknown>]>([
      [
        'is given up',
        (hook, { id }) => decideDelivery(backbone, request(), 'DropDelivery', hook, { event: id }, ended),
      ],
      ['ends with its receiver', (hook) => endWebhook(backbone, request(), hook, {}, ended)],
    ])('let it fail where what was parked before %s (CONF-05)', async (_what, happens) => {
      const one = await receiving();
      const hook = await subscribed(one.url);
      const { id, event } = await written();
      await enqueueDeliveries(backbone, event, ended);
      await backbone.dueWork.park(await stateOf(hook, event), 'answered 503');
      await happens(hook, event);
      expect(await stateOf(hook, event)).toMatchObject({ state: 'dropped' });
      await isFailed(id, 0);
    });

    it('let it fail where they were parked, and nobody noted what that means for it (CONF-05)', async () => {
      const one = await receiving();
      const hook = await subscribed(one.url);
      const { id, event } = await written();
      await enqueueDeliveries(backbone, event, ended);
      await backbone.dueWork.park(await stateOf(hook, event), 'answered 503');
      run({ ended });
      await isFailed(id, 0);
      expect(await stateOf(hook, event)).toMatchObject({ state: 'parked' });
    });

    it.each<[string, (id: ConfirmationId) => DomainEvent]>([
      ['a letter told', (confirmation) => sentBy(confirmation, 'letter')],
      ['another receiver took', (confirmation) => sentBy(confirmation, 'webhook')],
      ['is mailed by now', retried],
      [
        'does not hold any more',
        (confirmation) => ({
          type: 'ConfirmationLapsed',
          data: { confirmation, since: backbone.now(), lapsedAt: backbone.now() },
        }),
      ],
    ])('are dropped where it waits for them no more: what %s (CONF-05)', async (_what, happens) => {
      let away = true;
      const one = await receiving((_, response) => void response.writeHead(away ? 503 : 204).end());
      const hook = await subscribed(one.url);
      const { id, event } = await written();
      await enqueueDeliveries(backbone, event, ended);
      run({ ended });
      await until('it was tried', async () => (await stateOf(hook, event)).attempts === 1);
      await memory.record('confirmation', id, happens(id));
      away = false;
      passed = HOUR;
      await until('it is over', async () => (await stateOf(hook, event)).state === 'done');
      expect(one.received).toHaveLength(1);
      expect(outcomes).toEqual(['again', 'ended']);
      expect(counted).toEqual([]);
    });

    it('are dropped also where it was resumed, and told of as a fact where its way is another (CONF-05)', async () => {
      let gone = true;
      const one = await receiving((_, response) => void response.writeHead(gone ? 410 : 204).end());
      const hook = await subscribed(one.url);
      const { id, event } = await written();
      const byMail = await written('email');
      await enqueueDeliveries(backbone, event, ended);
      run({ ended });
      await isFailed(id, 1);
      await until('it is parked', async () => (await stateOf(hook, event)).state === 'parked');
      await memory.record('confirmation', id, sentBy(id, 'letter'));
      gone = false;
      passed = HOUR;
      await resumeWebhook(backbone, request(), hook, {});
      await until('it is over', async () => (await stateOf(hook, event)).state === 'done');
      await enqueueDeliveries(backbone, byMail.event, ended);
      await until('the other is delivered', async () => (await stateOf(hook, byMail.event)).state === 'done');
      expect(idsOf(one.received)).toEqual([event.id, byMail.event.id]);
    });

    it('let it fail with the last one alone (CONF-05)', async () => {
      const [gone, slow] = await Promise.all([receiving(answering(410)), receiving(answering(503))]);
      const [one, other] = [await subscribed(gone.url), await subscribed(slow.url)];
      const { id, event } = await written();
      await enqueueDeliveries(backbone, event, ended);
      run({ ended });
      await until('one is parked', async () => (await stateOf(one, event)).state === 'parked');
      await until('the other was tried', async () => (await stateOf(other, event)).attempts === 1);
      expect([(await outcomeOf(id)).status, counted]).toEqual(['waiting', []]);
      await end(other);
      passed = HOUR;
      await isFailed(id, 1);
    });

    it('let it fail where several end at once (CONF-05)', async () => {
      const all = await Promise.all(Array.from({ length: 4 }, () => receiving(answering(410))));
      for (const { url } of all) await subscribed(url);
      const { id, event } = await written();
      await enqueueDeliveries(backbone, event, ended);
      run({ ended });
      await isFailed(id, 1);
    });

    it('tell it all the same where the receiver takes it once it is resumed', async () => {
      let gone = true;
      const one = await receiving((_, response) => void response.writeHead(gone ? 410 : 204).end());
      const hook = await subscribed(one.url);
      const { id, event } = await written();
      await enqueueDeliveries(backbone, event, ended);
      run({ ended });
      await isFailed(id, 1);
      await until('it is parked', async () => (await stateOf(hook, event)).state === 'parked');
      gone = false;
      passed = HOUR;
      await resumeWebhook(backbone, request(), hook, {});
      await until('it is told', async () => (await outcomeOf(id)).status === 'sent');
      expect(counted).toEqual(['failed', 'sent']);
    });
  });

  it('are tried for three days with growing pauses, and then wait for a person', async () => {
    const one = await receiving(answering(503));
    const id = await subscribe(one.url);
    run();
    const event = await tell();
    let attempts = 0;
    for (;;) {
      await until('it was tried', async () => {
        const { state, attempts: made } = await stateOf(id, event);
        return state === 'parked' || made > attempts;
      });
      const item = await stateOf(id, event);
      if (item.state === 'parked') break;
      attempts = item.attempts;
      passed += Math.max(0, Date.parse(item.dueAt) - Date.parse(backbone.now()));
    }
    expect(await stateOf(id, event)).toMatchObject({ reason: 'answered 503' });
    expect(passed).toBeGreaterThan(71 * HOUR);
    expect(passed).toBeLessThanOrEqual(72 * HOUR);
    expect(one.received.length).toBe(attempts + 1);
    expect(new Set(idsOf(one.received))).toEqual(new Set([event.id]));
    const dates = new Set(one.received.map(({ headers }) => headers['webhook-timestamp']));
    expect(dates.size).toBe(one.received.length);
  });

  it('are told again, under the same id, by the next process when one is killed before it could note it', async () => {
    const one = await receiving();
    const id = await subscribe(one.url);
    // What it did reaches the receiver; what it notes never reaches the store.
    let killed = false;
    const cut: DueWork = Object.assign(Object.create(backbone.dueWork) as DueWork, {
      due: (...asked: Parameters<DueWork['due']>) => backbone.dueWork.due(...asked),
      prune: (...asked: Parameters<DueWork['prune']>) => backbone.dueWork.prune(...asked),
      parked: (...asked: Parameters<DueWork['parked']>) => backbone.dueWork.parked(...asked),
      done: () => {
        killed = true;
        return Promise.reject(new Error('killed'));
      },
    });
    const first = run({}, cut);
    const event = await tell();
    await until('it was killed', () => killed);
    await first.stop();
    expect(await stateOf(id, event)).toMatchObject({ state: 'waiting' });
    run();
    await until('it is noted', async () => (await stateOf(id, event)).state === 'done');
    expect(idsOf(one.received).length).toBeGreaterThanOrEqual(2);
    expect(new Set(idsOf(one.received))).toEqual(new Set([event.id]));
    const other = await tell();
    await until('the next is told', async () => (await stateOf(id, other)).state === 'done');
    expect(idsOf(one.received).filter((each) => each === other.id)).toHaveLength(1);
  });

  it('are told once by a process that lives on while its notes fail, and noted once that can be done', async () => {
    const one = await receiving();
    const id = await subscribe(one.url);
    let [tries, isAway] = [0, true];
    const forgetful: DueWork = Object.assign(Object.create(backbone.dueWork) as DueWork, {
      due: (...asked: Parameters<DueWork['due']>) => backbone.dueWork.due(...asked),
      prune: (...asked: Parameters<DueWork['prune']>) => backbone.dueWork.prune(...asked),
      parked: (...asked: Parameters<DueWork['parked']>) => backbone.dueWork.parked(...asked),
      done: (...asked: Parameters<DueWork['done']>) => {
        tries += 1;
        return isAway ? Promise.reject(new Error('the store is away')) : backbone.dueWork.done(...asked);
      },
    });
    run({}, forgetful, 300);
    const event = await tell();
    await until('it could not be noted three times', () => tries >= 3);
    expect(idsOf(one.received)).toEqual([event.id]);
    isAway = false;
    await until('it is noted', async () => (await stateOf(id, event)).state === 'done');
    expect(idsOf(one.received)).toEqual([event.id]);
  });

  it('go nowhere that is not allowed any more, and say so', async () => {
    const one = await receiving();
    const id = await subscribe(one.url);
    const strict = { ...backbone, webhookAddresses: { isAllowed: () => false, mayConnect: () => false } };
    const item = await tell();
    const chore = deliveries(strict, { chance: () => 0.5 });
    const performed = await chore.perform(await stateOf(id, item), new AbortController().signal);
    expect(performed).toMatchObject({ is: 'again', reason: 'the address is not allowed' });
    expect(one.connections()).toBe(0);
  });

  it('wait for the list of receivers where that lies behind', async () => {
    const one = await receiving();
    await subscribe(one.url);
    const event = await published();
    const ahead = { ...event, sequence: sequenceOf(backbone.identity.epoch, position + 1n) };
    const enqueuing = enqueueDeliveries(backbone, ahead);
    await memory.record('application', randomUUID(), {
      type: 'ApplicationReceived',
      data: { application: randomUUID(), channel: 'electronic', receivedAt: backbone.now(), purposes: [], late: false },
    });
    expect(await enqueuing).toBe(true);
    const earlier = { ...event, sequence: sequenceOf(backbone.identity.epoch - 1, 1n), id: randomUUID() };
    const later1 = {
      ...earlier,
      subject: streamId('authorization', randomUUID()),
      time: later(instantFromEpoch(0), 0),
    };
    expect(await enqueueDeliveries(backbone, later1)).toBe(true);
    expect((await backbone.dueWork.figures(DELIVERY)).waiting).toBe(1);
  });
});
