import { describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { ProblemException, type Fault } from '../problems/problem.exception.js';
import type { FastifyRequest } from 'fastify';
import { IsText } from '../validation/members.js';
import { readAfter, readCommand, readCommandLookingUp } from './command-request.js';
import { decodePosition, encodePosition } from './position-codec.js';
import { decodeCursor, encodeCursor, pageOf, readPage } from './paging.js';
import { readIdempotencyKey, readIfMatch } from './request-headers.js';

const here = { store: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44', epoch: 1 };

describe('a position', () => {
  const position = encodePosition({ ...here, place: 9_007_199_254_740_993n });

  it('from before everything can be given back as it was given, and is of the first place there may be', () => {
    expect(decodePosition(encodePosition({ ...here, place: -1n }), here)).toBe(0n);
    const forged = Buffer.from(`${here.store}.${here.epoch}.-1`).toString('base64url');
    expect(() => decodePosition(forged, here)).toThrow();
  });

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
        errors: [
          expect.objectContaining({ in: 'query', pointer: '/name', code: 'unknown-member' }),
          expect.objectContaining({ in: 'query', pointer: '/after', code: 'invalid-value' }),
        ],
      }),
    );
  });
});

describe('paging', () => {
  const list = { name: 'means', filter: { holder: 'x', status: undefined } };
  const keyOf = (order: number): string => `0000000${order}-0000-4000-8000-000000000000`;
  const rows = [5, 4, 3].map((order) => ({ order: BigInt(order), key: keyOf(order) }));

  it('gives a cursor while there is more, and goes on where the page ended', () => {
    const items = rows.map(({ key }) => key);
    const page = pageOf(list, rows, items.slice(0, 2), (row) => row);
    expect(page.items).toEqual([keyOf(5), keyOf(4)]);
    expect(readPage(list, 2, page.next)).toEqual({ limit: 2, after: { order: 4n, key: keyOf(4) } });
    expect(pageOf(list, rows, items, (row) => row).next).toBeNull();
    expect(pageOf(list, [], [], (row) => row)).toEqual({ items: [], next: null });
  });

  it('ends a page before it is larger than four million bytes, though never before its first item', () => {
    const MIB = 1024 * 1024;
    // Two bytes a letter, and two quotation marks.
    const sized = (bytes: number): string => 'é'.repeat((bytes - 2) / 2);
    const shown = (...sizes: readonly number[]): readonly [number, bigint | undefined] => {
      const { items, next } = pageOf(list, rows, sizes.map(sized), (row) => row);
      return [items.length, next === null ? undefined : readPage(list, 2, next).after!.order];
    };
    expect(shown(2 * MIB, MIB, MIB)).toEqual([3, undefined]);
    expect(shown(2 * MIB, MIB, MIB + 2)).toEqual([2, 4n]);
    expect(shown(2 * MIB, 2 * MIB)).toEqual([2, 4n]);
    expect(shown(4 * MIB, 2)).toEqual([1, 5n]);
    expect(shown(9 * MIB, 2, 2)).toEqual([1, 5n]);
  });

  it('leaves out what is not shown, and goes on behind it', () => {
    const page = pageOf(list, rows, ['x', undefined], (row) => row);
    expect(page.items).toEqual(['x']);
    expect(readPage(list, 2, page.next).after!.order).toBe(4n);
  });

  it('has 25 items unless asked otherwise', () => {
    expect(readPage(list, undefined, undefined)).toEqual({ limit: 25 });
  });

  it.each([
    ...([0, 101, 1.5] as const).map((limit) => [limit, 'invalid-value'] as const),
    ...(['10', null] as const).map((limit) => [limit, 'wrong-type'] as const),
  ])('refuses %p items: %s', (limit, code) => {
    expect(() => readPage(list, limit, undefined)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ pointer: '/limit', code })] }),
    );
  });

  it('refuses a cursor that is no text', () => {
    expect(() => readPage(list, 2, 7)).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ pointer: '/cursor', code: 'wrong-type' })],
      }),
    );
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

describe('the request of a command', () => {
  class Body {
    @IsText(5) name!: string;
  }
  const caller = { client: 'back-office', clerk: 'clerk-1', scopes: new Set() };
  const request = (headers: object, body: unknown, query: object = {}): FastifyRequest =>
    ({ headers, query, body, caller, raw: { headers: {} } }) as unknown as FastifyRequest;
  const key = { 'idempotency-key': 'key-0001' };
  const faultsOf = async (work: () => unknown): Promise<readonly string[]> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ProblemException)) throw error;
      return [
        String(error.status),
        ...error.errors.map(({ in: part = 'body', pointer, code }) => `${part} ${pointer} ${code}`),
      ];
    }
    return [];
  };

  it('is its body, who sent it, and under which key', () => {
    expect(readCommand(Body, request({ ...key, 'if-match': '"3"' }, { name: 'x' }))).toMatchObject({
      ...{ body: { name: 'x' }, sent: { name: 'x' }, caller },
      context: {
        client: 'back-office',
        actor: { client: 'back-office', clerk: 'clerk-1' },
        key: 'key-0001',
        ifMatch: 3,
      },
    });
    expect(readCommand(Body, request(key, { name: 'x' })).context).not.toHaveProperty('ifMatch');
  });

  it('is refused with the faults of headers and body together, and for either of them', async () => {
    const both = ['400', 'header /Idempotency-Key required', 'body /name required'];
    expect(await faultsOf(() => readCommand(Body, request({}, {})))).toEqual(both);
    expect(await faultsOf(() => readCommand(Body, request({}, { name: 'x' })))).toEqual(both.slice(0, 2));
    expect(await faultsOf(() => readCommand(Body, request(key, {})))).toEqual(['400', 'body /name required']);
  });

  it('is refused with whatever its address says beside its path', async () => {
    const query = { after: 'x', dryRun: ['true', 'false'] };
    expect(await faultsOf(() => readCommand(Body, request(key, {}, query)))).toEqual([
      '400',
      'query /after unknown-member',
      'query /dryRun unknown-member',
      'body /name required',
    ]);
  });

  it('is looked up under its key, but for one whose headers have faults', async () => {
    const senders: unknown[] = [];
    const look = (headers: object) =>
      readCommandLookingUp<Body>(request(headers, { name: 'x' }), async (json, sender) => {
        senders.push(sender);
        return { value: json as Body, faults: [] };
      });
    expect((await look(key)).body).toEqual({ name: 'x' });
    expect(await faultsOf(() => look({}))).toEqual(['400', 'header /Idempotency-Key required']);
    expect(senders).toEqual([
      { client: 'back-office', key: 'key-0001', replayed: false },
      { client: 'back-office', replayed: false },
    ]);
  });
});
