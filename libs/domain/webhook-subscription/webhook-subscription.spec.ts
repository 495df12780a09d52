import { describe, expect, it } from '@jest/globals';
import type { EventId, WebhookSubscriptionId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  MAX_SUBSCRIPTION_CHANGES,
  MAX_SUBSCRIPTIONS,
  webhookSubscriptionDecider,
  type KnownDelivery,
  type WebhookSubscribed,
  type WebhookSubscriptionCommand,
  type WebhookSubscriptionEvent,
} from './index.js';

const given = specificationOf(webhookSubscriptionDecider);
const subscription = uuid('hook') as WebhookSubscriptionId;
const event = uuid('event') as EventId;
const now = at('2026-03-02T12:00:00Z');
const tomorrow = at('2026-03-03T12:00:00Z');

const subscribe: WebhookSubscriptionCommand = {
  type: 'Subscribe',
  subscription,
  address: 'https://receiver.example/hook?token=1',
  eventTypes: ['AuthorizationRevoked'],
  secret: 'whsec_1',
  others: MAX_SUBSCRIPTIONS - 1,
  now,
};
const subscribed: WebhookSubscribed = {
  type: 'WebhookSubscribed',
  data: {
    subscription,
    address: { clear: 'https://receiver.example/hook?token=1' },
    eventTypes: ['AuthorizationRevoked'],
    secret: { clear: 'whsec_1' },
    subscribedAt: now,
  },
};
const disabled: WebhookSubscriptionEvent = {
  type: 'WebhookSubscriptionDisabled',
  data: { subscription, disabledAt: now },
};
const ended: WebhookSubscriptionEvent = { type: 'WebhookSubscriptionEnded', data: { subscription, endedAt: now } };

