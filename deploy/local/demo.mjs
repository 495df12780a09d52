import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/demo/main.js');
