import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '#libs/testing';
import { startServer } from './server-process.js';

describe('A server that still comes up', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-server-'));
    await mkdir(join(folder, 'pgdata'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('ends with the process that started it', async () => {
    // Comes up for longer than any test lasts.
    const program = join(folder, 'postgres');
    await writeFile(program, '#!/bin/sh\nexec sleep 3600\n');
    await chmod(program, 0o755);
    const before = new Set(process.listeners('exit'));
    const added = () => process.listeners('exit').filter((listener) => !before.has(listener));

    const binaries = { postgres: program, initdb: program, pgCtl: program };
    const starting = startServer(binaries, join(folder, 'pgdata'), {}, 1, join(folder, 'postgres.log'));
    starting.catch(() => undefined);
    await until('it has begun', () => added().length > 0);
    for (const listener of added()) listener(143);

    await expect(starting).rejects.toThrow('PostgreSQL did not start (SIGINT)');
    expect(added()).toEqual([]);
  });
});
