import { describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import { paperRegistration, uuid, weighingScene } from '#libs/testing';

const { assessedAt, ids, lookedUpAt, personFacts, receivedAt, recordChecks } = paperRegistration;
const { company, director, employee } = ids;
const { colleague, DAY, fact, of, party, representation } = weighingScene;
const scene = weighingScene.sceneOfEach();
const { handed, words } = scene;

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
