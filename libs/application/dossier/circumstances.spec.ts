import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { findParty } from '../objects.js';
import { markOf, mayConfirm } from './circumstances.js';

const { assessedAt, checkOf, ids, lookedUpAt, recordChecks, recordPaperRegistration } = paperRegistration;
const { company } = ids;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

const mark = async (upTo?: bigint) => {
  const party = await findParty(memory.backbone, company, '');
  if ('fault' in party) throw new Error('not on record');
  return markOf(memory.backbone, party.found, upTo);
};
const look = async (outcome: 'found' | 'none' | 'unavailable') =>
  (
    await recordChecks(memory, [
      checkOf({
        type: 'specialCircumstancesCheck',
        about: { party: company },
        application: uuid('appl', 9),
        asOf: lookedUpAt,
        outcome,
        otherRepresentativeRegistered: true,
      }),
    ])
  )[0]!;
const clear = (findings?: readonly string[]) =>
  memory.record('party', company, {
    type: 'SpecialCircumstancesCleared',
    data: { party: company, clearedAt: assessedAt, ...(findings === undefined ? {} : { findings }) },
  });
const report = () =>
  memory.record('party', company, {
    type: 'SpecialCircumstancesReported',
    data: { party: company, reportedAt: assessedAt },
  });
const unset = { isSet: false, findings: [], everFound: false };

/** When the looks were made. */
const LOOKED = '2026-03-02T10:00:00.000Z';

describe('PROOF-01, PROOF-12: the special-circumstances mark of a party', () => {
  it('is not set by a look that found nothing, or that got no answer', async () => {
    expect(await mark()).toStrictEqual(unset);
    await look('none');
    await look('unavailable');
    expect(await mark()).toStrictEqual(unset);
  });

  it('is set by every look that found something, and names it', async () => {
    const [first, second] = [await look('found'), await look('found')];
    const { isSet, findings, everFound } = await mark();
    expect([isSet, everFound]).toStrictEqual([true, true]);
    expect([...findings].sort()).toStrictEqual([first, second].sort());
  });

  it('is set by a report without any finding', async () => {
    await report();
    expect(await mark()).toStrictEqual({ ...unset, isSet: true, reportedAt: '2026-03-02T15:00:00.000Z' });
  });

  it('is cleared finding by finding; that something was found once remains', async () => {
    const [first, second] = [await look('found'), await look('found')];
    await clear([first]);
    expect(await mark()).toStrictEqual({ isSet: true, findings: [second], everFound: true, foundAt: LOOKED });
    await clear([second]);
    expect(await mark()).toStrictEqual({ isSet: false, findings: [], everFound: true });
  });

  it('is not cleared by another event of the party', async () => {
    const finding = await look('found');
    await report();
    expect((await mark()).findings).toStrictEqual([finding]);
  });

  it('is cleared of all that was there by a clearing of the first release, and not of what came after', async () => {
    await look('found');
    await clear();
    expect((await mark()).isSet).toBe(false);
    const later = await look('found');
    expect(await mark()).toStrictEqual({ isSet: true, findings: [later], everFound: true, foundAt: LOOKED });
  });
});

describe('the mark as it stood at a position of the log', () => {
  it('has neither findings nor clearings that came after it, and has those at it', async () => {
    const before = await report();
    await look('found');
    // One finding, then its clearing, one after the other.
    const found = before + 1n;
    const cleared = await clear();
    expect(cleared).toBe(found + 1n);
    expect((await mark(before)).everFound).toBe(false);
    expect((await mark(found)).findings).toHaveLength(1);
    expect((await mark(cleared)).findings).toStrictEqual([]);
    expect((await mark(cleared)).everFound).toBe(true);
  });
});

describe('IV3-extra, PROOF-02: a representative who confirms in spite of what was found', () => {
  const finding = uuid('appl', 9);
  const { director, employee } = ids;
  const found = async (otherRepresentativeRegistered: boolean): Promise<string> =>
    (
      await recordChecks(memory, [
        checkOf({
          ...{ type: 'specialCircumstancesCheck', about: { party: company }, application: finding },
          ...{ asOf: lookedUpAt, outcome: 'found', otherRepresentativeRegistered },
        }),
      ])
    )[0]!;
  const identified = (person: string, application: string) =>
    recordChecks(memory, [
      checkOf({ type: 'identityAttributesRecorded', about: { person }, application, uniquelyIdentifying: true }),
    ]);
  const shown = (person: string, application: string) =>
    recordChecks(memory, [
      checkOf({
        ...{ type: 'representationCheck', about: { person }, party: company, application, asOf: lookedUpAt },
        ...{ register: 'tradeRegister', via: 'online', outcome: 'found', basis: 'byName', agrees: true },
        ...{ limitation: 'none', sameDataAsIdentified: true },
      }),
    ]);
  const may = async (findings: readonly string[], records: readonly string[] = [director]): Promise<boolean> => {
    const party = await findParty(memory.backbone, company, '');
    if ('fault' in party) throw new Error('not on record');
    const parts = { party: party.found, at: assessedAt, application: ids.application, records };
    return mayConfirm(memory.backbone, { findings }, parts);
  };

  it('may where he occurs in neither application, shown by a register though he is', async () => {
    const finding1 = await found(true);
    await identified(employee, ids.application);
    await shown(director, ids.application);
    expect(await may([finding1])).toBe(true);
  });

  it.each([
    ['this application', ids.application],
    ['that of the finding', finding],
  ])('may not where he occurs in %s, and another is registered', async (_, application) => {
    const finding1 = await found(true);
    await identified(director, application);
    expect(await may([finding1])).toBe(false);
    expect(await may([finding1], [employee])).toBe(true);
    expect(await may([finding1], [employee, director])).toBe(false);
  });

  it('may where he occurs, when every finding says that there is no other and no register shows one', async () => {
    await identified(director, ids.application);
    const alone = await found(false);
    expect(await may([alone])).toBe(true);
    expect(await may([alone, await found(true)])).toBe(false);
    await shown(employee, finding);
    expect(await may([alone])).toBe(false);
    expect(await may([alone], [director, employee])).toBe(true);
  });

  it('may not where he occurs and nothing was found that could say so: it was reported', async () => {
    await identified(director, ids.application);
    expect(await may([])).toBe(false);
  });
});
