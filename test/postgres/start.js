import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileEmbedded } from './compile-embedded.js';
import { folderInMemory } from './memory.js';

/**
 * One PostgreSQL server for every spec of a run; each spec makes databases of its own in it. Its maintenance
 * database stands in WAARBORG_TEST_POSTGRES; who sets that beforehand brings a server himself. WAARBORG_TEST_RUN is a folder for
 * what is made once in the run. The server's files, and all
 * temporary files of the run, are in memory where there is room, unless TMPDIR says where they belong.
 */
export default async function start() {
  if (process.env.WAARBORG_TEST_POSTGRES) return;
  const temporary = process.env.TMPDIR ? undefined : folderInMemory();
  if (temporary !== undefined) process.env.TMPDIR = temporary;
  const { folder, module } = await compileEmbedded();
  const { startEmbeddedPostgres } = await import(module);
  const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-test-'));
  // Open to the server's user, or its files would be put elsewhere when root runs the tests.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => process.stderr.write(`${line}\n`) });
  process.env.WAARBORG_TEST_POSTGRES = server.url('postgres');
  process.env.WAARBORG_TEST_RUN = await mkdtemp(join(tmpdir(), 'waarborg-run-'));
  // A run that is ended must not leave its server behind.
  const ended = () => void globalThis.stopTestPostgres?.().finally(() => process.exit(143));
  process.once('SIGTERM', ended);
  globalThis.stopTestPostgres = async () => {
    process.off('SIGTERM', ended);
    const run = process.env.WAARBORG_TEST_RUN;
    for (const name of ['WAARBORG_TEST_POSTGRES', 'WAARBORG_TEST_RUN']) delete process.env[name];
    await server.stop();
    for (const path of [dataDir, server.place, folder, run]) await rm(path, { recursive: true, force: true });
    if (temporary === undefined) return;
    delete process.env.TMPDIR;
    await rm(temporary, { recursive: true, force: true });
  };
}
