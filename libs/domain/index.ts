export * from './application/index.js';
export * from './authorization/index.js';
export * from './check/index.js';
export * from './confirmation/index.js';
export { AT_ONCE, earlier, ENTRY, immediateUntil, isDecidedLate, isPast } from './common/at-once.js';
export type { Arrival } from './common/at-once.js';
export { CONTACT_KINDS, MAX_CONTACTS } from './common/contact.js';
export type { Contact, ContactKind, ContactSupplier } from './common/contact.js';
export {
  comparedOfParty,
  comparedOfPerson,
  correctionRejections,
  partyCorrectedSince,
  personCorrectedSince,
  shownOfParty,
  shownOfPerson,
} from './common/corrections.js';
export type { CheckMade, PartyMember } from './common/corrections.js';
export { BLOCKING_REASONS, rejectSuspension, SUSPENDERS, suspensionRejections } from './common/suspension.js';
export type {
  BlockingReason,
  Lifted,
  StandingSuspensions,
  Suspended,
  Suspender,
  SuspensionGround,
  SuspensionOrder,
  SuspensionRole,
} from './common/suspension.js';
export { hasTime, type Turnaround } from './common/turnaround.js';
export type { WeighedCheck } from './common/weighed-check.js';
export * from './destruction/index.js';
export * from './evidence/index.js';
export { isLate, judgeHappened, happenedRejections, TOLERANCE } from './common/happened.js';
export { conflicting, invalid, notFound, refused, rejecting } from './common/rejections.js';
export type { RejectionCatalogue, RejectionDetails } from './common/rejections.js';
export {
  AUTHORIZATION_REFUSALS,
  checkNotInDossier,
  evidenceNotReusable,
  MEANS_REFUSALS,
  schemeRejectionCatalogue,
  schemeRejections,
} from './common/scheme-rejections.js';
export * from './installation/index.js';
export * from './legal-hold/index.js';
export * from './means/index.js';
export * from './party/index.js';
export * from './policy-simulation/index.js';
export * from './person/index.js';
export { allCodecs, allRejections } from './product.js';
export * from './revocation-request/index.js';
export * from './rights-request/index.js';
export * from './viewing/index.js';
export * from './webhook-subscription/index.js';
