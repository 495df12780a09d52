import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { faultsOf, having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  attributes,
  checkedCopy,
  circumstances,
  complete,
  confirmedBy,
  copy,
  declaresFunction,
  documentStatus,
  eSignature,
  hoursAgo,
  identifiedParty,
  loginWith,
  mandateDecision,
  partyAttributes,
  representation,
  signedForm,
  signedOnPaper,
  tradeRegister,
  units,
  type Fact,
} from '../ways/support/facts.js';
import {
  bodyOf,
  codesOf,
  expectEarned,
  sceneFor,
  shownIn,
  walk,
  type Earned,
  type Way,
} from '../ways/support/register.js';
import {
  application,
  delivered,
  apply,
  correctPerson,
  holder,
  holderAtThree,
  person,
  record,
  sceneOf,
  setStage,
  withDocument,
  type Stage,
} from '../ways/support/stage.js';

/** What the register's own records contradict counts for nothing, wherever they stand (chapter 6.4), through HTTP. */

let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const signed = [...signedOnPaper, documentStatus('submitter')];
const EH3 = { aimedLevel: 'EH3' };
const whyOf = (answer: Answer, check: string): unknown => shownIn(answer, check)?.['why'];

describe('PROOF-01: a register says less of the party in another application', () => {
  const rest = { attributes: partyAttributes(), signed, copies: checkedCopy };
  interface Asked {
    readonly what: string;
    readonly yes: Fact;
    readonly no: Fact;
    readonly others: readonly Fact[];
  }
  const cases: readonly Asked[] = [
    {
      what: 'who represents it, without limits',
      yes: representation(),
      no: representation('submitter', { limitation: 'obstructing' }),
      others: [tradeRegister(), circumstances()],
    },
    {
      what: 'that he represents it',
      yes: representation(),
      no: representation('submitter', { outcome: 'notFound', agrees: false }),
      others: [tradeRegister(), circumstances()],
    },
    {
      what: 'that it is there',
      yes: tradeRegister(),
      no: tradeRegister({ outcome: 'notFound', agreesOn: [] }),
      others: [representation(), circumstances()],
    },
    {
      what: 'that nothing special is known',
      yes: circumstances(),
      no: circumstances('found'),
      others: [representation(), tradeRegister()],
    },
  ];

  it.each(cases)('$what: an earlier answer is taken back, and asked again it counts', async ({ yes, no, others }) => {
    const way: Way = { checks: [], body: EH3 };
    const scene = await sceneFor(stage, way);
    const elsewhere = { ...scene, application: await application(client, 'nonElectronic', 'registration') };
    const named = await record(client, scene, [...others, ...[rest.attributes, ...rest.signed, ...rest.copies]]);
    const [first] = await record(client, scene, [yes]);
    const [taken] = await record(client, elsewhere, [no]);
    const refused = await client.command('/v1/authorizations', bodyOf(way, scene, [...named, first!]));
    expect(refused.status).toBe(409);
    expect(shownIn(refused, first!)).toMatchObject({ counts: false, why: 'superseded', superseded: true });
    expect(shownIn(refused, taken!)).toMatchObject({ joined: true });
    const [anew] = await record(client, scene, [yes]);
    const answer = await client.command('/v1/authorizations', bodyOf(way, scene, [...named, anew!]));
    expect(having(answer, 201).body).toMatchObject({ eh: 'EH3' });
  });

  it('does so as well when the answer that is named stands there itself', async () => {
    const way: Way = { checks: [], body: EH3 };
    const scene = await sceneFor(stage, way);
    const elsewhere = { ...scene, application: await application(client, 'nonElectronic', 'registration') };
    const named = await record(client, scene, [...identifiedParty, circumstances(), ...signed, ...checkedCopy]);
    const [stale] = await record(client, elsewhere, [
      representation(),
      representation('submitter', { limitation: 'obstructing' }),
    ]);
    const refused = await client.command('/v1/authorizations', bodyOf(way, scene, [...named, stale!]));
    expect([refused.status, whyOf(refused, stale!)]).toEqual([409, 'superseded']);
  });
});

