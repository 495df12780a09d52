import { expect, it } from '@jest/globals';
import { comesUncoded } from './content-coding.js';

it.each([
  [undefined, true],
  ['', true],
  ['identity', true],
  ['Identity', true],
  ['identity, ', true],
  ['gzip', false],
  ['br', false],
  ['identity, gzip', false],
  ['GZIP', false],
])('a body with Content-Encoding %j comes as it is: %j', (named, is) =>
  expect(comesUncoded(named === undefined ? {} : { 'content-encoding': named })).toBe(is),
);
