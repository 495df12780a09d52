/**
 * Mutants of the rule book. Tables are evaluated once, when the module loads; their mutants (texts, ids) would each
 * need every test again and are left to the test that compares `docs/rule-book.md`. What is mutated is what judges.
 */
export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { configFile: 'test/mutation/jest.config.js', enableFindRelatedTests: false },
  plugins: ['@stryker-mutator/jest-runner'],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  mutate: ['libs/scheme/**/*.ts', '!libs/scheme/**/*.spec.ts', '!libs/scheme/contract/**', '!libs/scheme/index.ts'],
  ignorePatterns: [
    '**',
    '!package.json',
    '!tsconfig.json',
    '!libs/scheme/**',
    '!test/jest.config.js',
    '!test/mutation/**',
    '!test/contract/scheme/**',
    '!test/vectors/**',
    '!docs/rule-book.md',
  ],
  tempDirName: '.stryker-tmp',
  concurrency: 2,
  timeoutMS: 20_000,
  allowEmpty: false,
  disableTypeChecks: false,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'reports/mutation/scheme.json' },
  thresholds: { high: 95, low: 90, break: null },
};
