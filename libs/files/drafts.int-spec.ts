import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { removeAbandonedDrafts } from './drafts.js';

it('Drafts that nobody has changed for a minute go; those of others at work, and everything else, stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-drafts-'));
  try {
    const longAgo = new Date(Date.now() - 120_000);
    await mkdir(join(folder, '.new-folder'));
    await writeFile(join(folder, '.new-folder', 'within'), '');
    for (const name of ['.new-old', '.new-fresh', 'master.1.json']) await writeFile(join(folder, name), '');
    for (const name of ['.new-folder', '.new-old', 'master.1.json']) await utimes(join(folder, name), longAgo, longAgo);
    await removeAbandonedDrafts(folder, '.new-');
    expect((await readdir(folder)).sort()).toEqual(['.new-fresh', 'master.1.json']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
