import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts, RecordedCheck } from '#libs/domain';
import { classifyMeans, currentRuleSet, type MeansRequest } from '#libs/scheme';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { seed, type GovernanceData, type MeansProduct } from '../index.js';
import { findMeans, findPerson } from '../objects.js';
import { loadChecks } from './load-checks.js';
import { meansDossier, type IssuanceParts } from './means-dossier.js';
import { validDocuments } from './valid-documents.js';

const { assessedAt, checkOf, ids, meansFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const { employee, employeesPassport, means } = ids;

/** Password with a code by SMS, as classification.md §2.1 has it: one factor that is somewhat protected. */
const some = {
  guessing: 'some',
  eavesdropping: 'some',
  hijacking: 'some',
  replay: 'some',
  manInTheMiddle: 'some',
} as const;
const product: MeansProduct = {
  id: 'password-sms',
  name: 'Password with SMS code',
  token: { possession: 'smsCode', secret: { kind: 'password', meetsGuideline: true } },
  mechanism: { factors: 1, protection: some, evaluation: 'none' },
  assessments: [],
};
const data: GovernanceData = { ...seed, meansProducts: [{ from: at('2020-01-01T00:00:00Z'), value: product }] };

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt), { data });
  await recordPaperRegistration(memory, []);
  await memory.record('means', means, ...meansFacts(means, employee, 'applied'));
});
afterEach(() => memory.close());

async function assembled(checks: readonly CheckFacts[], changes: Partial<IssuanceParts> = {}) {
  const { backbone } = memory;
  const loaded = await loadChecks(backbone, await recordChecks(memory, checks), '/checks');
  const holder = await findPerson(backbone, employee, '');
  const its = await findMeans(backbone, means, '');
  if ('faults' in loaded || 'fault' in holder || 'fault' in its) throw new Error('not on record');
  return meansDossier(backbone, {
    means: its.found,
    holder: holder.found,
    product: backbone.governance.productAt('password-sms', assessedAt)!,
    validDocuments: await validDocuments(backbone, employee, assessedAt),
    checks: loaded.checks,
    checksPointer: '/checks',
    at: assessedAt,
    ...changes,
  });
}

const dossierOf = async (
  checks: readonly CheckFacts[],
  changes: Partial<IssuanceParts> = {},
): Promise<MeansRequest> => {
  const result = await assembled(checks, changes);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.dossier;
};

const about = { person: employee };
const document = employeesPassport;
const copy = checkOf({ type: 'idCopyEnclosed', about, document, presentation: 'paper' });
const statusOf = (status: 'notReported' | 'reported', of: string = document) =>
  checkOf({ type: 'idDocumentStatus', about, document: of, status });
const numberVerified = checkOf({
  type: 'officialNumberVerification',
  about,
  verified: true,
  register: 'rvig',
  document,
});
const delivery = (members: object) => checkOf({ type: 'meansDelivery', about: { means }, ...members } as never);

describe('the dossier of a means', () => {
  const checks = [
    copy,
    statusOf('notReported'),
    numberVerified,
    delivery({ form: 'registeredLetter', addressValidated: true }),
  ];

  it('is the question of the rule book, from checks, the holder on record, the product and the issuer', async () => {
    expect(await dossierOf(checks)).toStrictEqual({
      identification: {
        physicalAppearance: false,
        attributes: { count: 4, uniquelyIdentifying: true, officialNumberVerified: true, duplicate: 'none' },
        validations: [{ method: 'idCopyWithRegisterCheck', status: 'notReported' }],
      },
      issuance: { form: 'registeredLetter', addressValidated: true },
      issuer: { participant: true, supervision: 'government' },
      token: product.token,
      mechanism: product.mechanism,
    });
  });

  it('gets the documented answer', async () => {
    expect(classifyMeans(await dossierOf(checks), currentRuleSet)).toMatchObject({
      scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 2 },
      rows: { ID: ['MEANS-ID3-v2'], IC: ['MEANS-IC3'], IE: ['MEANS-IE2'], RC: ['MEANS-RC3'], AM: ['MEANS-AM2'] },
      criteria: { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' },
      stork: 2,
      issuanceLevel: 3,
      refusals: [],
    });
  });

  it('has a delivery without verification while there is none', async () => {
    expect((await dossierOf([])).issuance).toStrictEqual({ form: 'unverified' });
  });

  it('names every check that is about nobody in it or of another process, all at once', async () => {
    const confirmation = { type: 'emailConfirmation', confirmed: true } as const;
    const result = await assembled([
      checkOf({ ...confirmation, about: { person: ids.director } }),
      checkOf({ ...confirmation, about }),
      checkOf({ type: 'meansDelivery', about: { means: uuid('means', 9) }, form: 'unverified' }),
      checkOf({ ...confirmation, about, application: uuid('appl', 9) }),
    ]);
    expect('faults' in result && result.faults).toMatchObject([
      { code: 'check-not-in-dossier', kind: 'invalid', pointer: '/checks/0' },
      { code: 'check-not-in-dossier', pointer: '/checks/2' },
      { code: 'evidence-not-reusable', pointer: '/checks/3' },
    ]);
  });
});

