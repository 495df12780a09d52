import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import {
  at,
  fixedClock,
  memoryBackbone,
  paperRegistration,
  uuid,
  weighCase,
  type MemoryBackbone,
  type WeighingCase,
} from '#libs/testing';
import { translateCheck } from './translate-check.js';

const {
  assessedAt,
  authorizationFacts,
  checkOf,
  ids,
  lookedUpAt,
  meansFacts,
  personFacts,
  receivedAt,
  recordChecks,
  recordPaperRegistration,
} = paperRegistration;
const { company, director, employee, directorsPassport, employeesPassport } = ids;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const colleague = uuid('person', 3);
const colleaguesPassport = uuid('doc', 3);
const elsewhere = uuid('appl', 9);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
  await memory.record('person', colleague, ...personFacts(colleague, colleaguesPassport));
});
afterEach(() => memory.close());

/** A question is put once: its checks are on record from then on. */
const put = new WeakMap<WeighingCase, ReturnType<typeof weighCase>>();
const weighed = (question: WeighingCase) => {
  const known = put.get(question) ?? weighCase(memory, question);
  put.set(question, known);
  return known;
};
const words = async (question: WeighingCase) => (await weighed(question)).words;
/** What the evaluation is handed of the checks. */
async function handed(question: WeighingCase) {
  const { standing, roles } = await weighed(question);
  return standing.flatMap(({ check, handed: isHanded, derived }) =>
    isHanded ? translateCheck(check.facts, roles, derived) : [],
  );
}
const fact = (type: CheckFacts['type'], about: object, members: object = {}): CheckFacts =>
  checkOf({ type, about, ...members } as never);
const party = { party: company };
const of = (person: string) => ({ person });

const representation = (person: string, members: object = {}): CheckFacts =>
  fact('representationCheck', of(person), {
    party: company,
    register: 'tradeRegister',
    via: 'online',
    asOf: lookedUpAt,
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    ...members,
  });
const copy = (person: string, document: string, members: object = {}) =>
  fact('idCopyEnclosed', of(person), { document, presentation: 'paper', ...members });
const status = (person: string, document: string, its: string, members: object = {}) =>
  fact('idDocumentStatus', of(person), { document, status: its, ...members });
const signature = (person: string, document: string, members: object = {}) =>
  fact('signatureComparison', of(person), {
    document,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
    ...members,
  });
const good = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
const eSignature = (person: string, members: object = {}) =>
  fact('eSignatureValidation', of(person), { signature: good, ...members });
const found = (members: object = {}) =>
  fact('specialCircumstancesCheck', party, {
    asOf: lookedUpAt,
    outcome: 'found',
    otherRepresentativeRegistered: false,
    ...members,
  });

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
    await memory.record('person', twin, ...personFacts(twin, twinsPassport, employee), {
      type: 'PersonLinked',
      data: { person: twin, to: employee },
    });
    const report = status(twin, twinsPassport, 'reported', { application: elsewhere });
    const question = { named: [copy(employee, employeesPassport), copy(twin, twinsPassport)], others: [report] };
    expect(await words(question)).toEqual(['not document-reported', 'not document-reported', '+counts', '+counts']);
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
    memory.vault.destroyKey({ kind: 'document', id: employeesPassport });
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
    await memory.record('person', twin, ...personFacts(twin, uuid('doc', 7), employee));
    const question = { named: [recorded(of(twin))], roles: { authorizedPerson: twin } };
    expect(await words(question)).toEqual(['not not-uniquely-identified']);
    expect(await handed(question)).toMatchObject([{ uniquelyIdentifying: false }]);
    await memory.record('person', twin, { type: 'PersonLinked', data: { person: twin, to: employee } });
    expect(await words({ ...question })).toEqual(['counts']);
  });

  it('is nobody of whom a family name is all that is known', async () => {
    const unknown = uuid('person', 6);
    await memory.record('person', unknown, {
      type: 'PersonRegistered',
      data: { person: unknown, familyName: { clear: 'Jansen' }, identifyingAttributes: ['familyName'] },
    } as never);
    expect(await words({ named: [recorded(of(unknown))], roles: { legalRepresentative: unknown } })).toEqual([
      'not not-uniquely-identified',
    ]);
  });
});

describe('TR-01, PROOF-07: when a register was asked', () => {
  const look = (asOf: string) => fact('specialCircumstancesCheck', party, { asOf, outcome: 'none' });
  it('is during the process and less than five days ago', async () => {
    expect(await words({ named: [look(receivedAt)] })).toEqual(['counts']);
    expect(await words({ named: [look(later(receivedAt, -1))] })).toEqual(['not outside-process']);
    expect(await words({ named: [look(assessedAt)] })).toEqual(['counts']);
    expect(await words({ named: [look(later(assessedAt, 1))] })).toEqual(['not outside-process']);
    expect(await words({ named: [look(receivedAt)], at: later(receivedAt, 5 * DAY - 1) })).toEqual(['counts']);
    expect(await words({ named: [look(receivedAt)], at: later(receivedAt, 5 * DAY) })).toEqual(['not too-old']);
  });

  it('an extract may be older than the application', async () => {
    const extract = representation(director, { via: 'extract', asOf: later(receivedAt, -DAY) });
    expect(await words({ named: [extract] })).toEqual(['counts']);
    expect(await words({ named: [representation(director, { asOf: later(receivedAt, -DAY) })] })).toEqual([
      'not outside-process',
    ]);
  });

  it('is handed over all the same, for what it says may stand in the way', async () => {
    expect(await handed({ named: [look(later(receivedAt, -1))] })).toHaveLength(1);
  });
});

