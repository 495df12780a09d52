import { expect, test } from '@jest/globals';
import { items, page } from './markdown.js';

/** Requirements of levels 1 and 2 of OWASP ASVS 5.0, by section. */
const REQUIREMENTS: Readonly<Record<string, string>> = {
  '1.1': '1 2',
  '1.2': '1 2 3 4 5 6 7 8 9',
  '1.3': '1 2 3 4 5 6 7 8 9 10 11',
  '1.4': '1 2 3',
  '1.5': '1 2',
  '2.1': '1 2 3',
  '2.2': '1 2 3',
  '2.3': '1 2 3 4',
  '2.4': '1',
  '3.2': '1 2',
  '3.3': '1 2 3 4',
  '3.4': '1 2 3 4 5 6',
  '3.5': '1 2 3 4 5',
  '3.7': '1 2',
  '4.1': '1 2 3',
  '4.2': '1',
  '4.3': '1 2',
  '4.4': '1 2 3 4',
  '5.1': '1',
  '5.2': '1 2 3',
  '5.3': '1 2',
  '5.4': '1 2 3',
  '6.1': '1 2 3',
  '6.2': '1 2 3 4 5 6 7 8 9 10 11 12',
  '6.3': '1 2 3 4',
  '6.4': '1 2 3 4',
  '6.5': '1 2 3 4 5',
  '6.6': '1 2 3',
  '6.8': '1 2 3 4',
  '7.1': '1 2 3',
  '7.2': '1 2 3 4',
  '7.3': '1 2',
  '7.4': '1 2 3 4 5',
  '7.5': '1 2',
  '7.6': '1 2',
  '8.1': '1 2',
  '8.2': '1 2 3',
  '8.3': '1',
  '8.4': '1',
  '9.1': '1 2 3',
  '9.2': '1 2 3 4',
  '10.1': '1 2',
  '10.2': '1 2',
  '10.3': '1 2 3 4',
  '10.4': '1 2 3 4 5 6 7 8 9 10 11',
  '10.5': '1 2 3 4 5',
  '10.6': '1 2',
  '10.7': '1 2 3',
  '11.1': '1 2',
  '11.2': '1 2 3',
  '11.3': '1 2 3',
  '11.4': '1 2 3 4',
  '11.5': '1',
  '11.6': '1',
  '12.1': '1 2 3',
  '12.2': '1 2',
  '12.3': '1 2 3 4',
  '13.1': '1',
  '13.2': '1 2 3 4 5',
  '13.3': '1 2',
  '13.4': '1 2 3 4 5',
  '14.1': '1 2',
  '14.2': '1 2 3 4',
  '14.3': '1 2 3',
  '15.1': '1 2 3',
  '15.2': '1 2 3',
  '15.3': '1 2 3 4 5 6 7',
  '16.1': '1',
  '16.2': '1 2 3 4 5',
  '16.3': '1 2 3 4',
  '16.4': '1 2 3',
  '16.5': '1 2 3',
  '17.1': '1',
  '17.2': '1 2 3 4',
  '17.3': '1 2',
};

const { text } = page('docs/security.md');
const rows = items(text).flatMap((line) => {
  const [, ids, what, status, evidence] =
    /^(\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) (.*?) \((met|partly|not|n\/a)\): (.*)$/.exec(line) ?? [];
  return ids === undefined ? [] : [{ ids: ids.split(', '), what: what!, status: status!, evidence: evidence! }];
});

test('docs/security.md has a line for every requirement of ASVS 5.0 level 2, and one only', () => {
  const wanted = Object.entries(REQUIREMENTS).flatMap(([section, last]) =>
    last.split(' ').map((nr) => `${section}.${nr}`),
  );
  expect(wanted).toHaveLength(253);
  expect(rows.flatMap(({ ids }) => ids).sort()).toEqual(wanted.sort());
});

test('what is said to be met in docs/security.md has evidence, and what is not says what is missing', () => {
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter(({ what, evidence }) => what === '' || evidence.length < 4)).toEqual([]);
});

test('what is said to be met in docs/security.md is shown by a file or a page, which others see to be there', () => {
  // Paths and links are looked up for every page (pages.spec.ts).
  const shown = /`(?:(?:apps|libs|test|docs|deploy)\/[^`]+|[\w.-]+\.(?:js|json|yml))`|\bADR \d+|\]\(/;
  expect(rows.filter(({ status, evidence }) => status === 'met' && !shown.test(evidence))).toEqual([]);
});

test('docs/security.md says where to report, without a host that is nobody’s', () => {
  const [, report = ''] = /^## Tell us$([\s\S]*?)^## /m.exec(text) ?? [];
  expect(report).toContain('`CONTACT_EMAIL`');
  expect(report).toContain('`info.contact`');
  expect(report).not.toMatch(/@|https?:/);
});

test('docs/security.md counts its own lines right', () => {
  const count = (status: string): number =>
    rows.filter((row) => row.status === status).reduce((sum, { ids }) => sum + ids.length, 0);
  expect(text).toContain(
    `${count('met')} met, ${count('partly')} partly, ${count('not')} not, ${count('n/a')} do not apply`,
  );
});
