import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  attributes,
  bankTransaction,
  before,
  checkedCopy,
  circumstances,
  copy,
  documentStatus,
  identifiedParty,
  inPerson,
  officialNumber,
  representation,
  signedForm,
  signedOnPaper,
  type Fact,
} from '../ways/support/facts.js';
import { codesOf, expectEarned, shownIn, walk, type Earned } from '../ways/support/register.js';
import {
  application,
  holder,
  person,
  record,
  sceneOf,
  setStage,
  withDocument,
  type Stage,
} from '../ways/support/stage.js';

/** MEANS-ID2-ii.b, PROOF-01, PROOF-03 and PROOF-06: one document, one transaction, one human; through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const all = { scope: { all: true } };
const EH3 = { aimedLevel: 'EH3' };
const ofParty = [...identifiedParty, representation(), circumstances()];
const signed = [...signedOnPaper, documentStatus('submitter')];
const full = [...ofParty, ...signed, ...checkedCopy];
const EARNED = 'IA2-b IO3-d IG3-f IV3';
const whysOf = ({ answer, checks }: Earned, from: number, to?: number): readonly unknown[] =>
  checks.slice(from, to).map((check) => shownIn(answer, check)?.['why'] ?? 'counts');

const freshDocumentNumber = (): string => `P${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}`;

/** Two persons with one passport; the second was recognized in the first. */
async function sharing(more: Json = {}): Promise<{ readonly first: Human; readonly second: Human }> {
  const number = freshDocumentNumber();
  const first = await withDocument(client, (await person(client)).id, { number });
  const second = await withDocument(client, (await person(client, more)).id, { number });
  return { first, second };
}
const answered = async ({ first, second }: { first: Human; second: Human }, same: boolean): Promise<unknown> => {
  const answer = same ? { same } : { same, distinguishedBy: ['familyName'] };
  return having(await client.command(`/v1/persons/${second.id}/links`, { to: first.id, ...answer }), 200);
};

