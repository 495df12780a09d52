/**
 * Whether a number of a JSON text is what comes out when it is read as a double and written again: `0.10`, `1e2`, `-0` and
 * 2^53 are, `2.9999999999999999` (taken for 3), 2^53 + 1, `1e400` and `1e-400` are not. What is recorded is then what was
 * sent.
 */
export function isKeptExactly(token: string): boolean {
  const value = Number(token);
  if (!Number.isFinite(value)) return false;
  // A double keeps any fifteen digits.
  if (token.length <= 15 && !/[eE]/.test(token)) return true;
  const sent = decimalOf(token);
  const kept = decimalOf(String(value));
  return sent.digits === kept.digits && sent.exponent === kept.exponent;
}

interface Decimal {
  /** Without zeros in front or behind; empty for zero. */
  readonly digits: string;
  /** Power of ten that the digits, read as a whole number, are multiplied with; 0 for zero. */
  readonly exponent: number;
}

/** The value of a decimal, whatever its spelling; its sign aside, which is never lost. */
function decimalOf(token: string): Decimal {
  const [mantissa = '', power = '0'] = token.replace(/^-/, '').split(/[eE]/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  // Not by an expression: `0+$` looks at a long row of zeros once for each of them.
  let begin = 0;
  while (all[begin] === '0') begin++;
  if (begin === all.length) return { digits: '', exponent: 0 };
  let end = all.length;
  while (all[end - 1] === '0') end--;
  return { digits: all.slice(begin, end), exponent: Number(power) - fraction.length + (all.length - end) };
}
