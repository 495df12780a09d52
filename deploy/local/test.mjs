// All checks of the project: npm test [-- LANE… [PATTERN…]]. The last line counts them.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runAfterSetup, say, setUp, SetupError } from './setup.mjs';
import { runTool } from './tools.mjs';

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
};
const SPECS = { unit: 'spec', int: 'int-spec', live: 'live-spec', e2e: 'e2e-spec' };

/** Why a lane can't run here; `undefined` when it can. */
function obstacle(lane) {
  if (lane !== 'live' || process.env['WAARBORG_LIVE'] !== undefined) return undefined;
  return 'needs Kafka and EventStoreDB; set WAARBORG_LIVE=1 where they run';
}

const hasFiles = (suffix) =>
  ['apps', 'libs', 'test'].some(
    (folder) =>
      existsSync(join(root, folder)) &&
      readdirSync(join(root, folder), { recursive: true }).some((name) => name.endsWith(`.${suffix}.ts`)),
  );

const total = { passed: 0, failed: 0, skipped: 0 };

function count({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

async function check(name) {
  if (name === 'build') {
    try {
      await setUp();
      count({ passed: 1 });
      return 'passed';
    } catch (error) {
      say(error instanceof SetupError ? error.message : error.stack);
      count({ failed: 1 });
      return 'failed: specs that start the built suite will fail as well';
    }
  }
  const status = await runTool(CHECKS[name][0], CHECKS[name].slice(1));
  count(status === 0 ? { passed: 1 } : { failed: 1 });
  return status === 0 ? 'passed' : 'failed';
}

async function specs(lane, patterns) {
  const folder = mkdtempSync(join(tmpdir(), 'waarborg-results-'));
  const file = join(folder, 'results.json');
  try {
    const arguments_ = ['-c', 'test/jest.config.js', '--selectProjects', lane, '--json', '--outputFile', file];
    const status = await runTool('jest/bin/jest.js', [...arguments_, '--passWithNoTests', '--', ...patterns], {
      nodeArguments: ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'],
      env: { WAARBORG_LANE: lane },
    });
    if (!existsSync(file)) {
      count({ failed: 1 });
      return 'failed: Jest ended without results';
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
    return describe(counts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const describe = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

await runAfterSetup(
  async (wanted) => {
    const all = [...Object.keys(CHECKS), ...Object.keys(SPECS)];
    const named = wanted.filter((word) => all.includes(word));
    const patterns = wanted.filter((word) => !all.includes(word));
    if (patterns.length > 0 && named.length === 0) {
      throw new SetupError(`Name a lane before "${patterns.join(' ')}"; there are: ${all.join(', ')}.`);
    }
    const started = Date.now();
    for (const lane of named.length > 0 ? named : all) {
      const since = Date.now();
      if (lane in SPECS && !hasFiles(SPECS[lane])) continue;
      const reason = obstacle(lane);
      if (reason !== undefined) {
        count({ skipped: 1 });
        say(`== ${lane}: not run: ${reason}`);
        continue;
      }
      say(`== ${lane} …`);
      const outcome = lane in CHECKS ? await check(lane) : await specs(lane, patterns);
      say(`== ${lane}: ${outcome} (${Math.round((Date.now() - since) / 1000)} s)`);
    }
    say(`All lanes took ${Math.round((Date.now() - started) / 1000)} s.`);
    process.exitCode = total.failed === 0 ? 0 : 1;
    process.stdout.write(`${describe(total)}\n`);
  },
  { build: false },
);
