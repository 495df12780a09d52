/**
 * One form of a name for all its spellings, so that the same human is asked about under another one (MEANS-ID2-ii.b).
 * Only ever compared and hashed; the name itself stays as it was sent.
 */

/**
 * Letters that Unicode does not take apart into a letter and a mark, and what is written where they can't be. Published
 * in docs/persons.md; a change makes every hash on record a thing of the past, so it needs a new name of the process that
 * makes them.
 */
export const LETTERS: { readonly [letter: string]: string } = {
  æ: 'ae',
  ð: 'd',
  ø: 'o',
  þ: 'th',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ȷ: 'j',
  ĸ: 'k',
  ł: 'l',
  ŋ: 'n',
  œ: 'oe',
  ŧ: 't',
  ƀ: 'b',
  ƃ: 'b',
  ɓ: 'b',
  ƈ: 'c',
  ȼ: 'c',
  ƌ: 'd',
  ɖ: 'd',
  ɗ: 'd',
  ǝ: 'e',
  ə: 'e',
  ɛ: 'e',
  ɇ: 'e',
  ƒ: 'f',
  ɠ: 'g',
  ǥ: 'g',
  ɣ: 'g',
  ɨ: 'i',
  ɩ: 'i',
  ɉ: 'j',
  ƙ: 'k',
  ƚ: 'l',
  ɫ: 'l',
  ɲ: 'n',
  ƞ: 'n',
  ɔ: 'o',
  ɵ: 'o',
  ȣ: 'ou',
  ƥ: 'p',
  ɋ: 'q',
  ɍ: 'r',
  ȿ: 's',
  ƭ: 't',
  ʈ: 't',
  ⱦ: 't',
  ʉ: 'u',
  ʊ: 'u',
  ʋ: 'v',
  ⱳ: 'w',
  ƴ: 'y',
  ɏ: 'y',
  ƶ: 'z',
  ȥ: 'z',
  ʒ: 'z',
  ⱥ: 'a',
  ς: 'σ',
};

/** Every dash that is not of Unicode's class of them. */
const DASH = /[\p{Pd}\u02d7\u2043\u207b\u208b\u2212]/gu;
/** Apostrophes, quotation marks, primes, and accents that stand alone for one of them. */
const APOSTROPHE =
  /["'`\u00b4\u00ab\u00bb\u02b9-\u02bf\u02c8\u02ca\u02cb\u02ee\u055a\u05f3\u05f4\u2018-\u201f\u2032-\u2037\u2039\u203a\u275b-\u275e\u2e42\u301d-\u301f\ua78b\ua78c\uff02\uff07\uff40]/gu;
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** The dot in a Catalan l·l, and what Unicode makes of the letter ŀ. */
const MIDDLE_DOT = /\u00b7/gu;

export function foldSpelling(text: string): string {
  const plain = (one: string): string => one.normalize('NFKD').replace(/\p{M}/gu, '');
  const marked = text
    .replace(/\p{White_Space}+/gu, ' ')
    // Before they are taken apart: an accent that stands alone would become a blank.
    .replace(APOSTROPHE, "'")
    .replace(DASH, '-')
    .replace(NOT_SHOWN, '');
  return [...caseless(plain(marked))]
    .map((letter) => LETTERS[letter] ?? letter)
    .join('')
    .replace(MIDDLE_DOT, '')
    .replace(APOSTROPHE, "'")
    .replace(DASH, '-')
    .replace(/\p{White_Space}*-\p{White_Space}*/gu, '-')
    .replace(/\p{White_Space}+/gu, ' ')
    .trim();
}

/** Full case folding: ß, ẞ and ss are one, and so are İ and i. */
const caseless = (text: string): string =>
  text.toLowerCase().toUpperCase().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

/** A document's number in one form: capitals and digits, no blanks, dashes, dots or slashes. */
export const foldNumber = (number: string): string =>
  foldSpelling(number)
    .replace(/[\s\-./']/g, '')
    .toUpperCase();
