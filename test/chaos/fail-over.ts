import { randomUUID } from 'node:crypto';
import { testClient } from '#libs/testing';

/** Two servers that an address may lead to: here two databases, of which the one takes the other's name. */
export interface FailOver {
  /** Keeps a copy of the database as it is now; nobody may be connected to it. */
  copy(): Promise<string>;
  /**
   * Cuts everyone off and lets the name lead to the copy, as a fail-over to a standby does; `undefined`: to a copy that
   * lags behind nothing. What was there until now is gone.
   */
  to(copy: string | undefined): Promise<void>;
  close(): Promise<void>;
}

export async function failOver(url: string): Promise<FailOver> {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const maintenance = await testClient(server.href);
  const made: string[] = [];
  const freshName = (): string => {
    made.push(`copy_${randomUUID().replaceAll('-', '')}`);
    return made.at(-1)!;
  };
  const cut = async (): Promise<void> => {
    await maintenance.query(`alter database ${name} with allow_connections false`);
    for (;;) {
      const { rows } = await maintenance.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
        [name],
      );
      if (rows.length === 0) return;
    }
  };
  const copyNow = async (): Promise<string> => {
    const copy = freshName();
    await maintenance.query(`create database ${copy} template ${name}`);
    return copy;
  };
  return {
    async copy() {
      await cut();
      const copy = await copyNow();
      await maintenance.query(`alter database ${name} with allow_connections true`);
      return copy;
    },
    async to(copy) {
      await cut();
      const next = copy ?? (await copyNow());
      await maintenance.query(`alter database ${name} rename to ${freshName()}`);
      await maintenance.query(`alter database ${next} rename to ${name}`);
      await maintenance.query(`alter database ${name} with allow_connections true`);
    },
    async close() {
      for (const copy of made) await maintenance.query(`drop database if exists ${copy} with (force)`);
      await maintenance.end();
    },
  };
}
