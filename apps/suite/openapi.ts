import { buildWholeContracts } from '#libs/composition';
import { suiteModules } from './suite.modules.js';

/** Part of the build: writes the documents of the contract that every app serves. */
await buildWholeContracts(suiteModules);
process.exit(0);
