import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  cp,
  lchown,
  mkdtemp,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { notRoot, onWindows, unless } from '#libs/testing';
import {
  DataDirectoryHeldError,
  EmbeddedServerFault,
  KEY_STORE_DATABASE,
  LOGINS,
  REGISTER_DATABASE,
  startEmbeddedPostgres,
} from './index.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './index.js';
import { freePort } from './ports.js';

let template: string;
let folder: string;
let running: EmbeddedPostgres[];
let said: string[];
const places = new Set<string>();

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'waarborg-template-'));
  await chmod(template, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: join(template, 'data') });
  await server.stop();
});
afterAll(() => rm(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waarborg-embedded-'));
  await chmod(folder, 0o711);
  running = [];
  said = [];
});
afterEach(async () => {
  for (const server of running) await server.stop();
  for (const path of [folder, ...places]) await rm(path, { recursive: true, force: true });
});

async function start(dataDir: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => said.push(line), ...more });
  running.push(server);
  places.add(server.place);
  return server;
}

/** A data directory as a first start left it: copied, because making one takes a second or more. */
function usedData(): string {
  const dataDir = join(folder, 'data');
  execFileSync('cp', ['-a', join(template, 'data'), dataDir]);
  return dataDir;
}

const ask = (server: EmbeddedPostgres, sql: string, database: string = REGISTER_DATABASE): Promise<unknown[][]> =>
  askAt(server.url(database), sql);

