import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid, weighingScene } from '#libs/testing';

const { authorizationFacts, ids, lookedUpAt, personFacts, receivedAt, recordChecks } = paperRegistration;
const { director, employee, employeesPassport } = ids;
const { colleague, copy, DAY, eSignature, elsewhere, fact, of, party, representation, signature } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, weighed, words } = scene;

describe('what the evaluation is handed of a check that counts', () => {
  const beside: readonly (readonly [string, () => CheckFacts])[] = [
    [
      'an official number',
      () => fact('officialNumberVerification', of(employee), { verified: true, register: 'rdw', numberKind: 'bsn' }),
    ],
    ['a confirmed address', () => fact('emailConfirmation', of(employee), { confirmed: true })],
    ['a neutral third party', () => fact('neutralThirdParty', of(employee), { party: 'bank', agrees: true })],
    ['a statement of an employer', () => fact('employerStatement', of(employee), { documentCheckedAtHiring: true })],
    ['a remote identification', () => fact('remoteIdentification', of(employee), { equivalence: 'video-1' })],
    ['a delivery', () => fact('meansDelivery', { means: ids.means }, { form: 'unverified' })],
    ['a court order', () => fact('courtOrderVerification', party, { authentic: true })],
    [
      'a certificate',
      () =>
        fact('pkiOverheidCertificate', of(employee), {
          subject: employee,
          personal: true,
          qualified: true,
          chainComplete: true,
          revocationStatus: 'good',
        }),
    ],
    ['a signature of somebody else than the submitter', () => signature(employee, employeesPassport)],
    [
      'an archived signature of somebody else',
      () => fact('archivedSignatureComparison', of(employee), { form: 'original', agrees: true }),
    ],
    ['a declaration of somebody else', () => fact('functionDeclaration', of(employee), { declaresAppointment: true })],
    ['somebody else in the register', () => representation(employee)],
    ['the submitter as trustee', () => representation(director, { capacity: 'trustee' })],
  ];
  it.each(beside)('is nothing of %s: it reaches its question through other members', async (_what, check) => {
    const { standing } = await weighed({ named: [check()] });
    expect(standing.map(({ counts, handed: isHanded }) => [counts, isHanded])).toEqual([[true, false]]);
  });

  it.each<[string, () => CheckFacts, object]>([
    [
      'one unit only',
      () => fact('organizationalUnitCheck', party, { concernsOneUnitOnly: false }),
      { type: 'organizationalUnitCheck', concernsOneUnitOnly: false },
    ],
    [
      'completeness',
      () => fact('completenessCheck', { application: ids.application }, { missingItems: [] }),
      { type: 'completenessCheck', missingItems: [] },
    ],
    [
      'an appearance',
      () =>
        fact('physicalAppearance', of(employee), {
          document: employeesPassport,
          mode: 'appeared',
          documentShown: 'original',
        }),
      { type: 'physicalAppearance', subject: 'authorizedParty' },
    ],
    [
      'an archived signature of the submitter',
      () => fact('archivedSignatureComparison', of(director), { form: 'original', agrees: true }),
      { type: 'archivedSignatureComparison', agrees: true },
    ],
    [
      'a declaration of the submitter',
      () => fact('functionDeclaration', of(director), { declaresAppointment: true }),
      { type: 'functionDeclaration', declaresAppointment: true },
    ],
    [
      'a grantor in the register',
      () => representation(colleague),
      { type: 'representationCheck', of: 'legalRepresentative' },
    ],
  ])('is %s', async (_what, check, record) => {
    const question = { named: [check()], roles: { legalRepresentative: colleague } };
    expect(await words(question)).toEqual(['counts']);
    expect(await handed(question)).toMatchObject([record]);
  });

  it('of the application for the means is what the means was issued on, beside what this one adds (REG-10)', async () => {
    const named = [copy(employee, employeesPassport), eSignature(director, { verifiedAt: receivedAt })];
    expect(await words({ named, roles: { meansApplication: elsewhere } })).toEqual(['counts', 'counts']);
  });
});

