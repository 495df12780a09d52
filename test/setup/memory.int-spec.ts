import { afterEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { testDatabase, unless } from '#libs/testing';
import { folderInMemory } from '../postgres/memory.js';

const MEMORY = '/dev/shm';
const made: string[] = [];
const inMemory = (room: number, memory?: string): string | undefined => {
  const folder = folderInMemory(memory, room);
  if (folder !== undefined) made.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** What a run of that process left there, last touched so many hours ago. */
function left(pid: number, hours: number): string {
  const folder = join(MEMORY, `waarborg-tests-${pid}-${process.pid}-${hours}`);
  made.push(folder);
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), '');
  const at = Date.now() / 1000 - hours * 3_600;
  utimesSync(folder, at, at);
  return folder;
}

/** Of a process that has ended. */
const ended = (): number => spawnSync(process.execPath, ['--version']).pid;

const noMemory = inMemory(0) === undefined ? 'this machine keeps no files in memory' : undefined;

describe('The temporary files of a run of the tests', () => {
  unless(noMemory).it('are in memory where there is room, open to the users of the servers and no other run’s', () => {
    const [one, other] = [inMemory(0), inMemory(0)];
    expect([dirname(one!), dirname(other!)]).toEqual([MEMORY, MEMORY]);
    expect(one).not.toBe(other);
    expect(statSync(one!).mode & 0o7777).toBe(0o1777);
  });

  test('are where they always are when memory has less room than a run may need', () => {
    expect(inMemory(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  test('are where they always are when the folder is on a disk or is not there', () => {
    const disk = mkdtempSync(join(process.cwd(), 'node_modules', '.cache-'));
    made.push(disk);
    expect([inMemory(0, disk), inMemory(0, join(tmpdir(), 'not-there'))]).toEqual([undefined, undefined]);
  });

  unless(noMemory).it('go away at a later run when theirs was killed hours ago, and while it may go on stay', () => {
    const [killed, lately, running] = [left(ended(), 4), left(ended(), 1), left(process.pid, 4)];
    inMemory(0);
    expect([existsSync(killed), existsSync(lately), existsSync(running)]).toEqual([false, true, true]);
  });

  test('leave the server as durable as it is anywhere', async () => {
    const database = await testDatabase();
    try {
      const names = ['fsync', 'full_page_writes', 'synchronous_commit'];
      expect(
        await database.query('select name, setting from pg_settings where name = any($1) order by name', [names]),
      ).toEqual(names.map((name) => ({ name, setting: 'on' })));
    } finally {
      await database.drop();
    }
  });
});
