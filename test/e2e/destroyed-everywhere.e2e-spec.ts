import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { retentionReviews } from '#apps/archive';
import { legalHoldsProjection, retentionProjection, type KeptName } from '#libs/application';
import type { KeptItem } from '#libs/eventing';
import { OWNER_FILE } from '#libs/files';
import { later, type Instant } from '#libs/kernel';
import { mediaFiles } from '#libs/testing';
import { paperCase, type PaperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { dumpDatabase, formsFound } from './support/dump.js';
import { ON_CLUSTER, startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';
import { uploadFile } from './support/upload.js';

/**
 * What is left of people when their time is over, wherever it lay, and when a backup of before is put back (ARCH-11, RIGHTS-06).
 * The look at what is due is one of eight years later; everything else is a suite on its databases and folders.
 */

const DESTROYS = ['--retention-destruction', 'on'];
const EIGHT_YEARS = 8 * 366 * 86_400_000;
/** A process that did not destroy a key uses what it has of it for a minute at most (libs/vault), in milliseconds. */
const KEPT_BY_OTHERS = 75_000;
const DIRECTOR = {
  familyName: 'Verdwijnmans-Zwaluwstaart',
  givenNames: 'Quirinus',
  birthDate: '1944-02-29',
  birthPlace: 'Weggeerloo',
  address: 'Nergenspad 4141, Weggeerloo',
  email: 'quirinus@weggeerloo.example',
};
const DOCUMENT = { number: 'WGQ414141', expiresOn: '2037-11-29', issuer: 'Burgemeester van Weggeerloo' };
const BUSINESS = {
  ...{ kind: 'undertaking', name: 'Schoenlapperij Verdwijnmans', address: 'Nergenspad 4143, Weggeerloo' },
  naturalPersonsBusiness: true,
};
const VALUES = [...Object.values(DIRECTOR), ...Object.values(DOCUMENT), BUSINESS.name, BUSINESS.address];

/** What is put in place under another name may be there no more when it is read. */
function isGone(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
  throw error;
}

describe('people whose time is over', () => {
  let suite: TestSuite;
  let supplier: Client;
  let paper: PaperCase;
  let units: readonly KeptName[];
  let holders: readonly string[];
  let streams: readonly string[];
  let before: readonly { readonly table: string; readonly rows: readonly Record<string, unknown>[] }[];
  const files = new Map<string, Buffer>();

  beforeAll(async () => {
    suite = await startSuite(undefined, DESTROYS);
    supplier = await suite.client('supplier');
    paper = await paperCase(supplier, { party: BUSINESS, director: DIRECTOR, directorDocument: DOCUMENT });
    const form = (await (await uploadFile(supplier, paper.application, mediaFiles.pngFile())).json()) as { id: string };
    having(await supplier.command(`/v1/evidence/${form.id}/descriptions`, { kind: 'form' }), 200);
    units = [
      `application/${paper.application}`,
      `person/${paper.director.id}`,
      `person/${paper.employee.id}`,
      `party/${paper.party}`,
    ];
    holders = [
      ...[paper.application, paper.director.id, paper.director.document, paper.employee.id, paper.employee.document],
      ...[paper.party, form.id],
    ];
    streams = [
      ...[`application-${paper.application}`, `person-${paper.director.id}`, `person-${paper.employee.id}`],
      ...[`party-${paper.party}`, `evidence-${form.id}`, ...paper.dossier.map((check) => `check-${check}`)],
    ];
    await until('the log has all of it', async () => (await kept()).length === streams.length);
  });
  afterAll(() => suite.end());

  /** Streams of which the archive has records. */
  const kept = async (): Promise<readonly string[]> => {
    const rows = await suite.place.register.query<{ record: string }>('select record from waarborg.log_records');
    return streams.filter((stream) => rows.some(({ record }) => record.includes(`"stream":"${stream}"`)));
  };
  const keys = async (): Promise<readonly string[]> => {
    const rows = await suite.place.keys.query<{ id: string }>('select id from vault.object_key');
    return holders.filter((holder) => rows.some(({ id }) => id === holder));
  };
  const foundBy = async (): Promise<number> =>
    (
      await suite.place.keys.query('select from vault.identifier where person_id = any($1)', [
        [paper.director.id, paper.employee.id],
      ])
    ).length;
  const folder = (): string => join(suite.place.dataDir, 'evidence');
  const sealedFiles = async (): Promise<readonly string[]> => {
    const names = await readdir(folder(), { recursive: true, withFileTypes: true });
    return names
      .filter((entry) => entry.isFile() && entry.name !== OWNER_FILE)
      .map((entry) => join(entry.parentPath, entry.name));
  };
  const anyOf = async (): Promise<readonly string[]> => {
    const all = [...(await dumpDatabase(suite.place.register.url)), ...(await dumpDatabase(suite.place.keys.url))];
    const names = await readdir(suite.place.dataDir, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      names
        .filter((entry) => entry.isFile())
        .map(async (entry) => ({
          table: join(entry.parentPath, entry.name),
          text: await readFile(join(entry.parentPath, entry.name), 'latin1').catch(isGone),
        })),
    );
    const logged = { table: 'the log of the process', text: suite.lines.join('\n') };
    return [...all, ...texts, logged].flatMap(({ table, text }) =>
      VALUES.flatMap((value) => formsFound(text, value).map((form) => `${value} in ${table} (${form})`)),
    );
  };

  it('are on record until then, with keys, with what they are found by, with records and files', async () => {
    expect((await keys()).length).toBeGreaterThanOrEqual(6);
    expect(await kept()).toEqual(streams);
    expect(await foundBy()).toBeGreaterThan(0);
    expect((await sealedFiles()).length).toBe(1);
    expect(having(await supplier.get(`/v1/persons/${paper.director.id}`), 200).body).toMatchObject(DIRECTOR);
    for (const path of await sealedFiles()) files.set(path, await readFile(path));
    const backup = async (from: 'register' | 'keys', table: string) => ({
      table,
      rows: await suite.place[from].query<Record<string, unknown>>(`select * from ${table}`),
    });
    before = [
      await backup('keys', 'vault.object_key'),
      await backup('keys', 'vault.identifier'),
      await backup('register', 'waarborg.log_records'),
    ];
  });

  const gone = async (): Promise<void> => {
    await until('keys, files and records are gone', async () => {
      const left = [...(await keys()), ...(await kept()), ...(await sealedFiles())];
      return left.length === 0 && (await foundBy()) === 0;
    });
    expect(await anyOf()).toEqual([]);
    for (const path of [`/v1/persons/${paper.director.id}`, `/v1/persons/${paper.employee.id}`]) {
      const code = async (): Promise<unknown> => (await supplier.get(path)).body['code'];
      if (ON_CLUSTER) await until(`${path} is erased`, async () => (await code()) === 'erased', KEPT_BY_OTHERS);
      expect(await code()).toBe('erased');
    }
    const search = { familyName: DIRECTOR.familyName, birthDate: DIRECTOR.birthDate };
    expect(having(await supplier.ask('/v1/persons/_search', search), 200).body['items']).toEqual([]);
  };

  it('leave nothing that opens or that they are found by, in no table and no file', async () => {
    const { backbone } = suite.running.open;
    // On a cluster the look is that of one more process beside the archive, with its own hand on the read models.
    backbone.readModels.run(retentionProjection);
    backbone.readModels.run(legalHoldsProjection);
    const then = (): Instant => later(backbone.now(), EIGHT_YEARS);
    const clock = { now: then, refreshed: () => Promise.resolve(then()) };
    const chore = retentionReviews(backbone, clock, () => undefined);
    for (const id of units) {
      await until(`${id} is gone`, async () => {
        const performed = await chore.perform({ id } as KeptItem, new AbortController().signal);
        return performed.is === 'done';
      });
    }
    await gone();
  });

  it('do not come back with a backup of the keys, the archive and the files of before: a start destroys it again', async () => {
    await suite.stop();
    const [ofKeys, ofIdentifiers, ofRecords] = before;
    const put = async (to: 'register' | 'keys', { table, rows }: (typeof before)[number]): Promise<void> => {
      for (const row of rows) {
        const names = Object.keys(row);
        const values = names.map((_, nth) => `$${nth + 1}`).join(', ');
        await suite.place[to].query(
          `insert into ${table} (${names.join(', ')}) values (${values}) on conflict do nothing`,
          Object.values(row),
        );
      }
    };
    await suite.place.keys.query('truncate vault.destroyed_key');
    // The register of before has no mark of what was carried out since.
    await suite.place.register.query("delete from waarborg.checkpoints where name like 'destruction-ledger%'");
    await put('keys', ofKeys!);
    await put('keys', ofIdentifiers!);
    await put('register', ofRecords!);
    for (const [path, bytes] of files) await writeFile(path, bytes);
    expect((await keys()).length).toBeGreaterThanOrEqual(6);
    expect(await kept()).toEqual(streams);
    const { place } = suite;
    suite = await startSuite(place, DESTROYS);
    supplier = await suite.client('supplier');
    await gone();
  });
});
