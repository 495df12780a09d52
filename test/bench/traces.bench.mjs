// npm run bench -- traces [--json FILE] [--pairs N] [--seconds S] [--callers C] [--only decisions,commands]
// What the places where spans begin cost while nobody takes traces: the suite as built, beside the same without them.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { benchOptions } from './support/options.mjs';
import { comparePairs, report } from './support/report.mjs';

const { pairs, seconds, callers, only, json } = benchOptions({ pairs: 9, seconds: 3, callers: 16 });
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'waarborg-bench-traces-'));
const running = [];

/** The built suite with every place where a span may begin taken out. */
async function withoutSpans() {
  const copy = join(folder, 'without');
  await mkdir(copy);
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  const file = join(copy, 'dist', 'libs', 'eventing', 'tracing.js');
  let text = await readFile(file, 'utf8');
  for (const [name, instead] of [
    ['isTraced', '() => false'],
    ['asSpan', '(_name, { within }, work) => work(within)'],
    ['spanOver', '() => ({})'],
    ['tracedCommands', '(commands) => commands'],
    ['tracedStore', '(events) => events'],
  ]) {
    const declared = new RegExp(`export (async function|function|const) ${name}\\b`);
    if (!declared.test(text)) throw new Error(`${name} is not where it was`);
    text = `${text.replace(declared, `$1 ${name}WithSpans`)}\nexport const ${name} = ${instead};\n`;
  }
  await writeFile(file, text);
  return copy;
}

/** A suite on data of its own, with a token for each role. */
async function start(of, name) {
  const data = join(folder, `data-${name}`);
  const args = ['--port', '0', '--data-dir', data, '--log-level', 'error'];
  const environment = { ...process.env };
  for (const setting of Object.keys(environment)) if (setting.startsWith('OTEL_')) delete environment[setting];
  const child = spawn(process.execPath, [join(of, 'dist/apps/suite/main.js'), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  running.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const url = await new Promise((resolve, reject) => {
    let told = '';
    child.stdout.on('data', (chunk) => {
      told += chunk;
      const match = /answers at (\S+)/.exec(told);
      if (match) resolve(match[1]);
    });
    void ended.then((status) => reject(new Error(`the suite ended with ${status}: ${told}`)));
  });
  const token = async (role) => {
    const tool = [join(of, 'dist/apps/suite/token.js'), '--role', role, '--data-dir', data];
    return (await promisify(execFile)(process.execPath, tool)).stdout.trim().split('\n').at(-1);
  };
  return {
    url,
    agent: new Agent({ keepAlive: true, maxSockets: callers }),
    tokens: { network: await token('network'), supplier: await token('supplier') },
  };
}

function post({ url, agent, tokens }, role, path, body) {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      {
        ...{ method: 'POST', agent },
        headers: {
          Authorization: `Bearer ${tokens[role]}`,
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(text),
          'Idempotency-Key': randomUUID(),
        },
      },
      (answer) => {
        let got = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece) => (got += piece));
        answer.on('end', () => resolve({ status: answer.statusCode, body: got }));
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

const question = {
  subject: { type: 'means', id: '00000000-0000-4000-8000-000000000000' },
  action: {
    name: 'represent',
    properties: { service: 'urn:etoegang:DV:00000099800000001000:services:1', level: 'EH3' },
  },
  resource: { type: 'organization', id: 'kvk:69599068' },
};

const KINDS = {
  decisions: {
    what: 'decisions at use (no trace taken) ÷ without the places where spans begin',
    async ask(suite) {
      const { status, body } = await post(suite, 'network', '/access/v1/evaluation', question);
      if (status !== 200 || !body.includes('"unknown-means"')) throw new Error(`${status}: ${body}`);
    },
  },
  commands: {
    what: 'commands with their append (no trace taken) ÷ without the places where spans begin',
    async ask(suite) {
      const application = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] };
      const { status, body } = await post(suite, 'supplier', '/v1/applications', application);
      if (status !== 201) throw new Error(`${status}: ${body}`);
    },
  },
};

async function perSecond(suite, ask) {
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await ask(suite);
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return done / ((performance.now() - begun) / 1_000);
}

try {
  const [ours, reference] = [await start(root, 'with'), await start(await withoutSpans(), 'without')];
  const rows = [];
  for (const [id, { what, ask }] of Object.entries(KINDS)) {
    if (only !== undefined && !only.includes(id)) continue;
    // Both are warm before anything counts.
    for (const suite of [ours, reference]) await perSecond(suite, ask);
    rows.push(
      await comparePairs({
        ...{ id, what, unit: 'requests/s', pairs },
        ours: () => perSecond(ours, ask),
        reference: () => perSecond(reference, ask),
      }),
    );
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`;
  await report({ bench: 'traces', machine, rows, json });
} finally {
  for (const stop of running) await stop();
  await rm(folder, { recursive: true, force: true });
}
