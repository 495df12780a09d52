import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { loadChecks } from './load-checks.js';
import { documentsOf } from './documents.js';
import { humansOf } from './humans.js';
import { identityOf, isComparedAnew, isUniquelyIdentified } from './identity.js';

const { assessedAt, checkOf, ids, personFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const { employee } = ids;
const twin = uuid('person', 7);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const identity = (...records: readonly string[]) => identityBeside([], records);

/** Where others of the dossier ask about these records. */
async function identityBeside(asked: readonly string[], records: readonly string[]) {
  const { backbone } = memory;
  const humans = { of: () => 'one', recordsOf: () => records, unresolvedWith: () => new Set<string>() };
  const documents = await documentsOf(backbone, humans, records, assessedAt);
  const identities = { documents, unresolved: new Set(asked) };
  const apart = await identityOf(backbone, records, identities);
  return [apart.isIdentified, apart.isUnresolved, await isUniquelyIdentified(backbone, records, identities)];
}

describe('PROOF-05, MEANS-ID2-ii.b: whom the records identify uniquely', () => {
  it('is whom one of them does, with nothing unresolved', async () => {
    expect(await identity(employee)).toStrictEqual([true, false, true]);
    await memory.record('person', twin, ...personFacts(twin, undefined, undefined));
    expect(await identity(twin)).toStrictEqual([false, false, false]);
    expect(await identity(twin, employee)).toStrictEqual([true, false, true]);
    expect(await identity(employee, twin)).toStrictEqual([true, false, true]);
  });

  it('is nobody while a duplicate of one of them waits', async () => {
    await memory.record('person', twin, ...personFacts(twin, undefined, ids.director));
    expect(await identity(twin)).toStrictEqual([false, true, false]);
    expect(await identity(employee, twin)).toStrictEqual([true, true, false]);
  });

  it('is nobody of whom another one asks whether they are the same, on whichever record of his', async () => {
    await memory.record('person', twin, ...personFacts(twin));
    expect(await identityBeside([ids.director], [employee, twin])).toStrictEqual([true, false, true]);
    expect(await identityBeside([twin], [employee, twin])).toStrictEqual([true, true, false]);
  });

  it('is nobody who is not on record', async () => {
    expect(await identity(uuid('person', 99))).toStrictEqual([false, false, false]);
    expect(await identity()).toStrictEqual([false, false, false]);
  });
});

describe('PROOF-04: the full data of a holder, supplied anew', () => {
  const elsewhere = uuid('appl', 9);
  const recorded = (person: string, members: object = {}): CheckFacts =>
    checkOf({
      type: 'identityAttributesRecorded',
      about: { person },
      uniquelyIdentifying: true,
      ...members,
    } as never);
  /** A record of its own in this application, with everything that makes the holder unique. */
  const supply = (members: object = {}, number = 'NX1234567') =>
    memory.record(
      'person',
      twin,
      {
        type: 'PersonRegistered',
        data: {
          ...(personFacts(twin)[0]!.data as object),
          application: ids.application,
          duplicatesOf: [employee],
          ...members,
        },
      } as never,
      {
        type: 'DocumentRecorded',
        data: {
          person: twin,
          document: uuid('doc', 7),
          documentType: 'passport',
          number: { clear: number },
          expiresOn: { clear: '2026-03-02' },
        },
      } as never,
    );
  const isCompared = (...checks: readonly CheckFacts[]) => isComparedBy(checks, () => false);
  async function isComparedBy(checks: readonly CheckFacts[], isOutdated: (check: CheckFacts) => boolean) {
    const { backbone } = memory;
    const loaded = await loadChecks(backbone, await recordChecks(memory, checks), '');
    if ('faults' in loaded) throw new Error('not on record');
    return isComparedAnew(
      employee as never,
      {
        backbone,
        named: loaded.checks,
        application: { id: ids.application },
        documents: await documentsOf(
          backbone,
          await humansOf(backbone, [employee, twin], []),
          [employee, twin],
          assessedAt,
        ),
        outdated: new Set(loaded.checks.filter(({ facts }) => isOutdated(facts)).map(({ id }) => id)),
      } as never,
    );
  }

  it('came in as a record of this application that agrees with his in all that makes him unique', async () => {
    await supply();
    expect(await isCompared(recorded(twin))).toBe(true);
    // Whatever else is named with it.
    expect(
      await isCompared(recorded(employee), recorded(uuid('person', 99)), recorded(ids.director), recorded(twin)),
    ).toBe(true);
  });

  it.each<[string, CheckFacts]>([
    ['the holder’s own record', recorded(employee)],
    ['somebody who is not on record', recorded(uuid('person', 99))],
    [
      'a party',
      checkOf({ type: 'identityAttributesRecorded', about: { party: ids.company }, uniquelyIdentifying: true }),
    ],
    ['the record in another application', recorded(twin, { application: elsewhere })],
    [
      'the record, but of another kind',
      checkOf({ type: 'emailConfirmation', about: { person: twin }, confirmed: true }),
    ],
  ])('is not shown by a check about %s', async (_whom, check) => {
    await supply();
    expect(await isCompared(check)).toBe(false);
    expect(await isCompared()).toBe(false);
  });

  it('is not shown by a check of before that record was made to agree (PROOF-13)', async () => {
    await supply();
    const [before, since] = [recorded(twin), recorded(twin, { performedAt: assessedAt })];
    expect(await isComparedBy([before], () => true)).toBe(false);
    expect(await isComparedBy([before, since], ({ performedAt }) => performedAt !== assessedAt)).toBe(true);
  });

  it.each<[string, object, string]>([
    ['came in with another application', { application: elsewhere }, 'NX1234567'],
    ['came in with none', { application: undefined }, 'NX1234567'],
    ['has another family name', { familyName: { clear: 'Pietersen' } }, 'NX1234567'],
    ['has another document', {}, 'NX7654321'],
  ])('is not shown by a record that %s', async (_which, members, number) => {
    await supply(members, number);
    expect(await isCompared(recorded(twin))).toBe(false);
  });
});
