import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { classifyMeans, currentRuleSet, type MeansRequest } from '#libs/scheme';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { seed, type GovernanceData, type MeansProduct } from '../index.js';
import { findApplication, findMeans, findPerson } from '../objects.js';
import { loadChecks, type CheckOnRecord } from './load-checks.js';
import { meansDossier, type IssuanceParts } from './means-dossier.js';
import { weighedChecks } from './aspects.js';

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
  token: { possession: 'smsCode', secret: seed.meansProducts[0]!.value.token.secret! },
  mechanism: { factors: 1, protection: some, evaluation: 'none' },
  assessments: [],
  equivalences: [
    { from: at('2020-01-01T00:00:00Z'), value: { id: 'courier-1', of: 'delivery', equivalentTo: 3, ...decided() } },
    {
      from: at('2020-01-01T00:00:00Z'),
      value: { id: 'video-1', of: 'remoteIdentification', equivalentTo: 'iii.f', ...decided() },
    },
    {
      from: at('2027-01-01T00:00:00Z'),
      value: { id: 'video-2', of: 'remoteIdentification', equivalentTo: 'iii.f', ...decided() },
    },
  ],
};
function decided() {
  return { reason: 'as sure', decision: { reference: 'd-1', body: 'governing body', date: '2020-01-01' } };
}
const data: GovernanceData = {
  ...seed,
  meansProducts: [{ from: at('2020-01-01T00:00:00Z'), value: product }],
  employerAgreements: ['kvk:68750110', 'professional:19012345'].map((employer) => ({
    reference: 'agreement-1',
    employer,
    from: at('2020-01-01T00:00:00Z'),
  })),
};

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
  const application = await findApplication(backbone, ids.application, '');
  if ('faults' in loaded || 'fault' in holder || 'fault' in its || 'fault' in application)
    throw new Error('not on record');
  return meansDossier(backbone, {
    means: its.found,
    holder: holder.found,
    product: backbone.governance.productAt('password-sms', assessedAt)!,
    application: application.found,
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

/** Each of the checks with why it does not count, in their order; `-` where it does. */
const whyOf = async (checks: readonly CheckFacts[], changes: Partial<IssuanceParts> = {}) => {
  const result = await assembled(checks, changes);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return weighedChecks(result.evidence).map(({ why }) => why ?? '-');
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
      token: { possession: 'smsCode', secret: { kind: 'password', meetsGuideline: true } },
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

  it('names every check that is about nobody in it, all at once', async () => {
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
    ]);
  });

  it('takes nothing over from another process (REG-10)', async () => {
    const elsewhere = checkOf({ type: 'emailConfirmation', about, confirmed: true, application: uuid('appl', 9) });
    expect((await dossierOf([elsewhere])).identification.validations).toStrictEqual([]);
    expect(await whyOf([elsewhere])).toStrictEqual(['other-application']);
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
        employer: ids.otherCompany,
        agreement: 'agreement-1',
        documentCheckedAtHiring: true,
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
      checkOf({ type: 'remoteIdentification', about, equivalence: 'video-1' }),
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

  it('PROOF-11: a remote identification counts by an entry of the product that is in force, by nothing else', async () => {
    const remote = (equivalence: string) => checkOf({ type: 'remoteIdentification', about, equivalence });
    expect(await validationsOf(remote('video-2'), remote('courier-1'), remote('none-1'))).toStrictEqual([]);
    expect(await whyOf([remote('video-2')])).toStrictEqual(['equivalence-not-decided']);
  });

  it('MEANS-ID3-d: a statement under no agreement in force is none, one about oneself is the applicant’s own', async () => {
    const statement = (employer: string, agreement: string) =>
      checkOf({ type: 'employerStatement', about, employer, agreement, documentCheckedAtHiring: true });
    expect(await validationsOf(statement(ids.otherCompany, 'agreement-2'))).toStrictEqual([]);
    expect(await whyOf([statement(ids.company, 'agreement-1')])).toStrictEqual(['agreement-not-in-force']);
  });

  it('MEANS-ID3-d: an id names a file that shows which agreement it is, and policy says whether that is in force', async () => {
    const shown = async (run: number, description: object, ...more: readonly object[]): Promise<string> => {
      const evidence = uuid('evid', run);
      const [application, address] = [ids.application, 'a'.repeat(64)];
      const file = { evidence, application, mediaType: 'application/pdf', size: 1, address, digest: { clear: 'd' } };
      await memory.record(
        'evidence',
        evidence,
        {
          type: 'EvidenceUploaded',
          data: { ...file, uploadedAt: assessedAt, quarantinedUntil: at('2026-03-30T00:00:00Z') },
        },
        { type: 'EvidenceDescribed', data: { evidence, application, description, describedAt: assessedAt } },
        ...(more as never[]),
      );
      return evidence;
    };
    const statement = (agreement: string) =>
      checkOf({
        type: 'employerStatement',
        ...{ about, employer: ids.otherCompany, agreement, documentCheckedAtHiring: true },
      });
    const agreement = (reference: string) => ({ kind: 'agreement', reference });
    const inForce = statement(await shown(1, agreement('agreement-1')));
    expect(await validationsOf(inForce)).toMatchObject([{ method: 'employerStatement', agreementInForce: true }]);
    const destroyed = {
      type: 'EvidenceDestroyed',
      data: { evidence: uuid('evid', 3), address: 'a'.repeat(64), ground: 'withdrawn', destroyedAt: assessedAt },
    };
    for (const other of [
      await shown(2, agreement('agreement-2')),
      await shown(3, agreement('agreement-1'), destroyed),
      await shown(4, { kind: 'form' }),
      uuid('evid', 5),
    ]) {
      expect(await whyOf([statement(other)])).toStrictEqual(['agreement-not-in-force']);
    }
  });

  it.each([
    ['its copy', copy],
    ['its number', numberVerified],
    ['itself', appearance('appeared', 'original')],
  ])('a reported document refuses where it is presented: %s (STOLEN-01, AMB-77)', async (_by, presenting) => {
    const dossier = await dossierOf([presenting, statusOf('reported'), statusOf('notReported')]);
    expect(classifyMeans(dossier, currentRuleSet).refusals).toContain('document-reported');
    expect(dossier.identification.attributes.officialNumberVerified).toBe(false);
  });

  it('a reported document that nobody presents is no ground (AMB-77)', async () => {
    const dossier = await dossierOf([statusOf('reported')]);
    expect(classifyMeans(dossier, currentRuleSet).refusals).not.toContain('document-reported');
  });

  it('PROOF-01: a document reported in another application refuses here, named or not', async () => {
    await recordChecks(memory, [
      checkOf({ type: 'idDocumentStatus', about, document, status: 'reported', application: uuid('appl', 9) }),
    ]);
    expect(classifyMeans(await dossierOf([copy]), currentRuleSet).refusals).toContain('document-reported');
    expect(await whyOf([copy])).toStrictEqual(['document-reported', '-']);
  });

  it('a document that was shown says how it stood in the register, where that was asked', async () => {
    expect(await validationsOf(appearance('appeared', 'original'), statusOf('notReported'))).toStrictEqual([
      { method: 'idDocumentShown', original: true, manner: 'inPerson', status: 'notReported' },
    ]);
  });

  it('PROOF-03: an expired document validates nothing', async () => {
    const changes = { at: at('2026-03-03T00:00:00+01:00') };
    const checks = [copy, statusOf('notReported'), appearance('appeared', 'original')];
    const { identification } = await dossierOf(checks, changes);
    expect(identification.validations).toStrictEqual([]);
    expect(identification.physicalAppearance).toBe(false);
    expect(identification.attributes).toMatchObject({ count: 3, uniquelyIdentifying: false });
    expect(await whyOf(checks, changes)).toStrictEqual(checks.map(() => 'expired-document'));
  });

  it('PROOF-06: a signature verified before the application came in proves nothing of it', async () => {
    const early = checkOf({ type: 'eSignatureValidation', about, signature, verifiedAt: at('2026-03-02T07:59:59Z') });
    expect(await validationsOf(early)).toStrictEqual([]);
    expect(await whyOf([early])).toStrictEqual(['moment-out-of-bounds']);
  });

  it('PROOF-06: a signature under the assertion of a login is no signature of the holder', async () => {
    const source = { name: 'authentication-service-1', reference: 'assertion-1' };
    const validation = checkOf({ type: 'eSignatureValidation', about, signature, source } as never);
    const login = checkOf({
      type: 'authentication',
      about,
      level: 'EH3',
      at: validation.performedAt,
      assertion: { reference: 'assertion-1', signatureValidation: uuid('check', 99) },
    });
    expect(await validationsOf(validation)).toMatchObject([{ method: 'electronicSignature', signature }]);
    expect(await validationsOf(validation, login)).toStrictEqual([]);
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
    expect(await appeared(checkOf({ type: 'remoteIdentification', about, equivalence: 'video-1' }))).toBe(false);
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
    expect(await verified(numberVerified, { at: at('2026-03-03T00:00:00+01:00') })).toBe(false);
    expect(await verified(verification({ document: ids.directorsPassport }))).toBe(false);
  });

  it('is a number of the list, and no other', async () => {
    // Another kind, or none, is refused at the door.
    expect(await verified(verification({ numberKind: 'drivingLicence' }))).toBe(true);
  });

  it('counts when it was verified', async () => {
    expect(await verified(verification({ verified: false, document }))).toBe(false);
  });

  it('of a document that was erased is none: its expiry can not be read any more', async () => {
    memory.vault.destroyKey({ kind: 'document', id: document });
    expect(await verified(numberVerified)).toBe(false);
  });
});

describe('the delivery', () => {
  const handedOutAt = at('2026-03-02T09:30:00Z');
  const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };

  it.each([
    ['unverified', {}],
    ['passwordObtainedInPerson', {}],
    ['twoDispatches', { oneByPostToOfficialAddress: true }],
    ['oneTimeLink', { singleUse: true, expires: true }],
    ['registeredLetter', { addressValidated: true }],
    ['qualifiedCertificate', { signature }],
  ])('by %s has the facts of that form, and when the means was handed out', async (form, facts) => {
    expect((await dossierOf([delivery({ form, ...facts })])).issuance).toStrictEqual({ form, ...facts });
    expect((await dossierOf([delivery({ form, ...facts, handedOutAt })])).issuance).toStrictEqual({
      form,
      ...facts,
      handedOutAt,
    });
  });

  it('by a qualified certificate is of a public key infrastructure, and of a holder whose signature stands (MEANS-IC3)', async () => {
    const by = (its: object) => delivery({ form: 'qualifiedCertificate', signature: its });
    const other = { technology: 'nonPki', comparableQuality: true };
    expect((await dossierOf([by(other)])).issuance).toStrictEqual({ form: 'unverified' });
    expect(await whyOf([by(other)])).toStrictEqual(['no-qualified-certificate']);
    const validation = (revocationStatus: string, members: object = {}) =>
      checkOf({
        type: 'eSignatureValidation',
        about: { person: employee },
        signature: { ...signature, revocationStatus },
        ...members,
      } as never);
    expect((await dossierOf([by(signature), validation('good')])).issuance).toMatchObject({
      form: 'qualifiedCertificate',
    });
    expect((await dossierOf([by(signature), validation('revoked')])).issuance).toStrictEqual({ form: 'unverified' });
    // Asked again it stands, and so does one of which a signature of somebody else says nothing.
    const again = { performedAt: at('2026-03-02T11:00:00Z') };
    expect((await dossierOf([by(signature), validation('revoked'), validation('good', again)])).issuance).toMatchObject(
      {
        form: 'qualifiedCertificate',
      },
    );
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
    const checks: readonly CheckOnRecord[] = 'checks' in loaded ? loaded.checks : [];
    const { issuance } = await dossierOf([], { checks });
    expect(issuance).toMatchObject({ form: 'other', equivalenceReason: expect.any(String) });
    expect(JSON.stringify(issuance)).not.toContain('courier');
  });
});

