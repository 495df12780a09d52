import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PersonId } from '#libs/kernel';
import { byDocument, type CheckFacts } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { searchHashes, settlePerson } from '../persons/recognition.js';
import { aboutDocuments, documentsOf, reportedDocuments } from './documents.js';
import { humansOf } from './humans.js';
import { loadChecks } from './load-checks.js';

const { assessedAt, checkOf, ids, personFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const { director, employee, directorsPassport, employeesPassport } = ids;
const licence = uuid('doc', 8);
const stranger = uuid('person', 7);
const elsewhere = uuid('appl', 9);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const have = async (person: string, document: string, members: object = {}) => {
  await memory.record('person', person, {
    type: 'DocumentRecorded',
    data: {
      person,
      document,
      documentType: 'drivingLicence',
      number: { clear: '5123456789' },
      expiresOn: { clear: '2030-01-01' },
      ...members,
    },
  } as never);
  await settlePerson(memory.backbone, person as never);
};
/** The documents of these persons and of whoever is one human with them. */
async function documents(persons: readonly string[] = [employee], moment = assessedAt) {
  const humans = await humansOf(memory.backbone, persons, []);
  return documentsOf(memory.backbone, humans, [...new Set(persons.flatMap(humans.recordsOf))], moment);
}

describe('PROOF-03: a document that proves something', () => {
  it('has not passed its last day, as it is in Amsterdam', async () => {
    const isValid = async (moment: string) => (await documents([employee], at(moment))).isValid(employeesPassport);
    expect(await isValid('2026-03-02T23:59:59.999+01:00')).toBe(true);
    expect(await isValid('2026-03-03T00:00:00+01:00')).toBe(false);
  });

  it('is on record, with one of those who are looked at', async () => {
    const { isValid } = await documents();
    expect(isValid(undefined)).toBe(false);
    expect(isValid(uuid('doc', 99))).toBe(false);
    expect(isValid(directorsPassport)).toBe(false);
  });

  it('is none once it is erased', async () => {
    memory.vault.destroyKey({ kind: 'document', id: employeesPassport });
    expect((await documents()).isValid(employeesPassport)).toBe(false);
  });

  it('is one of the person who has it', async () => {
    await have(employee, licence);
    const { validOf } = await documents([employee, director]);
    expect([...validOf(employee)].sort()).toStrictEqual([employeesPassport, licence].sort());
    expect([...validOf(director)]).toStrictEqual([directorsPassport]);
    const next = await documents([employee, director], at('2026-03-03T00:00:00+01:00'));
    expect([...next.validOf(employee)]).toStrictEqual([licence]);
    expect([...next.validOf(director)]).toStrictEqual([]);
  });
});

describe('MEANS-ID2-ii.b: records of the same document', () => {
  const same = async (document = licence) => [...(await documents()).sameAs(document)].sort();
  const another = uuid('doc', 9);
  beforeEach(async () => {
    await memory.record('person', stranger, ...personFacts(stranger));
    await have(employee, licence);
  });

  it('are all with its type and number, of whatever person, however the number was typed', async () => {
    expect(await same()).toStrictEqual([licence]);
    await have(stranger, another, { number: { clear: '5123-456 789' } });
    expect(await same()).toStrictEqual([licence, another].sort());
  });

  it('are all of one person too', async () => {
    await have(employee, another);
    expect(await same()).toStrictEqual([licence, another].sort());
  });

  it.each<[string, object]>([
    ['of another type', { documentType: 'passport' }],
    ['of another number', { number: { clear: '5123456780' } }],
  ])('are none %s', async (_what, members) => {
    await have(stranger, another, members);
    expect(await same()).toStrictEqual([licence]);
  });

  it('are told apart by the issuing state where both have one', async () => {
    const [dutch, belgian] = [uuid('doc', 10), uuid('doc', 11)];
    const number = { clear: 'B123456' };
    await have(employee, dutch, { number, issuingState: { clear: 'NLD' } });
    await have(stranger, belgian, { number, issuingState: { clear: 'BEL' } });
    expect(await same(dutch)).toStrictEqual([dutch]);
    await have(stranger, another, { number });
    expect(await same(dutch)).toStrictEqual([dutch, another].sort());
  });

  it('of one that is erased, or not on record, are itself', async () => {
    memory.vault.destroyKey({ kind: 'document', id: licence });
    expect(await same()).toStrictEqual([licence]);
    expect(await same(uuid('doc', 99))).toStrictEqual([uuid('doc', 99)]);
  });
});

describe('MEANS-ID2-ii.b: a document that one human has on record twice', () => {
  const again = uuid('doc', 9);
  const link = (person: string, to: string) =>
    memory.record('person', person, { type: 'PersonLinked', data: { person, to } } as never);
  beforeEach(() => have(employee, licence, { expiresOn: { clear: '2028-05-05' } }));

  it('is one, whatever day each record says it ends on: the first of them', async () => {
    await have(employee, again, { number: { clear: '5123 456 789' }, expiresOn: { clear: '2031-05-05' } });
    for (const [moment, isValid] of [
      ['2028-05-05T23:59:59.999+02:00', true],
      ['2028-05-06T00:00:00+02:00', false],
    ] as const) {
      const its = await documents([employee], at(moment));
      expect([its.of(licence), its.of(again)]).toStrictEqual([licence, licence]);
      expect([its.isValid(licence), its.isValid(again)]).toStrictEqual([isValid, isValid]);
      expect(its.faultOf(again)).toBe(isValid ? undefined : 'expired-document');
      expect(its.validOf(employee).has(employeesPassport)).toBe(at(moment) < '2026-03-03');
    }
  });

  it('is one of those that identify him, and not two', async () => {
    await have(employee, again);
    expect((await documents()).validOf(employee).size).toBe(2);
    await have(employee, uuid('doc', 10), { number: { clear: '5123456780' } });
    expect((await documents()).validOf(employee).size).toBe(3);
  });

  it('is one under whichever record of him, and each record has it', async () => {
    await memory.record('person', stranger, ...personFacts(stranger));
    await have(stranger, again, { expiresOn: { clear: '2026-03-01' } });
    expect((await documents([employee, stranger])).of(again)).toBe(again);
    expect((await documents()).isValid(licence)).toBe(true);
    await link(stranger, employee);
    const { of, isValid, validOf } = await documents();
    expect(of(again)).toBe(licence);
    expect([isValid(licence), isValid(again)]).toStrictEqual([false, false]);
    expect(validOf(stranger).size).toBe(0);
    const before = await documents([employee], at('2026-02-01T12:00:00Z'));
    expect([...before.validOf(stranger)]).toStrictEqual([again]);
    expect([...before.validOf(employee)].sort()).toStrictEqual([employeesPassport, licence].sort());
  });

  it('is itself once it is erased, or where nobody has it', async () => {
    await have(employee, again);
    memory.vault.destroyKey({ kind: 'document', id: licence });
    const { of, isValid } = await documents();
    expect([of(licence), of(again), of(uuid('doc', 99))]).toStrictEqual([licence, again, uuid('doc', 99)]);
    expect([isValid(licence), isValid(again)]).toStrictEqual([false, true]);
  });
});

describe('MEANS-ID2-ii.b: a document that two humans have on record', () => {
  const theirs = uuid('doc', 9);
  const another = uuid('person', 8);
  const fault = 'document-of-another-person';
  beforeEach(async () => {
    await memory.record('person', stranger, ...personFacts(stranger, undefined, employee));
    await have(employee, licence);
    await have(stranger, theirs);
  });
  const distinguish = (person: string, from: string) =>
    memory.record('person', person, {
      type: 'PersonDistinguished',
      data: { person, from, by: ['familyName'] },
    } as never);
  const faults = async (...persons: readonly string[]) => {
    const { faultOf, validOf } = await documents(persons);
    return [faultOf(licence), faultOf(theirs), validOf(employee).has(licence), validOf(stranger).has(theirs)];
  };

  it('is nobody’s for the register once a clerk has told them apart, whoever of them is looked at', async () => {
    expect(await faults(employee, stranger)).toStrictEqual([undefined, undefined, true, true]);
    await distinguish(stranger, employee);
    expect(await faults(employee, stranger)).toStrictEqual([fault, fault, false, false]);
    expect(await faults(employee)).toStrictEqual([fault, 'expired-document', false, false]);
    expect(await faults(stranger)).toStrictEqual(['expired-document', fault, false, false]);
    // His other documents are his.
    expect((await documents()).faultOf(employeesPassport)).toBeUndefined();
  });

  it('is nobody’s whichever records of both were told apart', async () => {
    await memory.record('person', another, ...personFacts(another, undefined, stranger), {
      type: 'PersonLinked',
      data: { person: another, to: stranger },
    } as never);
    await distinguish(another, employee);
    expect(await faults(employee)).toStrictEqual([fault, 'expired-document', false, false]);
    expect(await faults(stranger)).toStrictEqual(['expired-document', fault, false, false]);
  });

  it('is nobody’s when a third one was told apart too, and is his who has it where they are one human', async () => {
    await memory.record('person', another, ...personFacts(another, undefined, employee), {
      type: 'PersonLinked',
      data: { person: another, to: employee },
    } as never);
    await have(another, uuid('doc', 10));
    expect(await faults(employee)).toStrictEqual([undefined, 'expired-document', true, false]);
    await distinguish(employee, stranger);
    expect(await faults(another)).toStrictEqual([fault, 'expired-document', false, false]);
  });

  it('of somebody who was told apart and has another one is his', async () => {
    await distinguish(stranger, director);
    expect(await faults(employee, stranger)).toStrictEqual([undefined, undefined, true, true]);
  });
});

describe('PROOF-01: reported documents that are presented here', () => {
  const report = (person: string, document: string, members: object = {}): CheckFacts =>
    checkOf({ type: 'idDocumentStatus', about: { person }, document, status: 'reported', ...members } as never);
  const copy = checkOf({
    type: 'idCopyEnclosed',
    about: { person: employee },
    document: employeesPassport,
    presentation: 'paper',
  });
  async function reports(...here: readonly CheckFacts[]) {
    const { backbone } = memory;
    const loaded = await loadChecks(backbone, await recordChecks(memory, here), '');
    if ('faults' in loaded) throw new Error('not on record');
    const found = await reportedDocuments(backbone, loaded.checks, await documents([employee, director]));
    return {
      documents: [...found.documents],
      elsewhere: found.elsewhere.map(({ facts }) => [
        (facts as { readonly document?: string }).document,
        (facts.about as { readonly person?: string }).person,
      ]),
    };
  }

  it('are those that were found so in another application, as looks at what is presented', async () => {
    await recordChecks(memory, [report(employee, employeesPassport, { application: elsewhere })]);
    expect(await reports(copy)).toStrictEqual({
      documents: [employeesPassport],
      elsewhere: [[employeesPassport, employee]],
    });
  });

  it('are those that were found so under a record behind any number of later ones of the same document', async () => {
    await memory.record('person', stranger, ...personFacts(stranger));
    await have(stranger, uuid('doc', 9));
    await recordChecks(memory, [report(stranger, uuid('doc', 9), { application: elsewhere })]);
    await have(employee, licence);
    const { secrets, now } = memory.backbone;
    const own = await searchHashes(memory.backbone, byDocument({ type: 'drivingLicence', number: '5123456789' }));
    for (let number = 100; number < 200; number += 1) {
      await secrets.reservations.confirm(uuid('person', number) as PersonId, [{ own, sought: own }], now());
    }
    const presented = { ...copy, document: licence } as CheckFacts;
    expect((await reports(presented)).documents).toStrictEqual([licence]);
  });

  it('are those that were found so here, whose look stands here already', async () => {
    expect(await reports(copy, report(employee, employeesPassport))).toStrictEqual({
      documents: [employeesPassport],
      elsewhere: [],
    });
  });

  it('are those of which a look found the same document under another record', async () => {
    await memory.record('person', stranger, ...personFacts(stranger));
    await have(employee, licence);
    await have(stranger, uuid('doc', 9));
    const presented = { ...copy, document: licence } as CheckFacts;
    expect(await reports(presented, report(stranger, uuid('doc', 9)))).toStrictEqual({
      documents: [licence],
      elsewhere: [[licence, employee]],
    });
  });

  it('are the grantor’s where a proxy names his document', async () => {
    await recordChecks(memory, [report(director, directorsPassport, { application: elsewhere })]);
    const proxy = checkOf({
      type: 'proxyCheck',
      about: { person: employee },
      grantor: director,
      document: directorsPassport,
      writtenAndSigned: true,
    } as never);
    expect(await reports(proxy)).toStrictEqual({
      documents: [directorsPassport],
      elsewhere: [[directorsPassport, director]],
    });
  });

  it('are those of which a look here found it under another record of the same human, once', async () => {
    await have(employee, licence);
    await have(employee, uuid('doc', 9));
    const { backbone } = memory;
    const presented = { ...copy, document: licence } as CheckFacts;
    const named = await recordChecks(memory, [presented, report(employee, uuid('doc', 9))]);
    const loaded = await loadChecks(backbone, named, '');
    if ('faults' in loaded) throw new Error('not on record');
    const its = await documents();
    const here = loaded.checks.map((check) => aboutDocuments(check, its));
    expect(here.map(({ facts }) => (facts as { readonly document?: string }).document)).toStrictEqual([
      licence,
      licence,
    ]);
    const found = await reportedDocuments(backbone, here, its);
    expect([[...found.documents], found.elsewhere]).toStrictEqual([[licence], []]);
  });

  it('are none of which a look says that it is not reported, or of which nobody presents anything', async () => {
    await have(director, licence);
    await recordChecks(memory, [
      report(employee, employeesPassport, { application: elsewhere, status: 'notReported' }),
      report(director, licence, { application: elsewhere }),
    ]);
    const none = { documents: [], elsewhere: [] };
    expect(await reports(copy)).toStrictEqual(none);
    expect(await reports()).toStrictEqual(none);
    // A look presents nothing, nor does a check that names no document.
    expect(await reports(report(director, licence, { status: 'notReported' }))).toStrictEqual(none);
    const number = { type: 'officialNumberVerification', about: { person: director }, verified: true, register: 'rdw' };
    expect(await reports(checkOf(number as never))).toStrictEqual(none);
    const confirmed = checkOf({ type: 'emailConfirmation', about: { person: director }, confirmed: true });
    expect(await reports(confirmed)).toStrictEqual(none);
  });
});