describe('MEANS-ID2-ii.b: one passport of two people whom a clerk told apart', () => {
  const disputed = 'document-of-another-person';

  it.each(['first', 'second'] as const)('counts for neither as submitter: the %s', async (which) => {
    const both = await sharing();
    await answered(both, false);
    const earned = await walk(stage, { scene: { submitter: both[which] }, checks: full, body: all });
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    expect(whysOf(earned, 4, 8)).toEqual(['counts', disputed, disputed, disputed]);
    const shown = [...ofParty, ...before('appeared'), ...checkedCopy];
    const atTheDesk = await walk(stage, { scene: earned.scene, checks: shown, body: all });
    await expectEarned(stage, atTheDesk, 'IA2-b IO1-a IG3-f IV3', 'EH1');
  });

  it('counts for neither where one of them is authorized by the other', async () => {
    const number = freshDocumentNumber();
    const { human, means } = await holder(client, 3);
    const submitter = await withDocument(client, (await person(client)).id, { number });
    const authorized = await withDocument(client, human.id, { number });
    await answered({ first: submitter, second: authorized }, false);
    const earned = await walk(stage, { scene: { submitter, authorized, means }, checks: full, body: all });
    expect([earned.answer.status, earned.scores]).toMatchObject([409, { IO: 1 }]);
    expect(whysOf(earned, 4)).toEqual(['counts', disputed, disputed, disputed, 'counts', disputed, disputed]);
  });

  it('identifies nobody of whom little else is known, and issues no means', async () => {
    for (const which of ['first', 'second'] as const) {
      const number = freshDocumentNumber();
      const nameOnly = async (): Promise<Human> => {
        const body = { familyName: `Alleen-${randomUUID().slice(0, 8)}` };
        const { id } = having(await client.command('/v1/persons', body), 201).body as { readonly id: string };
        return withDocument(client, id, { number });
      };
      const both = { first: await nameOnly(), second: await nameOnly() };
      await answered(both, false);
      const applicant = both[which];
      const of = sceneOf({ application: await application(client, 'electronic', 'means'), authorized: applicant });
      const evidence = [attributes('authorized'), copy('authorized'), documentStatus('authorized'), officialNumber()];
      const checks = await record(client, of, [...evidence, inPerson('authorized')]);
      const applied = { application: of.application, holder: applicant.id, product: 'password-sms', aimedStork: 3 };
      const means = having(await client.command('/v1/means', applied), 201).body['id'] as string;
      const answer = await client.command(`/v1/means/${means}/identifications`, { checks });
      const shown = checks.map((check) => shownIn(answer, check)?.['why']);
      expect(shown).toEqual(['not-uniquely-identified', disputed, disputed, disputed, disputed]);
      expect(answer.status).toBe(409);
    }
  });

  it('is his passport where both are one human, and stays his until it is answered otherwise', async () => {
    const both = await sharing();
    const early = await walk(stage, { scene: { submitter: both.first }, checks: full, body: EH3 });
    await expectEarned(stage, early, EARNED, 'EH3');
    const open = await walk(stage, { scene: { submitter: both.second }, checks: full, body: all });
    await expectEarned(stage, open, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    expect(whysOf(open, 4, 5)).toEqual(['not-uniquely-identified']);
    await answered(both, true);
    for (const submitter of [both.first, both.second])
      await expectEarned(stage, await walk(stage, { scene: { submitter }, checks: full, body: EH3 }), EARNED, 'EH3');
  });
});

describe('MEANS-ID2-ii.b: a passport that one human has on record twice', () => {
  it('PROOF-03: ends on the first of the days that were recorded', async () => {
    for (const days of [
      ['2024-11-01', '2035-11-01'],
      ['2035-11-01', '2024-11-01'],
    ] as const) {
      const number = freshDocumentNumber();
      const { id } = await person(client);
      const records: Human[] = [];
      for (const expiresOn of days) records.push(await withDocument(client, id, { number, expiresOn }));
      for (const submitter of records) {
        const earned = await walk(stage, { scene: { submitter }, checks: full, body: all });
        await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV3', 'EH1');
        expect(whysOf(earned, 5, 8)).toEqual(['expired-document', 'expired-document', 'expired-document']);
      }
    }
  });

  it('PROOF-01: is one for what a later look says, at whichever record', async () => {
    const number = freshDocumentNumber();
    const submitter = await withDocument(client, (await person(client)).id, { number });
    const again = await withDocument(client, submitter.id, { number: number.toLowerCase(), expiresOn: '2036-03-09' });
    const later: Fact = (scene) => signedForm('original', { agrees: false })({ ...scene, submitter: again }, client);
    const earned = await walk(stage, { scene: { submitter }, checks: full, aside: [later], body: all });
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    expect(shownIn(earned.answer, earned.aside[0]!)).toMatchObject({ joined: true, superseded: false });
    expect(whysOf(earned, 6, 7)).toEqual(['superseded']);
    const mended = await walk(stage, { scene: { ...earned.scene, submitter: again }, checks: full, body: EH3 });
    await expectEarned(stage, mended, EARNED, 'EH3');
  });

  it('PROOF-01: is reported by a look at either record', async () => {
    const number = freshDocumentNumber();
    const submitter = await withDocument(client, (await person(client)).id, { number });
    const again = await withDocument(client, submitter.id, { number });
    const elsewhere = await application(client, 'nonElectronic', 'registration');
    await record(client, sceneOf({ application: elsewhere, submitter: again }), [
      documentStatus('submitter', 'reported'),
    ]);
    const earned = await walk(stage, { scene: { submitter }, checks: full });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['document-reported']]);
  });
});

describe('PROOF-06: one bank transaction', () => {
  const paid = (who: 'submitter' | 'authorized', reference?: string): Fact =>
    bankTransaction(who, reference === undefined ? {} : { source: { name: 'bank', reference } });
  const ofBoth = (...payments: readonly Fact[]): readonly Fact[] => [
    ...ofParty,
    ...signedOnPaper,
    attributes('authorized'),
    copy('authorized'),
    ...payments,
  ];
  const freshReference = (): string => `bank-tx-1${randomUUID().slice(0, 8)}`;
  const used = 'transaction-used-elsewhere';

  it('is evidence of neither where it is shown of the submitter and of the authorized person', async () => {
    const reference = freshReference();
    const checks = ofBoth(paid('submitter', reference), paid('authorized', reference.toUpperCase()));
    const earned = await walk(stage, { checks, body: all });
    expect(whysOf(earned, checks.length - 2)).toEqual([used, used]);
    expect(earned.scores).toMatchObject({ IO: 2 });
    const own = ofBoth(paid('submitter'), paid('authorized'));
    const honest = await walk(stage, { checks: own, body: EH3 });
    await expectEarned(stage, honest, EARNED, 'EH3');
  });

  it('is evidence of another application in capitals as well', async () => {
    const reference = freshReference();
    const elsewhere = await application(client, 'nonElectronic', 'registration');
    const stranger = sceneOf({ application: elsewhere, submitter: await person(client) });
    await record(client, stranger, [paid('submitter', reference)]);
    const checks = [...ofParty, ...signedOnPaper, paid('submitter', reference.toUpperCase()), ...checkedCopy];
    const earned = await walk(stage, { checks, body: all });
    await expectEarned(stage, earned, 'IA2-b IO2-b IG3-f IV3', 'EH2+');
    expect(whysOf(earned, 7, 8)).toEqual([used]);
  });
});
