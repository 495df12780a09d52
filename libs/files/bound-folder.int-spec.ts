import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { boundFolder, OWNER_FILE } from './index.js';

describe('a folder that belongs to one', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-bound-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is the first one’s who comes, for good, and says so to every other', async () => {
    expect(await boundFolder(folder, 'one')).toBe('one');
    expect(await boundFolder(folder, 'one')).toBe('one');
    expect(await boundFolder(folder, 'other')).toBe('one');
    expect(await readdir(folder)).toEqual([OWNER_FILE]);
  });

  it('has one owner of many who come at once', async () => {
    const owners = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => boundFolder(folder, owner)));
    expect(new Set(owners).size).toBe(1);
  });
});
