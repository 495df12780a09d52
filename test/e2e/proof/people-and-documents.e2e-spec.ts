import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { governance, seed } from '#libs/application';
import { amsterdamDate } from '#libs/testing';
import type { Json } from '../support/api.js';
import { at } from '../support/case.js';
import { faultsOf, having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  askedApart,
  attributes,
  before,
  checkedCopy,
  circumstances,
  copy,
  documentStatus,
  grantorChecked,
  identifiedParty,
  inPerson,
  loginWith,
  mandateDecision,
  officialNumber,
  proxy,
  recordOne,
  representation,
  signedForm,
  signedOnPaper,
  suppliedAnew,
  validation,
  vouching,
  type Fact,
  type Scene,
} from '../ways/support/facts.js';
import { codesOf, expectEarned, shownIn, walk, whyOf, type Way } from '../ways/support/register.js';
import {
  application,
  apply,
  correctPerson,
  delivered,
  holder,
  issue,
  issueAt,
  party,
  person,
  record,
  sceneOf,
  setStage,
  withDocument,
  type Stage,
} from '../ways/support/stage.js';

/** PROOF-03, 04, 05, 08, 10, 11 and 13: what people, documents, means and decisions have to show, through HTTP. */

const SINCE = '2020-01-01T00:00:00.000Z' as Instant;
let suite: TestSuite;
let client: Client;
let stage: Stage;

beforeAll(async () => {
  suite = await startSuite();
  const decision = { reference: 'decision-2026-1', body: 'Security board', date: '2026-01-05' };
  const later = '2099-01-01T00:00:00.000Z' as Instant;
  const reason = 'Compared with the listed method';
  const equivalences = [
    { from: SINCE, value: { id: 'notary', of: 'delivery', equivalentTo: 3, reason, decision } },
    { from: later, value: { id: 'drone', of: 'delivery', equivalentTo: 3, reason, decision } },
    { from: SINCE, value: { id: 'video', of: 'remoteIdentification', equivalentTo: 'iii.e', reason, decision } },
    { from: later, value: { id: 'chip', of: 'remoteIdentification', equivalentTo: 'iii.f', reason, decision } },
  ] as const;
  Object.assign(suite.running.open.backbone, {
    governance: governance({
      ...seed,
      meansProducts: seed.meansProducts.map(({ from, value }) => ({ from, value: { ...value, equivalences } })),
    }),
  });
  client = await suite.client('supplier');
  stage = await setStage(suite, client);
});
afterAll(() => suite.end());

const all = { scope: { all: true } };
const EH3 = { aimedLevel: 'EH3' };
const signed = [...signedOnPaper, documentStatus('submitter')];
const ofParty = [...identifiedParty, circumstances()];
const full = [...ofParty, ...signed, representation(), ...checkedCopy];
const expired = { expiresOn: '2024-11-01' };

/** Answer of the door to a check of the director's own intake. */
async function posted(fact: Fact, more: Json = {}): Promise<Answer> {
  const of = sceneOf({
    application: await application(client, 'nonElectronic', 'registration'),
    party: await party(client, 'publicLegalPerson'),
    submitter: stage.director,
    colleague: stage.colleague,
  });
  return client.command('/v1/checks', {
    application: of.application,
    performedAt: at(0),
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'case-file', reference: 'page-1' },
    ...(await fact(of, client)),
    ...more,
  });
}

