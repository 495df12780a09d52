import {
  accept,
  clear,
  reject,
  type Decider,
  type EventId,
  type Instant,
  type WebhookSubscriptionId,
} from '#libs/kernel';
import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';
import type { WebhookEventType, WebhookSubscriptionEvent } from './webhook-subscription.events.js';

/** Subscriptions that have not ended, of an installation: each has deliveries under way at all times. */
export const MAX_SUBSCRIPTIONS = 100;
/** Changes, secrets and resumptions of one: its history is read at every attempt. */
export const MAX_SUBSCRIPTION_CHANGES = 1_000;

// Commands and rejections

/** A delivery as it stands where it waits; absent: there is none of that event. */
export interface KnownDelivery {
  readonly state: 'waiting' | 'parked' | 'done' | 'dropped';
}

interface OfDelivery {
  readonly event: EventId;
  readonly delivery?: KnownDelivery;
  readonly now: Instant;
}

export type WebhookSubscriptionCommand =
  | {
      readonly type: 'Subscribe';
      readonly subscription: WebhookSubscriptionId;
      readonly address: string;
      readonly eventTypes: readonly WebhookEventType[];
      readonly secret: string;
      /** How many there are that have not ended. */
      readonly others: number;
      readonly now: Instant;
    }
  | {
      readonly type: 'ChangeSubscription';
      /** Absent where it is the one on record, which only the door can open. */
      readonly address?: string;
      readonly eventTypes?: readonly WebhookEventType[];
      readonly now: Instant;
    }
  | {
      readonly type: 'RotateSecret';
      readonly secret: string;
      /** Which one it is, counted from 1: one that is on record already is not made again. */
      readonly version: number;
      readonly earlierUntil: Instant;
      readonly now: Instant;
    }
  | {
      readonly type: 'DisableSubscription';
      /** `version` of the subscription that was tried: one that was changed since is another one. */
      readonly version: number;
      readonly unreadable?: true;
      readonly now: Instant;
    }
  | { readonly type: 'ResumeSubscription'; readonly now: Instant }
  | { readonly type: 'EndSubscription'; readonly now: Instant }
  | ({ readonly type: 'RetryDelivery' } & OfDelivery)
  | ({ readonly type: 'DropDelivery' } & OfDelivery);

export const webhookSubscriptionRejections = {
  'no-such-webhook-subscription': notFound(
    'There is no such webhook subscription',
    'Dit webhook-abonnement bestaat niet',
    {
      en: 'No webhook subscription with this id was ever recorded.',
      nl: 'Er is nooit een webhook-abonnement met dit id vastgelegd.',
    },
  ),
  'webhook-subscription-ended': conflicting(
    'The webhook subscription has ended',
    'Het webhook-abonnement is beëindigd',
    {
      en: 'Nothing is delivered to it any more, and nothing about it changes; make another one.',
      nl: 'Er wordt niets meer aan geleverd en er verandert niets meer aan; maak een ander.',
    },
  ),
  'too-many-webhook-subscriptions': conflicting(
    'There are as many webhook subscriptions as there may be',
    'Er zijn zoveel webhook-abonnementen als er mogen zijn',
    {
      en: 'Those that have not ended count; end one that nobody needs.',
      nl: 'Die niet beëindigd zijn, tellen; beëindig er een die niemand nodig heeft.',
    },
  ),
  'webhook-subscription-full': conflicting(
    'The webhook subscription holds no more changes',
    'Het webhook-abonnement kan geen wijzigingen meer bevatten',
    {
      en: 'It was changed, given secrets and resumed as often as it may be; end it and make another one.',
      nl: 'Het is zo vaak gewijzigd, van geheimen voorzien en hervat als mag; beëindig het en maak een ander.',
    },
  ),
  'webhook-subscription-disabled': conflicting(
    'The webhook subscription is disabled',
    'Het webhook-abonnement is uitgeschakeld',
    {
      en: 'Nothing is delivered to it until it is resumed; that takes up what was parked because it is disabled.',
      nl: 'Er wordt niets aan geleverd tot het wordt hervat; dan gaat ook verder wat daarom geparkeerd staat.',
    },
  ),
  'webhook-address-refused': invalid('The address is not allowed', 'Het adres is niet toegestaan', {
    en: 'An address has to be https, without a name, password or fragment in it, and not of the inside network, unless the installation allows it.',
    nl: 'Een adres moet https zijn, zonder naam, wachtwoord of fragment erin, en niet van het interne netwerk, tenzij de installatie het toestaat.',
  }),
  'unknown-delivery': invalid('There is no such delivery', 'Deze levering bestaat niet', {
    en: 'Nothing about this event is, or lately was, to be delivered to this subscription.',
    nl: 'Over deze gebeurtenis hoeft of hoefde onlangs niets aan dit abonnement geleverd te worden.',
  }),
  'delivery-not-parked': conflicting('The delivery is not parked', 'De levering staat niet geparkeerd', {
    en: 'Only what is parked is tried again or given up by a person; this delivery goes its way, or has gone it.',
    nl: 'Alleen wat geparkeerd staat, wordt door een mens opnieuw geprobeerd of opgegeven; deze levering gaat haar weg, of is die gegaan.',
  }),
};

export const rejectWebhook = rejecting(webhookSubscriptionRejections);

// State