async function askAt(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

/** Asks once the server has said so many times that it is back: it answers before its new process id is known here. */
async function askUntilBack(server: EmbeddedPostgres, sql: string, times: number): Promise<unknown[][]> {
  const isBack = (): boolean => said.filter((line) => line === 'PostgreSQL is back.').length >= times;
  for (const since = Date.now(); ;) {
    try {
      if (!isBack()) throw new Error(`it was not back ${times} times`);
      return await ask(server, sql);
    } catch (error) {
      if (Date.now() - since > 30_000) throw new Error('the server did not come back', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const asRoot = unless(notRoot());

describe('The embedded PostgreSQL server', () => {
  test('has both databases, durable settings and the same order of strings everywhere', async () => {
    const server = await start(join(folder, 'data'));
    expect(
      await ask(
        server,
        `select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'),
                current_setting('server_encoding'), current_setting('TimeZone'), current_setting('listen_addresses')`,
      ),
    ).toEqual([['on', 'on', 'on', 'UTF8', 'UTC', '127.0.0.1']]);
    expect(
      await ask(server, `select datlocprovider::text, datlocale from pg_database where datname = 'waarborg'`),
    ).toEqual([['b', 'C.UTF-8']]);
    expect(await ask(server, 'select current_database()', KEY_STORE_DATABASE)).toEqual([[KEY_STORE_DATABASE]]);
  });

  test('lets nobody in without the password, which only the owner of the data directory can read', async () => {
    const server = await start(usedData());
    const wrong = new pg.Client({ connectionString: server.url('postgres').replace(/:[^:@]+@/, ':guess@') });
    await expect(wrong.connect()).rejects.toThrow(/password authentication failed/);
    expect((await stat(join(folder, 'data', 'postgres.json'))).mode & 0o077).toBe(0);
  });

  unless(onWindows('processes are listed with ps')).it('shows no password to who lists the processes', async () => {
    const server = await start(usedData());
    const listed = execFileSync('ps', ['-axww', '-o', 'args='], { encoding: 'utf8' });
    expect(listed).toContain(server.place);
    for (const url of [server.url('postgres'), ...Object.values(server.urls)]) {
      expect(listed).not.toContain(new URL(url).password);
    }
  });

  test('works with logins of their own, none of them a superuser, each kept to its database', async () => {
    const server = await start(usedData());
    const { register, registerOwner, keyStore } = server.urls;
    for (const url of [register, registerOwner, keyStore]) {
      expect(
        await askAt(url, 'select rolsuper, rolcreaterole, rolreplication from pg_roles where rolname = current_user'),
      ).toEqual([[false, false, false]]);
    }
    const owners = await ask(
      server,
      `select datname, pg_get_userbyid(datdba) from pg_database where datname like 'waarborg%' order by 1`,
    );
    expect(owners).toEqual([
      [REGISTER_DATABASE, LOGINS.owner],
      [KEY_STORE_DATABASE, LOGINS.keyStore],
    ]);
    const elsewhere = [
      [register, KEY_STORE_DATABASE],
      [registerOwner, KEY_STORE_DATABASE],
      [keyStore, REGISTER_DATABASE],
      [register, 'postgres'],
    ] as const;
    for (const [url, database] of elsewhere) {
      await expect(askAt(url.replace(/[^/]*$/, database), 'select 1')).rejects.toThrow(
        'permission denied for database',
      );
    }
    await expect(askAt(register, `set role ${LOGINS.owner}`)).rejects.toThrow('permission denied');
    await expect(askAt(register, 'create schema mine')).rejects.toThrow('permission denied');
  });

  test('gives the logins what they own in a data directory of an earlier release', async () => {
    const first = await start(usedData());
    await ask(first, 'create schema waarborg create table events (position bigint primary key, id serial)');
    await ask(
      first,
      `create function waarborg.append() returns integer language sql as 'select 1';
       insert into waarborg.events values (7)`,
    );
    await ask(first, 'create schema vault create table object_key (id text)', KEY_STORE_DATABASE);
    await first.stop();
    // What an earlier release left: no word of logins, and a way in for replication.
    const recordFile = join(folder, 'data', 'postgres.json');
    const {
      logins: _logins,
      loginsMade: _made,
      ...record
    } = JSON.parse(await readFile(recordFile, 'utf8')) as Record<string, unknown>;
    await writeFile(recordFile, JSON.stringify(record));
    const access = join(first.place, 'pgdata', 'pg_hba.conf');
    await writeFile(
      access,
      'host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n',
    );

    const second = await start(join(folder, 'data'));
    expect(await askAt(second.urls.registerOwner, 'select position from waarborg.events')).toEqual([['7']]);
    await askAt(second.urls.registerOwner, 'alter table waarborg.events add column more text');
    await askAt(second.urls.registerOwner, 'alter function waarborg.append() rename to add');
    await askAt(second.urls.keyStore, 'insert into vault.object_key values (1)');
    await expect(askAt(second.urls.register, 'select position from waarborg.events')).rejects.toThrow(
      'permission denied',
    );
    expect(await ask(second, 'select database from pg_hba_file_rules')).toEqual([[['all']]]);
    const replication = `${second.urls.registerOwner}?replication=database`;
    await expect(askAt(replication, 'IDENTIFY_SYSTEM')).rejects.toThrow(/pg_hba|permission|replication/);
    await second.stop();
    // Once is enough: a later start leaves them as they are.
    const third = await start(join(folder, 'data'));
    expect(third.urls.register.replace(/:\d+\//, '')).toBe(second.urls.register.replace(/:\d+\//, ''));
  });

  test('continues at the second start with the same data on the same port', async () => {
    const first = await start(usedData());
    await ask(first, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(join(folder, 'data'));
    expect(second.port).toBe(first.port);
    expect(await ask(second, 'select answer from kept')).toEqual([[42]]);
  });

  test('works on after its data directory was moved', async () => {
    const first = await start(usedData());
    await ask(first, 'create table kept as select 42 as answer');
    await first.stop();
    await rename(join(folder, 'data'), join(folder, 'moved'));
    const second = await start(join(folder, 'moved'));
    expect(await ask(second, 'select answer from kept')).toEqual([[42]]);
  });

  test('is refused while another holds the data directory', async () => {
    await start(usedData());
    await expect(start(join(folder, 'data'))).rejects.toThrow(DataDirectoryHeldError);
  });

  test('takes another port when its own was taken meanwhile, and refuses a port asked for that is taken', async () => {
    const first = await start(usedData());
    await first.stop();
    const occupied = createServer().listen(first.port, '127.0.0.1');
    await once(occupied, 'listening');
    try {
      const second = await start(join(folder, 'data'));
      expect(second.port).not.toBe(first.port);
      await second.stop();
      await expect(start(join(folder, 'data'), { port: first.port })).rejects.toThrow(
        /Port \d+ for PostgreSQL is in use/,
      );
    } finally {
      occupied.close();
    }
    const asked = await freePort();
    expect((await start(join(folder, 'data'), { port: asked })).port).toBe(asked);
  });

  test('comes back by itself on the same port when its main process is killed, with every committed row', async () => {
    const server = await start(usedData());
    await ask(server, 'create table kept (answer int)');
    for (let round = 1; round <= 3; round += 1) {
      await ask(server, `insert into kept values (${round})`);
      process.kill(server.pid(), 'SIGKILL');
      expect(await askUntilBack(server, 'select count(*)::int from kept', round)).toEqual([[round]]);
    }
    process.kill(server.pid(), 'SIGKILL');
    expect((await server.lost).message).toMatch(/ended unasked 4 times/);
    await server.stop();
    const next = await start(join(folder, 'data'));
    expect(await ask(next, 'select count(*)::int from kept')).toEqual([[3]]);
  });

  test('starts although the number in the pid file of a killed run belongs to some other program now', async () => {
    const first = await start(usedData());
    await ask(first, 'create table kept as select 42 as answer');
    const pidFile = join(first.place, 'pgdata', 'postmaster.pid');
    const left = await readFile(pidFile, 'utf8');
    await first.stop();
    await writeFile(pidFile, left.replace(/^\d+/, String(process.pid)));
    const second = await start(join(folder, 'data'));
    expect(await ask(second, 'select answer from kept')).toEqual([[42]]);
  });

  test('makes its files anew when the first start was killed before they were complete', async () => {
    const first = await start(usedData());
    await first.stop();
    const recordFile = join(folder, 'data', 'postgres.json');
    await writeFile(
      recordFile,
      (await readFile(recordFile, 'utf8')).replace('"initialized": true', '"initialized": false'),
    );
    await rm(join(first.place, 'pgdata'), { recursive: true });
    await mkdir(join(first.place, 'pgdata.new-half'));
    const second = await start(join(folder, 'data'));
    expect(await ask(second, 'select 1')).toEqual([[1]]);
    await expect(stat(join(first.place, 'pgdata.new-half'))).rejects.toThrow(/ENOENT/);
  });

  test('never makes an empty server where its files or its record are gone', async () => {
    const first = await start(usedData());
    await first.stop();
    const recordFile = join(folder, 'data', 'postgres.json');
    const record = await readFile(recordFile);
    await rm(recordFile);
    await expect(start(join(folder, 'data'))).rejects.toThrow(/postgres\.json with its password is missing/);
    await writeFile(recordFile, record, { mode: 0o600 });
    await rm(join(first.place, 'pgdata'), { recursive: true });
    await expect(start(join(folder, 'data'))).rejects.toThrow(/are gone though .*postgres\.json names them/);
  });

  test('says what the server said when it does not start', async () => {
    const first = await start(usedData());
    await first.stop();
    await writeFile(join(first.place, 'pgdata', 'postgresql.auto.conf'), 'max_connections = many\n');
    await expect(start(join(folder, 'data'))).rejects.toThrow(
      /^PostgreSQL did not start[^]*postgres\.log:\n[^]*max_connections/,
    );
  });

  asRoot.it(
    'as root, goes where its user can go when the data directory lies in a closed folder, and is found there again',
    async () => {
      const closed = join(folder, 'closed');
      await mkdir(closed, { mode: 0o700 });
      const first = await start(join(closed, 'data'));
      expect(first.place).toMatch(/^\/var\/lib\/waarborg\/[0-9a-f]{16}$/);
      expect(said).toEqual([
        `PostgreSQL can't run as root and its user can't enter ${closed}: its own directory is ${first.place}.`,
      ]);
      await ask(first, 'create table kept as select 42 as answer');
      await first.stop();
      const second = await start(join(closed, 'data'));
      expect(await ask(second, 'select answer from kept')).toEqual([[42]]);
      await second.stop();

      await rm(join(closed, 'data'), { recursive: true });
      said = [];
      const third = await start(join(closed, 'data'));
      expect(said[1]).toBe(`Kept aside what an earlier data directory left there: ${first.place}.aside-1.`);
      places.add(`${first.place}.aside-1`);
      await expect(ask(third, 'select answer from kept')).rejects.toThrow(/does not exist/);
    },
  );

  asRoot.it('as root, refuses a place that the caller named and its user cannot enter, with the reason', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(start(join(folder, 'data'), { pgDir: join(closed, 'pg') })).rejects.toThrow(
      `can't enter ${closed}. Open that folder (chmod a+x ${closed}) or name another place.`,
    );
    const server = await start(join(folder, 'data'), { pgDir: join(folder, 'pg') });
    expect(server.place).toBe(join(folder, 'pg'));
  });

  asRoot.it('as root, runs as a system user of its own', async () => {
    const server = await start(usedData());
    const { uid } = await stat(join(server.place, 'pgdata'));
    expect(execFileSync('id', ['-un', String(uid)], { encoding: 'utf8' }).trim()).toBe('waarborg-db');
    expect((await stat(join(folder, 'data', 'postgres.json'))).uid).toBe(0);
  });

  asRoot.it('as root, changes nothing in a folder of another user, however it is reached', async () => {
    const theirs = join(folder, 'theirs');
    await mkdir(join(theirs, 'data'), { recursive: true });
    await writeFile(join(theirs, 'data', 'postgres.json'), '{}');
    for (const path of ['.', 'data', 'data/postgres.json']) await chown(join(theirs, path), 65_534, 65_534);
    await mkdir(join(theirs, 'roots'));
    await symlink(theirs, join(folder, 'link'));
    await symlink(folder, join(folder, 'their-link'));
    await lchown(join(folder, 'their-link'), 65_534, 65_534);
    await mkdir(join(folder, 'ours'));
    await symlink(join(folder, 'ours'), join(theirs, 'on'));
    await symlink(join(theirs, 'on'), join(folder, 'through'));
    const seen = (): string => execFileSync('find', [theirs, '-printf', '%p %u %m %s %T@\n'], { encoding: 'utf8' });
    const before = seen();
    const paths = ['data', 'new', 'new/deep', 'roots'].flatMap((path) => [
      join(theirs, path),
      join(folder, 'link', path),
    ]);
    for (const dataDir of [...paths, join(folder, 'their-link', 'data'), join(folder, 'through', 'data')]) {
      const starting = start(dataDir);
      await expect(starting).rejects.toBeInstanceOf(EmbeddedServerFault);
      await expect(starting).rejects.toThrow(
        /belongs to another user \(65534\): started as root nothing is written there/,
      );
    }
    await expect(start(join(folder, 'data'), { pgDir: join(theirs, 'pg') })).rejects.toThrow('belongs to another user');
    expect(seen()).toBe(before);
  });

  asRoot.it('as root, writes to no place that a link in the folder of the server leads to', async () => {
    const first = await start(usedData());
    await first.stop();
    const victim = join(folder, 'victim');
    await writeFile(victim, 'untouched\n', { mode: 0o600 });
    const pgdata = join(first.place, 'pgdata');
    const { uid, gid } = await stat(pgdata);
    // What the server's user could leave behind in his own folder.
    for (const name of ['pg_hba.conf', 'postmaster.pid']) {
      await rm(join(pgdata, name), { force: true });
      await symlink(victim, join(pgdata, name));
      await lchown(join(pgdata, name), uid, gid);
    }
    await writeFile(victim, `${process.pid}\nuntouched\n`);
    await start(join(folder, 'data')).catch(() => undefined);
    expect(await readFile(victim, 'utf8')).toBe(`${process.pid}\nuntouched\n`);
    expect((await stat(victim)).uid).toBe(0);
  });

  asRoot.it('as root, lets a copied data directory not share the files of the first one', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await start(join(closed, 'data'));
    await cp(join(closed, 'data'), join(closed, 'copy'), { recursive: true });
    await expect(start(join(closed, 'copy'))).rejects.toThrow(DataDirectoryHeldError);
  });
});
