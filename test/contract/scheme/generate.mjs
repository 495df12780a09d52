// Brings the files that are generated from schemas, tables and codecs up to date: the tests that compare them write them first.
import { spawnSync } from 'node:child_process';

const PAGES = ['event-catalogue', 'persons-page', 'checks-page'].map((page) => `test/contract/docs/${page}`);
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '-c', 'test/jest.config.js'];
const run = spawnSync(process.execPath, [...jest, '--selectProjects', 'unit', '--', 'test/contract/scheme', ...PAGES], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_GENERATED: '1' },
});
process.exit(run.status ?? 1);
