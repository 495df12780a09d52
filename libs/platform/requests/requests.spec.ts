import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import type { Fault } from '../problems/problem.exception.js';
import { readAfter } from './command-request.js';
import { decodePosition, encodePosition } from './position-codec.js';
import { decodeCursor, encodeCursor, pageOf, readPage } from './paging.js';
import { readIdempotencyKey, readIfMatch } from './request-headers.js';

const here = { store: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44', epoch: 1 };

describe('a position', () => {
  const position = encodePosition({ ...here, place: 9_007_199_254_740_993n });

  it('comes back as it was given', () => {
    expect(decodePosition(position, here)).toBe(9_007_199_254_740_993n);
  });

  it.each([
    ['another store', { ...here, store: here.store.replace('9', '8') }],
    ['another epoch', { ...here, epoch: 2 }],
  ])('of %s is refused as foreign', (_name, other) => {
    expect(() => decodePosition(position, other)).toThrow(
      expect.objectContaining({ status: 400, code: 'foreign-position' }),
    );
  });

  it.each(['', 'x', `${position}=`, `${position}A`, position.slice(1)])('%s is refused as malformed', (text) => {
    expect(() => decodePosition(text, here)).toThrow(expect.objectContaining({ status: 400, code: 'invalid-value' }));
  });

  it('is the only parameter of a read', () => {
    expect(readAfter({})).toBeUndefined();
    expect(readAfter({ after: 'x' })).toBe('x');
    expect(() => readAfter({ after: ['x', 'y'], name: 'z' })).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ pointer: '/name' }), expect.objectContaining({ pointer: '/after' })],
      }),
    );
  });
});

describe('paging', () => {
  const list = { name: 'means', filter: { holder: 'x', status: undefined } };
  const keyOf = (order: number): string => `0000000${order}-0000-4000-8000-000000000000`;
  const rows = [5, 4, 3].map((order) => ({ order: BigInt(order), key: keyOf(order) }));

  it('gives a cursor while there is more, and goes on where the page ended', () => {
    const page = pageOf(
      list,
      rows,
      2,
      (row) => row,
      (row) => row.key,
    );
    expect(page.items).toEqual([keyOf(5), keyOf(4)]);
    expect(readPage(list, 2, page.next)).toEqual({ limit: 2, after: { order: 4n, key: keyOf(4) } });
    expect(
      pageOf(
        list,
        rows,
        3,
        (row) => row,
        (row) => row.key,
      ).next,
    ).toBeNull();
  });

  it('has 25 items unless asked otherwise', () => {
    expect(readPage(list, undefined, undefined)).toEqual({ limit: 25 });
  });

  it.each([0, 101, 1.5, '10', null])('refuses %p items', (limit) => {
    expect(() => readPage(list, limit, undefined)).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('refuses a cursor that was changed, or of another list or filter, together with other faults', () => {
    const cursor = encodeCursor(list, { order: 4n, key: keyOf(4) });
    const changed = Buffer.from(Buffer.from(cursor, 'base64url').toString().replace(keyOf(4), keyOf(5))).toString(
      'base64url',
    );
    for (const bad of [changed, 'x', '', 'x'.repeat(5_000)]) expect(decodeCursor(list, bad)).toBeUndefined();
    expect(decodeCursor({ ...list, name: 'persons' }, cursor)).toBeUndefined();
    expect(decodeCursor({ ...list, filter: { holder: 'y' } }, cursor)).toBeUndefined();
    expect(() => readPage(list, 0, changed)).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ pointer: '/limit' }), expect.objectContaining({ code: 'invalid-cursor' })],
      }),
    );
  });
});

describe('a cursor', () => {
  const list = { name: 'means', filter: {} };
  const key = '00000004-0000-4000-8000-000000000000';

  it('keeps the moment of the first page', () => {
    const place = { order: 4n, key, at: '2026-03-02T09:00:00.000Z' as Instant };
    expect(decodeCursor(list, encodeCursor(list, place))).toEqual(place);
  });

  it.each([
    { order: 4n, key: 'k4' },
    { order: 4n, key: '\u0000' },
    { order: 4n, key: `${key}\n` },
    { order: -1n, key },
    { order: 10n ** 18n, key },
    { order: 4n, key, at: '2026-02-30T09:00:00.000Z' as Instant },
    { order: 4n, key, at: '2026-03-02T09:00:00Z' as Instant },
    { order: 4n, key, at: '' as Instant },
  ])('that holds what no list gives out is none, whoever made it: %p', (place) => {
    expect(decodeCursor(list, encodeCursor(list, place))).toBeUndefined();
  });
});

describe('request headers', () => {
  const codes = (read: (faults: Fault[]) => unknown): [unknown, string[]] => {
    const faults: Fault[] = [];
    const value = read(faults);
    return [value, faults.map(({ code }) => code)];
  };

  it.each([
    [undefined, ['required']],
    ['1234567', ['invalid-value']],
    ['12345678', []],
    ['x'.repeat(64), []],
    ['x'.repeat(65), ['invalid-value']],
    ['with blank', ['invalid-value']],
    ['ümlaut-key', ['invalid-value']],
  ])('Idempotency-Key %s gives %j', (key, faults) => {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    expect(codes((found) => readIdempotencyKey(headers, found))[1]).toEqual(faults);
  });

  it.each([
    [undefined, undefined, []],
    ['*', undefined, []],
    ['"12"', 12, []],
    ['"abc"', -1, []],
    ['"012"', -1, []],
    ['W/"12"', undefined, ['invalid-value']],
    ['12', undefined, ['invalid-value']],
    ['"1", "2"', undefined, ['invalid-value']],
  ])('If-Match %s gives revision %p', (header, revision, faults) => {
    const headers = header === undefined ? {} : { 'if-match': header };
    expect(codes((found) => readIfMatch(headers, found))).toEqual([revision, faults]);
  });
});
