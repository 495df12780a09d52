import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFile } from './generated.js';
import { typesFromSchema } from './types-from-schema.js';

const contract = fileURLToPath(new URL('../../../libs/scheme/contract/', import.meta.url));

test('the types of the classification contract are those of its schema file', () => {
  const schema = JSON.parse(readFileSync(`${contract}classification.schema.json`, 'utf8'));
  const expected = typesFromSchema(schema);
  expect(generatedFile(`${contract}classification.types.ts`, expected)).toBe(expected);
});

test('the types of a stored check are those of its schema file', () => {
  const folder = fileURLToPath(new URL('../../../libs/domain/check/', import.meta.url));
  const schema = JSON.parse(readFileSync(`${folder}check.schema.json`, 'utf8'));
  const expected = typesFromSchema(schema, 'check.schema.json');
  expect(generatedFile(`${folder}check.types.ts`, expected)).toBe(expected);
});
