import { buildWholeContract } from '#libs/composition';
import { suiteModules } from './suite.modules.js';

/** Part of the build: writes the contract that every app serves at `/v1/openapi.json`. */
await buildWholeContract(suiteModules);
process.exit(0);
