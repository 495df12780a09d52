import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/token-keys.js');
