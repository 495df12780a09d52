import { describe, expect, it } from '@jest/globals';
import { IsForm, IsText, IsTextList, Optional } from './members.js';
import { validate } from './validate.js';
import { isReadable, isVisibleText } from './visible-text.js';

const point = (code: number): string => String.fromCodePoint(code);

/** Characters that a text may not hold, wherever they stand in it. */
const UNREADABLE: readonly (readonly [string, number])[] = [
  ['a NUL', 0x00],
  ['a line feed', 0x0a],
  ['a tab', 0x09],
  ['a delete', 0x7f],
  ['a control character of the second half', 0x85],
  ['a soft hyphen', 0xad],
  ['a combining grapheme joiner', 0x34f],
  ['an Arabic letter mark', 0x61c],
  ['a Hangul filler', 0x115f],
  ['a Mongolian vowel separator', 0x180e],
  ['a space of no width', 0x200b],
  ['a non-joiner', 0x200c],
  ['a joiner', 0x200d],
  ['a left-to-right mark', 0x200e],
  ['a line separator', 0x2028],
  ['a paragraph separator', 0x2029],
  ['an override of the direction', 0x202e],
  ['a word joiner', 0x2060],
  ['an isolate of the direction', 0x2066],
  ['another Hangul filler', 0x3164],
  ['a lone surrogate', 0xd800],
  ['private use', 0xe000],
  ['a variation selector', 0xfe0f],
  ['a byte order mark', 0xfeff],
  ['a filler of half width', 0xffa0],
  ['an interlinear annotation', 0xfff9],
  ['no character at all', 0xffff],
  ['what Unicode has not assigned', 0x0378],
  ['a tag', 0xe0041],
  ['a supplementary variation selector', 0xe0100],
  ['private use beyond the first plane', 0xf0000],
];

describe('text that a person wrote', () => {
  it.each(UNREADABLE)('is not readable with %s', (_name, code) => {
    for (const text of [point(code), `${point(code)}Jansen`, `Jan${point(code)}sen`, `Jansen${point(code)}`]) {
      expect([isReadable(text), isVisibleText(text, 200)]).toEqual([false, false]);
    }
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['blanks of other widths', point(0xa0) + point(0x2003) + point(0x3000)],
    ['marks without a letter', `${point(0x301)}${point(0x308)}`],
    ['a mark on a blank', ` ${point(0x301)}`],
    ['an empty Braille cell', point(0x2800)],
  ])('shows nothing with %s', (_name, text) => {
    expect(isVisibleText(text, 200)).toBe(false);
  });

  it.each([
    'Jansen',
    "'s-Gravenhage",
    'Ĳsbrand ten Boȩ̈r',
    `Mu${point(0x308)}ller`,
    'Đặng Thị Ánh',
    'Αλεξάνδρα',
    'محمد',
    'नेहा',
    'O’Brien – de Vries',
    '.',
    '张伟',
    'Ægir Þórsson',
  ])('may be %s', (text) => {
    expect(isVisibleText(text, 200)).toBe(true);
  });

  it('is measured in characters, not in code units', () => {
    expect(isVisibleText('𝒜𝒜𝒜', 3)).toBe(true);
    expect(isVisibleText('𝒜𝒜𝒜𝒜', 3)).toBe(false);
  });
});

class Sample {
  @IsText(20) @Optional() name?: string;
  @IsTextList(20) @Optional() names?: string[];
  @IsForm(/^[^\s@]{1,64}@[^\s@]{1,190}$/, { en: 'an e-mail address', nl: 'een e-mailadres' })
  @Optional()
  email?: string;
}

describe('members of a request', () => {
  it.each(UNREADABLE.filter(([, code]) => code !== 0xd800))(
    'refuse %s in a name, in a list and in a form, each with its pointer',
    (_name, code) => {
      const body = {
        name: `Jan${point(code)}`,
        names: [`Jan${point(code)}`],
        email: `a${point(code)}b@example.org`,
      };
      expect(validate(Sample, body).faults.map(({ pointer, code: fault }) => `${pointer} ${fault}`)).toEqual([
        '/name invalid-value',
        '/names invalid-value',
        '/email invalid-value',
      ]);
    },
  );
});
