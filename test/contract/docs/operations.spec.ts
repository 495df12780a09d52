import { expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigurationFault, readConfiguration } from '#libs/configuration';
import { SCOPES } from '#libs/platform';
import { page, root } from './markdown.js';

const { text } = page('docs/operations.md');

/** The reader of settings lists all of them when it is given one that it does not know. */
function settings(): readonly string[] {
  try {
    readConfiguration(['--no-such-setting', 'x'], {});
  } catch (error) {
    const [, known = ''] = /known are (.+)/.exec((error as ConfigurationFault).faults[0]!) ?? [];
    return known.split(' ');
  }
  throw new Error('a setting that does not exist was taken');
}

test('docs/operations.md explains every setting', () => {
  expect(settings().length).toBeGreaterThan(10);
  expect(settings().filter((option) => !text.includes(`\`${option}\``))).toEqual([]);
});

test('docs/operations.md explains every figure of our own', () => {
  const sources = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!spec)\.ts$/.test(name))
      .map((name) => page(join(folder, name)).text),
  );
  const names = sources.flatMap((source) =>
    [...source.matchAll(/\bmetrics\.(?:counter|gauge|histogram)\(\s*'([a-z_]+)'/g)].map(([, name]) => name!),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !text.includes(`\`waarborg_${name}\``))).toEqual([]);
});

test('docs/operations.md names every scope', () => {
  expect(SCOPES.filter((scope) => !text.includes(`\`${scope}\``))).toEqual([]);
});
