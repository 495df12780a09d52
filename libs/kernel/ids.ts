/** Names of streams, events and objects. Branded, so that one kind of id is not taken for another. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type Uuid = Branded<'Uuid'>;
export type EventId = Branded<'EventId'>;
export type StreamId = Branded<'StreamId'>;
export type ApplicationId = Branded<'ApplicationId'>;
export type CheckId = Branded<'CheckId'>;
export type PersonId = Branded<'PersonId'>;
export type DocumentId = Branded<'DocumentId'>;
export type ContactId = Branded<'ContactId'>;
export type PartyId = Branded<'PartyId'>;
export type MeansId = Branded<'MeansId'>;
export type AuthorizationId = Branded<'AuthorizationId'>;
export type EvidenceId = Branded<'EvidenceId'>;
export type RevocationRequestId = Branded<'RevocationRequestId'>;
export type WebhookSubscriptionId = Branded<'WebhookSubscriptionId'>;
export type ConfirmationId = Branded<'ConfirmationId'>;
export type DestructionId = Branded<'DestructionId'>;
export type LegalHoldId = Branded<'LegalHoldId'>;
export type PolicySimulationId = Branded<'PolicySimulationId'>;
export type RightsRequestId = Branded<'RightsRequestId'>;
/** Internal pseudonym of the holder of a means, one per means (MEANS-09). Random; says nothing about the person. */
export type Pseudonym = Branded<'Pseudonym'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isUuid = (text: string): boolean => UUID.test(text);

/** The kinds of streams. Lower camel without hyphen; `installation` is the one stream without an id. */
export const STREAM_CATEGORIES = [
  ...(['installation', 'application', 'check', 'person', 'party', 'means'] as const),
  ...(['authorization', 'revocationRequest', 'webhookSubscription', 'confirmation', 'evidence'] as const),
  ...(['destruction', 'legalHold', 'policySimulation', 'rightsRequest'] as const),
] as const;
export type StreamCategory = (typeof STREAM_CATEGORIES)[number];

/** `category-id`, built here and nowhere else. */
export const streamId = (category: Exclude<StreamCategory, 'installation'>, id: string): StreamId =>
  `${category}-${id}` as StreamId;

export const INSTALLATION_STREAM = 'installation' as StreamId;

export const categoryOf = (stream: StreamId): string => stream.split('-', 1)[0]!;

/** The part behind the category; empty for the installation's own stream. */
export const objectIdOf = (stream: StreamId): string => {
  const hyphen = stream.indexOf('-');
  return hyphen < 0 ? '' : stream.slice(hyphen + 1);
};
