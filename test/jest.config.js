import { fileURLToPath } from 'node:url';

// One project per test lane; a file's suffix says which lane it is in and so what it costs.
const root = fileURLToPath(new URL('..', import.meta.url));

const lane = (name, suffix, extra = {}) => ({
  displayName: name,
  rootDir: root,
  testMatch: [`**/*.${suffix}.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.stryker-tmp/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.stryker-tmp/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  ...extra,
});

export default {
  rootDir: root,
  testTimeout: 60_000,
  projects: [lane('unit', 'spec'), lane('int', 'int-spec'), lane('live', 'live-spec'), lane('e2e', 'e2e-spec')],
};
