import { startWaarborg } from '#libs/composition';
import type { Start } from '#libs/process';
import { RegistrationModule } from './index.js';

export const start: Start = (...given) => startWaarborg([RegistrationModule], ...given);
