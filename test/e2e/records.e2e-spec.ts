import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partyChecks } from '#apps/suite';
import type { Json } from './support/api.js';
import { at, paperCase, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';

let suite: TestSuite;
let supplier: Client;
let auditor: Client;
let case1: PaperCase;
let means: IssuedMeans;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  auditor = await suite.client('auditor');
  case1 = await paperCase(supplier);
  means = await case1.means();
});
afterAll(() => suite.end());

interface Recorded extends Json {
  readonly kind: string;
  readonly data: Json;
}

/** What the record log gained while `ask` was answered; the event log must have gained nothing. */
async function recordedBy(ask: () => Promise<Answer>): Promise<{ answer: Answer; records: readonly Recorded[] }> {
  const before = await suite.heads();
  const answer = await ask();
  const after = await suite.heads();
  expect(after.events).toBe(before.events);
  const page = await suite.running.open.stores.records.read(before.records, 100);
  return { answer, records: page.items.map(({ bytes }) => JSON.parse(bytes) as Recorded) };
}

const register = (more: Json): Promise<Answer> =>
  supplier.command('/v1/authorizations', case1.registration(means.id, more));

describe('a refusal by rule', () => {
  it('leaves a record with dossier, rows, rule set and codes, and no event', async () => {
    const short = case1.dossier.filter((id) => id !== case1.documentStatusOfDirector);
    const { answer, records } = await recordedBy(() => register({ checks: short }));
    expect([answer.status, answer.body['code']]).toEqual([409, 'level-not-reached']);
    expect(answer.body['errors']).toMatchObject([
      { code: 'level-not-reached', aimed: 'EH3', reached: 'EH2+', missing: expect.any(Object) },
    ]);
    const { earnedBy } = (answer.body['errors'] as readonly { readonly earnedBy: readonly Json[] }[])[0]!;
    expect(earnedBy.map(({ aspect, score, row }) => [aspect, score, row])).toEqual([
      ['IO', 3, 'IO3-d'],
      ['IO', 3, 'IO3-e'],
    ]);
    expect(earnedBy[0]!['checks']).toContain('idDocumentStatus');
    expect(records).toHaveLength(1);
    // The rule set says it; the record does not say it again.
    expect(JSON.stringify(records[0])).not.toContain('earnedBy');
    expect(records[0]).toMatchObject({
      kind: 'refusal',
      schemaVersion: 1,
      correlationId: expect.any(String),
      actor: { client: 'test-supplier' },
      data: {
        command: 'RegisterAuthorization',
        object: 'authorization',
        checks: short,
        dossier: { registration: 'first' },
        result: { rows: expect.any(Object), scores: expect.any(Object) },
        ruleSet: 'eh-1.5.1',
        codes: [{ code: 'level-not-reached' }],
      },
    });
    expect((answer.body['instance'] as string).endsWith(records[0]!['correlationId'] as string)).toBe(true);
  });

  it('leaves one also where the dossier is larger than a record', async () => {
    const [, lookup] = partyChecks(case1.party, []);
    const currentEstablishments = Array.from({ length: 9_999 }, (_, index) => String(100_000_000_000 + index));
    const long: string[] = [];
    while (long.length < 4) {
      long.push(await case1.desk.check(case1.application, { ...lookup, currentEstablishments }, 1));
    }
    const checks = [...case1.dossier, ...long];
    const { answer, records } = await recordedBy(() => register({ checks, aimedLevel: 'EH4' }));
    expect([answer.status, answer.body['code']]).toEqual([409, 'level-not-reached']);
    expect(records).toMatchObject([
      { kind: 'refusal', data: { checks, leftOut: ['dossier'], codes: [{ code: 'level-not-reached' }] } },
    ]);
  });

  it('leaves one record for each time it is asked', async () => {
    const body = { checks: [] };
    const { records } = await recordedBy(async () => {
      await register(body);
      return register(body);
    });
    expect(new Set(records.map(({ id }) => id)).size).toBe(2);
  });

  it.each<[string, () => Promise<Answer>, string]>([
    [
      'EH1 with a scope',
      () => {
        // Without the copy of the director's document and his signature the dossier earns no more than EH1.
        const [attributes, , , representation] = case1.ofDirector;
        const checks = [...case1.ofParty, attributes!, representation!, ...case1.ofEmployee];
        return register({ checks, aimedLevel: 'EH1' });
      },
      'scope-not-allowed-at-EH1',
    ],
    ['no consent to show what has to be shown', () => register({ displayConsent: false }), 'display-consent-missing'],
    [
      'a purpose that its application does not have',
      async () =>
        register({ application: await case1.desk.application('nonElectronic', ['revocation'], 1, 'writing') }),
      'purpose-not-in-application',
    ],
    [
      'a level that is closed',
      () =>
        supplier.command('/v1/means', {
          application: case1.application,
          holder: case1.employee.id,
          product: 'password',
          aimedStork: 1,
        }),
      'level-closed-for-issuance',
    ],
  ])('is recorded for %s', async (_what, ask, code) => {
    // What the case still has to record comes first, so that only the question itself is watched.
    let asking = ask;
    if (code === 'purpose-not-in-application') {
      const application = await case1.desk.application('nonElectronic', ['revocation'], 1, 'writing');
      asking = () => register({ application });
    }
    const { answer, records } = await recordedBy(asking);
    expect([answer.status, answer.body['code']]).toEqual([409, code]);
    expect(records.map(({ kind, data }) => [kind, (data['codes'] as Json[]).map((entry) => entry['code'])])).toEqual([
      ['refusal', expect.arrayContaining([code])],
    ]);
  });

  it('is recorded when a document of the holder is reported', async () => {
    const own = await paperCase(supplier);
    const status = await own.desk.check(
      own.application,
      {
        type: 'idDocumentStatus',
        about: { person: own.employee.id },
        document: own.employee.document,
        status: 'reported',
      },
      1,
    );
    const reported = [...own.ofEmployee.filter((_, index) => index !== 2), status];
    const applied = having(
      await supplier.command('/v1/means', {
        application: own.application,
        holder: own.employee.id,
        product: 'password-sms',
        aimedStork: 3,
      }),
      201,
    ).body;
    const { answer, records } = await recordedBy(() =>
      supplier.command(`/v1/means/${String(applied['id'])}/identifications`, { checks: reported }),
    );
    expect([answer.status, faultsOf(answer)]).toEqual([409, ['- aspect-unscored', '- document-reported']]);
    expect(records).toMatchObject([{ kind: 'refusal', data: { command: 'IdentifyHolder', checks: reported } }]);
  });
});

