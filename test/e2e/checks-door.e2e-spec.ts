import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { amsterdamDate } from '#libs/testing';
import type { Json } from './support/api.js';
import { at, paperCase, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';

/** What comes in as a check is refused when it could never count for anything (PROOF-06, PROOF-10, interfaces.md §6). */

let suite: TestSuite;
let supplier: Client;
let auditor: Client;
let case1: PaperCase;
let means: IssuedMeans;
/** A means of the employee that has been applied for and nothing more. */
let applied: string;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  auditor = await suite.client('auditor');
  case1 = await paperCase(supplier);
  means = await case1.means();
  const body = { application: case1.application, holder: case1.employee.id, product: 'password-sms', aimedStork: 3 };
  applied = having(await supplier.command('/v1/means', body), 201).body['id'] as string;
});
afterAll(() => suite.end());

const NOBODY = '00000000-0000-4000-8000-000000000000';
const DAY = 86_400_000;

const whole = (facts: Json): Json => ({
  application: case1.application,
  performedAt: at(0),
  performedBy: { clerk: 'clerk-17' },
  source: { name: 'case-file', reference: 'page-1' },
  ...facts,
});
const post = (facts: Json): Promise<Answer> => supplier.command('/v1/checks', whole(facts));
const recorded = async (facts: Json): Promise<string> => having(await post(facts), 201).body['id'] as string;

/** The faults of a refusal, after which nothing more is on record than before. */
async function faults(facts: Json): Promise<readonly string[]> {
  const before = await suite.heads();
  const answer = having(await post(facts), 400);
  expect(await suite.heads()).toEqual(before);
  return faultsOf(answer);
}

const employee = (): Json => ({ person: case1.employee.id });
const director = (): Json => ({ person: case1.director.id });
const party = (): Json => ({ party: case1.party });
const without = (facts: Json, name: string): Json =>
  Object.fromEntries(Object.entries(facts).filter(([member]) => member !== name));

const PKI = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
const signatureOf = (about: Json): Json => ({ type: 'eSignatureValidation', about, signature: PKI });
const appearanceOf = (who: 'director' | 'employee'): Json => ({
  type: 'physicalAppearance',
  about: { person: case1[who].id },
  document: case1[who].document,
  mode: 'appeared',
  documentShown: 'original',
});
const status = (): Json => ({
  type: 'idDocumentStatus',
  about: employee(),
  document: case1.employee.document,
  status: 'notReported',
});
const lookup = (): Json => ({
  type: 'tradeRegisterLookup',
  about: party(),
  via: 'online',
  asOf: at(-100),
  outcome: 'found',
  agreesOn: ['number', 'name', 'address'],
});
const representation = (): Json => ({
  type: 'representationCheck',
  about: director(),
  party: case1.party,
  register: 'tradeRegister',
  via: 'online',
  asOf: at(-100),
  outcome: 'found',
  basis: 'byName',
  agrees: true,
  limitation: 'none',
  sameDataAsIdentified: true,
});
const mandate = (): Json => ({
  type: 'mandateDecisionCheck',
  about: director(),
  party: case1.party,
  decision: 'mandate-decision-2026-1',
  function: 'Head of finance',
  functionNamedInDecision: true,
  foundInOfficialSource: true,
  publication: { source: 'Staatscourant', reference: 'stcrt-2026-1', date: '2026-01-02' },
  protocolVersion: 'mandate-protocol-1',
});
const proxy = (): Json => ({
  type: 'proxyCheck',
  about: employee(),
  grantor: case1.director.id,
  document: case1.director.document,
  writtenAndSigned: true,
});
const number = (): Json => ({
  type: 'officialNumberVerification',
  about: employee(),
  verified: true,
  register: 'verification-register',
  document: case1.employee.document,
});
const login = (): Json => ({ type: 'authentication', about: employee(), level: 'EH3', at: at(-100), means: means.id });
const delivery = (more: Json): Json => ({ type: 'meansDelivery', about: { means: applied }, ...more });
const transaction = (): Json => ({
  type: 'bankTransaction',
  about: employee(),
  succeeded: true,
  completedAt: at(-100),
  accountOpenedWithIdDocument: true,
  nameAgreesWithDocument: true,
  nameAgreesWithAttributes: true,
});
const statement = (): Json => ({
  type: 'employerStatement',
  about: employee(),
  employer: case1.party,
  agreement: 'agreement-1',
  documentCheckedAtHiring: true,
});
const certificate = (): Json => ({
  type: 'pkiOverheidCertificate',
  about: { means: applied },
  subject: case1.employee.id,
  personal: true,
  qualified: true,
  chainComplete: true,
  revocationStatus: 'good',
});
const deed = (): Json => ({
  type: 'privateDeed',
  about: { application: case1.application },
  signer: case1.director.id,
  signedWith: 'hand',
});
const comparison = (how: Json): Json => ({
  ...{ type: 'signatureComparison', about: director(), document: case1.director.document },
  ...{ form: 'original', agrees: true, ...how },
});
const asked = (): Json => ({
  type: 'separateChannelConfirmation',
  about: party(),
  medium: 'post',
  contact: NOBODY,
  confirmed: true,
});
const confirmation = (): Json => ({
  type: 'circumstancesConfirmation',
  about: party(),
  confirmer: case1.director.id,
  capacity: 'representative',
  contact: NOBODY,
  confirmed: true,
});

