import { readdirSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { restoreDump } from '../../fixtures/restore.js';
import type { Json } from './api.js';
import { freshPlace, type Place } from './suite.js';

/** What a version was asked and what it answered (test/fixtures/make-register.mjs). */
export interface Told {
  readonly heads: { readonly events: string; readonly records: string };
  readonly objects: Readonly<Record<string, Json>>;
  readonly decisions: readonly { readonly body: Json; readonly decision: boolean }[];
  readonly retries: readonly {
    readonly path: string;
    readonly body: Json;
    readonly key: string;
    readonly status: number;
    readonly answer: Json;
  }[];
}

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const folderOf = (version: string): string => join(FIXTURES, version);

export const earlierVersions = (): readonly string[] =>
  readdirSync(FIXTURES).filter((name) => name.startsWith('register-'));

export const toldBy = (version: string): Told =>
  JSON.parse(readFileSync(join(folderOf(version), 'told.json'), 'utf8')) as Told;

/** The databases and keys of a version, as they would be found on its disk. */
export async function leftBehind(version: string): Promise<Place> {
  const folder = folderOf(version);
  const place = await freshPlace();
  const dump = (name: string): string => gunzipSync(readFileSync(join(folder, `${name}.sql.gz`))).toString();
  await restoreDump(place.register.logins.owner, dump('register'));
  await restoreDump(place.keys.logins.owner, dump('keystore'));
  const keys = join(place.dataDir, 'keys');
  await mkdir(keys, { mode: 0o700 });
  for (const file of await readdir(join(folder, 'keys'))) {
    await copyFile(join(folder, 'keys', file), join(keys, file));
    await chmod(join(keys, file), 0o600);
  }
  return place;
}
