// A witness of transparency logs, also of others: npm run witness -- --name NAME --logs FILE
import { runBuilt } from './setup.mjs';

await runBuilt('apps/witness/main.js');
