// Generates clients from the contract, compiles them, and lets two of them play the demo's job: npm test -- generators.
// Each tool that can't run here says so: "not run: reason".
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../deploy/local/setup.mjs';
import { generatedFiles, stale, writeGenerated } from './client-package.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const out = join(folder, 'out');
const GENERATOR = { artifact: 'org.openapitools:openapi-generator-cli', version: '7.25.0' };
const DOCUMENTS = ['v1', 'access'];

/** Minutes that one program may take; what takes longer hangs. */
const LIMIT = 15;

/** A tool that this machine lacks. */
class NotRun extends Error {}

/** Runs a program quietly; throws with the end of what it said when it fails. */
async function run(program, args, { cwd = folder, env = {}, allowed = [0] } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const end = setTimeout(() => {
    said += `\nnot done within ${LIMIT} minutes, so it was ended`;
    child.kill('SIGKILL');
  }, LIMIT * 60_000);
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      said += error.message;
      resolve(error.code === 'ENOENT' ? 'missing' : 1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(() => clearTimeout(end));
  if (status === 'missing') throw new NotRun(`${program} is not here`);
  if (!allowed.includes(status)) throw new Error(said.slice(-4_000));
  return said;
}

/** Runs a preparation once; what it lacks is told by every tool that needs it. */
function once(work) {
  let outcome;
  return () => (outcome ??= work());
}

const node = (script, args, options) =>
  nodeTools().then(() => run(process.execPath, [join(folder, 'node_modules', script), ...args], options));

const nodeTools = once(async () => {
  const wanted = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'node_modules', '.installed-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  try {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  } catch (error) {
    throw new NotRun(`npm could not install the tools: ${error.message.trim().split('\n').at(-1)}`);
  }
  writeFileSync(stamp, wanted);
});

const python = once(async () => {
  const venv = join(out, 'venv');
  const program = join(venv, 'bin', 'python');
  const wanted = readFileSync(join(folder, 'requirements.txt'), 'utf8');
  const stamp = join(venv, 'installed-from');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    await run('python3', ['-m', 'venv', venv]);
    try {
      await run(program, ['-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt']);
    } catch (error) {
      throw new NotRun(`pip could not install the tools: ${error.message.trim().split('\n').at(-1)}`);
    }
    writeFileSync(stamp, wanted);
  }
  return program;
});

const jar = once(async () => {
  await run('java', ['-version']);
  const { artifact, version } = GENERATOR;
  const [group, name] = artifact.split(':');
  const path = join(homedir(), '.m2', 'repository', ...group.split('.'), name, version, `${name}-${version}.jar`);
  if (!existsSync(path)) {
    try {
      await run('mvn', ['-q', 'dependency:get', `-Dartifact=${artifact}:${version}`, '-Dtransitive=false']);
    } catch (error) {
      if (error instanceof NotRun) throw new NotRun(`${artifact} is fetched by Maven, which is not here`);
      throw new NotRun(`Maven could not fetch ${artifact} ${version}`);
    }
  }
  return path;
});

async function openapiGenerator(language, ...properties) {
  const target = join(out, `openapi-generator-${language}`);
  rmSync(target, { recursive: true, force: true });
  const more = properties.length === 0 ? [] : [`--additional-properties=${properties.join(',')}`];
  const input = join(out, 'v1.json');
  await run('java', ['-jar', await jar(), 'generate', '-i', input, '-g', language, '-o', target, ...more]);
  return target;
}

const tsc = (file, ...more) => {
  const config = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8'));
  const path = join(folder, `tsconfig.${process.pid}.json`);
  writeFileSync(path, JSON.stringify({ ...config, files: undefined, include: [file] }));
  return node('typescript/bin/tsc', ['-p', path, ...more]).finally(() => rmSync(path));
};

const version = (name) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).devDependencies[name];
const pinned = (name) =>
  new RegExp(`^${name}==(.*)$`, 'm').exec(readFileSync(join(folder, 'requirements.txt'), 'utf8'))[1];