describe('what validates the attributes', () => {
  const validationsOf = async (...checks: readonly CheckFacts[]) =>
    (await dossierOf(checks)).identification.validations;
  const signature = { technology: 'nonPki', comparableQuality: true } as const;
  const bank = checkOf({
    type: 'bankTransaction',
    about,
    succeeded: true,
    completedAt: at('2026-03-02T10:00:00Z'),
    accountOpenedWithIdDocument: true,
    nameAgreesWithDocument: true,
    nameAgreesWithAttributes: true,
  });
  const appearance = (mode: 'appeared' | 'visited', documentShown: 'original' | 'copy') =>
    checkOf({ type: 'physicalAppearance', about, document, mode, documentShown });

  it.each([
    [
      'a confirmed address',
      checkOf({ type: 'emailConfirmation', about, confirmed: true }),
      { method: 'emailConfirmation', confirmed: true },
    ],
    [
      'a neutral third party',
      checkOf({ type: 'neutralThirdParty', about, party: 'bank', agrees: true }),
      { method: 'neutralThirdParty', party: 'bank', agrees: true },
    ],
    [
      'a statement of the employer',
      checkOf({
        type: 'employerStatement',
        about,
        agreementInForce: true,
        documentCheckedAtHiring: true,
        employerIsApplicant: false,
      }),
      {
        method: 'employerStatement',
        agreementInForce: true,
        documentCheckedAtHiring: true,
        employerIsApplicant: false,
      },
    ],
    [
      'a remote identification',
      checkOf({ type: 'remoteIdentification', about, declaredEquivalence: 'iii.f' }),
      { method: 'remoteIdentification', declaredEquivalence: 'iii.f' },
    ],
    [
      'an electronic signature, verified when it was checked',
      checkOf({ type: 'eSignatureValidation', about, signature }),
      { method: 'electronicSignature', signature, verifiedByCsp: false, verifiedAt: '2026-03-02T10:00:00.000Z' },
    ],
    [
      'an electronic signature, verified with its provider',
      checkOf({
        type: 'eSignatureValidation',
        about,
        signature,
        verifiedByCsp: true,
        verifiedAt: at('2026-03-02T09:00:00Z'),
      }),
      { method: 'electronicSignature', signature, verifiedByCsp: true, verifiedAt: '2026-03-02T09:00:00.000Z' },
    ],
    [
      'an original shown in person',
      appearance('appeared', 'original'),
      { method: 'idDocumentShown', original: true, manner: 'inPerson' },
    ],
    [
      'an original shown at a visit',
      appearance('visited', 'original'),
      { method: 'idDocumentShown', original: true, manner: 'visit' },
    ],
    [
      'a copy shown',
      appearance('appeared', 'copy'),
      { method: 'idDocumentShown', original: false, manner: 'inPerson' },
    ],
  ])('%s', async (_what, check, validation) => {
    expect(await validationsOf(check)).toStrictEqual([validation]);
  });

  it('a copy and the register of stolen documents, of one document (REG-10)', async () => {
    expect(await validationsOf(copy, statusOf('notReported'))).toStrictEqual([
      { method: 'idCopyWithRegisterCheck', status: 'notReported' },
    ]);
    expect(await validationsOf(copy, statusOf('notReported', uuid('doc', 9)))).toStrictEqual([]);
    expect(await validationsOf(copy)).toStrictEqual([]);
    expect(await validationsOf(statusOf('notReported'))).toStrictEqual([]);
  });

  it('a reported document refuses also without its copy (STOLEN-01)', async () => {
    const dossier = await dossierOf([statusOf('reported')]);
    expect(classifyMeans(dossier, currentRuleSet).refusals).toContain('document-reported');
  });

  it('a copy and a bank transaction, and not the transaction alone', async () => {
    expect(await validationsOf(copy, bank)).toStrictEqual([
      {
        method: 'idCopyWithBankTransaction',
        succeeded: true,
        accountOpenedWithIdDocument: true,
        nameAgreesWithDocument: true,
      },
    ]);
    expect(await validationsOf(bank)).toStrictEqual([]);
  });

  it('an appearance counts as one whatever was shown, a remote identification never (AMB-57)', async () => {
    const appeared = async (check: CheckFacts) => (await dossierOf([check])).identification.physicalAppearance;
    expect(await appeared(appearance('visited', 'copy'))).toBe(true);
    expect(await appeared(checkOf({ type: 'remoteIdentification', about, declaredEquivalence: 'iii.f' }))).toBe(false);
  });
});

