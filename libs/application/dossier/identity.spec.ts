import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { documentsOf } from './documents.js';
import { identityOf, isUniquelyIdentified } from './identity.js';

const { assessedAt, ids, personFacts, recordPaperRegistration } = paperRegistration;
const { employee } = ids;
const twin = uuid('person', 7);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
});
afterEach(() => memory.close());

async function identity(...records: readonly string[]) {
  const { backbone } = memory;
  const documents = await documentsOf(backbone, records, assessedAt);
  const apart = await identityOf(backbone, records, { documents });
  return [apart.isIdentified, apart.isUnresolved, await isUniquelyIdentified(backbone, records, { documents })];
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

  it('is nobody who is not on record', async () => {
    expect(await identity(uuid('person', 99))).toStrictEqual([false, false, false]);
    expect(await identity()).toStrictEqual([false, false, false]);
  });
});
