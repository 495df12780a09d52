import { randomBytes, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { foreignOnTheWay, makeFolders, removeAbandonedDrafts } from '#libs/files';
import { membersTwice } from '#libs/kernel';
import { demandMlDsa44, exportKey, generateKey, importKey, newKeyId } from './key-material.js';
import {
  isOptional,
  KEY_NAMES,
  KeysUnusable,
  type KeyName,
  type ProvidedKey,
  type RotatingKeyProvider,
} from './key-provider.js';

interface KeyFile {
  readonly file: string;
  readonly name: KeyName;
  readonly sequence: number;
}

/** Name of a file that is being written. */
const DRAFT = '.new-';
/** `master.1.json`; the highest number is the current key. */
const KEY_FILE = /^(master|lookup|token|log|log-ml-dsa-44|answer-es256|answer-ps256)\.([1-9]\d{0,5})\.json$/;
const KEY_ID = /^[a-z0-9-]+-\d+-[0-9a-f]{8}$/;
/** Kinds of which a new folder has one each. */
const FIRST_KEYS: readonly KeyName[] = [...KEY_NAMES, 'answer-es256'];
const fileNameOf = (name: KeyName, sequence: number): string => `${name}.${sequence}.json`;
const NO_LINK = constants.O_NOFOLLOW ?? 0;
/** A pipe in a file's place is not waited for. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const OTHERS_WRITE = 0o022;
const OTHERS_READ_OR_WRITE = 0o066;
// File modes mean nothing on Windows; there the folder's access list is the operator's.
const MODES_COUNT = process.platform !== 'win32';

/**
 * Keys in a folder of files, made when the folder does not exist yet (or is empty): all of them or none, by renaming a
 * finished folder into place, so that of two first starts one wins. A file that is there is never written again, and
 * one that is missing is never made anew, but for a key that answers are signed with. Only what signs tokens or answers is
 * ever taken away.
 *
 * Rejects with `KeysUnusable` when a file is missing, damaged or unknown, when a file or the folder is a link or
 * somebody else's, when others may read a file, or when others may write into the folder.
 */
export async function fileKeyProvider(folder: string): Promise<RotatingKeyProvider> {
  await refuseForeignFolder(dirname(folder));
  if ((await namesIn(folder)).length === 0) await makeFolder(folder);
  // What a start that was killed left behind holds keys that nothing was made with.
  await removeUnfinished(folder);
  await removeAbandonedDrafts(folder, DRAFT);
  const read = new Map<string, ProvidedKey>();

  const all = async (name: KeyName): Promise<readonly ProvidedKey[]> => {
    const files = await keyFilesIn(folder);
    const mine = files.filter((file) => file.name === name).sort((a, b) => b.sequence - a.sequence);
    if (mine.length === 0 && !isOptional(name)) {
      throw new KeysUnusable(`${folder} holds no ${name} key: put it back from its backup`);
    }
    // A key file never changes, so reading it once is enough.
    for (const file of mine) if (!read.has(file.file)) read.set(file.file, await readKey(folder, file));
    return mine.map(({ file }) => read.get(file)!);
  };

  for (const name of KEY_NAMES) await all(name);

  const rotate = async (name: KeyName): Promise<string> => {
    await all(name);
    const key = await generateKey(name);
    for (;;) {
      const sequence =
        1 + Math.max(0, ...(await keyFilesIn(folder)).filter((f) => f.name === name).map((f) => f.sequence));
      const id = newKeyId(name, sequence);
      if (await addKey(folder, fileNameOf(name, sequence), textOf(id, key))) return id;
    }
  };

  return {
    all,
    rotate,
    async begin(name) {
      if ((await all(name)).length > 0) return;
      // Another may be quicker: then theirs is the key.
      await addKey(folder, fileNameOf(name, 1), textOf(newKeyId(name, 1), await generateKey(name)));
    },
    async withdraw(name, id) {
      const keys = await all(name);
      if (!keys.some((key) => key.id === id)) {
        throw new KeysUnusable(`there is no ${name} key ${id}: there are ${keys.map((key) => key.id).join(', ')}`);
      }
      // First, so that there is always one to sign with, and no number is given twice.
      if (keys[0]!.id === id) await rotate(name);
      await rm(join(folder, fileNameOf(name, Number(id.split('-').at(-2)))), { force: true });
      await syncFolder(folder);
    },
  };
}

/** Rejects with `KeysUnusable` where no keys are: a tool for a register that is there makes none of its own. */
export async function requireKeys(folder: string): Promise<void> {
  if ((await namesIn(folder)).length > 0) return;
  throw new KeysUnusable(
    `no keys are in ${resolve(folder)}: start the suite on ${dirname(resolve(folder))} once, name its folder with ` +
      '--data-dir, or put the keys of a register that is there back from their backup',
  );
}

const textOf = (id: string, key: KeyObject): string =>
  `${JSON.stringify({ id, key: exportKey(key).toString('base64url'), madeAt: Date.now() })}\n`;

/** The texts of all key files, by their names, for a backup: secrets. Refuses what `fileKeyProvider` refuses, and makes none. */
export async function exportKeyFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  await requireKeys(folder);
  await fileKeyProvider(folder);
  const files = await keyFilesIn(folder);
  return new Map(await Promise.all(files.map(async ({ file }) => [file, await readOwn(join(folder, file))] as const)));
}

