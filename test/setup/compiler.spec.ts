import { expect, test } from '@jest/globals';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { builtFiles } = (await import(pathToFileURL(`${root}deploy/local/compiler.mjs`).href)) as {
  builtFiles: (root: string) => readonly string[];
};

/** Types are checked of one set of files and built is another, unless somebody compares them (ADR 0084). */
test('What is built is what tsconfig.json names', () => {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile.bind(ts.sys)) as { config: object };
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  expect(builtFiles(root)).toEqual(fileNames.map((file) => relative(root, file).replaceAll('\\', '/')).sort());
  // A file that can't be compiled without a look at others is a fault that the lane `types` finds.
  expect(options.isolatedModules).toBe(true);
});
