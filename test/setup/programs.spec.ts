import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { joinPrograms } = (await import(pathToFileURL(`${root}deploy/local/programs.mjs`).href)) as {
  joinPrograms(root: string, programs: readonly string[]): Promise<void>;
};

/** A program with each thing that joining may change, by its path. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ type: 'module', devDependencies: {}, peerDependencies: {} }),
  'node_modules/older/package.json': JSON.stringify({ name: 'older', version: '1.0.0', main: 'index.js' }),
  'node_modules/older/index.js': 'class Kafka {}\nconst answer = () => 42;\nmodule.exports = { Kafka, answer };',
  'node_modules/older-default/package.json': JSON.stringify({ name: 'older-default', version: '1.0.0' }),
  'node_modules/older-default/index.js': 'module.exports = () => "called"; module.exports.named = "named";',
  'node_modules/transpiled/package.json': JSON.stringify({ name: 'transpiled', version: '1.0.0' }),
  'node_modules/transpiled/index.js':
    'Object.defineProperty(exports, "__esModule", { value: true }); exports.name = "x";',
  'dist/libs/beside.txt': 'beside',
  'dist/libs/one.js': 'export class Same {\n}\nexport const one = () => Same.name;',
  'dist/libs/two.js': [
    'import { readFileSync } from "node:fs";',
    '/** Words before it. */ export class Same {\n}',
    'export const two = () => Same.name;',
    'export const beside = () => readFileSync(new URL("beside.txt", import.meta.url), "utf8");',
    'export const lazy = () => ({ type: () => 1 }).type.name;',
  ].join('\n'),
  'dist/apps/main.js': [
    'import { one } from "../libs/one.js";',
    'import { beside, lazy, two } from "../libs/two.js";',
    'const { Kafka, answer, default: whole } = await import("older");',
    'const { default: call, named } = await import("older-default");',
    'const { name } = await import("transpiled");',
    'const missing = await import("not-there").then(() => "there", (error) => error.code);',
    'const kafka = [new Kafka() instanceof whole.Kafka, answer(), whole.answer()];',
    'console.log(JSON.stringify({ names: [one(), two(), lazy()], beside: beside(), kafka, called: [call(), named], name, missing }));',
    'export const exported = 1;',
  ].join('\n'),
};

let folder: string;
const run = (): unknown => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist/apps/main.js')], { encoding: 'utf8' });
  return stderr === '' ? (JSON.parse(stdout) as unknown) : stderr;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-joined-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const name of ['reflect-metadata', 'tslib']) {
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a program that is joined', () => {
  it('does what it did file by file: names, packages of the older kind, files beside it, what is not there', async () => {
    const before = run();
    expect(before).toEqual({
      ...{ names: ['Same', 'Same', 'type'], beside: 'beside', kafka: [true, 42, 42], called: ['called', 'named'] },
      ...{ name: 'x', missing: 'ERR_MODULE_NOT_FOUND' },
    });
    await joinPrograms(folder, ['apps/main.js']);
    expect(run()).toEqual(before);
    const stub = await readFile(join(folder, 'dist/apps/main.js'), 'utf8');
    expect(stub).toBe("export * from '../programs/apps-main.js';\n");
  });
});
