import { startWaarborg } from '#libs/composition';
import type { Start } from '#libs/process';
import { suiteModules } from './suite.modules.js';

export const start: Start = (...given) => startWaarborg(suiteModules, ...given);
