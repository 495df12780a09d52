export type { EventCodec, EventDeclaration } from './codec.js';
export { accept, reject } from './decider.js';
export type {
  Decider,
  Decision,
  DomainEvent,
  Rejection,
  RejectionDeclaration,
  RejectionKind,
  Words,
} from './decider.js';
export type { Actor, EventMetadata, Recorded } from './envelope.js';
export { FaultForPeople } from './for-people.js';
export { categoryOf, INSTALLATION_STREAM, isUuid, objectIdOf, streamId, STREAM_CATEGORIES } from './ids.js';
export type {
  ApplicationId,
  AuthorizationId,
  CheckId,
  ConfirmationId,
  ContactId,
  DestructionId,
  DocumentId,
  EventId,
  EvidenceId,
  LegalHoldId,
  PolicySimulationId,
  RightsRequestId,
  MeansId,
  PartyId,
  PersonId,
  Pseudonym,
  RevocationRequestId,
  StreamCategory,
  StreamId,
  Uuid,
  WebhookSubscriptionId,
} from './ids.js';
export { epochOf, instantFromEpoch, later, parseDate, parseInstant } from './instant.js';
export type { CalendarDate, Instant } from './instant.js';
export { canonicalJson } from './json.js';
export type { JsonObject, JsonValue } from './json.js';
export { membersTwice, walkJsonText } from './json-text.js';
export type { JsonPath, JsonTextVisitor, MemberTwice, PathHere, TextPlace } from './json-text.js';
export { clear, isSealed } from './sealed.js';
export type { Clear, KeyHolder, Personal, Sealed } from './sealed.js';
