import { startWaarborg } from '#libs/composition';
import type { Start } from '#libs/process';
import { RevocationModule } from './index.js';

export const start: Start = (...given) => startWaarborg([RevocationModule], ...given);
