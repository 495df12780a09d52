import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client as Session } from 'pg';
import { paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** Read models that a person, a backup or a hanging session has locked. */
const LOCKED = ['applications', 'revocation_requests', 'parties', 'checks', 'decision_index'];
const REVOKED = 5;
/** Longer than several leases, and than a search may take. */
const LASTS = 8_000;

let suite: TestSuite;
let supplier: Client;
let network: Client;
let case1: PaperCase;
let login: IssuedMeans;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  network = await suite.client('network');
  case1 = await paperCase(supplier);
  login = await case1.means();
}, 120_000);
afterAll(() => suite.end());

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

  const other = new Session({ connectionString: suite.place.register.url });
  await other.connect();
  const searched: Answer[] = [];
  let going = true;
  try {
    await other.query('begin');
    for (const table of LOCKED) await other.query(`lock table read_model.${table} in access exclusive mode`);
    const searching = ['applications', 'revocation-requests'].flatMap((list) =>
      Array.from({ length: 20 }, async () => {
        while (going) searched.push(await supplier.ask(`/v1/${list}/_search`, {}));
      }),
    );
    const answers: boolean[] = [];
    const asking = Array.from({ length: 4 }, async () => {
      while (going) answers.push(await isYes(lasting!.pseudonym));
    });
    const end = performance.now() + LASTS;
    for (const { pseudonym, request } of revoked) {
      having(await supplier.command('/v1/revocation-requests', request), 201);
      expect(await isYes(pseudonym)).toBe(false);
    }
    await until('it has lasted long enough', () => performance.now() > end, LASTS + 5_000);
    going = false;
    await Promise.all([...searching, ...asking]);
    expect(answers.length).toBeGreaterThan(100);
    expect(answers.filter((yes) => !yes)).toHaveLength(0);
  } finally {
    going = false;
    await other.query('commit');
    await other.end();
  }
  expect(searched.length).toBeGreaterThan(40);
  for (const { status, headers } of searched) {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  }
  await until(
    'it answers again',
    async () => (await supplier.ask('/v1/applications/_search', {})).status === 200,
    20_000,
  );
}, 120_000);
