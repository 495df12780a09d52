import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testDatabase, unless, type TestDatabase } from '#libs/testing';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { databaseSettings } from '../e2e/support/suite.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COMPILER = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const run = promisify(execFile);

/** What somebody has who was given the tarball, a name and a secret; the registry of packages is out of reach. */
unless(obstacle()).describe('@waarborg/client, installed into an empty project', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let place: Installation;
  let suite: SuiteProcess;
  let project: string;
  const secrets: Record<string, string> = {};

  beforeAll(async () => {
    [register, keys] = [await testDatabase(), await testDatabase()];
    place = await installation(databaseSettings({ register, keys }));
    suite = await place.start();
    for (const [name, role] of [
      ['back-office', 'supplier'],
      ['broker', 'network'],
    ] as const) {
      const { output } = await place.tool('client', 'add', name, '--role', role);
      secrets[name] = /^[\w-]{43}$/m.exec(output)![0];
    }
    project = await mkdtemp(join(tmpdir(), 'waarborg-project-'));
    await writeFile(join(project, 'package.json'), '{ "name": "project", "private": true, "type": "module" }');
    const [program, first] = npmProgram();
    const packed = await inProject(process.execPath, join(root, 'deploy', 'local', 'client-pack.mjs'), project);
    const tarball = packed.trim().split('\n').at(-1)!;
    await inProject(
      program,
      ...first,
      'install',
      '--offline',
      '--cache',
      join(project, 'cache'),
      '--no-audit',
      tarball,
    );
  }, 2 * READY_WITHIN);
  afterAll(async () => {
    await place?.remove();
    await register?.drop();
    await keys?.drop();
    await rm(project, { recursive: true, force: true });
  }, READY_WITHIN);

  /** What it printed; an error with all that it said when it fails. */
  async function inProject(program: string, ...args: readonly string[]): Promise<string> {
    try {
      return (await run(program, args, { cwd: project, env: environment(), maxBuffer: 1e8 })).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      throw new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`);
    }
  }

  const environment = (): NodeJS.ProcessEnv => ({
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(WAARBORG_|JEST_|NODE_|INIT_CWD)/.test(name)),
    ),
    WAARBORG_BASE: suite.url,
    WAARBORG_CLIENT: 'back-office',
    WAARBORG_SECRET: secrets['back-office']!,
  });

  /** Compiles one file as strictly as anybody does, the types of the package included; answers the program. */
  async function compiled(file: string, surroundings: object): Promise<string> {
    const config = `tsconfig.${file}.json`;
    const compilerOptions = {
      ...{ target: 'es2022', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, rootDir: '.' },
      ...{ noUncheckedIndexedAccess: true, skipLibCheck: false, outDir: 'out', ...surroundings },
    };
    await writeFile(join(project, config), JSON.stringify({ compilerOptions, files: [file] }));
    await inProject(process.execPath, COMPILER, '-p', config);
    return join('out', file.replace(/\.ts$/, '.js'));
  }

  it('brings nothing with it', async () => {
    const there = await readdir(join(project, 'node_modules'));
    expect(there.filter((name) => !name.startsWith('.'))).toEqual(['@waarborg']);
    expect(await readdir(join(project, 'node_modules', '@waarborg'))).toEqual(['client']);
    const manifest = JSON.parse(
      await readFile(join(project, 'node_modules', '@waarborg', 'client', 'package.json'), 'utf8'),
    ) as Readonly<Record<string, unknown>>;
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(manifest).toMatchObject({ name: '@waarborg/client', version, type: 'module' });
    expect(Object.keys(manifest).filter((member) => /dependencies|scripts/i.test(member))).toEqual([]);
  });

  it('plays the job: a token over HTTP, own writes read, a refusal as an error, a list over its pages', async () => {
    await cp(join(root, 'test', 'client-package', 'program', 'job.ts'), join(project, 'job.ts'));
    // Neither a browser nor Node is described to the compiler but by what every platform has.
    const program = await compiled('job.ts', { lib: ['es2023', 'dom'], types: [] });
    const said = await inProject(process.execPath, program, suite.url, secrets['back-office']!, secrets['broker']!);
    expect(JSON.parse(said.trim().split('\n').at(-1)!)).toEqual({
      eh: 'EH3',
      refused: expect.stringMatching(/^[a-z-]+$/),
      listed: 20,
    });
  });

  it('does what its README shows', async () => {
    const readme = await readFile(join(project, 'node_modules', '@waarborg', 'client', 'README.md'), 'utf8');
    await writeFile(join(project, 'example.ts'), /```ts\n([\s\S]*?)```/.exec(readme)![1]!);
    const program = await compiled('example.ts', {
      lib: ['es2023'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    });
    const said = await inProject(process.execPath, program);
    const [, id] = /^registered (\S+)$/m.exec(said)!;
    expect(said).toMatch(/^refused 409 party-exists /m);
    expect(said).toContain(`listed ${id!} Test Stichting Bolderbast`);
  });

  it('leaves out of a compiled program what is no operation and no member', async () => {
    const lines = [
      "import { connect } from '@waarborg/client';",
      "const { api, lists } = connect({ base: 'https://register.example' });",
      "await api.partiesRegister({ body: { kind: 'association' } });",
      'await api.partiesRegister();',
      'await api.partiesShow({});',
      "await api.partiesForget({ path: { id: 'x' } });",
      "for await (const one of lists.partiesShow({ path: { id: 'x' } })) one;",
      "const { kynd } = await api.partiesShow({ path: { id: 'x' } });",
    ];
    await writeFile(join(project, 'wrong.ts'), lines.join('\n'));
    const said = await compiled('wrong.ts', { lib: ['es2023', 'dom'], types: [] }).catch(String);
    const found = [...said.matchAll(/^wrong\.ts\((\d+),/gm)].map(([, line]) => Number(line));
    expect([...new Set(found)]).toEqual([3, 4, 5, 6, 7, 8]);
  });
});

/** The npm that runs this test, where one does. */
function npmProgram(): [program: string, first: readonly string[]] {
  const script = process.env['npm_execpath'];
  return script !== undefined && /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, [script]] : ['npm', []];
}