export interface RecordedSubscription {
  readonly status: 'active' | 'disabled' | 'ended';
  readonly id: WebhookSubscriptionId;
  readonly eventTypes: readonly WebhookEventType[];
  readonly subscribedAt: Instant;
  readonly secretVersion: number;
  /** How often it was changed, given a secret or resumed. */
  readonly version: number;
  /** The second newest secret signs as well until then; absent: there is one only. */
  readonly earlierUntil?: Instant;
}
export type WebhookSubscription = { readonly status: 'none' } | RecordedSubscription;

// Decider

export const webhookSubscriptionDecider: Decider<
  WebhookSubscription,
  WebhookSubscriptionCommand,
  WebhookSubscriptionEvent
> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'Subscribe') {
      // Its id comes from the key of its request: there is no other request that could have made it.
      if (state.status !== 'none') return accept();
      const { subscription, address, eventTypes, secret, others, now } = command;
      if (others >= MAX_SUBSCRIPTIONS) {
        return reject(rejectWebhook('too-many-webhook-subscriptions', { facts: { most: MAX_SUBSCRIPTIONS } }));
      }
      return accept({
        type: 'WebhookSubscribed',
        data: { subscription, address: clear(address), eventTypes, secret: clear(secret), subscribedAt: now },
      });
    }
    if (state.status === 'none') return reject(rejectWebhook('no-such-webhook-subscription'));
    const subscription = state.id;
    if (state.status === 'ended') {
      return command.type === 'EndSubscription' || command.type === 'DisableSubscription'
        ? accept()
        : reject(rejectWebhook('webhook-subscription-ended'));
    }
    switch (command.type) {
      case 'ChangeSubscription': {
        const { address, now } = command;
        const eventTypes = isSame(command.eventTypes, state.eventTypes) ? undefined : command.eventTypes;
        if (address === undefined && eventTypes === undefined) return accept();
        if (isFull(state)) return full();
        return accept({
          type: 'WebhookSubscriptionChanged',
          data: {
            subscription,
            ...(address === undefined ? {} : { address: clear(address) }),
            ...(eventTypes === undefined ? {} : { eventTypes }),
            changedAt: now,
          },
        });
      }
      case 'RotateSecret': {
        const { secret, version, earlierUntil, now } = command;
        if (version <= state.secretVersion) return accept();
        if (isFull(state)) return full();
        return accept({
          type: 'WebhookSecretRotated',
          data: { subscription, secret: clear(secret), version, rotatedAt: now, earlierUntil },
        });
      }
      case 'DisableSubscription': {
        const { version, unreadable, now } = command;
        // Late word of what was mended meanwhile says nothing of what stands now.
        if (state.status === 'disabled' || version !== state.version) return accept();
        return accept({
          type: 'WebhookSubscriptionDisabled',
          data: { subscription, disabledAt: now, ...(unreadable === undefined ? {} : { unreadable }) },
        });
      }
      case 'ResumeSubscription':
        if (state.status === 'active') return accept();
        if (isFull(state)) return full();
        return accept({ type: 'WebhookSubscriptionResumed', data: { subscription, resumedAt: command.now } });
      case 'EndSubscription':
        return accept({ type: 'WebhookSubscriptionEnded', data: { subscription, endedAt: command.now } });
      case 'RetryDelivery':
      case 'DropDelivery': {
        const { event, delivery, now } = command;
        if (delivery === undefined) return reject(rejectWebhook('unknown-delivery', { pointer: '/event' }));
        if (delivery.state !== 'parked') return reject(rejectWebhook('delivery-not-parked'));
        if (command.type === 'RetryDelivery' && state.status === 'disabled') {
          return reject(rejectWebhook('webhook-subscription-disabled'));
        }
        return command.type === 'RetryDelivery'
          ? accept({ type: 'WebhookDeliveryRetried', data: { subscription, event, retriedAt: now } })
          : accept({ type: 'WebhookDeliveryDropped', data: { subscription, event, droppedAt: now } });
      }
    }
  },

  evolve(state, event) {
    if (event.type === 'WebhookSubscribed') {
      const { subscription: id, eventTypes, subscribedAt } = event.data;
      return { status: 'active', id, eventTypes, subscribedAt, secretVersion: 1, version: 0 };
    }
    if (state.status === 'none') return state;
    switch (event.type) {
      case 'WebhookSubscriptionChanged': {
        const { eventTypes = state.eventTypes } = event.data;
        return { ...state, eventTypes, version: state.version + 1 };
      }
      case 'WebhookSecretRotated':
        return {
          ...{ ...state, version: state.version + 1 },
          ...{ secretVersion: event.data.version, earlierUntil: event.data.earlierUntil },
        };
      case 'WebhookSubscriptionDisabled':
        return { ...state, status: 'disabled' };
      case 'WebhookSubscriptionResumed':
        return { ...state, status: 'active', version: state.version + 1 };
      case 'WebhookSubscriptionEnded':
        return { ...state, status: 'ended' };
      case 'WebhookDeliveryRetried':
      case 'WebhookDeliveryDropped':
        return state;
    }
  },
};

const isSame = (some: readonly string[] | undefined, others: readonly string[]): boolean =>
  some === undefined || (some.length === others.length && some.every((one) => others.includes(one)));

const isFull = ({ version }: RecordedSubscription): boolean => version >= MAX_SUBSCRIPTION_CHANGES;
const full = () => reject(rejectWebhook('webhook-subscription-full', { facts: { most: MAX_SUBSCRIPTION_CHANGES } }));
