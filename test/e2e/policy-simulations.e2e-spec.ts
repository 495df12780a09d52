import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { seed, type GovernanceData } from '#libs/application';
import type { AuthorizationRegistered } from '#libs/domain';
import { unless } from '#libs/testing';
import type { PartyId } from '#libs/kernel';
import { registerFacts, type RegisterFacts } from './assurance/register.js';
import type { Json } from './support/api.js';
import { DUO, UWV } from './support/case.js';
import { having, type Answer, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { inOneProcess } from './support/suite.js';
import { until } from './support/until.js';

/** What a policy would do to what is registered (TFA-01, TFA-06; interfaces.md §2). */

const DAY = 86_400_000;
const BELASTINGDIENST = 'urn:etoegang:DV:00000099800000003000:services:1';
const PROVIDER = '00000099800000001000';
const REASON = 'Voorstel werkgroep 2FA';
const at = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const JULY = `${new Date().getFullYear() + 1}-07-01T00:00:00+02:00`;
const JULY_UTC = `${new Date().getFullYear() + 1}-06-30T22:00:00.000Z`;

/** The catalogue of the demo, at the level of which source 000 speaks, with one service that is withdrawn soon. */
const data: GovernanceData = {
  ...seed,
  services: [
    ...seed.services.map((service) => ({
      ...service,
      minimumLevels: [{ from: '2020-01-01T00:00:00.000Z', level: 'EH2' as const }],
    })),
    { ...seed.services[0]!, id: 'urn:service:leaving', withdrawnFrom: at(20) as never },
  ],
};

unless(inOneProcess('it stands on stores in memory')).describe('policy simulations', () => {
  let suite: MemorySuite;
  let auditor: Client;
  let facts: RegisterFacts;
  const known: string[] = [];

  const ask = (body: Json): Promise<Answer> => auditor.command('/v1/policy-simulations', body);
  const get = (id: unknown): Promise<Answer> => auditor.get(`/v1/policy-simulations/${String(id)}`);
  async function over(id: unknown): Promise<Json> {
    let last: Json = {};
    await until('the simulation is over', async () => {
      last = having(await get(id), 200).body;
      return last['status'] !== 'waiting' && last['status'] !== 'running';
    });
    return last;
  }
  const simulated = async (body: Json): Promise<Json> => {
    const { id } = having(await ask({ reason: REASON, ...body }), 201).body;
    const view = await over(id);
    expect(view['status']).toBe('completed');
    return view;
  };
  /** What readings of simulations say, newest first. */
  const readings = async (): Promise<readonly Json[]> => {
    const body = { reason: REASON, type: 'reading', limit: 100 };
    const { items } = having(await auditor.ask('/v1/audit/records/_search', body), 200).body;
    return (items as Json[])
      .map(({ bytes }) => (JSON.parse(String(bytes)) as { readonly data: Json }).data)
      .filter(({ what }) => what === 'policy-simulations');
  };

  /** A password at EH2 and a card at EH4, and what they may do where. */
  beforeAll(async () => {
    suite = await startMemorySuite({ data });
    auditor = await suite.client('auditor');
    facts = registerFacts(suite.stores.events, suite.backbone.serializer, suite.backbone.now);
    const scope = (...services: string[]): Partial<AuthorizationRegistered['data']> => ({
      scope: { all: false, services, groups: [] },
    });
    const parties: PartyId[] = [];
    for (const number of ['69000001', '69000002', '69000003']) parties.push(await facts.party(number));
    const passwords = [];
    for (let count = 0; count < 3; count++) passwords.push(await facts.means({ product: 'password', stork: 2 }));
    const card = await facts.means({ product: 'certificate-card', stork: 4 });
    await facts.authorize(parties[0]!, passwords[0]!, scope(DUO, UWV));
    await facts.authorize(parties[1]!, passwords[0]!, scope(DUO));
    await facts.authorize(parties[1]!, passwords[1]!, scope(BELASTINGDIENST));
    await facts.authorize(parties[2]!, card, { scope: { all: true, services: [], groups: [] } });
    const revoked = await facts.authorize(parties[2]!, passwords[2]!, scope(DUO));
    await facts.revoke(revoked);
    known.push(...parties, ...[...passwords, card].flatMap(({ means, pseudonym }) => [means, pseudonym]), '6900000');
  });
  afterAll(() => suite.end());

  it('TFA-01, TFA-03: say what happens when EH2 ends on 1 July, and who has to upgrade', async () => {
    const asked = having(await ask({ levelPolicy: [{ level: 'EH2', usableUntil: JULY }], reason: REASON }), 201);
    expect(asked.headers.get('location')).toBe(`/v1/policy-simulations/${String(asked.body['id'])}`);
    expect(asked.body).toMatchObject({ status: 'waiting', reason: REASON, moments: [JULY_UTC] });
    const view = await over(asked.body['id']);
    expect(view).toMatchObject({ status: 'completed', requestedBy: { clerk: expect.any(String) } });
    const [moment] = (view['result'] as Json)['moments'] as Json[];
    // Of the card: at all four services (one is withdrawn by then).
    expect(moment).toMatchObject({
      ...{ at: JULY_UTC, inForce: 7, proposed: 3, gained: 0 },
      lost: {
        ...{
          rights: 4,
          since: 4,
          means: 2,
          holders: 2,
          authorizations: 3,
          organizations: 2,
          services: 3,
          providers: 3,
        },
      },
      reasons: [{ code: 'level-phased-out', rights: 4 }],
      levels: [{ before: 'EH2', after: 'EH2', rights: 4 }],
      remedies: [{ remedy: 'upgrade-means', level: 'EH3', rights: 4, means: 2, holders: 2 }],
    });
    const [first] = moment!['providers'] as Json[];
    expect(first).toEqual({
      ...{ provider: PROVIDER, name: 'Dienst Uitvoering Onderwijs' },
      ...{ rights: 2, means: 1, holders: 1, authorizations: 2, organizations: 2 },
    });
    // Nobody and nothing that is registered is named in it, by whatever number.
    const text = JSON.stringify(view['result']);
    expect(known.filter((id) => text.includes(id))).toEqual([]);
  });

  it('TFA-04: say what a mandatory second factor at one provider does, and a minimum level at one service', async () => {
    const { result } = await simulated({
      secondFactorPolicy: [{ from: at(40), provider: PROVIDER }],
      minimumLevels: [{ service: UWV, from: at(50), level: 'EH3' }],
    });
    expect((result as Json)['moments']).toMatchObject([
      {
        lost: { rights: 2, since: 2, services: 1 },
        reasons: [{ code: 'second-factor-required', rights: 2 }],
        remedies: [{ remedy: 'upgrade-means', level: 'EH2', rights: 2, means: 1, holders: 1 }],
      },
      { lost: { rights: 3, since: 1, services: 2, means: 1 } },
    ]);
  });

  it('lose nothing where what is in force is proposed', async () => {
    const { result } = await simulated({
      levelPolicy: [{ level: 'EH1', usableUntil: '2021-07-01T00:00:00+02:00' }],
      ruleSet: 'eh-1.5.1',
    });
    expect((result as Json)['moments']).toMatchObject([{ gained: 0, lost: { rights: 0 }, services: [] }]);
  });

  it('are refused with every fault at once, and leave nothing', async () => {
    const faults = async (body: Json): Promise<readonly string[]> =>
      (having(await ask(body), 400).body['errors'] as Json[]).map(
        ({ pointer, code }) => `${String(pointer)} ${String(code)}`,
      );
    expect(
      await faults({
        levelPolicy: [
          { level: 'EH5', usableUntil: JULY },
          { level: 'EH2', usableUntil: '2026-02-30T00:00:00Z' },
          { level: 'EH3', usableUntil: at(-1) },
          { level: 'EH4', usableUntil: at(3_000) },
          { level: 'EH2+', usableUntil: at(10) },
          { level: 'EH2+', usableUntil: at(20), provider: PROVIDER },
          { level: 'EH2+', usableUntil: at(20), provider: 'nobody' },
        ],
        secondFactorPolicy: [
          { from: at(10), service: 'urn:nothing' },
          { from: at(30), service: 'urn:service:leaving' },
          { from: at(10), provider: PROVIDER, service: UWV },
        ],
        minimumLevels: [
          { service: DUO, from: at(10), level: 'EH3' },
          { service: DUO, from: at(11), level: 'EH3', surplus: 1 },
          { service: 'urn:nothing', from: at(10), level: 'EH3' },
        ],
        ruleSet: 'eh-9',
      }),
    ).toEqual(
      expect.arrayContaining([
        '/levelPolicy/0/level unknown-level',
        '/levelPolicy/1/usableUntil invalid-value',
        '/levelPolicy/2/usableUntil moment-passed',
        '/levelPolicy/3/usableUntil moment-too-far',
        '/levelPolicy/5 entries-overlap',
        '/levelPolicy/6/provider unknown-provider',
        '/secondFactorPolicy/0/service unknown-service',
        '/secondFactorPolicy/1/from begins-after-end',
        '/secondFactorPolicy/2/service not-of-this-provider',
        '/minimumLevels/1/surplus unknown-member',
        '/minimumLevels/2/service unknown-service',
        '/ruleSet unknown-rule-set',
        '/reason required',
      ]),
    );
    expect(await faults({ reason: REASON })).toEqual([' nothing-proposed']);
    const same = { level: 'EH2', usableUntil: JULY };
    expect(await faults({ levelPolicy: [same, same], reason: REASON })).toEqual(['/levelPolicy/1 entries-overlap']);
    const many = Array.from({ length: 25 }, (_, day) => ({ service: DUO, from: at(day + 1), level: 'EH3' }));
    expect(await faults({ minimumLevels: many, reason: REASON })).toEqual([' too-many-moments']);
    const twice = { service: DUO, from: JULY, level: 'EH3' };
    expect(await faults({ minimumLevels: [twice, twice], reason: REASON })).toEqual([
      '/minimumLevels/1 entries-overlap',
    ]);
  });

  it('are for persons who audit', async () => {
    const body = { levelPolicy: [{ level: 'EH2', usableUntil: JULY }], reason: REASON };
    for (const role of ['supplier', 'governance', 'operations', 'network'] as const) {
      const other = await suite.client(role);
      having(await other.command('/v1/policy-simulations', body), 403);
    }
  });

  it('are shown as a page and as a table, and each leaves a reading with its reason', async () => {
    const { id } = await simulated({ levelPolicy: [{ level: 'EH2', usableUntil: JULY }] });
    const before = (await readings()).length;
    const page = await fetch(`${suite.url}/v1/policy-simulations/${String(id)}`, {
      headers: { Authorization: `Bearer ${auditor.token}`, Accept: 'text/html', 'Accept-Language': 'nl' },
    });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/<script| style="/);
    expect(html).toContain('het middel opwaarderen, naar EH3');
    expect(known.filter((one) => html.includes(one))).toEqual([]);
    const table = await fetch(`${suite.url}/v1/policy-simulations/${String(id)}/figures`, {
      headers: { Authorization: `Bearer ${auditor.token}` },
    });
    expect([table.status, table.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const lines = (await table.text()).split('\r\n');
    expect(lines[0]).toContain('figure');
    expect(lines.filter((line) => line.includes('upgrade-means'))).toHaveLength(1);
    const after = await readings();
    expect(after.length).toBe(before + 2);
    expect(after[0]).toMatchObject({
      ...{ question: { id, form: 'csv' }, shown: [id], reason: { sealed: expect.any(String) } },
    });
  });

  it('are found in a list, with a reason and a reading', async () => {
    const { id } = await simulated({ ruleSet: 'eh-1.5' });
    const found = having(
      await auditor.ask('/v1/policy-simulations/_search', { reason: REASON, status: 'completed', limit: 1 }),
      200,
    ).body;
    expect(found).toMatchObject({ items: [{ id, status: 'completed' }], reading: expect.any(String) });
    expect(JSON.stringify(found)).not.toContain('moments');
    having(await auditor.ask('/v1/policy-simulations/_search', {}), 400);
  });

  it('are cancelled with a reason, once', async () => {
    const { id } = having(await ask({ levelPolicy: [{ level: 'EH2', usableUntil: JULY }], reason: REASON }), 201).body;
    const cancellations = `/v1/policy-simulations/${String(id)}/cancellations`;
    having(await auditor.command(cancellations, {}), 400);
    const answer = await auditor.command(cancellations, { reason: 'Gewijzigd' });
    // It may have been quicker.
    const view = await over(id);
    if (answer.status === 200) {
      expect(view).toMatchObject({ status: 'cancelled', cancellationReason: 'Gewijzigd' });
      expect(view).not.toHaveProperty('result');
      having(await auditor.get(`/v1/policy-simulations/${String(id)}/figures`), 409);
    } else expect([answer.body['code'], view['status']]).toEqual(['policy-simulation-over', 'completed']);
    expect(having(await auditor.command(cancellations, { reason: 'Nogmaals' }), 409).body['code']).toBe(
      'policy-simulation-over',
    );
    having(await auditor.command(`/v1/policy-simulations/${NOBODY}/cancellations`, { reason: 'x' }), 404);
    having(await get(NOBODY), 404);
  });

  it('are answered again to the same request, also when their moment has passed, and are gone after thirty days', async () => {
    const body = { levelPolicy: [{ level: 'EH2', usableUntil: at(3) }], reason: REASON };
    const key = 'the-same-request';
    const first = having(await auditor.command('/v1/policy-simulations', body, key), 201).body;
    await over(first['id']);
    suite.pass(4 * DAY);
    const again = having(await auditor.command('/v1/policy-simulations', body, key), 201);
    expect([again.body['id'], again.headers.get('idempotency-replayed')]).toEqual([first['id'], 'true']);
    suite.pass(27 * DAY);
    expect(having(await get(first['id']), 404).body['code']).toBe('no-such-policy-simulation');
  });
});
