const ALPHABET = /^[A-Za-z0-9._:/-]{1,64}$/;

/**
 * Whether a text is a reference (interfaces.md §6): 1 to 64 of the alphabet, at least one digit (a name has none), and no
 * nine digits that could be somebody's citizen service number, whatever stands around them.
 */
export const isReference = (text: string): boolean =>
  ALPHABET.test(text) && /[0-9]/.test(text) && !text.split(/[^0-9]+/).some(passesElevenTest);

/** The test that a citizen service number passes: nine digits, weighted 9 down to 2 and −1, make a multiple of eleven. */
function passesElevenTest(digits: string): boolean {
  if (digits.length !== 9) return false;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index === 8 ? -1 : 9 - index), 0);
  return sum % 11 === 0;
}
