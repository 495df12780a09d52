import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unless, until } from '#libs/testing';
import { client, freshKey, having, type Client } from '../e2e/support/client.js';
import { installation, obstacle, READY_WITHIN, type Installation } from './suite-process.js';

const WRITERS = 4;

interface Written {
  readonly key: string;
  readonly familyName: string;
  readonly id: string;
  readonly position: string;
}

/** docs/operations.md, Backup: three parts beside a running suite, put back into an empty installation. */
unless(obstacle()).describe('a backup', () => {
  let place: Installation;
  let other: Installation;
  let folder: string;
  beforeAll(async () => {
    place = await installation();
    other = await installation();
    folder = await mkdtemp(join(tmpdir(), 'waarborg-backup-'));
  });
  afterAll(async () => {
    await place?.remove();
    await other?.remove();
    await rm(folder, { recursive: true, force: true });
  }, READY_WITHIN);

  const register = async (supplier: Client, familyName: string): Promise<Written> => {
    const key = freshKey();
    const { body } = having(await supplier.command('/v1/persons', { familyName }, key), 201);
    return { key, familyName, id: body['id'] as string, position: body['position'] as string };
  };
  const at = async (supplier: Client, { id }: Written): Promise<string | number> => {
    const { status, body } = await supplier.get(`/v1/persons/${id}`);
    return status === 200 ? (body['familyName'] as string) : status;
  };

  it(
    'taken under load is put back whole: everything from before it, nothing from after it, nothing half',
    async () => {
      const target = join(folder, 'backup');
      const suite = await place.start();
      const supplier = client(suite.url, place.token('supplier'));
      const [before, during, after]: [Written[], Written[], Written[]] = [[], [], []];
      for (let count = 0; count < 20; count++) before.push(await register(supplier, `Before ${count}`));

      let backingUp = true;
      const load = Array.from({ length: WRITERS }, async (_, writer) => {
        for (let count = 0; backingUp; count++) during.push(await register(supplier, `During ${writer}.${count}`));
      });
      const written = async (more: number): Promise<void> => {
        const least = during.length + more;
        await until('the load has written more', () => during.length >= least);
      };
      await written(2 * WRITERS);
      const [taken] = await Promise.all([place.backUp(target), written(2 * WRITERS)]);
      backingUp = false;
      await Promise.all(load);
      expect(taken).toMatchObject({ status: 0 });
      for (let count = 0; count < 5; count++) after.push(await register(supplier, `After ${count}`));

      expect((await readdir(target)).sort()).toEqual(['key-store', 'keys', 'register']);
      const open = execFileSync('find', [target, '-perm', '/077'], { encoding: 'utf8' });
      expect(open).toBe('');
      const again = await place.backUp(target);
      expect(again).toMatchObject({ status: 1 });
      expect(again.output).toContain('is not empty: a backup is never written over another');
      await suite.stop();

      const used = await place.restore(target);
      expect(used).toMatchObject({ status: 1 });
      expect(used.output).toContain('The register is in use');

      expect(await other.restore(target)).toMatchObject({ status: 0 });
      const refused = await other.startInVain();
      expect(refused.status).not.toBe(0);
      expect(refused.output).toContain('was reached before: it was restored from an older backup');
      // What others have seen of the log is in no backup: without it the table would go on from what it knows.
      const blind = await other.adopt('The machine burned down');
      expect(blind.status).not.toBe(0);
      expect(blind.output).toMatch(
        /was published, up to \d+ entries and perhaps further, and LOG_DIR, or LOG_BUCKET, holds nothing of it/,
      );
      await cp(join(place.dataDir, 'log'), join(other.dataDir, 'log'), { recursive: true });
      expect(await other.adopt('The machine burned down')).toMatchObject({ status: 0 });
      expect((await other.startInVain()).output).toContain('npm run adopt-restored-log -- --reason');
      expect(await other.tool('adopt-restored-log', '--reason', 'The machine burned down')).toMatchObject({
        status: 0,
      });

      const restored = await other.start();
      const there = client(restored.url, other.token('supplier'));
      for (const written of before) expect(await at(there, written)).toBe(written.familyName);
      for (const written of after) expect(await at(there, written)).toBe(404);
      for (const written of during) expect([written.familyName, 404]).toContain(await at(there, written));
      // The keys are those of before: a retry meets its first answer, and a new person is sealed and opened.
      const retried = before[0]!;
      const retry = having(await there.command('/v1/persons', { familyName: retried.familyName }, retried.key), 201);
      expect([retry.body['id'], retry.headers.get('idempotency-replayed')]).toEqual([retried.id, 'true']);
      expect(await at(there, await register(there, 'Next'))).toBe('Next');
      // Positions that were given out, before or after the backup, say nothing about this store.
      const answer = await there.get(`/v1/persons/${retried.id}?after=${encodeURIComponent(retried.position)}`);
      expect([answer.status, answer.body['code']]).toEqual([400, 'foreign-position']);
      await restored.stop();
    },
    6 * READY_WITHIN,
  );

  it('is not begun without a folder, nor put back from one that holds none', async () => {
    expect((await place.restore(join(folder, 'nothing'))).output).toContain('holds no complete part of a backup');
    await expect(stat(join(folder, 'nothing'))).rejects.toThrow('ENOENT');
  });
});
