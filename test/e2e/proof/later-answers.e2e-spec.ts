import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  BRANCH,
  checkedCopy,
  circumstances,
  copy,
  declaresFunction,
  documentStatus,
  hoursAgo,
  identifiedParty,
  MAIN,
  mandateDecision,
  officialNumber,
  organizationSeal,
  partyAttributes,
  representation,
  signedOnPaper,
  tradeRegister,
  units,
  validation,
  type Fact,
} from '../ways/support/facts.js';
import { codesOf, expectEarned, registerBy, shownIn, walk, type Earned, type Way } from '../ways/support/register.js';
import { application, apply, person, record, sceneOf, setStage, type Stage } from '../ways/support/stage.js';

/** PROOF-01: which later answers say less, which mend it, and in what order they were given, through HTTP. */

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
const ofPeople = [...signedOnPaper, documentStatus('submitter'), circumstances(), ...checkedCopy];
const full = [...identifiedParty, ...ofPeople, representation()];
const at3 = 'IA2-b IO3-d IG3-f IV3';

/** The named check was replaced by the other, which joined by itself. */
function expectReplaced({ answer, checks, aside }: Earned, place: number): void {
  const named = { counts: false, why: 'superseded', superseded: true, joined: false };
  expect(shownIn(answer, checks.at(place)!)).toMatchObject(named);
  expect(shownIn(answer, aside[0]!)).toMatchObject({ joined: true, superseded: false });
}

describe('an establishment that the register does not list', () => {
  const scope = { ...EH3, establishments: [BRANCH] };
  const of = (...looks: readonly Fact[]): readonly Fact[] => [
    ...ofPeople,
    representation(),
    partyAttributes(),
    ...looks,
  ];
  const both = tradeRegister({ currentEstablishments: [MAIN, BRANCH] });
  const one = tradeRegister({ currentEstablishments: [MAIN] });
  const without = tradeRegister();

  it('any more: the later look joins by itself', async () => {
    const earned = await walk(stage, { checks: of(both), aside: [one], body: scope });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['establishment-not-current']]);
    expectReplaced(earned, -1);
  });

  it('is not mended by a look at the organization that asked for none, but by one that lists it', async () => {
    const earned = await walk(stage, { checks: of(one, without), body: scope });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['establishment-not-current']]);
    const found = earned.checks.at(-2)!;
    expect(shownIn(earned.answer, found)).toMatchObject({ superseded: false, joined: false });
    // Left out it joins all the same.
    const unnamed = await walk(stage, { scene: earned.scene, checks: of(without), body: scope });
    expect(codesOf(unnamed.answer)).toEqual(['establishment-not-current']);
    expect(shownIn(unnamed.answer, found)).toMatchObject({ superseded: false, joined: true });
    const again = await walk(stage, { scene: earned.scene, checks: of(both), body: scope });
    await expectEarned(stage, again, at3, 'EH3');
    expect(shownIn(again.answer, found)).toMatchObject({ counts: false, why: 'superseded', joined: true });
  });

  it('says nothing about an authorization that is not limited to any', async () => {
    await expectEarned(stage, await walk(stage, { checks: of(one, without), body: EH3 }), at3, 'EH3');
  });
});

