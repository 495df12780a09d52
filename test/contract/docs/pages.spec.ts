import { describe, expect, test } from '@jest/globals';
import { brokenLinks, missingPaths, pages, unknownScripts, wideTables } from './markdown.js';

describe.each(pages().map((each) => [each.file, each] as const))('%s', (_file, each) => {
  test('names only files and folders that are there', () => {
    expect(missingPaths(each)).toEqual([]);
  });

  test('links only to what is there', () => {
    expect(brokenLinks(each)).toEqual([]);
  });

  test('names only scripts that are there', () => {
    expect(unknownScripts(each)).toEqual([]);
  });

  test('has no table that a terminal breaks', () => {
    expect(wideTables(each)).toEqual([]);
  });
});

test('a page that names what is not there is found out', () => {
  const bad = {
    file: 'docs/bad.md',
    text: 'See `libs/nowhere/file.ts`, [this](nowhere.md), [that](interfaces.md#no-such-part); run `npm run nothing`.',
  };
  const wide = `| ${'x'.repeat(117)} |`;
  expect(wideTables({ file: 'docs/bad.md', text: `| x |\n${wide}\n${wide.replace('x', '')}` })).toEqual([wide]);
  expect(missingPaths(bad)).toEqual(['libs/nowhere/file.ts']);
  expect(brokenLinks(bad)).toEqual(['nowhere.md', 'interfaces.md#no-such-part']);
  expect(unknownScripts(bad)).toEqual(['nothing']);
});
