// Builds a copy of the sources in which every mutant of a library stands beside the code it changes, switched by its id.
import { createInjector } from 'typed-inject';
import { commonTokens } from '@stryker-mutator/api/plugin';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { transform } from '@swc/core';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SWC } from '../../deploy/local/compiler.mjs';

const SILENT = Object.fromEntries(
  ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => undefined]),
);
const LOGGER = {
  ...SILENT,
  ...Object.fromEntries(
    ['Trace', 'Debug', 'Info', 'Warn', 'Error', 'Fatal'].map((level) => [`is${level}Enabled`, () => false]),
  ),
};
const isSpec = (file) => /\.(spec|int-spec|e2e-spec|distributed-spec)\.ts$/.test(file);

/** What a project of its own has below its folder: packages of its own, where its lane has run. */
const APART = /^test\/generators\/.*\//;

function filesUnder(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => !APART.test(name))
    .filter((name) => statSync(join(root, name)).isFile());
}

/** Writes the copy into `target`. Answers the mutants and the specs, both by their path in the copy. */
export async function prepare(root, target, library) {
  const sources = ['libs', 'apps', 'test'].flatMap((folder) => filesUnder(root, folder));
  const isMutated = (file) =>
    file.endsWith('.ts') &&
    !isSpec(file) &&
    !file.endsWith('.contract.ts') &&
    library.mutate.some((folder) => file.startsWith(`${folder}/`)) &&
    !(library.without?.test(file) ?? false);
  const mutated = sources.filter(isMutated);
  const injector = createInjector().provideValue(commonTokens.logger, LOGGER);
  const instrumented = await injector.injectFunction(createInstrumenter).instrument(
    mutated.map((name) => ({ name, content: readFileSync(join(root, name), 'utf8'), mutate: true })),
    { plugins: ['decorators-legacy'], ignorers: [], excludedMutations: [] },
  );
  const contents = new Map(instrumented.files.map(({ name, content }) => [name, content]));
  for (const name of sources) {
    const place = join(target, name);
    mkdirSync(dirname(place), { recursive: true });
    // Also what becomes JavaScript: a spec may read the text of a module.
    cpSync(join(root, name), place);
    if (name.endsWith('.ts') && !name.endsWith('.d.ts')) {
      const { code } = await transform(contents.get(name) ?? readFileSync(join(root, name), 'utf8'), {
        ...SWC,
        sourceMaps: false,
        filename: name,
      });
      writeFileSync(place.replace(/\.ts$/, '.js'), code);
    }
  }
  linkPackages(root, target);
  const specs = sources
    .filter((file) => isSpec(file) && library.specs.some((folder) => file.startsWith(folder)))
    .filter((file) => !(library.withoutSpecs?.test(file) ?? false))
    .filter((file) => library.postgres === true || !file.endsWith('.int-spec.ts'))
    .filter((file) => library.http === true || !file.endsWith('.e2e-spec.ts'))
    .map((file) => file.replace(/\.ts$/, '.js'));
  return { mutants: instrumented.mutants, specs };
}

/** The packages as they are, but for the test framework: `@jest/globals` is the runner's own. */
function linkPackages(root, target) {
  const { version, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = Object.fromEntries(Object.keys(imports).map((name) => [name, `./${name.slice(1)}/index.js`]));
  writeFileSync(
    join(target, 'package.json'),
    JSON.stringify({ name: 'waarborg', version, type: 'module', imports: own }),
  );
  for (const file of ['README.md', 'docs', 'deploy', 'package-lock.json', 'nest-cli.json', 'tsconfig.json']) {
    symlinkSync(join(root, file), join(target, file));
  }
  const modules = join(target, 'node_modules');
  mkdirSync(join(modules, '@jest', 'globals'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@jest' || name === '.bin') continue;
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  cpSync(join(root, 'test/mutation/globals.mjs'), join(modules, '@jest', 'globals', 'index.js'));
  writeFileSync(
    join(modules, '@jest', 'globals', 'package.json'),
    JSON.stringify({ name: '@jest/globals', type: 'module', main: 'index.js' }),
  );
}
