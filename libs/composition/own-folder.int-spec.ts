import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uuid } from '#libs/testing';
import { keptEvidence } from './kept-evidence.js';
import { FolderRefused } from './own-folder.js';
import { retention } from './retention.js';

describe('a folder by which is destroyed', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waarborg-own-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));
  const [one, other] = [uuid('store', 1), uuid('store', 2)];

  it('of the ledger belongs to one store, whatever another one has below it (ARCH-11)', async () => {
    const of = (store: string) => retention({ dataDir }, { store, epoch: 1 });
    await (await of(one).ledger()).add({ is: 'recorded', of: 1, fact: 'x' });
    await of(one).ledger();
    await expect(of(other).ledger()).rejects.toThrow(FolderRefused);
    await expect(of(other).ledger()).rejects.toThrow('DESTRUCTIONS_DIR');
    expect((await readdir(join(dataDir, 'destructions'))).sort()).toEqual([one, 'belongs-to'].sort());
  });

  it('of the files of evidence belongs to one store', async () => {
    await keptEvidence({ dataDir }, { store: one }).files();
    await keptEvidence({ dataDir }, { store: one }).files();
    await expect(keptEvidence({ dataDir }, { store: other }).files()).rejects.toThrow(FolderRefused);
  });
});
