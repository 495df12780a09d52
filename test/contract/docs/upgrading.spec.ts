import { expect, test } from '@jest/globals';
import { suiteProjections } from '#apps/suite';
import { page } from './markdown.js';

const { text } = page('docs/upgrading.md');
const { version: released } = JSON.parse(page('package.json').text) as { readonly version: string };

/** Versions of the read models of each release, by which it is told what the next one builds anew. */
const RELEASED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '0.2.0': {
    applications: 4,
    'audited-persons': 1,
    authorizations: 2,
    checks: 2,
    'decision-index': 1,
    evidence: 3,
    means: 2,
    parties: 2,
    'person-links': 1,
    'revocation-requests': 2,
  },
};

/** Rows of the table under a heading, each with its cells. */
function rowsUnder(heading: string): ReadonlyMap<string, readonly string[]> {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const rows = section.split('\n## ')[0]!.matchAll(/^\| `([a-z-]+)` +\|(.+)\|$/gm);
  return new Map([...rows].map(([, name, cells]) => [name!, cells!.split('|').map((cell) => cell.trim())]));
}

test('docs/upgrading.md says of every read model of another version than the last release has what answers meanwhile', () => {
  const before = RELEASED[released];
  if (before === undefined) throw new Error(`the read models of ${released} are to be pinned here, as it was released`);
  const rows = rowsUnder(`From ${released}`);
  const anew = suiteProjections.filter(({ name, version }) => version !== before[name]);
  expect([...rows].map(([name, [there]]) => [name, there]).sort()).toEqual(
    anew.map(({ name }) => [name, String(before[name] ?? 'new')]).sort(),
  );
  // A table of the last release that is read until then is said to be.
  for (const { name, readsEarlier } of anew) {
    const isRead = readsEarlier !== undefined && readsEarlier === before[name];
    expect([name, rows.get(name)![1]!.startsWith(`answered from version ${readsEarlier}`)]).toEqual([name, isRead]);
  }
});

test('docs/upgrading.md has under the release before each read model that 0.2.0 had, and none that came later', () => {
  const rows = rowsUnder('From 0.1.0 to 0.2.0');
  expect([...rows.keys()].sort()).toEqual(Object.keys(RELEASED['0.2.0']!).sort());
  for (const { name, readsEarlier } of suiteProjections) {
    const version = /^answered from version (\d+)/.exec(rows.get(name)?.[0] ?? '')?.[1];
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
  expect(releases[0]![1]).toBe(released);
});
