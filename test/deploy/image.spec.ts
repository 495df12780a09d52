import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isThere, root, text } from './deployment-files.js';

const dockerfile = text('deploy/docker/Dockerfile').replaceAll('\\\n', ' ');
const lines = (instruction: string): readonly string[] =>
  [...dockerfile.matchAll(new RegExp(`^${instruction} (.*)$`, 'gm'))].map(([, rest]) => rest!.trim());

/** Whether a path is left out of what Docker is sent: the last line that fits decides. */
function isIgnored(path: string): boolean {
  let ignored = false;
  for (const line of text('.dockerignore')
    .split('\n')
    .filter((each) => each !== '')) {
    const pattern = line.replace(/^!/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
    if (new RegExp(`^${pattern}(/|$)`).test(path)) ignored = !line.startsWith('!');
  }
  return ignored;
}

it('gives young objects the same room as npm start and a service of the cluster', () => {
  const flag = '--max-semi-space-size=64';
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  const starts = Object.entries(scripts).filter(([name]) => /^start(?::|$)/.test(name));
  expect(starts.length).toBeGreaterThan(5);
  for (const [name, command] of starts) expect([name, command]).toEqual([name, expect.stringContaining(` ${flag} `)]);
  for (const path of [
    'deploy/docker/Dockerfile',
    'apps/suite/cluster/keep-running.ts',
    'test/bench/support/programs.mjs',
  ])
    expect([path, text(path).includes(flag)]).toEqual([path, true]);
});

describe('the Dockerfile', () => {
  it('copies what is there and what Docker is sent', () => {
    const sources = lines('COPY')
      .filter((copy) => !copy.startsWith('--from'))
      .flatMap((copy) => copy.split(/\s+/).slice(0, -1));
    expect(sources).toContain('apps');
    expect(sources.filter((path) => !isThere(path) || isIgnored(path))).toEqual([]);
    // Nothing else is sent: no keys, no data, no history.
    for (const path of ['data', '.git', 'node_modules', '.env', 'docs', 'test']) expect(isIgnored(path)).toBe(true);
  });

  it('runs as nobody special, on a base that is named by version and digest', () => {
    expect(lines('USER')).toEqual(['1000:1000']);
    expect(lines('ARG')[0]).toMatch(/^NODE_IMAGE=node:\d[\w.-]*@sha256:[0-9a-f]{64}$/);
    expect(lines('FROM').every((from) => from.includes('${NODE_IMAGE}'))).toBe(true);
    const programs = [...lines('ENTRYPOINT'), ...lines('HEALTHCHECK')].flatMap((line) => [
      ...line.matchAll(/"(\w+\.mjs)"/g),
    ]);
    expect(programs.map(([, name]) => name)).toEqual(['run.mjs', 'healthy.mjs']);
    for (const [, name] of programs) expect(lines('COPY').join(' ')).toContain(`deploy/docker/${name}`);
  });
});

describe('what runs in the image', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waarborg-image-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const script = (name: string): string => join(root, 'deploy/docker', name);
  const run = (path: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };

  it('is the app that is named, by argument or by APP, with its own options; else the suite', () => {
    writeFileSync(join(folder, 'run.mjs'), text('deploy/docker/run.mjs'));
    for (const app of ['archive', 'suite']) {
      mkdirSync(join(folder, 'dist/apps', app), { recursive: true });
      writeFileSync(
        join(folder, 'dist/apps', app, 'main.js'),
        `console.log(${JSON.stringify(app)}, JSON.stringify(process.argv.slice(2)));`,
      );
    }
    const path = join(folder, 'run.mjs');
    expect(run(path, ['archive', '--port', '1']).output).toBe('archive ["--port","1"]\n');
    expect(run(path, ['--port', '1'], { APP: 'archive' }).output).toBe('archive ["--port","1"]\n');
    expect(run(path, []).output).toBe('suite []\n');
    expect(run(path, ['nothing'])).toEqual({ status: 1, output: '"nothing" is no app: there are archive, suite\n' });
  });

  it('is healthy when it is ready, and not when it is not or does not answer', async () => {
    let status = 200;
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const healthy = (): Promise<number | null> =>
      new Promise((resolve) => {
        spawn(process.execPath, [script('healthy.mjs')], { env: { PORT: String(port) } }).once('exit', resolve);
      });
    expect(await healthy()).toBe(0);
    status = 503;
    expect(await healthy()).toBe(1);
    await new Promise((resolve) => server.close(resolve));
    expect(await healthy()).toBe(1);
    expect(asked).toEqual(['/health/ready', '/health/ready']);
  });

  it('has keys put as files of its own, and does not start without all of them', () => {
    // As Kubernetes mounts a secret: links to a folder of the moment, for a group.
    const mounted = join(folder, 'secret');
    const moment = join(mounted, '..data');
    mkdirSync(moment, { recursive: true });
    const put = (name: string): void => {
      writeFileSync(join(moment, name), name, { mode: 0o440 });
      symlinkSync(join('..data', name), join(mounted, name));
    };
    for (const name of ['master.1.json', 'lookup.1.json', 'token.1.json']) put(name);
    const target = join(folder, 'data/keys');
    const refused = run(script('place-keys.mjs'), [mounted, target]);
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.output).toContain('has no log key');
    put('log.1.json');
    put('token.2.json');
    expect(run(script('place-keys.mjs'), [mounted, target]).output).toContain('has no answer-es256 key');
    put('answer-es256.1.json');
    const other = run(script('place-keys.mjs'), [mounted, target], { ANSWER_ALGORITHM: 'PS256' });
    expect(other.output).toContain('has no answer-ps256 key');
    expect(run(script('place-keys.mjs'), [mounted, target])).toEqual({ status: 0, output: '' });
    const placed = readdirSync(target).sort();
    expect(placed).toEqual([
      ...['answer-es256.1.json', 'log.1.json', 'lookup.1.json', 'master.1.json', 'token.1.json', 'token.2.json'],
    ]);
    const modes = [target, ...placed.map((name) => join(target, name))].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, ...placed.map(() => 0o600)]);
    expect(readFileSync(join(target, 'token.2.json'), 'utf8')).toBe('token.2.json');
  });

  it('is installed from a manifest without tools, with the packages that are optional elsewhere', () => {
    const path = join(folder, 'package.json');
    writeFileSync(path, text('package.json'));
    chmodSync(path, 0o600);
    execFileSync(process.execPath, [script('runtime-manifest.mjs'), path]);
    const made = JSON.parse(readFileSync(path, 'utf8')) as Record<string, object>;
    const own = JSON.parse(text('package.json')) as Record<string, object>;
    expect(made['dependencies']).toEqual({ ...own['dependencies'], ...own['peerDependencies'] });
    expect(Object.keys(made)).not.toContain('devDependencies');
    expect(made['imports']).toEqual(own['imports']);
  });
});
