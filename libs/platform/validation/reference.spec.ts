import { describe, expect, it } from '@jest/globals';
import { isReference } from './reference.js';

describe('a reference', () => {
  it.each([
    '1',
    'c-17',
    'enquiry-2026-0302-17',
    'https://example.org/a_b.c/1',
    'A:1',
    '12345678',
    '1234567890',
    // Nine digits that no citizen service number has.
    '123456789',
    'kvk/123456783',
    // The nine digits are part of a longer number.
    '1111222333',
    '0111222333',
    `${'a'.repeat(63)}1`,
  ])('may be %s', (text) => {
    expect(isReference(text)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['only letters, as a name has', 'jan-jansen'],
    ['a blank', 'page 1'],
    ['a line feed at its end', 'page-1\n'],
    ['a letter of another alphabet', 'pagé-1'],
    ['a digit of another alphabet', 'page-١'],
    ['other punctuation', 'page#1'],
    ['an address of e-mail', 'jansen1@example.org'],
    ['65 characters', `${'a'.repeat(64)}1`],
    ['a citizen service number', '111222333'],
    ['one at the end', 'bsn:111222333'],
    ['one at the beginning', '123456782-letter'],
    ['one in the middle', 'a/123456782.x1'],
    ['one behind another number', '12-111222333'],
    ['one that ends in a zero', '123456780-a:999999990'],
    ['nine zeros', '000000000'],
  ])('is not %s', (_what, text) => {
    expect(isReference(text)).toBe(false);
  });
});
