import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FaultForPeople, canonicalJson } from '#libs/kernel';
import {
  BackupDamaged,
  checkCopies,
  copySchemaIn,
  copySchemaOut,
  hasSchema,
  lookAtDatabase,
  prepareSchema,
  type AppliedMigration,
  type CopiedSchema,
} from '#libs/adapters/postgres';
import { foreignOnTheWay, makeFolders } from '#libs/files';
import { exportKeyFiles, importKeyFiles, prepareKeyStore } from '#libs/vault';
import { whileRestoring } from './installation-keys.js';
import type { Databases } from './open-stores.js';

/** The parts of a backup: each in a folder of its own, to be kept apart. */
export const BACKUP_PARTS = ['register', 'key-store', 'keys'] as const;
export type BackupPart = (typeof BACKUP_PARTS)[number];

/** A backup can't be made there, is not one, or can't be put back here; the message says why. */
export class BackupRefused extends FaultForPeople {
  override readonly name = 'BackupRefused';
}

interface Manifest {
  readonly format: 'waarborg-backup';
  readonly version: 1;
  readonly part: BackupPart;
  /** The same in the parts that were made together. */
  readonly backup: string;
  readonly takenAt: string;
}
interface RegisterManifest extends Manifest, CopiedSchema {
  readonly facts: {
    readonly head: string;
    readonly migrations: readonly AppliedMigration[];
    /** Moments, in milliseconds, of every month that has records. */
    readonly months: readonly string[];
  };
}
interface KeyStoreManifest extends Manifest, CopiedSchema {
  readonly facts: { readonly version: number };
}
interface KeysManifest extends Manifest {
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

const MANIFEST = 'manifest.json';

const REGISTER_FACTS = `
  select (select coalesce(max(position), 0) from waarborg.events)::text as head,
    (select json_agg(json_build_object('number', number, 'name', name, 'checksum', checksum) order by number)
     from waarborg.migrations) as migrations,
    array(select distinct (extract(epoch from
            date_trunc('month', to_timestamp(recorded_at / 1000.0) at time zone 'UTC') at time zone 'UTC') * 1000)::bigint::text
          from waarborg.record_places order by 1) as months`;
const KEY_STORE_FACTS = 'select max(version) as version from vault.schema_migration';

/** Made anew by a start: what is alive now, and read models with how far they are. The schema's own table is made first. */
const NOT_OF_REGISTER = ['migrations', 'decision_instances', 'read_models'];
const NOT_OF_KEY_STORE = ['schema_migration'];

/**
 * Writes a backup into a folder that is not there or is empty, beside a running suite or without one. Each part is as of
 * one moment, and each is later than the one before: no key is missing of what the register holds.
 */
export async function backUp(
  { registerUrl, keyStoreUrl, eventStoreUrl }: Databases,
  keyFolder: string,
  target: string,
  say: (line: string) => void,
): Promise<void> {
  await makeTarget(target);
  const backup = randomUUID();
  const begin = async (part: BackupPart): Promise<string> => {
    const folder = join(target, part);
    await mkdir(folder, { mode: 0o700 });
    return folder;
  };
  const head = (part: BackupPart) =>
    ({ format: 'waarborg-backup', version: 1, part, backup, takenAt: new Date().toISOString() }) as const;

  const register: RegisterManifest = {
    ...head('register'),
    ...(await copySchemaOut<RegisterManifest['facts']>(registerUrl, 'waarborg', await begin('register'), {
      except: NOT_OF_REGISTER,
      facts: REGISTER_FACTS,
    })),
  };
  await writeManifest(join(target, 'register'), register);
  say(
    eventStoreUrl === undefined
      ? `register: up to position ${register.facts.head}`
      : 'register: written; the events are not in it but on the store of EVENTSTORE_URL, which has backups of its own',
  );

  const keyStore: KeyStoreManifest = {
    ...head('key-store'),
    ...(await copySchemaOut<KeyStoreManifest['facts']>(keyStoreUrl, 'vault', await begin('key-store'), {
      except: NOT_OF_KEY_STORE,
      facts: KEY_STORE_FACTS,
    })),
  };
  await writeManifest(join(target, 'key-store'), keyStore);
  say('key-store: written; keep it short, for what is erased later is still in it');

  const folder = await begin('keys');
  const files = await exportKeyFiles(keyFolder);
  for (const [name, text] of files) await writeNew(join(folder, name), text);
  const keys: KeysManifest = {
    ...head('keys'),
    files: [...files].map(([name, text]) => ({ name, sha256: sha256(text) })),
  };
  await writeManifest(folder, keys);
  say(`keys: ${files.size} files; keep them apart from the other two`);
}

/**
 * Puts the parts of a backup into an installation that has nothing of them yet; checks every file before anything is
 * written. Register and key store together are put back behind their high-water mark: nobody can know what was given
 * out after the backup, so a person has to adopt them (interfaces.md §9).
 */
export async function restore(
  { registerUrl, registerOwnerUrl, keyStoreUrl }: Databases,
  keyFolder: string,
  source: string,
  parts: readonly BackupPart[],
  say: (line: string) => void,
): Promise<void> {
  const wants = (part: BackupPart): boolean => parts.includes(part);
  const folderOf = (part: BackupPart): string => join(source, part);
  const register = wants('register') ? await readManifest<RegisterManifest>(source, 'register') : undefined;
  const keyStore = wants('key-store') ? await readManifest<KeyStoreManifest>(source, 'key-store') : undefined;
  const keys = wants('keys') ? await readManifest<KeysManifest>(source, 'keys') : undefined;
  if (register !== undefined && keyStore !== undefined && keyStore.takenAt < register.takenAt) {
    throw new BackupRefused(
      `The key store's part is of ${keyStore.takenAt}, the register's of ${register.takenAt}: what was sealed in between ` +
        'could not be opened. Take a later part of the key store.',
    );
  }
  if (register !== undefined) await checkCopies(folderOf('register'), register);
  if (keyStore !== undefined) await checkCopies(folderOf('key-store'), keyStore);
  const files = keys === undefined ? undefined : await readKeys(folderOf('keys'), keys);

  if (register !== undefined && (await hasSchema(registerUrl, 'waarborg'))) {
    throw new BackupRefused('The register is in use: a backup is put back into an empty database.');
  }
  if (keyStore !== undefined && (await hasSchema(keyStoreUrl, 'vault'))) {
    throw new BackupRefused('The key store is in use: a backup is put back into an empty database.');
  }
  await whileRestoring(keyFolder, async () => {
    if (files !== undefined) {
      await importKeyFiles(keyFolder, files);
      say(`keys: ${files.size} files`);
    }
    // The register last: a store without it, as an interrupted restore leaves it, refuses to start.
    if (keyStore !== undefined) {
      await prepareKeyStore(keyStoreUrl, keyStore.facts.version);
      await copySchemaIn(keyStoreUrl, folderOf('key-store'), keyStore, {
        after: register === undefined ? [] : [markAhead(register.facts.head)],
      });
      say(`key-store: as of ${keyStore.takenAt}`);
    }
    if (register !== undefined) {
      const owner = registerOwnerUrl ?? registerUrl;
      await prepareSchema(owner, (await lookAtDatabase(registerUrl)).login, register.facts.migrations);
      await copySchemaIn(owner, folderOf('register'), register, {
        before: register.facts.months.map((month) => `select waarborg.make_record_month(${BigInt(month)})`),
      });
      say(`register: up to position ${register.facts.head}, as of ${register.takenAt}`);
    }
  });
  if (register !== undefined) {
    say('Next, before a start, where that refuses: npm run adopt-restored-store -- --reason "…"');
  }
}

/** At least one place further than what is put back. */
const markAhead = (head: string): string =>
  `update vault.high_water_mark set position = greatest(position, ${BigInt(head)}) + 1`;

async function makeTarget(target: string): Promise<void> {
  const folder = resolve(target);
  const foreign = await foreignOnTheWay(folder);
  if (foreign !== undefined) {
    throw new BackupRefused(
      `${foreign.path} belongs to another user (${foreign.uid}): started as root no backup is written there. Start as that ` +
        "user, or name a folder of root's own.",
    );
  }
  const there = await lstat(folder).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) throw new BackupRefused(`${folder} is no folder.`);
  if (there !== undefined && (await readdir(folder)).length > 0) {
    throw new BackupRefused(`${folder} is not empty: a backup is never written over another.`);
  }
  await makeFolders(folder, 0o700).catch((error: unknown) => {
    throw new BackupRefused(`${folder} can't be made: ${(error as Error).message}`);
  });
}

