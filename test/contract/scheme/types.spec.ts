import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { generatedFile } from './generated.js';
import { typesFromSchema } from './types-from-schema.js';

const contract = new URL('../../../libs/scheme/contract/', import.meta.url).pathname;

test('the types of the classification contract are those of its schema file', () => {
  const schema = JSON.parse(readFileSync(`${contract}classification.schema.json`, 'utf8'));
  const expected = typesFromSchema(schema);
  expect(generatedFile(`${contract}classification.types.ts`, expected)).toBe(expected);
});

test('the types of a stored check are those of its schema file', () => {
  const folder = new URL('../../../libs/domain/check/', import.meta.url).pathname;
  const schema = JSON.parse(readFileSync(`${folder}check.schema.json`, 'utf8'));
  const expected = typesFromSchema(schema, 'check.schema.json');
  expect(generatedFile(`${folder}check.types.ts`, expected)).toBe(expected);
});