describe('a check that counts for something', () => {
  it.each<[string, () => Json]>([
    ['a status (ARCH-05)', status],
    ['a look-up (ARCH-03)', lookup],
    ['a representation', representation],
    [
      'a trustee in the insolvency register',
      () => ({ ...representation(), register: 'insolvencyRegister', capacity: 'trustee' }),
    ],
    [
      'joint power with the other it asks for',
      () => ({ ...representation(), limitation: 'obstructing', cosigners: [case1.employee.id] }),
    ],
    ['a mandate in an official source', mandate],
    ['a mandate found nowhere', () => ({ ...without(mandate(), 'publication'), foundInOfficialSource: false })],
    ['a proxy', proxy],
    ['the number of a document', number],
    ['another number', () => ({ ...without(number(), 'document'), numberKind: 'citizenServiceNumber' })],
    ['a login with a means', login],
    ['a login through a service', () => ({ ...login(), authenticationService: 'authentication-service-1' })],
    ['a login with the register itself', () => ({ ...without(login(), 'means'), facility: true })],
    ['a delivery by hand', () => delivery({ form: 'unverified', handedBy: case1.director.id, handedOutAt: at(-1) })],
    ['another form of delivery, with a reason', () => delivery({ form: 'other', equivalenceReason: 'By courier' })],
    ['a bank transaction (ARCH-04)', transaction],
    ['a signature beside the enclosed copy (ARCH-01)', () => comparison({ against: 'idCopy', onTheSpot: false })],
    [
      'a signature set on the spot, with the document (ARCH-02)',
      () => comparison({ against: 'idOriginal', onTheSpot: true }),
    ],
    ['a validated signature, with its chain and what the issuer said (ARCH-06)', () => signatureOf(director())],
    [
      'a signature of another technology, by its quality (SIG-02)',
      () => ({ ...signatureOf(director()), signature: { technology: 'nonPki', comparableQuality: true } }),
    ],
    ['a statement of an employer', statement],
    ['a certificate', certificate],
    ['a deed signed by hand', deed],
    ['what a system did', () => ({ ...status(), performedBy: { system: 'stolen-document-register-adapter' } })],
    [
      'what an authentication service says',
      () => ({ ...login(), source: { name: 'authentication-service-1', reference: 'a-1' } }),
    ],
    [
      'an extract that was issued after it was asked for',
      () => ({ ...lookup(), via: 'extract', performedAt: at(-1_000), asOf: at(0) }),
    ],
  ])('is recorded: %s', async (_what, facts) => {
    await recorded(facts());
  });

  it('is recorded when it names checks that are on record, of the holder and of the signer', async () => {
    const validation = await recorded(signatureOf(employee()));
    const appearance = await recorded(appearanceOf('employee'));
    await recorded(delivery({ form: 'afterPhysicalIdentification', appearance }));
    await recorded({
      ...without(login(), 'means'),
      assertion: { reference: 'assertion-1', signatureValidation: validation },
    });
    const signed = { signer: case1.employee.id, signedWith: 'level4Means', means: means.id };
    await recorded({ ...deed(), ...signed, signatureValidation: validation });
    await recorded({ ...deed(), ...signed });
  });

  it('is shown with everybody whom it names', async () => {
    const named = await recorded(delivery({ form: 'unverified', handedBy: case1.director.id }));
    const joint = await recorded({ ...representation(), limitation: 'obstructing', cosigners: [case1.employee.id] });
    const employed = await recorded(statement());
    const found = async (filter: Json): Promise<readonly unknown[]> => {
      const body = { reason: 'Who is named', limit: 100, ...filter };
      const { items } = having(await auditor.ask('/v1/audit/checks/_search', body), 200).body;
      return (items as readonly Json[]).map(({ id }) => id);
    };
    expect(await found({ person: case1.director.id, type: 'meansDelivery' })).toContain(named);
    expect(await found({ person: case1.employee.id, type: 'representationCheck' })).toContain(joint);
    expect(await found({ party: case1.party, type: 'employerStatement' })).toContain(employed);
  });
});

