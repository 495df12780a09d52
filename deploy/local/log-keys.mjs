import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/log-keys.js');
