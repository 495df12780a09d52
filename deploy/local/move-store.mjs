import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/move-store.js');
