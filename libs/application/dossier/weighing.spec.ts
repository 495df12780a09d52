import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { at, paperRegistration, uuid, weighingScene } from '#libs/testing';

const { ids, lookedUpAt, personFacts, receivedAt } = paperRegistration;
const { director, employee, directorsPassport, employeesPassport } = ids;
const { copy, elsewhere, fact, MINUTE, of, party, representation, signature, status } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, words } = scene;

describe('PROOF-01: nothing adverse on record is passed over', () => {
  it('an adverse answer of the application joins by itself, one about somebody else does not', async () => {
    const incomplete = fact('completenessCheck', { application: ids.application }, { missingItems: ['scope'] });
    const stranger = fact('emailConfirmation', of(uuid('person', 8)), { confirmed: false });
    const question = { others: [incomplete, stranger] };
    expect(await words(question)).toEqual(['+counts']);
    expect(await handed(question)).toEqual([{ type: 'completenessCheck', missingItems: ['scope'] }]);
  });

  it('what was superseded is said and not handed over', async () => {
    const earlier = representation(director, { asOf: later(lookedUpAt, -MINUTE), agrees: false });
    const question = { named: [representation(director)], others: [earlier] };
    expect(await words(question)).toEqual(['counts', '+not superseded']);
    expect(await handed(question)).toHaveLength(1);
  });

  it('an answer that never came is said to be none', async () => {
    expect(await words({ named: [representation(director, { outcome: 'unavailable' })] })).toEqual(['not no-answer']);
  });

  it('nothing of another application joins', async () => {
    const other = fact('organizationalUnitCheck', party, { concernsOneUnitOnly: true, application: elsewhere });
    expect(await words({ others: [other] })).toEqual([]);
  });
});

describe('REG-10: evidence of another process', () => {
  it('counts for nothing, look-ups in registers aside', async () => {
    const named = [
      copy(employee, employeesPassport, { application: elsewhere }),
      representation(director, { application: elsewhere }),
      fact('tradeRegisterLookup', party, {
        application: elsewhere,
        via: 'online',
        asOf: lookedUpAt,
        outcome: 'found',
        agreesOn: ['number', 'name', 'address'],
      }),
    ];
    expect(await words({ named })).toEqual(['not other-application', 'counts', 'counts']);
  });

  it('of the application for the means is left to the rules', async () => {
    const named = [copy(employee, employeesPassport, { application: elsewhere })];
    expect(await words({ named, roles: { meansApplication: elsewhere } })).toEqual(['counts']);
  });
});

describe('PROOF-01: a reported document', () => {
  it.each([
    ['a copy', (): CheckFacts => copy(employee, employeesPassport)],
    ['a signature compared with it', (): CheckFacts => signature(director, directorsPassport)],
    [
      'its number',
      (): CheckFacts =>
        fact('officialNumberVerification', of(employee), {
          document: employeesPassport,
          verified: true,
          register: 'rvig',
        }),
    ],
    [
      'itself',
      (): CheckFacts =>
        fact('physicalAppearance', of(employee), {
          document: employeesPassport,
          mode: 'appeared',
          documentShown: 'original',
        }),
    ],
  ])('refuses where %s is presented, in whatever application it was found', async (_what, presenting) => {
    const { document, about } = presenting() as unknown as { document: string; about: { person: string } };
    const report = status(about.person, document, 'reported', { application: elsewhere });
    const question = { named: [presenting()], others: [report] };
    expect(await words(question)).toEqual(['not document-reported', '+counts']);
    const subject = about.person === director ? 'submitter' : 'authorizedParty';
    expect(await handed(question)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ subject, document }),
        { type: 'idDocumentStatus', subject, document, status: 'reported' },
      ]),
    );
  });

  it('makes nothing of another look that says it is not', async () => {
    const named = [copy(employee, employeesPassport), status(employee, employeesPassport, 'notReported')];
    const report = status(employee, employeesPassport, 'reported', { asOf: receivedAt });
    expect(await words({ named, others: [report] })).toEqual([
      'not document-reported',
      'not document-reported',
      '+counts',
    ]);
  });

  it('is the same one under another record of the same human', async () => {
    const twin = uuid('person', 7);
    const twinsPassport = uuid('doc', 7);
    await scene.memory.record('person', twin, ...personFacts(twin, twinsPassport, employee), {
      type: 'PersonLinked',
      data: { person: twin, to: employee },
    });
    const report = status(twin, twinsPassport, 'reported', { application: elsewhere });
    const question = { named: [copy(employee, employeesPassport), copy(twin, twinsPassport)], others: [report] };
    expect(await words(question)).toEqual(['not document-reported', 'not document-reported', '+counts']);
  });

  it('that nobody presents is no ground', async () => {
    const report = status(employee, employeesPassport, 'reported', { application: elsewhere });
    expect(
      await words({ named: [fact('emailConfirmation', of(employee), { confirmed: true })], others: [report] }),
    ).toEqual(['counts']);
  });
});

