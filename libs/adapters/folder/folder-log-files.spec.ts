import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { logFilesContract } from '#libs/testing';
import { FolderLogFiles } from './index.js';

const aFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'waarborg-log-'));

logFilesContract('folder', async () => {
  const folder = await aFolder();
  return {
    files: new FolderLogFiles(join(folder, 'log')),
    another: new FolderLogFiles(join(folder, 'log')),
    close: () => rm(folder, { recursive: true }),
  };
});

it('The files stand at their paths, for everyone to read, and no draft is left', async () => {
  const folder = await aFolder();
  try {
    const files = new FolderLogFiles(folder);
    await files.write('tile/entries/000.p/3', Buffer.from('bundle'));
    await files.publish('note\n');
    await files.publish('note 2\n');
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      ...['checkpoint', 'tile', join('tile', 'entries'), join('tile', 'entries', '000.p')],
      join('tile', 'entries', '000.p', '3'),
    ]);
    expect((await stat(join(folder, 'checkpoint'))).mode & 0o444).toBe(0o444);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('A file that can not be read is not one that is missing', async () => {
  const folder = await aFolder();
  try {
    const files = new FolderLogFiles(folder);
    await files.write('tile/0/000/001', Buffer.from('below'));
    await expect(files.read('tile/0/000')).rejects.toThrow('EISDIR');
  } finally {
    await rm(folder, { recursive: true });
  }
});
