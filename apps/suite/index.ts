export { suiteModules, suiteProjections } from './suite.modules.js';
export { clerk, documentStatus, holderChecks, partyChecks, refusalOf, representativeChecks } from './demo/dossier.js';
export { printer } from './demo/printer.js';
export { tellStory } from './demo/story.js';
