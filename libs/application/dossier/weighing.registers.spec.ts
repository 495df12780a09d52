import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid, weighingScene } from '#libs/testing';
import { ageFault } from './verdicts.js';

const { assessedAt, ids, lookedUpAt, personFacts, receivedAt, recordChecks } = paperRegistration;
const { company, director, employee } = ids;
const { colleague, DAY, elsewhere, fact, MINUTE, of, party, representation } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, words } = scene;

describe('TR-01, PROOF-07: when a register was asked', () => {
  const look = (asOf: string) => fact('specialCircumstancesCheck', party, { asOf, outcome: 'none' });
  it('is during the process and less than five days ago', async () => {
    expect(await words({ named: [look(receivedAt)] })).toEqual(['counts']);
    expect(await words({ named: [look(later(receivedAt, -1))] })).toEqual(['not outside-process']);
    expect(await words({ named: [look(assessedAt)] })).toEqual(['counts']);
    expect(await words({ named: [look(later(assessedAt, 1000))] })).toEqual(['not outside-process']);
    expect(await words({ named: [look(receivedAt)], at: later(receivedAt, 5 * DAY - 1) })).toEqual(['counts']);
    expect(await words({ named: [look(receivedAt)], at: later(receivedAt, 5 * DAY) })).toEqual(['not too-old']);
  });

  it('is taken to the second, as the evaluation takes it', async () => {
    const { backbone } = scene.memory;
    const process = { application: { receivedAt: later(receivedAt, 700) } as never, at: assessedAt, backbone };
    for (const via of ['online', 'extract'] as const) {
      expect(ageFault(later(receivedAt, 1), via, process)).toBe(undefined);
      expect(ageFault(later(assessedAt, 999), via, process)).toBe(undefined);
      expect(ageFault(later(assessedAt, 1000), via, process)).toBe('outside-process');
    }
    expect(ageFault(later(receivedAt, -1), 'online', process)).toBe('outside-process');
    const fiveDays = { ...process, at: later(receivedAt, 5 * DAY) };
    expect(ageFault(later(receivedAt, 999), 'online', fiveDays)).toBe('too-old');
    expect(ageFault(later(receivedAt, 1000), 'online', fiveDays)).toBe(undefined);
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

describe('PROOF-01, TR-01: what a register said of the party in another application', () => {
  const lookup = (members: object = {}) =>
    fact('tradeRegisterLookup', party, {
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'found',
      agreesOn: ['number', 'name', 'address'],
      ...members,
    });
  const look = (members: object = {}) =>
    fact('specialCircumstancesCheck', party, { asOf: lookedUpAt, outcome: 'none', ...members });
  const afterwards = { application: elsewhere, asOf: later(lookedUpAt, MINUTE) };
  const earlier = { application: elsewhere, asOf: later(lookedUpAt, -MINUTE) };

  it.each<[string, CheckFacts, (members: object) => CheckFacts]>([
    ['the party is not there', lookup(), (when) => lookup({ outcome: 'notFound', agreesOn: [], ...when })],
    ['its data are others', lookup(), (when) => lookup({ agreesOn: ['number'], ...when })],
    ['he is not there', representation(director), (when) => representation(director, { outcome: 'notFound', ...when })],
    [
      'his power is limited',
      representation(director),
      (when) => representation(director, { limitation: 'obstructing', ...when }),
    ],
  ])('takes back an earlier answer and joins: %s', async (_what, named, adverse) => {
    const question = { named: [named], others: [adverse(afterwards)] };
    expect(await words(question)).toEqual(['not superseded', '+counts']);
    await scene.renew();
    expect(await words({ named: [named], others: [adverse(earlier)] })).toEqual(['counts']);
  });

  it('takes back a look that found nothing, and does not ask for its confirmation here', async () => {
    const finding = (when: object) => look({ outcome: 'found', otherRepresentativeRegistered: false, ...when });
    expect(await words({ named: [look()], others: [finding(afterwards)] })).toEqual([
      'not superseded',
      '+not other-application',
    ]);
    await scene.renew();
    expect(await words({ named: [look()], others: [finding(earlier)] })).toEqual(['counts']);
  });

  it('takes back what is named from that application itself', async () => {
    const stale = representation(director, { application: elsewhere });
    const gone = representation(director, { outcome: 'notFound', ...afterwards });
    expect(await words({ named: [stale], others: [gone] })).toEqual(['not superseded', '+counts']);
    // Asked again after that, he is there.
    const anew = representation(director, { asOf: later(lookedUpAt, 2 * MINUTE) });
    expect(await words({ named: [anew], others: [gone] })).toEqual(['counts']);
  });

  it('says nothing where it speaks of somebody else, or of nobody who is named', async () => {
    const others = [representation(colleague, { outcome: 'notFound', ...afterwards })];
    expect(await words({ named: [representation(director)], others })).toEqual(['counts']);
    expect(await words({ named: [lookup()], others })).toEqual(['counts']);
    const unreached = [representation(director, { outcome: 'unavailable', ...afterwards })];
    expect(await words({ named: [representation(director)], others: unreached })).toEqual(['counts']);
  });

  it('shows nobody any more who was shown before: he confirms nothing', async () => {
    const confirmation = fact('circumstancesConfirmation', party, {
      confirmer: colleague,
      capacity: 'representative',
      contact: uuid('contact', 1),
      confirmed: true,
    });
    const gone = [representation(colleague, { outcome: 'notFound', ...afterwards })];
    const named = [confirmation, representation(colleague)];
    expect((await words({ named }))[0]).toBe('not contact-not-independent');
    expect((await words({ named, others: gone }))[0]).toBe('not not-shown-by-register');
  });
});

describe('PROOF-01: an answer that counts for nothing', () => {
  const limited = representation(director, { limitation: 'obstructing' });
  const afterwards = { asOf: later(lookedUpAt, MINUTE) };

  it.each<[string, CheckFacts]>([
    ['is of another register', representation(director, { register: 'professionalRegister', ...afterwards })],
    ['is of another party', representation(director, { party: ids.otherCompany, ...afterwards })],
    ['is an extract of no trade register', representation(director, { register: 'authorityService', via: 'extract' })],
  ])('mends nothing where it %s, named or not', async (_why, other) => {
    expect((await words({ named: [limited, other] }))[0]).toBe('counts');
    await scene.renew();
    expect(await words({ named: [], others: [limited, other] })).toEqual(['+counts']);
  });

  it('mends nothing when it is too old by now, and something while it is not (TR-01)', async () => {
    const named = [limited, representation(director, afterwards)];
    const until = later(lookedUpAt, MINUTE + 5 * DAY);
    expect(await words({ named, at: later(until, -1000) })).toEqual(['not superseded', 'counts']);
    await scene.renew();
    expect(await words({ named, at: until })).toEqual(['counts', 'not too-old']);
  });

  it('mends nothing when what it compared was corrected after it was made (PROOF-13)', async () => {
    const asked = { performedAt: later(lookedUpAt, 2 * MINUTE) };
    const differs = representation(director, { sameDataAsIdentified: false, ...asked });
    const agreed = representation(director, { ...afterwards, performedAt: lookedUpAt });
    const corrected = (after: number) =>
      scene.memory.record('person', director, {
        type: 'PersonCorrected',
        data: {
          person: director,
          application: elsewhere,
          checks: [],
          correctedAt: later(lookedUpAt, after),
          corrected: ['familyName'],
          familyName: { clear: 'Bakker' },
          identifyingAttributes: ['familyName', 'givenNames', 'birthDate'],
        },
      } as never);
    expect(await words({ named: [differs, agreed] })).toEqual(['not superseded', 'counts']);
    await scene.renew();
    await corrected(MINUTE);
    expect(await words({ named: [differs, agreed] })).toEqual(['counts', 'not corrected-since']);
  });

  it('takes nothing back where it is of another register (D-13)', async () => {
    const gone = { outcome: 'notFound', register: 'restGroupRegister', ...afterwards } as const;
    expect(await words({ named: [representation(director), representation(director, gone)] })).toEqual([
      'counts',
      'not other-register',
    ]);
    expect(await words({ named: [representation(director)], others: [representation(director, gone)] })).toEqual([
      'counts',
    ]);
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
    await scene.memory.record('party', practice, {
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
    await scene.memory.record('person', twin, ...personFacts(twin));
    await scene.memory.record('person', colleague, { type: 'PersonLinked', data: { person: colleague, to: twin } });
    await scene.memory.record('party', practice, {
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

describe('ARCH-15: a separate channel', () => {
  const used = uuid('contact', 1);
  const confirmed = fact('separateChannelConfirmation', party, { medium: 'telephone', contact: used, confirmed: true });
  const supply = async (suppliedBy: object) =>
    scene.memory.record('party', company, {
      type: 'PartyContactRecorded',
      data: { party: company, contact: used, kind: 'telephone', value: { clear: '+31701234567' }, suppliedBy },
    } as never);
  it('is independent of the submitter where a look-up supplied the contact', async () => {
    const [lookup] = await recordChecks(scene.memory, [
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
