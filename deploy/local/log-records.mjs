import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/log-records.js');