describe('a webhook subscription', () => {
  it('is made once, with its address and secret to be sealed', () => {
    given().when(subscribe).then(subscribed);
    given(subscribed).when(subscribe).thenNothing();
  });

  it('keeps neither address nor secret in its state', () => {
    expect(given(subscribed).state).toStrictEqual({
      status: 'active',
      id: subscription,
      eventTypes: ['AuthorizationRevoked'],
      subscribedAt: now,
      secretVersion: 1,
      version: 0,
    });
  });

  it('changes what is named of it', () => {
    given(subscribed)
      .when({ type: 'ChangeSubscription', eventTypes: ['MeansRevoked'], now })
      .then({
        type: 'WebhookSubscriptionChanged',
        data: { subscription, eventTypes: ['MeansRevoked'], changedAt: now },
      });
    given(subscribed)
      .when({ type: 'ChangeSubscription', eventTypes: ['AuthorizationRevoked'], now })
      .thenNothing();
    const moved = {
      type: 'WebhookSubscriptionChanged',
      data: { subscription, address: { clear: 'https://other.example' }, changedAt: now },
    } as const;
    given(subscribed).when({ type: 'ChangeSubscription', address: 'https://other.example', now }).then(moved);
    expect(given(subscribed, moved).state).toMatchObject({ eventTypes: ['AuthorizationRevoked'] });
  });

  it('gets another secret, and keeps the one before for a while', () => {
    const rotated = {
      type: 'WebhookSecretRotated',
      data: { subscription, secret: { clear: 'whsec_2' }, version: 2, rotatedAt: now, earlierUntil: tomorrow },
    } as const;
    const rotate = { type: 'RotateSecret', secret: 'whsec_2', version: 2, earlierUntil: tomorrow, now } as const;
    given(subscribed).when(rotate).then(rotated);
    expect(given(subscribed, rotated).state).toMatchObject({ earlierUntil: tomorrow, secretVersion: 2 });
    given(subscribed, rotated).when(rotate).thenNothing();
  });

  it('is disabled once, resumed once, and ended for good', () => {
    given(subscribed).when({ type: 'DisableSubscription', version: 0, now }).then(disabled);
    given(subscribed, disabled).when({ type: 'DisableSubscription', version: 0, now }).thenNothing();
    const resumed = { type: 'WebhookSubscriptionResumed', data: { subscription, resumedAt: now } } as const;
    given(subscribed, disabled).when({ type: 'ResumeSubscription', now }).then(resumed);
    given(subscribed, disabled, resumed).when({ type: 'ResumeSubscription', now }).thenNothing();
    given(subscribed).when({ type: 'EndSubscription', now }).then(ended);
    given(subscribed, disabled).when({ type: 'EndSubscription', now }).then(ended);
    given(subscribed, ended).when({ type: 'EndSubscription', now }).thenNothing();
    given(subscribed, ended).when({ type: 'DisableSubscription', version: 0, now }).thenNothing();
  });

  it('is not disabled by late word of what was changed, given a secret or resumed since', () => {
    const changed: WebhookSubscriptionEvent = {
      type: 'WebhookSubscriptionChanged',
      data: { subscription, address: { clear: 'https://other.example' }, changedAt: now },
    };
    const rotated: WebhookSubscriptionEvent = {
      type: 'WebhookSecretRotated',
      data: { subscription, secret: { clear: 'whsec_2' }, version: 2, rotatedAt: now, earlierUntil: tomorrow },
    };
    const resumed: WebhookSubscriptionEvent = {
      type: 'WebhookSubscriptionResumed',
      data: { subscription, resumedAt: now },
    };
    for (const since of [[changed], [rotated], [disabled, resumed]]) {
      const mended = given(subscribed, ...since);
      mended.when({ type: 'DisableSubscription', version: 0, now }).thenNothing();
      mended.when({ type: 'DisableSubscription', version: 1, now }).then(disabled);
    }
  });

  it('says so when it is disabled because nobody can read it', () => {
    given(subscribed)
      .when({ type: 'DisableSubscription', version: 0, unreadable: true, now })
      .then({ type: 'WebhookSubscriptionDisabled', data: { subscription, disabledAt: now, unreadable: true } });
  });

  it('is one of so many, and is changed so often; it can still be ended then', () => {
    const many = { ...subscribe, others: MAX_SUBSCRIPTIONS };
    given()
      .when(many)
      .thenRejected({
        ...{ code: 'too-many-webhook-subscriptions', kind: 'conflict', facts: { most: 100 } },
      });
    given(subscribed).when(many).thenNothing();
    const changes = Array.from({ length: MAX_SUBSCRIPTION_CHANGES }, (_, at): WebhookSubscriptionEvent => ({
      type: 'WebhookSubscriptionChanged',
      data: { subscription, eventTypes: [at % 2 === 0 ? 'MeansRevoked' : 'PartyCorrected'], changedAt: now },
    }));
    const rotate = { type: 'RotateSecret', secret: 'whsec_2', version: 2, earlierUntil: tomorrow, now } as const;
    given(subscribed, ...changes.slice(1))
      .when(rotate)
      .then({
        type: 'WebhookSecretRotated',
        data: { subscription, secret: { clear: 'whsec_2' }, version: 2, rotatedAt: now, earlierUntil: tomorrow },
      });
    for (const command of [
      rotate,
      { type: 'ChangeSubscription', eventTypes: ['MeansIssued'], now },
      { type: 'ResumeSubscription', now },
    ] as const) {
      given(subscribed, ...changes, disabled)
        .when(command)
        .thenRejected({ code: 'webhook-subscription-full', kind: 'conflict', facts: { most: 1_000 } });
    }
    given(subscribed, ...changes)
      .when({ type: 'EndSubscription', now })
      .then(ended);
    given(subscribed, ...changes)
      .when({ type: 'RetryDelivery', event, delivery: { state: 'parked' }, now })
      .then({
        type: 'WebhookDeliveryRetried',
        data: { subscription, event, retriedAt: now },
      });
  });

  const delivery: KnownDelivery = { state: 'parked' };
  const all: readonly WebhookSubscriptionCommand[] = [
    { type: 'ChangeSubscription', eventTypes: ['MeansRevoked'], now },
    { type: 'RotateSecret', secret: 'whsec_2', version: 2, earlierUntil: tomorrow, now },
    { type: 'ResumeSubscription', now },
    { type: 'RetryDelivery', event, delivery, now },
    { type: 'DropDelivery', event, delivery, now },
  ];

  it.each(all.map((command) => [command.type, command] as const))(
    'is not there for %s before it was made, nor after it has ended',
    (_type, command) => {
      given().when(command).thenRejected('no-such-webhook-subscription');
      given(subscribed, ended).when(command).thenRejected('webhook-subscription-ended');
    },
  );

  it.each(['RetryDelivery', 'DropDelivery'] as const)('takes %s for a parked delivery only', (type) => {
    given(subscribed)
      .when({ type, event, now })
      .thenRejected({ code: 'unknown-delivery', kind: 'invalid', pointer: '/event' });
    for (const state of ['waiting', 'done', 'dropped'] as const) {
      given(subscribed).when({ type, event, delivery: { state }, now }).thenRejected('delivery-not-parked');
    }
    const fact =
      type === 'RetryDelivery'
        ? ({ type: 'WebhookDeliveryRetried', data: { subscription, event, retriedAt: now } } as const)
        : ({ type: 'WebhookDeliveryDropped', data: { subscription, event, droppedAt: now } } as const);
    given(subscribed).when({ type, event, delivery, now }).then(fact);
    const whileDisabled = given(subscribed, disabled).when({ type, event, delivery, now });
    if (type === 'DropDelivery') whileDisabled.then(fact);
    else whileDisabled.thenRejected('webhook-subscription-disabled');
    expect(given(subscribed, fact).state).toStrictEqual(given(subscribed).state);
  });
});
