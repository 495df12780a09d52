import { describe, expect, it } from '@jest/globals';
import {
  AppendOutcomeUnknown,
  AppendRefused,
  EventIdTaken,
  FeedBroken,
  KeyDestroyed,
  RevisionConflict,
  StoreUnavailable,
} from '#libs/eventing';
import type { RejectionDeclaration } from '#libs/kernel';
import { preferredLanguage, problemCatalogue } from './catalogue.js';
import { PLATFORM_MESSAGES } from './messages.js';
import { invalidRequest, ProblemException } from './problem.exception.js';
import { problemOfRejections } from './rejections.js';
import { foreseen, problemBody } from './to-problem.js';

const declaration = (en: string): RejectionDeclaration => ({
  kind: 'refused',
  title: { en: 'E', nl: 'N' },
  meaning: { en, nl: en },
});

describe('the catalogue', () => {
  it('has a title in both languages and a meaning for every code', () => {
    for (const [code, { en, nl, meaning }] of Object.entries(PLATFORM_MESSAGES)) {
      expect([code, en !== '' && nl !== '' && meaning.en.length > 20 && meaning.nl.length > 20]).toEqual([code, true]);
    }
  });

  it('has words for a code that nobody declared as well', () => {
    for (const language of ['en', 'nl'] as const) {
      expect(problemCatalogue().title('not-in-any-list', language)).toBe('Not in any list');
    }
  });

  it('refuses one code with two meanings', () => {
    const catalogue = problemCatalogue({ 'level-too-low': declaration('one') });
    catalogue.declare({ 'level-too-low': declaration('one') });
    expect(() => catalogue.declare({ 'level-too-low': declaration('two') })).toThrow('level-too-low');
  });

  it.each([
    [undefined, 'en'],
    ['nl', 'nl'],
    ['nl-BE', 'nl'],
    ['en, nl', 'en'],
    ['en;q=0.5, nl;q=0.8', 'nl'],
    ['de, fr', 'en'],
    ['nl;q=0', 'en'],
  ])('Accept-Language %s gives %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

describe('rejections', () => {
  it('of the rules become 409 with the first code and all of them', () => {
    const problem = problemOfRejections([
      { code: 'a', kind: 'refused' },
      { code: 'b', kind: 'refused', facts: { aspect: 'IV' } },
    ]);
    expect([problem.status, problem.code, problem.errors.map(({ code }) => code)]).toEqual([409, 'a', ['a', 'b']]);
  });

  it.each([
    ['not-found', 404],
    ['conflict', 409],
    ['invalid', 400],
  ] as const)('of kind %s become %i', (kind, status) => {
    expect(problemOfRejections([{ code: 'x', kind }])).toMatchObject({ status, code: 'x' });
  });

  it('name their place in the request', () => {
    const problem = problemOfRejections([{ code: 'unknown-check', kind: 'invalid', pointer: '/checks/0' }]);
    expect(problem.errors).toEqual([{ code: 'unknown-check', pointer: '/checks/0' }]);
  });
});

describe('errors', () => {
  it.each([
    [new StoreUnavailable('x', 3), 503, 'unavailable', '3'],
    [new AppendOutcomeUnknown('x'), 503, 'outcome-unknown', '1'],
    [new FeedBroken('position 1 is missing'), 503, 'unavailable', '5'],
    [new RevisionConflict('means-1' as never, 1, 2), 409, 'conflict', undefined],
    [new EventIdTaken('event-1'), 409, 'conflict', undefined],
    [new AppendRefused('x'), 413, 'body-too-large', undefined],
    [new KeyDestroyed('x'), 410, 'erased', undefined],
  ])('of the ports have a status: %s', (error, status, code, retryAfter) => {
    const problem = foreseen(error)!;
    expect([problem.status, problem.code, problem.headers['Retry-After']]).toEqual([status, code, retryAfter]);
  });

  it.each<[number, number, string]>([
    [400, 400, 'bad-request'],
    [401, 401, 'unauthenticated'],
    [403, 403, 'missing-scope'],
    [404, 404, 'not-found'],
    [405, 405, 'method-not-allowed'],
    [409, 409, 'conflict'],
    [412, 412, 'precondition-failed'],
    [413, 413, 'body-too-large'],
    [414, 414, 'address-too-long'],
    [415, 415, 'unsupported-media-type'],
    [418, 400, 'bad-request'],
    [503, 503, 'unavailable'],
  ])('of the framework with status %i are %i %s', (said, status, code) => {
    const ofFastify = Object.assign(new Error('its own words'), { statusCode: said });
    const ofNest = Object.assign(new Error('its own words'), { getStatus: () => said });
    for (const error of [ofFastify, ofNest]) {
      const problem = foreseen(error)!;
      expect([problem.status, problem.code, problem.detail]).toEqual([status, code, undefined]);
      expect(problem.headers['Retry-After']).toBe(said === 503 ? '1' : undefined);
    }
  });

  it.each([200, 399, 500, 502, 504, '400', NaN])('of a status %p are none of the framework’s', (statusCode) => {
    expect(foreseen(Object.assign(new Error('x'), { statusCode }))).toBeUndefined();
  });

  it('that nobody foresaw stay so', () => {
    expect(foreseen(new TypeError('x'))).toBeUndefined();
    expect(foreseen('text')).toBeUndefined();
    expect(foreseen(Object.assign(new Error('x'), { statusCode: 500 }))).toBeUndefined();
  });
});

describe('a problem', () => {
  const context = {
    catalogue: problemCatalogue(),
    publicBaseUrl: 'https://r.example',
    language: 'en',
    traceId: 'ab',
  } as const;

  it('has the code of its faults when they agree, else a general one', () => {
    const fault = (code: string) => ({ pointer: '/a', code });
    expect(invalidRequest([fault('foreign-position')]).code).toBe('foreign-position');
    expect(invalidRequest([fault('required'), fault('wrong-type')]).code).toBe('invalid-request');
  });

  it('never lets a parameter take the place of a member', () => {
    const body = problemBody(
      invalidRequest([{ pointer: '/a', code: 'required', facts: { code: 'other', more: 1 } }]),
      context,
    );
    expect(body.errors).toEqual([{ pointer: '/a', code: 'required', detail: PLATFORM_MESSAGES.required.en, more: 1 }]);
    expect(body).toMatchObject({ type: 'https://r.example/problems/required', instance: 'urn:trace:ab' });
  });

  const faults = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, index) => ({ pointer: `/m${index}`, code: 'required', ...more }));
  const codesOf = (body: object): string[] =>
    (body as { errors: readonly { code: string }[] }).errors.map(({ code }) => code);

  it('tells a hundred faults and then that there are more', () => {
    expect(codesOf(problemBody(invalidRequest(faults(100)), context))).toEqual(Array(100).fill('required'));
    expect(codesOf(problemBody(invalidRequest(faults(101)), context))).toEqual([
      ...Array<string>(100).fill('required'),
      'more-faults',
    ]);
  });

  it.each([0, 20_000, 60_000])('is no longer than 16 KiB or its request of %i bytes', (requestBytes) => {
    const most = Math.max(16 * 1024, requestBytes);
    const long = faults(100, { detail: { en: 'é'.repeat(400), nl: '' } });
    for (const problem of [
      invalidRequest(long),
      invalidRequest(faults(90, { pointer: `/${'x'.repeat(1_000)}` })),
      new ProblemException(409, 'conflict', { errors: long, members: { aspects: 'x'.repeat(9_000) } }),
      new ProblemException(409, 'conflict', { errors: faults(1), members: { aspects: 'x'.repeat(70_000) } }),
      problemOfRejections([{ code: 'a', kind: 'refused', facts: { missing: 'x'.repeat(70_000) } }]),
    ]) {
      const body = problemBody(problem, context, requestBytes);
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(most);
      expect(codesOf(body)[0]).toBe(problem.errors[0]!.code);
      if (codesOf(body).length < problem.errors.length) expect(codesOf(body).at(-1)).toBe('more-faults');
    }
    // As many as fit.
    const text = JSON.stringify(problemBody(invalidRequest(long), context, requestBytes));
    expect(Buffer.byteLength(text)).toBeGreaterThan(most - 1_500);
  });
});

describe('a problem as an error', () => {
  it('is told by its name, status and code wherever it is logged', () => {
    const cause = new Error('why');
    const problem = new ProblemException(409, 'conflict', { cause });
    expect(String(problem)).toBe('ProblemException: 409 conflict');
    expect(problem.cause).toBe(cause);
    expect(new ProblemException(409, 'conflict')).not.toHaveProperty('cause');
  });
});