describe('PROOF-03: an expired document', () => {
  const known = async (): Promise<Scene['submitter']> => {
    const { body } = having(await client.command('/v1/persons', { familyName: `Verlopen-${at(0)}` }), 201);
    return withDocument(client, body['id'] as string, expired);
  };

  it('of the submitter counts for no row, nor for who he is', async () => {
    const submitter = await known();
    const earned = await walk(stage, { scene: { submitter }, checks: full, body: all });
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    const [who, enclosed, compared] = [3, 4, 5].map((place) => whyOf(earned, place));
    expect([who, enclosed, compared]).toEqual(['not-uniquely-identified', 'expired-document', 'expired-document']);
    // A valid one of the same person mends it.
    const valid = await withDocument(client, submitter.id);
    const again = await walk(stage, { scene: { ...earned.scene, submitter: valid }, checks: full, body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });

  it('of the authorized person counts for no row', async () => {
    const { human, means } = await holder(client, 3);
    const old = await withDocument(client, human.id, expired);
    const earned = await walk(stage, { scene: { authorized: old, means }, checks: full });
    expect([earned.answer.status, codesOf(earned.answer)]).toEqual([
      409,
      ['aspect-unscored', 'deviation-reason-missing'],
    ]);
    expect(whyOf(earned, full.length - 2)).toBe('expired-document');
  });

  it('is valid through its last day in Amsterdam', async () => {
    const today = amsterdamDate(Date.now());
    const submitter = await withDocument(client, (await person(client)).id, { expiresOn: today });
    await expectEarned(
      stage,
      await walk(stage, { scene: { submitter }, checks: full }),
      'IA2-b IO3-d IG3-f IV3',
      'EH3',
    );
  });

  it('of a requester: the refusal of a revocation says so in its aspects, and that the operator may block (REV-10)', async () => {
    const { answer, scene } = await walk(stage, { checks: full, body: EH3 });
    const authorization = having(answer, 201).body['id'] as string;
    const old = await withDocument(client, scene.submitter.id, expired);
    const intake = await application(client, 'nonElectronic', 'revocation');
    const checks = await record(client, { ...scene, submitter: old, application: intake }, [
      ...signed,
      representation(),
    ]);
    const asked = await client.command('/v1/revocation-requests', {
      application: intake,
      object: { authorization },
      requester: { role: 'legalRepresentative', person: scene.submitter.id },
      checks,
    });
    expect(having(asked, 201).body).toMatchObject({ status: 'refused', remedy: 'operator-may-block' });
    expect(shownIn(asked, checks[1]!)).toMatchObject({ counts: false, why: 'expired-document' });
  });
});

describe('PROOF-04: vouching', () => {
  const vouched = (meansLink: string, ...more: readonly Fact[]): readonly Fact[] => [
    ...ofParty,
    ...signed,
    representation(),
    attributes('authorized'),
    copy('authorized'),
    ...more,
    vouching({ meansLink }),
  ];
  const last = (checks: readonly Fact[]): number => checks.length - 1;

  it.each<readonly [what: string, meansLink: string, checks: readonly Fact[], why: string]>([
    ['full data on a clerk’s word', 'fullPersonalData', [], 'data-not-compared'],
    ['full data that were supplied with the means', 'fullPersonalData', [officialNumber()], 'data-not-compared'],
    ['a shared secret that nobody compared', 'sharedSecret', [], 'secret-not-compared'],
  ])('%s counts for nothing', async (_what, meansLink, more, why) => {
    const checks = vouched(meansLink, ...more);
    const earned = await walk(stage, { checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, last(checks))).toBe(why);
  });

  it('as handed over, of a means that was sent by registered letter, counts for nothing (IG2-d-issue)', async () => {
    const checks = vouched('issuedThroughVoucher');
    const { human, means } = await holder(client, 3);
    const earned = await walk(stage, { scene: { authorized: human, means }, checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, last(checks))).toBe('not-handed-by-voucher');
  });

  it('as handed over, of a means that was sent later on, counts for nothing though nobody names that', async () => {
    const checks = vouched('issuedThroughVoucher');
    const authorized = await person(client);
    const of = sceneOf({ application: await application(client, 'electronic', 'means'), authorized });
    const means = await issueAt(client, of, 3, stage.director);
    const scene = { authorized, means };
    await expectEarned(stage, await walk(stage, { scene, checks, body: EH3 }), 'IA2-b IO3-d IG3-e IV3', 'EH3');
    await delivered(client, of, means, { form: 'registeredLetter', addressValidated: true });
    const earned = await walk(stage, { scene, checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, last(checks))).toBe('not-handed-by-voucher');
  });

  it('data that do not agree with the holder’s count for nothing; the same data do (IG2-d-existing)', async () => {
    const checks = vouched('fullPersonalData', suppliedAnew('authorized', { givenNames: 'Somebody else' }));
    const earned = await walk(stage, { checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, last(checks))).toBe('data-not-compared');
    const anew = vouched('fullPersonalData', suppliedAnew('authorized'));
    await expectEarned(stage, await walk(stage, { checks: anew, body: EH3 }), 'IA2-b IO3-d IG3-e IV3', 'EH3');
  });

  it('a means that is issued in this very application has no link by data', async () => {
    const checks = vouched('fullPersonalData');
    const earned = await walk(stage, { authorized: 'sameProcess', checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, last(checks))).toBe('means-issued-later');
  });

  it('by somebody else than the one who handed it over counts for nothing, by him it counts (IG2-d-issue)', async () => {
    const checks = vouched('issuedThroughVoucher');
    const { human, means } = await holder(client, 3, undefined, stage.colleague);
    const earned = await walk(stage, { scene: { authorized: human, means }, checks });
    await expectEarned(stage, earned, 'IA2-b IO3-d IG2-b IV3', 'EH2+');
    expect(whyOf(earned, last(checks))).toBe('not-handed-by-voucher');
    await expectEarned(stage, await walk(stage, { checks, body: EH3 }), 'IA2-b IO3-d IG3-e IV3', 'EH3');
  });
});

describe('IG2-d: vouching for another one', () => {
  it('is not for a holder who may be the voucher, though the voucher’s record alone says so', async () => {
    const twin = { familyName: `Tweeling-${at(0)}`, birthDate: '1981-01-02', birthPlace: 'Teststad' };
    const own = await walk(stage, { authorized: 'submitter', checks: full, body: { ...EH3, ...all } });
    having(own.answer, 201);
    const { submitter: voucher, means: his, party: represented } = own.scene;
    const { human, means } = await holder(client, 3, await person(client, twin), voucher);
    await correctPerson(client, voucher, twin);
    const way: Way = {
      registration: 'repeated',
      channel: 'electronic',
      scene: { party: represented, submitter: voucher, authorized: human, means },
      checks: [
        ...ofParty,
        loginWith('submitter', 'EH3', his),
        representation(),
        attributes('authorized'),
        copy('authorized'),
        vouching({ meansLink: 'issuedThroughVoucher' }),
      ],
    };
    const earned = await walk(stage, { ...way, body: EH3 });
    expect(earned.answer.status).toBe(409);
    expect([whyOf(earned, -3), whyOf(earned, -1)]).toEqual(['not-uniquely-identified', 'not-uniquely-identified']);
    const apart = { to: human.id, same: false, distinguishedBy: ['document'] };
    having(await client.command(`/v1/persons/${voucher.id}/links`, apart), 200);
    expect(having((await walk(stage, { ...way, body: EH3 })).answer, 201).body).toMatchObject({ eh: 'EH3' });
  });
});

describe('PROOF-05: who is uniquely identified', () => {
  const byProxy = (...checks: readonly Fact[]): Way => ({
    role: 'proxyHolder',
    checks: [...ofParty, ...before('appeared'), ...checkedCopy, representation('colleague'), askedApart(), ...checks],
    body: all,
  });

  it('a grantor who is known by a family name alone gives no proxy', async () => {
    const { body } = having(await client.command('/v1/persons', { familyName: `Alleen-${at(0)}` }), 201);
    const grantor = await withDocument(client, body['id'] as string, expired);
    const way = byProxy(attributes('colleague'), ...grantorChecked, proxy());
    const earned = await walk(stage, { ...way, scene: { colleague: grantor } });
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV1-a', 'EH1');
    expect(whyOf(earned, way.checks.length - 1)).toBe('expired-document');
    expect(whyOf(earned, way.checks.length - 4)).toBe('not-uniquely-identified');
  });

  it.each<readonly [what: string, checks: readonly Fact[]]>([
    ['no copy', [signedForm('original', {}, 'colleague')]],
    ['no comparison', [copy('colleague')]],
    ['a signature that does not agree', [copy('colleague'), signedForm('original', { agrees: false }, 'colleague')]],
  ])('a proxy with %s of the grantor’s document counts for nothing', async (_what, checks) => {
    const way = byProxy(attributes('colleague'), ...checks, proxy());
    const earned = await walk(stage, way);
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV1-a', 'EH1');
    expect(whyOf(earned, way.checks.length - 1)).toBe('not-checked-against-document');
    const mended = byProxy(attributes('colleague'), ...grantorChecked, proxy());
    const again = await walk(stage, { scene: earned.scene, ...mended, body: EH3 });
    expect(having(again.answer, 201).body).toMatchObject({ eh: 'EH3' });
  });

  it('what the clerk says of uniqueness does not count beside an unresolved duplicate', async () => {
    const twin = { familyName: `Tweeling-${at(0)}`, birthDate: '1980-01-02', birthPlace: 'Teststad' };
    const one = await person(client, twin);
    const two = await person(client, twin);
    const earned = await walk(stage, { scene: { submitter: two }, checks: full, body: all });
    await expectEarned(stage, earned, 'IA2-b IO1-a IG3-f IV3', 'EH1');
    expect(whyOf(earned, 3)).toBe('not-uniquely-identified');
    const answer = { to: one.id, same: false, distinguishedBy: ['document'] };
    having(await client.command(`/v1/persons/${two.id}/links`, answer), 200);
    const again = await walk(stage, { scene: earned.scene, checks: full, body: EH3 });
    await expectEarned(stage, again, 'IA2-b IO3-d IG3-f IV3', 'EH3');
  });
});

describe('PROOF-08 and PROOF-11: the delivery of a means', () => {
  const identification: readonly Fact[] = [attributes('authorized'), officialNumber(), inPerson('authorized')];
  const issuing = async (delivery: (scene: Scene) => Json | Promise<Json>, authorized = person(client)) => {
    const scene = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await authorized,
    });
    const checks = await record(client, scene, identification);
    return {
      scene,
      ...(await issue(client, scene, {
        product: 'password-sms',
        aimedStork: 3,
        identification: checks,
        delivery: await delivery(scene),
      })),
    };
  };
  it('is the last one on record: handed over and delivered unverified after that, it is not at MEANS-IC4', async () => {
    const scene = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await person(client),
    });
    const means = having(await apply(client, scene, 'password-sms', 3), 201).body['id'] as string;
    const checks = await record(client, scene, identification);
    having(await client.command(`/v1/means/${means}/identifications`, { checks }), 200);
    const atDesk = { form: 'afterPhysicalIdentification', appearance: checks.at(-1) };
    const first = await delivered(client, scene, means, atDesk);
    await delivered(client, scene, means, { form: 'unverified' });
    const issued = (check: string): Promise<Answer> =>
      client.command(`/v1/means/${means}/issuances`, { checks: [check] });
    const refused = await issued(first);
    expect([refused.status, codesOf(refused)]).toEqual([409, ['level-not-reached']]);
    expect(shownIn(refused, first)).toMatchObject({ counts: false, why: 'superseded' });
    const again = await issued(await delivered(client, scene, means, atDesk));
    expect(having(again, 200).body).toMatchObject({ stork: 3, scores: { IC: 4 } });
  });

  const appearedFor =
    (how: (scene: Scene) => Promise<string>) =>
    async (scene: Scene): Promise<Json> => ({ form: 'afterPhysicalIdentification', appearance: await how(scene) });

  it.each<readonly [what: string, how: (scene: Scene) => Promise<string>]>([
    [
      'with a copy only',
      async (of) => recordOne(client, of.application, await inPerson('authorized', 'appeared', 'copy')(of, client)),
    ],
    [
      'in another application',
      async (of) =>
        recordOne(client, await application(client, 'electronic', 'means'), await inPerson('authorized')(of, client)),
    ],
    [
      'with a document that has expired',
      async (of) => {
        const authorized = await withDocument(client, of.authorized.id, expired);
        return recordOne(client, of.application, await inPerson('authorized')({ ...of, authorized }, client));
      },
    ],
  ])('PROOF-08: after an appearance %s is worth no more than an unverified one', async (_what, how) => {
    const { answer, scene, means } = await issuing(appearedFor(how));
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached']]);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({ reached: 1, missing: { IC: 3 } });
    expect(JSON.stringify(answer.body['aspects'])).toContain('no-appearance');
    const appearance = await recordOne(client, scene.application, await inPerson('authorized')(scene, client));
    const delivery = await delivered(client, scene, means, { form: 'afterPhysicalIdentification', appearance });
    const again = await client.command(`/v1/means/${means}/issuances`, { checks: [delivery] });
    expect(having(again, 200).body).toMatchObject({ scores: { IC: 4 } });
  });

  it('PROOF-11: an equivalence is an entry of the product, and no word of a clerk', async () => {
    const { answer } = await issuing(() => ({ form: 'other', equivalence: 'notary' }));
    expect(having(answer, 200).body).toMatchObject({ scores: { IC: 3 }, stork: 3 });
    const words = await issuing(() => ({ form: 'other', equivalenceReason: 'As good as a registered letter' }));
    expect((words.answer.body['errors'] as readonly Json[])[0]).toMatchObject({ reached: 2, missing: { IC: 3 } });
    const told = (equivalence: Json): Promise<Answer> =>
      posted(() => ({ type: 'meansDelivery', about: { means: words.means }, form: 'other', ...equivalence }));
    for (const equivalence of ['telepathy', 'video'])
      expect(faultsOf(await told({ equivalence }))).toContain('/equivalence unknown-equivalence');
    const early = await issuing(() => ({ form: 'other', equivalence: 'drone' }));
    expect((early.answer.body['errors'] as readonly Json[])[0]).toMatchObject({ reached: 1, missing: { IC: 3 } });
    expect(JSON.stringify(early.answer.body['aspects'])).toContain('equivalence-not-decided');
    expect((await told({ equivalenceReason: 'So he says', equivalentTo: 3 })).status).toBe(400);
  });

  it('PROOF-11: a remote identification names an entry that is in force', async () => {
    const scene = sceneOf({
      application: await application(client, 'electronic', 'means'),
      authorized: await person(client),
    });
    const means = having(await apply(client, scene, 'password', 2), 201).body['id'] as string;
    const checks = await record(client, scene, [
      attributes('authorized'),
      validation({ type: 'remoteIdentification', equivalence: 'video' }),
      validation({ type: 'remoteIdentification', equivalence: 'chip' }),
    ]);
    const answer = await client.command(`/v1/means/${means}/identifications`, { checks });
    expect(having(answer, 200).body).toMatchObject({ criteria: { validation: 'iii.e' } });
    expect(shownIn(answer, checks[2]!)).toMatchObject({ counts: false, why: 'equivalence-not-decided' });
    const remote = (more: Json): Promise<Answer> =>
      posted(({ submitter }) => ({ type: 'remoteIdentification', about: { person: submitter.id }, ...more }));
    for (const more of [{ equivalence: 'notary' }, {}, { declaredEquivalence: 'iii.e' }])
      expect((await remote(more)).status).toBe(400);
  });
});

