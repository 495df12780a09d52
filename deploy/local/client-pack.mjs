// Makes the tarball of @waarborg/client: npm run client:pack [-- DIR]. Its path is the last line.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npmProgram, root, runAfterSetup, say, SetupError } from './setup.mjs';

await runAfterSetup(
  ([directory = join(root, 'dist')]) => {
    const target = resolve(process.env['INIT_CWD'] ?? process.cwd(), directory);
    const folder = mkdtempSync(join(tmpdir(), 'waarborg-client-'));
    try {
      const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
      run('Compiling', process.execPath, [compiler, '-p', 'libs/client', '--outDir', join(folder, 'dist')]);
      writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
      copyFileSync(join(root, 'libs', 'client', 'README.md'), join(folder, 'README.md'));
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

/** Of the version of the suite whose contract it is made of. */
function manifest() {
  const { version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name: '@waarborg/client',
    version,
    description: 'Client of the API of Waarborg: typed, retries safely, reads its own writes.',
    license,
    // Handed over as a file: nobody publishes it by mistake.
    private: true,
    type: 'module',
    engines: { node: engines.node },
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
  };
}

function run(what, program, args, options = {}) {
  say(`${what} …`);
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8', ...options });
  if (status !== 0) throw new SetupError(`${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}\n\n${what} failed.`);
  return stdout;
}