describe('PROOF-08: a delivery after physical identification', () => {
  const handedOutAt = at('2026-03-02T10:30:00Z');
  const appearedAt = at('2026-03-02T09:30:00Z');
  const performedAt = at('2026-03-02T11:00:00Z');
  const appearance = (members: object = {}) =>
    checkOf({
      type: 'physicalAppearance',
      about,
      document,
      mode: 'appeared',
      documentShown: 'original',
      performedAt: appearedAt,
      ...members,
    } as never);
  const delivered = async (shown: CheckFacts, members: object = {}, changes: Partial<IssuanceParts> = {}) => {
    const [check] = await recordChecks(memory, [shown]);
    const facts = { form: 'afterPhysicalIdentification', appearance: check, performedAt, ...members };
    return (await dossierOf([delivery(facts)], changes)).issuance;
  };

  it('has the moment of the appearance on record, and when the means was handed over', async () => {
    expect(await delivered(appearance(), { handedOutAt })).toStrictEqual({
      form: 'afterPhysicalIdentification',
      identifiedAt: appearedAt,
      handedOutAt,
    });
    // Delivered by then at the latest.
    expect(await delivered(appearance())).toMatchObject({ handedOutAt: performedAt });
  });

  it.each([
    ['of somebody else', { about: { person: ids.director }, document: ids.directorsPassport }, {}],
    ['with a copy', { documentShown: 'copy' }, {}],
    ['of another application', { application: uuid('appl', 9) }, {}],
    ['with a document that has expired', {}, { at: at('2026-03-03T00:00:00+01:00') }],
  ])('is unverified after an appearance %s', async (_what, members, changes) => {
    expect(await delivered(appearance(members), { handedOutAt }, changes)).toStrictEqual({
      form: 'unverified',
      handedOutAt,
    });
  });

  it('is unverified where the document that was shown is reported', async () => {
    await recordChecks(memory, [statusOf('reported')]);
    expect(await delivered(appearance(), { handedOutAt })).toStrictEqual({ form: 'unverified', handedOutAt });
  });
});

