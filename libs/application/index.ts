export { actorOf, commandContext } from './backbone.js';
export type { Backbone, CommandRequest, Participant, RequestContext } from './backbone.js';
export { announced, decisionVisibility } from './decision-visibility.js';
export type { AnnouncedInstances } from './decision-visibility.js';
export { authorizationDossier, meansStorkOf } from './dossier/authorization-dossier.js';
export type { RegistrationParts } from './dossier/authorization-dossier.js';
export { loadChecks } from './dossier/load-checks.js';
export { meansDossier } from './dossier/means-dossier.js';
export type { IssuanceParts } from './dossier/means-dossier.js';
export { administrationOf, authenticatedLevel, holdsMeans, levelOfStork } from './dossier/submitter.js';
export { aboutHumans, humansOf } from './dossier/humans.js';
export type { Humans } from './dossier/humans.js';
export { validDocuments } from './dossier/valid-documents.js';
export { translateCheck } from './dossier/translate-check.js';
export type { Roles, Translation } from './dossier/translate-check.js';
export { governance } from './governance/governance.js';
export type {
  Assessment,
  Dated,
  Governance,
  GovernanceData,
  LevelPolicyEntry,
  MeansProduct,
  Service,
} from './governance/governance.js';
export { seed } from './governance/seed.js';
export {
  allFound,
  findApplication,
  findAuthorization,
  findCheck,
  findMeans,
  findParty,
  findPerson,
} from './objects.js';
export type { Found } from './objects.js';
export type { DecisionVisibility, ReadModels, Reservations, Secrets } from './ports.js';
export { authorizationsProjection, present } from './read-models/authorizations.js';
export type { AuthorizationRow } from './read-models/authorizations.js';
export { meansProjection } from './read-models/means.js';
export type { MeansRow } from './read-models/means.js';
export { readModels } from './read-models/read-models.js';
export { recordRefusal } from './refusal.js';
export type { RefusalGround } from './refusal.js';
