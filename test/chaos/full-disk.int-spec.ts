import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPostgresStores, type PostgresStores } from '#libs/adapters/postgres';
import { REGISTER_DATABASE, startEmbeddedPostgres, type EmbeddedPostgres } from '#libs/embedded';
import { StoreUnavailable } from '#libs/eventing';
import { streamId, type EventId } from '#libs/kernel';
import { unless, until } from '#libs/testing';

/** Room for a cluster, its write-ahead log and some megabytes of events. */
const DISK = '256m';
const EVENT_BYTES = 40_000;
/** Together larger than what is left, smaller than a segment of the write-ahead log, which has its room already. */
const APPENDS = 200;

/** A small disk in memory; undefined where such a one can't be mounted. */
function smallDisk(at: string): string | undefined {
  if (process.platform !== 'linux') return 'a small disk is mounted as tmpfs';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0711`, 'waarborg-small-disk', at], {
      stdio: 'pipe',
    });
    return undefined;
  } catch {
    return 'mounting a small disk needs root';
  }
}

const mountPoint = await mkdtemp(join(tmpdir(), 'waarborg-disk-'));
await chmod(mountPoint, 0o711);
const reason = smallDisk(mountPoint);
afterAll(async () => {
  if (reason === undefined) execFileSync('umount', [mountPoint]);
  await rm(mountPoint, { recursive: true, force: true });
});

unless(reason).describe('a full disk', () => {
  let server: EmbeddedPostgres;
  let stores: PostgresStores;
  const ballast = join(mountPoint, 'ballast');
  /** Ids of events whose append was acknowledged. */
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  /** What the store's observer was told. */
  const told: [string, number][] = [];

  beforeAll(async () => {
    server = await startEmbeddedPostgres({ dataDir: mountPoint });
    stores = await openPostgresStores({
      database: server.url(REGISTER_DATABASE),
      observer: { failed: (log, appends) => void told.push([log, appends]) },
    });
  });
  afterAll(async () => {
    await stores?.close();
    await server?.stop();
    if (server !== undefined) await rm(server.place, { recursive: true, force: true });
  });

  async function append(): Promise<void> {
    const id = randomUUID();
    // Bytes that do not compress: the table has to grow.
    const bytes = JSON.stringify(Array.from({ length: EVENT_BYTES / 36 }, () => randomUUID()).join(''));
    try {
      await stores.events.append(streamId('check', id), 'no-stream', [
        { id: id as EventId, type: 'CheckRecorded', bytes },
      ]);
      acknowledged.add(id);
    } catch (error) {
      expect(error).toBeInstanceOf(StoreUnavailable);
      expect((error as Error).message).toMatch(/^.*No space left on device.*$/);
      refused.add(id);
    }
  }

  /** Takes all room that is left. */
  async function fill(): Promise<void> {
    const file = await open(ballast, 'w');
    try {
      for (const block = Buffer.alloc(64 * 1024); ;) await file.write(block);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    } finally {
      await file.close();
    }
  }

  async function stored(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for await (const page of stores.feed.replay(0n)) for (const { id } of page.items) ids.add(id);
    return ids;
  }

  it('refuses appends in one line, loses none that it acknowledged, and goes on when there is room', async () => {
    for (let count = 0; count < 20; count++) await append();
    expect(refused.size).toBe(0);

    await fill();
    await Promise.all(Array.from({ length: APPENDS }, append));
    expect(refused.size).toBeGreaterThan(0);
    expect(told.every(([log]) => log === 'events')).toBe(true);
    expect(told.reduce((sum, [, appends]) => sum + appends, 0)).toBe(refused.size);
    expect(await stored()).toEqual(acknowledged);

    await rm(ballast);
    const before = acknowledged.size;
    await until('an append is taken again', async () => {
      await append();
      return acknowledged.size > before;
    });
    expect(await stored()).toEqual(acknowledged);
  });
});
