import { describe, expect, it, test } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid } from '#libs/testing';
import { answeredAt, answerOf, isLasting, questionOf } from './question.js';

const { checkOf, ids } = paperRegistration;
const document = ids.directorsPassport;
const person = { person: ids.director };
const party = { party: ids.company };
const application = { application: ids.application };
const asOf = '2026-03-02T10:00:00.000Z';
const good = { technology: 'pki', chainComplete: true, revocationStatus: 'good' } as const;
const contact = uuid('contact', 1);
const alone = {
  isCosigned: () => false,
  isDeclared: ({ declaredBy }: { declaredBy?: string }) => declaredBy !== undefined,
};

const lookup = (more: object = {}): CheckFacts =>
  checkOf({
    type: 'tradeRegisterLookup',
    about: party,
    via: 'online',
    asOf,
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
    ...more,
  });
const representation = (more: object = {}): CheckFacts =>
  checkOf({
    type: 'representationCheck',
    about: person,
    party: ids.company,
    register: 'tradeRegister',
    via: 'online',
    asOf,
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    ...more,
  });
const mandate = (more: object = {}): CheckFacts =>
  checkOf({
    type: 'mandateDecisionCheck',
    about: person,
    party: ids.company,
    decision: 'decision-1',
    function: 'director of services',
    functionNamedInDecision: true,
    foundInOfficialSource: false,
    protocolVersion: 'protocol-1',
    ...more,
  } as never);
const bank = (more: object = {}): CheckFacts =>
  checkOf({
    type: 'bankTransaction',
    about: person,
    succeeded: true,
    completedAt: asOf,
    accountOpenedWithIdDocument: true,
    nameAgreesWithDocument: true,
    nameAgreesWithAttributes: true,
    ...more,
  });
const of = (type: CheckFacts['type'], about: object, more: object): CheckFacts =>
  checkOf({ type, about, ...more } as never);

