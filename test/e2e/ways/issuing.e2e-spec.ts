import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Instant } from '#libs/kernel';
import { governance, seed, type GovernanceData } from '#libs/application';
import type { Json } from '../support/api.js';
import type { Human } from '../support/clerk.js';
import { at, freshNumber } from '../support/case.js';
import { having, type Answer, type Client } from '../support/client.js';
import { startSuite, type TestSuite } from '../support/suite.js';
import {
  attributes,
  bankTransaction,
  copy,
  documentStatus,
  eSignature,
  inPerson,
  officialNumber,
  validation,
  type Fact,
  type Scene,
} from './support/facts.js';
import { codesOf, refusalRecord, shownIn } from './support/register.js';
import {
  application,
  apply,
  delivered,
  holderAtThree,
  issue,
  party,
  person,
  record,
  sceneOf,
  withDocument,
} from './support/stage.js';

/** The ways of issuing, through HTTP: identification, delivery, products, levels (classification.md §2). */

const SINCE = '2020-01-01T00:00:00.000Z' as Instant;
const EMPLOYER = freshNumber();
const OWN_BUSINESS = freshNumber();

let suite: TestSuite;
let client: Client;
/** One process and one holder, with whom everything is tried that leaves no trace on the holder himself. */
let scene: Scene;
let employerOfHim: string;
let identifiedAtThree: readonly string[];

beforeAll(async () => {
  suite = await startSuite();
  Object.assign(suite.running.open.backbone, { governance: governance(withDecisions()) });
  client = await suite.client('supplier');
  employerOfHim = await party(client, 'privateLegalPerson', { number: EMPLOYER });
  await anew();
});
afterAll(() => suite.end());

type Equivalence = NonNullable<GovernanceData['meansProducts'][number]['value']['equivalences']>[number];

/** Another process and another holder: what fails in a process stands against everything later in it (PROOF-01). */
async function anew(): Promise<void> {
  scene = await processOf(await person(client));
  identifiedAtThree = await record(client, scene, holderAtThree);
}

/** Equivalences and agreements are not commands yet: the seed with some of them (PROOF-11, MEANS-ID3-d). */
function withDecisions(): GovernanceData {
  const decision = { reference: 'decision-2026-1', body: 'Security board', date: '2026-01-05' };
  const equivalence = (id: string, worth: Json): Equivalence => ({
    from: SINCE,
    value: { id, reason: 'Compared with the listed method', decision, ...worth } as Equivalence['value'],
  });
  const equivalences = [
    equivalence('notary', { of: 'delivery', equivalentTo: 3 }),
    equivalence('courier', { of: 'delivery', equivalentTo: 2 }),
    equivalence('video', { of: 'remoteIdentification', equivalentTo: 'iii.e' }),
    equivalence('chip', { of: 'remoteIdentification', equivalentTo: 'iii.f' }),
  ];
  return {
    ...seed,
    meansProducts: seed.meansProducts.map(({ from, value }) => ({ from, value: { ...value, equivalences } })),
    employerAgreements: [
      { reference: 'agreement-3', employer: `kvk:${OWN_BUSINESS}`, from: SINCE },
      { reference: 'agreement-1', employer: `kvk:${EMPLOYER}`, from: SINCE },
      {
        reference: 'agreement-2',
        employer: `kvk:${EMPLOYER}`,
        from: SINCE,
        until: '2025-01-01T00:00:00.000Z' as Instant,
      },
    ],
  };
}

const processOf = async (authorized: Human): Promise<Scene> =>
  sceneOf({ application: await application(client, 'electronic', 'means'), authorized });

/** Applies for a means and identifies its holder by these checks. */
async function identify(
  of: Scene,
  facts: readonly Fact[],
  product = 'password-sms',
): Promise<{ readonly path: string; readonly means: string; readonly answer: Answer }> {
  const means = having(await apply(client, of, product, 3), 201).body['id'] as string;
  const path = `/v1/means/${means}`;
  const answer = await client.command(`${path}/identifications`, { checks: await record(client, of, facts) });
  return { path, means, answer };
}

/** What the answer says is what reads back. */
async function readsBack(answer: Answer, path: string): Promise<void> {
  const { position: _position, ...shown } = having(answer, 200).body;
  expect(having(await client.get(path), 200).body).toEqual(shown);
}