/** What is tried. `compiles` and `plays` are for the table: what a tool was shown to do. */
const TOOLS = [
  {
    name: 'redocly lint',
    version: version('@redocly/cli'),
    async run() {
      for (const document of DOCUMENTS) {
        const said = await node(
          '@redocly/cli/bin/cli.js',
          ['lint', `out/${document}.json`, '--config', 'redocly.yaml'],
          {
            env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
          },
        );
        if (/\d+ warning/.test(said)) throw new Error(said.slice(-4_000));
      }
      return { says: 'no error, no warning' };
    },
  },
  {
    name: 'spectral:oas',
    version: 'of the project',
    async run() {
      const script = join(root, 'node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js');
      for (const document of DOCUMENTS) {
        const args = ['lint', `out/${document}.json`, '--ruleset', 'spectral.yaml', '--fail-severity', 'warn'];
        await run(process.execPath, [script, ...args]);
      }
      return { says: 'no error, no warning' };
    },
  },
  {
    name: 'openapi-typescript + openapi-fetch',
    version: `${version('openapi-typescript')} + ${version('openapi-fetch')}`,
    async run() {
      for (const document of DOCUMENTS) {
        const target = `out/openapi-typescript/${document}.ts`;
        await node('openapi-typescript/bin/cli.js', [`out/${document}.json`, '-o', target]);
      }
      await tsc('clients/fetch.ts', '--noEmit');
      return { compiles: true };
    },
  },
  {
    name: '@hey-api/openapi-ts',
    version: version('@hey-api/openapi-ts'),
    async run({ base, tokens }) {
      await node('@hey-api/openapi-ts/bin/run.js', ['-f', 'hey-api.config.js']);
      await tsc('clients/job.ts');
      const job = join(out, 'compiled', 'clients', 'job.js');
      const says = await run(process.execPath, [job, base, tokens.supplier, tokens.network, tokens.auditor]);
      return { compiles: true, plays: true, says: says.trim() };
    },
  },
  {
    name: '@waarborg/client',
    version: `by @hey-api/openapi-ts ${version('@hey-api/openapi-ts')}`,
    async run() {
      const differing = stale(await generatedFiles(node, folder));
      if (differing.length > 0) {
        throw new Error(`not as the contract has it: ${differing.join(', ')}; npm run client:generate`);
      }
      return { says: 'libs/client/generated is of this contract' };
    },
  },
  {
    name: 'orval',
    version: version('orval'),
    async run() {
      await node('orval/dist/bin/orval.mjs', ['--config', 'orval.config.js']);
      await tsc('out/orval/*.ts', '--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler');
      return { compiles: true };
    },
  },
  {
    name: 'openapi-python-client',
    version: pinned('openapi-python-client'),
    async run({ base, tokens }) {
      const program = await python();
      const targets = DOCUMENTS.map((document) => join(out, 'openapi-python-client', document));
      for (const [index, document] of DOCUMENTS.entries()) {
        const args = ['generate', '--path', `out/${document}.json`, '--output-path', targets[index], '--overwrite'];
        const bin = join(out, 'venv', 'bin');
        const said = await run(join(bin, 'openapi-python-client'), args, {
          env: { PATH: `${bin}:${process.env['PATH']}` },
        });
        if (/WARNING|Unable|ignored/i.test(said)) throw new Error(said.slice(-4_000));
      }
      await run(program, ['-m', 'compileall', '-q', ...targets]);
      const says = await run(program, ['clients/job.py', base, tokens.supplier, tokens.network, tokens.auditor], {
        env: { PYTHONPATH: targets.join(':') },
      });
      return { compiles: true, plays: true, says: says.trim() };
    },
  },
  {
    name: 'openapi-generator, Java',
    version: GENERATOR.version,
    async run() {
      const target = await openapiGenerator('java');
      await run('mvn', ['-q', '-DskipTests', 'compile'], { cwd: target });
      return { compiles: true };
    },
  },
  {
    name: 'openapi-generator, Go',
    version: GENERATOR.version,
    async run() {
      const target = await openapiGenerator('go', 'enumClassPrefix=true');
      await run('go', ['build', './...'], { cwd: target, env: { GOFLAGS: '-mod=mod' } });
      return { compiles: true };
    },
  },
  {
    name: 'openapi-generator, Python',
    version: GENERATOR.version,
    async run() {
      const program = await python();
      const target = await openapiGenerator('python');
      await run(program, ['-m', 'pip', 'install', '--quiet', '--requirement', join(target, 'requirements.txt')]);
      await run(program, ['-W', 'ignore', '-c', IMPORT_ALL], { cwd: target });
      return { compiles: true };
    },
  },
  {
    name: 'prism',
    version: version('@stoplight/prism-cli'),
    async run() {
      return { says: `${await servedExamples()} examples served as they stand` };
    },
  },
  {
    name: 'schemathesis',
    version: pinned('schemathesis'),
    async run({ base, tokens }) {
      await python();
      const program = join(out, 'venv', 'bin', 'schemathesis');
      for (const [document, token] of [
        ['v1', tokens.everything],
        ['access', tokens.network],
      ]) {
        const args = [
          ...['run', `${document}.json`, '--url', `${base}${document === 'v1' ? '/v1' : '/access/v1'}`],
          ...['--checks', CHECKS.join(','), '--max-examples', '20', '--seed', '12'],
          ...['--phases', 'examples,fuzzing', '--header', `Authorization: Bearer ${token}`, '--no-color'],
        ];
        // What it remembers it writes where it runs.
        await run(program, args, { cwd: out });
      }
      return { says: 'no 5xx, only declared statuses, bodies as described' };
    },
  },
];

/** What schemathesis makes sure of; whether a valid request is accepted is for the rules. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

const IMPORT_ALL = `
import importlib, pkgutil, openapi_client
for module in pkgutil.walk_packages(openapi_client.__path__, 'openapi_client.'):
    importlib.import_module(module.name)
`;

/** Asks a server that knows the documents only for each example by its name, and compares. */
async function servedExamples() {
  let served = 0;
  for (const [index, name] of DOCUMENTS.entries()) {
    const document = JSON.parse(readFileSync(join(out, `${name}.json`), 'utf8'));
    const port = 40_310 + index;
    await nodeTools();
    const script = join(folder, 'node_modules', '@stoplight', 'prism-cli', 'dist', 'index.js');
    const args = [script, 'mock', `out/${name}.json`, '--port', String(port), '--verboseLevel', 'error'];
    const prism = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    try {
      for (const [path, methods] of Object.entries(document.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
          served += await askForExamples(`http://127.0.0.1:${port}`, path, method, operation);
        }
      }
    } finally {
      prism.kill();
    }
  }
  return served;
}

