// All checks of the project: npm test [-- LANE… [PATTERN…]] [--on CONFIGURATION]. The last line counts them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runAfterSetup, say, setUp, SetupError } from './setup.mjs';
import { LATE, runTool } from './tools.mjs';

const CHECKS = {
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  lint: ['eslint/bin/eslint.js', '.'],
  types: ['typescript/bin/tsc', '-p', 'test/tsconfig.json'],
  build: [],
  architecture: [
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    'test/architecture/rules.js',
    'apps',
    'libs',
    'test',
  ],
  deploy: [],
};
const SPECS = { unit: 'spec', int: 'int-spec', live: 'live-spec', e2e: 'e2e-spec', distributed: 'distributed-spec' };
/**
 * Run when they are named only: what `generators` installs is no part of the project, and `distributed` takes minutes in
 * which a dozen processes start again and again (`live` has a short form of it).
 */
const APART = ['distributed', 'generators'];
/** Minutes that a lane may take on a machine that is eight times oversubscribed; what takes longer hangs. */
const LIMITS = { unit: 30, int: 60, live: 60, e2e: 120, distributed: 60 };
const limitOf = (lane) => Number(process.env['WAARBORG_LANE_MINUTES'] ?? LIMITS[lane] ?? 15);
const late = (lane) => `failed: not done within ${limitOf(lane)} minutes, so it was ended`;

/** Where the HTTP tests can run beside one process: by `--on`. */
const CONFIGURATIONS = ['cluster', 'cluster-esdb'];

const hasFiles = (suffix) =>
  ['apps', 'libs', 'test'].some(
    (folder) =>
      existsSync(join(root, folder)) &&
      readdirSync(join(root, folder), { recursive: true }).some((name) => name.endsWith(`.${suffix}.ts`)),
  );

const total = { passed: 0, failed: 0, skipped: 0 };
/** Files of specs, or tools, that were run; not a number where that is not known. */
let matched = 0;

function count({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

let building;
/** Builds what is stale, once; answers whether the built suite is there. */
const isBuilt = () =>
  (building ??= setUp().then(
    () => true,
    (error) => {
      say(error instanceof SetupError ? error.message : error.stack);
      return false;
    },
  ));

/** Tools of others are fetched where somebody asks for it by name, and in CI. */
async function deployment(isNamed) {
  const { checkDeployment } = await import(pathToFileURL(join(root, 'test', 'deploy', 'run.mjs')).href);
  const counts = await checkDeployment(isNamed || process.env['CI'] === 'true', say);
  count(counts);
  return describe(counts);
}

/** Tools that were started before their turn, by lane: how each ends, after how long, and what it says. */
const ahead = new Map();

/**
 * Each of these uses one processor: as many run beside each other as there are. What one says waits for its turn. Lanes behind
 * the build look at what it makes, and wait for it.
 */
function startAhead(lanes) {
  const before = lanes.includes('build') ? lanes.slice(0, lanes.indexOf('build')) : lanes;
  const waiting = before.filter((lane) => CHECKS[lane]?.length > 0);
  if (waiting.length < 2) return;
  const tellers = new Map();
  for (const lane of waiting) {
    const end = new Promise((tell) => tellers.set(lane, tell));
    // Met when it is the lane's turn.
    end.catch(() => undefined);
    ahead.set(lane, end);
  }
  const goOn = async () => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift()) {
      const running = runAhead(lane);
      tellers.get(lane)(running);
      await running.catch(() => undefined);
    }
  };
  for (let processor = 0; processor < availableParallelism(); processor += 1) void goOn();
}

async function runAhead(lane) {
  const since = Date.now();
  const words = [];
  const [path, ...arguments_] = CHECKS[lane];
  const status = await runTool(path, arguments_, { minutes: limitOf(lane), said: (text) => words.push(text) });
  return { status, words, took: Date.now() - since };
}

/** Runs the tool of a lane, or tells how it ended when it was started before. */
async function tool(lane) {
  if (!ahead.has(lane)) return runTool(CHECKS[lane][0], CHECKS[lane].slice(1), { minutes: limitOf(lane) });
  const { status, words, took } = await ahead.get(lane);
  for (const text of words) process.stderr.write(text);
  say(`   (${Math.round(took / 1000)} s, beside others)`);
  return status;
}

async function check(name, isNamed) {
  if (name === 'deploy') return deployment(isNamed);
  if (name === 'build') {
    const built = await isBuilt();
    count(built ? { passed: 1 } : { failed: 1 });
    return built ? 'passed' : 'failed: specs that start the built suite are not run';
  }
  const status = await tool(name);
  count(status === 0 ? { passed: 1 } : { failed: 1 });
  if (status === LATE) return late(name);
  return status === 0 ? 'passed' : 'failed';
}

