import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testAuthority, testAuthorizationServer, unless, until, type TestAuthorizationServer } from '#libs/testing';
import { obstacle, READY_WITHIN } from '../../chaos/suite-process.js';
import { freshPlace, type Place } from '../../e2e/support/suite.js';
import { page, root } from './markdown.js';

/** What stands on the page under a name, for a reader to put into a file or a terminal. */
const block = (name: string): string => {
  const begin = `<!-- production: ${name} -->\n\n\`\`\``;
  const [, after] = page('docs/production.md').text.split(begin);
  if (after === undefined) throw new Error(`docs/production.md has no block ${name}`);
  return after.slice(after.indexOf('\n') + 1, after.indexOf('```'));
};

const REGISTER = 'https://register.supplier.example';
const LOGIN = 'https://login.supplier.example';

interface Ran {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

/** Nothing of this process's own settings reaches the programs of the page. */
function bash(script: string, environment: Readonly<Record<string, string>> = {}): Ran {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', ['-euc', script], {
    ...{ cwd: root, env: { PATH, HOME, ...environment } },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

unless(obstacle()).describe('docs/production.md', () => {
  const authority = testAuthority();
  let folder: string;
  let place: Place;
  let server: TestAuthorizationServer;
  const running: Ran[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-production-'));
    place = await freshPlace();
    const mapped = JSON.parse(block('scopes.json')) as Record<string, unknown>;
    server = await testAuthorizationServer({
      ...{
        audience: REGISTER,
        scopes: Object.keys(mapped),
        tls: { ...authority.issue(['localhost']), host: 'localhost' },
      },
    });
    const own = authority.issue(['register.supplier.example']);
    const { application, owner } = place.register.logins;
    const urls: Readonly<Record<string, string>> = {
      'register-url': application,
      'owner-url': owner,
      'keys-url': place.keys.logins.owner,
    };
    const files: Readonly<Record<string, string>> = {
      'tls.pem': own.certificate,
      'tls.key': own.key,
      'ca.pem': authority.certificate,
      'waarborg.env': here(block('waarborg.env')),
      'scopes.json': block('scopes.json'),
      'client-key.json': JSON.stringify(server.clientKey),
    };
    await mkdir(join(folder, 'etc'));
    for (const line of block('databases').trim().split('\n')) {
      const [name, url] = line.split(/\s+/) as [string, string];
      // On this machine the server has no certificate, and needs none.
      expect(url).toMatch(/@db\.supplier\.example\/\w+\?sslmode=verify-full$/);
      await writeFile(join(folder, 'etc', name), `${urls[name]!}\n`, { mode: 0o600 });
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'etc', name), text, { mode: 0o600 });
  });
  afterAll(async () => {
    for (const { child, ended } of running) {
      child.kill('SIGTERM');
      await ended;
    }
    await server.close();
    await place.drop();
    await rm(folder, { recursive: true });
  }, READY_WITHIN);

  /** The names of the page, where they are on this machine. */
  const here = (text: string): string =>
    text
      .replaceAll('/etc/waarborg', join(folder, 'etc'))
      .replaceAll('/var/lib/waarborg', join(folder, 'data'))
      .replaceAll(LOGIN, server.issuer);
  /** `npm start` is this program; only address and port are others, by options, which win over settings. */
  const START = `npm() { exec ${process.execPath} dist/apps/suite/main.js --port 0 --host 127.0.0.1 --log-level warn; }\n`;

  it(
    'leads to a suite that answers the first request',
    async () => {
      expect(JSON.parse(block('client'))).toEqual({ client_id: 'back-office', ...server.registration });
      const suite = bash(START + here(block('start')));
      running.push(suite);
      let gone = false;
      void suite.ended.then(() => (gone = true));
      const port = (): string | undefined => /answers at https:\/\/[^\s:]+:(\d+)/.exec(suite.output())?.[1];
      await until('the suite answers', () => gone || port() !== undefined, READY_WITHIN);
      expect(suite.output()).not.toContain('Not ready yet');
      expect([gone, suite.output()]).toEqual([false, expect.stringContaining('answers at https://')]);
      // Callers know it by its name; the certificate is for that.
      const to = `--connect-to register.supplier.example:443:127.0.0.1:${port()}`;
      const script = `curl() { command curl ${to} "$@"; }
      node() { command node --input-type=module -e "$TOKEN_MJS" - "\${@:2}"; }
      cd ${root}
      ${here(block('first request')).replace('client-key.json', join(folder, 'etc', 'client-key.json'))}`;
      const trusting = { TOKEN_MJS: block('token.mjs'), NODE_EXTRA_CA_CERTS: join(folder, 'etc', 'ca.pem') };
      const asked = bash(script, trusting);
      expect([await asked.ended, asked.output()]).toEqual([0, '{"items":[],"next":null}']);
      // And with nothing, or with what the client may not, nothing.
      const without = bash(
        script.replace('Bearer $TOKEN', 'Bearer x').replace('-sS', '-s -o /dev/null -w %{http_code}'),
        trusting,
      );
      expect([await without.ended, without.output()]).toEqual([0, '401']);
      const figures = bash(
        script.replace('register.desk', 'register.figures').replace('-sS', '-s -o /dev/null -w %{http_code}'),
        trusting,
      );
      expect([await figures.ended, figures.output()]).toEqual([0, '403']);
    },
    READY_WITHIN * 2,
  );

  it(
    'is held against settings that are missing or weak: all of them are named at once',
    async () => {
      const settings = here(block('waarborg.env'));
      const weak = settings
        .split('\n')
        .filter((line) => !/^(OIN|AUTH_|TLS_|PUBLIC)/.test(line))
        .join('\n');
      await writeFile(join(folder, 'etc', 'weak.env'), weak, { mode: 0o600 });
      const start = here(block('start')).replace('waarborg.env', 'weak.env');
      const refused = bash(START.replace('--host 127.0.0.1', '') + start);
      expect(await refused.ended).toBe(1);
      for (const setting of [
        'OIN',
        'PUBLIC_BASE_URL',
        'AUTH_ISSUER',
        'TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES',
      ]) {
        expect(refused.output()).toContain(setting);
      }
      expect(refused.output()).not.toMatch(/^\s+at /m);
    },
    READY_WITHIN,
  );

  it(
    'makes the commands for local tokens say where tokens come from',
    async () => {
      const program = (name: string, ...words: readonly string[]): Ran =>
        bash(
          `set -a; . ${join(folder, 'etc', 'waarborg.env')}; exec ${process.execPath} dist/apps/suite/${name}.js ${words.join(' ')}`,
        );
      for (const [name, ...words] of [
        ['token', '--role', 'supplier'],
        ['client', 'list'],
        ['token-keys', 'rotate'],
      ] as const) {
        const ran = program(name, ...words);
        expect([name, await ran.ended, ran.output()]).toEqual([
          name,
          1,
          expect.stringContaining(`come from ${server.issuer}`),
        ]);
      }
    },
    READY_WITHIN,
  );
});