describe('D-13, AMB-76: the register of the kind of party', () => {
  it('is the only one that shows who represents it', async () => {
    expect(await words({ named: [representation(director, { register: 'authorityService' })] })).toEqual(['counts']);
    for (const register of ['professionalRegister', 'restGroupRegister', 'insolvencyRegister']) {
      expect(await words({ named: [representation(director, { register })] })).toEqual(['not other-register']);
    }
    const extract = { register: 'authorityService', via: 'extract' };
    expect(await words({ named: [representation(director, extract)] })).toEqual(['not other-register']);
  });

  it('of a profession shows the practitioner himself and nobody else', async () => {
    const practice = uuid('party', 5);
    await memory.record('party', practice, {
      type: 'PartyRegistered',
      data: {
        party: practice,
        kind: 'practitioner',
        register: 'professional',
        number: '19012345',
        person: director,
        details: { clear: { name: 'X' } },
      },
    } as never);
    const shown = (person: string) => representation(person, { party: practice, register: 'professionalRegister' });
    const roles = { submitter: director, legalRepresentative: colleague };
    expect(await words({ named: [shown(director), shown(colleague)], party: practice, roles })).toEqual([
      'counts',
      'not not-the-practitioner',
    ]);
  });

  it('of a profession shows him under whichever of his records, as one who declares or confirms too', async () => {
    const practice = uuid('party', 5);
    const twin = uuid('person', 7);
    await memory.record('person', twin, ...personFacts(twin));
    await memory.record('person', colleague, { type: 'PersonLinked', data: { person: colleague, to: twin } });
    await memory.record('party', practice, {
      type: 'PartyRegistered',
      data: {
        party: practice,
        kind: 'practitioner',
        register: 'professional',
        number: '19012345',
        person: twin,
        details: { clear: { name: 'X' } },
      },
    } as never);
    const shown = (person: string) => representation(person, { party: practice, register: 'professionalRegister' });
    const mandate = (declaredBy: string) =>
      fact('mandateDecisionCheck', of(director), {
        party: practice,
        decision: 'decision-1',
        function: 'head of services',
        functionNamedInDecision: true,
        foundInOfficialSource: false,
        protocolVersion: 'p-1',
        declaredBy,
      });
    const roles = { legalRepresentative: colleague };
    expect(await words({ named: [shown(colleague)], party: practice, roles })).toEqual(['counts']);
    const declared = async (by: string) =>
      (await words({ named: [mandate(by), shown(by)], party: practice, roles }))[0];
    expect(await declared(colleague)).toBe('counts');
    expect(await declared(employee)).toBe('not not-shown-by-register');
  });

  it('says nothing of another party here', async () => {
    expect(await words({ named: [representation(director, { party: ids.otherCompany })] })).toEqual([
      'not not-asked-here',
    ]);
  });
});

describe('PROOF-02: cosigners of an obstructing limitation', () => {
  const limited = representation(director, { limitation: 'obstructing', cosigners: [colleague] });
  const cosigner = representation(colleague, { limitation: 'obstructing' });
  const signed = signature(colleague, colleaguesPassport);

  it('make it none when each is shown, limited himself or not, and has signed', async () => {
    const question = { named: [limited, cosigner, signed] };
    expect((await words(question))[0]).toBe('counts');
    expect(await handed(question)).toMatchObject([{ of: 'submitter', limitation: 'obstructingCosigned' }]);
    expect((await words({ named: [limited, cosigner, eSignature(colleague)] }))[0]).toBe('counts');
  });

  it.each<[string, readonly CheckFacts[]]>([
    ['nobody has signed', [cosigner]],
    ['he is not shown', [signed]],
    ['his signature does not agree', [cosigner, signature(colleague, colleaguesPassport, { agrees: false })]],
    [
      'his signature is not good',
      [cosigner, eSignature(colleague, { signature: { ...good, revocationStatus: 'revoked' } })],
    ],
    [
      'he signed in another application',
      [cosigner, signature(colleague, colleaguesPassport, { application: elsewhere })],
    ],
    ['he is shown by function only', [representation(colleague, { basis: 'byFunction' }), signed]],
    ['the register found somebody else', [representation(colleague, { sameDataAsIdentified: false }), signed]],
    ['the register did not find him', [representation(colleague, { outcome: 'notFound' }), signed]],
  ])('leave it where %s', async (_why, beside) => {
    const question = { named: [limited, ...beside] };
    expect((await words(question))[0]).toBe('counts not-cosigned');
    expect((await handed(question))[0]).toMatchObject({ of: 'submitter', limitation: 'obstructing' });
  });

  it('leave it where he takes his signature or his standing back', async () => {
    const others = [
      signature(colleague, colleaguesPassport, { agrees: false, performedAt: later(lookedUpAt, MINUTE) }),
    ];
    expect((await words({ named: [limited, cosigner, signed], others }))[0]).toBe('counts not-cosigned');
    const gone = [representation(colleague, { outcome: 'notFound', asOf: later(lookedUpAt, MINUTE) })];
    expect((await words({ named: [limited, cosigner, signed], others: gone }))[0]).toBe('counts not-cosigned');
  });

  it('are not the one himself', async () => {
    const own = representation(director, { limitation: 'obstructing', cosigners: [director] });
    expect((await words({ named: [own, signature(director, directorsPassport)] }))[0]).toBe('counts not-cosigned');
  });

  it('need all of them', async () => {
    const both = representation(director, { limitation: 'obstructing', cosigners: [colleague, employee] });
    expect((await words({ named: [both, cosigner, signed] }))[0]).toBe('counts not-cosigned');
    const second = [representation(employee), signature(employee, employeesPassport)];
    expect((await words({ named: [both, cosigner, signed, ...second] }))[0]).toBe('counts');
  });
});