describe('a reading by an auditor', () => {
  it('leaves a record of who, why, what was asked and what was shown', async () => {
    const clerk = await suite.running.issuer.issue({ role: 'auditor', client: 'audit-desk', clerk: 'auditor-eva' });
    const { answer, records } = await recordedBy(async () => {
      const response = await fetch(`${suite.url}/v1/audit/checks/_search`, {
        method: 'POST',
        headers: { authorization: `Bearer ${clerk}`, 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'yearly sample', person: case1.employee.id, limit: 3 }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Json };
    });
    having(answer, 200);
    const shown = (answer.body['items'] as Json[]).map(({ id }) => id);
    expect(shown).toHaveLength(3);
    expect(records).toMatchObject([
      {
        id: answer.body['reading'],
        kind: 'reading',
        actor: { client: 'audit-desk', clerk: expect.any(String) },
        schemaVersion: 2,
        data: {
          what: 'checks',
          reason: { sealed: expect.any(String) },
          question: { person: case1.employee.id },
          shown,
        },
      },
    ]);
    // Its words are opened by a named reader, with the key of this reading and in this place alone.
    const { sealer } = suite.running.open.vault;
    const { sealed } = records[0]!.data['reason'] as { readonly sealed: string };
    const reading = String(answer.body['reading']);
    const place = { stream: 'records', eventId: reading, member: 'reason' } as const;
    expect(sealed).toMatch(new RegExp(`^v1\\.reading\\.${reading}\\.`));
    expect(await sealer.open(place, sealed)).toBe('"yearly sample"');
    await expect(sealer.open({ ...place, eventId: String(shown[0]) }, sealed)).rejects.toThrow('does not open');
    // The clerk is a random reference on record, never the subject of his token.
    expect(JSON.stringify(records)).not.toContain('auditor-eva');
  });

  it('leaves none when it was not answered', async () => {
    const { answer, records } = await recordedBy(() =>
      auditor.ask('/v1/audit/checks/_search', { reason: '', person: 7 }),
    );
    expect([answer.status, records]).toEqual([400, []]);
  });
});

describe('what leaves no record', () => {
  it.each<[string, () => Promise<Answer>, number]>([
    ['malformed input', () => supplier.command('/v1/authorizations', '{'), 400],
    ['an unknown member', () => register({ extra: 1 }), 400],
    ['an unknown level', () => register({ aimedLevel: 'EH7' }), 400],
    ['a missing scope', () => auditor.command('/v1/authorizations', {}), 403],
    ['an unknown object', () => supplier.command(`/v1/means/${case1.party}/activations`, { activatedAt: at(0) }), 404],
    ['a state that does not fit', () => supplier.command(`/v1/means/${means.id}/issuances`, { checks: [] }), 409],
    ['a search', () => supplier.ask('/v1/authorizations/_search', {}), 200],
  ])('%s', async (_what, ask, status) => {
    const { answer, records } = await recordedBy(ask);
    expect([answer.status, records, faultsOf(answer).length >= 0]).toEqual([status, [], true]);
  });
});
