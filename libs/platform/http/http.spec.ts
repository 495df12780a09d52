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

  it('refuses lists and objects of more than a thousand items', () => {
    const list = (length: number): number[] => Array.from({ length }, (_, index) => index);
    expect(parse(JSON.stringify({ a: list(1_000) }))).toBeDefined();
    expect(faultsOf(JSON.stringify({ a: list(1_001) }))).toEqual(['/a malformed-json']);
    expect(faultsOf(JSON.stringify(Object.fromEntries(list(1_001).map((at) => [`m${at}`, 1]))))).toEqual([
      ' malformed-json',
    ]);
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
