import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/replay.js');
