// Makes libs/client/generated, or tells what there differs from the contract.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../deploy/local/setup.mjs';
import { operationsFile } from './client-operations.mjs';

const TARGET = join(root, 'libs', 'client', 'generated');

/** Text of each generated file, by its name. */
export async function generatedFiles(node, folder) {
  const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
  const { contractsOf } = await built('libs/composition/index.js');
  const { suiteModules } = await built('apps/suite/index.js');
  const contracts = await contractsOf(suiteModules, 'https://register.example');
  const out = join(folder, 'out', 'client');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const names = Object.keys(contracts);
  for (const name of names) writeFileSync(join(out, `${name}.json`), JSON.stringify(contracts[name]));
  await node('@hey-api/openapi-ts/bin/run.js', ['-f', 'hey-api.client.config.js']);
  return {
    'operations.ts': operationsFile(contracts),
    ...Object.fromEntries(names.map((name) => [`${name}.ts`, readFileSync(join(out, name, 'types.gen.ts'), 'utf8')])),
  };
}

export function writeGenerated(files) {
  mkdirSync(TARGET, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(TARGET, name), text);
}

/** Names of the files that are not as they would be made now. */
export const stale = (files) =>
  Object.keys(files).filter((name) => {
    const path = join(TARGET, name);
    return !existsSync(path) || readFileSync(path, 'utf8') !== files[name];
  });