/** The last file of a part: without it the part is not complete. */
const writeManifest = (folder: string, manifest: Manifest): Promise<void> => {
  const plain = JSON.parse(JSON.stringify(manifest)) as object;
  const text = JSON.stringify({ ...plain, sha256: sha256(canonicalJson(plain)) }, undefined, 2);
  return writeNew(join(folder, MANIFEST), `${text}\n`);
};

async function readManifest<M extends Manifest>(source: string, part: BackupPart): Promise<M> {
  const path = join(source, part, MANIFEST);
  const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
    throw new BackupRefused(`${join(source, part)} holds no complete part of a backup (${path}: ${error.code}).`);
  });
  let whole: Partial<M> & { sha256?: string };
  try {
    whole = JSON.parse(text) as typeof whole;
  } catch {
    throw new BackupDamaged(`${path} is damaged`);
  }
  const { sha256: written, ...manifest } = whole;
  if (manifest.format !== 'waarborg-backup' || manifest.part !== part) throw new BackupDamaged(`${path} is damaged`);
  if (manifest.version !== 1) throw new BackupRefused(`${path} was written by a newer version.`);
  if (written !== sha256(canonicalJson(manifest))) throw new BackupDamaged(`${path} is not what was written`);
  return manifest as unknown as M;
}

async function readKeys(folder: string, { files }: KeysManifest): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { name, sha256: written } of files) {
    const path = join(folder, name);
    const text = await readText(path).catch((error: NodeJS.ErrnoException) => {
      throw new BackupDamaged(`${path} can't be read: ${error.code}`);
    });
    if (sha256(text) !== written) throw new BackupDamaged(`${path} is not what was written`);
    texts.set(name, text);
  }
  return texts;
}

const NO_LINK = constants.O_NOFOLLOW ?? 0;

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | NO_LINK, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readText(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | NO_LINK);
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
