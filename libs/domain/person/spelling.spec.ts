import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldNumber, foldSpelling, LETTERS } from './index.js';

const point = (code: number): string => String.fromCodePoint(code);

/** Spellings of one name each. */
const SPELLINGS: readonly (readonly string[])[] = [
  ['Jansen', 'JANSEN', ' jansen ', `Jan${point(0x200b)}sen`, `Jan${point(0xad)}sen`, `${point(0xfeff)}Jansen`],
  ['Müller', 'Muller', `Mu${point(0x308)}ller`, 'MÜLLER', 'Ｍüller'],
  ['Strauß', 'Strauss', 'STRAUSS', 'STRAUẞ'],
  ['Sørensen', 'Sorensen', 'SØRENSEN', `S${point(0xf8)}rensen`],
  ['Łukasz', 'Lukasz', 'łukasz'],
  ['Đorđević', 'Dordevic', 'ĐORĐEVIĆ'],
  ['Ægir', 'Aegir', 'ægir', 'Ǽgir'],
  ['Œuvrard', 'Oeuvrard', 'œuvrard'],
  ['Işık', 'Isik', 'IŞIK', 'işik', 'İŞİK'],
  ['Þórsson', 'Thorsson', 'þórsson'],
  ['Ĳsbrand', 'IJsbrand', 'ijsbrand', 'ĳsbrand'],
  ["O'Brien", 'O’Brien', 'O‘Brien', 'O´Brien', 'O`Brien', `O${point(0x2bc)}Brien`, 'O′Brien', 'O"Brien', 'Oʹbrien'],
  [
    'Smit-Bakker',
    'Smit–Bakker',
    'Smit—Bakker',
    'Smit‐Bakker',
    'Smit‑Bakker',
    'Smit − Bakker',
    'Smit - Bakker',
    'smit﹣bakker',
  ],
  ['van der Berg', 'van  der Berg', `van${point(0xa0)}der${point(0x2003)}Berg`, 'VAN DER BERG', 'van\tder\nBerg'],
  ['Àgnès', 'Agnes', `A${point(0x300)}gne${point(0x300)}s`, `A${point(0x34f)}gnes`],
  ['ﬁnn', 'Finn', 'FINN'],
  ['Σίσυφος', 'ΣΊΣΥΦΟΣ', 'σισυφοσ'],
  ['Gal·la', 'Galla'],
];

describe('the spelling of a name', () => {
  it.each(SPELLINGS)('%s is one name with all its spellings', (first, ...others) => {
    expect(new Set(others.map(foldSpelling))).toEqual(new Set([foldSpelling(first!)]));
  });

  it('keeps different names apart', () => {
    const folded = SPELLINGS.map(([first]) => foldSpelling(first!));
    expect(new Set(folded).size).toBe(SPELLINGS.length);
    for (const [one, another] of [
      ['Jansen', 'Janssen'],
      ['Jansen', 'Jan sen'],
      ['Smit-Bakker', 'Smit Bakker'],
      ["D'Hondt", 'Dhondt'],
    ] as const) {
      expect(foldSpelling(one)).not.toBe(foldSpelling(another));
    }
  });

  it('folded once is folded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldSpelling(foldSpelling(text))).toBe(foldSpelling(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not change by what is written around its letters', () => {
    const name = fc.constantFrom(...SPELLINGS.flat());
    const noise = fc.constantFrom(point(0x200d), point(0x202e), point(0xad), point(0xfe0f), point(0x301), point(0x7));
    fc.assert(
      fc.property(name, noise, fc.nat(20), (text, sign, place) => {
        const where = Math.min(place, text.length);
        // A mark stands on what is before it: at the beginning it would be a sign of its own, and goes as well.
        const noisy = `${text.slice(0, where)}${sign}${text.slice(where)}`;
        fc.pre(noisy.isWellFormed());
        expect(foldSpelling(noisy)).toBe(foldSpelling(text));
        expect(foldSpelling(text.normalize('NFD'))).toBe(foldSpelling(text.normalize('NFC')));
      }),
      { numRuns: 1_000 },
    );
  });

  it('has a table of letters whose signs Unicode takes apart no further, each to letters that stay', () => {
    for (const [letter, written] of Object.entries(LETTERS)) {
      expect([letter.normalize('NFKD'), foldSpelling(letter)]).toEqual([letter, written]);
      expect(foldSpelling(letter.toUpperCase())).toBe(written);
      expect(foldSpelling(written)).toBe(written);
    }
  });
});

describe('the number of a document', () => {
  it.each(['NX1234567', 'nx1234567', 'NX 1234567', 'NX-123-4567', ' nx 12 34 567 ', 'NX–1234567', 'ＮＸ1234567'])(
    '%s is one number',
    (number) => expect(foldNumber(number)).toBe('NX1234567'),
  );
});
