import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unless } from '#libs/testing';
import { makeFolders } from './make-folders.js';

const noProc = (): string | undefined => (process.platform === 'linux' ? undefined : 'has no /proc');

describe('Folders', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-folders-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are made with those above them, each with the mode that is asked for', async () => {
    const deep = join(folder, 'a', 'b', 'c');
    await makeFolders(deep, 0o700);
    for (const made of [deep, join(folder, 'a', 'b'), join(folder, 'a')]) {
      expect((await stat(made)).mode & 0o777).toBe(0o700);
    }
    await makeFolders(deep, 0o755);
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
  });

  it('are made by several at once, also through a link', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
    const deep = join(folder, 'link', 'a', 'b');
    await Promise.all([1, 2, 3, 4].map(() => makeFolders(deep)));
    expect((await stat(join(folder, 'real', 'a', 'b'))).isDirectory()).toBe(true);
  });

  it('are not made where something else has the name, at the end or on the way', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below'), join(file, 'deep', 'below')]) {
      await expect(makeFolders(path)).rejects.toMatchObject({ code: 'ENOTDIR' });
    }
    await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
    await expect(makeFolders(join(folder, 'dangling'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  unless(noProc()).it('are refused where the system makes none, instead of trying for ever', async () => {
    await expect(makeFolders('/proc/waarborg/deep')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