describe('a later answer that says less', () => {
  it('is that the register was asked about other data', async () => {
    const other = representation('submitter', { sameDataAsIdentified: false });
    const earned = await walk(stage, { checks: full, aside: [other], body: EH3 });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['inconsistent-identity-data']]);
    expectReplaced(earned, -1);
    await expectEarned(stage, await walk(stage, { scene: earned.scene, checks: full, body: EH3 }), at3, 'EH3');
  });

  it('is that the signature is not good', async () => {
    const revoked = { signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' } };
    const sealed = [...identifiedParty, attributes('submitter'), representation(), circumstances(), ...checkedCopy];
    const way: Way = { channel: 'electronic', checks: [...sealed, organizationSeal()], body: all };
    const earned = await walk(stage, { ...way, aside: [organizationSeal(revoked)] });
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    expectReplaced(earned, -1);
    const again = await walk(stage, { ...way, scene: earned.scene });
    await expectEarned(stage, again, 'IA2-b IO2-c IG3-f IV3', 'EH2+');
  });

  it('is that a mandate decision is in no official source, whoever declares it valid', async () => {
    const state = { kind: 'publicLegalPerson', role: 'mandateHolder' } as const;
    const checks = [...identifiedParty, ...ofPeople, units(), declaresFunction(), askedApart(), mandateDecision()];
    const unpublished = { foundInOfficialSource: false, publication: undefined };
    for (const aside of [mandateDecision(unpublished), mandateDecision(unpublished, 'colleague')]) {
      const earned = await walk(stage, { ...state, checks, aside: [aside], body: all });
      await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
      expectReplaced(earned, -1);
      const again = await walk(stage, { ...state, scene: earned.scene, checks, body: EH3 });
      await expectEarned(stage, again, at3, 'EH3');
    }
  });

  it('is that the register did not verify the number of a holder', async () => {
    const of = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await person(client),
    });
    const path = `/v1/means/${String(having(await apply(client, of, 'password-sms', 3), 201).body['id'])}`;
    const email = validation({ type: 'emailConfirmation', confirmed: true });
    const known = [attributes('authorized'), copy('authorized'), documentStatus('authorized')];
    const facts = [...known, email, officialNumber()];
    const identifying = async (checks: readonly string[]): Promise<Json> => {
      const answer = await client.command(`${path}/identifications`, { checks });
      return having(answer, 200).body;
    };
    const checks = await record(client, of, facts);
    const [failed] = await record(client, of, [officialNumber({ verified: false })]);
    const less = await identifying(checks);
    expect(less).toMatchObject({ scores: { ID: 2 }, criteria: { attributes: 'ii.b', validation: 'iii.e' } });
    const answered = (body: Json, check: string): unknown =>
      (body['aspects'] as readonly { readonly checks: readonly Json[] }[])
        .flatMap((aspect) => aspect.checks)
        .find((one) => one['check'] === check);
    expect(answered(less, checks.at(-1)!)).toMatchObject({ counts: false, why: 'superseded' });
    expect(answered(less, failed!)).toMatchObject({ joined: true, superseded: false });
    const mended = await identifying(await record(client, of, [officialNumber()]));
    expect(mended).toMatchObject({ scores: { ID: 3 }, rows: { ID: ['MEANS-ID3-v2'] } });
    expect(answered(mended, failed!)).toMatchObject({ counts: false, why: 'superseded' });
  });
});

describe('the order of two answers', () => {
  const received = async (): Promise<string> => {
    const intake = { channel: 'nonElectronic', medium: 'writing', receivedAt: hoursAgo(2), purposes: ['registration'] };
    return having(await client.command('/v1/applications', intake), 201).body['id'] as string;
  };
  const limited = (hours: number): Fact =>
    representation('submitter', { limitation: 'obstructing', asOf: hoursAgo(hours) });

  it('is that of the moments at which the register was asked, not that of the recording', async () => {
    const scene = { application: await received() };
    const earned = await walk(stage, { scene, checks: full, aside: [limited(1)], body: EH3 });
    await expectEarned(stage, earned, at3, 'EH3');
    expect(shownIn(earned.answer, earned.aside[0]!)).toMatchObject({ counts: false, joined: true, superseded: true });
  });

  it('is that of the recording where the moments are one', async () => {
    const asOf = hoursAgo(1);
    const checks = [...identifiedParty, ...ofPeople, askedApart(), representation('submitter', { asOf })];
    const aside = [representation('submitter', { limitation: 'obstructing', asOf })];
    const earned = await walk(stage, { scene: { application: await received() }, checks, aside, body: all });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG3-f IV1-a', 'EH1');
    expectReplaced(earned, -1);
  });

  it('stands among the checks of what is registered', async () => {
    const scene = { application: await received() };
    const earned = await walk(stage, { scene, checks: full, aside: [limited(1)], body: EH3 });
    const { id, position } = having(earned.answer, 201).body;
    const auditor = await suite.client('auditor');
    const search = { authorization: id, reason: 'what does it rest on', after: position };
    const { items } = having(await auditor.ask('/v1/audit/checks/_search', search), 200).body;
    expect((items as readonly Json[]).map(({ id }) => id)).toEqual(
      expect.arrayContaining([...earned.checks, ...earned.aside]),
    );
    const again = await registerBy(client, { checks: full, body: EH3 }, earned.scene, earned.checks);
    expect(having(again, 201).body).toMatchObject({ eh: 'EH3' });
  });
});
