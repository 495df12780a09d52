import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onWindows, unless } from '#libs/testing';
import { DataDirectoryHeldError, lockDataDirectory } from './index.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'waarborg-lock-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('The lock of a data directory', () => {
  test('is refused while a living process has it, naming directory and process', async () => {
    await lockDataDirectory(dataDir);
    const again = lockDataDirectory(dataDir);
    await expect(again).rejects.toThrow(DataDirectoryHeldError);
    await expect(again).rejects.toThrow(new RegExp(`${dataDir} is in use by the running process ${process.pid}`));
  });

  test('is free again after it was let go, as often as one likes', async () => {
    for (let round = 0; round < 3; round += 1) {
      const lock = await lockDataDirectory(dataDir);
      await lock.release();
      await lock.release();
    }
    expect(await readdir(dataDir)).toEqual(['lock.3']);
  });

  test('is taken over from a process that has ended', async () => {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    await writeFile(join(dataDir, 'lock.7'), JSON.stringify({ pid: child.pid, startedAt: 'then' }));
    await lockDataDirectory(dataDir);
    expect(await readdir(dataDir)).toEqual(['lock.8']);
  });

  test('leaves no draft of a process that was killed while it took the lock', async () => {
    const draft = join(dataDir, 'lock-draft.123.0123456789ab');
    await writeFile(draft, '');
    await utimes(draft, 0, 0);
    await lockDataDirectory(dataDir);
    expect(await readdir(dataDir)).toEqual(['lock.1']);
  });

  const byStart = unless(onWindows('processes do not say when they started'));
  byStart.it('is taken over when its process number belongs to a process that started later', async () => {
    await writeFile(join(dataDir, 'lock.1'), JSON.stringify({ pid: process.pid, startedAt: 'before the restart' }));
    await lockDataDirectory(dataDir);
    expect(await readdir(dataDir)).toEqual(['lock.2']);
  });

  test('has one winner when many start at once over the lock of a dead process', async () => {
    for (let round = 0; round < 20; round += 1) {
      const rival = join(dataDir, String(round));
      await lockDataDirectory(rival).then((lock) => lock.release());
      const results = await Promise.allSettled(Array.from({ length: 16 }, () => lockDataDirectory(rival)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(DataDirectoryHeldError);
      }
    }
  });

  test('makes a data directory that is missing', async () => {
    const lock = await lockDataDirectory(join(dataDir, 'below', 'that'));
    expect(lock.dataDir).toBe(join(dataDir, 'below', 'that'));
  });

  test('says why a data directory cannot be written', async () => {
    await writeFile(join(dataDir, 'file'), '');
    await expect(lockDataDirectory(join(dataDir, 'file'))).rejects.toThrow(/file can't be written: /);
  });
});
