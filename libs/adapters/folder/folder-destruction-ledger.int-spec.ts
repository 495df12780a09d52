import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '#libs/eventing';
import { uuid } from '#libs/testing';
import { FolderDestructionLedger } from './index.js';

describe('the ledger of destructions in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-ledger-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const all = async (): Promise<readonly LedgerEntry[]> => {
    const found: LedgerEntry[] = [];
    for await (const entry of new FolderDestructionLedger(join(folder, 'a', 'b')).all()) found.push(entry);
    return found;
  };
  const ledger = (): FolderDestructionLedger => new FolderDestructionLedger(join(folder, 'a', 'b'));
  const one = { id: uuid('destr', 1), data: { objects: ['x'] } };
  const two = { id: `ff${uuid('destr', 2).slice(2)}`, data: { objects: [] } };

  it('is empty before anything was destroyed, and its folder need not be there', async () => {
    expect(await all()).toEqual([]);
  });

  it('keeps every batch for whoever opens it later, readable by its owner only', async () => {
    expect(await ledger().add(one)).toEqual(one);
    expect(await ledger().add(two)).toEqual(two);
    expect(await all()).toEqual([one, two]);
    const [name] = await readdir(join(folder, 'a', 'b', one.id.slice(0, 2)));
    expect((await stat(join(folder, 'a', 'b', one.id.slice(0, 2), name!))).mode & 0o077).toBe(0);
  });

  it('keeps the first of two that add the same batch, and leaves nothing else behind', async () => {
    await ledger().add(one);
    expect(await ledger().add({ ...one, data: { objects: ['other'] } })).toEqual(one);
    await Promise.all([1, 2, 3].map((nth) => ledger().add({ ...two, data: { nth } })));
    expect(await all()).toHaveLength(2);
    expect(
      (await readdir(join(folder, 'a', 'b'), { recursive: true })).filter((name) => name.includes('.new')),
    ).toEqual([]);
  });

  it('is not read past what it has not written, and takes no name that is no batch', async () => {
    await ledger().add(one);
    await writeFile(join(folder, 'a', 'b', one.id.slice(0, 2), `${uuid('destr', 5)}.json`), '{"id":');
    await expect(all()).rejects.toThrow('is not what the ledger of destructions has written there');
    await expect(ledger().add({ ...one, id: '../../x' })).rejects.toThrow('UUID');
  });
});
