import { beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { paperRegistration, uuid, weighingScene } from '#libs/testing';
import { settlePerson } from '../persons/recognition.js';
import { findApplication, findParty } from '../objects.js';
import { loadChecks } from './load-checks.js';
import { shownAttributes, type Corrected } from './shown-attributes.js';

const { ids, lookedUpAt, receivedAt, personFacts, recordChecks } = paperRegistration;
const { company, director, employee, employeesPassport, application } = ids;
const { colleague, copy, DAY, elsewhere, fact, MINUTE, of, party, representation, signature, status } = weighingScene;
const scene = weighingScene.sceneOfEach();

const all = ['familyName', 'givenNames', 'birthDate', 'birthPlace', 'address', 'email', 'telephone'];
const reached = ['address', 'email', 'telephone'];
const soon = later(lookedUpAt, MINUTE);

/** What the checks show, and how the named ones and those that joined stand. */
async function told(
  whose: Corrected,
  set: readonly string[],
  named: readonly CheckFacts[],
  others: readonly CheckFacts[] = [],
) {
  const { backbone } = scene.memory;
  await recordChecks(scene.memory, others);
  const loaded = await loadChecks(backbone, await recordChecks(scene.memory, named), '');
  const its = await findApplication(backbone, application, '');
  if ('faults' in loaded || 'fault' in its) throw new Error('not on record');
  const result = await shownAttributes(backbone, { of: whose, application: its.found, named: loaded.checks, set });
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return {
    shown: result.shown,
    words: result.evidence.map(
      ({ joined, counts, why }) =>
        `${joined ? '+' : ''}${counts ? 'counts' : 'not'}${why === undefined ? '' : ` ${why}`}`,
    ),
  };
}

describe('RIGHTS-06: what checks show of a person whose attributes are corrected', () => {
  const him = { person: employee };
  const mine = (type: CheckFacts['type'], members: object = {}): CheckFacts => fact(type, of(employee), members);
  const attributes = mine('identityAttributesRecorded', { uniquelyIdentifying: true });
  const number = (verified: boolean, members: object = {}) =>
    mine('officialNumberVerification', { verified, register: 'rvig', numberKind: 'citizenServiceNumber', ...members });
  const shown = async (...named: readonly CheckFacts[]) => (await told(him, ['familyName'], named)).shown;

  it.each<[string, () => CheckFacts, readonly string[]]>([
    ['what was submitted and recorded', () => attributes, all],
    ['a document whose copy is enclosed', () => copy(employee, employeesPassport), all],
    [
      'a document that is shown, or a copy of it',
      () => mine('physicalAppearance', { document: employeesPassport, mode: 'appeared', documentShown: 'copy' }),
      all,
    ],
    ['a number in an official register', () => number(true), all],
    ['a neutral third party', () => mine('neutralThirdParty', { party: 'insurer', agrees: true }), all],
    ['an address that he confirmed', () => mine('emailConfirmation', { confirmed: true }), ['email']],
    ['his signature', () => signature(employee, employeesPassport), reached],
    ['his electronic signature', () => weighingScene.eSignature(employee), reached],
    ['a number that was not verified', () => number(false), []],
    [
      'a neutral third party that does not agree',
      () => mine('neutralThirdParty', { party: 'bank', agrees: false }),
      [],
    ],
    ['somebody who is none (D-34)', () => mine('neutralThirdParty', { party: 'other', agrees: true }), []],
    ['an address that he did not confirm', () => mine('emailConfirmation', { confirmed: false }), []],
    ['a signature that is another’s', () => signature(employee, employeesPassport, { agrees: false }), []],
    ['a look at the number of his document', () => status(employee, employeesPassport, 'notReported'), []],
    ['a statement of his function', () => mine('functionDeclaration', { declaresAppointment: true }), []],
    ['a login that proves nothing', () => mine('authentication', { level: 'EH3', at: lookedUpAt }), []],
  ])('%s', async (_what, check, members) => {
    expect(await shown(check())).toEqual(members);
  });

  it('are together what each of them shows', async () => {
    const confirmed = mine('emailConfirmation', { confirmed: true });
    expect(await told(him, ['email', 'familyName'], [confirmed, number(false)])).toEqual({
      shown: ['email'],
      words: ['counts', 'not does-not-show-it'],
    });
    await scene.renew();
    expect(await told(him, ['familyName'], [confirmed, attributes])).toEqual({
      shown: ['email', ...all.filter((name) => name !== 'email')],
      words: ['not does-not-show-it', 'counts'],
    });
  });

  it('and not what a later answer of the application takes back, whoever names it', async () => {
    const later_ = number(false, { performedAt: soon });
    expect(await told(him, ['familyName'], [number(true)], [later_])).toEqual({
      shown: [],
      words: ['not superseded', '+counts'],
    });
    const mended = number(true, { performedAt: later(soon, MINUTE) });
    expect(await told(him, ['familyName'], [number(false), mended])).toMatchObject({ shown: all });
  });

  it('and nothing by a document that has expired, is reported, or is another’s too', async () => {
    const named = [copy(employee, employeesPassport)];
    await recordChecks(scene.memory, [status(employee, employeesPassport, 'reported', { application: elsewhere })]);
    expect(await told(him, ['familyName'], named)).toMatchObject({
      shown: [],
      words: ['not document-reported', '+counts'],
    });
    await scene.renew();
    await scene.memory.record('person', employee, {
      type: 'DocumentRecorded',
      data: {
        person: employee,
        document: uuid('doc', 7),
        documentType: 'passport',
        number: { clear: 'NX1234567' },
        expiresOn: { clear: '2026-03-01' },
      },
    } as never);
    expect(await told(him, ['familyName'], named)).toEqual({ shown: [], words: ['not expired-document'] });
    await scene.renew();
    await scene.memory.record('person', employee, {
      type: 'PersonDistinguished',
      data: { person: employee, from: colleague, by: ['familyName'] },
    } as never);
    await settlePerson(scene.memory.backbone, colleague as never);
    const both = [copy(employee, employeesPassport), attributes];
    expect(await told(him, ['familyName'], both)).toMatchObject({
      words: ['not document-of-another-person', 'counts'],
    });
  });

  it('although he is not unique by what is on record: that may be the mistake', async () => {
    const twin = uuid('person', 7);
    await scene.memory.record('person', twin, ...personFacts(twin, undefined, employee));
    const check = fact('identityAttributesRecorded', of(twin), { uniquelyIdentifying: false });
    expect(await told({ person: twin }, ['birthDate'], [check])).toEqual({ shown: all, words: ['counts'] });
  });

  it('after another correction as well: each sees what it corrects anew', async () => {
    await scene.memory.record('person', employee, {
      type: 'PersonCorrected',
      data: {
        person: employee,
        application,
        checks: [],
        familyName: { clear: 'Pietersen' },
        corrected: ['familyName'],
        correctedAt: soon,
        identifyingAttributes: ['familyName', 'givenNames', 'birthDate'],
      },
    } as never);
    expect(await told(him, ['birthDate'], [attributes])).toMatchObject({ shown: all, words: ['counts'] });
  });
});

describe('RIGHTS-06: what checks show of a party whose attributes are corrected', () => {
  const details = ['name', 'address', 'email', 'telephone'];
  const practice = uuid('party', 3);
  const group = uuid('party', 4);
  beforeEach(async () => {
    const registered = (its: string, kind: string, register: string, members: object = {}) =>
      scene.memory.record('party', its, {
        type: 'PartyRegistered',
        data: { party: its, kind, register, number: `P-${kind}`, publicDetails: { name: 'De Praktijk' }, ...members },
      } as never);
    await registered(practice, 'practitioner', 'professional', { person: director });
    await registered(group, 'restGroupEntity', 'trr');
  });
  async function its(id: string, person?: string): Promise<Corrected> {
    const found = await findParty(scene.memory.backbone, id, '');
    if ('fault' in found) throw new Error('not on record');
    return { party: { ...found.found, ...(person === undefined ? {} : { person: person as never }) } };
  }
  const lookup = (members: object = {}): CheckFacts =>
    fact('tradeRegisterLookup', party, {
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'found',
      agreesOn: ['number', 'name', 'address'],
      ...members,
    });
  const professional = (members: object = {}): CheckFacts =>
    fact(
      'professionalRegisterLookup',
      { party: practice },
      {
        asOf: lookedUpAt,
        outcome: 'found',
        registerDesignated: true,
        identifierAgrees: true,
        ...members,
      },
    );
  const rest = (members: object = {}): CheckFacts =>
    fact(
      'restGroupRegisterLookup',
      { party: group },
      { asOf: lookedUpAt, outcome: 'found', uniqueMatch: true, ...members },
    );
  const practises = (person: string, members: object = {}): CheckFacts =>
    representation(person, { party: practice, register: 'professionalRegister', ...members });

  it.each<[string, () => CheckFacts, string, readonly string[]]>([
    [
      'what was submitted and recorded',
      () => fact('identityAttributesRecorded', party, { uniquelyIdentifying: true }),
      company,
      details,
    ],
    ['a look in the trade register', () => lookup(), company, details],
    [
      'one that agrees on the name alone',
      () => lookup({ agreesOn: ['number', 'name'] }),
      company,
      ['name', 'email', 'telephone'],
    ],
    ['one that agrees on its number alone', () => lookup({ agreesOn: ['number'] }), company, ['email', 'telephone']],
    ['one of another number', () => lookup({ agreesOn: ['name', 'address'] }), company, []],
    ['one that found nothing', () => lookup({ outcome: 'notFound', agreesOn: [] }), company, []],
    ['one whose source was away', () => lookup({ outcome: 'unavailable' }), company, []],
    ['one of before the application', () => lookup({ asOf: later(receivedAt, -1) }), company, []],
    [
      'one of before that agrees on some',
      () => lookup({ asOf: later(receivedAt, -1), agreesOn: ['number', 'name'] }),
      company,
      [],
    ],
    [
      'an extract that is five days old',
      () => lookup({ via: 'extract', asOf: later(lookedUpAt, -5 * DAY) }),
      company,
      [],
    ],
    [
      'a look for circumstances',
      () => fact('specialCircumstancesCheck', party, { asOf: lookedUpAt, outcome: 'none' }),
      company,
      [],
    ],
    ['a look for its units', () => fact('organizationalUnitCheck', party, { concernsOneUnitOnly: false }), company, []],
    [
      'a channel that the submitter told',
      () => fact('separateChannelConfirmation', party, { confirmed: true }),
      company,
      [],
    ],
    ['a look in the register of the profession', () => professional(), practice, [...details, 'person']],
    ['one that found nothing', () => professional({ outcome: 'notFound' }), practice, []],
    ['one of another identifier', () => professional({ identifierAgrees: false }), practice, []],
    [
      'a look in another register than the practitioner’s',
      () =>
        fact(
          'tradeRegisterLookup',
          { party: practice },
          { via: 'online', asOf: lookedUpAt, outcome: 'found', agreesOn: ['number', 'name', 'address'] },
        ),
      practice,
      [],
    ],
    ['a look in the register of rest groups', () => rest(), group, details],
    ['one with several matches', () => rest({ uniqueMatch: false }), group, []],
  ])('%s', async (_what, check, id, members) => {
    expect((await told(await its(id), ['name'], [check()])).shown).toEqual(members);
  });

  it('is its practitioner by the register of the profession, which shows him by name', async () => {
    const person = async (...named: readonly CheckFacts[]) =>
      (await told(await its(practice, employee), ['person'], named)).shown;
    expect(await person(practises(employee))).toEqual(['person']);
    expect(await person(practises(employee, { limitation: 'obstructing' }))).toEqual(['person']);
    for (const members of [
      { outcome: 'notFound' },
      { agrees: false },
      { sameDataAsIdentified: false },
      { basis: 'byFunction' },
      { register: 'tradeRegister' },
      { asOf: later(receivedAt, -1) },
    ])
      expect([members, await person(practises(employee, members))]).toEqual([members, []]);
  });

  it('and not what a later look of the application does not show any more', async () => {
    const after = (members: object) => lookup({ asOf: soon, performedAt: soon, ...members });
    const its_ = await its(company);
    expect(await told(its_, ['name'], [lookup()], [after({ outcome: 'notFound', agreesOn: [] })])).toEqual({
      shown: [],
      words: ['not superseded', '+counts'],
    });
    await scene.renew();
    const partly = lookup({ agreesOn: ['number', 'name'] });
    const less = after({ agreesOn: ['number'] });
    expect((await told(its_, ['name'], [partly], [less])).shown).toEqual(['email', 'telephone']);
    await scene.renew();
    expect((await told(its_, ['name'], [partly], [after({ outcome: 'unavailable', agreesOn: [] })])).shown).toContain(
      'name',
    );
    const there = after({ outcome: 'notFound', agreesOn: [], application: elsewhere });
    expect((await told(its_, ['name'], [partly], [there])).shown).toContain('name');
  });
});
