import { expect, it } from '@jest/globals';
import { isUtf8 } from './charset.js';

it.each([
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['application/json;charset=UTF-8', true],
  ['application/json; charset="utf-8"', true],
  ['application/json; profile=x; charset=utf-8', true],
  ['application/json; charset=iso-8859-1', false],
  ['application/json; charset="utf-16"', false],
  ['application/json; charset=', false],
  ['application/json; charset=utf-8; charset=utf-16', false],
  ['application/json; charset = windows-1252', false],
])('a body of %s is UTF-8: %j', (type, is) => expect(isUtf8(type)).toBe(is));
