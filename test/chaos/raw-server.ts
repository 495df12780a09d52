import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { KEY_STORE_DATABASE, REGISTER_DATABASE, startEmbeddedPostgres } from '#libs/embedded';

/** Why a server can't be started past the embedded one's settings here; `undefined` when it can. */
export const noRawServer = (): string | undefined =>
  process.platform === 'linux' ? undefined : "the server's program is found through /proc";

export interface RawServer {
  readonly register: string;
  readonly keyStore: string;
  stop(): Promise<void>;
}

/** A cluster as our embedded server makes it, whose server is then started by hand with settings it would not allow. */
export interface RawCluster {
  start(settings: Readonly<Record<string, string>>): Promise<RawServer>;
  remove(): Promise<void>;
}

export async function rawCluster(): Promise<RawCluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-raw-'));
  // Open to the server's user, or its files would be put elsewhere when root runs the tests.
  await chmod(dataDir, 0o711);
  const made = await startEmbeddedPostgres({ dataDir });
  const program = readlinkSync(`/proc/${made.pid()}/exe`);
  const [register, keyStore] = [made.url(REGISTER_DATABASE), made.url(KEY_STORE_DATABASE)];
  await made.stop();
  const pgdata = join(made.place, 'pgdata');
  const { uid, gid } = await stat(pgdata);

  return {
    async start(settings) {
      const all = { listen_addresses: '127.0.0.1', port: String(made.port), unix_socket_directories: '', ...settings };
      const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const user = process.getuid?.() === 0 ? { uid, gid } : {};
      const server = spawn(program, ['-D', pgdata, ...args], { ...user, cwd: '/', stdio: 'ignore' });
      const ended = new Promise<void>((resolve) => {
        server.once('exit', () => resolve());
        server.once('error', () => resolve());
      });
      try {
        await connectable(register, ended);
      } catch (error) {
        server.kill('SIGQUIT');
        throw error;
      }
      return {
        register,
        keyStore,
        async stop() {
          server.kill('SIGINT');
          await ended;
        },
      };
    },
    remove: async () => {
      for (const path of [dataDir, made.place]) await rm(path, { recursive: true, force: true });
    },
  };
}

async function connectable(url: string, ended: Promise<void>): Promise<void> {
  let gone = false;
  void ended.then(() => (gone = true));
  for (const began = performance.now(); ; await new Promise((answer) => setTimeout(answer, 50))) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (gone || performance.now() - began > 30_000) throw error;
    }
  }
}
