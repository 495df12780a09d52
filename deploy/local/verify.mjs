// Verifies a log or a receipt, as outsiders do with the package: npm run verify -- URL|DIR [--key FILE] …
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runAfterSetup } from './setup.mjs';

await runAfterSetup(
  async () => {
    // Files are named from where the command was given.
    process.chdir(process.env['INIT_CWD'] ?? process.cwd());
    await import(pathToFileURL(join(root, 'dist', 'libs', 'verifier', 'main.js')).href);
  },
  { tools: false },
);
