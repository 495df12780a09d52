import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProblemException } from '../problems/problem.exception.js';
import { parseJsonBody } from './json-body.js';
import { knownRoutes } from './known-routes.js';
import { startTrace } from './trace.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));
const faultsOf = (text: string | Uint8Array): string[] => {
  try {
    parseJsonBody(typeof text === 'string' ? Buffer.from(text) : text);
  } catch (error) {
    if (error instanceof ProblemException) return error.errors.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
};

describe('a JSON body', () => {
  it('reads whatever JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('\\u0000') && !text.includes('__proto__') && !/\\ud[89a-f]/i.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('finds a member that occurs twice, also when it is spelled differently, with the place of each', () => {
    expect(faultsOf('{"a":{"b":1,"\\u0062":2},"list":[{},{"c":1,"c":2}],"a":3}')).toEqual([
      '/a/b duplicate-member',
      '/list/1/c duplicate-member',
      '/a duplicate-member',
    ]);
  });

  it('takes the same name in different objects', () => {
    expect(faultsOf('{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"c":"a","d":["a","a"]}')).toEqual([]);
  });

  it('is not misled by braces, quotes and backslashes in strings', () => {
    expect(parse('{"a":"{\\"a\\":1,","b":"\\\\","c":[",","}"]}')).toEqual({ a: '{"a":1,', b: '\\', c: [',', '}'] });
  });

  it('refuses what can not be kept exactly', () => {
    expect(faultsOf('{"a":"x\\u0000"}')).toEqual(['/a malformed-json']);
    expect(faultsOf('{"a":["\\udc00"]}')).toEqual(['/a/0 malformed-json']);
    expect(faultsOf('{"a":-1e400}')).toEqual(['/a malformed-json']);
    expect(faultsOf(Uint8Array.from([0x22, 0xff, 0x22]))).toEqual([' malformed-json']);
  });

  it('reads a mebibyte of one string', () => {
    expect(parse(JSON.stringify({ a: 'x'.repeat(1_000_000) }))).toBeDefined();
  });

  it('takes twenty thousand values, whatever their kind and spacing, and not one more', () => {
    const bodies: readonly ((count: number) => string)[] = [
      (count) => JSON.stringify(Array.from({ length: count - 1 }, (_, index) => index)),
      (count) => JSON.stringify(Array.from({ length: count - 1 }, () => ({}))),
      (count) => `[ ${Array.from({ length: count - 1 }, () => '[\n]').join(' , ')} ]`,
      (count) => JSON.stringify(Object.fromEntries(Array.from({ length: count - 1 }, (_, at) => [`m${at}`, true]))),
      // One for each list, and one for the word, number or text in it.
      (count) => JSON.stringify(Array.from({ length: (count - 2) / 2 }, () => [null]).concat([[] as never])),
      (count) => JSON.stringify(Array.from({ length: (count - 2) / 2 }, () => [-1.5]).concat([[] as never])),
      (count) => JSON.stringify(Array.from({ length: (count - 2) / 2 }, () => ['[{,"\\']).concat([[] as never])),
    ];
    for (const body of bodies) {
      expect(parse(body(20_000))).toBeDefined();
      expect(faultsOf(body(20_002))).toEqual([' too-many-values']);
    }
    expect(faultsOf(bodies[0]!(20_001))).toEqual([' too-many-values']);
    expect(faultsOf(`[${'{},'.repeat(300_000)}{}]`)).toEqual([' too-many-values']);
    expect(() => parse(bodies[0]!(20_001))).toThrow(expect.objectContaining({ status: 400, code: 'too-many-values' }));
    expect(() => parse('{')).toThrow(expect.objectContaining({ status: 400, code: 'malformed-json' }));
  });

  it('takes a list as long as the longest of the contract', () => {
    expect(parse(JSON.stringify({ list: Array.from({ length: 10_000 }, (_, index) => `e${index}`) }))).toBeDefined();
  });

  it.each([
    ['2.9999999999999999', false],
    ['1.00000000000000001', false],
    ['0.1000000000000000000001', false],
    ['12345678.123456789012', false],
    ['9007199254740993', false],
    ['-9007199254740993', false],
    ['123456789012345678', false],
    ['1e400', false],
    ['-1E+400', false],
    ['1e-400', false],
    ['0.0000000000000003000000000000000001', false],
    [`${'9'.repeat(400)}`, false],
    [`1${'0'.repeat(200)}1e-200`, false],
    ['3', true],
    ['-0', true],
    ['0.0e-99999', true],
    ['0.1', true],
    ['0.10', true],
    ['1e2', true],
    ['1.50E+1', true],
    ['9007199254740991', true],
    ['9007199254740992', true],
    ['0.30000000000000004', true],
    ['1e300', true],
    ['5e-324', true],
    [`1.${'0'.repeat(300_000)}`, true],
    [`1${'0'.repeat(200)}e-200`, true],
  ])('keeps or refuses the number %.30s', (number, kept) => {
    expect(faultsOf(`{"a":[1,${number}]}`)).toEqual(kept ? [] : ['/a/1 malformed-json']);
  });

  it('keeps every number that it takes', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 24 });
    const number = fc
      .tuple(fc.constantFrom('', '-'), digits, fc.option(digits), fc.option(fc.integer({ min: -330, max: 320 })))
      .map(
        ([sign, whole, fraction, power]) =>
          `${sign}${whole.replace(/^0+(?=.)/, '')}${fraction === null ? '' : `.${fraction}`}${power === null ? '' : `e${power}`}`,
      );
    const exactly = (text: string): string => {
      const [mantissa = '', power = '0'] = text.replace(/^-/, '').split(/e/i);
      const [whole = '', fraction = ''] = mantissa.split('.');
      // As a whole number of 10^-800, which is finer than any of these.
      return String(BigInt(whole + fraction) * 10n ** BigInt(800 + Number(power) - fraction.length));
    };
    fc.assert(
      fc.property(number, (text) => {
        const value = Number(text);
        const kept = Number.isFinite(value) && exactly(String(value)) === exactly(text);
        expect(faultsOf(`[${text}]`)).toEqual(kept ? [] : ['/0 malformed-json']);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends looking for faults when there are more than are told, and cuts no pointer in the middle of a name', () => {
    const twice = `{${Array.from({ length: 9_000 }, () => '"a":1').join(',')}}`;
    expect(faultsOf(twice)).toHaveLength(101);
    const long = 'x'.repeat(10_000);
    expect(faultsOf(`{"a":{"${long}":{"b":{"__proto__":1}},"${long}":1}}`)).toEqual([
      '/a unknown-member',
      '/a duplicate-member',
    ]);
  });

  it('reads a mebibyte of escapes', () => {
    expect(parse(`{"a":"${'\\n'.repeat(500_000)}"}`)).toBeDefined();
    expect(faultsOf(`{"a":"${'\\u0000'.repeat(170_000)}"}`)).toEqual(['/a malformed-json']);
  });

  it('judges text that needs the full pass like text that does not', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
    const texts = [
      ...[nested(63), nested(64), objects(63), objects(64), nested(100_000)],
      ...['{"a":1,"a":1}', '{"__proto__":1}', '{"a":{"__proto__":{}}}', '{"a":1e400}', '{"a":-0}', '{"2":1,"1":2}'],
      ...[`{"a":${'9'.repeat(400)}}`, '{ "a" : [ 1 , { "b" : 2 , "b" : 2 } ] }', '{"a:":":","b":"\":\""}'],
    ];
    // An escape is what the short way leaves to the full pass.
    const inFull = (text: string): string => `["\\u0061",${text}]`;
    for (const text of texts) {
      const faults = faultsOf(`["a",${text}]`);
      expect(faultsOf(inFull(text))).toEqual(faults);
      if (faults.length === 0) expect(parse(text)).toEqual((parse(inFull(text)) as unknown[])[1]);
    }
    expect(faultsOf(nested(64))).toEqual([]);
    expect(faultsOf(nested(65))).toHaveLength(1);
    expect(faultsOf('{"__proto__":1}')).toEqual(['/__proto__ unknown-member']);
    expect(faultsOf(`{"a":${'9'.repeat(400)}}`)).toEqual(['/a malformed-json']);
    expect(faultsOf('{"a":1,"a":1}')).toEqual(['/a duplicate-member']);
  });

  it('finds a member twice wherever it stands and however the text is laid out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', ':', ' d'), fc.constantFrom('1', '":"', '[{"a":1}]', '-1.5'))),
        fc.constantFrom('', ' ', '\n\t'),
        (members, space) => {
          const text = `{${members.map(([name, value]) => `${space}"${name}"${space}:${space}${value}`).join(',')}}`;
          const names = members.map(([name]) => name);
          const twice = names.filter((name, index) => names.indexOf(name) !== index);
          expect(faultsOf(text)).toEqual(twice.map((name) => `/${name} duplicate-member`));
        },
      ),
    );
  });

  it('gives undefined for no body', () => {
    expect(parse('')).toBeUndefined();
  });
});

