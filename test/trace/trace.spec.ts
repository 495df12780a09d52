import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unless } from '#libs/testing';

interface Rule {
  readonly id: string;
  readonly strength: string;
  readonly chapter: number;
  readonly line: string;
}
type Named = ReadonlyMap<string, readonly string[]>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { catalogue, catalogueText, gaps, named, namedIn, notYet, readCatalogue, readNotYet } = (await import(
  pathToFileURL(`${root}test/trace/catalogue.mjs`).href
)) as {
  catalogue(root: string): readonly Rule[];
  catalogueText(rules: readonly Rule[]): string;
  gaps(rules: readonly Rule[], found: Named, later: ReadonlyMap<string, string>): readonly string[];
  named(root: string, ids: readonly string[]): Named;
  namedIn(text: string, wanted: ReadonlySet<string>): Named;
  notYet(root: string): ReadonlyMap<string, string>;
  readCatalogue(page: string): readonly Rule[];
  readNotYet(page: string): ReadonlyMap<string, string>;
};

const PAGE = `${root}../shared/spec/requirements.md`;
const rules = catalogue(root);
const ids = rules.map(({ id }) => id);

describe('every binding rule of the register', () => {
  it('is named by a test, or listed with the reason why not yet', () => {
    expect(rules.length).toBeGreaterThan(400);
    expect(gaps(rules, named(root, ids), notYet(root))).toEqual([]);
  });

  it('has an id of its own, that is found where a test names it, alone and among others', () => {
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = new Set(ids);
    for (const id of ids) {
      for (const title of [id, `so it is (${id}).`, `${id}: so it is`, `X-1, ${id}, D-2`]) {
        expect([title, ...namedIn(`it(${JSON.stringify(title)}, () => {})`, wanted).keys()]).toEqual([title, id]);
      }
    }
  });

  unless(existsSync(PAGE) ? undefined : 'the catalogue of the scheme is not beside this project').it(
    'is one of the catalogue of the scheme, and none of it is left out',
    () => {
      const page = readFileSync(PAGE, 'utf8');
      expect(catalogueText(readCatalogue(page))).toBe(readFileSync(`${root}docs/catalogue-ids.json`, 'utf8'));
      expect(page.match(/^#### /gm)).toHaveLength(rules.length);
    },
  );
});

describe('the catalogue of the scheme', () => {
  it('is read with chapter, strength and the first sentence of each rule', () => {
    const long = `${'word '.repeat(40)}end.`;
    const page = [
      '## 3 The register',
      '#### REG-01 · MUST NOT (d) · 003 §4.2',
      'It is so, e.g. of a. Nothing else is.',
      '### 3.1 More',
      '#### REG-02 · SHOULD · 003 §4.3',
      long,
      '## 4 The end',
      '#### REG-03 · MAY · 003 §4.4',
      'No full stop',
    ].join('\n');
    expect(readCatalogue(page)).toEqual([
      { id: 'REG-01', strength: 'MUST NOT', chapter: 3, line: 'It is so, e.g. of a. Nothing else is.' },
      { id: 'REG-02', strength: 'SHOULD', chapter: 3, line: `${'word '.repeat(32)}…` },
      { id: 'REG-03', strength: 'MAY', chapter: 4, line: 'No full stop' },
    ]);
  });
});

describe('a rule is named', () => {
  const wanted = new Set(['REG-01', 'IM2', 'IO2-c', 'IO2-c-pki', 'MEANS-ID2', 'MEANS-ID2-ii.b', 'REG-013']);
  const by = (text: string): readonly string[] => [...namedIn(text, wanted).keys()].sort();

  it.each<readonly [text: string, found: readonly string[]]>([
    ["it('registers (REG-01)', () => {})", ['REG-01']],
    ["test('REG-01, IM2: registers', () => {})", ['IM2', 'REG-01']],
    ["it.only('REG-01', () => {})", ['REG-01']],
    ["describe('REG-01', () => { it('registers', () => {}) })", ['REG-01']],
    ["describe('REG-01', () => { for (const x of xs) it(x, () => {}) })", ['REG-01']],
    ["describe('REG-01', () => { if (x) prepare(); it('registers', () => { if (x) return }) })", ['REG-01']],
    ["describe('the register', () => { describe('REG-01', () => { it('registers', () => {}) }) })", ['REG-01']],
    ['it(`IO2-c-pki of ${x}, MEANS-ID2-ii.b.`, () => {})', ['IO2-c-pki', 'MEANS-ID2-ii.b']],
    ["it.each([['IM2', 1]])('%s', () => {})", ['IM2']],
    ["it.each<Case>([['x', 'IA1-a IM2 IV3']] as const)('%s', () => {})", ['IM2']],
    ["it.each(['IM2', 'x'])('%s', () => {})", ['IM2']],
    ["it.each([{ rule: 'IM2' }])('$rule', () => {})", ['IM2']],
    ["const CASES = [['IM2', 1]] as const; it.each(CASES)('%s', () => {})", ['IM2']],
    ["const CASES = [['IM2', 1]]; it.each([...CASES, ['REG-01']])('%s', () => {})", ['IM2', 'REG-01']],
    ["describe.each([['IM2']])('%s', () => { it('is', () => {}) })", ['IM2']],
  ])('by %j', (text, found) => {
    expect(by(text)).toEqual(found);
  });

  it.each([
    "// REG-01\nit('x', () => {})",
    "import { x } from './REG-01/IM2.js'; it('x', () => {})",
    "const x = 'REG-01'; it('x', () => {})",
    "it('x', () => { expect(rows).toEqual(['REG-01']) })",
    "it('x', () => { throw new Error('REG-01') })",
    "it('x', () => { expect('REG-01').toMatch(/REG-01/) })",
    "it('x', () => {}, 'REG-01')",
    'it(/REG-01/.source, () => {})',
    "it('REG-011', () => {})",
    "it('XREG-01', () => {})",
    "it('REG-01-store', () => {})",
    "it('REG-01_x', () => {})",
    "it('libs/REG-01', () => {})",
    "it('REG-01/x.ts', () => {})",
    'it(`REG-01${x}`, () => {})',
    'it(`${x}REG-01`, () => {})',
    "it.skip('REG-01', () => {})",
    "it.todo('REG-01')",
    "it.failing('REG-01', () => {})",
    "xit('REG-01', () => {})",
    "xdescribe('REG-01', () => { it('x', () => {}) })",
    "it.skip.each([['REG-01']])('%s', () => {})",
    "describe.skip('x', () => { it('REG-01', () => {}) })",
    "describe.skip.each([['x']])('%s', () => { it('REG-01', () => {}) })",
    "describe('REG-01', () => {})",
    "describe('REG-01', () => { it.skip('x', () => {}); it.todo('y') })",
    "unless(noKafka()).it('REG-01', () => {})",
    "unless(noKafka()).describe('REG-01', () => { it('REG-01', () => {}) })",
    "const given = unless(noKafka()); given.it('REG-01', () => {})",
    "(here ? it : it.skip)('REG-01', () => {})",
    "if (here) it('REG-01', () => {})",
    "describe('REG-01', () => { if (here) { it('REG-01', () => {}) } })",
    "here && it('REG-01', () => {})",
    "const x = here ? it('REG-01', () => {}) : 0",
    "pattern.test('REG-01')",
    "it.each([[{ rows: ['REG-01'] }]])('%j', () => {})",
    "it.each([['x', () => given('REG-01')]])('%s', () => {})",
    "it.each([{ given: { rule: 'REG-01' } }])('%j', () => {})",
    "const CASES = [['REG-01']]; it('x', () => {})",
    "const CASES = [['REG-01']]; { const CASES = []; it.each(CASES)('x', () => {}) }",
    'const CASES = [...CASES]; it.each(CASES)("x", () => {})',
    'it.each`rule\n${"REG-01"}`("$rule", () => {})',
  ])('not by %j', (text) => {
    expect(by(text)).toEqual([]);
  });

  it('by its own id, not by one that begins or goes on like it', () => {
    expect(by("it('IO2-c-pki, MEANS-ID2-ii.b, REG-013', () => {})")).toEqual([
      'IO2-c-pki',
      'MEANS-ID2-ii.b',
      'REG-013',
    ]);
    expect(by("it('IO2-c. MEANS-ID2: it is so', () => {})")).toEqual(['IO2-c', 'MEANS-ID2']);
  });

  it('by tests that can be found: line and title of each', () => {
    const text =
      "\nit('one (IM2)', () => {});\ndescribe('two', () => {\n  it.each([['IM2']])(`is ${x}`, () => {});\n});";
    expect(namedIn(text, wanted).get('IM2')).toEqual(['2 one (IM2)', '4 is _']);
  });
});

describe('what is awaited', () => {
  it('are the rows of the table that have rules and a reason', () => {
    const page = [
      '# Not yet',
      '| rules | what brings them |',
      '| ------ | --- |',
      '| REG-01, IO2-c-pki   | a reason |',
      '| IM2 | another |',
      '| REG-02 |  |',
      '| | a reason |',
      '| REG-03 | a reason | REG-04 |',
      'REG-05 | a reason',
    ].join('\n');
    expect([...readNotYet(page)]).toEqual([
      ['REG-01', 'a reason'],
      ['IO2-c-pki', 'a reason'],
      ['IM2', 'another'],
    ]);
  });
});

describe('a gap in the trace', () => {
  const rule = (id: string, strength = 'MUST', chapter = 3): Rule => ({ id, strength, chapter, line: 'it is so.' });
  const found = (...named: string[]) => new Map(named.map((id) => [id, ['a.spec.ts:1 x']]));

  it.each(['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT'])('is a rule of strength %s that nothing names', (strength) => {
    expect(gaps([rule('REG-01', strength), rule('REG-02')], found('REG-02'), new Map())).toEqual([
      'REG-01 is named by no test: it is so.',
    ]);
  });

  it('is none where somebody awaits it, where it may be otherwise, or in the chapters that come later', () => {
    const others = [rule('REG-02'), rule('REG-03', 'MAY'), rule('GOV-01', 'MUST', 7)];
    expect(gaps(others, found(), new Map([['REG-02', 'why']]))).toEqual([]);
    for (const chapter of [1, 2, 3, 4, 5, 6, 8])
      expect(gaps([rule('X-01', 'MUST', chapter)], found(), new Map())).toHaveLength(1);
  });

  it('is a list that is not true any more', () => {
    const later = new Map([
      ['REG-01', 'why'],
      ['REG-99', 'why'],
    ]);
    expect(gaps([rule('REG-01')], found('REG-01'), later)).toEqual([
      'REG-99 in docs/not-yet.md is no rule',
      'REG-01 stands in docs/not-yet.md, and a test names it',
    ]);
  });
});
