import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { findParty } from '../objects.js';
import { contactSource } from './contacts.js';

const { assessedAt, checkOf, ids, lookedUpAt, recordChecks, recordPaperRegistration } = paperRegistration;
const { company, director, employee } = ids;
const contact = uuid('contact', 1);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const fact = (type: CheckFacts['type'], about: object, members: object): CheckFacts =>
  checkOf({ type, about, ...members } as never);
const lookup = (members: object = {}) =>
  fact(
    'tradeRegisterLookup',
    { party: company },
    { via: 'online', asOf: lookedUpAt, outcome: 'found', agreesOn: ['number', 'name', 'address'], ...members },
  );
const entry = (person: string, members: object = {}) =>
  fact(
    'representationCheck',
    { person },
    {
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
    },
  );

/** Records the contact of the party or the person, supplied by that check. */
async function supply(of: 'party' | 'person', id: string, by: CheckFacts | 'submitter', its = contact) {
  const suppliedBy = by === 'submitter' ? { submitter: true } : { check: (await recordChecks(memory, [by]))[0] };
  await memory.record(of, id, {
    type: of === 'party' ? 'PartyContactRecorded' : 'PersonContactRecorded',
    data: { [of]: id, contact: its, kind: 'telephone', value: { clear: '+31701234567' }, suppliedBy },
  } as never);
}
async function sourceOf(used: string | undefined, persons?: readonly string[]) {
  const party = await findParty(memory.backbone, company, '');
  if ('fault' in party) throw new Error('not on record');
  return contactSource(memory.backbone, used, party.found, persons);
}

describe('ARCH-15, IV1-a: who supplied the contact of a party', () => {
  it('is an independent party where a look-up that found the party did', async () => {
    await supply('party', company, lookup());
    expect(await sourceOf(contact)).toBe('independentParty');
  });

  it.each<[string, CheckFacts]>([
    [
      'the register of professions',
      fact(
        'professionalRegisterLookup',
        { party: company },
        { asOf: lookedUpAt, outcome: 'found', registerDesignated: true, identifierAgrees: true },
      ),
    ],
    [
      'the register of the rest group',
      fact('restGroupRegisterLookup', { party: company }, { asOf: lookedUpAt, outcome: 'found', uniqueMatch: true }),
    ],
  ])('is an independent party too where %s did', async (_which, by) => {
    await supply('party', company, by);
    expect(await sourceOf(contact)).toBe('independentParty');
  });

  it.each<[string, CheckFacts | 'submitter']>([
    ['himself', 'submitter'],
    ['a look-up that found nothing', lookup({ outcome: 'notFound' })],
    ['a look-up that never answered', lookup({ outcome: 'unavailable' })],
    ['a look-up that agrees on nothing', lookup({ agreesOn: [] })],
    ['a look-up that does not agree on all', lookup({ agreesOn: ['number', 'name'] })],
    [
      'a register of professions that is none',
      fact(
        'professionalRegisterLookup',
        { party: company },
        { asOf: lookedUpAt, outcome: 'found', registerDesignated: false, identifierAgrees: true },
      ),
    ],
    [
      'a register of the rest group that found several',
      fact('restGroupRegisterLookup', { party: company }, { asOf: lookedUpAt, outcome: 'found', uniqueMatch: false }),
    ],
    ['a look-up of another party', lookup({ about: { party: ids.otherCompany } })],
    ['a look for a person', entry(director)],
    [
      'a check that looks nothing up',
      fact('specialCircumstancesCheck', { party: company }, { asOf: lookedUpAt, outcome: 'found' }),
    ],
    ['a check without an outcome', fact('organizationalUnitCheck', { party: company }, { concernsOneUnitOnly: false })],
  ])('is the submitter where it came from %s', async (_whom, by) => {
    await supply('party', company, by);
    expect(await sourceOf(contact)).toBe('submitter');
    expect(await sourceOf(contact, [])).toBe('submitter');
  });

  it('is the submitter where no contact is named, or one that nobody has, or its check is not on record', async () => {
    expect(await sourceOf(undefined)).toBe('submitter');
    expect(await sourceOf(uuid('contact', 2))).toBe('submitter');
    expect(await sourceOf(uuid('contact', 2), [director])).toBe('submitter');
    await memory.record('party', company, {
      type: 'PartyContactRecorded',
      data: {
        party: company,
        contact,
        kind: 'telephone',
        value: { clear: '+31701234567' },
        suppliedBy: { check: uuid('check', 999_999) },
      },
    } as never);
    expect(await sourceOf(contact)).toBe('submitter');
  });
});

describe('ARCH-15: who supplied the contact of a confirmer', () => {
  it('is an independent party where a look-up that found him did', async () => {
    await supply('person', director, entry(director));
    expect(await sourceOf(contact, [director])).toBe('independentParty');
    // Under whichever of his records.
    expect(await sourceOf(contact, [uuid('person', 8), employee, director])).toBe('independentParty');
  });

  it('is an independent party where the look-up found the party that he speaks for', async () => {
    await supply('person', director, lookup());
    expect(await sourceOf(contact, [director])).toBe('independentParty');
    await supply('party', company, entry(director), uuid('contact', 2));
    expect(await sourceOf(uuid('contact', 2), [director])).toBe('independentParty');
  });

  it('is an independent party where he is found with a limitation: he is reached all the same', async () => {
    await supply('person', director, entry(director, { limitation: 'obstructing' }));
    expect(await sourceOf(contact, [director])).toBe('independentParty');
  });

  it.each<[string, CheckFacts]>([
    ['somebody else', entry(employee)],
    ['nobody', entry(director, { outcome: 'notFound' })],
    ['him with other data', entry(director, { agrees: false })],
    ['another of his name', entry(director, { sameDataAsIdentified: false })],
    ['him in another party', entry(director, { party: ids.otherCompany })],
    ['him in a register of other parties', entry(director, { register: 'professionalRegister' })],
    ['something that is no look-up', fact('emailConfirmation', { person: director }, { confirmed: true })],
  ])('is the submitter where it came from a check that found %s', async (_whom, by) => {
    await supply('person', director, by);
    expect(await sourceOf(contact, [director])).toBe('submitter');
  });

  it('is the submitter where the contact is another person’s', async () => {
    await supply('person', director, entry(director));
    expect(await sourceOf(contact, [employee])).toBe('submitter');
    expect(await sourceOf(contact)).toBe('submitter');
  });
});
