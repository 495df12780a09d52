import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { suiteModules } from '#apps/suite';
import { startWaarborg } from '#libs/composition';
import { readConfiguration } from '#libs/configuration';
import type { TestDatabase } from '#libs/testing';
import { fileKeyProvider } from '#libs/vault';
import { freshPlace, startSuite, type Place } from './support/suite.js';
import { until } from './support/until.js';

/** A start that fails half way closes what it opened: connections, leases, timers. */

/**
 * An idle connection goes after ten seconds by itself. Here none does, so that what a start leaves stays until somebody
 * looks, on whatever machine.
 */
const { connect } = Pool.prototype;
function keepIdleConnections(): void {
  Pool.prototype.connect = function (this: Pool, ...given: Parameters<typeof connect>) {
    Object.assign(this.options, { idleTimeoutMillis: 0 });
    return connect.apply(this, given);
  } as typeof connect;
}

let place: Place;
let elsewhere: string;
let lines: string[];

beforeAll(async () => {
  keepIdleConnections();
  place = await freshPlace();
  elsewhere = await mkdtemp(join(tmpdir(), 'waarborg-e2e-'));
  // A register in use, which none of the starts below may open.
  await (await startSuite(place)).stop();
});
afterAll(async () => {
  Pool.prototype.connect = connect;
  await place.drop();
  await rm(elsewhere, { recursive: true, force: true });
});

const start = (more: Readonly<Record<string, string>> = {}) => {
  lines = [];
  const settings = {
    '--port': '0',
    '--data-dir': place.dataDir,
    '--log-level': 'silent',
    '--database-url': place.register.url,
    '--keystore-url': place.keys.url,
    ...more,
  };
  const configuration = readConfiguration(Object.entries(settings).flat(), {});
  return startWaarborg(suiteModules, configuration, (line) => lines.push(line), { logTo: { write: () => undefined } });
};

const connectionsOf = async (database: TestDatabase): Promise<number> =>
  (
    await database.query(
      `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
       and backend_type = 'client backend'`,
    )
  ).length;

/** The server notices a closed connection a moment later. */
async function expectNothingLeft(): Promise<void> {
  for (const database of [place.register, place.keys]) {
    await until('no connection is left', async () => (await connectionsOf(database)) === 0);
  }
  expect(await place.register.query('select from waarborg.decision_instances')).toHaveLength(0);
}

const listening = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { readonly port: number }).port };
};

describe('a start that fails', () => {
  it('in the check whose store it is, leaves no connection', async () => {
    await expect(start({ '--oin': '00000099000000002000' })).rejects.toThrow('belongs to the participant');
    await expectNothingLeft();
  });

  it('beside databases whose keys are gone, leaves none', async () => {
    await expect(start({ '--data-dir': elsewhere })).rejects.toThrow('no keys are in');
    await expectNothingLeft();
  });

  it('in the key store, whose keys are others, leaves none either', async () => {
    await fileKeyProvider(join(elsewhere, 'keys'));
    await expect(start({ '--data-dir': elsewhere })).rejects.toThrow('does not belong to these keys');
    await expectNothingLeft();
  });

  it('in the register, which a newer version made, leaves none to the key store', async () => {
    await place.register.query("insert into waarborg.migrations values (999, 'future', 'x')");
    await expect(start()).rejects.toThrow('a newer version made it');
    await place.register.query('delete from waarborg.migrations where number = 999');
    await expectNothingLeft();
  });

  it('in the register that can not be reached, leaves none to the key store', async () => {
    const nowhere = new URL(place.register.url);
    nowhere.port = '1';
    await expect(start({ '--database-url': nowhere.href })).rejects.toThrow('PostgreSQL');
    await expectNothingLeft();
  });

  it('at last, its port being taken, leaves no lease on decisions and nothing that goes on', async () => {
    const { server, port } = await listening();
    await expect(start({ '--host': '127.0.0.1', '--port': String(port) })).rejects.toThrow('EADDRINUSE');
    const told = lines.length;
    await new Promise((resolve) => server.close(resolve));
    await expectNothingLeft();
    // What a busy machine was late with before that is told then. Nothing goes on.
    expect(lines.slice(told)).toEqual([]);
  });

  it('does not stand in the way of the next, whose connections and lease these tests can see', async () => {
    const suite = await startSuite(place);
    for (const database of [place.register, place.keys]) expect(await connectionsOf(database)).toBeGreaterThan(0);
    expect(await place.register.query('select from waarborg.decision_instances')).toHaveLength(1);
    await suite.stop();
    await expectNothingLeft();
  });
});