/** Per type of check: an answer that carries what is asked for, and each that says less. */
const ANSWERS: readonly (readonly [CheckFacts, readonly CheckFacts[]])[] = [
  [lookup(), [lookup({ outcome: 'notFound' }), lookup({ agreesOn: ['number', 'name'] })]],
  [
    of('professionalRegisterLookup', party, {
      asOf,
      outcome: 'found',
      registerDesignated: true,
      identifierAgrees: true,
    }),
    [
      of('professionalRegisterLookup', party, {
        asOf,
        outcome: 'notFound',
        registerDesignated: true,
        identifierAgrees: true,
      }),
      of('professionalRegisterLookup', party, {
        asOf,
        outcome: 'found',
        registerDesignated: false,
        identifierAgrees: true,
      }),
      of('professionalRegisterLookup', party, {
        asOf,
        outcome: 'found',
        registerDesignated: true,
        identifierAgrees: false,
      }),
    ],
  ],
  [
    of('restGroupRegisterLookup', party, { asOf, outcome: 'found', uniqueMatch: true }),
    [
      of('restGroupRegisterLookup', party, { asOf, outcome: 'notFound', uniqueMatch: true }),
      of('restGroupRegisterLookup', party, { asOf, outcome: 'found', uniqueMatch: false }),
    ],
  ],
  [
    representation(),
    [
      representation({ outcome: 'notFound' }),
      representation({ agrees: false }),
      representation({ limitation: 'obstructing' }),
      representation({ sameDataAsIdentified: false }),
    ],
  ],
  [
    of('separateChannelConfirmation', party, { medium: 'post', contact, confirmed: true }),
    [of('separateChannelConfirmation', party, { medium: 'post', contact, confirmed: false })],
  ],
  [
    of('circumstancesConfirmation', party, {
      confirmer: ids.employee,
      capacity: 'representative',
      contact,
      confirmed: true,
    }),
    [
      of('circumstancesConfirmation', party, {
        confirmer: ids.employee,
        capacity: 'representative',
        contact,
        confirmed: false,
      }),
    ],
  ],
  [of('emailConfirmation', person, { confirmed: true }), [of('emailConfirmation', person, { confirmed: false })]],
  [
    of('organizationalUnitCheck', party, { concernsOneUnitOnly: false }),
    [of('organizationalUnitCheck', party, { concernsOneUnitOnly: true })],
  ],
  [
    of('specialCircumstancesCheck', party, { asOf, outcome: 'none' }),
    [of('specialCircumstancesCheck', party, { asOf, outcome: 'found', otherRepresentativeRegistered: true })],
  ],
  [
    of('idDocumentStatus', person, { document, status: 'notReported' }),
    [of('idDocumentStatus', person, { document, status: 'reported' })],
  ],
  [
    of('signatureComparison', person, {
      document,
      against: 'idCopy',
      form: 'original',
      onTheSpot: false,
      agrees: true,
    }),
    [
      of('signatureComparison', person, {
        document,
        against: 'idCopy',
        form: 'original',
        onTheSpot: false,
        agrees: false,
      }),
    ],
  ],
  [
    of('archivedSignatureComparison', person, { form: 'original', agrees: true }),
    [of('archivedSignatureComparison', person, { form: 'original', agrees: false })],
  ],
  [
    of('neutralThirdParty', person, { party: 'bank', agrees: true }),
    [of('neutralThirdParty', person, { party: 'bank', agrees: false })],
  ],
  [
    of('functionDeclaration', person, { declaresAppointment: true }),
    [of('functionDeclaration', person, { declaresAppointment: false })],
  ],
  [
    bank(),
    [
      bank({ succeeded: false }),
      bank({ accountOpenedWithIdDocument: false }),
      bank({ nameAgreesWithDocument: false }),
      bank({ nameAgreesWithAttributes: false }),
    ],
  ],
  [
    of('eSignatureValidation', person, { signature: good }),
    [
      of('eSignatureValidation', person, { signature: { ...good, chainComplete: false } }),
      of('eSignatureValidation', person, { signature: { ...good, revocationStatus: 'unknown' } }),
      of('eSignatureValidation', person, { signature: { technology: 'nonPki', comparableQuality: false } }),
    ],
  ],
  [
    of('eSignatureValidation', person, { signature: { technology: 'nonPki', comparableQuality: true } }),
    [of('eSignatureValidation', person, { signature: { ...good, revocationStatus: 'revoked' } })],
  ],
  [
    of('pkiOverheidCertificate', { means: ids.means }, { chainComplete: true, revocationStatus: 'good' }),
    [of('pkiOverheidCertificate', { means: ids.means }, { chainComplete: true, revocationStatus: 'revoked' })],
  ],
  [
    of('proxyCheck', person, { grantor: ids.employee, document, writtenAndSigned: true }),
    [of('proxyCheck', person, { grantor: ids.employee, document, writtenAndSigned: false })],
  ],
  [
    mandate({ foundInOfficialSource: true }),
    [mandate(), mandate({ functionNamedInDecision: false, foundInOfficialSource: true })],
  ],
  [mandate({ declaredBy: ids.employee }), [mandate({ declaredBy: ids.employee, functionNamedInDecision: false })]],
  [
    of('vouching', person, { voucher: ids.employee, coversIdentityAndAttributes: true, meansLink: 'none' }),
    [of('vouching', person, { voucher: ids.employee, coversIdentityAndAttributes: false, meansLink: 'none' })],
  ],
  [
    of('completenessCheck', application, { missingItems: [] }),
    [of('completenessCheck', application, { missingItems: ['scope'] })],
  ],
  [
    of('officialNumberVerification', person, { document, verified: true, register: 'verification-register' }),
    [of('officialNumberVerification', person, { document, verified: false, register: 'verification-register' })],
  ],
  [
    of('employerStatement', person, { employer: ids.company, agreement: 'a-1', documentCheckedAtHiring: true }),
    [of('employerStatement', person, { employer: ids.company, agreement: 'a-1', documentCheckedAtHiring: false })],
  ],
  [
    of('courtOrderVerification', application, { court: 'court-1', order: 'order-1', authentic: true }),
    [of('courtOrderVerification', application, { court: 'court-1', order: 'order-1', authentic: false })],
  ],
];

