import { startWaarborg } from '#libs/composition';
import type { Start } from '#libs/process';
import { IssuanceModule } from './index.js';

export const start: Start = (...given) => startWaarborg([IssuanceModule], ...given);
