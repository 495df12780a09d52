import { expect, test } from '@jest/globals';
import { suiteProjections } from '#apps/suite';
import { page } from './markdown.js';

const { text } = page('docs/upgrading.md');

test('docs/upgrading.md says of every read model what answers until it is built', () => {
  const told = new Map(
    [...text.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)].map(([, name, what]) => [name!, what!] as const),
  );
  expect([...told.keys()].sort()).toEqual(suiteProjections.map(({ name }) => name).sort());
  for (const { name, readsEarlier } of suiteProjections) {
    const version = /^answered from version (\d+)/.exec(told.get(name)!)?.[1];
    expect([name, version]).toEqual([name, readsEarlier === undefined ? undefined : String(readsEarlier)]);
  }
});

test('CHANGELOG.md has a version of each release with its day, the newest first, and that is this one', () => {
  const changes = page('CHANGELOG.md').text;
  const all = [...changes.matchAll(/^## (.+)$/gm)].map(([, title]) => title!);
  // What is not released yet comes before all that is.
  const titles = all[0] === '[Unreleased]' ? all.slice(1) : all;
  const releases = titles.map((title) => /^\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$/.exec(title) ?? [title]);
  expect(releases.filter(([, day]) => day === undefined)).toEqual([]);
  const days = releases.map(([, , day]) => day!);
  expect(days).toEqual([...days].sort().reverse());
  const { version } = JSON.parse(page('package.json').text) as { readonly version: string };
  expect(releases[0]![1]).toBe(version);
});
