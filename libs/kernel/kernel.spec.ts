import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalJson,
  categoryOf,
  clear,
  epochOf,
  INSTALLATION_STREAM,
  instantFromEpoch,
  isSealed,
  isUuid,
  later,
  objectIdOf,
  parseDate,
  parseInstant,
  streamId,
} from './index.js';

describe('canonical JSON', () => {
  it('writes the example of RFC 8785 §3.2.4 byte for byte', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('orders members by UTF-16 code units, as the example of RFC 8785 §3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(
      [...canonicalJson(value).matchAll(/"([^"]+)":"/g)].map(([, name]) => JSON.parse(`"${name}"`) as string),
    ).toStrictEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number of bits %s as %s (RFC 8785 appendix B)', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('escapes no more than RFC 8785 §3.2.2.2 asks', () => {
    expect(canonicalJson('\b\t\n\f\r\u0000\u001f\u007f\u2028é😀/')).toBe(
      '"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028é😀/"',
    );
  });

  it('leaves out members that are undefined, and refuses it everywhere else', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });

  it.each([
    ['not a number', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['undefined in a list', [1, undefined]],
    ['a hole in a list', Array(2)],
    ['a map, which would be written as nothing', new Map([['a', 1]])],
    ['a set', new Set([1])],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(2)],
  ])('refuses %s, however deep', (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson({ member: [{ deep: value }] })).toThrow(TypeError);
  });

  it('orders members also where objects have an order of their own, and below', () => {
    expect(canonicalJson({ '10': 1, '9': 2, a: { '2': 1, '!': 2, '11': 3 }, '!': 0 })).toBe(
      '{"!":0,"10":1,"9":2,"a":{"!":2,"11":3,"2":1}}',
    );
    expect(canonicalJson({ b: JSON.parse('{"a":1,"__proto__":{"x":[]},"B":2}') as object, a: [{ d: 1, c: 2 }] })).toBe(
      '{"a":[{"c":2,"d":1}],"b":{"B":2,"__proto__":{"x":[]},"a":1}}',
    );
  });

  it('writes the members of an object, whatever that says of itself', () => {
    class Spoken {
      readonly a = 1;
      toJSON(): string {
        return 'something else';
      }
    }
    expect(canonicalJson({ z: 0, spoken: new Spoken(), list: [1, { y: 1, x: undefined }] })).toBe(
      '{"list":[1,{"y":1}],"spoken":{"a":1},"z":0}',
    );
    expect(canonicalJson({ list: Object.assign([1, 2], { toJSON: () => 'something else' }) })).toBe('{"list":[1,2]}');
    expect(canonicalJson({ '\ud800': undefined, a: 1 })).toBe('{"a":1}');
  });

  it('leaves what it is given as it was', () => {
    const value = Object.freeze({
      b: Object.freeze([Object.freeze({ d: 1, c: 2 })]),
      a: Object.freeze({ y: 1, x: 2 }),
    });
    expect(canonicalJson(value)).toBe('{"a":{"x":2,"y":1},"b":[{"c":2,"d":1}]}');
    expect(JSON.stringify(value)).toBe('{"b":[{"d":1,"c":2}],"a":{"y":1,"x":2}}');
  });

  it('is JSON of the same value, the same for every order of members, and stable', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        // -0 is written as 0; everything else comes back as it was.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(backwards(value))).toBe(text);
      }),
    );
  });
});

/** The same value with the members of every object in another order. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, backwards(member)]),
  );
}

describe('an instant', () => {
  it.each([
    ['2026-03-02T09:00:00+01:00', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T08:00:00Z', '2026-03-02T08:00:00.000Z'],
    ['2026-03-02T08:00:00.1Z', '2026-03-02T08:00:00.100Z'],
    ['2026-03-02T08:00:00.123999999Z', '2026-03-02T08:00:00.123Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-03-02T24:00:00Z',
    '2026-03-02T08:60:00Z',
    '2026-03-02T08:00:60Z',
    '2026-03-02T08:00:00',
    '2026-03-02T08:00:00-00:00',
    '2026-03-02T08:00:00+24:00',
    '2026-03-02T08:00:00+01:60',
    '2026-03-02 08:00:00Z',
    '2026-03-02',
    '2026-13-02T08:00:00Z',
    '2026-3-2T08:00:00Z',
    ' 2026-03-02T08:00:00Z',
    '2026-03-02T08:00:00Z\n',
    '',
  ])('does not read %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('does not read a moment that leaves the years an instant can write', () => {
    expect(parseInstant('9999-12-31T23:59:59-01:00')).toBeUndefined();
    expect(parseInstant('0001-01-01T00:00:00+01:00')).toBeUndefined();
    expect(parseInstant('0001-01-01T00:00:00+00:00')).toBe('0001-01-01T00:00:00.000Z');
    expect(parseInstant('0099-12-31T23:59:59.999Z')).toBe('0099-12-31T23:59:59.999Z');
  });

  it('compares as text the way the moments compare', () => {
    const moment = fc.integer({ min: 0, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        expect(instantFromEpoch(a) < instantFromEpoch(b)).toBe(a < b);
        expect(epochOf(instantFromEpoch(a))).toBe(a);
        expect(parseInstant(instantFromEpoch(a))).toBe(instantFromEpoch(a));
      }),
    );
  });

  it('moves by milliseconds, also back', () => {
    const midnight = parseInstant('2026-03-29T00:00:00Z')!;
    expect(later(midnight, 1)).toBe('2026-03-29T00:00:00.001Z');
    expect(later(midnight, -1)).toBe('2026-03-28T23:59:59.999Z');
    expect(() => instantFromEpoch(Number.NaN)).toThrow(RangeError);
    expect(() => instantFromEpoch(1e15)).toThrow(RangeError);
  });
});

describe('a calendar date', () => {
  it.each(['2026-01-31', '2024-02-29', '2000-02-29', '0001-01-01'])('reads %s', (text) => {
    expect(parseDate(text)).toBe(text);
  });
  it.each(['2026-02-29', '1900-02-29', '2026-04-31', '2026-00-10', '2026-10-00', '0000-01-01', '2026-1-1', ''])(
    'does not read %j',
    (text) => {
      expect(parseDate(text)).toBeUndefined();
    },
  );
});

describe('names', () => {
  it('builds a stream from category and id, and takes it apart again', () => {
    const id = '0f9d2c1e-0000-4000-8000-000000000001';
    const stream = streamId('revocationRequest', id);
    expect(stream).toBe(`revocationRequest-${id}`);
    expect(categoryOf(stream)).toBe('revocationRequest');
    expect(objectIdOf(stream)).toBe(id);
    expect([categoryOf(INSTALLATION_STREAM), objectIdOf(INSTALLATION_STREAM)]).toStrictEqual(['installation', '']);
  });

  it('takes a UUID in lower case only', () => {
    expect(isUuid('0f9d2c1e-0000-4000-8000-00000000000a')).toBe(true);
    expect(isUuid('0F9D2C1E-0000-4000-8000-00000000000A')).toBe(false);
    expect(isUuid('0f9d2c1e-0000-4000-8000-00000000000a\n')).toBe(false);
  });

  it('tells a sealed value from a clear one', () => {
    expect(isSealed(clear('Jansen'))).toBe(false);
    expect(isSealed({ sealed: 'k1.abc' })).toBe(true);
  });
});
