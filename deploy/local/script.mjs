// Runs a program of test/ after the setup: node deploy/local/script.mjs bench|chaos|soak|vectors|mutation|generate|trace …
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runAfterSetup, SetupError } from './setup.mjs';

const PROGRAMS = {
  chaos: { path: 'test/chaos/chaos.mjs', build: true },
  soak: { path: 'test/chaos/soak.mjs', build: true },
  vectors: { path: 'test/vectors-runner/run.mjs', build: true },
  mutation: { path: 'test/mutation/run.mjs', build: false },
  trace: { path: 'test/trace/trace.mjs', build: false },
  generate: { path: 'test/contract/scheme/generate.mjs', build: false },
};

function benches() {
  const folder = join(root, 'test', 'bench');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => (name.endsWith('.bench.mjs') ? [name.slice(0, -10)] : []));
}

function benchFor(name) {
  const known = benches();
  if (known.includes(name)) return `test/bench/${name}.bench.mjs`;
  const list = known.length === 0 ? 'There are none yet.' : `There are: ${known.join(', ')}.`;
  throw new SetupError(`${name === undefined ? 'Name a bench' : `No bench "${name}"`}: npm run bench -- NAME. ${list}`);
}

const kind = process.argv[2];

await runAfterSetup(
  async ([, name]) => {
    const path = join(root, kind === 'bench' ? benchFor(name) : PROGRAMS[kind].path);
    if (!existsSync(path)) throw new SetupError(`"npm run ${kind}" has nothing to run yet.`);
    process.argv.splice(1, kind === 'bench' ? 3 : 2, path);
    process.chdir(root);
    await import(pathToFileURL(path).href);
  },
  { build: PROGRAMS[kind]?.build ?? true },
);
