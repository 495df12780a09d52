// Runs a measuring or checking program of test/ on the built suite: node deploy/local/script.mjs bench|soak|vectors …
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runAfterSetup, SetupError } from './setup.mjs';

const SINGLE = { soak: 'test/chaos/soak.mjs', vectors: 'test/contract/vectors.mjs' };

function benches() {
  const folder = join(root, 'test', 'bench');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => (name.endsWith('.bench.mjs') ? [name.slice(0, -10)] : []));
}

function scriptFor(kind, name) {
  if (kind !== 'bench') return SINGLE[kind];
  const known = benches();
  if (!known.includes(name)) {
    const list = known.length === 0 ? 'There are none yet.' : `There are: ${known.join(', ')}.`;
    throw new SetupError(
      `${name === undefined ? 'Name a bench' : `No bench "${name}"`}: npm run bench -- NAME. ${list}`,
    );
  }
  return `test/bench/${name}.bench.mjs`;
}

await runAfterSetup(async ([kind, ...more]) => {
  const path = join(root, scriptFor(kind, more[0]));
  if (!existsSync(path)) throw new SetupError(`"npm run ${kind}" has nothing to run yet.`);
  process.argv.splice(1, kind === 'bench' ? 3 : 2, path);
  await import(pathToFileURL(path).href);
});
