import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/cluster/main.js');
