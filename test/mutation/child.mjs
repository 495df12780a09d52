// Loads every spec of a prepared copy once and then judges mutants as it is told, one by one.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [target, specsText, deadlineText] = process.argv.slice(2);
const deadline = Number(deadlineText);
process.chdir(target);
const stryker = (globalThis.__stryker__ = { mutantCoverage: { static: {}, perTest: {} } });
const load = (file) => import(pathToFileURL(join(target, file)).href);
const { newFile, runTest, startSuite, suitesOf, tests } = await load('node_modules/@jest/globals/index.js');
for (const spec of JSON.parse(specsText)) {
  newFile(spec);
  await load(spec);
}

/** A mutant can keep a test waiting for what never comes; that counts as found. */
const within = (work, milliseconds = deadline) =>
  new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('out of time')), milliseconds);
    work.then(done, fail).finally(() => clearTimeout(timer));
  });

// What a test leaves behind when a mutant broke it must not end the process.
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);

async function dryRun() {
  const failed = [];
  const seconds = [];
  /** Of each suite that was started, the tests that stand on it; what that reached is kept under its number. */
  const starts = [];
  for (const [index, test] of tests.entries()) {
    const start = performance.now();
    try {
      for (const suite of suitesOf(test.suite)) {
        if (suite.started === true) continue;
        stryker.currentTestId = `start ${starts.length}`;
        starts.push(tests.flatMap((other, at) => (suitesOf(other.suite).includes(suite) ? [at] : [])));
        await startSuite(suite);
      }
      stryker.currentTestId = String(index);
      await runTest(test);
    } catch (error) {
      failed.push(`${test.name}: ${String(error).slice(0, 300)}`);
    }
    seconds.push((performance.now() - start) / 1000);
  }
  stryker.currentTestId = undefined;
  return {
    tests: tests.length,
    failed,
    seconds,
    starts,
    perTest: stryker.mutantCoverage.perTest,
    atLoad: stryker.mutantCoverage.static,
  };
}

async function judge({ id, covering }) {
  delete stryker.mutantCoverage;
  stryker.activeMutant = id;
  stryker.hitCount = 0;
  stryker.hitLimit = 1_000_000;
  let killer;
  let killedBy;
  for (const index of covering) {
    try {
      for (const suite of suitesOf(tests[index].suite)) await within(startSuite(suite), 6 * deadline);
      await within(runTest(tests[index]));
    } catch (error) {
      killer = tests[index];
      killedBy = `${killer.name}: ${String(error).slice(0, 120)}`;
      break;
    }
  }
  stryker.activeMutant = undefined;
  return { id, killedBy, spoilt: killer !== undefined && !(await passes(killer)) };
}

/** A test that fails without the mutant as well fails for what the mutant, or one before it, left behind. */
const passes = (test) =>
  within(runTest(test)).then(
    () => true,
    () => false,
  );

process.on('message', async (message) => {
  process.send(message.kind === 'dry-run' ? await dryRun() : await judge(message));
});
process.send({ kind: 'ready' });
