import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '#libs/eventing';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { BackupDamaged, checkCopies, copySchemaIn, copySchemaOut, hasSchema, type CopiedSchema } from './backup.js';

const TEXT = 'tab\t, line\nand backslash \\. \\N ’ 𝄞';
const SCHEMA = `
  create schema kept;
  create table kept.rows (id bigserial primary key, "Odd name" text, gone text, made bigint generated always as (id * 2) stored);
  alter table kept.rows drop column gone;
  create table kept.months (month int, text text) partition by list (month);
  create table kept.months_1 partition of kept.months for values in (1);
  create table kept.anew (id int);
  create sequence kept.untouched;`;

describe('a schema copied into files and back', () => {
  let folder: string;
  let from: TestDatabase;
  let to: TestDatabase;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-copies-'));
    [from, to] = [await testDatabase(), await testDatabase()];
    for (const statement of SCHEMA.split(';').slice(0, -1)) {
      await from.query(statement);
      await to.query(statement);
    }
    await from.query('insert into kept.rows ("Odd name") values ($1), (null)', [TEXT]);
    await from.query('insert into kept.months values (1, $1)', ['x']);
    await from.query('insert into kept.anew values (1)');
    await to.query('insert into kept.months values (1, $1)', ['made with the table']);
  });
  afterEach(async () => {
    await from.drop();
    await to.drop();
    await rm(folder, { recursive: true, force: true });
  });
  const copiedOut = () =>
    copySchemaOut<{ readonly rows: number }>(from.url, 'kept', folder, {
      ...{ except: ['anew'], facts: 'select count(*)::int as rows from kept.rows' },
    });
  const rowsOf = async ({ query }: TestDatabase) => ({
    rows: await query('select * from kept.rows order by id'),
    months: await query('select * from kept.months'),
    anew: await query('select * from kept.anew'),
    next: await query(`select nextval('kept.rows_id_seq')::int as next`),
  });

  it('is what it was, with its sequences and what was asked of the same moment', async () => {
    const copied = await copiedOut();
    expect(copied).toMatchObject({
      ...{ schema: 'kept', facts: { rows: 2 }, sequences: [{ name: 'rows_id_seq', value: '2' }] },
      tables: [
        { name: 'months', columns: ['month', 'text'], file: 'months.copy' },
        { name: 'rows', columns: ['id', 'Odd name'], file: 'rows.copy' },
      ],
    });
    for (const { file, bytes } of copied.tables) {
      const { size, mode } = await stat(join(folder, file));
      expect([size, mode & 0o777]).toEqual([bytes, 0o600]);
    }
    await checkCopies(folder, copied);
    await copySchemaIn(to.url, folder, copied, {
      before: ['create table kept.steps (at text)', 'insert into kept.steps select count(*)::text from kept.rows'],
      after: ['insert into kept.steps select count(*)::text from kept.rows'],
    });
    expect(await to.query('select at from kept.steps')).toEqual([{ at: '0' }, { at: '2' }]);
    expect(await rowsOf(to)).toEqual({ ...(await rowsOf(from)), anew: [] });
  });

  it('is never written over what is there', async () => {
    await writeFile(join(folder, 'rows.copy'), 'kept');
    await expect(copiedOut()).rejects.toThrow('EEXIST');
    expect(await readFile(join(folder, 'rows.copy'), 'utf8')).toBe('kept');
  });

  it.each<[string, (path: string) => Promise<void>, string]>([
    ['is missing', (path) => rm(path), "can't be read: ENOENT"],
    [
      'is a link',
      async (path) => {
        await rename(path, `${path}.moved`);
        await symlink(`${path}.moved`, path);
      },
      "can't be read: ELOOP",
    ],
    ['is shorter', async (path) => writeFile(path, (await readFile(path)).subarray(1)), 'bytes instead of'],
    [
      'holds something else',
      async (path) => writeFile(path, (await readFile(path, 'utf8')).replace('line', 'lime')),
      'or others',
    ],
  ])('is refused where a file %s, and nothing is put in', async (_what, damage, reason) => {
    const copied: CopiedSchema = await copiedOut();
    const path = join(folder, 'rows.copy');
    await damage(path);
    const checking = checkCopies(folder, copied);
    await expect(checking).rejects.toBeInstanceOf(BackupDamaged);
    await expect(checking).rejects.toThrow(path);
    await expect(checking).rejects.toThrow(reason);
    const before = await rowsOf(to);
    await expect(copySchemaIn(to.url, folder, copied)).rejects.toThrow();
    expect(await rowsOf(to)).toEqual({ ...before, next: [{ next: 2 }] });
  });

  it('is there or not, and an address that is none or leads nowhere is said to be so', async () => {
    expect([await hasSchema(from.url, 'kept'), await hasSchema(from.url, 'lost')]).toEqual([true, false]);
    for (const address of ['no address', 'postgresql://localhost:1/nothing']) {
      await expect(hasSchema(address, 'kept')).rejects.toBeInstanceOf(StoreUnavailable);
    }
  });
});
