import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { canonicalJson } from '#libs/kernel';
import { saltIn, storedReading } from '#libs/application';
import { at, fixedClock, memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import type { AuditLists } from './audit-lists.js';
import { exportList, type ExportWork } from './export.handler.js';

/** What an auditor takes along: salted, and on record as it was truly given. */

const now = at('2026-03-09T10:00:00Z');
const request = { client: 'audit-desk', correlationId: 'trace' };
const person = uuid('person');

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(now))));
afterEach(() => memory.close());

/** As many pages as there are; what happens at each. */
const listOf = (pages: number, atPage: (page: number) => void = () => undefined): AuditLists =>
  ({
    checks: {
      idOf: ({ id }: { id: string }) => id,
      page: ({ cursor }: { cursor?: string }) => {
        const page = Number(cursor ?? 0);
        atPage(page);
        const items = [{ id: uuid('check', page), about: { person } }];
        return Promise.resolve({ items, next: page + 1 < pages ? String(page + 1) : null });
      },
    },
  }) as unknown as AuditLists;

const ASKED = { reason: 'sample', list: 'checks', format: 'ndjson' } as const;
const take = (lists: AuditLists, work: ExportWork = {}) => exportList(memory.backbone, lists, request, ASKED, work);
const onRecord = async () =>
  (await memory.stores.records.read(0n, 100)).items.map((record) => storedReading(record).data);
const exported = (data: object) =>
  (data as { export: { hmac: string; salt: { sealed: string }; bytes: number; items: number } }).export;

describe('an export', () => {
  it('is on record by a hash that nobody tests who was not handed its salt (MIN-05)', async () => {
    const { file, salt, reading } = await take(listOf(3));
    const bytes = Buffer.concat(await file.toArray());
    const [data, end] = await onRecord();
    const recorded = exported(data!);
    expect(recorded).toMatchObject({ bytes: bytes.length, items: 3 });
    expect(recorded.hmac).toBe(createHmac('sha256', Buffer.from(salt, 'hex')).update(bytes).digest('hex'));
    expect(JSON.stringify(data)).not.toContain(salt);
    const opened = await memory.vault.sealer.open(saltIn(reading), recorded.salt.sealed);
    expect(opened).toBe(canonicalJson(salt));
    // It goes with the reading: then the file can't be told from any other.
    await memory.vault.destroy({ kind: 'reading', id: reading });
    await expect(memory.vault.sealer.open(saltIn(reading), recorded.salt.sealed)).rejects.toThrow();
    expect(data).toMatchObject({ what: 'exports', subjects: [person], shown: [0, 1, 2].map((n) => uuid('check', n)) });
    expect(end).toMatchObject({
      ...{ what: 'export-ends', question: { export: reading }, outcome: 'given', bytes: bytes.length },
    });
  });

  it('has another salt each time', async () => {
    const salts = [await take(listOf(1)), await take(listOf(1))].map(({ salt }) => salt);
    expect(new Set(salts).size).toBe(2);
    expect(salts[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('that breaks off is on record as broken off', async () => {
    const { file, reading } = await take(listOf(1));
    file.on('error', () => undefined);
    file.destroy(new Error('gone'));
    await new Promise((resolve) => file.once('close', resolve));
    const [, end] = await onRecord();
    expect(end).toMatchObject({ question: { export: reading }, outcome: 'broken-off', bytes: 0 });
  });

  it('that takes longer than a gateway waits is refused as too large, and leaves nothing', async () => {
    let time = 0;
    const lists = listOf(10, () => void (time += 9_000));
    await expect(take(lists, { elapsed: () => time })).rejects.toMatchObject({
      status: 400,
      errors: [{ pointer: '/filter', code: 'export-too-large' }],
    });
    expect(time).toBe(27_000);
    expect(await onRecord()).toEqual([]);
  });

  it('for nobody who still waits is not made, and leaves nothing', async () => {
    let isAwaited = true;
    let pages = 0;
    const lists = listOf(10, () => void ((pages += 1), (isAwaited = pages < 2)));
    await expect(take(lists, { isAwaited: () => isAwaited })).rejects.toMatchObject({ status: 503 });
    expect([pages, await onRecord()]).toEqual([2, []]);
  });

  it.each([
    ['items', { items: 3 }],
    ['bytes', { bytes: 200 }],
    ['pages', { pages: 3 }],
  ])('of too many %s is refused, and leaves nothing', async (_what, limits) => {
    await expect(take(listOf(4), { limits })).rejects.toMatchObject({ status: 400 });
    expect(await onRecord()).toEqual([]);
  });

  it('that fails by a fault of ours is on record as an error, with nothing shown', async () => {
    const lists = listOf(3, (page) => {
      if (page === 1) throw new Error('a fault');
    });
    await expect(take(lists)).rejects.toThrow('a fault');
    expect(await onRecord()).toMatchObject([{ what: 'exports', shown: [], subjects: [], action: { status: 'Error' } }]);
  });
});
