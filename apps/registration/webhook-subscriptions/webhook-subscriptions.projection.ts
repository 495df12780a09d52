import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { WebhookSubscriptionEvent } from '#libs/domain';

export type WebhookSubscriptionRow = {
  readonly id: string;
  /** Of its first event: what is recorded behind it is delivered. */
  readonly position: bigint;
  readonly status: string;
  readonly eventTypes: readonly string[];
  readonly subscribedAt: string;
};

/** Every subscription, newest first; neither address nor secret. */
export const webhookSubscriptionsProjection: Projection<WebhookSubscriptionRow> = {
  name: 'webhook-subscriptions',
  version: 1,
  table: {
    name: 'webhook_subscriptions',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', status: 'text', eventTypes: 'text[]', subscribedAt: 'text' },
    indexes: [['status', 'position'], ['eventTypes']],
  },
  handles: [
    'WebhookSubscribed',
    'WebhookSubscriptionChanged',
    'WebhookSubscriptionDisabled',
    'WebhookSubscriptionResumed',
    'WebhookSubscriptionEnded',
  ],
  keys: ({ data }) => [(data as WebhookSubscriptionEvent['data']).subscription],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as WebhookSubscriptionEvent;
    switch (event.type) {
      case 'WebhookSubscribed': {
        const { subscription, eventTypes, subscribedAt } = event.data;
        return { id: subscription, position: recorded.position, status: 'active', eventTypes, subscribedAt };
      }
      case 'WebhookSubscriptionChanged': {
        const known = present(row, recorded);
        return { ...known, eventTypes: event.data.eventTypes ?? known.eventTypes };
      }
      case 'WebhookSubscriptionDisabled':
        return { ...present(row, recorded), status: 'disabled' };
      case 'WebhookSubscriptionResumed':
        return { ...present(row, recorded), status: 'active' };
      case 'WebhookSubscriptionEnded':
        return { ...present(row, recorded), status: 'ended' };
      default:
        return present(row, recorded);
    }
  },
};
