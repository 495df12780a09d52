// One app alone, as a process of its own: node deploy/local/app.mjs issuance (npm run start:issuance, and so on).
import { runBuilt } from './setup.mjs';

const [app] = process.argv.splice(2, 1);
await runBuilt(`apps/${app}/main.js`, `start:${app}`);
