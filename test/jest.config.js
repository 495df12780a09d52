import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { SWC } from '../deploy/local/compiler.mjs';
import { apartOn } from './e2e/apart.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// One project per test lane; a file's suffix says which lane it is in and so what it costs.
const lane = (name, suffix, extra = {}) => ({
  displayName: name,
  rootDir: root,
  testMatch: [`**/*.${suffix}.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.stryker-tmp/', '/test/architecture/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.stryker-tmp/'],
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/test/assertions.js'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', SWC],
  },
  ...extra,
});

const withPostgres = {
  globalSetup: '<rootDir>/test/postgres/start.js',
  globalTeardown: '<rootDir>/test/postgres/stop.js',
};

const withLiveServers = {
  globalSetup: '<rootDir>/test/live/start.js',
  globalTeardown: '<rootDir>/test/live/stop.js',
};

/** On separate processes, with a broker, what is about one process is left out. */
const on = process.env['WAARBORG_E2E_ON'];
const where =
  on === undefined
    ? withPostgres
    : {
        ...withLiveServers,
        testPathIgnorePatterns: [...lane('', '').testPathIgnorePatterns, ...Object.keys(apartOn(on))],
      };

export default {
  rootDir: root,
  // Ends what hangs; how fast something is no test judges by it.
  testTimeout: 600_000,
  // A worker that leaves nothing open ends by itself, on a busy machine later than after Jest's half second. One that
  // does not is told, and is a leak.
  workerGracefulExitTimeout: 60_000,
  // What a file had loaded is not all given back: a worker that has grown is replaced between two files, before it has no
  // memory left for the next one.
  workerIdleMemoryLimit: '1.5GB',
  maxWorkers: Math.min(4, availableParallelism()),
  projects: [
    lane('unit', 'spec'),
    lane('int', 'int-spec', withPostgres),
    lane('live', 'live-spec', withLiveServers),
    lane('e2e', 'e2e-spec', where),
    lane('distributed', 'distributed-spec', withPostgres),
  ],
};