describe('PROOF-02: who confirms after a finding', () => {
  const contact = uuid('contact', 1);
  const confirmation = (confirmer: string, capacity = 'representative', members: object = {}) =>
    fact('circumstancesConfirmation', party, { confirmer, capacity, contact, confirmed: true, ...members });
  beforeEach(async () => {
    const [lookup] = await recordChecks(memory, [
      fact('tradeRegisterLookup', party, {
        via: 'online',
        asOf: lookedUpAt,
        outcome: 'found',
        agreesOn: ['number', 'name', 'address'],
        application: elsewhere,
      }),
    ]);
    await memory.record('party', company, {
      type: 'PartyContactRecorded',
      data: {
        party: company,
        contact,
        kind: 'telephone',
        value: { clear: '+31701234567' },
        suppliedBy: { check: lookup },
      },
    } as never);
  });

  it('is another representative whom the register shows, asked by what a look-up supplied', async () => {
    const question = { named: [found(), confirmation(colleague), representation(colleague)] };
    expect(await words(question)).toEqual(['counts', 'counts', 'counts']);
    expect((await handed(question)).slice(1)).toEqual([
      {
        type: 'circumstancesConfirmation',
        contactSource: 'independentParty',
        confirmed: true,
        confirmedBy: 'otherRepresentative',
      },
    ]);
  });

  it.each(['representative', 'trustee'])('is not a stranger who says that he is %s', async (capacity) => {
    const question = { named: [found(), confirmation(colleague, capacity)] };
    expect(await words(question)).toEqual(['counts', 'not not-shown-by-register']);
    expect(await handed(question)).toHaveLength(1);
  });

  it('is a trustee where a register shows him as such, and only after a finding', async () => {
    const trustee = representation(colleague, { capacity: 'trustee', register: 'insolvencyRegister' });
    expect((await words({ named: [found(), confirmation(colleague, 'trustee'), trustee] }))[1]).toBe('counts');
    // Shown as representative he is no trustee, nor the other way round.
    expect((await words({ named: [found(), confirmation(colleague, 'trustee'), representation(colleague)] }))[1]).toBe(
      'not not-shown-by-register',
    );
    expect((await words({ named: [found(), confirmation(colleague), trustee] }))[1]).toBe('not not-shown-by-register');
  });

  it('is no trustee of a party of which nothing was ever found', async () => {
    const trustee = representation(colleague, { capacity: 'trustee', register: 'insolvencyRegister' });
    expect((await words({ named: [confirmation(colleague, 'trustee'), trustee] }))[0]).toBe(
      'not not-shown-by-register',
    );
  });

  it('is the applicant himself only where he is shown, and then as one who occurs in the application', async () => {
    const question = { named: [found(), confirmation(director), representation(director)] };
    expect(await handed(question)).toEqual(
      expect.arrayContaining([expect.objectContaining({ confirmedBy: 'representativeInApplication' })]),
    );
  });

  it('is nobody who was asked by what the submitter gave', async () => {
    const given = uuid('contact', 2);
    await memory.record('party', company, {
      type: 'PartyContactRecorded',
      data: {
        party: company,
        contact: given,
        kind: 'telephone',
        value: { clear: '+31701234568' },
        suppliedBy: { submitter: true },
      },
    } as never);
    for (const used of [given, uuid('contact', 3)]) {
      const named = [found(), confirmation(colleague, 'representative', { contact: used }), representation(colleague)];
      expect((await words({ named }))[1]).toBe('not contact-not-independent');
    }
  });

  it('is shown at the time he acted: within five days of it', async () => {
    const acted = { performedAt: later(lookedUpAt, 5 * DAY - 1) };
    const question = {
      at: later(lookedUpAt, 6 * DAY),
      named: [found(), confirmation(colleague, 'representative', acted), representation(colleague)],
    };
    expect((await words(question))[1]).toBe('counts');
    const late = { performedAt: later(lookedUpAt, 5 * DAY) };
    const tooLate = {
      ...question,
      named: [found(), confirmation(colleague, 'representative', late), representation(colleague)],
    };
    expect((await words(tooLate))[1]).toBe('not not-shown-by-register');
  });

  it.each<[boolean, string, readonly CheckFacts[]]>([
    [false, 'nothing', []],
    [true, 'another one by name', [confirmation(colleague), representation(colleague)]],
    [false, 'the submitter', [representation(director)]],
    [false, 'nobody', [confirmation(colleague), representation(colleague, { outcome: 'notFound' })]],
    [false, 'somebody else', [confirmation(colleague), representation(colleague, { agrees: false })]],
    [false, 'one by function', [confirmation(colleague), representation(colleague, { basis: 'byFunction' })]],
    [false, 'a trustee', [confirmation(colleague), representation(colleague, { capacity: 'trustee' })]],
    [
      false,
      'one in another register',
      [confirmation(colleague), representation(colleague, { register: 'professionalRegister' })],
    ],
    [false, 'one of another party', [confirmation(colleague), representation(colleague, { party: ids.otherCompany })]],
  ])('a finding that names no other one says %s where the register shows %s', async (other, _who, beside) => {
    const records = await handed({ named: [found(), ...beside] });
    expect(records.find(({ type }) => type === 'specialCircumstancesCheck')).toMatchObject({
      otherRepresentativeRegistered: other,
    });
  });
});

describe('PROOF-01, PROOF-12: the mark of a party', () => {
  it('is set by a finding in whatever application, until it is cleared', async () => {
    const marked = async () => (await weighed({})).circumstancesReported;
    expect(await marked()).toBe(false);
    const [finding] = await recordChecks(memory, [found({ application: elsewhere })]);
    expect(await marked()).toBe(true);
    const cleared = (findings?: readonly string[]) =>
      memory.record('party', company, {
        type: 'SpecialCircumstancesCleared',
        data: { party: company, clearedAt: assessedAt, ...(findings === undefined ? {} : { findings }) },
      });
    await cleared([]);
    expect(await marked()).toBe(true);
    await cleared([finding!]);
    expect(await marked()).toBe(false);
    await recordChecks(memory, [found({ application: elsewhere })]);
    expect(await marked()).toBe(true);
    // A clearing of the first release cleared all that was there.
    await cleared();
    expect(await marked()).toBe(false);
  });

  it('is not of another party, and a finding of another application asks no confirmation here', async () => {
    await recordChecks(memory, [found({ about: { party: ids.otherCompany }, application: elsewhere })]);
    expect((await weighed({})).circumstancesReported).toBe(false);
    expect(await words({ named: [found({ application: elsewhere })] })).toEqual(['not other-application']);
  });
});