const appeared = inPerson('authorized', 'appeared', 'copy');
const showed = inPerson('authorized');
const number = officialNumber();
const email = validation({ type: 'emailConfirmation', confirmed: true });
const neutral = (party: string): Fact => validation({ type: 'neutralThirdParty', party, agrees: true });
const employer =
  (more: Json = {}): Fact =>
  // Told when it is recorded: the employer is registered by then.
  (of) =>
    validation({
      type: 'employerStatement',
      employer: employerOfHim,
      agreement: 'agreement-1',
      documentCheckedAtHiring: true,
      ...more,
    })(of, client);
const remote = (equivalence: string): Fact => validation({ type: 'remoteIdentification', equivalence });
const byCsp = (): Fact => eSignature('authorized', { verifiedByCsp: true });
const nonPki: Fact = eSignature('authorized', { signature: { technology: 'nonPki', comparableQuality: true } });

describe('the identification of the holder', () => {
  type Case = readonly [name: string, facts: readonly Fact[], criteria: string, row: string];

  it.each<Case>([
    ['confirms an e-mail address', [email], 'i.a ii.b iii.a', 'MEANS-ID1'],
    ['is known to a bank', [neutral('bank')], 'i.a ii.b iii.b', 'MEANS-ID2'],
    ['is known to an insurer', [neutral('insurer')], 'i.a ii.b iii.b', 'MEANS-ID2'],
    ['is known to a government body', [neutral('governmentBody')], 'i.a ii.b iii.b', 'MEANS-ID2'],
    ['is known to somebody else, which is worth nothing', [neutral('other'), email], 'i.a ii.b iii.a', 'MEANS-ID1'],
    ['signs electronically', [eSignature('authorized')], 'i.a ii.b iii.c', 'MEANS-ID2'],
    ['signs electronically without PKI', [nonPki], 'i.a ii.b iii.c', 'MEANS-ID2'],
    [
      'signs with a certificate that was revoked',
      [
        eSignature('authorized', {
          signature: { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' },
        }),
        email,
      ],
      'i.a ii.b iii.a',
      'MEANS-ID1',
    ],
    ['has a statement of his employer', [employer()], 'i.a ii.b iii.d', 'MEANS-ID2'],
    [
      'sends a copy that was checked',
      [copy('authorized'), documentStatus('authorized')],
      'i.a ii.b iii.e',
      'MEANS-ID2',
    ],
    [
      'sends a copy that could not be checked',
      [copy('authorized'), documentStatus('authorized', 'unavailable'), email],
      'i.a ii.b iii.a',
      'MEANS-ID1',
    ],
    [
      'sends a scan and pays from his account',
      [copy('authorized', 'scan'), bankTransaction('authorized')],
      'i.a ii.b iii.f',
      'MEANS-ID2',
    ],
    ['pays from his account without a copy', [bankTransaction('authorized'), email], 'i.a ii.b iii.a', 'MEANS-ID1'],
    ['signs by way of a certification service provider', [byCsp()], 'i.a ii.b iii.h', 'MEANS-ID2'],
    ['is identified remotely, as good as iii.e', [remote('video')], 'i.a ii.b iii.e', 'MEANS-ID2'],
    ['is identified remotely, as good as iii.f', [remote('chip')], 'i.a ii.b iii.f', 'MEANS-ID2'],
    [
      'has a statement of his employer whose agreement has ended',
      [employer({ agreement: 'agreement-2' }), email],
      'i.a ii.b iii.a',
      'MEANS-ID1',
    ],

    ['appears, and signs electronically', [appeared, nonPki], 'i.b ii.b iii.c', 'MEANS-ID3-v1'],
    ['appears, and has a statement of his employer', [appeared, employer()], 'i.b ii.b iii.d', 'MEANS-ID3-v1'],
    ['appears, and is only known to a bank', [appeared, neutral('bank')], 'i.b ii.b iii.b', 'MEANS-ID2'],
    ['shows his document', [showed], 'i.b ii.b iii.g', 'MEANS-ID3-v1'],
    ['is visited and shows his document', [inPerson('authorized', 'visited')], 'i.b ii.b iii.g', 'MEANS-ID3-v1'],

    ['has his number verified, and signs electronically', [number, nonPki], 'i.a ii.c iii.c', 'MEANS-ID2'],
    [
      'has his number verified, and a statement of his employer',
      [number, employer()],
      'i.a ii.c iii.d',
      'MEANS-ID3-v2',
    ],
    [
      'has his number verified, and sends a copy that was checked',
      [number, copy('authorized'), documentStatus('authorized')],
      'i.a ii.c iii.e',
      'MEANS-ID3-v2',
    ],
    [
      'has his number verified, sends a copy and pays from his account',
      [number, copy('authorized'), bankTransaction('authorized')],
      'i.a ii.c iii.f',
      'MEANS-ID3-v2',
    ],
    ['has his number verified, and is identified remotely', [number, remote('chip')], 'i.a ii.c iii.f', 'MEANS-ID3-v2'],
    ['has his number verified, and signs by a provider', [number, byCsp()], 'i.a ii.c iii.h', 'MEANS-ID3-v2'],
    [
      'has another official number verified',
      [officialNumber({ numberKind: 'drivingLicence' }), employer()],
      'i.a ii.c iii.d',
      'MEANS-ID3-v2',
    ],
    [
      'has a number looked up that the register did not know',
      [officialNumber({ verified: false }), employer()],
      'i.a ii.b iii.d',
      'MEANS-ID2',
    ],

    ['has his number verified and shows his document', [number, showed], 'i.b ii.c iii.g', 'MEANS-ID4'],
    [
      'has his number verified, appears and signs by a provider',
      [number, appeared, byCsp()],
      'i.b ii.c iii.h',
      'MEANS-ID4',
    ],
    [
      'has his number verified, appears and has his copy checked: not yet 4',
      [number, appeared, copy('authorized'), documentStatus('authorized')],
      'i.b ii.c iii.e',
      'MEANS-ID3-v1 MEANS-ID3-v2',
    ],
  ])('%s', async (_name, facts, criteria, rows) => {
    const { answer, path } = await identify(await processOf(scene.authorized), facts);
    const [appearance, ofAttributes, validated] = criteria.split(' ');
    expect(having(answer, 200).body).toMatchObject({
      status: 'identified',
      scores: { ID: Number(/ID(\d)/.exec(rows)![1]) },
      criteria: { appearance, attributes: ofAttributes, validation: validated },
    });
    expect([...(answer.body['rows'] as { ID: string[] }).ID].sort()).toEqual(rows.split(' '));
    await readsBack(answer, path);
  });

  it('has one attribute only: ii.a', async () => {
    const { body } = having(await client.command('/v1/persons', { familyName: 'Alleen' }), 201);
    const of = await processOf({ id: body['id'] as string, document: '' });
    const { answer } = await identify(of, [email, neutral('bank')]);
    expect(having(answer, 200).body).toMatchObject({
      scores: { ID: 1 },
      criteria: { attributes: 'ii.a', validation: 'iii.b' },
    });
  });

  it('has a document that has expired, which proves nothing and identifies nobody any more (AMB-37, PROOF-03)', async () => {
    const { body } = having(await client.command('/v1/persons', { familyName: 'Verlopen' }), 201);
    const of = await processOf(await withDocument(client, body['id'] as string, { expiresOn: '2020-01-01' }));
    const { answer } = await identify(of, [number, employer()]);
    expect(having(answer, 200).body).toMatchObject({ scores: { ID: 1 }, criteria: { attributes: 'ii.a' } });
  });

  it('brings his evidence in steps, each of which is judged with what was there', async () => {
    const { path, answer } = await identify(scene, [email]);
    expect(having(answer, 200).body).toMatchObject({ scores: { ID: 1 } });
    const more = await client.command(`${path}/identifications`, {
      checks: await record(client, scene, [number, employer()]),
    });
    expect(having(more, 200).body).toMatchObject({ scores: { ID: 3 }, rows: { ID: ['MEANS-ID3-v2'] } });
  });

  it('is refused, with a record, when nothing validates it or his document is reported', async () => {
    const unscored = { code: 'aspect-unscored', aspect: 'ID' };
    const reported = documentStatus('authorized', 'reported');
    for (const [facts, errors] of [
      [[attributes('authorized')], [unscored]],
      // Neither its number nor a look that found nothing counts for it.
      [
        [...holderAtThree, reported],
        [unscored, { code: 'document-reported' }],
      ],
      [[...holderAtThree, email, reported], [{ code: 'document-reported' }]],
      // Nobody presents it (AMB-77).
      [[reported], [unscored]],
    ] as const) {
      const of = await processOf(await person(client));
      const before = await suite.heads();
      const { answer, path } = await identify(of, facts);
      expect(answer.status).toBe(409);
      expect(answer.body['errors']).toEqual(errors.map((error) => expect.objectContaining(error)));
      expect(await refusalRecord(suite, before.records, answer)).toMatchObject({
        command: 'IdentifyHolder',
        object: 'means',
        ruleSet: 'eh-1.5.1',
        dossier: { identification: expect.any(Object) },
      });
      expect(having(await client.get(path), 200).body).toMatchObject({ status: 'applied' });
    }
  });
});

describe('the delivery', () => {
  beforeAll(anew);
  const issuing = (delivery: Json, more: Json = {}) =>
    issue(client, scene, {
      product: 'password-sms',
      aimedStork: 2,
      acceptLower: false,
      identification: identifiedAtThree,
      delivery,
      ...more,
    });
  const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
  type Case = readonly [name: string, delivery: Json, row: string];

  it.each<Case>([
    [
      'in two dispatches, one to the official address',
      { form: 'twoDispatches', oneByPostToOfficialAddress: true },
      'MEANS-IC2',
    ],
    ['by a link that works once and expires', { form: 'oneTimeLink', singleUse: true, expires: true }, 'MEANS-IC2'],
    ['in another way for a reason', { form: 'other', equivalenceReason: 'Handed over at a notary' }, 'MEANS-IC2'],
    ['in another way that was decided to be as good as IC2', { form: 'other', equivalence: 'courier' }, 'MEANS-IC2'],
    ['in another way that was decided to be as good as IC3', { form: 'other', equivalence: 'notary' }, 'MEANS-IC3'],
    ['by registered letter to a validated address', { form: 'registeredLetter', addressValidated: true }, 'MEANS-IC3'],
    ['after identification with a qualified certificate', { form: 'qualifiedCertificate', signature }, 'MEANS-IC3'],
    ['by a download with a password from the desk', { form: 'passwordObtainedInPerson' }, 'MEANS-IC3'],
  ])('%s', async (_name, delivery, row) => {
    const { means, answer } = await issuing(delivery);
    const ic = Number(row.at(-1));
    expect(having(answer, 200).body).toMatchObject({
      status: 'issued',
      scores: { ID: 3, IC: ic, IE: 2, RC: 3, AM: 3 },
      rows: { ID: ['MEANS-ID3-v2'], IC: [row], IE: ['MEANS-IE2'], RC: ['MEANS-RC3'], AM: ['MEANS-AM3'] },
      stork: Math.min(3, ic),
      issuanceLevel: Math.min(3, ic),
    });
    await readsBack(answer, `/v1/means/${means}`);
  });

  it.each<readonly [name: string, delivery: Json]>([
    ['unverified', { form: 'unverified' }],
    ['in two dispatches to an address that he gave', { form: 'twoDispatches', oneByPostToOfficialAddress: false }],
    ['by a link that works twice', { form: 'oneTimeLink', singleUse: false, expires: true }],
    ['by a link that never expires', { form: 'oneTimeLink', singleUse: true, expires: false }],
    ['by registered letter to an address that nobody validated', { form: 'registeredLetter', addressValidated: false }],
    [
      'with a certificate that was revoked',
      { form: 'qualifiedCertificate', signature: { ...signature, revocationStatus: 'revoked' } },
    ],
  ])('%s earns IC1 and no level that is open', async (_name, delivery) => {
    const { means, answer } = await issuing(delivery);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached']]);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({ aimed: 2, reached: 1, missing: { IC: 2 } });
    // Level 1 is closed for issuance, also to who would accept it (TFA-03).
    const lower = await client.command(`/v1/means/${means}/issuances`, {
      checks: [await delivered(client, scene, means, delivery)],
      acceptLower: true,
    });
    expect([lower.status, codesOf(lower)]).toEqual([409, ['level-closed-for-issuance']]);
  });

  it('is none at all', async () => {
    const { path } = await identify(scene, holderAtThree);
    const answer = await client.command(`${path}/issuances`, { checks: [] });
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({
      code: 'level-not-reached',
      aimed: 3,
      reached: 1,
      missing: { IC: 3 },
      earnedBy: [{ aspect: 'IC', score: 3, row: 'MEANS-IC3', checks: ['meansDelivery'] }],
    });
  });

  it('after physical identification, by the appearance that it names (MEANS-IC4, PROOF-08)', async () => {
    const [appearance] = await record(client, scene, [showed]);
    const { means, answer } = await issuing({ form: 'afterPhysicalIdentification', appearance });
    expect(having(answer, 200).body).toMatchObject({ scores: { IC: 4 }, rows: { IC: ['MEANS-IC4'] }, stork: 3 });
    await readsBack(answer, `/v1/means/${means}`);
  });

  it('in another way for a blank reason is a fault of the check', async () => {
    const { means } = await identify(scene, holderAtThree);
    for (const equivalenceReason of ['', ' ', undefined]) {
      const check = {
        application: scene.application,
        type: 'meansDelivery',
        about: { means },
        form: 'other',
        equivalenceReason,
        performedAt: at(0),
        performedBy: { clerk: 'clerk-17' },
        source: { name: 'case-file', reference: 'parcel-1' },
      };
      expect((await client.command('/v1/checks', check)).status).toBe(400);
    }
  });
});

describe('the level of a means', () => {
  beforeAll(anew);
  const registeredLetter = { form: 'registeredLetter', addressValidated: true };
  const atDesk = (appearance: string | undefined): Json => ({ form: 'afterPhysicalIdentification', appearance });

  it.each<readonly [product: string, stork: number, scores: Json, rows: Json, missing: Json]>([
    [
      'password',
      2,
      { ID: 4, IC: 4, IE: 2, RC: 2, AM: 2 },
      { RC: ['MEANS-RC2'], AM: ['MEANS-AM2'] },
      { IE: 3, RC: 4, AM: 4 },
    ],
    [
      'password-sms',
      3,
      { ID: 4, IC: 4, IE: 2, RC: 3, AM: 3 },
      { RC: ['MEANS-RC3'], AM: ['MEANS-AM3'] },
      { IE: 3, RC: 4, AM: 4 },
    ],
    ['certificate-card', 3, { ID: 4, IC: 4, IE: 2, RC: 4, AM: 4 }, { RC: ['MEANS-RC4'], AM: ['MEANS-AM4'] }, { IE: 3 }],
  ])('is what its product %s carries: %i, with the best evidence', async (product, stork, scores, rows, missing) => {
    const identification = await record(client, scene, [attributes('authorized'), number, showed]);
    const issuing = { product, identification, delivery: atDesk(identification[2]) };
    const refused = await issue(client, scene, { ...issuing, aimedStork: 4 });
    expect([refused.answer.status, codesOf(refused.answer)]).toEqual([409, ['level-not-reached']]);
    expect((refused.answer.body['errors'] as readonly Json[])[0]).toMatchObject({ aimed: 4, reached: stork, missing });
    const { answer, means } = await issue(client, scene, { ...issuing, aimedStork: 4, acceptLower: true });
    expect(having(answer, 200).body).toMatchObject({
      stork,
      issuanceLevel: 3,
      scores,
      rows: { ID: ['MEANS-ID4'], IC: ['MEANS-IC4'], IE: ['MEANS-IE2'], ...rows },
    });
    await readsBack(answer, `/v1/means/${means}`);
  });

  it.each([
    ['good', 4, ['MEANS-PKIO']],
    ['revoked', 3, ['MEANS-ID4']],
  ] as const)(
    'is 4 with a PKIoverheid certificate whose status is good, tried with %s (MEANS-PKIO)',
    async (revocationStatus, stork, rows) => {
      const best = await record(client, scene, [attributes('authorized'), number, showed]);
      const applied = await client.command('/v1/means', {
        application: scene.application,
        holder: scene.authorized.id,
        product: 'certificate-card',
        aimedStork: 4,
      });
      const means = having(applied, 201).body['id'] as string;
      const certificate = {
        type: 'pkiOverheidCertificate',
        about: { means },
        subject: scene.authorized.id,
        personal: true,
        qualified: true,
        chainComplete: true,
        revocationStatus,
      };
      const [valid] = await record(client, scene, [() => certificate]);
      having(await client.command(`/v1/means/${means}/identifications`, { checks: [...best, valid] }), 200);
      const checks = [await delivered(client, scene, means, atDesk(best[2]))];
      const answer = await client.command(`/v1/means/${means}/issuances`, { checks, acceptLower: true });
      const { body } = having(answer, 200);
      expect(body['stork']).toBe(stork);
      expect((body['rows'] as Json)['ID']).toEqual(expect.arrayContaining([...rows]));
    },
  );

  it('is not raised by a provider’s signature that came after the handing out (MEANS-ID3-h)', async () => {
    const product = 'password-sms';
    const ofHim = await record(client, scene, [attributes('authorized'), number]);
    const means = having(await apply(client, scene, product, 3), 201).body['id'] as string;
    const path = `/v1/means/${means}`;
    const handedOut = await delivered(client, scene, means, { ...registeredLetter, handedOutAt: at(0) });
    const signedLater = await record(client, scene, [byCsp()]);
    having(await client.command(`${path}/identifications`, { checks: [...ofHim, ...signedLater] }), 200);
    const late = { answer: await client.command(`${path}/issuances`, { checks: [handedOut] }) };
    expect((late.answer.body['errors'] as readonly Json[])[0]).toMatchObject({ reached: 2, missing: { ID: 3 } });
    const identification = await record(client, scene, [attributes('authorized'), number, byCsp()]);
    const { answer } = await issue(client, scene, {
      product,
      aimedStork: 3,
      identification,
      delivery: registeredLetter,
    });
    expect(having(answer, 200).body).toMatchObject({ stork: 3, criteria: { validation: 'iii.h' } });
  });

  it('is issued lower only when that is accepted, never silently below what was applied for (REG-16)', async () => {
    const identification = await record(client, scene, [attributes('authorized'), neutral('bank')]);
    const issuing = { product: 'password-sms', aimedStork: 3, identification, delivery: registeredLetter };
    const { answer, means } = await issue(client, scene, issuing);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({ aimed: 3, reached: 2, missing: { ID: 3 } });
    const path = `/v1/means/${means}/issuances`;
    const checks = [await delivered(client, scene, means, registeredLetter)];
    const silently = await client.command(path, { checks, aimedStork: 2 });
    expect((silently.body['errors'] as readonly Json[])[0]).toMatchObject({ code: 'level-not-reached', aimed: 3 });
    const accepted = await client.command(path, { checks, acceptLower: true });
    expect(having(accepted, 200).body).toMatchObject({ status: 'issued', stork: 2, aimedStork: 3 });
  });

  it('1 is closed for applications already', async () => {
    const answer = await apply(client, scene, 'password', 1);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-closed-for-issuance']]);
  });

  it('asks a proof by another than the applicant himself (MEANS-ID3-d-self)', async () => {
    const own = await party(client, 'undertaking', { number: OWN_BUSINESS });
    const identification = await record(client, scene, [
      number,
      neutral('bank'),
      employer({ employer: own, agreement: 'agreement-3' }),
    ]);
    const { answer } = await issue(client, scene, {
      product: 'password-sms',
      aimedStork: 3,
      identification,
      delivery: registeredLetter,
    });
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached', 'employer-is-applicant']]);
  });

  it('asks attributes that are nobody else’s, until a clerk says that it is the same human', async () => {
    const twin = { familyName: 'Evenbeeld', givenNames: 'Specimen', birthDate: '1980-01-02', birthPlace: 'Teststad' };
    const one = await person(client, twin);
    const two = await person(client, twin);
    const of = await processOf(two);
    const identification = await record(client, of, holderAtThree);
    const issuing = { product: 'password-sms', aimedStork: 3, identification, delivery: registeredLetter };
    const { answer, means } = await issue(client, of, issuing);
    expect([answer.status, codesOf(answer)]).toEqual([409, ['level-not-reached', 'not-unique']]);
    expect((answer.body['errors'] as readonly Json[])[0]).toMatchObject({ reached: 1, missing: { ID: 3 } });
    having(await client.command(`/v1/persons/${two.id}/links`, { to: one.id, same: true }), 200);
    const checks = [await delivered(client, of, means, registeredLetter)];
    const linked = await client.command(`/v1/means/${means}/issuances`, { checks });
    expect(having(linked, 200).body).toMatchObject({ stork: 3, scores: { ID: 3 } });
  });

  it('rests on evidence of its own process (REG-10)', async () => {
    const elsewhere = { ...scene, application: await application(client, 'electronic', 'means') };
    const { path } = await identify(scene, [email]);
    const answer = await client.command(`${path}/identifications`, { checks: identifiedAtThree });
    expect(having(answer, 200).body).toMatchObject({ scores: { ID: 3 } });
    const other = await identify(elsewhere, [email]);
    const before = await suite.heads();
    const issuances = `${other.path}/issuances`;
    const delivery = await delivered(client, elsewhere, other.means, registeredLetter);
    having(await client.command(`${other.path}/identifications`, { checks: identifiedAtThree }), 200);
    const refused = await client.command(issuances, { checks: [delivery] });
    expect([refused.status, codesOf(refused)]).toEqual([409, ['level-not-reached', 'evidence-not-reusable']]);
    await refusalRecord(suite, before.records, refused);
    expect(identifiedAtThree.map((check) => shownIn(refused, check)?.['why'])).toEqual(
      identifiedAtThree.map(() => 'other-application'),
    );
  });
});
