import { fileURLToPath } from 'node:url';
import base from '../jest.config.js';

// The unit lane, narrowed to the specs that judge the rule book: what a mutant of it has to survive. The copy that is
// mutated lies in a folder that the lane itself ignores, so it brings ignore lists of its own.
const unit = base.projects.find(({ displayName }) => displayName === 'unit');

export default {
  ...unit,
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  testMatch: ['<rootDir>/libs/scheme/**/*.spec.ts', '<rootDir>/test/contract/scheme/rule-book.spec.ts'],
  // Properties run every rule hundreds of times: they would multiply the run and find what the cases find.
  testPathIgnorePatterns: ['/node_modules/', '/properties\\.spec\\.ts$', '/rule-ids\\.spec\\.ts$'],
  modulePathIgnorePatterns: [],
};
