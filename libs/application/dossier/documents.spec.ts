import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { settlePerson } from '../persons/recognition.js';
import { documentsOf, reportedDocuments } from './documents.js';
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
const documents = (persons: readonly string[] = [employee], moment = assessedAt) =>
  documentsOf(memory.backbone, persons, moment);

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
  const same = async (document = licence) => [...(await (await documents()).sameAs(document))].sort();
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