/** Makes the folder of them, whole or not at all, and never in the place of another. */
export async function importKeyFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await refuseForeignFolder(dirname(folder));
  if ((await namesIn(folder)).length > 0) throw new KeysUnusable(`${folder} holds keys already: they are not replaced`);
  for (const name of files.keys()) {
    if (!KEY_FILE.test(name)) throw new KeysUnusable(`${name} is no key file`);
  }
  await makeFolder(folder, files);
  const kept = await exportKeyFiles(folder);
  for (const [name, text] of files) {
    if (kept.get(name) !== text) throw new KeysUnusable(`${folder} holds other keys: somebody else was quicker`);
  }
}

async function newKeyFiles(): Promise<ReadonlyMap<string, string>> {
  const files = await Promise.all(
    FIRST_KEYS.map(async (name) => [fileNameOf(name, 1), textOf(newKeyId(name, 1), await generateKey(name))] as const),
  );
  return new Map(files);
}

async function makeFolder(folder: string, files?: ReadonlyMap<string, string>): Promise<void> {
  const unfinished = `${folder}.new-${randomBytes(6).toString('hex')}`;
  try {
    await makeFolders(dirname(folder));
    await mkdir(unfinished, { mode: 0o700 });
    for (const [name, text] of files ?? (await newKeyFiles())) await writeDurably(join(unfinished, name), text);
    await syncFolder(unfinished);
    // Windows does not rename over a folder, not even an empty one.
    if (!MODES_COUNT) await rm(folder, { recursive: false, force: true }).catch(() => undefined);
    await rename(unfinished, folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Somebody else's first start was quicker: theirs are the keys.
    if ((await namesIn(folder)).length > 0) return;
    throw new KeysUnusable(
      `the keys can't be made in ${folder} (${codeOf(error)}): name a folder that does not exist yet`,
    );
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.new-`;
  for (const entry of await readdir(dirname(folder))) {
    if (!entry.startsWith(prefix)) continue;
    await rm(join(dirname(folder), entry), { recursive: true, force: true }).catch((error: unknown) => {
      // Another first start writes in it still; finding that its keys are not needed, it takes it away itself.
      if (codeOf(error) !== 'ENOTEMPTY') throw error;
    });
  }
}

/** Writes a file under a name that is free; answers false when it is taken. */
async function addKey(folder: string, file: string, text: string): Promise<boolean> {
  const unfinished = join(folder, `${DRAFT}${randomBytes(6).toString('hex')}`);
  try {
    await writeDurably(unfinished, text);
    // A link, unlike a rename, never replaces what is there.
    await link(unfinished, join(folder, file));
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new KeysUnusable(`${join(folder, file)} can't be written (${codeOf(error)})`);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** As root: refuses a way through a folder or link of another user, who could put any other folder in its place. */
async function refuseForeignFolder(folder: string): Promise<void> {
  const foreign = await foreignOnTheWay(folder);
  if (foreign === undefined) return;
  throw new KeysUnusable(
    `${foreign.path} belongs to another user (${foreign.uid}): started as root no keys are kept there. Start as that ` +
      "user, or name a data directory of root's own",
  );
}

async function writeDurably(path: string, text: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | NO_LINK, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (!MODES_COUNT) return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function keyFilesIn(folder: string): Promise<readonly KeyFile[]> {
  const there = await lstat(folder).catch(refuse(folder));
  if (there.isSymbolicLink()) throw new KeysUnusable(`${folder} is a link: move the folder itself there`);
  // Root may do everything anyway.
  if (MODES_COUNT && there.uid !== process.getuid?.() && there.uid !== 0) throw foreign(folder, there.uid);
  if (MODES_COUNT && (there.mode & OTHERS_WRITE) !== 0) {
    throw new KeysUnusable(`others may write into ${folder}: chmod 700 ${folder}`);
  }
  return (await namesIn(folder)).map((file) => {
    const match = KEY_FILE.exec(file);
    if (match === null) throw new KeysUnusable(`${join(folder, file)} is no key file: take it out of the folder`);
    return { file, name: match[1] as KeyName, sequence: Number(match[2]) };
  });
}

/** Names in the folder but those that begin with a dot; none when there is no folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    return refuse(folder)(error);
  });
  return names.filter((name) => !name.startsWith('.'));
}

async function readKey(folder: string, { file, name, sequence }: KeyFile): Promise<ProvidedKey> {
  // Such a file is not damaged where this Node can't read it.
  if (name === 'log-ml-dsa-44') demandMlDsa44();
  const path = join(folder, file);
  const content = parse(await readOwn(path));
  if (content === undefined || !KEY_ID.test(content.id) || !content.id.startsWith(`${name}-${sequence}-`)) {
    throw new KeysUnusable(`${path} is damaged or was renamed: put it back from its backup`);
  }
  try {
    const key = importKey(name, Buffer.from(content.key, 'base64url'));
    return { id: content.id, key, madeAt: content.madeAt };
  } catch (error) {
    throw error instanceof KeysUnusable ? new KeysUnusable(`${path} is damaged: ${error.message}`) : error;
  }
}

/** The text of a file that is this user's alone. What is looked at and what is read are one file: it is opened once. */
async function readOwn(path: string): Promise<string> {
  const handle: FileHandle = await open(path, constants.O_RDONLY | NO_LINK | NO_WAIT).catch((error: unknown) => {
    if (codeOf(error) === 'ELOOP') throw new KeysUnusable(`${path} is a link: put the file itself there`);
    return refuse(path)(error);
  });
  try {
    const there = await handle.stat();
    if (!there.isFile()) throw new KeysUnusable(`${path} is no file`);
    if (MODES_COUNT && there.uid !== process.getuid?.()) throw foreign(path, there.uid);
    if (MODES_COUNT && (there.mode & OTHERS_READ_OR_WRITE) !== 0) {
      throw new KeysUnusable(`others may read or write ${path}: chmod 600 ${path}, and consider the key known`);
    }
    return await handle.readFile('utf8').catch(refuse(path));
  } finally {
    await handle.close();
  }
}

const foreign = (path: string, uid: number): KeysUnusable =>
  new KeysUnusable(
    `${path} belongs to another user (${uid}), who may know or replace what is in it: start as that user, or give it to ` +
      'the one who starts and consider the keys known',
  );

/** The error of JSON.parse quotes what it read, so it goes no further than here. */
function parse(text: string): { readonly id: string; readonly key: string; readonly madeAt: number } | undefined {
  try {
    const content = JSON.parse(text) as { id?: unknown; key?: unknown; madeAt?: unknown } | null;
    // An earlier version did not note when.
    const { id, key, madeAt = 0 } = content ?? {};
    // Two keys in one file: which of them is the one that is backed up elsewhere can't be told.
    const isWhole =
      typeof id === 'string' &&
      typeof key === 'string' &&
      typeof madeAt === 'number' &&
      membersTwice(text).length === 0;
    return isWhole ? { id, key, madeAt } : undefined;
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown reason';

const refuse =
  (path: string) =>
  (error: unknown): never => {
    throw new KeysUnusable(`${path} can't be read (${codeOf(error)})`);
  };
