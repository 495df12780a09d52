import { expect } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onWindows, unless } from '#libs/testing';
import { findBinaries, type Binaries } from './binaries.js';
import { makeCluster, makeLogins } from './cluster.js';
import { KEY_STORE_DATABASE, newPassword, newPasswords, REGISTER_DATABASE } from './logins.js';
import { pgdataOf } from './place.js';
import { findServerUser } from './server-user.js';

const posix = unless(onWindows('programs are noted by a script of a shell')).it;

/** Programs that note what they are started with, as a list of processes shows it, and then are what they are. */
async function noted(binaries: Binaries, folder: string, notes: string): Promise<Binaries> {
  const note = async (program: string): Promise<string> => {
    const path = join(folder, `noted-${program.split('/').at(-1)!}`);
    const lines = ['#!/bin/sh', `{ echo "$0 $*"; env; } >> '${notes}'`, `exec '${program}' "$@"`];
    await writeFile(path, lines.join('\n'));
    await chmod(path, 0o755);
    return path;
  };
  return { ...binaries, initdb: await note(binaries.initdb), postgres: await note(binaries.postgres) };
}

posix('No password is in the arguments or the environment of what makes the server and its logins', async () => {
  const place = await mkdtemp(join(tmpdir(), 'waarborg-cluster-'));
  try {
    await chmod(place, 0o755);
    const notes = join(place, 'notes');
    await writeFile(notes, '');
    await chmod(notes, 0o666);
    const user = await findServerUser(pgdataOf(place));
    const binaries = await noted(await findBinaries(place, user), place, notes);
    const [administrator, logins] = [newPassword(), newPasswords()];
    await makeCluster(place, binaries, user, administrator, [REGISTER_DATABASE, KEY_STORE_DATABASE]);
    await makeLogins(pgdataOf(place), binaries, user, logins);
    const text = await readFile(notes, 'utf8');
    expect(text).toContain('--pwfile=');
    // Databases, and the logins in each of them.
    expect(text.match(/--single/g)!.length).toBeGreaterThanOrEqual(3);
    for (const password of [administrator, ...Object.values(logins)]) expect(text).not.toContain(password);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
