import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REGISTER_DATABASE, startEmbeddedPostgres } from '#libs/embedded';
import { testClient, unless } from '#libs/testing';
import { client, having, type Client } from '../e2e/support/client.js';
import { until } from '../e2e/support/until.js';
import { verify } from '../tools/verify.js';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from './suite-process.js';

const BACKUP = 'backup_of_the_morning';

/** interfaces.md §9: the register is put back to an older state, the key store with its high-water mark is not. */
unless(obstacle()).describe('a register restored from an older backup', () => {
  let place: Installation;
  let token: string;
  beforeAll(async () => {
    place = await installation();
  });
  afterAll(() => place?.remove(), READY_WITHIN);

  const started = async (): Promise<{ suite: SuiteProcess; supplier: Client }> => {
    const suite = await place.start();
    token ??= place.token('supplier');
    return { suite, supplier: client(suite.url, token) };
  };
  const register = async (supplier: Client, familyName: string): Promise<{ id: string; position: string }> => {
    const { body } = having(await supplier.command('/v1/persons', { familyName }), 201);
    return { id: body['id'] as string, position: body['position'] as string };
  };
  /** Statements on the server of the installation, no suite running. */
  const onServer = async (...statements: readonly string[]): Promise<void> => {
    const server = await startEmbeddedPostgres({ dataDir: place.dataDir });
    const maintenance = await testClient(server.url('postgres'));
    for (const statement of statements) await maintenance.query(statement);
    await maintenance.end();
    await server.stop();
  };

  it(
    'is refused until a person adopts it; then what the backup held is there and what came later is not',
    async () => {
      const morning = await started();
      const early = await register(morning.supplier, 'Early');
      await morning.suite.stop();
      await onServer(`create database ${BACKUP} template ${REGISTER_DATABASE}`);

      const afternoon = await started();
      const published = async (): Promise<string> => (await fetch(`${afternoon.suite.url}/log/checkpoint`)).text();
      const before = await published();
      const late = await register(afternoon.supplier, 'Late');
      await until('its log is published', async () => (await published()) !== before);
      having(await afternoon.supplier.get(`/v1/persons/${late.id}`), 200);
      await afternoon.suite.stop();
      await onServer(`drop database ${REGISTER_DATABASE}`, `alter database ${BACKUP} rename to ${REGISTER_DATABASE}`);

      const refused = await place.startInVain();
      expect(refused.status).not.toBe(0);
      expect(refused.output).toMatch(/position \d+ was reached before: it was restored from an older backup/);
      expect(refused.output).not.toMatch(/^\s+at /m);

      const adopted = await place.adopt('Disk failure, backup of this morning');
      expect(adopted).toMatchObject({ status: 0 });
      expect(adopted.output).toContain('positions are of epoch 2');

      // What was published of the log stays published, and is not given out a second time.
      const behind = await place.startInVain();
      expect(behind.status).not.toBe(0);
      expect(behind.output).toMatch(/was published up to \d+ entries, and the database knows \d+: it was restored/);
      const adoptedLog = await place.tool('adopt-restored-log', '--reason', 'Disk failure, backup of this morning');
      expect(adoptedLog).toMatchObject({ status: 0 });
      expect(adoptedLog.output).toMatch(/Its entries \d+ to \d+ have no records any more/);

      const evening = await started();
      expect(having(await evening.supplier.get(`/v1/persons/${early.id}`), 200).body).toMatchObject({ id: early.id });
      expect((await evening.supplier.get(`/v1/persons/${late.id}`)).status).toBe(404);
      // A position of before the restore says nothing about this store: neither of what is lost nor of what is there.
      for (const { position } of [early, late]) {
        const answer = await evening.supplier.get(`/v1/persons/${early.id}?after=${encodeURIComponent(position)}`);
        expect([answer.status, answer.body['code']]).toEqual([400, 'foreign-position']);
      }
      const next = await register(evening.supplier, 'Next');
      having(await evening.supplier.get(`/v1/persons/${next.id}?after=${encodeURIComponent(next.position)}`), 200);
      // Whoever verifies the log finds what was lost accounted for, and nothing missing besides.
      const auditor = await mkdtemp(join(tmpdir(), 'waarborg-auditor-'));
      const handed = await place.tool('log-records', auditor);
      expect(handed).toMatchObject({ status: 0 });
      const files = ['--checkpoint', join(auditor, 'checkpoint'), '--records', join(auditor, 'records.ndjson')];
      const { report } = await verify(`${evening.suite.url}/log`, ...files);
      await rm(auditor, { recursive: true });
      expect(report).toMatchObject({ intact: true, complete: true, faults: [] });
      expect(report.records!['orphaned']).toBeGreaterThan(0);
      expect(report.records!['records']! + report.records!['orphaned']!).toBe(report.size);
      await evening.suite.stop();
    },
    4 * READY_WITHIN,
  );
});