describe('MAND-05, PROOF-02: a mandate decision', () => {
  const mandate = (members: object = {}) =>
    fact('mandateDecisionCheck', of(director), {
      party: company,
      decision: 'decision-1',
      function: 'head of services',
      functionNamedInDecision: true,
      foundInOfficialSource: false,
      protocolVersion: 'p-1',
      ...members,
    });
  it('is reliable by its publication, or by another representative whom a register shows', async () => {
    expect(await words({ named: [mandate({ foundInOfficialSource: true })] })).toEqual(['counts']);
    expect((await words({ named: [mandate({ declaredBy: colleague }), representation(colleague)] }))[0]).toBe('counts');
    expect((await words({ named: [mandate({ declaredBy: colleague })] }))[0]).toBe('not not-shown-by-register');
    expect((await words({ named: [mandate({ declaredBy: director }), representation(director)] }))[0]).toBe(
      'not not-shown-by-register',
    );
    expect((await handed({ named: [mandate({ declaredBy: colleague })] }))[0]).toMatchObject({
      validityDeclaredByRepresentative: false,
    });
  });

  it('of a public body is declared valid by function too, with his own declaration', async () => {
    const town = uuid('party', 6);
    await memory.record('party', town, {
      type: 'PartyRegistered',
      data: {
        party: town,
        kind: 'publicLegalPerson',
        register: 'kvk',
        number: '27364265',
        publicDetails: { name: 'Gemeente' },
      },
    } as never);
    const declared = mandate({ party: town, declaredBy: colleague });
    const byFunction = representation(colleague, { party: town, basis: 'byFunction' });
    const declares = (members: object = {}) =>
      fact('functionDeclaration', of(colleague), { declaresAppointment: true, ...members });
    const first = async (...beside: readonly CheckFacts[]) =>
      (await words({ named: [declared, byFunction, ...beside], party: town }))[0];
    expect(await first(declares())).toBe('counts');
    expect(await first()).toBe('not not-shown-by-register');
    expect(await first(declares({ declaresAppointment: false }))).toBe('not not-shown-by-register');
    expect(await first(declares({ application: elsewhere }))).toBe('not not-shown-by-register');
    expect(await first(fact('functionDeclaration', of(director), { declaresAppointment: true }))).toBe(
      'not not-shown-by-register',
    );
    expect(
      await first(declares(), declares({ declaresAppointment: false, performedAt: later(lookedUpAt, MINUTE) })),
    ).toBe('not not-shown-by-register');
  });
});

