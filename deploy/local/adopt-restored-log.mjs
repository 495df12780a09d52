import { runBuilt } from './setup.mjs';

await runBuilt('apps/suite/adopt-restored-log.js');