describe('a check that could never count for anything', () => {
  it.each<[string, () => Json, readonly string[]]>([
    // Members that are missing or exclude each other
    ['neither a document nor a kind of number', () => without(number(), 'document'), [' required']],
    ['both of them', () => ({ ...number(), numberKind: 'drivingLicence' }), [' invalid-value']],
    [
      'a kind of number that nobody keeps',
      () => ({ ...without(number(), 'document'), numberKind: 'shoe-size' }),
      ['/numberKind invalid-value'],
    ],
    ['a login with nothing behind it', () => without(login(), 'means'), [' required']],
    ['a login in two ways', () => ({ ...login(), facility: true }), [' invalid-value']],
    [
      'an assertion without a validation of its signature',
      () => ({ ...without(login(), 'means'), assertion: { reference: 'a-1' } }),
      ['/assertion/signatureValidation required'],
    ],
    [
      'an assertion by its reference alone',
      () => ({ ...without(login(), 'means'), assertion: 'a-1' }),
      ['/assertion wrong-type'],
    ],
    [
      'a service without a means',
      () => ({ ...without(login(), 'means'), facility: true, authenticationService: 'authentication-service-1' }),
      ['/means required'],
    ],
    [
      'a finding that does not say whether others are registered',
      () => ({ type: 'specialCircumstancesCheck', about: party(), asOf: at(-100), outcome: 'found' }),
      ['/otherRepresentativeRegistered required'],
    ],
    [
      'a look without a moment',
      () => ({ type: 'specialCircumstancesCheck', about: party(), outcome: 'none' }),
      ['/asOf required'],
    ],
    ['a mandate in a source that is not said', () => without(mandate(), 'publication'), ['/publication required']],
    ['a mandate by no function', () => without(mandate(), 'function'), ['/function required']],
    ['a mandate without its decision', () => without(mandate(), 'decision'), ['/decision required']],
    ['a function that shows nothing', () => ({ ...mandate(), function: '\u3164 ' }), ['/function invalid-value']],
    ['a function of 121 characters', () => ({ ...mandate(), function: 'x'.repeat(121) }), ['/function invalid-value']],
    [
      'a representative in the insolvency register',
      () => ({ ...representation(), register: 'insolvencyRegister' }),
      ['/capacity required'],
    ],
    [
      'a trustee in the register of a profession',
      () => ({ ...representation(), register: 'professionalRegister', capacity: 'trustee' }),
      ['/register invalid-value'],
    ],
    [
      'a limitation that is derived',
      () => ({ ...representation(), limitation: 'obstructingCosigned' }),
      ['/limitation invalid-value'],
    ],
    [
      'a tick of the clerk',
      () => ({ ...proxy(), grantorIdCopyChecked: true }),
      ['/grantorIdCopyChecked unknown-member'],
    ],
    ['a deed with a means that is not said', () => ({ ...deed(), signedWith: 'level4Means' }), ['/means required']],
    [
      'a delivery after an appearance that is not said',
      () => delivery({ form: 'afterPhysicalIdentification' }),
      ['/appearance required'],
    ],
    [
      'a registered letter that somebody handed over',
      () => delivery({ form: 'registeredLetter', addressValidated: true, handedBy: case1.director.id }),
      ['/handedBy invalid-value'],
    ],
    ['another form of delivery without a reason', () => delivery({ form: 'other' }), [' required']],
    [
      'a reason that shows nothing',
      () => delivery({ form: 'other', equivalenceReason: '\u200b\u2060' }),
      ['/equivalenceReason invalid-value'],
    ],
    [
      'a reason that turns its direction',
      () => delivery({ form: 'other', equivalenceReason: 'By \u202ereiruoc' }),
      ['/equivalenceReason invalid-value'],
    ],
    [
      'a late entry for no reason',
      () => ({ ...status(), lateEntryReason: '\ue000' }),
      ['/lateEntryReason invalid-value'],
    ],
    ['an agreement that is not said', () => without(statement(), 'agreement'), ['/agreement required']],
    ['a certificate of nobody', () => without(certificate(), 'subject'), ['/subject required']],

    // References
    [
      'a reference without a digit',
      () => ({ ...status(), source: { name: 'VIS', reference: 'jan-jansen' } }),
      ['/source/reference invalid-value'],
    ],
    [
      'a reference with a citizen service number in it',
      () => ({ ...status(), source: { name: 'VIS', reference: 'bsn/111222333.a' } }),
      ['/source/reference invalid-value'],
    ],
    [
      'a reference of 65 characters',
      () => ({ ...status(), source: { name: 'VIS', reference: `${'a'.repeat(64)}1` } }),
      ['/source/reference invalid-value'],
    ],
    [
      'a clerk by his name',
      () => ({ ...status(), performedBy: { clerk: 'Jansen' } }),
      ['/performedBy/clerk invalid-value'],
    ],
    [
      'a clerk by his citizen service number',
      () => ({ ...status(), performedBy: { clerk: '111222333' } }),
      ['/performedBy/clerk invalid-value'],
    ],

    // Names of lists
    [
      'a source of no list',
      () => ({ ...status(), source: { name: 'hearsay', reference: 'r-1' } }),
      ['/source/name unknown-source'],
    ],
    [
      'a source in other letters',
      () => ({ ...status(), source: { name: 'vis', reference: 'r-1' } }),
      ['/source/name unknown-source'],
    ],
    [
      'a system of no list',
      () => ({ ...status(), performedBy: { system: 'magic' } }),
      ['/performedBy/system unknown-source'],
    ],
    ['a register of no list', () => ({ ...number(), register: 'document-register' }), ['/register unknown-source']],
    [
      'a publication of no list',
      () => ({ ...mandate(), publication: { source: 'De-Telegraaf', reference: 'p-1', date: '2026-01-02' } }),
      ['/publication/source unknown-source'],
    ],
    [
      'a service of no product',
      () => ({ ...login(), authenticationService: 'authentication-service-9' }),
      ['/authenticationService unknown-source'],
    ],
    [
      'an equivalence that nobody decided',
      () => delivery({ form: 'other', equivalence: 'courier-1' }),
      ['/equivalence unknown-equivalence'],
    ],
    [
      'a remote method that nobody decided',
      () => ({ type: 'remoteIdentification', about: employee(), equivalence: 'video-1' }),
      ['/equivalence unknown-equivalence'],
    ],

    // People and things that are not on record, or somebody else's
    ['a grantor who is unknown', () => ({ ...proxy(), grantor: NOBODY }), ['/grantor unknown-person']],
    [
      'a document of the holder instead of the grantor',
      () => ({ ...proxy(), document: case1.employee.document }),
      ['/document unknown-document'],
    ],
    [
      'a proxy of his own',
      () => ({ ...proxy(), grantor: case1.employee.id, document: case1.employee.document }),
      ['/grantor same-person'],
    ],
    [
      'a cosigner who is unknown',
      () => ({ ...representation(), limitation: 'obstructing', cosigners: [case1.employee.id, NOBODY] }),
      ['/cosigners/1 unknown-person'],
    ],
    [
      'himself as the other who has to sign',
      () => ({ ...representation(), limitation: 'obstructing', cosigners: [case1.director.id] }),
      ['/cosigners/0 same-person'],
    ],
    ['who declared, unknown', () => ({ ...mandate(), declaredBy: NOBODY }), ['/declaredBy unknown-person']],
    ['a party that is unknown', () => ({ ...representation(), party: NOBODY }), ['/party unknown-party']],
    ['an employer who is unknown', () => ({ ...statement(), employer: NOBODY }), ['/employer unknown-party']],
    [
      'who handed it over, unknown',
      () => delivery({ form: 'unverified', handedBy: NOBODY }),
      ['/handedBy unknown-person'],
    ],
    ['whom a certificate names, unknown', () => ({ ...certificate(), subject: NOBODY }), ['/subject unknown-person']],
    [
      'a voucher who is unknown',
      () => ({
        type: 'vouching',
        about: employee(),
        voucher: NOBODY,
        coversIdentityAndAttributes: true,
        meansLink: 'none',
      }),
      ['/voucher unknown-person'],
    ],
    ['a signer who is unknown', () => ({ ...deed(), signer: NOBODY }), ['/signer unknown-person']],
    ['a means that is unknown', () => ({ ...login(), means: NOBODY }), ['/means unknown-means']],
    ['a login with the means of somebody else', () => ({ ...login(), about: director() }), ['/means not-of-holder']],
    [
      'another document for a number',
      () => ({ ...number(), document: case1.director.document }),
      ['/document unknown-document'],
    ],
    [
      'a validation that is unknown',
      () => ({ ...without(login(), 'means'), assertion: { reference: 'a-1', signatureValidation: NOBODY } }),
      ['/assertion/signatureValidation unknown-check'],
    ],
    [
      'an appearance that is unknown',
      () => delivery({ form: 'afterPhysicalIdentification', appearance: NOBODY }),
      ['/appearance unknown-check'],
    ],
    ['a contact that is unknown', asked, ['/contact unknown-contact']],
    ['a contact of nobody who was asked', confirmation, ['/contact unknown-contact']],
    [
      'a confirmer who is unknown, whose contact nobody knows',
      () => ({ ...confirmation(), confirmer: NOBODY }),
      ['/confirmer unknown-person'],
    ],
    ['a look-up about nobody', () => ({ ...lookup(), about: { party: NOBODY } }), ['/about/party unknown-party']],

    // Moments
    [
      'a look-up after the check',
      () => ({ ...lookup(), performedAt: at(-1_000), asOf: at(-999) }),
      ['/asOf moment-after-performed'],
    ],
    [
      'a look for a representative after it',
      () => ({ ...representation(), performedAt: at(-1_000), asOf: at(-999) }),
      ['/asOf moment-after-performed'],
    ],
    ['a login after it', () => ({ ...login(), performedAt: at(-1_000), at: at(-500) }), ['/at moment-after-performed']],
    [
      'a transaction after it',
      () => ({ ...transaction(), performedAt: at(-1_000), completedAt: at(-500) }),
      ['/completedAt moment-after-performed'],
    ],
    [
      'a validation after it',
      () => ({ ...signatureOf(employee()), performedAt: at(-1_000), verifiedAt: at(-500) }),
      ['/verifiedAt moment-after-performed'],
    ],
    [
      'a delivery after it',
      () => delivery({ form: 'unverified', performedAt: at(-1_000), handedOutAt: at(-500) }),
      ['/handedOutAt moment-after-performed'],
    ],
    [
      'a delivery before the means was applied for',
      () => delivery({ form: 'unverified', handedOutAt: at(-3_600_000) }),
      ['/handedOutAt handed-out-before-applied'],
    ],
    [
      'a transaction of long ago',
      () => ({ ...transaction(), completedAt: at(-32 * DAY), lateEntryReason: 'Found later' }),
      ['/completedAt transaction-too-old'],
    ],
    [
      'a publication to come',
      () => ({
        ...mandate(),
        publication: { source: 'Staatscourant', reference: 's-1', date: amsterdamDate(Date.now() + 2 * DAY) },
      }),
      ['/publication/date moment-after-performed'],
    ],
    [
      'a publication on no day',
      () => ({ ...mandate(), publication: { source: 'Staatscourant', reference: 's-1', date: '2026-02-30' } }),
      ['/publication/date invalid-value'],
    ],
  ])('is refused: %s', async (_what, facts, expected) => {
    expect(await faults(facts())).toEqual(expected);
  });

  it('is refused when it names a check of another type, or about another person', async () => {
    const appearanceOfDirector = await recorded(appearanceOf('director'));
    const validationOfDirector = await recorded(signatureOf(director()));
    const validationOfParty = await recorded(signatureOf(party()));
    const after = (appearance: string): Json => delivery({ form: 'afterPhysicalIdentification', appearance });
    expect(await faults(after(appearanceOfDirector))).toEqual(['/appearance not-of-holder']);
    expect(await faults(after(validationOfDirector))).toEqual(['/appearance unknown-check']);

    const signed = { ...deed(), signer: case1.employee.id, signedWith: 'level4Means', means: means.id };
    for (const signatureValidation of [validationOfDirector, validationOfParty]) {
      expect(await faults({ ...signed, signatureValidation })).toEqual(['/signatureValidation not-of-holder']);
    }
    expect(await faults({ ...signed, signatureValidation: appearanceOfDirector })).toEqual([
      '/signatureValidation unknown-check',
    ]);
    const assertion = { reference: 'a-1', signatureValidation: appearanceOfDirector };
    expect(await faults({ ...without(login(), 'means'), assertion })).toEqual([
      '/assertion/signatureValidation unknown-check',
    ]);
    const his = { ...signed, signer: case1.director.id, signatureValidation: validationOfDirector };
    expect(await faults(his)).toEqual(['/means not-of-holder']);
  });

  it('is refused when it is about another application than the one it belongs to', async () => {
    const other = await case1.desk.application('nonElectronic', ['registration'], 1);
    for (const facts of [
      deed(),
      { type: 'completenessCheck', missingItems: [] },
      { type: 'courtOrderVerification', court: 'RBDHA', order: 'ECLI:NL:RBDHA:2026:1', authentic: true },
    ]) {
      expect(await faults({ ...facts, about: { application: other } })).toEqual([
        '/about/application of-another-application',
      ]);
      expect(await faults({ ...facts, about: { application: NOBODY } })).toEqual([
        '/about/application of-another-application',
      ]);
    }
  });

  it('names the list from which a name has to come', async () => {
    const answer = having(await post({ ...status(), source: { name: 'hearsay', reference: 'r-1' } }), 400);
    expect(answer.body).toMatchObject({
      code: 'unknown-source',
      errors: [{ pointer: '/source/name', names: expect.arrayContaining(['VIS', 'authentication-service-1']) }],
    });
    const dutch = await supplier.send('POST', '/v1/checks', {
      body: whole({ ...lookup(), asOf: at(-10), performedAt: at(-500) }),
      headers: { 'idempotency-key': freshKey(), 'accept-language': 'nl' },
    });
    expect(dutch.body).toMatchObject({ code: 'moment-after-performed', title: 'Het moment ligt na de controle zelf' });
  });

  it('has all its faults named in one round: of form, of what it names, of its moments and of its headers', async () => {
    const facts = whole({
      ...representation(),
      application: NOBODY,
      about: { person: NOBODY },
      party: NOBODY,
      agrees: 'yes',
      remarks: 'looked fine',
      cosigners: [NOBODY],
      performedAt: at(-1_000),
      asOf: at(-500),
      performedBy: { system: 'magic' },
      source: { name: 'hearsay', reference: 'none' },
    });
    const answer = await supplier.send('POST', '/v1/checks', { body: facts });
    expect([answer.status, faultsOf(answer)]).toEqual([
      400,
      [
        '/about/person unknown-person',
        '/agrees wrong-type',
        '/application unknown-application',
        '/asOf moment-after-performed',
        '/cosigners/0 unknown-person',
        '/party unknown-party',
        '/performedBy/system unknown-source',
        '/remarks unknown-member',
        '/source/name unknown-source',
        '/source/reference invalid-value',
        'header /Idempotency-Key required',
      ],
    ]);
  });
});

