import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import type { KeptItem, Sealer } from '#libs/eventing';
import { WEBHOOK_EVENT_TYPES, type RecordedSubscription } from '#libs/domain';
import type { DeliveryPayload } from './delivery-payload.js';
import { addressOf, ifReadable } from './opened-subscription.js';
import { DELIVERY_STATES, SUBSCRIPTION_STATUSES } from './webhook-subscription.requests.js';

export class WebhookSubscriptionView {
  @ApiProperty({ format: 'uuid', description: 'Id of the subscription' }) id!: string;
  @ApiProperty({
    enum: SUBSCRIPTION_STATUSES,
    description: '`disabled`: the receiver said that it is gone (410), or `unreadable`',
  })
  status!: string;
  @ApiProperty({ required: false, description: 'Where deliveries are posted. Not shown in lists' }) address?: string;
  @ApiProperty({
    enum: [true],
    required: false,
    description:
      'Instead of `address`: their key is gone, and neither it nor the secret can be read. Not shown in lists',
  })
  unreadable?: true;
  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, isArray: true, description: 'Types of events that it is told of' })
  eventTypes!: readonly string[];
  @ApiProperty({ format: 'date-time', description: 'What was recorded from then on is delivered' })
  subscribedAt!: string;
  @ApiProperty({
    format: 'date-time',
    required: false,
    description: 'Until then deliveries are signed with the secret before the newest as well. Not shown in lists',
  })
  earlierSecretUntil?: string;
}

export class WebhookSubscriptionAnswer extends WebhookSubscriptionView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class WebhookSecretAnswer extends WebhookSubscriptionAnswer {
  @ApiProperty({ description: 'Key that deliveries are signed with; shown here and nowhere else' }) secret!: string;
}

export class WebhookSubscriptionPage {
  @ApiProperty({ type: WebhookSubscriptionView, isArray: true, description: 'Newest first' })
  items!: WebhookSubscriptionView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export class WebhookDeliveryView {
  @ApiProperty({ format: 'uuid', description: 'Id of the event, `webhook-id` of the delivery' }) event!: string;
  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, description: 'Its type' }) eventType!: string;
  @ApiProperty({
    enum: DELIVERY_STATES,
    description: '`parked`: it waits for a person, and what is of its stream behind it',
  })
  state!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Attempts that failed since it was enqueued or released' })
  failures!: number;
  @ApiProperty({ format: 'date-time', description: 'From then on it is tried' }) since!: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'While it waits: the next attempt' })
  dueAt?: string;
  @ApiProperty({ required: false, description: 'Why the last attempt failed' }) reason?: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'When it was delivered or given up' })
  endedAt?: string;
}

export class WebhookDeliveryPage {
  @ApiProperty({ type: WebhookDeliveryView, isArray: true, description: 'Newest first' })
  items!: WebhookDeliveryView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export async function subscriptionView(
  sealer: Sealer,
  { status, id, eventTypes, subscribedAt, earlierUntil }: RecordedSubscription,
  history: readonly Recorded<DomainEvent>[],
): Promise<WebhookSubscriptionView> {
  const address = await ifReadable(addressOf(sealer, history));
  return {
    ...{ id, status, ...(address === undefined ? { unreadable: true } : { address }), eventTypes, subscribedAt },
    ...(earlierUntil === undefined ? {} : { earlierSecretUntil: earlierUntil }),
  };
}

export function deliveryView({
  payload,
  state,
  attempts,
  since,
  dueAt,
  reason,
  endedAt,
}: KeptItem): WebhookDeliveryView {
  const { event, type } = payload as DeliveryPayload;
  return {
    ...{ event, eventType: type, state, failures: attempts, since },
    ...(state === 'waiting' ? { dueAt } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

export const subscriptionExample = {
  id: '5e6f7a8b-1111-4222-8333-944455566677',
  status: 'active',
  address: 'https://receiver.example/hook',
  eventTypes: ['AuthorizationRevoked', 'MeansRevoked'],
  subscribedAt: '2026-03-02T10:12:00.000Z',
};
export const secretExample = {
  ...subscriptionExample,
  secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
};
export const rotatedExample = { ...secretExample, earlierSecretUntil: '2026-03-03T10:12:00.000Z' };
export const disabledExample = { ...subscriptionExample, status: 'disabled' };
export const endedExample = { ...subscriptionExample, status: 'ended' };
const { address: _, ...listed } = subscriptionExample;
export const listedExample = listed;
export const unreadableExample = { ...listed, status: 'disabled', unreadable: true };
export const parkedDeliveryExample = {
  event: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  eventType: 'AuthorizationRevoked',
  state: 'parked',
  failures: 19,
  since: '2026-03-02T10:12:00.000Z',
  reason: 'answered 500',
};
export const deliveredExample = {
  event: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b11',
  eventType: 'MeansRevoked',
  state: 'done',
  failures: 0,
  since: '2026-03-02T10:12:00.000Z',
  endedAt: '2026-03-02T10:12:01.000Z',
};