describe('PROOF-06: a bank transaction', () => {
  const bank = (members: object = {}) =>
    fact('bankTransaction', of(employee), {
      succeeded: true,
      completedAt: receivedAt,
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
      nameAgreesWithAttributes: true,
      source: { name: 'bank', reference: 'transaction-1' },
      ...members,
    });
  it('was made at most 31 days before the application came in, and before its check', async () => {
    expect(await words({ named: [bank({ completedAt: later(receivedAt, -31 * DAY) })] })).toEqual(['counts']);
    expect(await words({ named: [bank({ completedAt: later(receivedAt, -31 * DAY - 1) })] })).toEqual([
      'not moment-out-of-bounds',
    ]);
    expect(await words({ named: [bank({ completedAt: later(lookedUpAt, 1) })] })).toEqual(['not moment-out-of-bounds']);
  });

  it('stands in one application only', async () => {
    const others = [bank({ application: elsewhere })];
    expect(await words({ named: [bank()], others })).toEqual(['not transaction-used-elsewhere']);
    const another = { source: { name: 'bank', reference: 'transaction-2' } };
    expect(await words({ named: [bank(another)] })).toEqual(['counts']);
  });

  it('is evidence of one human, of neither where two show it, however its reference is written', async () => {
    const capitals = { source: { name: 'bank', reference: 'TRANSACTION-1' } };
    const directors = bank({ about: { person: director }, ...capitals });
    const used = 'not transaction-used-elsewhere';
    expect(await words({ named: [bank(), directors] })).toEqual([used, used]);
  });

  it('counts for a human whichever of his records it is about', async () => {
    const twin = uuid('person', 7);
    await scene.memory.record('person', twin, ...personFacts(twin, undefined, employee), {
      type: 'PersonLinked',
      data: { person: twin, to: employee },
    });
    expect(await words({ named: [bank(), bank({ about: { person: twin } })] })).toEqual(['counts', 'counts']);
  });

  it('is another human’s where only a check that nobody names says so', async () => {
    const others = [bank({ about: { person: director } })];
    expect(await words({ named: [bank()], others })).toEqual(['not transaction-used-elsewhere']);
  });

  it('is a new one each time where the row repeats it', async () => {
    const [used] = await recordChecks(scene.memory, [
      bank({ application: elsewhere, source: { name: 'bank', reference: 'transaction-0' } }),
    ]);
    const register = authorizationFacts(uuid('auth', 5), { checks: [used], registeredAt: lookedUpAt });
    await scene.memory.record('authorization', uuid('auth', 5), ...register);
    const old = bank({ completedAt: lookedUpAt });
    expect(await words({ named: [old] })).toEqual(['counts not-repeated']);
    expect(await handed({ named: [old] })).toMatchObject([
      { nameAgreesWithDocument: false, nameAgreesWithAttributes: true },
    ]);
    const fresh = bank({ completedAt: later(lookedUpAt, 1), performedAt: later(lookedUpAt, 2) });
    expect(await words({ named: [fresh], others: [] })).toEqual(['counts']);
  });

  it('of a submitter is shown for the first time in a first registration, and repeated in the other book', async () => {
    const own = (members: object) => bank({ about: { person: director }, ...members });
    const [used] = await recordChecks(scene.memory, [
      own({ application: elsewhere, source: { name: 'bank', reference: 'transaction-0' } }),
    ]);
    await scene.memory.record(
      'authorization',
      uuid('auth', 5),
      ...authorizationFacts(uuid('auth', 5), { checks: [used], registeredAt: lookedUpAt }),
    );
    const named = [own({ completedAt: lookedUpAt })];
    expect(await words({ named, registration: 'first' })).toEqual(['counts']);
    expect(await words({ named, registration: 'repeated' })).toEqual(['counts not-repeated']);
  });
});

describe('PROOF-06: an electronic signature', () => {
  it('was verified from receipt to the check; when it was set does not matter', async () => {
    const verified = (verifiedAt: string) => words({ named: [eSignature(director, { verifiedAt })] });
    expect(await verified(receivedAt)).toEqual(['counts']);
    expect(await verified(later(receivedAt, -1))).toEqual(['not moment-out-of-bounds']);
    expect(await verified(later(lookedUpAt, 1))).toEqual(['not moment-out-of-bounds']);
    expect(await words({ named: [eSignature(director)] })).toEqual(['counts']);
  });

  it('under an assertion signs no submission', async () => {
    const [validation] = await recordChecks(scene.memory, [
      eSignature(director, { source: { name: 'ad-1', reference: 'assertion-1' } }),
    ]);
    const login = fact('authentication', of(director), {
      level: 'EH3',
      at: receivedAt,
      assertion: { reference: 'assertion-1', signatureValidation: validation },
    });
    const { standing } = await weighed({ named: [login] });
    expect(standing.map(({ counts, handed: isHanded, login: its }) => [counts, isHanded, its])).toEqual([
      [true, false, { level: 'EH3' }],
    ]);
    expect(await handed({ named: [login, eSignature(director)] })).toHaveLength(1);
  });
});

describe('PROOF-06: evidence of the application for the means', () => {
  const roles = { meansApplication: elsewhere };
  it('is bound to the moments of that one: a bank transaction long before this one', async () => {
    const old = fact('bankTransaction', of(employee), {
      application: elsewhere,
      succeeded: true,
      completedAt: later(receivedAt, -60 * DAY),
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
      nameAgreesWithAttributes: true,
      source: { name: 'bank', reference: 'transaction-1' },
    });
    expect(await words({ named: [old], roles })).toEqual(['counts']);
  });
  it('does not say who signed this one', async () => {
    const early = eSignature(employee, { application: elsewhere, verifiedAt: later(receivedAt, -DAY) });
    expect(await words({ named: [early], roles })).toEqual(['not other-application']);
  });
});