describe('a number that only the holder knows (AMB-37)', () => {
  const verified = async (check: CheckFacts, changes: Partial<IssuanceParts> = {}) =>
    (await dossierOf([check], changes)).identification.attributes.officialNumberVerified;
  const verification = (members: object) =>
    checkOf({ type: 'officialNumberVerification', about, verified: true, register: 'rdw', ...members } as never);

  it('is that of a document of his that is valid on the day, its last day included', async () => {
    // The passport on record ends on the day of the assessment.
    expect(await verified(numberVerified)).toBe(true);
    const nextDay = await validDocuments(memory.backbone, employee, at('2026-03-03T00:00:00+01:00'));
    expect(await verified(numberVerified, { validDocuments: nextDay })).toBe(false);
    expect(await verified(verification({ document: ids.directorsPassport }))).toBe(false);
  });

  it('is a number of the list, and no other', async () => {
    expect(await verified(verification({ numberKind: 'drivingLicence' }))).toBe(true);
    expect(await verified(verification({ numberKind: 'customerNumber' }))).toBe(false);
    expect(await verified(verification({}))).toBe(false);
  });

  it('counts when it was verified', async () => {
    expect(await verified(verification({ verified: false, document }))).toBe(false);
  });

  it('of a document that was erased is none: its expiry can not be read any more', async () => {
    memory.vault.destroyKey({ kind: 'document', id: document });
    expect([...(await validDocuments(memory.backbone, employee, assessedAt))]).toStrictEqual([]);
  });
});

describe('the delivery', () => {
  const handedOutAt = at('2026-03-02T11:30:00Z');
  const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
  const identifiedAt = at('2026-03-02T10:00:00Z');

  it.each([
    ['unverified', {}],
    ['passwordObtainedInPerson', {}],
    ['twoDispatches', { oneByPostToOfficialAddress: true }],
    ['oneTimeLink', { singleUse: true, expires: true }],
    ['registeredLetter', { addressValidated: true }],
    ['qualifiedCertificate', { signature }],
    ['afterPhysicalIdentification', { identifiedAt, activatedAt: handedOutAt }],
  ])('by %s has the facts of that form, and when the means was handed out', async (form, facts) => {
    expect((await dossierOf([delivery({ form, ...facts })])).issuance).toStrictEqual({ form, ...facts });
    expect((await dossierOf([delivery({ form, ...facts, handedOutAt })])).issuance).toStrictEqual({
      form,
      ...facts,
      handedOutAt,
    });
  });

  it('by another way is as good only where a reason is on record, whose words stay sealed (MEANS-IC2)', async () => {
    expect((await dossierOf([delivery({ form: 'other' })])).issuance).toStrictEqual({ form: 'other' });
    const check = uuid('check', 900_000);
    const facts = delivery({ form: 'other' });
    await memory.record('check', check, {
      type: 'CheckRecorded',
      data: { check, facts, late: false, equivalenceReason: { clear: 'Handed over by a courier' } },
    });
    const loaded = await loadChecks(memory.backbone, [check], '/checks');
    const checks: readonly RecordedCheck[] = 'checks' in loaded ? loaded.checks : [];
    const { issuance } = await dossierOf([], { checks });
    expect(issuance).toMatchObject({ form: 'other', equivalenceReason: expect.any(String) });
    expect(JSON.stringify(issuance)).not.toContain('courier');
  });
});

describe('the holder on record', () => {
  it('whose attributes are another person’s is a duplicate until a clerk links them (MEANS-ID2-ii.b)', async () => {
    const twin = uuid('person', 5);
    await memory.record('person', twin, ...paperRegistration.personFacts(twin, undefined, ids.director));
    const duplicateOf = async (): Promise<unknown> => {
      const holder = await findPerson(memory.backbone, twin, '');
      if ('fault' in holder) throw new Error('unknown person');
      return (await dossierOf([], { holder: holder.found })).identification.attributes.duplicate;
    };
    expect(await duplicateOf()).toBe('unresolved');
    await memory.record('person', twin, { type: 'PersonLinked', data: { person: twin, to: ids.director } });
    expect(await duplicateOf()).toBe('linked');
  });
});
