import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Json } from '../e2e/support/api.js';
import { at, paperCase, question } from '../e2e/support/case.js';
import { unless } from '#libs/testing';
import { client, having, type Client } from '../e2e/support/client.js';
import { until } from '../e2e/support/until.js';
import { ledger, type Ledger } from './ledger.js';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from './suite-process.js';

const WORKERS = 6;
/** Commands that have to be acknowledged before the blow falls. */
const BEFORE_THE_BLOW = 60;
const REVOCATIONS = 3;

unless(obstacle()).describe('kill -9 under load', () => {
  let place: Installation;
  let suite: SuiteProcess;
  let token: string;
  let network: string;
  const book: Ledger = ledger();
  /** Questions that must be answered no once their revocation is acknowledged. */
  const revoked: Json[] = [];

  beforeAll(async () => {
    place = await installation();
    suite = await place.start();
    token = place.token('supplier');
    network = place.token('network');
  }, READY_WITHIN);
  afterAll(() => place?.remove(), READY_WITHIN);

  const supplier = (): Client => client(suite.url, token);

  /** Commands that keep coming until they are told to stop, whatever happens to the suite. */
  async function load(requests: readonly Json[]): Promise<{ stop(): Promise<void>; acknowledged(): number }> {
    const own = supplier();
    const first = having(
      await own.command('/v1/applications', { channel: 'electronic', receivedAt: at(-60_000), purposes: ['means'] }),
      201,
    ).body['id'] as string;
    let going = true;
    let acknowledged = 0;
    const waiting = [...requests];
    const working = Array.from({ length: WORKERS }, async (_, worker) => {
      for (let count = 0; going; count++) {
        const request = count % 8 === 7 ? waiting.shift() : undefined;
        const answered =
          request !== undefined
            ? await book.send(own, '/v1/revocation-requests', request)
            : (worker + count) % 3 === 0
              ? await book.send(own, '/v1/persons', { familyName: `Load-${worker}-${count}-${first}` })
              : (worker + count) % 3 === 1
                ? await book.send(own, '/v1/applications', {
                    channel: 'electronic',
                    receivedAt: at(-1_000),
                    purposes: ['upgrade'],
                  })
                : await book.send(own, '/v1/checks', {
                    application: first,
                    type: 'completenessCheck',
                    about: { application: first },
                    missingItems: [],
                    performedAt: at(0),
                    performedBy: { system: 'back-office' },
                    source: { name: 'case-file', reference: `${worker}-${count}` },
                  });
        if (answered !== undefined) acknowledged++;
        // Nobody is there: what comes now would only lengthen the list of what is unknown.
        else if (going) await new Promise((answer) => setTimeout(answer, 50));
      }
    });
    return {
      acknowledged: () => acknowledged,
      async stop() {
        going = false;
        await Promise.all(working);
      },
    };
  }

  /** Authorizations that can be revoked while the blow falls. */
  async function revocable(): Promise<readonly Json[]> {
    const case1 = await paperCase(supplier(), { party: { number: String(80_000_000 + revoked.length) } });
    const login = await case1.means();
    const requests: Json[] = [];
    for (let count = 0; count < REVOCATIONS; count++) {
      const means = await case1.means();
      const authorization = await case1.authorize(means.id);
      requests.push(await case1.revocation({ authorization: authorization['id'] }, login.id));
      revoked.push(question(means.pseudonym, case1.organization));
    }
    return requests;
  }

  /** Strikes under load; `strike` ends when the installation answers again. Answers how many commands were in doubt. */
  async function blow(strike: () => Promise<void>): Promise<number> {
    const requests = await revocable();
    const under = await load(requests);
    await until('enough is acknowledged', () => under.acknowledged() >= BEFORE_THE_BLOW);
    // Whatever the load is told while the blow falls and after it: all of it goes into the ledger.
    await strike();
    await under.stop();
    const sent = book.entries.filter(({ path }) => path === '/v1/revocation-requests').map(({ body }) => body);
    // What the blow kept from being sent is sent now.
    for (const request of requests.filter((body) => !sent.includes(body))) {
      await book.send(supplier(), '/v1/revocation-requests', request);
    }
    return book.settle(supplier());
  }

  async function nothingLostNothingTwice(): Promise<void> {
    const own = supplier();
    expect(await book.discrepancies(own)).toEqual([]);
    // Every stream that the load made has exactly the events of its one command.
    for (const { path, acknowledged } of book.entries) {
      const id = acknowledged!.body['id'] as string;
      const shown = having(await own.get(`${path}/${id}`), 200);
      expect([path, shown.headers.get('etag')]).toEqual([path, path === '/v1/revocation-requests' ? '"2"' : '"0"']);
    }
    const applications = book.entries.filter(({ path }) => path === '/v1/applications');
    const listed: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Json = having(
        await own.ask('/v1/applications/_search', {
          purpose: 'upgrade',
          limit: 100,
          after: applications.at(-1)!.acknowledged!.body['position'],
          ...(cursor === null ? {} : { cursor }),
        }),
        200,
      ).body;
      listed.push(...(page['items'] as Json[]).map(({ id }) => id as string));
      cursor = page['next'] as string | null;
    } while (cursor !== null);
    expect(listed.sort()).toEqual(applications.map(({ acknowledged }) => acknowledged!.body['id'] as string).sort());
    const asking = client(suite.url, network);
    for (const asked of revoked) {
      expect(having(await asking.ask('/access/v1/evaluation', asked), 200).body['decision']).toBe(false);
    }
  }

  it('refuses a second start beside a running one, with one clear line', async () => {
    const { status, output } = await place.startInVain();
    expect(status).toBe(1);
    expect(output).toMatch(/data directory .* is in use by the running process \d+/);
    expect(output).not.toMatch(/^\s+at /m);
    expect((await fetch(`${suite.url}/health/ready`)).status).toBe(200);
  });

  it('of the suite loses nothing that was acknowledged and does nothing twice', async () => {
    const inDoubt = await blow(async () => {
      await suite.killSuite();
      suite = await place.start();
    });
    expect(inDoubt).toBeGreaterThan(0);
    await nothingLostNothingTwice();
  });

  it('of PostgreSQL alone: the suite starts it again by itself, loses nothing and does nothing twice', async () => {
    const struck = suite;
    const inDoubt = await blow(async () => {
      expect(struck.killPostgres()).toBeGreaterThan(3);
      await until('PostgreSQL is back', () => struck.output().includes('PostgreSQL is back'), READY_WITHIN);
      const ready = async (): Promise<boolean> => (await fetch(`${struck.url}/health/ready`)).status === 200;
      await until('the suite is ready again', ready, READY_WITHIN);
    });
    expect(struck.output()).toContain('PostgreSQL ended unasked');
    expect(inDoubt).toBeGreaterThan(0);
    await nothingLostNothingTwice();
  });

  it('of both at once loses nothing that was acknowledged and does nothing twice', async () => {
    const inDoubt = await blow(async () => {
      // The suite is stopped first, so that it can not bring its server back before its own end.
      suite.freeze();
      suite.killPostgres();
      await suite.killSuite();
      suite = await place.start();
    });
    expect(inDoubt).toBeGreaterThan(0);
    await nothingLostNothingTwice();
  });

  it('would be noticed: a ledger that holds what was never recorded does not agree', async () => {
    const forged = ledger();
    await forged.send(supplier(), '/v1/applications', {
      channel: 'electronic',
      receivedAt: at(-1_000),
      purposes: ['means'],
    });
    Object.assign(forged.entries[0]!, { key: 'chaos-never-recorded' });
    expect(await forged.discrepancies(supplier())).toHaveLength(1);
  });
});
