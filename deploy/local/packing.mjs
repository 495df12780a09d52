// Makes the tarball of a package that others install as a file. Its path is the last line.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npmProgram, root, runAfterSetup, say, SetupError } from './setup.mjs';

/**
 * Compiles `library` (a folder with a tsconfig.json and a README.md) and packs it, into the folder that the arguments name.
 *
 * @param manifest what its package.json says besides version, license and engines, which are those of the suite
 */
export const packLibrary = (library, manifest) =>
  runAfterSetup(
    ([directory = join(root, 'dist')]) => {
      const target = resolve(process.env['INIT_CWD'] ?? process.cwd(), directory);
      const folder = mkdtempSync(join(tmpdir(), 'waarborg-package-'));
      try {
        const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
        run('Compiling', process.execPath, [compiler, '-p', library, '--outDir', join(folder, 'dist')]);
        writeFileSync(join(folder, 'package.json'), `${JSON.stringify(whole(manifest), undefined, 2)}\n`);
        copyFileSync(join(root, library, 'README.md'), join(folder, 'README.md'));
        mkdirSync(target, { recursive: true });
        const { program, first, shell } = npmProgram();
        const packed = run(
          'Packing',
          program,
          [...first, 'pack', folder, '--json', '--ignore-scripts', '--pack-destination', target],
          { shell },
        );
        const [{ filename }] = JSON.parse(packed);
        process.stdout.write(`${join(target, filename)}\n`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    { build: false },
  );

function whole({ name, description, ...more }) {
  const { version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    ...{ name, version, description, license },
    // Handed over as a file: nobody publishes it by mistake.
    private: true,
    type: 'module',
    engines: { node: engines.node },
    files: ['dist'],
    ...more,
  };
}

function run(what, program, args, options = {}) {
  say(`${what} …`);
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8', ...options });
  if (status !== 0) throw new SetupError(`${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}\n\n${what} failed.`);
  return stdout;
}
