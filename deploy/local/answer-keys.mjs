import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/answer-keys.js');
