import { expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onWindows, unless, until } from '#libs/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TOOLS = pathToFileURL(fileURLToPath(new URL('../../deploy/local/tools.mjs', import.meta.url))).href;

const lanes = (
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): { stdout: string; stderr: string; status: number | null } =>
  spawnSync(process.execPath, ['deploy/local/test.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...more },
  });

test.each([['format'], ['unit', 'libs/kernel']])(
  'The lane %s is ended and has failed when it takes longer than it may',
  (...lane) => {
    const { stdout, stderr, status } = lanes(lane, { WAARBORG_LANE_MINUTES: '0.00001' });
    expect(stderr).toContain(`== ${lane[0]}: failed: not done within 0.00001 minutes, so it was ended (`);
    expect(stdout).toBe('0 passed, 1 failed\n');
    expect(status).toBe(1);
  },
);

test('Tools that run beside each other each have their limit, and are told of in the order of their lanes', () => {
  const { stdout, stderr, status } = lanes(['architecture', 'format', 'lint'], { WAARBORG_LANE_MINUTES: '0.00001' });
  const told = stderr.split('\n').filter((line) => line.startsWith('== '));
  expect(told.map((line) => line.replace(/\(\d+ s\)$/, ''))).toEqual(
    ['architecture', 'format', 'lint'].flatMap((lane) => [
      `== ${lane} …`,
      `== ${lane}: failed: not done within 0.00001 minutes, so it was ended `,
    ]),
  );
  expect([stdout, status]).toEqual(['0 passed, 3 failed\n', 1]);
});

test('A lane of which no spec matches what was asked for has failed', () => {
  const { stdout, stderr, status } = lanes(['unit', 'libs/no-such-folder']);
  expect(stderr).toContain('No spec of unit matches "libs/no-such-folder".');
  expect([stdout, status]).toEqual(['0 passed, 1 failed\n', 1]);
});

/** A tool that ends when it is told to, and has started something that does not. */
const HANGING = `
  import { spawn } from 'node:child_process';
  const stubborn = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1e6)']);
  stubborn.stdout.once('data', () => console.log(stubborn.pid));
  process.on('SIGTERM', () => process.exit());`;
/** Ends it as a lane that is late. */
const ENDING = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { endWithAll } from '${TOOLS}';
  const tool = spawn(process.execPath, ['--input-type=module', '-e', process.argv[1]], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(tool, 'exit');
  const [pid] = await once(tool.stdout.setEncoding('utf8'), 'data');
  await endWithAll(tool, closed);
  console.log(pid.trim());`;

unless(onWindows('processes are found with ps')).it(
  'Nothing that a lane has started goes on when it was ended',
  async () => {
    const pid = execFileSync(process.execPath, ['--input-type=module', '-e', ENDING, HANGING], {
      encoding: 'utf8',
    }).trim();
    expect(pid).toMatch(/^\d+$/);
    await until('it is gone', () => {
      const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
      return stdout === '' || stdout.startsWith('Z');
    });
  },
);

test('Tools behind the build look at what it makes: they wait for it', () => {
  const { stderr } = lanes(['format', 'types', 'build', 'architecture'], { WAARBORG_LANE_MINUTES: '0.00001' });
  const told = stderr.split('\n');
  const saysBesides = (lane: string): boolean => {
    const from = told.indexOf(`== ${lane} …`);
    return told
      .slice(
        from,
        told.findIndex((line) => line.startsWith(`== ${lane}: `)),
      )
      .some((line) => /beside others/.test(line));
  };
  expect(['format', 'types', 'architecture'].map(saysBesides)).toEqual([true, true, false]);
});
