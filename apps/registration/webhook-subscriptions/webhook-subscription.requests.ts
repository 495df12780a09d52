import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '#libs/domain';
import { setsSomething } from '#libs/composition';
import {
  IsChoice,
  IsChoiceList,
  IsForm,
  IsText,
  IsUuidString,
  IsWhole,
  named,
  Optional,
  Refers,
  type Fault,
} from '#libs/platform';

export const SUBSCRIPTION_STATUSES = named(
  'WebhookSubscriptionStatus',
  ['active', 'disabled', 'ended'] as const,
  'How a webhook subscription stands',
);
export const DELIVERY_STATES = named(
  'WebhookDeliveryState',
  ['waiting', 'parked', 'done', 'dropped'] as const,
  'How a delivery stands',
);

const ADDRESS = /^[hH][tT][tT][pP][sS]?:\/\/[!-~]{1,2000}$/;
const ADDRESS_FORM = {
  en: 'an address such as https://receiver.example/hook, of at most 2000 characters',
  nl: 'een adres zoals https://receiver.example/hook, van hoogstens 2000 tekens',
};
const ADDRESS_DOCS = {
  description: 'Where deliveries are posted; treated as a secret. https, and not of the inside network, unless allowed',
  example: 'https://receiver.example/hook',
};
const TYPES_DOCS = { least: 1, most: WEBHOOK_EVENT_TYPES.length, description: 'Types of events to be told of' };

export class SubscribeWebhookRequest {
  @Refers('webhookAddress')
  @IsForm(ADDRESS, ADDRESS_FORM, ADDRESS_DOCS)
  address!: string;
  @IsChoiceList(WEBHOOK_EVENT_TYPES, TYPES_DOCS) eventTypes!: WebhookEventType[];
}

export class ChangeWebhookRequest {
  @Refers('webhookAddress')
  @IsForm(ADDRESS, ADDRESS_FORM, ADDRESS_DOCS)
  @Optional()
  address?: string;
  @IsChoiceList(WEBHOOK_EVENT_TYPES, TYPES_DOCS) @Optional() eventTypes?: WebhookEventType[];

  static between(body: ChangeWebhookRequest): readonly Fault[] {
    return setsSomething(body).map((fault) => ({ ...fault, pointer: '' }));
  }
}

export class RotateWebhookSecretRequest {
  @IsWhole(0, 168, {
    description: 'Hours in which deliveries are signed with the secret before as well; 24 when absent',
  })
  @Optional()
  overlapHours?: number;
}

/** Nothing to say: the command is its path. */
export class WebhookCommandRequest {}

export class WebhookDeliveryRequest {
  @IsUuidString({ description: 'Id of the event, `webhook-id` of its delivery' }) event!: string;
}

export class SearchWebhookSubscriptionsRequest {
  @IsChoice(SUBSCRIPTION_STATUSES, { description: 'How it stands' }) @Optional() status?: string;
  @IsChoice(WEBHOOK_EVENT_TYPES, { description: 'Type that it is told of' }) @Optional() eventType?: string;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class SearchWebhookDeliveriesRequest {
  @IsChoice(DELIVERY_STATES, { description: 'How it stands' }) @Optional() state?: string;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
}
