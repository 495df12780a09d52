import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { LETTERS } from '#libs/domain';
import { generatedFile } from '../scheme/generated.js';
import { personsPage } from './persons-page.js';

const path = fileURLToPath(new URL('../../../docs/persons.md', import.meta.url));

test('docs/persons.md says what the code goes by', () => {
  const page = personsPage();
  expect(generatedFile(path, page)).toBe(page);
  for (const letter of Object.keys(LETTERS)) expect(page).toContain(letter);
});
