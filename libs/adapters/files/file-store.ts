import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FileDamaged, FileMissing, StoreUnavailable, type FileStore, type KeptFile } from '#libs/eventing';

const ADDRESS = /^[0-9a-f]{64}$/;
/** Folder of the addresses that begin so. */
const HOME = /^[0-9a-f]{2}$/;
/** Files that are being written: they become others when they are whole, or nothing. */
const DRAFT = '.new-';
/** Whoever still writes has ended by then: an upload takes seconds. */
const ABANDONED_AFTER_MS = 3_600_000;
const PIECE_BYTES = 65_536;

/**
 * Files in a folder, each at `<first two digits>/<address>`. A file is written as a draft, forced to disk and renamed into
 * place, and so is its name: after a crash there is the whole file or none. Drafts of killed processes go at the next
 * opening. The folder has to exist; everything in it is readable by its owner alone.
 */
export async function folderFileStore(folder: string): Promise<FileStore> {
  await removeAbandonedDrafts(folder);

  const homeOf = (address: string): string => join(folder, address.slice(0, 2));

  return {
    async put(bytes, before) {
      const draft = join(folder, `${DRAFT}${randomUUID()}`);
      try {
        const written = await writeDraft(draft, bytes);
        const home = homeOf(written.address);
        await before?.(written.address);
        await onDisk(() => mkdir(home, { recursive: true, mode: 0o700 }));
        // The same bytes were the same file: whichever of the two has the name in the end.
        await onDisk(() => rename(draft, join(home, written.address)));
        await onDisk(() => forceFolder(home));
        await onDisk(() => forceFolder(folder));
        return written;
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw error;
      }
    },

    async *get(address) {
      // Whatever else it is may lead out of the folder.
      if (!ADDRESS.test(address)) throw new FileMissing('an address has 64 hexadecimal digits');
      yield* read(join(homeOf(address), address), address);
    },

    async *list() {
      for (const home of await onDisk(() => readdir(folder))) {
        if (!HOME.test(home)) continue;
        const names = await onDisk(() => readdir(join(folder, home)));
        yield* names.filter((name) => ADDRESS.test(name) && name.startsWith(home));
      }
    },

    async remove(address) {
      if (!ADDRESS.test(address)) return;
      await onDisk(() => rm(join(homeOf(address), address), { force: true }));
      await onDisk(() => forceFolder(homeOf(address))).catch((error: unknown) => {
        // There never was one that begins so.
        if (!isMissing((error as Error).cause)) throw error;
      });
    },
  };
}

async function writeDraft(path: string, bytes: AsyncIterable<Uint8Array>): Promise<KeptFile> {
  const file = await onDisk(() => open(path, 'wx', 0o600));
  try {
    const hash = createHash('sha256');
    let size = 0;
    // What the source rejects with is not the disk's doing, and passes as it is.
    for await (const chunk of bytes) {
      hash.update(chunk);
      await onDisk(() => writeWhole(file, chunk));
      size += chunk.length;
    }
    await onDisk(() => file.sync());
    return { address: hash.digest('hex'), size };
  } finally {
    await file.close();
  }
}

/** A disk that is full may take a part of it. */
async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, at, chunk.length - at);
    at += bytesWritten;
  }
}

async function* read(path: string, address: string): AsyncGenerator<Uint8Array> {
  const file = await onDisk(() => open(path, 'r')).catch((error: unknown) => {
    throw isMissing((error as Error).cause) ? new FileMissing(`no file is kept at ${address}`) : error;
  });
  try {
    const hash = createHash('sha256');
    for (;;) {
      const { buffer, bytesRead } = await onDisk(() => file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES));
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      yield piece;
    }
    if (hash.digest('hex') !== address) throw new FileDamaged(`the file at ${address} holds other bytes`);
  } finally {
    await file.close();
  }
}

/** A name that is not forced to disk may be gone after a crash, and with it the file. */
async function forceFolder(path: string): Promise<void> {
  // Windows opens no folders; its file systems keep the order of names by themselves.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeAbandonedDrafts(folder: string): Promise<void> {
  const names = await onDisk(() => readdir(folder));
  for (const name of names.filter((each) => each.startsWith(DRAFT))) {
    const path = join(folder, name);
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - changed > ABANDONED_AFTER_MS) await onDisk(() => rm(path, { force: true }));
  }
}

/** Paths say where the data directory is: messages name the system's code only. */
async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new StoreUnavailable(`file store: ${code}`, undefined, { cause: error });
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
