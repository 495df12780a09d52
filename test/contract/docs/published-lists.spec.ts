import { describe, expect, test } from '@jest/globals';
import { USUAL_PUBLICATIONS, USUAL_SOURCES, USUAL_SYSTEMS, WHY } from '#libs/application';
import { CONTACT_KINDS, DISTINCTIONS } from '#libs/domain';
import { items, page } from './markdown.js';

/** Lists that callers rely on stand in the contract, entry by entry (interfaces.md §6.1). */

const [, section] = /\n### 6\.1 Published lists\n([^]*?)\n## 7 /.exec(page('docs/interfaces.md').text)!;
/** What the item says that begins with this text. */
const said = (start: string): string => {
  const [one] = items(section!).filter((line) => line.startsWith(start));
  return one?.replace(/^(?:`[^`]*`|[^`:])*: /, '') ?? '';
};
const named = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);

test('every reason why a check does not count stands there in its own words', () => {
  const rows = Object.keys(WHY).map((why) => [why, said(`\`${why}\`: `)]);
  expect(Object.fromEntries(rows)).toEqual(WHY);
});

describe('the lists', () => {
  test.each<readonly [string, readonly string[]]>([
    ['`distinguishedBy`', DISTINCTIONS],
    ['`kind` of a contact', CONTACT_KINDS],
    ['`source.name`', USUAL_SOURCES],
    ['`performedBy.system`', USUAL_SYSTEMS],
    ['`publication.source`', USUAL_PUBLICATIONS],
  ])('%s', (start, entries) => {
    expect(named(said(start))).toEqual(entries);
  });
});
