import { describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { at, uuid } from '#libs/testing';
import { translateCheck, type Roles, type Translation } from './translate-check.js';

/** Every row of the table in interfaces.md §6: what a stored check becomes, and when it counts. */

const application = uuid('appl', 1);
const meansApplication = uuid('appl', 2);
const school = uuid('party', 1);
const office = uuid('party', 2);
const director = uuid('person', 1);
const employee = uuid('person', 2);
const grantor = uuid('person', 3);
const stranger = uuid('person', 9);
const means = uuid('means');
const passport = uuid('doc');
const asOf = at('2026-03-02T10:00:00Z');

/** The director submits for the school; his employee is authorized; a third person gave the director a proxy. */
const roles: Roles = {
  application,
  representedParty: school,
  submitter: director,
  authorizedPerson: employee,
  legalRepresentative: grantor,
  meansApplication,
};
const ofIntermediary: Roles = { application, representedParty: school, submitter: director, authorizedParty: office };

const common = {
  application,
  performedAt: asOf,
  performedBy: { clerk: 'clerk-1' },
  source: { name: 'register', reference: 'r-1' },
};
type Members<Type extends CheckFacts['type']> = Omit<
  Extract<CheckFacts, { type: Type }>,
  'type' | keyof typeof common
> & { readonly application?: string };

const translate = <Type extends CheckFacts['type']>(
  type: Type,
  members: Members<Type>,
  among: Roles = roles,
): Translation => translateCheck({ ...common, ...members, type } as unknown as CheckFacts, among);

const NOTHING: Translation = [];

describe('identityAttributesRecorded', () => {
  const becomes = (about: { person?: string; party?: string }, among = roles) =>
    translate('identityAttributesRecorded', { about, uniquelyIdentifying: true }, among);

  it.each([
    ['the represented party', { party: school }, 'representedParty'],
    ['the submitter', { person: director }, 'submitter'],
    ['the authorized person', { person: employee }, 'authorizedParty'],
    ['the grantor of a proxy', { person: grantor }, 'legalRepresentative'],
  ])('about %s has that subject', (_who, about, subject) => {
    expect(becomes(about)).toStrictEqual([{ type: 'identityAttributesRecorded', subject, uniquelyIdentifying: true }]);
  });

  it('about the authorized organization has the authorized party as subject', () => {
    expect(becomes({ party: office }, ofIntermediary)).toMatchObject([{ subject: 'authorizedParty' }]);
  });

  it('about one who is submitter and authorized person at once is said once', () => {
    expect(becomes({ person: director }, { ...roles, authorizedPerson: director })).toMatchObject([
      { subject: 'submitter' },
    ]);
  });
});

describe('tradeRegisterLookup', () => {
  const members = { via: 'online', asOf, outcome: 'found', agreesOn: ['number', 'name', 'address'] } as const;

  it('keeps its facts, with the current establishments where they were asked for', () => {
    expect(translate('tradeRegisterLookup', { about: { party: school }, ...members })).toStrictEqual([
      { type: 'tradeRegisterLookup', subject: 'representedParty', ...members },
    ]);
    const establishments = { currentEstablishments: ['000038509504'] };
    expect(
      translate('tradeRegisterLookup', { about: { party: office }, ...members, ...establishments }, ofIntermediary),
    ).toStrictEqual([{ type: 'tradeRegisterLookup', subject: 'authorizedParty', ...members, ...establishments }]);
  });

  it('of another application counts by its own moment, which the rules judge (TR-01)', () => {
    expect(
      translate('tradeRegisterLookup', { about: { party: school }, ...members, application: uuid('appl', 7) }),
    ).toHaveLength(1);
  });
});

describe('checks about a party that count for the represented one only', () => {
  const cases: readonly [CheckFacts['type'], object][] = [
    ['professionalRegisterLookup', { asOf, outcome: 'found', registerDesignated: true, identifierAgrees: true }],
    ['restGroupRegisterLookup', { asOf, outcome: 'found', uniqueMatch: true }],
    ['separateChannelConfirmation', { medium: 'post', contactSource: 'independentParty', confirmed: true }],
    ['organizationalUnitCheck', { concernsOneUnitOnly: false }],
    ['specialCircumstancesCheck', { outcome: 'none' }],
    ['specialCircumstancesCheck', { outcome: 'found', otherRepresentativeRegistered: true }],
  ];
  const dated = { asOf: common.performedAt };
  it.each(cases)('%s keeps its facts', (type, members) => {
    expect(translate(type, { about: { party: school }, ...members } as never)).toStrictEqual([
      { type, ...(type === 'specialCircumstancesCheck' && dated), ...members },
    ]);
  });
  it.each(cases)('%s about the intermediary is nothing', (type, members) => {
    expect(translate(type, { about: { party: office }, ...members } as never, ofIntermediary)).toStrictEqual(NOTHING);
  });
});

describe('checks about a human that count for the submitter and the authorized person', () => {
  const cases: readonly [CheckFacts['type'], object][] = [
    ['idCopyEnclosed', { document: passport, presentation: 'paper' }],
    ['idDocumentStatus', { document: passport, status: 'notReported' }],
    ['physicalAppearance', { document: passport, mode: 'appeared', documentShown: 'original' }],
    [
      'bankTransaction',
      {
        succeeded: true,
        completedAt: asOf,
        accountOpenedWithIdDocument: true,
        nameAgreesWithDocument: true,
        nameAgreesWithAttributes: false,
      },
    ],
  ];
  it.each(cases)('%s has the role of its person as subject', (type, members) => {
    expect(translate(type, { about: { person: director }, ...members } as never)).toStrictEqual([
      { type, subject: 'submitter', ...members },
    ]);
    expect(translate(type, { about: { person: employee }, ...members } as never)).toStrictEqual([
      { type, subject: 'authorizedParty', ...members },
    ]);
  });
  it.each(cases)('%s about the grantor of a proxy is nothing', (type, members) => {
    expect(translate(type, { about: { person: grantor }, ...members } as never)).toStrictEqual(NOTHING);
  });
});

describe('checks about a human that count when it is the submitter', () => {
  const cases: readonly [CheckFacts['type'], object][] = [
    [
      'signatureComparison',
      { document: passport, against: 'idCopy', form: 'original', onTheSpot: false, agrees: true },
    ],
    ['archivedSignatureComparison', { form: 'scan', agrees: true }],
    ['functionDeclaration', { declaresAppointment: true }],
  ];
  it.each(cases)('%s keeps its facts', (type, members) => {
    expect(translate(type, { about: { person: director }, ...members } as never)).toStrictEqual([{ type, ...members }]);
  });
  it.each(cases)('%s about the authorized person is nothing', (type, members) => {
    expect(translate(type, { about: { person: employee }, ...members } as never)).toStrictEqual(NOTHING);
  });
});

describe('eSignatureValidation', () => {
  const signature = { technology: 'pki', chainComplete: true, revocationStatus: 'good' } as const;
  it('has the submitter or the represented party as signer', () => {
    expect(translate('eSignatureValidation', { about: { person: director }, signature })).toStrictEqual([
      { type: 'eSignatureValidation', signer: 'submitter', signature },
    ]);
    expect(
      translate('eSignatureValidation', { about: { party: school }, signature, pkiOverheidServices: true }),
    ).toStrictEqual([
      { type: 'eSignatureValidation', signer: 'representedParty', signature, pkiOverheidServices: true },
    ]);
  });
  it('keeps what was verified for a means out of the registration', () => {
    expect(
      translate('eSignatureValidation', {
        about: { person: director },
        signature,
        verifiedByCsp: true,
        verifiedAt: asOf,
      }),
    ).toStrictEqual([{ type: 'eSignatureValidation', signer: 'submitter', signature }]);
  });
  it('of anybody else is nothing', () => {
    expect(translate('eSignatureValidation', { about: { person: employee }, signature })).toStrictEqual(NOTHING);
    expect(translate('eSignatureValidation', { about: { party: office }, signature }, ofIntermediary)).toStrictEqual(
      NOTHING,
    );
  });
});

describe('proxyCheck', () => {
  const facts = { writtenAndSigned: true, grantorIdCopyChecked: true };
  it('counts when holder and grantor are the submitter and the legal representative', () => {
    expect(translate('proxyCheck', { about: { person: director }, grantor, ...facts })).toStrictEqual([
      { type: 'proxyCheck', ...facts },
    ]);
    expect(translate('proxyCheck', { about: { person: director }, grantor: stranger, ...facts })).toStrictEqual(
      NOTHING,
    );
    expect(translate('proxyCheck', { about: { person: employee }, grantor, ...facts })).toStrictEqual(NOTHING);
  });
});

describe('representationCheck', () => {
  const facts = {
    register: 'tradeRegister',
    via: 'online',
    asOf,
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
  } as const;
  it('is of the submitter or of the legal representative', () => {
    expect(translate('representationCheck', { about: { person: director }, party: school, ...facts })).toStrictEqual([
      { type: 'representationCheck', of: 'submitter', ...facts },
    ]);
    expect(translate('representationCheck', { about: { person: grantor }, party: school, ...facts })).toStrictEqual([
      { type: 'representationCheck', of: 'legalRepresentative', ...facts },
    ]);
  });
  it('counts for the represented party only', () => {
    expect(translate('representationCheck', { about: { person: director }, party: office, ...facts })).toStrictEqual(
      NOTHING,
    );
    expect(translate('representationCheck', { about: { person: employee }, party: school, ...facts })).toStrictEqual(
      NOTHING,
    );
  });
});

describe('mandateDecisionCheck', () => {
  const facts = { functionNamedInDecision: true, foundInOfficialSource: false, protocolVersion: 'p-2' };
  const becomes = (members: { declaredBy?: string; party?: string; person?: string }) => {
    const { person = director, party = school, declaredBy } = members;
    const by = declaredBy === undefined ? {} : { declaredBy };
    return translate('mandateDecisionCheck', { about: { person }, party, ...facts, ...by });
  };
  it('is declared valid when another representative did so, not by the submitter himself', () => {
    const type = 'mandateDecisionCheck';
    expect(becomes({ declaredBy: grantor })).toStrictEqual([
      { type, ...facts, validityDeclaredByRepresentative: true },
    ]);
    expect(becomes({ declaredBy: director })).toMatchObject([{ validityDeclaredByRepresentative: false }]);
    expect(becomes({})).toMatchObject([{ validityDeclaredByRepresentative: false }]);
  });
  it('counts for the submitter and the represented party', () => {
    expect(becomes({ person: employee })).toStrictEqual(NOTHING);
    expect(becomes({ party: office })).toStrictEqual(NOTHING);
  });
});

describe('circumstancesConfirmation', () => {
  const becomes = (confirmer: string, capacity: 'representative' | 'trustee', party = school, among = roles) =>
    translate(
      'circumstancesConfirmation',
      { about: { party }, confirmer, capacity, contactSource: 'independentParty', confirmed: true },
      among,
    );
  it.each([
    ['a trustee, also one who occurs in the application', director, 'trustee', 'trustee'],
    ['a representative who occurs in the application', director, 'representative', 'representativeInApplication'],
    ['a representative who does not', stranger, 'representative', 'otherRepresentative'],
  ] as const)('is confirmed by %s', (_who, confirmer, capacity, confirmedBy) => {
    expect(becomes(confirmer, capacity)).toStrictEqual([
      { type: 'circumstancesConfirmation', contactSource: 'independentParty', confirmed: true, confirmedBy },
    ]);
  });
  it('about the intermediary is nothing', () => {
    expect(becomes(stranger, 'trustee', office, ofIntermediary)).toStrictEqual(NOTHING);
  });
});

describe('vouching', () => {
  const becomes = (person: string, voucher: string) =>
    translate('vouching', {
      about: { person },
      voucher,
      coversIdentityAndAttributes: true,
      meansLink: 'sharedSecret',
    });
  it('is by the submitter or by another representative', () => {
    expect(becomes(employee, director)).toStrictEqual([
      { type: 'vouching', by: 'submitter', coversIdentityAndAttributes: true, meansLink: 'sharedSecret' },
    ]);
    expect(becomes(employee, stranger)).toMatchObject([{ by: 'otherRepresentative' }]);
  });
  it('for anybody but the authorized person is nothing', () => {
    expect(becomes(director, stranger)).toStrictEqual(NOTHING);
  });
});

describe('privateDeed and completenessCheck', () => {
  it('are about the application itself', () => {
    const deed = (signer: string) => translate('privateDeed', { about: { application }, signer, signedWith: 'hand' });
    expect(deed(director)).toStrictEqual([{ type: 'privateDeed', signedBy: 'submitter', signedWith: 'hand' }]);
    expect(deed(stranger)).toMatchObject([{ signedBy: 'other' }]);
    expect(translate('completenessCheck', { about: { application }, missingItems: ['scope'] })).toStrictEqual([
      { type: 'completenessCheck', missingItems: ['scope'] },
    ]);
  });
  it('of another application are not in the dossier', () => {
    const about = { application: uuid('appl', 7) };
    expect(translate('privateDeed', { about, signer: director, signedWith: 'hand' })).toBe('not-in-dossier');
    expect(translate('completenessCheck', { about, missingItems: [] })).toBe('not-in-dossier');
  });
});

describe('checks that reach a dossier another way', () => {
  const cases: readonly [CheckFacts['type'], object][] = [
    ['authentication', { level: 'EH3', at: asOf, assertion: 'a-1' }],
    ['officialNumberVerification', { verified: true, register: 'rdw', numberKind: 'drivingLicence' }],
    ['emailConfirmation', { confirmed: true }],
    ['neutralThirdParty', { party: 'bank', agrees: true }],
    ['employerStatement', { agreementInForce: true, documentCheckedAtHiring: true, employerIsApplicant: false }],
    ['remoteIdentification', { declaredEquivalence: 'iii.e' }],
  ];
  it.each(cases)('%s is nothing in a registration, and no fault either', (type, members) => {
    expect(translate(type, { about: { person: employee }, ...members } as never)).toStrictEqual(NOTHING);
  });
  it('meansDelivery is nothing where a person is authorized with a means', () => {
    expect(translate('meansDelivery', { about: { means }, form: 'unverified' })).toStrictEqual(NOTHING);
    expect(translate('meansDelivery', { about: { means }, form: 'unverified' }, ofIntermediary)).toBe('not-in-dossier');
  });
});

describe('a check about nobody in the dossier', () => {
  it.each([
    ['a person', { person: stranger }],
    ['a party', { party: office }],
  ])('is not in it: %s', (_what, about) => {
    expect(translate('identityAttributesRecorded', { about, uniquelyIdentifying: true })).toBe('not-in-dossier');
  });
});

describe('evidence of the application for the means (REG-10)', () => {
  const copy = (members: { application?: string; person?: string }, among = roles) =>
    translate(
      'idCopyEnclosed',
      {
        about: { person: members.person ?? employee },
        document: passport,
        presentation: 'paper',
        ...(members.application === undefined ? {} : { application: members.application }),
      },
      among,
    );

  it('is marked as taken over, whatever it is about', () => {
    expect(copy({ application: meansApplication })).toStrictEqual([
      {
        type: 'idCopyEnclosed',
        subject: 'authorizedParty',
        document: passport,
        presentation: 'paper',
        fromIssuance: true,
      },
    ]);
    const cases: readonly [CheckFacts['type'], object][] = [
      ['identityAttributesRecorded', { uniquelyIdentifying: true }],
      ['idDocumentStatus', { document: passport, status: 'notReported' }],
      ['physicalAppearance', { document: passport, mode: 'visited', documentShown: 'original' }],
      ['bankTransaction', { succeeded: true }],
    ];
    for (const [type, members] of cases) {
      const taken = { about: { person: employee }, ...members, application: meansApplication };
      expect(translate(type, taken as never)).toMatchObject([{ type, fromIssuance: true }]);
    }
  });

  it('is supplied once where both are one application', () => {
    expect(copy({}, { ...roles, meansApplication: application })).toStrictEqual([
      { type: 'idCopyEnclosed', subject: 'authorizedParty', document: passport, presentation: 'paper' },
    ]);
  });

  it('of a third application is evidence of another process', () => {
    expect(copy({ application: uuid('appl', 7) })).toBe('of-another-process');
  });
});
