import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#libs/embedded';
import { StoreUnavailable } from '#libs/eventing';
import { readConfiguration } from '#libs/configuration';
import { PRODUCTION_SETTINGS, testAuthority, testClient, until, type TestCertificate } from '#libs/testing';
import { openBackbone, type OpenBackbone } from './open-backbone.js';

/** A PostgreSQL of its own that has a certificate, and the start of an app in production mode that asks for it. */
describe('databases over TLS', () => {
  const authority = testAuthority('Authority of the organization');
  const foreign = testAuthority('Authority of somebody else');
  let folder: string;
  let server: EmbeddedPostgres;
  let running: OpenBackbone | undefined;
  const fileOf = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-tls-'));
    // The server's user has to get in, whoever runs the tests.
    await chmod(folder, 0o711);
    await writeFile(fileOf('ca.pem'), authority.certificate);
    await writeFile(fileOf('foreign.pem'), foreign.certificate);
    server = await startEmbeddedPostgres({ dataDir: fileOf('server'), pgDir: fileOf('pg') });
    await present(authority.issue(['127.0.0.1']));
  });
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const asAdministrator = async <Row extends object>(...statements: readonly string[]): Promise<Row[]> => {
    const client = await testClient(server.url('postgres'));
    try {
      let rows: Row[] = [];
      for (const statement of statements) ({ rows } = await client.query<Row>(statement));
      return rows;
    } finally {
      await client.end();
    }
  };
  /** Has the server show this certificate to whoever comes from now on. */
  async function present({ certificate, key }: TestCertificate): Promise<void> {
    const [row] = await asAdministrator<{ place: string }>("select current_setting('data_directory') as place");
    const { place } = row!;
    const { uid, gid } = await stat(place);
    for (const [name, text] of [
      ['test.crt', certificate],
      ['test.key', key],
    ] as const) {
      await writeFile(join(place, name), text, { mode: 0o600 });
      await chown(join(place, name), uid, gid);
    }
    await asAdministrator(
      "alter system set ssl_cert_file = 'test.crt'",
      "alter system set ssl_key_file = 'test.key'",
      'alter system set ssl = on',
      'select pg_reload_conf()',
    );
  }
  const start = async (parameters: string): Promise<OpenBackbone> => {
    const over = (url: string): string => `${url}?${parameters}`;
    const { register, registerOwner, keyStore } = server.urls;
    const configuration = readConfiguration(['--data-dir', fileOf('data')], {
      ...PRODUCTION_SETTINGS,
      DATABASE_URL: over(register),
      DATABASE_OWNER_URL: over(registerOwner),
      KEYSTORE_URL: over(keyStore),
    });
    const quiet = (): void => undefined;
    return (running = await openBackbone(configuration, { log: quiet, observer: {}, onTrouble: quiet }));
  };
  const trusting = (name: string): string => `sslmode=verify-full&sslrootcert=${fileOf(name)}`;

  it('are spoken to in no other way, by every connection of the register and of the key store', async () => {
    await start(trusting('ca.pem'));
    const sessions = await asAdministrator<{ datname: string; ssl: boolean }>(
      `select distinct datname, ssl from pg_stat_ssl join pg_stat_activity using (pid)
       where datname <> 'postgres' and backend_type = 'client backend' order by datname`,
    );
    expect(sessions.map(({ ssl }) => ssl)).toEqual([true, true]);
  });

  it.each([
    ['is of an authority that is not trusted', 'foreign.pem', ['127.0.0.1'], /certificate/],
    ['is for another host', 'ca.pem', ['db.supplier.example'], /does not match certificate's altnames/],
  ])('are not used where their certificate %s, which is said in a line', async (_what, root, hosts, why) => {
    await present(authority.issue(hosts));
    const shown = async (): Promise<boolean> => {
      const error = await start(trusting(root)).catch((refused: unknown) => refused);
      expect(error).toBeInstanceOf(StoreUnavailable);
      return why.test((error as Error).message);
    };
    // Whoever comes while the server reads its settings again may meet the one before.
    await until('the certificate is shown', shown);
  });

  it('are not used where the file with the authority is not there, which is said without the address', async () => {
    const error = await start(trusting('none.pem')).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect((error as Error).message).toContain('sslrootcert');
    expect((error as Error).message).not.toContain(server.urls.register);
  });
});
