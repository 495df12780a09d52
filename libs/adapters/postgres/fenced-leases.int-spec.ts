import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fenced, runAsWinner, StoreUnavailable, type Checkpoint } from '#libs/eventing';
import { tcpProxy, testClient, testDatabase, until, type TestDatabase } from '#libs/testing';
import { openPostgresStores, type PostgresStores } from './index.js';

const LONG = 60_000;
const SHORT = 300;
const at = (position: bigint): Checkpoint => ({ store: 'store-a', epoch: 1, position });

/** What the contract of leases can't ask: what lies between two statements, and processes that lose their database. */
describe('turns on PostgreSQL', () => {
  let database: TestDatabase;
  let stores: PostgresStores;
  const opened: PostgresStores[] = [];
  const another = async (url: string): Promise<PostgresStores> => {
    const own = await openPostgresStores({ database: url });
    opened.push(own);
    return own;
  };
  beforeEach(async () => {
    database = await testDatabase();
    stores = await another(database.url);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((own) => own.close()));
    await database.drop();
  });

  const isWaiting = (statement: string) => async (): Promise<boolean> => {
    const [found] = await database.query<{ waits: boolean }>(
      `select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
       and query like $1) as waits`,
      [`%${statement}%`],
    );
    return found!.waits;
  };

  it('are not taken while an effect of the one before is being committed', async () => {
    const first = (await stores.leases.take('relay', 'one', 1))!;
    const writing = await testClient(database.url);
    try {
      await writing.query('begin');
      await writing.query(`select waarborg.demand_fence('relay', ${first.token})`);
      await until('the lease is over', () => Date.parse(first.until) < Date.now());
      const taking = stores.leases.take('relay', 'two', LONG);
      await until('who takes it waits for the effect', isWaiting('take_lease'));
      await writing.query(`insert into waarborg.checkpoints (name, store, epoch, position) values ('r', 's', 1, 1)`);
      await writing.query('commit');
      expect(await taking).toMatchObject({ token: first.token + 1n });
    } finally {
      await writing.end();
    }
  });

  it('refuse an effect that waited for the turn to be taken', async () => {
    const first = (await stores.leases.take('relay', 'one', LONG))!;
    const taking = await testClient(database.url);
    try {
      await taking.query('begin');
      await taking.query(`update waarborg.leases set token = token + 1, renewal = renewal + 1 where name = 'relay'`);
      const effect = stores.checkpoints.move('reader', undefined, at(1n), first);
      const refused = expect(effect).rejects.toBeInstanceOf(Fenced);
      await until('the effect waits for the row', isWaiting('move_checkpoint'));
      await taking.query('commit');
      await refused;
    } finally {
      await taking.end();
    }
    expect(await stores.checkpoints.read('reader')).toBeUndefined();
  });

  it('are taken from a holder that is paused; when it wakes up, its effect is refused in its transaction', async () => {
    // A paused process does nothing: neither renews nor looks at its clock. What it had in hand it does when it wakes up.
    const paused = (await stores.leases.take('relay', 'one', SHORT))!;
    await stores.checkpoints.move('reader', undefined, at(1n), paused);
    const other = await another(database.url);
    await until(
      'another process has the turn',
      async () => (await other.leases.take('relay', 'two', LONG)) !== undefined,
    );
    await expect(stores.checkpoints.move('reader', at(1n), at(2n), paused)).rejects.toBeInstanceOf(Fenced);
    expect(await stores.leases.take('relay', 'one', LONG)).toBeUndefined();
    await stores.leases.leave(paused);
    expect(await stores.leases.take('relay', 'one', LONG)).toBeUndefined();
    expect(await other.checkpoints.read('reader')).toEqual(at(1n));
  });

  it('go to a restarted process once the lease of what it was before has run out, under a higher token', async () => {
    const killed = (await stores.leases.take('relay', 'process-7/first', SHORT))!;
    const restarted = await another(database.url);
    const tokens: bigint[] = [];
    const winner = runAsWinner({
      ...{ leases: restarted.leases, name: 'relay', holder: 'process-7', milliseconds: SHORT },
      work: async ({ token }, signal) => {
        tokens.push(token);
        await until('the end', () => signal.aborted);
      },
    });
    await until('it has the turn', () => tokens.length > 0);
    expect(tokens[0]).toBe(killed.token + 1n);
    await winner.stop();
    expect(await stores.leases.take('relay', 'next', LONG)).toMatchObject({ token: tokens.at(-1)! + 1n });
  });

  it('end in time where the database is away, and go on when it is back', async () => {
    const proxy = await tcpProxy(database.url);
    const cut = await another(proxy.through(database.url));
    const held: boolean[] = [];
    const troubles: unknown[] = [];
    const winner = runAsWinner({
      ...{ leases: cut.leases, name: 'relay', holder: 'one', milliseconds: SHORT },
      work: async (_, signal) => {
        held.push(true);
        await until('the end', () => signal.aborted);
        held.push(false);
      },
      onTrouble: (_, error) => void troubles.push(error),
    });
    try {
      await until('it has the turn', () => held.length === 1);
      const first = winner.turn()!;
      await proxy.close();
      await until('it has stopped', () => held.length === 2);
      expect(winner.turn()).toBeUndefined();
      let second;
      await until('another process has the turn', async () => {
        second = await stores.leases.take('relay', 'two', LONG);
        return second !== undefined;
      });
      expect(second).toMatchObject({ token: first.token + 1n });
      await until('the trouble was told', () => troubles.some((error) => error instanceof StoreUnavailable));
    } finally {
      await winner.stop();
    }
  });
});
