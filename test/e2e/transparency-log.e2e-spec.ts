import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfiguration } from '#libs/configuration';
import { startWaarborg } from '#libs/composition';
import {
  checkLog,
  judgeCheckpoint,
  parsePolicy,
  parseVerifierKey,
  publicKeyPem,
  recordEntry,
  trusting,
  verifyReceipt,
  type Checkpoint,
  type TileSource,
} from '#libs/transparency-log';
import { ArchiveModule } from '#apps/archive';
import { at, paperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { databaseSettings, startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** What anybody sees of the log, with nothing but its address. */
describe('the transparency log of a suite', () => {
  let suite: TestSuite;
  let supplier: Client;
  beforeAll(async () => {
    suite = await startSuite();
    supplier = await suite.client('supplier');
  });
  afterAll(() => suite.end());

  const get = (path: string): Promise<Response> => fetch(`${suite.url}/log/${path}`);
  const text = async (path: string): Promise<string> => (await get(path)).text();
  const source: TileSource = {
    async read(path) {
      const answer = await get(path);
      if (answer.status === 404) return undefined;
      expect(answer.status).toBe(200);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
  const key = async () => parseVerifierKey((await text('vkey')).trimEnd());
  const checkpoint = async (): Promise<Checkpoint> =>
    judgeCheckpoint(await text('checkpoint'), trusting(await key())).checkpoint;
  const grown = async (from: number): Promise<Checkpoint> => {
    await until('the log has grown', async () => (await checkpoint()).size > from);
    return checkpoint();
  };
  const intake = { channel: 'nonElectronic', medium: 'writing', purposes: ['means'] };
  const someFact = async (): Promise<void> =>
    void having(await supplier.command('/v1/applications', { ...intake, receivedAt: new Date().toISOString() }), 201);

  it('has every fact, under a checkpoint that was signed by its key', async () => {
    const { size } = await grown(0);
    await someFact();
    const newest = await grown(size);
    expect(newest.origin).toMatch(/^waarborg\.invalid\/[0-9a-f-]{36}\/log$/);
    await checkLog({ source, size: newest.size, root: newest.root });
  });

  it('holds the entry of each event and record, in one order, and nothing that tells of them (ARCH-00)', async () => {
    const auditor = await suite.client('auditor');
    const { size } = await grown(0);
    having(await auditor.ask('/v1/audit/checks/_search', { reason: 'A look at the log' }), 200);
    const { size: newest } = await grown(size);
    const { log, feed, records } = suite.running.open.stores;
    const entries: Buffer[] = [];
    const { root } = await checkpoint();
    await checkLog({ source, size: newest, root, onEntry: (_, entry) => void entries.push(Buffer.from(entry)) });
    const kept = await Promise.all(entries.map(async (entry, index) => ({ ...(await log.at(index))!, entry })));
    for (const { entry, kept: own } of kept) {
      expect(recordEntry(own!.salt, Buffer.from(own!.record)).equals(entry)).toBe(true);
    }
    const events = (await feed.read(-1n, newest)).items;
    const recorded = (await records.read(-1n, newest)).items;
    const ids = kept.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const inOrder = events.map(({ id }) => id as string).filter((id) => ids.includes(id));
    expect(ids.filter((id) => inOrder.includes(id!))).toEqual(inOrder);
    expect(inOrder.length).toBeGreaterThanOrEqual(2);
    expect(ids).toContain(recorded.at(-1)!.id);
    // What is sealed where it was recorded is sealed here.
    expect(kept.filter(({ kept: own }) => own!.record.includes('A look at the log'))).toEqual([]);
  });

  it('hands out the receipt of a check, which verifies without the log (ARCH-13)', async () => {
    const case1 = await paperCase(supplier);
    const facts = {
      ...{ type: 'eSignatureValidation', about: { person: case1.director.id }, application: case1.application },
      ...{ performedAt: at(0), performedBy: { clerk: 'clerk-17' }, source: { name: 'case-file', reference: 'page-1' } },
      signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
    };
    const { body } = having(await supplier.command('/v1/checks', facts), 201);
    const id = body['id'] as string;
    const { text: receipt, headers } = having(await supplier.get(`/v1/checks/${id}/receipt`), 200);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${id}.tlog-proof"`);
    const own = await key();
    const { record, checkpoint: shown } = verifyReceipt(receipt, trusting(own));
    const { event } = JSON.parse(record.toString()) as { event: { type: string; data: { check: string } } };
    expect([event.type, event.data.check]).toEqual(['CheckRecorded', id]);
    expect((await checkpoint()).size).toBeGreaterThanOrEqual(shown.size);
    const [, extra = ''] = /\nextra (.{100})/.exec(receipt)!;
    const forged = receipt.replace(extra, `${extra.slice(0, 60)}${extra[60] === 'A' ? 'B' : 'A'}${extra.slice(61)}`);
    expect(() => verifyReceipt(forged, trusting(own))).toThrow();
    const unknown = having(await supplier.get(`/v1/checks/${NOBODY}/receipt`), 404);
    expect(unknown.body['code']).toBe('no-such-check');
  });

  it('is served as files that stay, beside a checkpoint that is asked for each time, to any page', async () => {
    await grown(0);
    const [note, tile] = [await get('checkpoint'), await get(`tile/0/000.p/${(await checkpoint()).size}`)];
    expect(note.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(note.headers.get('cache-control')).toBe('no-cache');
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
    expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const missing = await get('tile/0/x999/999');
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store']);
    for (const answer of [note, tile, missing]) expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    for (const path of ['', 'tile', 'tile/0', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/64/000', '%2e%2e/keys']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    const posted = await fetch(`${suite.url}/log/checkpoint`, { method: 'POST' });
    expect([404, 405]).toContain(posted.status);
  });

  it('gives its key in three forms', async () => {
    const own = await key();
    expect(await text('vkey')).toMatch(/^[^\n]+\n$/);
    const { logs } = parsePolicy(await text('policy'));
    expect(logs.map(({ key: { id } }) => id)).toEqual([own.id]);
    expect(await text('key.pem')).toBe(publicKeyPem(own));
  });

  it('goes on after a restart, and does not begin on files that were changed or under another name', async () => {
    const { size } = await checkpoint();
    await suite.stop();
    const { place } = suite;
    const start = (more: Readonly<Record<string, string>> = {}) =>
      startWaarborg(
        [ArchiveModule],
        readConfiguration(['--port', '0', '--data-dir', place.dataDir, '--log-level', 'silent'], {
          ...databaseSettings(place),
          ...more,
        }),
        () => undefined,
      );
    await expect(start({ LOG_ORIGIN: 'other.example/log' })).rejects.toThrow('LOG_ORIGIN names other.example/log');
    const folder = join(place.dataDir, 'log', 'tile', '0', '000.p');
    const [path] = (await readdir(folder)).sort((one, other) => Number(other) - Number(one));
    const bytes = await readFile(join(folder, path!));
    const changed = Buffer.from(bytes);
    changed[5]! ^= 1;
    await writeFile(join(folder, path!), changed);
    await expect(start()).rejects.toThrow('are not those of its checkpoint');
    await writeFile(join(folder, path!), bytes);
    // Lost files are made again of the rows.
    await rm(join(place.dataDir, 'log'), { recursive: true });
    suite = await startSuite(place);
    supplier = await suite.client('supplier');
    await someFact();
    const newest = await grown(size);
    await checkLog({ source, size: newest.size, root: newest.root });
  });
});