describe('PROOF-02: somebody who was found to be out of office meanwhile', () => {
  const leftOffice = async (scene: { readonly party: string; readonly colleague: Human }): Promise<void> => {
    const elsewhere = await application(client, 'nonElectronic', 'change');
    await record(client, sceneOf({ ...scene, application: elsewhere }), [
      representation('colleague', { outcome: 'notFound', agrees: false }),
    ]);
  };

  it('confirms nothing', async () => {
    const way: Way = { checks: [], body: EH3 };
    const scene = await sceneFor(stage, way);
    const found = [...identifiedParty, ...signed, ...checkedCopy, representation(), circumstances('found', true)];
    const checks = await record(client, scene, [...found, representation('colleague')]);
    await leftOffice(scene);
    const [confirmation] = await record(client, scene, [confirmedBy('colleague', 'representative')]);
    const refused = await client.command('/v1/authorizations', bodyOf(way, scene, [...checks, confirmation!]));
    expect([refused.status, codesOf(refused)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect(whyOf(refused, confirmation!)).toBe('not-shown-by-register');
  });

  it('ends nothing', async () => {
    const { answer, scene } = await walk(stage, {
      checks: [...identifiedParty, ...signed, ...checkedCopy, representation(), circumstances()],
      body: EH3,
    });
    const intake = { channel: 'nonElectronic', medium: 'counter', receivedAt: hoursAgo(0), purposes: ['revocation'] };
    const ending = having(await client.command('/v1/applications', intake), 201).body['id'] as string;
    const of = sceneOf({ application: ending, party: scene.party, submitter: scene.colleague });
    const checks = await record(client, of, [representation(), ...signed]);
    const request = {
      application: ending,
      object: { authorization: having(answer, 201).body['id'] },
      requester: { role: 'legalRepresentative', person: scene.colleague.id },
      checks,
    };
    await leftOffice(scene);
    expect(having(await client.command('/v1/revocation-requests', request), 201).body).toMatchObject({
      status: 'refused',
      codes: ['requester-not-entitled'],
    });
    const [anew] = await record(client, of, [representation()]);
    const mended = { ...request, checks: [...checks.slice(1), anew] };
    expect(having(await client.command('/v1/revocation-requests', mended), 201).body).toMatchObject({
      status: 'effected',
    });
  });
});

describe('PROOF-02: a confirmation', () => {
  const before = [...identifiedParty, ...signed, ...checkedCopy, representation(), representation('colleague')];

  it('that was given before the finding answers nothing', async () => {
    const early: Fact = confirmedBy('colleague', 'representative', {});
    const checks = [...before, early, circumstances('found', true)];
    const earned = await walk(stage, { checks, body: EH3 });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect(whyOf(earned.answer, earned.checks.at(-2)!)).toBe('before-the-finding');
    const mended = [...checks, confirmedBy('colleague', 'representative')];
    await expectEarned(
      stage,
      await walk(stage, { checks: mended, body: EH3, scene: earned.scene }),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    );
  });

  it('by somebody who may be the applicant under another record is no other one’s (MEANS-ID2-ii.b)', async () => {
    const attributes = { familyName: 'Test-twin', birthDate: '1979-02-03', birthPlace: 'Teststad' };
    const submitter = await person(client, attributes);
    const twin = await person(client, attributes);
    const checks = [...before, circumstances('found', true), confirmedBy('colleague', 'representative')];
    const earned = await walk(stage, { checks, body: EH3, scene: { submitter, colleague: twin } });
    expect(earned.answer.status).toBe(409);
    expect(whyOf(earned.answer, earned.checks.at(-1)!)).toBe('not-uniquely-identified');
    const apart = { to: submitter.id, same: false, distinguishedBy: ['document'] };
    having(await client.command(`/v1/persons/${twin.id}/links`, apart), 200);
    const again = await walk(stage, { checks, body: EH3, scene: earned.scene });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('by somebody of whom the applicant, who logged in, may be another record is his own (MEANS-ID2-ii.b)', async () => {
    const attributes = { familyName: `Test-${hoursAgo(0)}`, birthDate: '1979-02-03', birthPlace: 'Teststad' };
    const colleague = await person(client, attributes);
    const administrator = await holder(client, 3);
    const appointed = await walk(stage, {
      scene: { authorized: administrator.human, means: administrator.means },
      checks: [...identifiedParty, ...signed, ...checkedCopy, representation(), circumstances()],
      body: { ...EH3, authority: 'administration', scope: { all: true } },
    });
    having(appointed.answer, 201);
    const submitter = administrator.human;
    // His own record is the one that asks.
    await correctPerson(client, submitter, attributes);
    const way: Way = {
      registration: 'repeated',
      channel: 'electronic',
      role: 'administrator',
      scene: { party: appointed.scene.party, submitter, colleague },
      checks: [
        ...identifiedParty,
        ...checkedCopy,
        loginWith('submitter', 'EH3', administrator.means),
        representation('colleague'),
        circumstances('found', true),
        confirmedBy('colleague', 'representative'),
      ],
      body: EH3,
    };
    const earned = await walk(stage, way);
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect(whyOf(earned.answer, earned.checks.at(-1)!)).toBe('not-uniquely-identified');
    const apart = { to: colleague.id, same: false, distinguishedBy: ['document'] };
    having(await client.command(`/v1/persons/${submitter.id}/links`, apart), 200);
    expect(having((await walk(stage, way)).answer, 201).body).toMatchObject({ eh: 'EH3' });
  });

  it('by somebody who is known by a family name alone is nobody’s (PROOF-05)', async () => {
    const { body } = having(await client.command('/v1/persons', { familyName: `Test-${hoursAgo(0)}` }), 201);
    const colleague = { id: body['id'] as string, document: '' };
    const checks = [...before, circumstances('found', true), confirmedBy('colleague', 'representative')];
    const earned = await walk(stage, { checks, body: EH3, scene: { colleague } });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([409, ['special-circumstances-unconfirmed']]);
    expect(whyOf(earned.answer, earned.checks.at(-1)!)).toBe('not-uniquely-identified');
    const known = await withDocument(client, colleague.id);
    const again = await walk(stage, { checks, body: EH3, scene: { ...earned.scene, colleague: known } });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('IV2-limits: whom the register shows with a limitation', () => {
  const limited = (more: Json = {}): Fact => representation('submitter', { limitation: 'obstructing', ...more });
  const ofState = [...identifiedParty, ...signed, ...checkedCopy, units(), circumstances(), declaresFunction()];
  const byMandate: Way = {
    kind: 'publicLegalPerson',
    role: 'mandateHolder',
    body: EH3,
    checks: [...ofState, mandateDecision()],
  };
  const byFunction: Way = {
    kind: 'publicLegalPerson',
    body: EH3,
    checks: [...ofState, representation('submitter', { basis: 'byFunction' })],
  };
  const expectRefused = ({ answer, checks }: Earned, place: number): void => {
    expect(answer.status).toBe(409);
    expect(whyOf(answer, checks.at(place)!)).toBe('limited-in-register');
  };

  it.each([
    ['a mandate', byMandate],
    ['a function', byFunction],
  ] as const)('has no way by %s, as long as the register does not say otherwise', async (_what, way) => {
    const refused = await walk(stage, { ...way, checks: [...way.checks, limited()] });
    expectRefused(refused, -2);
    // He has left that office since: the last answer says it.
    const left = [...way.checks, limited({ outcome: 'notFound', agrees: false })];
    const { answer } = await walk(stage, { ...way, scene: refused.scene, checks: left });
    expect(having(answer, 201).body).toMatchObject({ eh: 'EH3' });
  });

  it.each([
    ['a mandate', byMandate],
    ['a function', byFunction],
  ] as const)('has no way by %s where it was asked for another application before', async (_what, way) => {
    const scene = await sceneFor(stage, way);
    const elsewhere = { ...scene, application: await application(client, 'nonElectronic', 'registration') };
    await record(client, elsewhere, [limited()]);
    const refused = await walk(stage, { ...way, scene });
    expectRefused(refused, -1);
    await record(client, elsewhere, [representation()]);
    const { answer } = await walk(stage, { ...way, scene });
    expect(having(answer, 201).body).toMatchObject({ eh: 'EH3' });
  });
});

describe('003 §4.5.1: the authority of an administrator is registered with his means', () => {
  it('and not with another one that he logs in with', async () => {
    const administrator = await holder(client, 3);
    const another = await holder(client, 3, administrator.human);
    const appointed = await walk(stage, {
      scene: { authorized: administrator.human, means: administrator.means },
      checks: [...identifiedParty, ...signed, ...checkedCopy, representation(), circumstances()],
      body: { ...EH3, authority: 'administration', scope: { all: true } },
    });
    having(appointed.answer, 201);
    const by = (means: string): Way => ({
      registration: 'repeated',
      channel: 'electronic',
      role: 'administrator',
      scene: { party: appointed.scene.party, submitter: administrator.human },
      checks: [...identifiedParty, ...checkedCopy, circumstances(), loginWith('submitter', 'EH3', means)],
      body: EH3,
    });
    const refused = await walk(stage, by(another.means));
    expect(refused.answer.status).toBe(409);
    expect(codesOf(refused.answer)).toContain('no-administration-authority');
    expect(having((await walk(stage, by(administrator.means))).answer, 201).body).toMatchObject({ eh: 'EH3' });
    // Of two logins it is that one, in whatever order they are named.
    const both = [administrator.means, another.means];
    for (const [first, second] of [both, [...both].reverse()] as readonly (readonly string[])[]) {
      const way = by(first!);
      const checks = [...way.checks, loginWith('submitter', 'EH3', second!)];
      expect(having((await walk(stage, { ...way, checks })).answer, 201).body).toMatchObject({ eh: 'EH3' });
    }
  });

  it('and with none of an organization (ADMIN-06)', async () => {
    const way: Way = { authorized: 'intermediary', checks: [], body: { authority: 'administration' } };
    const scene = await sceneFor(stage, way);
    const answer = having(await client.command('/v1/authorizations', bodyOf(way, scene, [])), 400);
    expect(faultsOf(answer)).toContain('/authorizedParty invalid-value');
  });
});

describe('MEANS-IC3: a delivery by qualified certificate', () => {
  const good = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
  const issuing = async (signature: Json, beside: readonly Fact[] = []): Promise<Answer> => {
    const scene = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await person(client),
    });
    const means = having(await apply(client, scene, 'password-sms', 3), 201).body['id'] as string;
    const checks = await record(client, scene, [...holderAtThree, ...beside]);
    having(await client.command(`/v1/means/${means}/identifications`, { checks: checks.slice(0, 4) }), 200);
    const delivery = await delivered(client, scene, means, { form: 'qualifiedCertificate', signature });
    return client.command(`/v1/means/${means}/issuances`, { checks: [delivery] });
  };

  it('is of a public key infrastructure, and of a holder whose signature stands', async () => {
    expect(having(await issuing(good), 200).body).toMatchObject({ stork: 3 });
    const other = await issuing({ technology: 'nonPki', comparableQuality: true });
    expect([other.status, codesOf(other)]).toEqual([409, ['level-not-reached']]);
    const revoked = eSignature('authorized', { signature: { ...good, revocationStatus: 'revoked' } });
    const contradicted = await issuing(good, [revoked]);
    expect([contradicted.status, codesOf(contradicted)]).toEqual([409, ['level-not-reached']]);
  });
});

describe('003 §4.4.3: a director for himself, in one process', () => {
  it('holds no means already by the one that he applies for', async () => {
    const himself = await person(client);
    const scene = {
      application: await application(client, 'electronic', 'means', 'registration'),
      submitter: himself,
      authorized: himself,
    };
    const issued = await walk(stage, {
      channel: 'electronic',
      scene: { ...scene, means: await issuedTo(scene) },
      checks: [
        ...identifiedParty,
        representation(),
        circumstances(),
        attributes('submitter'),
        copy('submitter', 'scan'),
        signedForm('scan'),
        documentStatus('submitter'),
        complete(),
      ],
      body: { aimedLevel: 'EH2' },
    });
    expect(having(issued.answer, 201).body).toMatchObject({ scores: { IO: 2 } });
  });
  const issuedTo = async (scene: { readonly application: string; readonly authorized: Human }): Promise<string> => {
    const of = sceneOf(scene);
    const means = having(await apply(client, of, 'password-sms', 3), 201).body['id'] as string;
    const path = `/v1/means/${means}`;
    having(await client.command(`${path}/identifications`, { checks: await record(client, of, holderAtThree) }), 200);
    const delivery = await delivered(client, of, means, { form: 'registeredLetter', addressValidated: true });
    having(await client.command(`${path}/issuances`, { checks: [delivery] }), 200);
    return means;
  };
});
