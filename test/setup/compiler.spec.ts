import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { builtFiles, builtPrograms } = (await import(pathToFileURL(`${root}deploy/local/compiler.mjs`).href)) as {
  builtFiles: (root: string) => readonly string[];
  builtPrograms: (root: string) => readonly string[];
};

/** Types are checked of one set of files and built is another, unless somebody compares them (ADR 0084). */
test('What is built is what tsconfig.json names', () => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile.bind(ts.sys)) as { config: object };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  expect(builtFiles(root)).toEqual(fileNames.map((file) => relative(root, file).replaceAll('\\', '/')).sort());
  // A file that can't be compiled without a look at others is a fault that the lane `types` finds.
  expect(options.isolatedModules).toBe(true);
});

/** A program that is not joined starts all the same, four times as slowly (ADR 0114). */
test('What npm run starts is joined, and every app', () => {
  const scripts = readdirSync(`${root}deploy/local`).map((file) =>
    readFileSync(join(root, 'deploy/local', file), 'utf8'),
  );
  const started = scripts.flatMap((text) =>
    [...text.matchAll(/await runBuilt\('([^']+)'/g)].map(([, program]) => program!),
  );
  const apps = readdirSync(`${root}apps`).map((app) => `apps/${app}/main.js`);
  expect(started.length).toBeGreaterThan(10);
  expect([...new Set([...apps, ...started, 'apps/suite/openapi.js'])].sort()).toEqual([...builtPrograms(root)].sort());
  const sources = builtFiles(root);
  for (const program of builtPrograms(root)) expect(sources).toContain(program.replace(/js$/, 'ts'));
});
