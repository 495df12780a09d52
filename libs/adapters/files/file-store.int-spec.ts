import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '#libs/eventing';
import { fileStoreContract, onWindows, unless } from '#libs/testing';
import { folderFileStore } from './index.js';

const aFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'waarborg-files-'));

async function addressesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.map((name) => name.split(/[\\/]/).at(-1)!).filter((name) => name.length === 64);
}

fileStoreContract('folder', async () => {
  const folder = await aFolder();
  return {
    files: await folderFileStore(folder),
    addresses: () => addressesIn(folder),
    async alter(address) {
      const path = join(folder, address.slice(0, 2), address);
      const bytes = await readFile(path);
      bytes[0] = bytes[0]! ^ 1;
      await writeFile(path, bytes);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('files in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await aFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const bytes = async function* (text = 'sealed'): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  };

  it('are there after another opening, and leave no drafts', async () => {
    const { address } = await (await folderFileStore(folder)).put(bytes());
    const read: Uint8Array[] = [];
    for await (const chunk of (await folderFileStore(folder)).get(address)) read.push(chunk);
    expect(Buffer.concat(read).toString()).toBe('sealed');
    expect(await readdir(folder)).toEqual([address.slice(0, 2)]);
  });

  unless(onWindows('has no modes of files')).it('are readable by their owner alone', async () => {
    const { address } = await (await folderFileStore(folder)).put(bytes());
    const home = join(folder, address.slice(0, 2));
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect((await stat(join(home, address))).mode & 0o777).toBe(0o600);
  });

  it('that nobody finished writing go at an opening; those that are being written stay', async () => {
    const [old, fresh] = [join(folder, '.new-old'), join(folder, '.new-fresh')];
    for (const path of [old, fresh]) await writeFile(path, 'half');
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(old, longAgo, longAgo);
    await folderFileStore(folder);
    expect(await readdir(folder)).toEqual(['.new-fresh']);
  });

  it('are refused where the folder is not there, without a word of where it is', async () => {
    const missing = join(folder, 'missing');
    await expect(folderFileStore(missing)).rejects.toBeInstanceOf(StoreUnavailable);
    const files = await folderFileStore(folder);
    await rm(folder, { recursive: true });
    const failure: unknown = await files.put(bytes()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect((failure as Error).message).toBe('file store: ENOENT');
    await mkdir(folder);
  });
});
