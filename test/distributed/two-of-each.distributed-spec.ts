import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unless } from '#libs/testing';
import { ledger } from '../chaos/ledger.js';
import { at, paperCase, question } from '../e2e/support/case.js';
import { client, freshKey, having, type Client } from '../e2e/support/client.js';
import {
  noProcesses,
  READY_WITHIN,
  startProcesses,
  type AppProcess,
  type Processes,
} from '../e2e/support/processes.js';
import { databaseSettings, freshPlace, type Place } from '../e2e/support/suite.js';
import { until } from '../e2e/support/until.js';

/** How often two of each start at once on an empty store; one is what every run shows. */
const STARTS = Number(process.env['WAARBORG_STARTS'] ?? 1);
const WORKERS = 4;
/** Commands that are acknowledged before the blow falls, and after it. */
const ACKNOWLEDGED = 20;

unless(noProcesses()).describe('two instances of every app', () => {
  let place: Place;
  let processes: Processes;
  let supplier: Client;
  let network: Client;

  const start = (): Promise<Processes> =>
    startProcesses({
      ...{ dataDir: place.dataDir, env: databaseSettings(place) },
      ...{ args: ['--log-level', 'warn'], instances: 2 },
    });
  beforeAll(async () => {
    for (let nr = 1; nr < STARTS; nr++) {
      place = await freshPlace();
      processes = await start();
      await isOneInstallation();
      await processes.stop();
      await place.drop();
    }
    place = await freshPlace();
    processes = await start();
    const { url, issuer } = processes;
    supplier = client(url, await issuer.issue({ role: 'supplier', client: 'office', clerk: 'clerk-1' }));
    network = client(url, await issuer.issue({ role: 'network', client: 'network' }));
  }, READY_WITHIN * STARTS);
  afterAll(async () => {
    await processes?.stop();
    await place?.drop();
  }, READY_WITHIN);

  /** Ten processes that started at once on nothing agree on what they made. */
  async function isOneInstallation(): Promise<void> {
    const made = await place.register.query<{ type: string; count: string }>(
      "select type, count(*) from waarborg.events where stream like 'installation%' group by type order by type",
    );
    expect(made).toEqual([{ type: 'StoreInitialized', count: '1' }]);
    const keys = (await readdir(join(place.dataDir, 'keys'))).filter((name) => !name.startsWith('.'));
    expect(keys.sort()).toEqual([
      'answer-es256.1.json',
      'log.1.json',
      'lookup.1.json',
      'master.1.json',
      'token.1.json',
    ]);
    expect((await readdir(place.dataDir)).filter((name) => name.startsWith('keys'))).toEqual(['keys']);
  }
  const holderOf = async (name: string): Promise<string> => {
    const [row] = await place.register.query<{ holder: string | null }>(
      `select holder from waarborg.leases where name = '${name}'`,
    );
    return row?.holder ?? '';
  };
  const of = (app: string): readonly AppProcess[] => processes.apps.filter((one) => one.app === app);

  it('make one installation of an empty store, however many start at once', isOneInstallation);

  it('give the answers of one: whatever one has recorded the other shows, and both carry it out', async () => {
    const offices = of('registration').map(({ url }) => client(url, supplier.token));
    const case1 = await paperCase(supplier);
    const login = await case1.means();
    const means = await case1.means();
    const authorization = await case1.authorize(means.id);
    for (const office of offices) {
      const found = having(
        await office.ask('/v1/authorizations/_search', {
          representedParty: case1.party,
          after: authorization['position'],
        }),
        200,
      ).body['items'] as readonly { readonly id: string }[];
      expect(found.map(({ id }) => id)).toEqual([authorization['id']]);
    }
    const asked = question(means.pseudonym, case1.organization);
    await until(
      'it is a yes',
      async () => (await network.ask('/access/v1/evaluation', asked)).body['decision'] === true,
    );
    const request = await case1.revocation({ authorization: authorization['id'] }, login.id);
    const key = freshKey();
    const [one, other] = await Promise.all(
      of('revocation').map(({ url }) => client(url, supplier.token).command('/v1/revocation-requests', request, key)),
    );
    expect([one!.body['id'], one!.status]).toEqual([other!.body['id'], other!.status]);
    await until('it is effective', async () => {
      const { status } = await supplier.command('/v1/revocation-requests', request, key);
      return status === 201;
    });
    expect((await network.ask('/access/v1/evaluation', asked)).body['decision']).toBe(false);
    const ended = await place.register.query<{ count: string }>(
      `select count(*) from waarborg.events where type = 'AuthorizationRevoked' and stream = 'authorization-${String(authorization['id'])}'`,
    );
    expect(ended).toEqual([{ count: '1' }]);
  });

  it('lose nothing and do nothing twice when one of two is killed under load', async () => {
    const book = ledger();
    let going = true;
    let acknowledged = 0;
    const working = Array.from({ length: WORKERS }, async () => {
      while (going) {
        const answer = await book.send(supplier, '/v1/applications', {
          channel: 'electronic',
          receivedAt: at(-1_000),
          purposes: ['upgrade'],
        });
        if (answer !== undefined) acknowledged += 1;
      }
    });
    await until('enough is acknowledged', () => acknowledged >= ACKNOWLEDGED);
    const [first] = of('archive');
    await first!.kill();
    const before = acknowledged;
    await until('it goes on without him', () => acknowledged >= before + ACKNOWLEDGED);
    const back = await first!.again();
    going = false;
    await Promise.all(working);
    await book.settle(supplier);
    expect(await book.discrepancies(supplier)).toEqual([]);
    const recorded = await place.register.query<{ count: string }>(
      `select count(*) from waarborg.events where type = 'ApplicationReceived' and bytes like '%"upgrade"%'`,
    );
    expect(recorded).toEqual([{ count: String(book.entries.length) }]);
    await back.stop();
  });

  it.each([
    ['revocation', 'process/revocation-process'],
    ['issuance', 'process/person-recognition-1'],
  ])('have one process of %s act, and the other one when that is killed', async (app, name) => {
    const before = await holderOf(name);
    const holder = of(app).find(({ pid }) => before.includes(`/${pid}/`));
    expect(holder).toBeDefined();
    await holder!.kill();
    await until('the other one acts', async () => {
      const now = await holderOf(name);
      return now !== before && of(app).some(({ pid }) => now.includes(`/${pid}/`));
    });
  });
});
