import { beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { at, paperRegistration, uuid, weighingScene } from '#libs/testing';

const { assessedAt, ids, lookedUpAt, recordChecks } = paperRegistration;
const { company, director, employee } = ids;
const {
  colleague,
  colleaguesPassport,
  confirmation,
  copy,
  DAY,
  eSignature,
  elsewhere,
  fact,
  found,
  MINUTE,
  of,
  recordContact,
  representation,
  signature,
  status,
} = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, weighed, words } = scene;

describe('PROOF-02: who confirms after a finding', () => {
  const twin = uuid('person', 7);
  beforeEach(() => recordContact(scene.memory));

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

  it('is the applicant only where no other representative is registered (IV3-extra, AMB-63)', async () => {
    const second = async (finding: object, ...beside: readonly CheckFacts[]) => {
      const question = { named: [found(finding), confirmation(director), representation(director)], others: beside };
      return [(await words(question))[1], (await handed(question))[1]];
    };
    const own = expect.objectContaining({ confirmedBy: 'representativeInApplication' });
    expect(await second({})).toEqual(['counts', own]);
    expect(await second({ otherRepresentativeRegistered: true })).toEqual(['not confirmer-in-application', own]);
    expect(await second({}, representation(colleague, { application: elsewhere }))).toEqual([
      'not confirmer-in-application',
      own,
    ]);
  });

  describe('who signed along with the applicant', () => {
    const third = uuid('person', 4);
    const limited = representation(director, { limitation: 'obstructing', cosigners: [colleague] });
    const signed = signature(colleague, colleaguesPassport);
    const judged = async (
      confirmer: string,
      {
        finding = {},
        sign = [signed] as readonly CheckFacts[],
        others = [] as readonly CheckFacts[],
        capacity = 'representative',
      } = {},
    ) => {
      const shown = [limited, representation(colleague), ...sign];
      const named = [confirmation(confirmer, capacity), found(finding), ...shown];
      const record = (await handed({ named, others })).find(({ type }) => type === 'circumstancesConfirmation');
      return [(await words({ named, others }))[0], (record as { confirmedBy?: string } | undefined)?.confirmedBy];
    };

    it('is another than he, where nobody is registered who did not', async () => {
      expect(await judged(colleague)).toEqual(['counts', 'otherRepresentative']);
      expect(await judged(director)).toEqual(['not confirmer-in-application', 'representativeInApplication']);
    });

    it.each<[string, Parameters<typeof judged>[1]]>([
      ['is said to be registered', { finding: { otherRepresentativeRegistered: true } }],
      ['is registered', { others: [representation(third, { application: elsewhere })] }],
      [
        'is registered, however he signed',
        { sign: [eSignature(colleague)], others: [representation(third, { application: elsewhere })] },
      ],
    ])('is none where a third %s', async (_how, beside) => {
      expect(await judged(colleague, beside)).toEqual(['not confirmer-in-application', 'representativeInApplication']);
    });

    it.each<[string, readonly CheckFacts[]]>([
      ['nothing', []],
      ['another application', [signature(colleague, colleaguesPassport, { application: elsewhere })]],
      ['a login', [eSignature(colleague, { source: { name: 'ad-1', reference: 'assertion-1' } })]],
    ])('is not who signed %s', async (what, sign) => {
      const login = fact('authentication', of(colleague), {
        level: 'EH3',
        at: lookedUpAt,
        assertion: { reference: 'assertion-1', signatureValidation: uuid('check', 900_000) },
      });
      const finding = { otherRepresentativeRegistered: true };
      const beside = what === 'a login' ? [...sign, login] : sign;
      expect(await judged(colleague, { finding, sign: beside })).toEqual(['counts', 'otherRepresentative']);
    });

    const act = (type: CheckFacts['type'], members: object = {}) => fact(type, of(colleague), members);
    const bank = {
      succeeded: true,
      completedAt: lookedUpAt,
      accountOpenedWithIdDocument: true,
      nameAgreesWithDocument: true,
      nameAgreesWithAttributes: true,
    };
    const shownOriginal = { document: colleaguesPassport, mode: 'appeared', documentShown: 'original' };
    const underProxy = { writtenAndSigned: true, document: colleaguesPassport };

    it.each<[string, CheckFacts]>([
      ['appeared', act('physicalAppearance', shownOriginal)],
      ['made a bank transaction', act('bankTransaction', bank)],
      ['signed as his archived signature says', act('archivedSignatureComparison', { form: 'original', agrees: true })],
      [
        'signed a deed',
        fact('privateDeed', { application: ids.application }, { signer: colleague, signedWith: 'hand' }),
      ],
      ['granted a proxy', fact('proxyCheck', of(director), { ...underProxy, grantor: colleague })],
      ['granted a proxy to a stranger', fact('proxyCheck', of(third), { ...underProxy, grantor: colleague })],
      ['holds a proxy', act('proxyCheck', { ...underProxy, grantor: third })],
    ])('IV3-extra: occurs like whoever %s, in this application', async (_how, acted) => {
      const finding = { otherRepresentativeRegistered: true };
      const heard = ['counts', 'otherRepresentative'];
      const there = [{ ...acted, application: elsewhere }];
      expect(await judged(colleague, { finding, sign: [], others: there })).toEqual(heard);
      await scene.renew();
      await recordContact(scene.memory);
      expect(await judged(colleague, { finding: {}, sign: [], others: [acted] })).toEqual(heard);
      const refused = ['not confirmer-in-application', 'representativeInApplication'];
      expect(await judged(colleague, { finding, sign: [], others: [acted] })).toEqual(refused);
    });

    it.each<[string, readonly CheckFacts[]]>([
      [
        'identified',
        [
          act('identityAttributesRecorded', { uniquelyIdentifying: true }),
          copy(colleague, colleaguesPassport),
          status(colleague, colleaguesPassport, 'notReported'),
        ],
      ],
      ['shown', [act('functionDeclaration', { declaresAppointment: true })]],
    ])('does not occur by being %s', async (_how, others) => {
      const finding = { otherRepresentativeRegistered: true };
      expect(await judged(colleague, { finding, sign: [], others })).toEqual(['counts', 'otherRepresentative']);
    });

    it('is not asked for where nobody is said to apply, as in a clearing', async () => {
      const parts = ['submitter', 'authorizedPerson', 'means', 'meansApplication'].map((part) => [part, undefined]);
      const named = [
        confirmation(colleague),
        found({ otherRepresentativeRegistered: true }),
        representation(colleague),
        signed,
      ];
      expect((await words({ named, roles: Object.fromEntries(parts) as object }))[0]).toBe('counts');
    });

    it('confirms as trustee whoever else is registered', async () => {
      const trustee = representation(colleague, { capacity: 'trustee', register: 'insolvencyRegister' });
      const beside = { finding: { otherRepresentativeRegistered: true }, sign: [signed, trustee] };
      expect(await judged(colleague, { ...beside, capacity: 'trustee' })).toEqual(['counts', 'trustee']);
    });

    it('is asked nothing while nothing was found, of this party and in this application', async () => {
      const named = [confirmation(colleague), limited, representation(colleague), signed];
      for (const others of [
        [],
        [found({ application: elsewhere, otherRepresentativeRegistered: true })],
        [found({ about: { party: ids.otherCompany }, otherRepresentativeRegistered: true })],
      ]) {
        const roles = { authorizedPerson: undefined as never, authorizedParty: ids.otherCompany };
        expect((await words({ named, others, roles }))[0]).toBe('counts');
      }
    });
  });

  it('is nobody who was asked by what the submitter gave', async () => {
    const given = uuid('contact', 2);
    await scene.memory.record('party', company, {
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
    await weighingScene.recordPassport(scene.memory, colleague);
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

  const asked = (performedAt: string) => [
    found(),
    confirmation(colleague, 'representative', { performedAt }),
    representation(colleague),
  ];

  it('was asked after the latest finding, or the very moment', async () => {
    expect((await words({ named: asked(lookedUpAt) }))[1]).toBe('counts');
    expect((await words({ named: asked(later(lookedUpAt, -1)) }))[1]).toBe('not before-the-finding');
    // A second finding asks again, whether it is named or not.
    const second = found({ asOf: later(lookedUpAt, MINUTE) });
    expect((await words({ named: asked(lookedUpAt), others: [second] }))[1]).toBe('not before-the-finding');
  });

  it('was asked after the latest finding of whatever application that nobody has cleared', async () => {
    const [first, second] = await recordChecks(scene.memory, [
      found({ application: elsewhere }),
      found({ application: elsewhere, asOf: later(lookedUpAt, MINUTE) }),
    ]);
    expect((await words({ named: asked(lookedUpAt) }))[1]).toBe('not before-the-finding');
    expect((await words({ named: asked(later(lookedUpAt, MINUTE)) }))[1]).toBe('counts');
    const clear = (finding: string) =>
      scene.memory.record('party', company, {
        type: 'SpecialCircumstancesCleared',
        data: { party: company, clearedAt: assessedAt, findings: [finding] },
      } as never);
    await clear(first!);
    expect((await words({ named: asked(lookedUpAt) }))[1]).toBe('not before-the-finding');
    await clear(second!);
    expect((await words({ named: asked(lookedUpAt) }))[1]).toBe('counts');
  });

  it('is not before a finding at another party', async () => {
    const other = { about: { party: ids.otherCompany }, asOf: later(lookedUpAt, MINUTE), application: elsewhere };
    await recordChecks(scene.memory, [found(other)]);
    expect((await words({ named: asked(lookedUpAt) }))[1]).toBe('counts');
  });

  it('answers an earlier finding too', async () => {
    const earlier = found({ asOf: later(lookedUpAt, -MINUTE) });
    expect((await words({ named: asked(lookedUpAt), others: [earlier] }))[1]).toBe('counts');
  });

  it('is nobody who may be somebody of the application under another record (MEANS-ID2-ii.b)', async () => {
    const named = [found(), confirmation(colleague), representation(colleague)];
    expect((await words({ named }))[1]).toBe('counts');
    await scene.memory.record('person', twin, ...paperRegistration.personFacts(twin, undefined, director));
    const asTwin = [found(), confirmation(twin), representation(twin)];
    expect((await words({ named: asTwin }))[1]).toBe('not not-uniquely-identified');
  });

  it('PROOF-05: is nobody who is known by a family name alone, or by a document that has expired', async () => {
    const stranger = uuid('person', 5);
    await scene.memory.record('person', stranger, {
      type: 'PersonRegistered',
      data: { person: stranger, familyName: { clear: 'Jansen' }, identifyingAttributes: ['familyName'] },
    } as never);
    const named = [found(), confirmation(stranger), representation(stranger)];
    expect((await words({ named }))[1]).toBe('not not-uniquely-identified');
    const asked = [found(), confirmation(colleague), representation(colleague)];
    const next = at('2026-03-03T00:00:00+01:00');
    expect((await words({ named: asked, at: next }))[1]).toBe('not not-uniquely-identified');
    await weighingScene.recordPassport(scene.memory, stranger);
    expect((await words({ named: [...named], at: next }))[1]).toBe('counts');
  });

  it('PROOF-05: is nobody of whom the applicant may be another record: the record of either may say so', async () => {
    const duplicates = { type: 'DuplicatesRecognized', data: { person: director, of: [colleague, employee] } };
    const recorded = fact('identityAttributesRecorded', of(employee), { uniquelyIdentifying: true });
    const named = [found(), confirmation(colleague), representation(colleague), recorded];
    expect(await words({ named })).toEqual(['counts', 'counts', 'counts', 'counts']);
    await scene.memory.record('person', director, duplicates as never);
    const verdicts = await words({ named: [...named] });
    expect([verdicts[1], verdicts[3]]).toEqual(['not not-uniquely-identified', 'not not-uniquely-identified']);
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
    ['comes after the assessment', { outcome: 'notFound', asOf: later(assessedAt, 1) }],
    ['shows him again', {}],
  ])('is one still where the other answer %s', async (_which, members) => {
    const other = representation(colleague, { asOf: later(lookedUpAt, MINUTE), ...members });
    expect(await said(representation(colleague), other)).toBe(true);
  });
});

describe('PROOF-01, PROOF-12: the mark of a party', () => {
  it('is set by a finding in whatever application, until it is cleared', async () => {
    const marked = async () => (await weighed({})).circumstancesReported;
    expect(await marked()).toBe(false);
    const [finding] = await recordChecks(scene.memory, [found({ application: elsewhere })]);
    expect(await marked()).toBe(true);
    const cleared = (findings?: readonly string[]) =>
      scene.memory.record('party', company, {
        type: 'SpecialCircumstancesCleared',
        data: { party: company, clearedAt: assessedAt, ...(findings === undefined ? {} : { findings }) },
      });
    await cleared([]);
    expect(await marked()).toBe(true);
    await cleared([finding!]);
    expect(await marked()).toBe(false);
    await recordChecks(scene.memory, [found({ application: elsewhere })]);
    expect(await marked()).toBe(true);
    // A clearing of the first release cleared all that was there.
    await cleared();
    expect(await marked()).toBe(false);
  });

  it('is not of another party, and a finding of another application asks no confirmation here', async () => {
    await recordChecks(scene.memory, [found({ about: { party: ids.otherCompany }, application: elsewhere })]);
    expect((await weighed({})).circumstancesReported).toBe(false);
    expect(await words({ named: [found({ application: elsewhere })] })).toEqual(['not other-application']);
  });
});
