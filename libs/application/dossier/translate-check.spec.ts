import { describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { at, uuid } from '#libs/testing';
import { isInDossier, isOfOneProcess, translateCheck, type Derived, type Roles } from './translate-check.js';

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
  means,
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
  derived: Derived = {},
) => translateCheck({ ...common, ...members, type } as unknown as CheckFacts, among, derived);

const NOTHING: readonly never[] = [];

describe('identityAttributesRecorded', () => {
  const becomes = (about: { person?: string; party?: string }, among = roles, uniquelyIdentifying = true) =>
    translate('identityAttributesRecorded', { about, uniquelyIdentifying: false }, among, { uniquelyIdentifying });

  it.each([
    ['the represented party', { party: school }, 'representedParty'],
    ['the submitter', { person: director }, 'submitter'],
    ['the authorized person', { person: employee }, 'authorizedParty'],
    ['the grantor of a proxy', { person: grantor }, 'legalRepresentative'],
  ])('about %s has that subject', (_who, about, subject) => {
    expect(becomes(about)).toStrictEqual([{ type: 'identityAttributesRecorded', subject, uniquelyIdentifying: true }]);
  });

  it('says what the register finds unique, not what a clerk does (PROOF-05)', () => {
    expect(becomes({ person: director }, roles, false)).toMatchObject([{ uniquelyIdentifying: false }]);
    const said = { about: { person: director }, uniquelyIdentifying: true };
    expect(translate('identityAttributesRecorded', said)).toMatchObject([{ uniquelyIdentifying: false }]);
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
    ['organizationalUnitCheck', { concernsOneUnitOnly: false }],
    ['specialCircumstancesCheck', { asOf, outcome: 'none' }],
    ['specialCircumstancesCheck', { asOf, outcome: 'found', otherRepresentativeRegistered: true }],
  ];
  it.each(cases)('%s keeps its facts', (type, members) => {
    expect(translate(type, { about: { party: school }, ...members } as never)).toStrictEqual([{ type, ...members }]);
  });
  it.each(cases)('%s about the intermediary is nothing', (type, members) => {
    expect(translate(type, { about: { party: office }, ...members } as never, ofIntermediary)).toStrictEqual(NOTHING);
  });
});

describe('separateChannelConfirmation', () => {
  const members = { about: { party: school }, medium: 'post', contact: uuid('contact'), confirmed: true } as const;
  const becomes = (derived: Derived, about: { party: string } = { party: school }, among = roles) =>
    translate('separateChannelConfirmation', { ...members, about }, among, derived);
  it('has the source of the contact that was used (ARCH-15)', () => {
    const { medium, confirmed } = members;
    expect(becomes({ contactSource: 'independentParty' })).toStrictEqual([
      { type: 'separateChannelConfirmation', medium, contactSource: 'independentParty', confirmed },
    ]);
    expect(becomes({})).toMatchObject([{ contactSource: 'submitter' }]);
  });
  it('about the intermediary is nothing', () => {
    expect(becomes({ contactSource: 'independentParty' }, { party: office }, ofIntermediary)).toStrictEqual(NOTHING);
  });
});

describe('specialCircumstancesCheck', () => {
  it('says that another representative is registered where the register shows one (PROOF-02)', () => {
    const found = { about: { party: school }, asOf, outcome: 'found', otherRepresentativeRegistered: false } as const;
    expect(translate('specialCircumstancesCheck', found)).toMatchObject([{ otherRepresentativeRegistered: false }]);
    expect(translate('specialCircumstancesCheck', found, roles, { otherRepresentativeRegistered: true })).toMatchObject(
      [{ otherRepresentativeRegistered: true }],
    );
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
  it.each(cases.slice(0, 2))('%s counts for the grantor of a proxy too', (type, members) => {
    expect(translate(type, { about: { person: grantor }, ...members } as never)).toStrictEqual([
      { type, subject: 'legalRepresentative', ...members },
    ]);
  });
  it.each(cases.slice(2))('%s about the grantor of a proxy is nothing', (type, members) => {
    expect(translate(type, { about: { person: grantor }, ...members } as never)).toStrictEqual(NOTHING);
  });
  it('a bank transaction that proved something before agrees with no document any more (PROOF-06)', () => {
    const members = { about: { person: employee }, ...cases[3]![1], nameAgreesWithAttributes: true } as never;
    expect(translate('bankTransaction', members, roles, { isNotRepeated: true })).toMatchObject([
      { nameAgreesWithDocument: false, nameAgreesWithAttributes: true },
    ]);
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
  const facts = { writtenAndSigned: true, document: passport };
  const checked = { grantorIdCopyChecked: true };
  it('counts when holder and grantor are the submitter and the legal representative', () => {
    expect(translate('proxyCheck', { about: { person: director }, grantor, ...facts }, roles, checked)).toStrictEqual([
      { type: 'proxyCheck', writtenAndSigned: true, grantorIdCopyChecked: true },
    ]);
    expect(translate('proxyCheck', { about: { person: director }, grantor, ...facts })).toMatchObject([
      { grantorIdCopyChecked: false },
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
  it('speaks of the represented party in the first link of a chain, of the intermediary in the second (CHAIN-11)', () => {
    const second: Roles = { ...roles, representedParty: office };
    const shownFor = (party: string, among: Roles) =>
      translate('representationCheck', { about: { person: director }, party, ...facts }, among).length;
    expect([shownFor(school, ofIntermediary), shownFor(office, ofIntermediary)]).toEqual([1, 0]);
    expect([shownFor(school, second), shownFor(office, second)]).toEqual([0, 1]);
    const lookedUp = { about: { party: office }, via: 'online', asOf, outcome: 'found', agreesOn: ['number'] } as const;
    expect(translate('tradeRegisterLookup', lookedUp, ofIntermediary)).toMatchObject([{ subject: 'authorizedParty' }]);
    expect(translate('tradeRegisterLookup', lookedUp, second)).toMatchObject([{ subject: 'representedParty' }]);
  });
  it('is of the submitter or of the legal representative', () => {
    expect(translate('representationCheck', { about: { person: director }, party: school, ...facts })).toStrictEqual([
      { type: 'representationCheck', of: 'submitter', ...facts },
    ]);
    expect(translate('representationCheck', { about: { person: grantor }, party: school, ...facts })).toStrictEqual([
      { type: 'representationCheck', of: 'legalRepresentative', ...facts },
    ]);
  });
  it('of one shown as trustee, or in the insolvency register, is nothing: he speaks beside the dossier (PROOF-02)', () => {
    const about = { person: director };
    const members = { about, party: school, ...facts };
    expect(translate('representationCheck', { ...members, capacity: 'trustee' })).toStrictEqual(NOTHING);
    expect(translate('representationCheck', { ...members, register: 'insolvencyRegister' })).toStrictEqual(NOTHING);
    expect(translate('representationCheck', { ...members, capacity: 'representative' })).toHaveLength(1);
  });
  it('is cosigned where all others have signed (PROOF-02)', () => {
    const members = { about: { person: director }, party: school, ...facts, limitation: 'obstructing' } as const;
    expect(translate('representationCheck', members)).toMatchObject([{ limitation: 'obstructing' }]);
    expect(translate('representationCheck', members, roles, { isCosigned: true })).toMatchObject([
      { limitation: 'obstructingCosigned' },
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
  const named = { decision: 'd-1', function: 'director of services' };
  const becomes = (members: { party?: string; person?: string }, derived: Derived = {}) => {
    const { person = director, party = school } = members;
    return translate('mandateDecisionCheck', { about: { person }, party, ...named, ...facts }, roles, derived);
  };
  it('is declared valid when somebody did so whom a register shows (PROOF-02)', () => {
    expect(becomes({}, { declaredValid: true })).toStrictEqual([
      { type: 'mandateDecisionCheck', ...facts, validityDeclaredByRepresentative: true },
    ]);
    expect(becomes({})).toMatchObject([{ validityDeclaredByRepresentative: false }]);
  });
  it('of the first release names no function and was found nowhere', () => {
    const { protocolVersion } = facts;
    expect(
      translate('mandateDecisionCheck', { about: { person: director }, party: school, protocolVersion } as never),
    ).toMatchObject([{ functionNamedInDecision: false, foundInOfficialSource: false }]);
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
      { about: { party }, confirmer, capacity, contact: uuid('contact'), confirmed: true },
      among,
      { contactSource: 'independentParty' },
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
  const becomes = (person: string, voucher: string, derived: Derived = {}) =>
    translate(
      'vouching',
      { about: { person }, voucher, coversIdentityAndAttributes: true, meansLink: 'issuedThroughVoucher' },
      roles,
      derived,
    );
  it('is by the submitter or by another representative', () => {
    expect(becomes(employee, director, { meansLink: 'issuedThroughVoucher' })).toStrictEqual([
      { type: 'vouching', by: 'submitter', coversIdentityAndAttributes: true, meansLink: 'issuedThroughVoucher' },
    ]);
    expect(becomes(employee, stranger)).toMatchObject([{ by: 'otherRepresentative' }]);
  });
  it('has the link that the register’s own records carry, not the one that is said (PROOF-04)', () => {
    expect(becomes(employee, director)).toMatchObject([{ meansLink: 'none' }]);
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
  it('is signed with a lower means where nothing shows one of level 4 (PROOF-10)', () => {
    const about = { application };
    expect(
      translate('privateDeed', { about, signer: director, signedWith: 'level4Means', means }, roles, {
        signedWith: 'lowerMeans',
      }),
    ).toMatchObject([{ signedWith: 'lowerMeans' }]);
  });
});

describe('checks that reach a dossier another way', () => {
  const cases: readonly [CheckFacts['type'], object][] = [
    ['authentication', { level: 'EH3', at: asOf, facility: true }],
    ['officialNumberVerification', { verified: true, register: 'rdw', numberKind: 'drivingLicence' }],
    ['emailConfirmation', { confirmed: true }],
    ['neutralThirdParty', { party: 'bank', agrees: true }],
    ['employerStatement', { employer: office, agreement: 'a-1', documentCheckedAtHiring: true }],
    ['remoteIdentification', { equivalence: 'e-1' }],
    ['courtOrderVerification', { court: 'court-1', order: 'order-1', authentic: true }],
    ['pkiOverheidCertificate', { personal: true, qualified: true, chainComplete: true, revocationStatus: 'good' }],
  ];
  it.each(cases)('%s is nothing in a registration, and no fault either', (type, members) => {
    expect(translate(type, { about: { person: employee }, ...members } as never)).toStrictEqual(NOTHING);
  });
  it('meansDelivery is nothing where a person is authorized with a means', () => {
    expect(translate('meansDelivery', { about: { means }, form: 'unverified' })).toStrictEqual(NOTHING);
  });
});

describe('what is in a dossier', () => {
  const isIn = (about: object, among = roles, helpers: readonly string[] = []) =>
    isInDossier({ ...common, type: 'emailConfirmation', about } as unknown as CheckFacts, among, new Set(helpers));

  it('is what is about somebody of it, its application or its means', () => {
    for (const person of [director, employee, grantor]) expect(isIn({ person })).toBe(true);
    expect(isIn({ party: school })).toBe(true);
    expect(isIn({ party: office }, ofIntermediary)).toBe(true);
    expect(isIn({ application })).toBe(true);
    expect(isIn({ means })).toBe(true);
  });
  it('is nothing about anybody else, another application or another means', () => {
    expect(isIn({ person: stranger })).toBe(false);
    expect(isIn({ party: office })).toBe(false);
    expect(isIn({ application: uuid('appl', 7) })).toBe(false);
    expect(isIn({ means: uuid('means', 7) })).toBe(false);
    expect(isIn({ means }, ofIntermediary)).toBe(false);
  });
  it('is what is about those who confirm, declare or cosign (PROOF-02)', () => {
    expect(isIn({ person: stranger }, roles, [stranger])).toBe(true);
  });
});

describe('a reported document that is presented (AMB-77)', () => {
  const reported: Derived = { presentsReported: true };
  const copy = (subject: string, presentation = 'paper') => [
    { type: 'idCopyEnclosed', subject, document: passport, presentation },
  ];
  it('is handed over as presented, by whatever it was: a copy, a signature beside it, its number', () => {
    const about = { person: employee };
    expect(
      translate('idCopyEnclosed', { about, document: passport, presentation: 'scan' }, roles, reported),
    ).toStrictEqual(copy('authorizedParty', 'scan'));
    expect(
      translate(
        'signatureComparison',
        {
          about: { person: director },
          document: passport,
          against: 'idCopy',
          form: 'scan',
          onTheSpot: false,
          agrees: true,
        },
        roles,
        reported,
      ),
    ).toStrictEqual(copy('submitter'));
    expect(
      translate(
        'officialNumberVerification',
        { about, document: passport, verified: true, register: 'rdw' },
        roles,
        reported,
      ),
    ).toStrictEqual(copy('authorizedParty'));
    expect(
      translate(
        'proxyCheck',
        { about: { person: director }, grantor, document: passport, writtenAndSigned: true },
        roles,
        reported,
      ),
    ).toStrictEqual(copy('legalRepresentative'));
  });
  it('is shown as it was shown', () => {
    const members = {
      about: { person: employee },
      document: passport,
      mode: 'appeared',
      documentShown: 'original',
    } as const;
    expect(translate('physicalAppearance', members, roles, reported)).toStrictEqual(
      translate('physicalAppearance', members),
    );
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

  it('is evidence of one process, unless it is a look-up that carries a moment of its own', () => {
    expect(isOfOneProcess('idCopyEnclosed')).toBe(true);
    expect(isOfOneProcess('specialCircumstancesCheck')).toBe(true);
    for (const type of [
      'tradeRegisterLookup',
      'professionalRegisterLookup',
      'restGroupRegisterLookup',
      'representationCheck',
    ] as const) {
      expect(isOfOneProcess(type)).toBe(false);
    }
  });
});