describe('PROOF-03: a document whose last day has passed', () => {
  // The passports on record end on the day of the assessment.
  const next = at('2026-03-03T00:00:00+01:00');
  it('counts for no row, of nobody', async () => {
    const named = [
      copy(director, directorsPassport),
      signature(director, directorsPassport),
      status(employee, employeesPassport, 'notReported'),
      fact('identityAttributesRecorded', of(director), { uniquelyIdentifying: true }),
    ];
    expect(await words({ named })).toEqual(['counts', 'counts', 'counts', 'counts']);
    expect(await words({ named, at: next })).toEqual([
      'not expired-document',
      'not expired-document',
      'not expired-document',
      'not not-uniquely-identified',
    ]);
  });

  it('counts for nothing once it is erased', async () => {
    scene.memory.vault.destroyKey({ kind: 'document', id: employeesPassport });
    expect(await words({ named: [copy(employee, employeesPassport)] })).toEqual(['not expired-document']);
  });
});

describe('PROOF-05: uniquely identified', () => {
  const recorded = (about: object) => fact('identityAttributesRecorded', about, { uniquelyIdentifying: false });
  it('is a party by its number, a person by what is on record', async () => {
    expect(await handed({ named: [recorded(party), recorded(of(director))] })).toMatchObject([
      { subject: 'representedParty', uniquelyIdentifying: true },
      { subject: 'submitter', uniquelyIdentifying: true },
    ]);
  });

  it('is nobody of whom another may be the same', async () => {
    const twin = uuid('person', 7);
    await scene.memory.record('person', twin, ...personFacts(twin, uuid('doc', 7), employee));
    const question = { named: [recorded(of(twin))], roles: { authorizedPerson: twin } };
    expect(await words(question)).toEqual(['not not-uniquely-identified']);
    expect(await handed(question)).toMatchObject([{ uniquelyIdentifying: false }]);
    await scene.memory.record('person', twin, { type: 'PersonLinked', data: { person: twin, to: employee } });
    expect(await words({ ...question })).toEqual(['counts']);
  });

  it('is nobody of whom a family name is all that is known', async () => {
    const unknown = uuid('person', 6);
    await scene.memory.record('person', unknown, {
      type: 'PersonRegistered',
      data: { person: unknown, familyName: { clear: 'Jansen' }, identifyingAttributes: ['familyName'] },
    } as never);
    expect(await words({ named: [recorded(of(unknown))], roles: { legalRepresentative: unknown } })).toEqual([
      'not not-uniquely-identified',
    ]);
  });
});

describe('PROOF-01: an establishment that the register does not list', () => {
  const lookup = fact('tradeRegisterLookup', party, {
    via: 'online',
    asOf: lookedUpAt,
    outcome: 'found',
    agreesOn: ['number', 'name', 'address'],
    currentEstablishments: ['000038509504'],
  });
  it('makes the answer adverse where the scope is limited to it', async () => {
    expect(await words({ others: [lookup], establishments: ['000038509504', '000038509505'] })).toEqual(['+counts']);
  });
  it('is none where the scope is not, or the register lists them all', async () => {
    expect(await words({ others: [lookup] })).toEqual([]);
    expect(await words({ others: [], establishments: ['000038509504'] })).toEqual([]);
  });
});
