// What specs import from the test framework, kept as a list of tests that can be run one by one in one process.
import { mock } from 'node:test';
import { expect } from 'expect';
import { ModuleMocker } from 'jest-mock';

const root = { name: '', parent: undefined, before: [], after: [], beforeAll: [], afterAll: [] };
let suite = root;
/** Every test of every spec: its name, its suites, and what it does. */
export const tests = (globalThis.__mutationTests ??= []);

function describe(name, define) {
  const outer = suite;
  suite = { name, parent: outer, before: [], after: [], beforeAll: [], afterAll: [], started: false };
  define();
  suite = outer;
}

function it(name, run) {
  tests.push({ name: [...namesOf(suite), name].join(' › '), suite, run });
}

const namesOf = (one) => (one.parent === undefined ? [] : [...namesOf(one.parent), one.name]);

/** One test per row: where all rows are arrays, their values are the arguments; else the row is the only one. */
const each = (define) => (rows) => (name, run) => {
  const isTable = rows.every(Array.isArray);
  for (const [index, row] of rows.entries()) {
    const values = isTable ? row : [row];
    define(`${name} [${index}]`, () => run(...values));
  }
};

it.each = each(it);
it.skip = () => undefined;
describe.each = each(describe);
describe.skip = () => undefined;
const test = it;
const beforeEach = (run) => void suite.before.push(run);
const afterEach = (run) => void suite.after.unshift(run);
const beforeAll = (run) => void suite.beforeAll.push(run);
const afterAll = (run) => void suite.afterAll.unshift(run);
const mocker = new ModuleMocker(globalThis);
/** As far as specs use it: the clock stands still where they put it, and timers go on. */
const jest = {
  spyOn: mocker.spyOn.bind(mocker),
  setTimeout: () => undefined,
  useFakeTimers: ({ now }) => mock.timers.enable({ apis: ['Date'], now }),
  useRealTimers: () => mock.timers.reset(),
};

export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test };

export const suitesOf = (one) => (one.parent === undefined ? [one] : [...suitesOf(one.parent), one]);

/** What comes before the first test of a suite, once. */
export async function startSuite(one) {
  if (one.started === true) return;
  for (const hook of one.beforeAll) await hook();
  one.started = true;
}

/** Runs one test with the hooks around it. Throws what it throws. */
export async function runTest({ suite: own, run }) {
  const suites = suitesOf(own);
  for (const one of suites) await startSuite(one);
  try {
    for (const one of suites) for (const hook of one.before) await hook();
    await run();
  } finally {
    for (const one of [...suites].reverse()) for (const hook of one.after) await hook();
  }
}

/** Marks where one spec file ends: hooks outside a suite belong to the file. */
export function newFile(name) {
  suite = {
    ...root,
    name,
    parent: { ...root, before: [], after: [], beforeAll: [], afterAll: [] },
    before: [],
    after: [],
    beforeAll: [],
    afterAll: [],
    started: false,
  };
}
