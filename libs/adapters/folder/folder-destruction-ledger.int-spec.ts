import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type DecidedBatch, type NumberedEntry } from '#libs/eventing';
import { uuid } from '#libs/testing';
import { FolderDestructionLedger } from './index.js';

describe('the ledger of destructions in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-ledger-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const ledger = (): FolderDestructionLedger => new FolderDestructionLedger(join(folder, 'a', 'b'));
  const all = async (behind = 0, of = ledger()): Promise<readonly NumberedEntry[]> => {
    const found: NumberedEntry[] = [];
    for await (const entry of of.after(behind)) found.push(entry);
    return found;
  };
  const batch = (nth: number): DecidedBatch => ({
    ...{ is: 'decided', id: uuid('destr', nth), attempt: 1, epoch: 1, data: { nth }, events: [uuid('event', nth)] },
  });
  const path = (number: number): string =>
    join(folder, 'a', 'b', '000000000', `${String(number).padStart(12, '0')}.json`);

  it('is empty before anything was destroyed, and its folder need not be there', async () => {
    expect(await all()).toEqual([]);
    expect(await ledger().at(1)).toBeUndefined();
  });

  it('keeps every entry in its order for whoever opens it later, readable by its owner only', async () => {
    const first = await ledger().add(batch(1));
    const second = await ledger().add({ is: 'recorded', of: 1, fact: uuid('event', 9) });
    const third = await ledger().add({ is: 'erased', id: uuid('right'), contacts: [uuid('cont')] });
    expect([first.number, second.number, third.number]).toEqual([1, 2, 3]);
    expect(await all()).toEqual([first, second, third]);
    expect(await all(1)).toEqual([second, third]);
    expect(await ledger().at(1)).toEqual(first);
    expect((await stat(path(1))).mode & 0o077).toBe(0);
  });

  it('is away, and not empty, where its disk does not do what it is asked', async () => {
    await ledger().add(batch(1));
    await rm(path(1));
    await mkdir(path(1));
    for (const asked of [() => ledger().at(1), () => all(), () => ledger().add(batch(2))]) {
      await expect(asked()).rejects.toBeInstanceOf(StoreUnavailable);
    }
    await rm(join(folder, 'a'), { recursive: true });
    await writeFile(join(folder, 'a'), 'a file where its folder has to be');
    for (const asked of [() => ledger().at(1), () => all(), () => ledger().add(batch(2))]) {
      await expect(asked()).rejects.toBeInstanceOf(StoreUnavailable);
    }
  });

  it('gives each of many who add at once a number of its own, and leaves nothing else behind', async () => {
    const two = [ledger(), ledger()];
    await Promise.all(Array.from({ length: 12 }, (_, nth) => two[nth % 2]!.add(batch(nth))));
    const entries = await all();
    expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 12 }, (_, nth) => nth + 1));
    expect(new Set(entries.map(({ entry }) => (entry as DecidedBatch).id)).size).toBe(12);
    expect((await readdir(join(folder, 'a', 'b'), { recursive: true })).filter((n) => n.includes('.new'))).toEqual([]);
  });

  it('is not read past what is missing, what was changed, and what it has not written', async () => {
    for (const nth of [1, 2, 3]) await ledger().add(batch(nth));
    const second = await readFile(path(2), 'utf8');
    await writeFile(path(2), second.replace('"nth":2', '"nth":7'));
    await expect(all()).rejects.toThrow('does not follow from the entry before it');
    await rm(path(2));
    await expect(all()).rejects.toThrow('is missing, and entry 3 is there');
    await writeFile(path(2), '{"number":');
    await expect(all()).rejects.toThrow('is not what the ledger of destructions has written there');
  });

  it('goes on over the bound of a folder, also where a process was killed behind making one', async () => {
    const small = (): FolderDestructionLedger => new FolderDestructionLedger(join(folder, 'a', 'b'), 3);
    for (let nth = 1; nth <= 5; nth += 1) await small().add(batch(nth));
    await mkdir(join(folder, 'a', 'b', '000000002'));
    expect((await small().add(batch(6))).number).toBe(6);
    expect((await all(2, small())).map(({ number }) => number)).toEqual([3, 4, 5, 6]);
  });

  it('is not begun anew beside entries of a version that gave them no numbers', async () => {
    await mkdir(join(folder, 'a', 'b', 'f3'), { recursive: true });
    await expect(all()).rejects.toThrow('without numbers');
    await expect(ledger().add(batch(1))).rejects.toThrow('without numbers');
  });
});
