import { fileURLToPath } from 'node:url';
import base from '../jest.config.js';

// The unit lane, narrowed to one file that holds the specs of the rule book. The copy that is mutated lies in a folder
// that the lane itself ignores, so it brings ignore lists of its own.
const unit = base.projects.find(({ displayName }) => displayName === 'unit');

export default {
  ...unit,
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  testMatch: ['<rootDir>/test/mutation/rule-book.mutants.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: [],
};
