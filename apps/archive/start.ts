import { startWaarborg } from '#libs/composition';
import type { Start } from '#libs/process';
import { ArchiveModule } from './index.js';

export const start: Start = (...given) => startWaarborg([ArchiveModule], ...given);