async function askForExamples(base, path, method, { requestBody, responses, parameters = [] }) {
  // Files have no examples.
  if (requestBody !== undefined && requestBody.content['application/json'] === undefined) return 0;
  const sent = Object.values(requestBody?.content['application/json'].examples ?? {})[0]?.value;
  const parameterHeaders = parameters
    .filter(({ in: place }) => place === 'header')
    .map(({ name, schema }) => [name, schema.examples[0]]);
  let served = 0;
  for (const [status, { content }] of Object.entries(responses).filter(([code]) => code.startsWith('2'))) {
    const [[type, { examples = {} }]] = Object.entries(content);
    for (const [example, { value }] of Object.entries(examples)) {
      const response = await asked(`${base}${path.replaceAll(/\{[^}]+\}/g, EXAMPLE_ID)}`, {
        method: method.toUpperCase(),
        headers: {
          ...Object.fromEntries(parameterHeaders),
          Authorization: 'Bearer any',
          Prefer: `code=${status}, example=${example}`,
          ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      const body = type === 'application/json' ? await response.json() : await response.text();
      if (JSON.stringify(body) !== JSON.stringify(value)) {
        throw new Error(`${method} ${path} ${status} ${example}: ${JSON.stringify(body).slice(0, 1_000)}`);
      }
      served++;
    }
  }
  return served;
}

const EXAMPLE_ID = '5e6f7a8b-1111-4222-8333-944455566677';

/** Waits for a server that has just been started. */
async function asked(url, init, until = Date.now() + 60_000) {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (Date.now() > until) throw error;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return asked(url, init, until);
  }
}

/** The suite in this process, on a server of its own that goes when the lane ends. */
async function startSuite(say) {
  const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
  const { startWaarborg } = await built('libs/composition/index.js');
  const { readConfiguration, SCOPES } = await built('libs/platform/index.js');
  const { suiteModules } = await built('apps/suite/index.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'waarborg-generators-'));
  // So that the server's own user can enter it, and nothing is left elsewhere.
  chmodSync(dataDir, 0o711);
  const configuration = readConfiguration(
    ['--port', '0', '--data-dir', dataDir, '--log-level', 'fatal', '--public-base-url', 'https://register.example'],
    {},
  );
  const running = await startWaarborg(suiteModules, configuration, say);
  const token = (of, clerk) =>
    running.issuer.issue({ client: 'generators', ...of, ...(clerk ? { clerk: 'clerk-17' } : {}) });
  return {
    base: running.url.replace('[::1]', '127.0.0.1'),
    tokens: {
      supplier: await token({ role: 'supplier' }, true),
      network: await token({ role: 'network' }, false),
      auditor: await token({ role: 'auditor' }, true),
      everything: await token({ scopes: SCOPES }, true),
    },
    async stop() {
      await running.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Writes the generated part of libs/client anew. */
export async function generateClientPackage() {
  mkdirSync(out, { recursive: true });
  writeGenerated(await generatedFiles(node, folder));
}

/** Tries every tool, or those whose name has one of the words; counts them. */
export async function tryGenerators(words, say) {
  mkdirSync(out, { recursive: true });
  const suite = await startSuite(say);
  const rows = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const document of DOCUMENTS) {
      const path = document === 'v1' ? '/v1/openapi.json' : '/access/v1/openapi.json';
      const text = JSON.stringify(await (await fetch(`${suite.base}${path}`)).json(), undefined, 1);
      writeFileSync(join(out, `${document}.json`), text);
    }
    for (const tool of TOOLS) {
      if (words.length > 0 && !words.some((word) => tool.name.includes(word))) continue;
      const since = Date.now();
      let row;
      try {
        const { compiles, plays, says } = await tool.run(suite);
        counts.passed++;
        row = [compiles === true ? 'yes' : '–', plays === true ? 'yes' : '–', says ?? ''];
      } catch (error) {
        if (error instanceof NotRun) {
          counts.skipped++;
          row = ['–', '–', `not run: ${error.message}`];
        } else {
          counts.failed++;
          say(`${tool.name}:\n${error.message}`);
          row = ['no', 'no', 'failed'];
        }
      }
      const seconds = Math.round((Date.now() - since) / 1000);
      rows.push([tool.name, tool.version, ...row, `${seconds} s`]);
      say(
        `  ${rows
          .at(-1)
          .filter((cell) => cell !== '')
          .join(' · ')}`,
      );
    }
  } finally {
    await suite.stop();
  }
  say(table([['tool', 'version', 'compiles', 'plays the job', 'says', 'took'], ...rows]));
  return counts;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}
