// Compiles apps and libs into dist, and joins the programs among them: node deploy/local/compile.mjs
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { builtFiles, builtPrograms, SWC } from './compiler.mjs';
import { joinPrograms } from './programs.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

for (const path of builtFiles(root)) {
  const source = join(root, path);
  const target = join(root, 'dist', path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  if (path.endsWith('.json')) {
    copyFileSync(source, target);
    continue;
  }
  const { code, map } = transformSync(readFileSync(source, 'utf8'), {
    ...SWC,
    filename: path,
    sourceFileName: relative(dirname(target), source).replaceAll(sep, '/'),
    sourceMaps: true,
    inlineSourcesContent: false,
    swcrc: false,
    configFile: false,
  });
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

await joinPrograms(root, builtPrograms(root));
