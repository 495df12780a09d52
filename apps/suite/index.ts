export { suiteModules, suiteProjections } from './suite.modules.js';
export { api, expectStatus, Unexpected } from './demo/api.js';
export type { Api, ApiAnswer, Json } from './demo/api.js';
export { clerk, documentStatus, holderChecks, partyChecks, representativeChecks } from './demo/dossier.js';
export type { Clerk, Human } from './demo/dossier.js';
export { printer } from './demo/printer.js';
export type { Printer } from './demo/printer.js';
export { tellStory } from './demo/story.js';
export type { Clients, Told } from './demo/story.js';
