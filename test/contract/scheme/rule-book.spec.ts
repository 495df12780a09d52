import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { currentRuleSet } from '#libs/scheme';
import { generatedFile } from './generated.js';
import { ruleBookPage } from './rule-book.js';

const path = fileURLToPath(new URL('../../../docs/rule-book.md', import.meta.url));

test('docs/rule-book.md says what the tables say', () => {
  const page = ruleBookPage(currentRuleSet);
  expect(generatedFile(path, page)).toBe(page);
});
