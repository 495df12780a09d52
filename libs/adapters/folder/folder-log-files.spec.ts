import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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
    await files.publish('note 2\n', 'note\n');
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

it('A checkpoint never goes back, whoever of several processes publishes', async () => {
  const folder = await aFolder();
  try {
    const reader = new FolderLogFiles(folder);
    const sizeOf = (note: string | undefined): number => Number(note ?? 0);
    let isDone = false;
    const seen: number[] = [];
    const reading = (async () => {
      while (!isDone) seen.push(sizeOf(await reader.checkpoint()));
    })();
    /** Each puts in place what it has, where that is newer than what it sees. */
    const publish = async (mine: number): Promise<void> => {
      const files = new FolderLogFiles(folder);
      for (;;) {
        const there = await files.checkpoint();
        if (sizeOf(there) >= mine || (await files.publish(String(mine), there))) return;
      }
    };
    await Promise.all([7, 3, 9, 1, 8, 2, 10, 5, 6, 4].map(publish));
    isDone = true;
    await reading;
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(await reader.checkpoint()).toBe('10');
    expect(await readdir(folder)).toEqual(['checkpoint']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('Who was killed while it published holds up the others for a while only', async () => {
  const folder = await aFolder();
  try {
    await writeFile(join(folder, '.publishing'), 'of a process that is gone');
    const [one, other] = [new FolderLogFiles(folder, 30), new FolderLogFiles(folder, 30)];
    const outcomes = await Promise.all([one.publish('1'), other.publish('2')]);
    expect(outcomes.sort()).toEqual([false, true]);
    expect(await readdir(folder)).toEqual(['checkpoint']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
