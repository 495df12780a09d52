import type { EventCodec, EventId, Instant, KeyHolder, Personal, WebhookSubscriptionId } from '#libs/kernel';

/**
 * Types of events that receivers outside the house can be told of: what became of parties, means, authorizations and requests
 * to end or pause them, and who was told. docs/webhooks.md says of each other type why not.
 */
export const WEBHOOK_EVENT_TYPES = [
  'AuthorizationActivated',
  'AuthorizationChanged',
  'AuthorizationNonUseNoticeExtended',
  'AuthorizationNonUseNoticeWithdrawn',
  'AuthorizationNonUseNoticed',
  'AuthorizationRegistered',
  'AuthorizationRenewed',
  'AuthorizationRevoked',
  'AuthorizationSuspended',
  'AuthorizationSuspensionLifted',
  'ConfirmationFailed',
  'ConfirmationLapsed',
  'ConfirmationSent',
  'ConfirmationWritten',
  'MeansActivated',
  'MeansCertificateRevoked',
  'MeansIssued',
  'MeansRenewed',
  'MeansRevoked',
  'MeansSuspended',
  'MeansSuspensionLifted',
  'MeansUpgraded',
  'PartyCorrected',
  'PartyRegistered',
  'RevocationAccepted',
  'RevocationDeadlineMoved',
  'RevocationEffected',
  'RevocationExtended',
  'RevocationLinesEffected',
  'RevocationLinesJudged',
  'RevocationRefused',
  'RevocationRequested',
  'RevocationWithdrawn',
  'SpecialCircumstancesCleared',
  'SpecialCircumstancesReported',
  'SuspensionAccepted',
  'SuspensionEffected',
  'SuspensionRefused',
  'SuspensionRequestWithdrawn',
  'SuspensionRequested',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Streams on which these types stand. */
export const WEBHOOK_STREAMS = ['authorization', 'confirmation', 'means', 'party', 'revocationRequest'] as const;

interface OfSubscription {
  readonly subscription: WebhookSubscriptionId;
}

/** The address may hold a token in its path or query, so that it is sealed like the secret. */
export interface WebhookSubscribed {
  readonly type: 'WebhookSubscribed';
  readonly data: OfSubscription & {
    readonly address: Personal<string>;
    readonly eventTypes: readonly WebhookEventType[];
    readonly secret: Personal<string>;
    readonly subscribedAt: Instant;
  };
}
export interface WebhookSubscriptionChanged {
  readonly type: 'WebhookSubscriptionChanged';
  readonly data: OfSubscription & {
    readonly address?: Personal<string>;
    readonly eventTypes?: readonly WebhookEventType[];
    readonly changedAt: Instant;
  };
}
export interface WebhookSecretRotated {
  readonly type: 'WebhookSecretRotated';
  readonly data: OfSubscription & {
    readonly secret: Personal<string>;
    readonly version: number;
    readonly rotatedAt: Instant;
    /** Until then deliveries are signed with the secret before as well. */
    readonly earlierUntil: Instant;
  };
}
/**
 * The receiver said that it is gone (410); with `unreadable`, address and secret no longer open: their key was destroyed, or
 * is not at hand.
 */
export interface WebhookSubscriptionDisabled {
  readonly type: 'WebhookSubscriptionDisabled';
  readonly data: OfSubscription & { readonly disabledAt: Instant; readonly unreadable?: true };
}
export interface WebhookSubscriptionResumed {
  readonly type: 'WebhookSubscriptionResumed';
  readonly data: OfSubscription & { readonly resumedAt: Instant };
}
export interface WebhookSubscriptionEnded {
  readonly type: 'WebhookSubscriptionEnded';
  readonly data: OfSubscription & { readonly endedAt: Instant };
}
export interface WebhookDeliveryRetried {
  readonly type: 'WebhookDeliveryRetried';
  readonly data: OfSubscription & { readonly event: EventId; readonly retriedAt: Instant };
}
export interface WebhookDeliveryDropped {
  readonly type: 'WebhookDeliveryDropped';
  readonly data: OfSubscription & { readonly event: EventId; readonly droppedAt: Instant };
}
export type WebhookSubscriptionEvent =
  | WebhookSubscribed
  | WebhookSubscriptionChanged
  | WebhookSecretRotated
  | WebhookSubscriptionDisabled
  | WebhookSubscriptionResumed
  | WebhookSubscriptionEnded
  | WebhookDeliveryRetried
  | WebhookDeliveryDropped;

const own = ({ subscription }: OfSubscription): KeyHolder => ({ kind: 'webhookSubscription', id: subscription });
const declared = { schemaVersion: 1, processingActivity: 'webhooks' } as const;

export const webhookSubscriptionCodec: EventCodec<WebhookSubscriptionEvent> = {
  WebhookSubscribed: { ...declared, personal: { address: own, secret: own } },
  WebhookSubscriptionChanged: { ...declared, personal: { address: own } },
  WebhookSecretRotated: { ...declared, personal: { secret: own } },
  WebhookSubscriptionDisabled: declared,
  WebhookSubscriptionResumed: declared,
  WebhookSubscriptionEnded: declared,
  WebhookDeliveryRetried: declared,
  WebhookDeliveryDropped: declared,
};
