import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testClient } from '#libs/testing';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { freshKey, having, type Answer, type Client } from './support/client.js';
import { liveTable } from './support/read-models.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** Read models that a person, a backup or a hanging session has locked. */
const LOCKED = ['applications', 'revocation-requests', 'parties', 'checks', 'decision-index'];
const REVOKED = 5;
/** Longer than a search may take; long enough that a busy machine does not let it run out. */
const LEASE = 20_000;
/** Nothing new comes to them meanwhile: a list that is behind is refused before it is searched. */
const SEARCHED = ['parties'];
const SEARCHERS = 20;
/** Of each read model so many searches are in the server at once. */
const AT_ONCE = 3;

let suite: TestSuite;
let supplier: Client;
let network: Client;
let case1: PaperCase;
let login: IssuedMeans;

beforeAll(async () => {
  suite = await startSuite(undefined, ['--decision-lease', String(LEASE)]);
  supplier = await suite.client('supplier');
  network = await suite.client('network');
  case1 = await paperCase(supplier);
  login = await case1.means();
});
afterAll(() => suite.end());

/** The lease under which decisions are answered, by the clock of the database that wrote it. */
async function lease(): Promise<{ readonly stretch: string; readonly until: Date; readonly now: Date }> {
  const [row] = await suite.place.register.query<{ stretch: string; until: Date; now: Date }>(
    'select stretch, lease_until as until, waarborg.clock() as now from waarborg.decision_instances',
  );
  return row!;
}

/** How many searches hang in the server. */
async function hanging(): Promise<number> {
  const sessions = await suite.place.register.query(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query ~ 'from read_model' and query ~ 'limit'`,
  );
  return sessions.length;
}

it('locked read models make no decision a no, hold up no revocation, and are answered 503', async () => {
  const isYes = async (pseudonym: string): Promise<boolean> =>
    having(await network.ask('/access/v1/evaluation', question(pseudonym, case1.organization)), 200).body[
      'decision'
    ] === true;
  const means = [];
  for (let count = 0; count <= REVOKED; count++) {
    const one = await case1.means();
    const authorization = await case1.authorize(one.id);
    means.push({ ...one, request: await case1.revocation({ authorization: authorization['id'] }, login.id) });
  }
  for (const { pseudonym } of means) await until('it is answered yes', () => isYes(pseudonym));
  const [lasting, ...revoked] = means;

  const other = await testClient(suite.place.register.url);
  const searched: Answer[] = [];
  let going = true;
  let searching: Promise<void>[] = [];
  try {
    await other.query('begin');
    for (const name of LOCKED) {
      await other.query(`lock table ${await liveTable(suite.place.register, name)} in access exclusive mode`);
    }
    const before = await lease();
    searching = SEARCHED.flatMap((list) =>
      Array.from({ length: SEARCHERS }, async () => {
        do searched.push(await supplier.send('POST', `/v1/${list}/_search`, { body: {} }));
        while (going);
      }),
    );
    /** With all the searches in the server that may be there, and more that want to be. */
    const whileHanging = async <Answered>(ask: () => Promise<Answered>): Promise<Answered> => {
      await until('searches hang in the server', async () => (await hanging()) >= AT_ONCE * SEARCHED.length);
      return ask();
    };
    for (const { pseudonym, request } of revoked) {
      const key = freshKey();
      // A machine that is busy may answer 202 first: recorded, not seen to be effective everywhere in time.
      await until('the revocation is effective everywhere', async () => {
        const { status } = await whileHanging(() => supplier.command('/v1/revocation-requests', request, key));
        return status === 201;
      });
      expect(await whileHanging(() => isYes(pseudonym))).toBe(false);
      expect(await whileHanging(() => isYes(lasting!.pseudonym))).toBe(true);
    }
    // So long that no lease of before the lock is left, nor any search.
    while ((await lease()).now < before.until) expect(await whileHanging(() => isYes(lasting!.pseudonym))).toBe(true);
    expect(await whileHanging(() => isYes(lasting!.pseudonym))).toBe(true);
    // Without a gap: not even between two questions would an answer have been a no.
    expect((await lease()).stretch).toBe(before.stretch);
    going = false;
    await Promise.all(searching);
  } finally {
    going = false;
    await other.query('commit');
    await other.end();
    await Promise.allSettled(searching);
  }
  expect(searched.length).toBeGreaterThanOrEqual(SEARCHED.length * SEARCHERS);
  for (const { status, headers } of searched) {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  }
  await until('it answers again', async () => (await supplier.ask('/v1/applications/_search', {})).status === 200);
});
