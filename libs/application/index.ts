export { actorOf, commandContext } from './backbone.js';
export { actInTurn, startChore } from './in-turn.js';
export type { Backbone, CommandRequest, KeptEvidence, Participant, RequestContext, Retention } from './backbone.js';
export { contactsInChecks, hasContact, sinceErased } from './contacts.js';
export { correctionGround, correctionOutcome, SUBMITTER, supplierOf } from './corrections.js';
export type { CorrectionGround, CorrectionOutcome, RecordOf } from './corrections.js';
export { announced, decisionVisibility } from './decision-visibility.js';
export type { AnnouncedInstances } from './decision-visibility.js';
export { aspectsInBrief, authorizationAspects, meansAspects, weighedChecks } from './dossier/aspects.js';
export type { AspectView } from './dossier/aspects.js';
export { judgedAsRenewal, renewalProcedureOf } from './dossier/renewal-procedure.js';
export { explainAuthorization } from './explaining/explain-authorization.js';
export type { AuthorizationExplanation, AuthorizationOutcome } from './explaining/explain-authorization.js';
export { explainMeans } from './explaining/explain-means.js';
export type { MeansExplanation, MeansOutcome } from './explaining/explain-means.js';
export { differencesBetween } from './explaining/explained.js';
export type {
  AskedExplanation,
  Difference,
  ExplainedAspect,
  ExplainedCheck,
  ExplainedDecision,
  ExplainedRow,
  RecordPlace,
} from './explaining/explained.js';
export { folding } from './explaining/backbone-as-of.js';
export { rulesOfThen } from './explaining/rules-of-then.js';
export { rulesAppliedProjection } from './read-models/rules-applied.js';
export { authorizationRows, meansRows, withEarningRows } from './dossier/earning-rows.js';
export type { EarningRow } from './dossier/earning-rows.js';
export { assessmentAt } from './dossier/assessment.js';
export { authorizationDossier, meansStorkOf } from './dossier/authorization-dossier.js';
export type { AuthorizationDossier, RegistrationParts } from './dossier/authorization-dossier.js';
export { confirmersAmong, markOf, type CircumstancesMark, type Confirmation } from './dossier/circumstances.js';
export { answeredAt, answerOf } from './dossier/question.js';
export { restingOn } from './dossier/copies-on-record.js';
export { documentsOf } from './dossier/documents.js';
export { humansOf, recordsOf } from './dossier/humans.js';
export type { Humans } from './dossier/humans.js';
export { loadChecks } from './dossier/load-checks.js';
export type { CheckOnRecord } from './dossier/load-checks.js';
export { levelOfStork } from './dossier/logins.js';
export { meansDossier } from './dossier/means-dossier.js';
export type { IssuanceParts } from './dossier/means-dossier.js';
export {
  administrationBy,
  administrationOf,
  holdsMeans,
  limitsOfHolder,
  loginsOf,
  standsWithin,
} from './dossier/submitter.js';
export type { Administration } from './dossier/submitter.js';
export { translateCheck } from './dossier/translate-check.js';
export type { Derived, Roles } from './dossier/translate-check.js';
export { weigh } from './dossier/weighing.js';
export type { Weighed, Weighing, WeighingParts } from './dossier/weighed.js';
export { WHY } from './dossier/why.js';
export type { Why } from './dossier/why.js';
export {
  checkNames,
  hasEquivalence,
  USUAL_PUBLICATIONS,
  USUAL_SOURCES,
  USUAL_SYSTEMS,
} from './governance/check-names.js';
export type { CheckNames, ConfiguredNames } from './governance/check-names.js';
export { dayInAmsterdam } from './day-in-amsterdam.js';
export { fewAtOnce } from './few-at-once.js';
export { requestOfNobody, withoutWriting } from './without-writing.js';
export { governance } from './governance/governance.js';
export type {
  Assessment,
  Dated,
  Governance,
  GovernanceData,
  LevelPolicyEntry,
  MeansProduct,
  ProductInForce,
  Service,
} from './governance/governance.js';
export { assessmentThrough, loginAssessments } from './governance/login-assessment.js';
export { isCertificate, secretFaultsAt, tokenAt } from './governance/product-token.js';
export type { LoginAssessment, LoginAssessments } from './governance/login-assessment.js';
export { seed } from './governance/seed.js';
export {
  allFound,
  findApplication,
  findAuthorization,
  findCheck,
  findEvidence,
  findMeans,
  findParty,
  findPerson,
  isReceived,
} from './objects.js';
export type { Found } from './objects.js';
export { openPerson, personOnRecord } from './persons/person-on-record.js';
export type { PersonOnRecord } from './persons/person-on-record.js';
export {
  forgetDocument,
  foreseen,
  RECOGNITION,
  recognition,
  searchHashes,
  settlePerson,
} from './persons/recognition.js';
export { sharesAllIdentifyingAttributes } from './persons/shared-attributes.js';
export type {
  AnswerKey,
  AnswerKeys,
  LogKey,
  LogKeys,
  DecisionVisibility,
  Holding,
  IdentifierHashes,
  ReadModels,
  Reservations,
  Secrets,
  Tombstones,
} from './ports.js';
export { demandLastUses, lastUses, lastUsesIfFed, lastUseUpToNow, usableOf, usableRow } from './last-use.js';
export type { Usable } from './last-use.js';
export { currentLevel, timedLevelPolicy } from './levels/current-level.js';
export type { CurrentLevel } from './levels/current-level.js';
export { destroyedIn, leftOf, noTombstones, partyIdOf, tombstones } from './retention/tombstones.js';
export { destroyedObjectsProjection } from './read-models/destroyed-objects.js';
export type { DestroyedObjectRow } from './read-models/destroyed-objects.js';
export { allRows } from './read-models/all-rows.js';
export { authorizationEndsProjection, whereEnding } from './read-models/authorization-ends.js';
export type { AuthorizationEndRow } from './read-models/authorization-ends.js';
export {
  authorizationsProjection,
  present,
  whereAdministrators,
  whereNotOver,
  whereStanding,
} from './read-models/authorizations.js';
export type { AuthorizationRow } from './read-models/authorizations.js';
export { dossierProjections } from './read-models/dossier.js';
export { evidenceProjection } from './read-models/evidence.js';
export { keptCopiesProjection } from './read-models/kept-copies.js';
export { legalHoldsProjection } from './read-models/legal-holds.js';
export type { LegalHoldRow } from './read-models/legal-holds.js';
export { lastUseProjection } from './read-models/last-use.js';
export type { LastUseRow } from './read-models/last-use.js';
export { nonUseNoticesProjection } from './read-models/non-use-notices.js';
export type { NonUseNoticeRow } from './read-models/non-use-notices.js';
export { personLinksProjection } from './read-models/person-links.js';
export { meansProjection } from './read-models/means.js';
export type { MeansRow } from './read-models/means.js';
export { readModels } from './read-models/read-models.js';
export { rightsRequestsProjection } from './read-models/rights-requests.js';
export type { RightsRequestRow } from './read-models/rights-requests.js';
export { usedContactsProjection } from './read-models/used-contacts.js';
export type { UsedContactRow } from './read-models/used-contacts.js';
export { retentionProjection } from './read-models/retention.js';
export type { RetentionRow } from './read-models/retention.js';
export { heldNow, isHeldNow } from './retention/held.js';
export { retentionOf } from './retention/retention.js';
export type { RetentionAnswer, RetentionQuestion } from './retention/retention.js';
export {
  KEPT_KINDS,
  keptName,
  keptObject,
  looksFor,
  MENTIONING,
  NAMING,
  NO_OBJECT,
  tiesIn,
  TYING_EVENTS,
} from './retention/ties.js';
export type { KeptKind, KeptName, KeptObject } from './retention/ties.js';
export { turnaroundOf } from './turnaround.js';
export { recordRefusal, withEvidenceCodes } from './refusal.js';
export type { RefusalGround, RefusedMutation } from './refusal.js';
export { isInForce, momentsOf, MOST_MOMENTS, proposedGovernance } from './simulating/proposed-policy.js';
export { simulatedProjections, simulatePolicy } from './simulating/simulate-policy.js';
export type { SimulationParts } from './simulating/simulate-policy.js';
export { addresseesOfNotice, administratorsToTell } from './telling/addressees.js';
export { confirmationIdOf } from './telling/confirmation-id.js';
export { isErased } from './telling/is-erased.js';
export type { AccessRequest } from './use/access-request.js';
export type { DecisionIndex, IndexedLink, IndexedMeans, IndexedParty, Path } from './use/decision-index.js';
export { decisionIndexProjection, ENDING } from './use/decision-index.projection.js';
export type { AuthorizationEntry, DecisionIndexRow, MeansEntry, PartyEntry } from './use/decision-index.projection.js';
export { indexMaps } from './use/index-maps.js';
export type { IndexMaps } from './use/index-maps.js';
export { isSameYes, judgeAccess, unfounded } from './use/judge-access.js';
export type { AccessJudgment, AccessReason, AccessReasonCode } from './use/judge-access.js';
export type { StepUp } from './use/remedies.js';
export { usePolicy } from './use/use-policy.js';
export type { UsePolicy } from './use/use-policy.js';
export { levelOfMeans } from './viewing/level-of-means.js';
export { levelOfPerson } from './viewing/level-of-person.js';
export { personsIn } from './viewing/data-subjects.js';
export { purposeOf, READING_PURPOSES, storedReading, whatOf } from './viewing/leave-reading.js';
export type { LoggedAction, ReadingPurpose, StoredReading } from './viewing/leave-reading.js';
export { reasonIn, recordExportEnd, recordReading, saltIn, READING_WORDS } from './viewing/record-reading.js';
export { recordNamesShown, recordViewing } from './viewing/record-viewing.js';
export { viewedRow } from './viewing/viewed-row.js';
export { whereSeen } from './viewing/where-seen.js';
export { decidesAt, placesOf, proveViewer } from './viewing/viewer.js';
export type { NamedViewer, Places, Viewer, ViewerPointers } from './viewing/viewer.js';
export { numberIn, webhookAddresses } from './webhooks/webhook-addresses.js';
export type { WebhookAddresses, WebhookSettings } from './webhooks/webhook-addresses.js';