describe('PROOF-05: the grantor of a proxy', () => {
  const roles = { legalRepresentative: colleague };
  const proxy = (members: object = {}) =>
    fact('proxyCheck', of(director), {
      grantor: colleague,
      document: colleaguesPassport,
      writtenAndSigned: true,
      ...members,
    });
  const checkedBy = async (...beside: readonly CheckFacts[]) =>
    (await words({ named: [proxy(), ...beside], roles }))[0];

  it('was checked by a copy of his document and his signature beside it', async () => {
    expect(await checkedBy(copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport))).toBe(
      'counts',
    );
  });
  it.each<[string, readonly CheckFacts[]]>([
    ['nothing', []],
    ['a copy alone', [copy(colleague, colleaguesPassport)]],
    ['a signature alone', [signature(colleague, colleaguesPassport)]],
    [
      'a copy that is said to be the submitter’s',
      [copy(director, colleaguesPassport), signature(colleague, colleaguesPassport)],
    ],
    [
      'the submitter’s signature beside his document',
      [copy(colleague, colleaguesPassport), signature(director, colleaguesPassport)],
    ],
    [
      'another application’s signature',
      [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport, { application: elsewhere })],
    ],
    ['a copy of somebody else’s', [copy(director, directorsPassport), signature(colleague, colleaguesPassport)]],
    [
      'a signature that does not agree',
      [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport, { agrees: false })],
    ],
    ['the submitter’s signature', [copy(colleague, colleaguesPassport), signature(director, directorsPassport)]],
    [
      'a signature on the original',
      [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport, { against: 'idOriginal' })],
    ],
    [
      'another application’s copy',
      [copy(colleague, colleaguesPassport, { application: elsewhere }), signature(colleague, colleaguesPassport)],
    ],
  ])('was not checked by %s', async (_by, beside) => {
    expect(await checkedBy(...beside)).toBe('not not-checked-against-document');
  });
  it('was not checked by an expired document, and is refused with a reported one', async () => {
    const beside = [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    expect((await words({ named: [proxy(), ...beside], roles, at: at('2026-03-03T00:00:00+01:00') }))[0]).toBe(
      'not expired-document',
    );
    const others = [status(colleague, colleaguesPassport, 'reported', { application: elsewhere })];
    expect((await words({ named: [proxy(), ...beside], roles, others }))[0]).toBe('not document-reported');
    expect(await handed({ named: [proxy(), ...beside], roles, others })).toEqual(
      expect.arrayContaining([
        { type: 'idCopyEnclosed', subject: 'legalRepresentative', document: colleaguesPassport, presentation: 'paper' },
      ]),
    );
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

  it('is a new one each time where the row repeats it', async () => {
    const [used] = await recordChecks(memory, [
      bank({ application: elsewhere, source: { name: 'bank', reference: 'transaction-0' } }),
    ]);
    const register = authorizationFacts(uuid('auth', 5), { checks: [used], registeredAt: lookedUpAt });
    await memory.record('authorization', uuid('auth', 5), ...register);
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
    const [used] = await recordChecks(memory, [
      own({ application: elsewhere, source: { name: 'bank', reference: 'transaction-0' } }),
    ]);
    await memory.record(
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
    const [validation] = await recordChecks(memory, [
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

describe('PROOF-04: vouching', () => {
  const vouching = (meansLink: string, members: object = {}) =>
    fact('vouching', of(employee), { voucher: director, coversIdentityAndAttributes: true, meansLink, ...members });
  const why = async (meansLink: string, members: object = {}, more: Partial<WeighingCase> = {}) => {
    const { standing } = await weighed({ named: [vouching(meansLink, members)], ...more });
    return [standing[0]!.why ?? 'counts', standing[0]!.derived.meansLink];
  };
  const issued = async (delivery: object | undefined, issuedAt: string = receivedAt) => {
    const named =
      delivery === undefined
        ? []
        : await recordChecks(memory, [
            fact(
              'meansDelivery',
              { means: ids.means },
              { form: 'registeredLetter', addressValidated: true, ...delivery },
            ),
          ]);
    const life = meansFacts(ids.means, employee, 'issued').map((event) =>
      event.type === 'MeansIssued' ? { ...event, data: { ...event.data, checks: named, issuedAt } } : event,
    );
    await memory.record('means', ids.means, ...(life as never[]));
  };

  it('ties the means where its delivery says that the voucher handed it over', async () => {
    await issued({ handedBy: director, handedOutAt: later(lookedUpAt, -1) });
    expect(await why('issuedThroughVoucher')).toEqual(['counts', 'issuedThroughVoucher']);
    expect(await why('none')).toEqual(['counts', 'none']);
  });

  it.each<[string, object | undefined]>([
    ['by nobody', {}],
    ['by somebody else', { handedBy: colleague }],
    ['at the very moment at which he vouched', { handedBy: director, handedOutAt: lookedUpAt }],
    ['after he vouched', { handedBy: director, handedOutAt: later(lookedUpAt, 1) }],
    ['by no delivery on record', undefined],
  ])('ties nothing where it was handed over %s', async (_by, delivery) => {
    await issued(delivery);
    expect(await why('issuedThroughVoucher')).toEqual(['not-handed-by-voucher', 'none']);
  });

  it('ties nothing where no means is registered with, or one that is not on record', async () => {
    const { standing } = await weighed({ named: [vouching('issuedThroughVoucher')] });
    expect(standing[0]!.why).toBe('not-handed-by-voucher');
    for (const link of ['issuedThroughVoucher', 'fullPersonalData']) {
      expect(await why(link, {}, { roles: { means: undefined as never } })).toEqual([expect.any(String), 'none']);
    }
  });

  it('ties the means by its last delivery, whatever else it was issued on', async () => {
    const handed = (handedBy: string, performedAt: string) =>
      fact(
        'meansDelivery',
        { means: ids.means },
        { form: 'registeredLetter', addressValidated: true, handedBy, performedAt },
      );
    const life = async (...checks: readonly CheckFacts[]) => {
      const named = await recordChecks(memory, checks);
      await memory.record(
        'means',
        ids.means,
        ...(meansFacts(ids.means, employee, 'active').map((event) =>
          event.type === 'MeansIssued' ? { ...event, data: { ...event.data, checks: named } } : event,
        ) as never[]),
      );
    };
    const [early, late] = [later(lookedUpAt, -2 * MINUTE), later(lookedUpAt, -MINUTE)];
    const afterwards = copy(employee, employeesPassport, { performedAt: lookedUpAt });
    await life(handed(director, late), afterwards, handed(colleague, early));
    expect(await why('issuedThroughVoucher')).toEqual(['counts', 'issuedThroughVoucher']);
    await memory.close();
    memory = await memoryBackbone(fixedClock(assessedAt));
    await recordPaperRegistration(memory, []);
    await life(handed(director, early), handed(colleague, late));
    expect(await why('issuedThroughVoucher')).toEqual(['not-handed-by-voucher', 'none']);
  });

  it('ties the means where it was handed over by the voucher under another record of his', async () => {
    const twin = uuid('person', 7);
    await memory.record('person', twin, ...personFacts(twin));
    await memory.record('person', director, { type: 'PersonLinked', data: { person: director, to: twin } });
    await issued({ handedBy: twin, handedOutAt: later(lookedUpAt, -1) });
    expect(await why('issuedThroughVoucher')).toEqual(['counts', 'issuedThroughVoucher']);
  });

  it('ties nothing while the means is not issued', async () => {
    await memory.record('means', ids.means, ...meansFacts(ids.means, employee, 'applied'));
    expect(await why('issuedThroughVoucher')).toEqual(['not-handed-by-voucher', 'none']);
    expect(await why('fullPersonalData')).toEqual(['means-issued-later', 'none']);
  });

  it('by other links counts only for a means issued before the application came in; secrets are not compared', async () => {
    await issued(undefined, later(receivedAt, -DAY));
    expect(await why('sharedSecret')).toEqual(['secret-not-compared', 'none']);
    await memory.close();
    memory = await memoryBackbone(fixedClock(assessedAt));
    await recordPaperRegistration(memory, []);
    await issued(undefined);
    expect(await why('sharedSecret')).toEqual(['means-issued-later', 'none']);
  });

  it('by the full data counts where they came in anew, as a record that agrees with the holder’s', async () => {
    await issued(undefined, later(receivedAt, -DAY));
    const supplied = uuid('person', 7);
    const supply = async (members: object) =>
      memory.record(
        'person',
        supplied,
        {
          type: 'PersonRegistered',
          data: {
            ...(personFacts(supplied)[0]!.data as object),
            application: ids.application,
            duplicatesOf: [employee],
            ...members,
          },
        } as never,
        { type: 'PersonLinked', data: { person: supplied, to: employee } },
        {
          type: 'DocumentRecorded',
          data: {
            person: supplied,
            document: uuid('doc', 7),
            documentType: 'passport',
            number: { clear: 'NX1234567' },
            expiresOn: { clear: '2026-03-02' },
          },
        } as never,
      );
    const recorded = (person: string) => fact('identityAttributesRecorded', of(person), { uniquelyIdentifying: true });
    const judged = async (person: string) => {
      const { standing } = await weighed({ named: [vouching('fullPersonalData'), recorded(person)] });
      return standing[0]!.why ?? 'counts';
    };
    // The holder's own record proves nothing about what was supplied.
    expect(await judged(employee)).toBe('data-not-compared');
    await supply({});
    expect(await judged(supplied)).toBe('counts');
    expect(await judged(employee)).toBe('data-not-compared');
  });
});

describe('PROOF-10: a private deed signed with a level-4 means', () => {
  const deed = (members: object = {}) =>
    fact(
      'privateDeed',
      { application: ids.application },
      { signer: director, signedWith: 'level4Means', means: uuid('means', 4), ...members },
    );
  const have = (stork: 3 | 4, holder: string = director, until: 'issued' | 'active' = 'active') =>
    memory.record('means', uuid('means', 4), ...meansFacts(uuid('means', 4), holder, until, { stork }));
  const first = async (...named: readonly CheckFacts[]) => (await words({ named }))[0];
  /** The deed names the validation of the signature under it; the command need not. */
  const signedAs = async (signature: CheckFacts) => {
    const [signatureValidation] = await recordChecks(memory, [signature]);
    return deed({ signatureValidation });
  };

  it('names the signer’s own means, in use at STORK 4, and his signature was validated', async () => {
    await have(4);
    expect(await first(await signedAs(eSignature(director)))).toBe('counts');
    // Where the deed names none, the command does.
    expect(await first(deed(), eSignature(director))).toBe('counts');
    expect(await first(deed(), eSignature(employee))).toBe('not signer-has-no-level-4-means');
    expect(await first(await signedAs(eSignature(employee)))).toBe('not signer-has-no-level-4-means');
    expect(await handed({ named: [deed()] })).toMatchObject([{ signedBy: 'submitter', signedWith: 'lowerMeans' }]);
  });
  it('rests on the validation that it names, and on no other', async () => {
    await have(4);
    const [validation, early] = await recordChecks(memory, [
      eSignature(director),
      eSignature(director, { application: elsewhere }),
    ]);
    expect(await first(deed({ signatureValidation: uuid('check', 900_000) }))).toBe('not signer-has-no-level-4-means');
    expect(await first(deed({ signatureValidation: early }))).toBe('not signer-has-no-level-4-means');
    expect(await first(deed({ signatureValidation: validation }))).toBe('counts');
    const confirmed = fact('emailConfirmation', of(director), { confirmed: true });
    const [other] = await recordChecks(memory, [confirmed]);
    expect(await first(deed({ signatureValidation: other }), eSignature(director))).toBe(
      'not signer-has-no-level-4-means',
    );
  });
  it('that names no validation rests on one that the command names, not on one that is on record', async () => {
    await have(4);
    await recordChecks(memory, [eSignature(director)]);
    expect(await first(deed())).toBe('not signer-has-no-level-4-means');
  });
  it('names a means that is on record', async () => {
    expect(await first(await signedAs(eSignature(director)))).toBe('not signer-has-no-level-4-means');
    await have(4);
    const [signatureValidation] = await recordChecks(memory, [eSignature(director)]);
    expect(await first(deed({ means: undefined, signatureValidation }))).toBe('not signer-has-no-level-4-means');
  });
  it('is not signed by the signature under an assertion of a login', async () => {
    await have(4);
    const [signatureValidation] = await recordChecks(memory, [
      eSignature(director, { source: { name: 'ad-1', reference: 'assertion-1' } }),
    ]);
    const login = fact('authentication', of(director), {
      level: 'EH3',
      at: receivedAt,
      assertion: { reference: 'assertion-1', signatureValidation },
    });
    expect(await first(deed({ signatureValidation }), login)).toBe('not signer-has-no-level-4-means');
    expect(await first(deed({ signatureValidation }))).toBe('not signer-has-no-level-4-means');
  });
  it('falls with a later validation that fails (PROOF-01)', async () => {
    await have(4);
    const signed = await signedAs(eSignature(director));
    const revoked = { technology: 'pki', chainComplete: true, revocationStatus: 'revoked' };
    await recordChecks(memory, [eSignature(director, { signature: revoked, performedAt: later(lookedUpAt, MINUTE) })]);
    expect(await first(signed)).toBe('not signer-has-no-level-4-means');
  });
  it.each([
    ['of level 3', 3, director, 'active'],
    ['of somebody else', 4, employee, 'active'],
    ['that is not in use', 4, director, 'issued'],
  ] as const)('is signed with a lower one where the means is one %s', async (_what, stork, holder, until) => {
    await have(stork, holder, until);
    expect(await first(await signedAs(eSignature(director)))).toBe('not signer-has-no-level-4-means');
  });
  it('by hand asks for none of it', async () => {
    expect(await first(deed({ signedWith: 'hand', means: undefined }))).toBe('counts');
  });
});

describe('PROOF-13: after a correction', () => {
  it('a check that compared the attribute counts for no new dossier', async () => {
    const named = [copy(employee, employeesPassport), status(employee, employeesPassport, 'notReported')];
    expect(await words({ named })).toEqual(['counts', 'counts']);
    await memory.record('person', employee, {
      type: 'PersonCorrected',
      data: {
        person: employee,
        application: elsewhere,
        checks: [],
        correctedAt: assessedAt,
        corrected: ['givenNames'],
        givenNames: { clear: 'Anna' },
        identifyingAttributes: ['familyName', 'givenNames', 'birthDate'],
      },
    } as never);
    // A look at the number of a document compared no name.
    expect(await words({ named })).toEqual(['not corrected-since', 'counts']);
  });

  it('a look-up of a party whose name was corrected is one of another name', async () => {
    const lookup = fact('tradeRegisterLookup', party, {
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'found',
      agreesOn: ['number', 'name', 'address'],
    });
    expect(await words({ named: [lookup] })).toEqual(['counts']);
    await memory.record('party', company, {
      type: 'PartyCorrected',
      data: {
        party: company,
        application: elsewhere,
        checks: [],
        correctedAt: assessedAt,
        corrected: ['name'],
        publicDetails: { name: 'De Linde' },
      },
    } as never);
    expect(await words({ named: [lookup] })).toEqual(['not corrected-since']);
  });
});

describe('PROOF-02: who belongs to the dossier for confirming, declaring or cosigning', () => {
  const shown = representation(colleague);
  it('is nobody who does so for another party, or does nothing at all', async () => {
    const strangers: readonly (readonly CheckFacts[])[] = [
      [],
      [representation(director)],
      [representation(director, { party: ids.otherCompany, cosigners: [colleague] })],
      [
        fact('mandateDecisionCheck', of(director), {
          party: ids.otherCompany,
          decision: 'decision-1',
          function: 'head of services',
          functionNamedInDecision: true,
          foundInOfficialSource: true,
          protocolVersion: 'p-1',
          declaredBy: colleague,
        }),
      ],
    ];
    for (const named of strangers) {
      await expect(weighed({ named: [shown, ...named] })).rejects.toThrow('check-not-in-dossier');
    }
  });

  it('is nobody who confirms for another party, on record or not', async () => {
    const confirmation = fact(
      'circumstancesConfirmation',
      { party: ids.otherCompany },
      { confirmer: colleague, capacity: 'representative', contact: uuid('contact', 1), confirmed: true },
    );
    await expect(weighed({ named: [shown], others: [confirmation] })).rejects.toThrow('check-not-in-dossier');
  });

  it('is who does so for this party, and his checks are not handed to the evaluation', async () => {
    const limited = representation(director, { limitation: 'obstructing', cosigners: [colleague] });
    const named = [shown, signature(colleague, colleaguesPassport), eSignature(colleague), limited];
    const { standing } = await weighed({ named });
    expect(standing.map(({ counts, handed: isHanded }) => [counts, isHanded])).toEqual([
      [true, false],
      [true, false],
      [true, true],
      [true, true],
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

describe('PROOF-02: the signature of a cosigner', () => {
  const limited = representation(director, { limitation: 'obstructing', cosigners: [colleague] });
  const cosigner = representation(colleague);
  const first = async (question: WeighingCase) => (await words(question))[0];

  it('agrees with a document that is valid and not reported', async () => {
    const named = [limited, cosigner, signature(colleague, colleaguesPassport)];
    const next = at('2026-03-03T00:00:00+01:00');
    expect(await first({ named, at: next })).toBe('counts not-cosigned');
    expect(await first({ named })).toBe('counts');
    const others = [status(colleague, colleaguesPassport, 'reported', { application: elsewhere })];
    expect(await first({ named, others })).toBe('counts not-cosigned');
  });

  it.each<[string, () => CheckFacts]>([
    ['the director’s by hand', () => signature(director, directorsPassport)],
    ['the director’s electronic one', () => eSignature(director)],
    ['an electronic one of another application', () => eSignature(colleague, { application: elsewhere })],
  ])('is his own and of this application: not %s', async (_what, signed) => {
    expect(await first({ named: [limited, cosigner, signed()] })).toBe('counts not-cosigned');
  });

  it('is not asked where another answer stands in the way, or the register names nobody', async () => {
    const without = (members: object) => representation(director, { limitation: 'obstructing', ...members });
    expect(await first({ named: [without({})] })).toBe('counts');
    const signed = [cosigner, signature(colleague, colleaguesPassport)];
    expect(await first({ named: [without({ cosigners: [colleague], agrees: false }), ...signed] })).toBe('counts');
    const free = representation(director, { limitation: 'none', cosigners: [colleague], agrees: false });
    expect(await first({ named: [free] })).toBe('counts');
  });
});

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

describe('TR-01: look-ups in the other registers', () => {
  it.each([
    ['professionalRegisterLookup', { registerDesignated: true, identifierAgrees: true }],
    ['restGroupRegisterLookup', { uniqueMatch: true }],
    ['tradeRegisterLookup', { via: 'online', agreesOn: ['number', 'name', 'address'] }],
  ] as const)('of the %s have the same window', async (type, members) => {
    const look = (asOf: string) => fact(type, party, { asOf, outcome: 'found', ...members });
    expect(await words({ named: [look(receivedAt)] })).toEqual(['counts']);
    expect(await words({ named: [look(later(receivedAt, -1))] })).toEqual(['not outside-process']);
    expect(await words({ named: [look(receivedAt)], at: later(receivedAt, 5 * DAY) })).toEqual(['not too-old']);
  });

  it('an extract of the trade register may be older than the application', async () => {
    const look = fact('tradeRegisterLookup', party, {
      via: 'extract',
      asOf: later(receivedAt, -DAY),
      outcome: 'found',
      agreesOn: ['number', 'name', 'address'],
    });
    expect(await words({ named: [look] })).toEqual(['counts']);
  });
});

describe('ARCH-15: a separate channel', () => {
  const used = uuid('contact', 1);
  const confirmed = fact('separateChannelConfirmation', party, { medium: 'telephone', contact: used, confirmed: true });
  const supply = async (suppliedBy: object) =>
    memory.record('party', company, {
      type: 'PartyContactRecorded',
      data: { party: company, contact: used, kind: 'telephone', value: { clear: '+31701234567' }, suppliedBy },
    } as never);
  it('is independent of the submitter where a look-up supplied the contact', async () => {
    const [lookup] = await recordChecks(memory, [
      fact('tradeRegisterLookup', party, {
        via: 'online',
        asOf: lookedUpAt,
        outcome: 'found',
        agreesOn: ['number', 'name', 'address'],
      }),
    ]);
    await supply({ check: lookup });
    const question = { named: [confirmed] };
    expect(await words(question)).toEqual(['counts']);
    expect(await handed(question)).toMatchObject([{ contactSource: 'independentParty', confirmed: true }]);
  });
  it('is the submitter’s own otherwise, and the evaluation sees so', async () => {
    await supply({ submitter: true });
    const question = { named: [confirmed] };
    expect(await words(question)).toEqual(['not contact-not-independent']);
    expect(await handed(question)).toMatchObject([{ contactSource: 'submitter', confirmed: true }]);
  });
});

describe('PROOF-02: another representative after a finding', () => {
  const said = async (...others: readonly CheckFacts[]) => {
    const [record] = await handed({ named: [found()], others });
    return (record as { otherRepresentativeRegistered?: boolean }).otherRepresentativeRegistered;
  };
  it('is looked for in every application, whoever he is', async () => {
    expect(await said(representation(colleague, { application: elsewhere }))).toBe(true);
  });
  it.each<[string, object]>([
    ['the submitter', { about: of(director) }],
    ['the authorized person', { about: of(employee) }],
    ['one who was asked for five days ago', { asOf: later(assessedAt, -5 * DAY) }],
    ['one who is asked for after the assessment', { asOf: later(assessedAt, 1) }],
    ['somebody else than was identified', { sameDataAsIdentified: false }],
  ])('is not %s', async (_whom, members) => {
    expect(await said(representation(colleague, { application: elsewhere, ...members }))).toBe(false);
  });
  it('is whom the register showed less than five days ago, up to this moment', async () => {
    expect(await said(representation(colleague, { asOf: later(assessedAt, 1 - 5 * DAY) }))).toBe(true);
  });
  it('is whom it shows at this moment', async () => {
    expect(await said(representation(colleague, { capacity: 'representative', asOf: assessedAt }))).toBe(true);
  });
  it('is none any more once a later answer does not show him', async () => {
    const gone = { outcome: 'notFound', asOf: later(lookedUpAt, MINUTE), application: elsewhere };
    expect(await said(representation(colleague), representation(colleague, gone))).toBe(false);
  });
  it.each<[string, object]>([
    ['is about another question', { outcome: 'notFound', basis: 'byFunction' }],
    ['never came', { outcome: 'unavailable' }],
    ['came earlier', { outcome: 'notFound', asOf: later(lookedUpAt, -MINUTE) }],
    ['shows him again', {}],
  ])('is one still where the other answer %s', async (_which, members) => {
    const other = representation(colleague, { asOf: later(lookedUpAt, MINUTE), ...members });
    expect(await said(representation(colleague), other)).toBe(true);
  });
});

describe('MAND-05: what is said of a mandate decision', () => {
  const mandate = (members: object) =>
    fact('mandateDecisionCheck', of(director), {
      party: company,
      decision: 'decision-1',
      function: 'head of services',
      functionNamedInDecision: true,
      protocolVersion: 'p-1',
      ...members,
    });
  it('is that a representative declared it valid, where one did', async () => {
    const declared = mandate({ foundInOfficialSource: false, declaredBy: colleague });
    expect(await handed({ named: [declared, representation(colleague)] })).toMatchObject([
      { validityDeclaredByRepresentative: true, foundInOfficialSource: false },
    ]);
  });
  it('is that it was published, where nobody declared anything', async () => {
    const published = mandate({ foundInOfficialSource: true });
    expect(await handed({ named: [published, representation(director)] })).toMatchObject([
      { validityDeclaredByRepresentative: false, foundInOfficialSource: true },
      { type: 'representationCheck' },
    ]);
  });
});

describe('PROOF-05: what is said of a proxy', () => {
  const roles = { legalRepresentative: colleague };
  const proxy = (members: object = {}) =>
    fact('proxyCheck', of(director), { grantor: colleague, writtenAndSigned: true, ...members });
  it('is whether the grantor was checked', async () => {
    const checked = [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    const named = [proxy({ document: colleaguesPassport }), ...checked];
    expect((await handed({ named, roles }))[0]).toMatchObject({ grantorIdCopyChecked: true });
  });
  it('is that he was not where no document is named, though a copy and a signature are there', async () => {
    const named = [proxy(), copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    expect((await words({ named, roles }))[0]).toBe('not not-checked-against-document');
    expect((await handed({ named, roles }))[0]).toMatchObject({ type: 'proxyCheck', grantorIdCopyChecked: false });
  });
  it('is that he was not where his copy or signature is of another document of his', async () => {
    const second = uuid('doc', 8);
    await memory.record('person', colleague, {
      type: 'DocumentRecorded',
      data: {
        person: colleague,
        document: second,
        documentType: 'drivingLicence',
        number: { clear: '5123456789' },
        expiresOn: { clear: '2030-01-01' },
      },
    } as never);
    const first = async (...beside: readonly CheckFacts[]) =>
      (await words({ named: [proxy({ document: colleaguesPassport }), ...beside], roles }))[0];
    const [itsCopy, itsSignature] = [copy(colleague, colleaguesPassport), signature(colleague, colleaguesPassport)];
    expect(await first(copy(colleague, second), itsSignature)).toBe('not not-checked-against-document');
    expect(await first(itsCopy, signature(colleague, second))).toBe('not not-checked-against-document');
    expect(await first(itsCopy, itsSignature)).toBe('counts');
  });
  it('is that he was not once his signature is compared anew and does not agree', async () => {
    const named = [
      proxy({ document: colleaguesPassport }),
      copy(colleague, colleaguesPassport),
      signature(colleague, colleaguesPassport),
    ];
    const others = [
      signature(colleague, colleaguesPassport, { agrees: false, performedAt: later(lookedUpAt, MINUTE) }),
    ];
    expect((await words({ named, others, roles }))[0]).toBe('not not-checked-against-document');
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
