import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notRoot, onWindows, unless } from '#libs/testing';
import { exportKeyFiles, fileKeyProvider, importKeyFiles } from './file-key-provider.js';
import { exportKey, knowsMlDsa44 } from './key-material.js';
import { KEY_NAMES, KeysUnusable } from './key-provider.js';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('keys in a folder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'waarborg-keys-'));
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });
  let count = 0;
  const newFolder = (): string => join(root, `data-${(count += 1)}`, 'keys');
  const allOf = async (folder: string) => {
    const provider = await fileKeyProvider(folder);
    const keys = await Promise.all(KEY_NAMES.map((name) => provider.all(name)));
    return keys.flat().map(({ id, key }) => [id, exportKey(key).toString('hex')]);
  };

  it('are made at the first start, for the owner only, and are the same at every later one', async () => {
    const folder = newFolder();
    const first = await allOf(folder);
    expect(first.map(([id]) => id!.replace(/[0-9a-f]{8}$/, ''))).toEqual([
      'master-1-',
      'lookup-1-',
      'token-1-',
      'log-1-',
    ]);
    expect(await allOf(folder)).toEqual(first);
    const files = (await readdir(folder)).sort();
    expect(files).toEqual(['answer-es256.1.json', 'log.1.json', 'lookup.1.json', 'master.1.json', 'token.1.json']);
    expect(await modeOf(folder)).toBe('700');
    for (const file of files) expect(await modeOf(join(folder, file))).toBe('600');
  });

  // Its seed, as a newer Node would have written it.
  const mlDsaFile = JSON.stringify({
    id: 'log-ml-dsa-44-1-00c0ffee',
    key: Buffer.from(`3034020100300b060960864801650304031104228020${'07'.repeat(32)}`, 'hex').toString('base64url'),
    madeAt: 1_000,
  });
  const withMlDsa = async (text = mlDsaFile): Promise<string> => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await writeFile(join(folder, 'log-ml-dsa-44.1.json'), text, { mode: 0o600 });
    return folder;
  };

  it('may be of ML-DSA-44: a Node that does not know it uses the others, and keeps the file in backups', async () => {
    const folder = await withMlDsa();
    const provider = await fileKeyProvider(folder);
    expect(await provider.all('log')).toHaveLength(1);
    const files = await exportKeyFiles(folder);
    expect(files.get('log-ml-dsa-44.1.json')).toBe(mlDsaFile);
    const elsewhere = newFolder();
    await importKeyFiles(elsewhere, files);
    expect(await readFile(join(elsewhere, 'log-ml-dsa-44.1.json'), 'utf8')).toBe(mlDsaFile);
  });

  unless(knowsMlDsa44() ? 'this Node knows ML-DSA-44' : undefined).it(
    'of ML-DSA-44 are not called damaged where this Node can not read them',
    async () => {
      const provider = await fileKeyProvider(await withMlDsa());
      await expect(provider.all('log-ml-dsa-44')).rejects.toThrow(/^this Node \(v.*\) knows no ML-DSA-44/);
      await expect(provider.rotate('log-ml-dsa-44')).rejects.toThrow('knows no ML-DSA-44');
      expect(await (await fileKeyProvider(newFolder())).all('log-ml-dsa-44')).toEqual([]);
    },
  );

  unless(knowsMlDsa44() ? undefined : `Node ${process.version} does not know ML-DSA-44`).it(
    'of ML-DSA-44 are made when they are asked for, kept, and refused when they are others',
    async () => {
      const folder = await withMlDsa();
      const provider = await fileKeyProvider(folder);
      const made = await provider.rotate('log-ml-dsa-44');
      expect(made).toMatch(/^log-ml-dsa-44-2-[0-9a-f]{8}$/);
      const all = await (await fileKeyProvider(folder)).all('log-ml-dsa-44');
      expect(all.map(({ id }) => id)).toEqual([made, 'log-ml-dsa-44-1-00c0ffee']);
      const ed25519 = (await provider.all('log'))[0]!;
      const key = exportKey(ed25519.key).toString('base64url');
      const wrong = await withMlDsa(mlDsaFile.replace(/"key":"[^"]+"/, `"key":"${key}"`));
      const refusal = (await fileKeyProvider(wrong)).all('log-ml-dsa-44');
      await expect(refusal).rejects.toThrow('a log-ml-dsa-44 key is of type ml-dsa-44');
    },
  );

  it('are made by one of several first starts at once, and all use those', async () => {
    const folder = newFolder();
    const [first, ...others] = await Promise.all([allOf(folder), allOf(folder), allOf(folder)]);
    for (const other of others) expect(other).toEqual(first);
    expect(await readdir(join(folder, '..'))).toEqual(['keys']);
  });

  it('are made in an empty folder too, and what a killed first start left is cleaned up', async () => {
    const folder = newFolder();
    await mkdir(folder, { recursive: true });
    await mkdir(`${folder}.new-0123456789ab`);
    await writeFile(join(`${folder}.new-0123456789ab`, 'master.1.json'), '{"id":"mas');
    expect(await allOf(folder)).toHaveLength(4);
    expect(await readdir(join(folder, '..'))).toEqual(['keys']);
    expect(await modeOf(folder)).toBe('700');
  });

  it('are not beside what a rotation left that was killed half way', async () => {
    const folder = newFolder();
    await allOf(folder);
    const draft = join(folder, '.new-0123456789ab');
    await writeFile(draft, '{"id":"mas', { mode: 0o600 });
    await utimes(draft, 0, 0);
    await allOf(folder);
    expect((await readdir(folder)).sort()).toEqual([
      ...['answer-es256.1.json', 'log.1.json', 'lookup.1.json', 'master.1.json', 'token.1.json'],
    ]);
  });

  it('rotate to a new current key and keep the old one, seen by other processes as well', async () => {
    const folder = newFolder();
    const here = await fileKeyProvider(folder);
    const there = await fileKeyProvider(folder);
    const [old] = await here.all('master');
    const bytes = await readFile(join(folder, 'master.1.json'));
    const ids = [await here.rotate('master'), await there.rotate('master')];
    for (const provider of [here, there, await fileKeyProvider(folder)]) {
      expect((await provider.all('master')).map(({ id }) => id)).toEqual([ids[1], ids[0], old!.id]);
    }
    expect(await readFile(join(folder, 'master.1.json'))).toEqual(bytes);
    expect(await modeOf(join(folder, 'master.3.json'))).toBe('600');
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('take a token key back in every process, and always leave one to sign with', async () => {
    const folder = newFolder();
    const here = await fileKeyProvider(folder);
    const there = await fileKeyProvider(folder);
    const idsOf = async (provider: typeof here) => (await provider.all('token')).map(({ id }) => id);
    const [first] = await idsOf(there);
    const second = await here.rotate('token');
    await here.withdraw('token', first!);
    expect(await idsOf(there)).toEqual([second]);
    await here.withdraw('token', second);
    const [third, ...none] = await idsOf(there);
    expect([none, third === second, third!.startsWith('token-3-')]).toEqual([[], false, true]);
    expect(await idsOf(await fileKeyProvider(folder))).toEqual([third]);
    for (const id of [first!, 'master-1-00000000', '../x'])
      await expect(here.withdraw('token', id)).rejects.toThrow(KeysUnusable);
    expect((await here.all('master')).length).toBe(1);
  });

  it('get the one for answers that an earlier version did not make, one for all who start at once (LVL-14)', async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await rm(join(folder, 'answer-es256.1.json'));
    const providers = await Promise.all([1, 2, 3].map(() => fileKeyProvider(folder)));
    expect(await providers[0]!.all('answer-es256')).toEqual([]);
    await Promise.all(providers.map((provider) => provider.begin('answer-es256')));
    const ids = await Promise.all(providers.map(async (each) => (await each.all('answer-es256')).map(({ id }) => id)));
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
    expect(ids[0]).toEqual([expect.stringMatching(/^answer-es256-1-[0-9a-f]{8}$/)]);
    expect(await modeOf(join(folder, 'answer-es256.1.json'))).toBe('600');
    expect(await providers[0]!.all('answer-ps256')).toEqual([]);
    await providers[1]!.begin('answer-ps256');
    const second = await providers[1]!.rotate('answer-ps256');
    await providers[2]!.withdraw('answer-ps256', second);
    const left = (await providers[0]!.all('answer-ps256')).map(({ id }) => id.replace(/[0-9a-f]{8}$/, ''));
    expect(left).toEqual(['answer-ps256-3-', 'answer-ps256-1-']);
  });

  it('come back from a backup as they were, in a folder that holds none', async () => {
    const folder = newFolder();
    await (await fileKeyProvider(folder)).rotate('master');
    const files = await exportKeyFiles(folder);
    expect([...files.keys()].sort()).toEqual((await readdir(folder)).sort());
    const restored = newFolder();
    await importKeyFiles(restored, files);
    expect(await allOf(restored)).toEqual(await allOf(folder));
    expect(await modeOf(restored)).toBe('700');
    for (const file of files.keys()) expect(await modeOf(join(restored, file))).toBe('600');

    const gone = newFolder();
    await expect(exportKeyFiles(gone)).rejects.toThrow(
      /^no keys are in .*put the keys of a register that is there back/,
    );
    await expect(stat(gone)).rejects.toMatchObject({ code: 'ENOENT' });

    const other = newFolder();
    const kept = await allOf(other);
    await expect(importKeyFiles(other, files)).rejects.toThrow('holds keys already: they are not replaced');
    expect(await allOf(other)).toEqual(kept);
    const strange = newFolder();
    await expect(importKeyFiles(strange, new Map([...files, ['../x.json', '']]))).rejects.toThrow('is no key file');
    await expect(stat(strange)).rejects.toThrow('ENOENT');
  });

  it('never replace one another when several rotate at once', async () => {
    const folder = newFolder();
    const providers = await Promise.all([fileKeyProvider(folder), fileKeyProvider(folder)]);
    const ids = await Promise.all([0, 1, 2, 3].map((i) => providers[i % 2]!.rotate('lookup')));
    const kept = (await providers[0]!.all('lookup')).map(({ id }) => id);
    expect(kept).toHaveLength(5);
    expect(kept).toEqual(expect.arrayContaining(ids));
  });

  it.each([
    ['a file that the group may read', 0o640],
    ['a file that everybody may read', 0o604],
    ['a file that the group may write', 0o620],
  ])('are refused with %s', async (_, mode) => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await chmod(join(folder, 'lookup.1.json'), mode);
    const path = join(folder, 'lookup.1.json');
    await expect(fileKeyProvider(folder)).rejects.toThrow(`others may read or write ${path}: chmod 600 ${path}`);
  });

  it.each([
    ['a file outside', (folder: string) => join(folder, '..', 'elsewhere.json')],
    ['a file beside it', (folder: string) => join(folder, '.elsewhere.json')],
  ])('are refused where a key file is a link to %s', async (_, target) => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    const path = join(folder, 'master.1.json');
    await rename(path, target(folder));
    await symlink(target(folder), path);
    await expect(fileKeyProvider(folder)).rejects.toThrow(`${path} is a link`);
  });

  it('are refused in a folder that is a link', async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await rename(folder, `${folder}-elsewhere`);
    await symlink(`${folder}-elsewhere`, folder);
    await expect(fileKeyProvider(folder)).rejects.toThrow(`${folder} is a link`);
    await rm(folder);
    await symlink(`${folder}-nowhere`, folder);
    await expect(fileKeyProvider(folder)).rejects.toBeInstanceOf(KeysUnusable);
    await expect(stat(`${folder}-nowhere`)).rejects.toThrow('ENOENT');
  });

  it('are refused when a key file is a folder', async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await rm(join(folder, 'log.1.json'));
    await mkdir(join(folder, 'log.1.json'));
    await expect(fileKeyProvider(folder)).rejects.toBeInstanceOf(KeysUnusable);
  });

  unless(onWindows('no named pipe lies in a folder')).it('are refused when a key file is a pipe', async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await rm(join(folder, 'log.1.json'));
    execFileSync('mkfifo', ['-m', '600', join(folder, 'log.1.json')]);
    await expect(fileKeyProvider(folder)).rejects.toThrow('is no file');
  });

  const asRoot = unless(notRoot());

  asRoot.it("are refused when a file or the folder is another user's", async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    const path = join(folder, 'token.1.json');
    await chown(path, 65_534, 65_534);
    await expect(fileKeyProvider(folder)).rejects.toThrow(`${path} belongs to another user (65534)`);
    await chown(path, 0, 0);
    await chown(folder, 65_534, 65_534);
    await expect(fileKeyProvider(folder)).rejects.toThrow(`${folder} belongs to another user (65534)`);
  });

  asRoot.it('are made in no folder of another user, and nothing there is touched', async () => {
    const theirs = join(root, 'theirs');
    await mkdir(join(theirs, 'roots'), { recursive: true });
    await chown(theirs, 65_534, 65_534);
    const before = await readdir(theirs);
    for (const folder of [join(theirs, 'keys'), join(theirs, 'deep', 'keys'), join(theirs, 'roots', 'keys')]) {
      await expect(fileKeyProvider(folder)).rejects.toThrow(`${theirs} belongs to another user (65534)`);
    }
    expect(await readdir(theirs)).toEqual(before);
    expect(await readdir(join(theirs, 'roots'))).toEqual([]);
    const ours = join(root, 'ours');
    await mkdir(ours);
    await symlink(ours, join(theirs, 'on'));
    await symlink(join(theirs, 'on'), join(root, 'through'));
    await expect(fileKeyProvider(join(root, 'through', 'keys'))).rejects.toThrow(`${theirs} belongs to another user`);
    expect(await readdir(ours)).toEqual([]);
  });

  it('are refused in a folder that others may write into', async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await chmod(folder, 0o770);
    await expect(fileKeyProvider(folder)).rejects.toThrow(`others may write into ${folder}: chmod 700 ${folder}`);
  });

  it('are never made again when one is missing', async () => {
    const folder = newFolder();
    await fileKeyProvider(folder);
    await rm(join(folder, 'master.1.json'));
    await expect(fileKeyProvider(folder)).rejects.toThrow('holds no master key: put it back from its backup');
    expect(await readdir(folder)).not.toContain('master.1.json');
  });

  it('are refused when a file is damaged, renamed or unknown, without a word of what is in it', async () => {
    const damages: readonly ((folder: string) => Promise<void>)[] = [
      (folder) => writeFile(join(folder, 'master.1.json'), 'c2VjcmV0 secret {'),
      (folder) => writeFile(join(folder, 'master.1.json'), '{"id":"master-1-01234567","key":"c2VjcmV0"}'),
      (folder) => writeFile(join(folder, 'token.1.json'), '{"id":"token-1-01234567","key":"c2VjcmV0"}'),
      (folder) => writeFile(join(folder, 'log.1.json'), 'null'),
      async (folder) => {
        // Which of the two counts differs from reader to reader.
        const path = join(folder, 'master.1.json');
        await writeFile(path, (await readFile(path, 'utf8')).replace('{', '{"key":"c2VjcmV0",'));
      },
      (folder) => rename(join(folder, 'master.1.json'), join(folder, 'master.2.json')),
      (folder) => writeFile(join(folder, 'master.1.json.bak'), 'c2VjcmV0', { mode: 0o600 }),
    ];
    for (const damage of damages) {
      const folder = newFolder();
      await fileKeyProvider(folder);
      await damage(folder);
      const error = await fileKeyProvider(folder).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(KeysUnusable);
      expect((error as Error).message).toContain(folder);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/c2VjcmV0|secret/);
    }
  });

  it('are refused where no folder can be', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    await expect(fileKeyProvider(join(file, 'keys'))).rejects.toBeInstanceOf(KeysUnusable);
  });

  it('do not show their bytes when a provider or a key is printed', async () => {
    const folder = newFolder();
    const provider = await fileKeyProvider(folder);
    for (const name of KEY_NAMES) {
      const [key] = await provider.all(name);
      const { key: text } = JSON.parse(await readFile(join(folder, `${name}.1.json`), 'utf8')) as { key: string };
      const printed = inspect([provider, key], { depth: 10, showHidden: true }) + JSON.stringify(key);
      expect(printed).not.toContain(text.slice(0, 40));
    }
  });
});