describe('PROOF-10: facts instead of ticks, at the door', () => {
  const unknownContact = { contact: '00000000-0000-4000-8000-000000000000' };
  it.each<readonly [what: string, fact: Fact, fault: string]>([
    ['a mandate decision without the function', mandateDecision({ function: undefined }), '/function required'],
    ['a mandate decision without its reference', mandateDecision({ decision: undefined }), '/decision required'],
    [
      'a decision found in a source that is not named',
      mandateDecision({ publication: undefined }),
      '/publication required',
    ],
    [
      'a decision found in a source that is no official one',
      mandateDecision({ publication: { source: 'Neighborhood-news', reference: 'nr-1', date: '2026-01-02' } }),
      '/publication/source unknown-source',
    ],
    ['a confirmation without the contact', askedApart({ contact: undefined }), '/contact required'],
    ['a confirmation through a contact of nobody', askedApart(unknownContact), '/contact unknown-contact'],
    [
      'a tick for where the contact came from',
      askedApart({ contactSource: 'independentParty' }),
      '/contactSource unknown-member',
    ],
    ['a tick for the grantor’s copy', proxy({ grantorIdCopyChecked: true }), '/grantorIdCopyChecked unknown-member'],
    [
      'an unknown source',
      representation('submitter', { source: { name: 'hearsay', reference: 'page-1' } }),
      '/source/name unknown-source',
    ],
    ['a look without its moment', representation('submitter', { asOf: undefined }), '/asOf required'],
  ])('%s is refused', async (_what, fact, fault) => {
    const answer = await posted(fact);
    expect(answer.status).toBe(400);
    expect(faultsOf(answer)).toContain(fault);
  });

  it('an official number is of a published kind or of a document, one of both', async () => {
    const number =
      (more: Json): Fact =>
      ({ submitter }) => ({
        type: 'officialNumberVerification',
        about: { person: submitter.id },
        verified: true,
        register: 'verification-register',
        ...more,
      });
    const { document } = stage.director;
    for (const more of [{}, { numberKind: 'shoe-size' }, { numberKind: 'drivingLicence', document }])
      expect((await posted(number(more))).status).toBe(400);
    for (const more of [{ document }, { numberKind: 'citizenServiceNumber' }])
      expect((await posted(number(more))).status).toBe(201);
  });
});