describe('PROOF-11: another form of delivery', () => {
  it('counts for what was decided about it', async () => {
    expect((await dossierOf([delivery({ form: 'other', equivalence: 'courier-1' })])).issuance).toMatchObject({
      form: 'other',
      equivalentTo: 3,
    });
    expect((await dossierOf([delivery({ form: 'other', equivalence: 'video-1' })])).issuance).toStrictEqual({
      form: 'other',
    });
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

describe('MEANS-ID3-d: the employer of a statement', () => {
  const practice = uuid('party', 5);
  const statement = (members: object) =>
    checkOf({ type: 'employerStatement', about, documentCheckedAtHiring: true, ...members } as never);
  const employ = (members: object) =>
    memory.record('party', practice, {
      type: 'PartyRegistered',
      data: { party: practice, kind: 'practitioner', register: 'professional', number: '19012345', ...members },
    } as never);
  const own = statement({ employer: practice, agreement: 'agreement-1' });
  const judged = async () => {
    const result = await assembled([own]);
    if ('faults' in result) throw new Error(JSON.stringify(result.faults));
    const [one] = result.evidence;
    return [one!.counts, one!.why, result.dossier.identification.validations.length];
  };

  it.each([
    ['nobody', {}],
    ['no agreement', { employer: ids.otherCompany }],
    ['no employer', { agreement: 'agreement-1' }],
    ['an employer who is not on record', { employer: uuid('party', 99), agreement: 'agreement-1' }],
  ])('is none where the statement names %s, as those of the first release', async (_what, members) => {
    expect(await whyOf([statement(members)])).toStrictEqual(['agreement-not-in-force']);
    expect((await dossierOf([statement(members)])).identification.validations).toStrictEqual([]);
  });

  it('is not the holder’s own business, under whichever of his records (MEANS-ID3-d-self)', async () => {
    const twin = uuid('person', 7);
    await memory.record('person', twin, ...paperRegistration.personFacts(twin));
    await memory.record('person', employee, { type: 'PersonLinked', data: { person: employee, to: twin } });
    await employ({ person: twin, details: { clear: { name: 'X' } } });
    expect(await judged()).toStrictEqual([false, 'employer-is-the-holder', 1]);
    expect((await dossierOf([own])).identification.validations).toMatchObject([{ employerIsApplicant: true }]);
  });

  it('can be the business of somebody else', async () => {
    await employ({ person: ids.director, details: { clear: { name: 'X' } } });
    expect(await judged()).toStrictEqual([true, undefined, 1]);
    expect((await dossierOf([own])).identification.validations).toMatchObject([{ employerIsApplicant: false }]);
  });

  it('is taken for the holder’s own where it is one human’s and nobody is named', async () => {
    await employ({ details: { clear: { name: 'X' } } });
    expect(await judged()).toStrictEqual([false, 'employer-is-the-holder', 1]);
  });
});

describe('MEANS-PKIO: a means that is a PKIoverheid certificate', () => {
  const token = { possession: 'qualifiedCertificateOnSecureDevice' } as const;
  const standing = { personal: true, qualified: true, chainComplete: true, revocationStatus: 'good' };
  const certificate = (members: object = {}) =>
    checkOf({ type: 'pkiOverheidCertificate', about, subject: employee, ...standing, ...members } as never);
  const changes = { product: { ...product, token } };

  it('stands as its last check says', async () => {
    const { pkiOverheid } = await dossierOf([certificate()], changes);
    expect(pkiOverheid).toStrictEqual(standing);
    const later = { revocationStatus: 'revoked', performedAt: at('2026-03-02T11:00:00Z') };
    expect((await dossierOf([certificate(later), certificate()], changes)).pkiOverheid).toStrictEqual({
      ...standing,
      revocationStatus: 'revoked',
    });
  });

  it('is none where nothing was checked, and of no other product', async () => {
    expect(await dossierOf([], changes)).not.toHaveProperty('pkiOverheid');
    expect(await dossierOf([certificate()])).not.toHaveProperty('pkiOverheid');
  });

  it('says its end and which one it is of a means that is one, and of no other', async () => {
    const validUntil = at('2027-03-02T00:00:00Z');
    const fingerprint = 'a'.repeat(64);
    const knownOf = async (members: object, parts: Partial<IssuanceParts>) => {
      const result = await assembled([certificate(members)], parts);
      return 'faults' in result ? result.faults : result.certificate;
    };
    const known = { certificateUntil: validUntil, certificateFingerprint: fingerprint };
    expect(await knownOf({ validUntil, fingerprint }, changes)).toStrictEqual(known);
    expect(await knownOf({ validUntil, fingerprint }, {})).toStrictEqual({});
    expect(await knownOf({}, changes)).toStrictEqual({});
  });

  it.each([
    ['somebody else', { subject: ids.director }],
    ['nobody', { subject: undefined }],
  ])('is none where it names %s', async (_whom, members) => {
    expect(await whyOf([certificate(members)], changes)).toStrictEqual(['certificate-of-another-person']);
    expect(await dossierOf([certificate(members)], changes)).not.toHaveProperty('pkiOverheid');
  });

  it('is the holder’s under whichever of his records', async () => {
    const twin = uuid('person', 7);
    await memory.record('person', twin, ...paperRegistration.personFacts(twin));
    await memory.record('person', employee, { type: 'PersonLinked', data: { person: employee, to: twin } });
    expect((await dossierOf([certificate({ subject: twin })], changes)).pkiOverheid).toStrictEqual(standing);
  });
});

describe('PROOF-06: when a means was handed out', () => {
  const performedAt = at('2026-03-02T11:00:00Z');
  const handed = (handedOutAt: string) =>
    delivery({ form: 'registeredLetter', addressValidated: true, performedAt, handedOutAt });
  it.each([
    ['when it was applied for', '2026-03-02T08:00:00.000Z'],
    ['when that was recorded', performedAt],
  ])('is from %s on, or until', async (_when, moment) => {
    expect((await dossierOf([handed(moment)])).issuance).toMatchObject({ form: 'registeredLetter' });
    expect(await whyOf([handed(moment)])).toStrictEqual(['-']);
  });
  it.each([
    ['before it was applied for', '2026-03-02T07:59:59.999Z'],
    ['after that was recorded', '2026-03-02T11:00:00.001Z'],
  ])('is not %s', async (_when, moment) => {
    expect(await whyOf([handed(moment)])).toStrictEqual(['moment-out-of-bounds']);
    expect((await dossierOf([handed(moment)])).issuance).toStrictEqual({ form: 'unverified' });
  });
});

describe('the delivery that counts', () => {
  const sent = (performedAt: string, members: object) => delivery({ performedAt, ...members });
  const early = sent('2026-03-02T10:00:00.000Z', { form: 'unverified' });
  const late = sent('2026-03-02T11:00:00.000Z', { form: 'passwordObtainedInPerson' });
  it('is the one that was performed last, in whatever order they are named', async () => {
    expect((await dossierOf([early, late])).issuance.form).toBe('passwordObtainedInPerson');
    expect((await dossierOf([late, early])).issuance.form).toBe('passwordObtainedInPerson');
  });
  it('is none where one that was performed later is on record, and nobody names it (MEANS-IC4, PROOF-11)', async () => {
    const handed = sent('2026-03-02T10:00:00.000Z', { form: 'passwordObtainedInPerson' });
    const record = (...others: readonly CheckFacts[]) => recordChecks(memory, others);
    // Of before, of another means, of another process: none says how this one came to its holder.
    await record(sent('2026-03-02T09:59:59.999Z', { form: 'unverified' }));
    await record(sent('2026-03-02T11:00:00.000Z', { form: 'unverified', about: { means: uuid('means', 9) } }));
    await record(sent('2026-03-02T11:00:00.000Z', { form: 'unverified', application: uuid('appl', 9) }));
    expect((await dossierOf([handed])).issuance.form).toBe('passwordObtainedInPerson');
    await record(sent('2026-03-02T11:00:00.000Z', { form: 'registeredLetter', addressValidated: true }));
    expect((await dossierOf([handed])).issuance).toStrictEqual({ form: 'unverified' });
    expect(await whyOf([handed])).toStrictEqual(['superseded']);
    // The last one is named.
    const last = sent('2026-03-02T12:00:00.000Z', { form: 'passwordObtainedInPerson' });
    expect((await dossierOf([last])).issuance.form).toBe('passwordObtainedInPerson');
  });
  it('is not one whose moment is out of bounds, though it came last', async () => {
    const wrong = sent('2026-03-02T12:00:00.000Z', {
      form: 'registeredLetter',
      handedOutAt: '2026-03-02T07:00:00.000Z',
    });
    expect((await dossierOf([early, wrong])).issuance.form).toBe('unverified');
    expect((await dossierOf([wrong, late])).issuance.form).toBe('passwordObtainedInPerson');
  });
  it.each([
    ['twoDispatches', { oneByPostToOfficialAddress: false }],
    ['oneTimeLink', { singleUse: false, expires: true }],
    ['oneTimeLink', { singleUse: true, expires: false }],
    ['registeredLetter', { addressValidated: false }],
  ])('by %s says what it lacks', async (form, facts) => {
    expect((await dossierOf([delivery({ form, ...facts })])).issuance).toStrictEqual({ form, ...facts });
  });
  it.each([
    ['twoDispatches', { oneByPostToOfficialAddress: false }],
    ['oneTimeLink', { singleUse: false, expires: false }],
    ['registeredLetter', { addressValidated: false }],
  ])('by %s lacks what it does not say', async (form, facts) => {
    expect((await dossierOf([delivery({ form })])).issuance).toStrictEqual({ form, ...facts });
  });
  it('by another way has a reason where a decided entry of the product gives one (PROOF-11)', async () => {
    expect((await dossierOf([delivery({ form: 'other', equivalence: 'courier-1' })])).issuance).toStrictEqual({
      form: 'other',
      equivalentTo: 3,
      equivalenceReason: expect.stringMatching(/./),
    });
  });
});

describe('evidence of one document (REG-10)', () => {
  const licence = uuid('doc', 8);
  beforeEach(() =>
    memory.record('person', employee, {
      type: 'DocumentRecorded',
      data: {
        person: employee,
        document: licence,
        documentType: 'drivingLicence',
        number: { clear: '5123456789' },
        expiresOn: { clear: '2030-01-01' },
      },
    } as never),
  );
  const appearance = checkOf({
    type: 'physicalAppearance',
    about,
    document: licence,
    mode: 'appeared',
    documentShown: 'original',
  });

  it('has the status of that document, and not that of another one of the holder', async () => {
    const shown = async (of: string) =>
      (await dossierOf([appearance, statusOf('notReported', of)])).identification.validations;
    expect(await shown(document)).toStrictEqual([{ method: 'idDocumentShown', original: true, manner: 'inPerson' }]);
    expect(await shown(licence)).toStrictEqual([
      { method: 'idDocumentShown', original: true, manner: 'inPerson', status: 'notReported' },
    ]);
  });

  it('has no status of a copy of another one', async () => {
    expect((await dossierOf([copy, statusOf('notReported', licence)])).identification.validations).toStrictEqual([]);
  });

  it('PROOF-08: the appearance that a delivery names is one with a document of his', async () => {
    const [named] = await recordChecks(memory, [copy]);
    const after = delivery({ form: 'afterPhysicalIdentification', appearance: named });
    expect((await dossierOf([appearance, after])).issuance).toStrictEqual({ form: 'unverified' });
  });
});

describe('what is on record about a holder with several records (MEANS-ID2-ii.b)', () => {
  const twin = uuid('person', 7);
  it('identifies him by whichever of them does', async () => {
    await memory.record(
      'person',
      twin,
      {
        type: 'PersonRegistered',
        data: {
          person: twin,
          familyName: { clear: 'Jansen' },
          identifyingAttributes: ['familyName'],
          duplicatesOf: [employee],
        },
      } as never,
      { type: 'PersonLinked', data: { person: twin, to: employee } },
    );
    const holder = await findPerson(memory.backbone, twin, '');
    if ('fault' in holder) throw new Error('unknown person');
    const { attributes } = (await dossierOf([], { holder: holder.found })).identification;
    expect(attributes).toMatchObject({ uniquelyIdentifying: true, duplicate: 'linked' });
  });
});

describe('why a delivery is worth no more than an unverified one', () => {
  const performedAt = at('2026-03-02T11:00:00Z');
  const why = async (members: object, ...before: readonly CheckFacts[]) => {
    const words = await whyOf([...before, delivery({ performedAt, ...members })]);
    return words.at(-1);
  };
  const appearance = checkOf({
    type: 'physicalAppearance',
    about,
    document,
    mode: 'appeared',
    documentShown: 'original',
  });

  it('is that nobody appeared, where it follows an identification (PROOF-08)', async () => {
    expect(await why({ form: 'afterPhysicalIdentification', appearance: uuid('check', 900_000) })).toBe(
      'no-appearance',
    );
    const [shown] = await recordChecks(memory, [appearance]);
    expect(await why({ form: 'afterPhysicalIdentification', appearance: shown })).toBe('-');
    expect(await why({ form: 'unverified' })).toBe('-');
  });

  it('is that what it names is not decided, where no words give a reason either (PROOF-11)', async () => {
    expect(await why({ form: 'other', equivalence: 'courier-2' })).toBe('equivalence-not-decided');
    expect(await why({ form: 'other', equivalence: 'video-1' })).toBe('equivalence-not-decided');
    expect(await why({ form: 'other', equivalence: 'courier-1' })).toBe('-');
    expect(await why({ form: 'other' })).toBe('-');
    // Only another form asks for an entry.
    expect(await why({ form: 'unverified', equivalence: 'courier-2' })).toBe('-');
  });

  it('is nothing where a reason is on record, though what it names is not decided', async () => {
    const check = uuid('check', 900_001);
    await memory.record('check', check, {
      type: 'CheckRecorded',
      data: {
        check,
        facts: delivery({ form: 'other', equivalence: 'courier-2' }),
        late: false,
        equivalenceReason: { clear: 'Handed over by a courier' },
      },
    } as never);
    const loaded = await loadChecks(memory.backbone, [check], '/checks');
    expect(await whyOf([], { checks: 'checks' in loaded ? loaded.checks : [] })).toStrictEqual(['-']);
  });
});
