import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { at, paperRegistration, uuid, weighingScene, type WeighingCase } from '#libs/testing';

const { assessedAt, ids, lookedUpAt, personFacts, receivedAt } = paperRegistration;
const { company, director, employee, directorsPassport, employeesPassport } = ids;
const {
  colleague,
  colleaguesPassport,
  DAY,
  eSignature,
  elsewhere,
  fact,
  good,
  MINUTE,
  of,
  recordPassport,
  representation,
  signature,
  status,
} = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, weighed, words } = scene;

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

  it('PROOF-05: are nobody who is not uniquely identified, or may be the applicant under another record', async () => {
    const stranger = uuid('person', 5);
    await scene.memory.record('person', stranger, ...personFacts(stranger));
    const asks = representation(director, { limitation: 'obstructing', cosigners: [stranger] });
    const named = [asks, representation(stranger), eSignature(stranger)];
    expect((await words({ named }))[0]).toBe('counts not-cosigned');
    await recordPassport(scene.memory, stranger);
    expect((await words({ named: [...named] }))[0]).toBe('counts');
    const duplicate = { type: 'DuplicatesRecognized', data: { person: director, of: [stranger] } };
    await scene.memory.record('person', director, duplicate as never);
    expect((await words({ named: [...named] }))[0]).toBe('counts not-cosigned');
  });

  it('need all of them', async () => {
    const both = representation(director, { limitation: 'obstructing', cosigners: [colleague, employee] });
    expect((await words({ named: [both, cosigner, signed] }))[0]).toBe('counts not-cosigned');
    const second = [representation(employee), signature(employee, employeesPassport)];
    expect((await words({ named: [both, cosigner, signed, ...second] }))[0]).toBe('counts');
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

  it('PROOF-05: is declared valid by nobody who is not uniquely identified', async () => {
    const stranger = uuid('person', 5);
    await scene.memory.record('person', stranger, ...personFacts(stranger));
    const named = [mandate({ declaredBy: stranger }), representation(stranger)];
    expect((await words({ named }))[0]).toBe('not not-uniquely-identified');
    await recordPassport(scene.memory, stranger);
    expect((await words({ named: [...named] }))[0]).toBe('counts');
  });

  it('of a public body is declared valid by function too, with his own declaration', async () => {
    const town = uuid('party', 6);
    await scene.memory.record('party', town, {
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

describe('IV2-pub-iii: a mandate', () => {
  const mandate = fact('mandateDecisionCheck', of(director), {
    party: company,
    decision: 'decision-1',
    function: 'head of services',
    functionNamedInDecision: true,
    foundInOfficialSource: true,
    protocolVersion: 'p-1',
  });
  const limited = (members: object = {}) => representation(director, { limitation: 'obstructing', ...members });

  it('is no way for whom the register shows with a limitation, named or not (IV2-limits)', async () => {
    expect((await words({ named: [mandate, limited()] }))[0]).toBe('not limited-in-register');
    expect((await words({ named: [mandate], others: [limited()] }))[0]).toBe('not limited-in-register');
    expect((await words({ named: [mandate, limited({ basis: 'byFunction' })] }))[0]).toBe('not limited-in-register');
  });

  it.each<[string, readonly CheckFacts[]]>([
    ['without one', [representation(director)]],
    ['not at all', [limited({ outcome: 'notFound' })]],
    ['under another name', [limited({ agrees: false })]],
    ['at another party', [limited({ party: ids.otherCompany })]],
    ['as trustee', [limited({ capacity: 'trustee' })]],
    [
      'that the others have signed for',
      [limited({ cosigners: [colleague] }), representation(colleague), signature(colleague, colleaguesPassport)],
    ],
    ['no more', [limited(), representation(director, { asOf: later(lookedUpAt, MINUTE) })]],
    [
      'no more in his office',
      [limited(), limited({ outcome: 'notFound', agrees: false, asOf: later(lookedUpAt, MINUTE) })],
    ],
    ['in a register of other parties', [limited({ register: 'professionalRegister' })]],
  ])('stands where the register shows him %s', async (_how, beside) => {
    expect((await words({ named: [mandate, ...beside] }))[0]).toBe('counts');
  });

  it('is none either where the register said so in another application, as long as that counts (TR-01)', async () => {
    const there = (members: object = {}) => limited({ application: elsewhere, ...members });
    const first = async (others: readonly CheckFacts[], members: Partial<WeighingCase> = {}) => {
      await scene.renew();
      return (await words({ named: [mandate], others, ...members }))[0];
    };
    expect(await first([there()])).toBe('not limited-in-register');
    expect(await first([there({ asOf: later(receivedAt, -DAY) })])).toBe('not limited-in-register');
    expect(await first([there({ asOf: later(assessedAt, -5 * DAY - 1000) })])).toBe('counts');
    const unlimited = { limitation: 'none', asOf: later(lookedUpAt, MINUTE) };
    expect(await first([there(), there(unlimited)])).toBe('counts');
    expect(await first([there(), there({ ...unlimited, register: 'restGroupRegister' })])).toBe(
      'not limited-in-register',
    );
    // Said in this application it stands however long ago, and what says otherwise has to count (PROOF-01).
    const [ago, next] = [later(assessedAt, -6 * DAY), later(assessedAt, -5 * DAY)];
    expect(await first([limited({ asOf: ago })])).toBe('not limited-in-register');
    expect(await first([limited({ asOf: ago }), limited({ limitation: 'none', asOf: next })])).toBe(
      'not limited-in-register',
    );
    expect(await first([limited({ asOf: ago }), limited({ limitation: 'none', asOf: later(next, 1000) })])).toBe(
      'counts',
    );
  });

  it('stands where the register shows somebody else with a limitation', async () => {
    const other = representation(colleague, { limitation: 'obstructing' });
    const roles = { legalRepresentative: colleague };
    expect((await words({ named: [mandate, other], roles }))[0]).toBe('counts');
  });
});

describe('IV2-limits: who is shown by function', () => {
  const byFunction = (members: object = {}) => representation(director, { basis: 'byFunction', ...members });
  const limited = (members: object = {}) => representation(director, { limitation: 'obstructing', ...members });
  const there = { application: elsewhere, asOf: later(receivedAt, -DAY) };

  it.each<[string, readonly CheckFacts[]]>([
    ['here', [limited()]],
    ['in another application, before', [limited(there)]],
  ])('is not carried by it where the register shows him by name with a limitation %s', async (_where, others) => {
    expect((await words({ named: [byFunction()], others }))[0]).toBe('not limited-in-register');
  });

  it.each<[string, readonly CheckFacts[]]>([
    ['nobody shows him by name', []],
    ['by name he is not limited', [representation(director)]],
    ['he is not limited any more', [limited(), representation(director, { asOf: later(lookedUpAt, MINUTE) })]],
    ['another one is limited', [representation(employee, { limitation: 'obstructing' })]],
    [
      'the others have signed',
      [limited({ cosigners: [colleague] }), representation(colleague), signature(colleague, colleaguesPassport)],
    ],
  ])('is carried by it where %s', async (_how, beside) => {
    expect((await words({ named: [byFunction(), ...beside] }))[0]).toBe('counts');
  });

  it('declares and confirms all the same: limitations are not looked at there (PROOF-02)', async () => {
    const named = [representation(employee, { basis: 'byFunction' })];
    const others = [representation(employee, { limitation: 'obstructing' })];
    expect((await words({ named, others }))[0]).toBe('counts');
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