describe('known routes', () => {
  const routes = knownRoutes();
  routes.add('/v1/means', 'POST');
  routes.add('/v1/means/:id', ['GET', 'HEAD']);
  routes.add('/v1/means/_search', 'POST');
  routes.add('*', 'OPTIONS');

  it.each([
    ['/v1/means', ['POST']],
    ['/v1/means/1', ['GET', 'HEAD']],
    ['/v1/means/_search', ['GET', 'HEAD', 'POST']],
    ['/v1/means/', []],
    ['/v1/means/1/2', []],
    ['/v1', []],
  ])('%s has %j', (path, methods) => {
    expect(routes.methodsOf(path)).toEqual(methods);
  });
});

describe('a trace', () => {
  const incoming = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

  it('continues the caller’s, with a span of its own', () => {
    const trace = startTrace(incoming, undefined);
    expect(trace).toMatchObject({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentSpanId: '00f067aa0ba902b7' });
    expect(trace.traceparent).toBe(`00-${trace.traceId}-${trace.spanId}-00`);
    expect(trace.spanId).not.toBe(trace.parentSpanId);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    incoming.toUpperCase(),
    incoming.replace(/4bf\w+/, '0'.repeat(32)),
    `ff${incoming.slice(2)}`,
  ])('begins anew at %s', (header) => {
    const trace = startTrace(header, undefined);
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.parentSpanId).toBeUndefined();
  });

  it('takes over a correlation id only when it is a UUID', () => {
    const id = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
    expect(startTrace(incoming, id).correlationId).toBe(id);
    expect(startTrace(incoming, 'J. Jansen').correlationId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });
});