describe('PROOF-01: what an answer says', () => {
  test.each(ANSWERS.map(([favorable, adverse]) => [favorable.type, favorable, adverse] as const))(
    '%s: what carries and what says less',
    (_type, favorable, adverse) => {
      expect(answerOf(favorable, alone)).toBe('favorable');
      expect(adverse.map((facts) => answerOf(facts, alone))).toEqual(adverse.map(() => 'adverse'));
    },
  );

  it('takes nothing for an answer where the source was away', () => {
    expect(answerOf(lookup({ outcome: 'unavailable' }), alone)).toBe('none');
    expect(answerOf(of('specialCircumstancesCheck', party, { asOf, outcome: 'unavailable' }), alone)).toBe('none');
    expect(answerOf(of('idDocumentStatus', person, { document, status: 'unavailable' }), alone)).toBe('none');
  });

  it('is adverse where an establishment of the scope is not listed, and only where the list was consulted', () => {
    const context = { ...alone, establishments: ['000038509504'] };
    expect(answerOf(lookup({ currentEstablishments: ['000038509504', '000038509505'] }), context)).toBe('favorable');
    expect(answerOf(lookup({ currentEstablishments: ['000038509505'] }), context)).toBe('adverse');
    expect(answerOf(lookup(), context)).toBe('favorable');
    const two = { ...alone, establishments: ['000038509504', '000038509506'] };
    expect(answerOf(lookup({ currentEstablishments: ['000038509504'] }), two)).toBe('adverse');
    expect(answerOf(lookup({ currentEstablishments: [] }), alone)).toBe('favorable');
  });

  it('PROOF-02: is not adverse for a limitation that all others have signed for', () => {
    expect(
      answerOf(representation({ limitation: 'obstructing' }), {
        isCosigned: () => true,
        isDeclared: ({ declaredBy }: { declaredBy?: string }) => declaredBy !== undefined,
      }),
    ).toBe('favorable');
  });

  it('knows two findings that last', () => {
    const lasting = ANSWERS.flatMap(([favorable, adverse]) => [favorable, ...adverse]).filter(isLasting);
    expect(
      lasting.map((facts) => ('status' in facts ? facts.status : 'outcome' in facts ? facts.outcome : '')),
    ).toEqual(['found', 'reported']);
  });
});

describe('PROOF-01: which question a check answers', () => {
  it('is the same whatever was answered, by whom and when', () => {
    expect(questionOf(lookup())).toBe(questionOf(lookup({ outcome: 'notFound', asOf: '2026-03-02T11:00:00.000Z' })));
    expect(questionOf(mandate())).toBe(questionOf(mandate({ declaredBy: ids.employee })));
  });

  test.each([
    ['type', lookup(), of('organizationalUnitCheck', party, { concernsOneUnitOnly: false })],
    ['about', representation(), representation({ about: { person: ids.employee } })],
    ['party', representation(), representation({ party: ids.otherCompany })],
    ['basis', representation(), representation({ basis: 'byFunction' })],
    ['capacity', representation(), representation({ capacity: 'trustee' })],
    [
      'document',
      of('idDocumentStatus', person, { document, status: 'reported' }),
      of('idDocumentStatus', person, { document: ids.employeesPassport, status: 'notReported' }),
    ],
  ])('is another one with another %s', (_member, one, other) => {
    expect(questionOf(one)).not.toBe(questionOf(other));
  });

  it('is the same whether or not the first release named a capacity, and who else was asked', () => {
    expect(questionOf(representation({ capacity: 'representative' }))).toBe(questionOf(representation()));
    const third = (asked: string) => of('neutralThirdParty', person, { party: asked, agrees: true });
    expect(questionOf(third('bank-1'))).toBe(questionOf(third('bank-2')));
  });

  it('is answered when the source was asked, else when the check was performed', () => {
    expect(answeredAt(lookup({ performedAt: '2026-03-02T12:00:00.000Z' }))).toBe(asOf);
    expect(
      answeredAt(of('emailConfirmation', person, { confirmed: true, performedAt: '2026-03-02T12:00:00.000Z' })),
    ).toBe('2026-03-02T12:00:00.000Z');
  });
});
