// Makes the generated part of libs/client from the contract, with the pinned generator: npm run client:generate
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { root, runAfterSetup, say } from './setup.mjs';

await runAfterSetup(async () => {
  const { generateClientPackage } = await import(pathToFileURL(join(root, 'test', 'generators', 'run.mjs')).href);
  await generateClientPackage();
  say('libs/client/generated is of the contract.');
  // What the apps were asked for their documents with keeps timers.
  process.exit(0);
});
