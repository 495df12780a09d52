import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Json } from './support/api.js';
import { at, paperCase, type PaperCase } from './support/case.js';
import { having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';

/** "May I?": what a command would earn or be refused with, with nothing written. */

let suite: TestSuite;
let supplier: Client;
let case1: PaperCase;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  case1 = await paperCase(supplier);
});
afterAll(() => suite.end());

/** The answer of a question that leaves nothing behind: no event, no record. */
async function asked(path: string, body: unknown, status = 200, client = supplier): Promise<Json> {
  const before = await suite.heads();
  const { body: answer } = having(await client.ask(path, body), status);
  expect(await suite.heads()).toEqual(before);
  return answer;
}

const scoresOf = (answer: Json): Json =>
  Object.fromEntries((answer['aspects'] as readonly Json[]).map(({ aspect, score }) => [aspect, score]));
const codesOf = (answer: Json): readonly unknown[] => (answer['refusals'] as readonly Json[]).map(({ code }) => code);
const errorsOf = (answer: Answer): unknown => answer.body['errors'];

describe('a registration', () => {
  it('is told what it would earn, and then earns it', async () => {
    const { id } = await case1.means();
    const body = case1.registration(id);
    const answer = await asked('/v1/authorizations/_precheck', body);
    expect(answer).toMatchObject({ wouldSucceed: true, level: 'EH3', refusals: [] });
    expect(answer['missingFor']).toMatchObject({ EH4: { aspects: expect.objectContaining({ IO: 4 }) as unknown } });
    const registered = having(await supplier.command('/v1/authorizations', body), 201).body;
    expect([registered['eh'], scoresOf(answer)]).toEqual([answer['level'], scoresOf(registered)]);
  });

  it('is told every reason that the command is refused with, in the words that are asked for', async () => {
    const { id } = await case1.means();
    const checks = case1.dossier.filter((check) => check !== case1.documentStatusOfDirector);
    const body = case1.registration(id, { checks });
    const answer = await asked('/v1/authorizations/_precheck', body);
    expect(answer).toMatchObject({ wouldSucceed: false, level: 'EH2+' });
    const refused = having(await supplier.command('/v1/authorizations', body), 409);
    expect(answer['refusals']).toEqual(errorsOf(refused));
    expect((answer['missingFor'] as Json)['EH3']).toEqual(
      ((refused.body['errors'] as readonly Json[])[0]!['missing'] as Json) ?? undefined,
    );
    const dutch = await supplier.send('POST', '/v1/authorizations/_precheck', {
      body,
      headers: { 'accept-language': 'nl' },
    });
    expect((dutch.body['refusals'] as readonly Json[])[0]).toMatchObject({
      ...{ code: 'level-not-reached', detail: 'Het beoogde niveau wordt niet gehaald' },
    });
  });

  it('is told what the register does not know, and where', async () => {
    const { id } = await case1.means();
    const answer = await asked('/v1/authorizations/_precheck', case1.registration(id, { checks: [randomUUID()] }));
    expect(answer).toMatchObject({ wouldSucceed: false, level: null, aspects: [], missingFor: {} });
    expect(answer['refusals']).toMatchObject([{ code: 'unknown-check', pointer: '/checks/0' }]);
  });

  it('that is none is 400, with every fault at once', async () => {
    const before = await suite.heads();
    const answer = await supplier.ask('/v1/authorizations/_precheck', { checks: 'all', aimedLevel: 'EH9', more: 1 });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as readonly Json[]).length).toBeGreaterThan(5);
    expect(await suite.heads()).toEqual(before);
  });

  it('is asked by those who may register', async () => {
    const network = await suite.client('network');
    expect(await asked('/v1/authorizations/_precheck', {}, 403, network)).toMatchObject({ code: 'missing-scope' });
  });
});

describe('a renewal or a change', () => {
  it('is told what stands against it, and 404 where there is nothing', async () => {
    const { id } = await case1.means();
    const authorization = String((await case1.authorize(id))['id']);
    const { application, registration, submitter, checks, aimedLevel } = case1.registration(id);
    const body = { application, registration, submitter, checks, aimedLevel, period: { from: at(0), until: at(9e9) } };
    const { period: _period, ...same } = body;
    for (const [what, sent] of [
      ['renewals', body],
      ['changes', { ...same, set: { forThirdParties: true } }],
    ] as const) {
      const path = (of: string): string => `/v1/authorizations/${of}/${what}`;
      const answer = await asked(`${path(authorization)}/_precheck`, sent);
      const refused = await supplier.command(path(authorization), sent);
      expect([what, answer['wouldSucceed'], codesOf(answer)]).toEqual([
        ...[what, false],
        (refused.body['errors'] as readonly Json[]).map(({ code }) => code),
      ]);
      await asked(`${path(randomUUID())}/_precheck`, sent, 404);
    }
  });
});

describe('a means', () => {
  it('is told step by step what it would earn', async () => {
    const applied = {
      application: case1.application,
      holder: case1.employee.id,
      product: 'password-sms',
      aimedStork: 3,
    };
    expect(await asked('/v1/means/_precheck', applied)).toMatchObject({ wouldSucceed: true, refusals: [] });
    expect(codesOf(await asked('/v1/means/_precheck', { ...applied, product: 'no-such' }))).toEqual([
      'unknown-product',
    ]);

    const path = `/v1/means/${String(having(await supplier.command('/v1/means', applied), 201).body['id'])}`;
    const checks = case1.ofEmployee;
    expect(codesOf(await asked(`${path}/issuances/_precheck`, { checks }))).toEqual(['means-not-identified']);
    const identified = await asked(`${path}/identifications/_precheck`, { checks });
    expect([identified['wouldSucceed'], scoresOf(identified)]).toMatchObject([true, { ID: 3 }]);
    having(await supplier.command(`${path}/identifications`, { checks }), 200);

    const early = await asked(`${path}/issuances/_precheck`, { checks: [] });
    const refused = having(await supplier.command(`${path}/issuances`, { checks: [] }), 409);
    expect(early).toMatchObject({ wouldSucceed: false, stork: 1, level: 'EH1', refusals: errorsOf(refused) });
    expect(early['missingFor']).toMatchObject({ '3': { IC: 3 } });
    const upgrade = { application: case1.application, checks, aimedStork: 3 };
    expect(codesOf(await asked(`${path}/upgrades/_precheck`, upgrade))).toContain('purpose-not-in-application');
    const renewal = { application: case1.application, checks };
    expect(codesOf(await asked(`${path}/renewals/_precheck`, renewal))).toContain('purpose-not-in-application');
    await asked(`/v1/means/${randomUUID()}/issuances/_precheck`, { checks: [] }, 404);
  });
});

describe('a revocation', () => {
  it('is told whether who asks may, and nothing ends', async () => {
    const means = await case1.means();
    const authorization = String((await case1.authorize(means.id))['id']);
    const body = await case1.revocation({ authorization }, means.id);
    expect(await asked('/v1/revocation-requests/_precheck', body)).toMatchObject({
      ...{ wouldSucceed: true, level: 'EH3', refusals: [] },
    });
    const stranger = { ...body, checks: [], requester: { role: 'administrator', person: case1.director.id } };
    const answer = await asked('/v1/revocation-requests/_precheck', stranger);
    const made = having(await supplier.command('/v1/revocation-requests', stranger), 201).body;
    expect([made['status'], answer['wouldSucceed'], codesOf(answer)]).toEqual(['refused', false, made['codes']]);
    expect(having(await supplier.get(`/v1/authorizations/${authorization}`), 200).body['status']).toBe('active');
  });
});