async function specs(lane, patterns) {
  // Some of them start the built suite.
  if (['live', 'e2e', 'distributed'].includes(lane) && !(await isBuilt())) count({ failed: 1 });
  const on = process.env['WAARBORG_E2E_ON'];
  if (lane === 'e2e' && on !== undefined) {
    const { apartOn } = await import(pathToFileURL(join(root, 'test', 'e2e', 'apart.mjs')).href);
    for (const [file, reason] of Object.entries(apartOn(on))) {
      if (patterns.length > 0 && !patterns.some((pattern) => file.includes(pattern))) continue;
      say(`not run on ${on}: ${file}: ${reason}`);
      count({ skipped: 1 });
    }
    if (patterns.length === 0) patterns = ['test/e2e/'];
  }
  const folder = mkdtempSync(join(tmpdir(), 'waarborg-results-'));
  const file = join(folder, 'results.json');
  try {
    const arguments_ = ['-c', 'test/jest.config.js', '--selectProjects', lane, '--json', '--outputFile', file];
    const status = await runTool('jest/bin/jest.js', [...arguments_, '--passWithNoTests', '--', ...patterns], {
      // Room for what a spec makes and drops: it is looked through less often.
      nodeArguments: [
        ...['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'],
        '--max-semi-space-size=32',
      ],
      env: { WAARBORG_LANE: lane },
      minutes: limitOf(lane),
    });
    if (!existsSync(file)) {
      matched = NaN;
      count({ failed: 1 });
      return status === LATE ? late(lane) : `failed: Jest ended without results (${status})`;
    }
    const results = JSON.parse(readFileSync(file, 'utf8'));
    const counts = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests to count.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    // Something went wrong beside the tests (teardown, open handles): never a pass.
    if (status !== 0 && counts.failed === 0) counts.failed = 1;
    for (const test of results.testResults.flatMap((suite) => suite.assertionResults)) {
      if (test.status === 'pending' || test.status === 'todo') say(`skipped: ${test.fullName}`);
    }
    count(counts);
    matched += results.numTotalTestSuites;
    return describe(counts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function generators(words) {
  // Everything it runs is what users run: the build, and tools that are installed beside the project.
  if (!(await isBuilt())) {
    count({ failed: 1 });
    return 'failed: there is no suite to take the contract from';
  }
  const { tryGenerators } = await import(pathToFileURL(join(root, 'test', 'generators', 'run.mjs')).href);
  const counts = await tryGenerators(words, say);
  count(counts);
  matched += counts.passed + counts.failed + counts.skipped;
  return describe(counts);
}

const describe = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

await runAfterSetup(
  async (wanted) => {
    const at = wanted.findIndex((word) => word === '--on');
    if (at >= 0) {
      const [, on = ''] = wanted.splice(at, 2);
      if (!CONFIGURATIONS.includes(on)) {
        throw new SetupError(`--on names a configuration of the lane e2e; there are: ${CONFIGURATIONS.join(', ')}.`);
      }
      if (wanted[0] !== 'e2e') throw new SetupError('--on is for the lane e2e: npm test -- e2e --on cluster.');
      process.env['WAARBORG_E2E_ON'] = on;
    }
    const known = [...new Set([...Object.keys(CHECKS), ...Object.keys(SPECS), ...APART])];
    const all = known.filter((lane) => !APART.includes(lane));
    const named = wanted.filter((word) => known.includes(word));
    const patterns = wanted.filter((word) => !known.includes(word));
    if (patterns.length > 0 && named.length === 0) {
      throw new SetupError(`Name a lane before "${patterns.join(' ')}"; there are: ${known.join(', ')}.`);
    }
    const started = Date.now();
    startAhead(named.length > 0 ? named : all);
    for (const lane of named.length > 0 ? named : all) {
      const since = Date.now();
      if (lane in SPECS && !hasFiles(SPECS[lane])) continue;
      say(`== ${lane} …`);
      const outcome = await (lane in CHECKS
        ? check(lane, named.includes(lane))
        : lane in SPECS
          ? specs(lane, patterns)
          : generators(patterns));
      say(`== ${lane}: ${outcome} (${Math.round((Date.now() - since) / 1000)} s)`);
    }
    if (patterns.length > 0 && matched === 0) {
      say(`No spec of ${named.join(', ')} matches "${patterns.join(' ')}".`);
      count({ failed: 1 });
    }
    say(`All lanes took ${Math.round((Date.now() - started) / 1000)} s.`);
    process.exitCode = total.failed === 0 ? 0 : 1;
    process.stdout.write(`${describe(total)}\n`);
  },
  { build: false },
);