describe('a check that is sent again', () => {
  it('gets its first answer, also when it would not be taken any more', async () => {
    const place = suite.place;
    const key = freshKey();
    const facts = whole(status());
    const client = await suite.client('supplier', 'retries');
    const first = having(await client.command('/v1/checks', facts, key), 201);
    await suite.stop();
    suite = await startSuite(place, ['--check-sources', 'VIS']);
    const later = await suite.client('supplier', 'retries');
    const again = having(await later.command('/v1/checks', facts, key), 201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(faultsOf(await later.command('/v1/checks', facts))).toEqual(['/source/name unknown-source']);
    having(await later.command('/v1/checks', { ...facts, status: 'reported' }, key), 409);
  });
});

describe('an application', () => {
  it('says how a request to end something came', async () => {
    const client = await suite.client('supplier');
    const receive = (more: Json): Promise<Answer> =>
      client.command('/v1/applications', {
        channel: 'nonElectronic',
        receivedAt: at(-1_000),
        purposes: ['revocation'],
        ...more,
      });
    expect(faultsOf(await receive({}))).toEqual(['/medium required']);
    expect(faultsOf(await receive({ purposes: ['means', 'suspension'] }))).toEqual(['/medium required']);
    expect(faultsOf(await receive({ medium: 'pigeon' }))).toEqual(['/medium invalid-value']);
    expect(faultsOf(await receive({ medium: null }))).toEqual(['/medium wrong-type']);
    expect(faultsOf(await receive({ channel: 'air', receivedAt: at(60_000) }))).toContain('/medium required');
    for (const medium of ['writing', 'email', 'counter', 'telephone', 'other']) {
      const made = having(await receive({ medium }), 201).body;
      expect(made).toMatchObject({ medium });
      expect(having(await client.get(`/v1/applications/${String(made['id'])}`), 200).body).toMatchObject({ medium });
      const { items } = having(
        await client.ask('/v1/applications/_search', { limit: 1, after: made['position'] }),
        200,
      ).body;
      expect((items as readonly Json[])[0]).toMatchObject({ id: made['id'], medium });
    }
    expect(having(await receive({ purposes: ['means'] }), 201).body).not.toHaveProperty('medium');
  });

  it('gives no reason that shows nothing', async () => {
    const client = await suite.client('supplier', `reasons-${randomUUID().slice(0, 8)}`);
    const body = { channel: 'electronic', receivedAt: at(-40 * DAY), purposes: ['means'], lateEntryReason: '\u2800' };
    expect(faultsOf(await client.command('/v1/applications', body))).toEqual(['/lateEntryReason invalid-value']);
  });
});
