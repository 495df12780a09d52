export { AspectView, WeighedCheckView } from './views/aspect.view.js';
export { BACKBONE, BackboneModule } from './backbone.module.js';
export { answerTo, awaitAfter, checkAfter, commandOf, isRefusal, positionText, readerOf, settle } from './doors.js';
export type { Accepted } from './doors.js';
export { closeAfter, closeInTurn } from './close-in-turn.js';
export {
  adoptRestoredStore,
  demandAlone,
  identifyStore,
  logOriginOf,
  recordRestoredLog,
  StoreRefused,
} from './installation.js';
export { contactViews, ContactView, RecordContactRequest, setsSomething } from './contacts.js';
export { classificationComponent, DEADLINE_REFUSALS, USE_REFUSALS } from './contract/classification-components.js';
export { buildWholeContracts, contractsOf } from './contract/whole-contracts.js';
export { PLANNED_PATHS } from './contract/planned-paths.js';
export { moveStore } from './move-store.js';
export type { MoveParts } from './move-store.js';
export { assembleBackbone, openBackbone } from './open-backbone.js';
export type { AssembledBackbone, OpenBackbone, Watchers } from './open-backbone.js';
export { everyProblem } from './problems.js';
export { publishedFiles } from './published-files.js';
export { openDatabases, openEventStore, openStores } from './open-stores.js';
export type { Databases, EventStores, HeldEvents, RegisterStores, Stores } from './open-stores.js';
export { startWaarborg } from './run-app.js';
export type { RunningApp } from './running-app.js';
export { takeTraces } from './take-traces.js';
export { containing, equal, equalIn, searchPage, siftedPage, within } from './search-page.js';
export type { List, PageMembers } from './search-page.js';
export { BACKUP_PARTS, backUp, BackupRefused, restore } from './backup.js';
export type { BackupPart } from './backup.js';
export { lookUp } from './look-up.js';
export { demandWelcome, kafkaParts, relayOf } from './reactions.js';
export { runOnDatabases, runTool } from './run-tool.js';
export type { ToolParts } from './run-tool.js';
export * from './views/authorization.view.js';
export * from './views/level.view.js';
export * from './views/means.view.js';
export * from './views/partial.view.js';
export * from './views/person.view.js';
export { EXPLAIN_CODES, ExplainRequest, readExplainRequest } from './explanations/explain.request.js';
export * from './explanations/explanation.examples.js';
export * from './explanations/explanation.page.js';
export * from './explanations/explanation.view.js';
export { viewedPage } from './viewed/viewed-page.js';
export type { ViewedList } from './viewed/viewed-page.js';
export { ApiViewer, Viewed, VIEWER_CODES, VIEWER_DOCS, viewerExample, ViewerRequest } from './viewed/viewer-request.js';
export type { ViewedRead } from './viewed/viewer-request.js';
export { viewingOf } from './viewed/viewing.js';
export type { Viewing } from './viewed/viewing.js';
export { ApiPrecheck, Prechecks, PrecheckView } from './views/precheck.view.js';
