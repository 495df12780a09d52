import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#libs/embedded';

/** A server of its own for a bench, durable as in production, gone afterwards. All contenders use it. */
export async function benchServer() {
  const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-bench-'));
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => process.stderr.write(`${line}\n`) });
  const maintenance = new pg.Client({ connectionString: server.url('postgres') });
  await maintenance.connect();
  // A closed pool's last connections end a moment later; to force them out would be an error that nobody expects.
  const dropWhenLeft = async (name) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await maintenance.query(`drop database ${name}`);
      } catch (error) {
        if (error.code !== '55006' || attempt === 50) throw error;
        await maintenance.query('select pg_sleep(0.1)');
      }
    }
  };
  let made = 0;
  return {
    port: server.port,
    /** A folder that goes with it. */
    folder: dataDir,
    /** A fresh database: its address, and how to be rid of it. */
    async database() {
      const name = `bench_${(made += 1)}`;
      await maintenance.query(`create database ${name} encoding 'UTF8' template template0`);
      const url = server.url(name);
      return { name, url, drop: () => dropWhenLeft(name) };
    },
    /** Empties what the former contender left to write, so that the next one does not pay for it. */
    settle: () => maintenance.query('checkpoint'),
    async machine() {
      const { rows } = await maintenance.query(
        `select current_setting('server_version') as version, current_setting('fsync') as fsync,
                current_setting('synchronous_commit') as commit, current_setting('shared_buffers') as buffers`,
      );
      const [{ version, fsync, commit, buffers }] = rows;
      const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
      return (
        `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${memory}, Node ${process.versions.node}, ` +
        `PostgreSQL ${version} (fsync ${fsync}, synchronous_commit ${commit}, shared_buffers ${buffers})`
      );
    },
    async stop() {
      await maintenance.end();
      await server.stop();
      for (const path of [dataDir, server.place]) await rm(path, { recursive: true, force: true });
    },
  };
}
