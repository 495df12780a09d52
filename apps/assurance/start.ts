import { startWaarborg } from '#libs/composition';
import type { Start } from '#libs/process';
import { AssuranceModule } from './index.js';

export const start: Start = (...given) => startWaarborg([AssuranceModule], ...given);
