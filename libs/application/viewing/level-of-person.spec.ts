import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '#libs/kernel';
import { fixedClock, memoryBackbone, paperRegistration, uuid, at, type MemoryBackbone } from '#libs/testing';
import { levelOfPerson } from './level-of-person.js';

/** At which level somebody is registered, so that he views himself with a login of that level (RIGHTS-07). */

const { ids, meansFacts } = paperRegistration;
const now = at('2026-03-09T10:00:00Z');
const me = uuid('person');

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(now))));
afterEach(() => memory.close());

let numbers = 0;
async function means(
  stork: 1 | 2 | 3 | 4,
  until: 'applied' | 'identified' | 'issued' | 'active' | 'revoked',
  { ID = stork as number, renewedTo, holder = me }: { ID?: number; renewedTo?: number; holder?: string } = {},
): Promise<void> {
  const id = uuid('means', ++numbers);
  const [applied, ...others] = meansFacts(id, holder, until === 'identified' ? 'applied' : until, { stork });
  const criteria = { appearance: 'i.a', attributes: 'ii.c', validation: 'iii.e' };
  const identified = {
    type: 'HolderIdentified',
    data: { means: id, checks: [], scores: { ID }, rows: { ID: [] }, criteria, identifiedAt: now },
  };
  const renewed = {
    type: 'MeansRenewed',
    data: {
      ...{
        means: id,
        application: ids.application,
        product: 'password-sms',
        checks: [],
        scores: {},
        rows: {},
        criteria,
      },
      ...{ previousStork: stork, stork: renewedTo, issuanceLevel: renewedTo, previousProduct: 'password-sms' },
      ...{ acceptLower: true, renewedAt: now },
    },
  };
  const facts = [
    applied!,
    ...(until === 'identified' ? [identified] : []),
    ...others,
    ...(renewedTo === undefined ? [] : [renewed]),
  ];
  await memory.record('means', id, ...(facts as DomainEvent[]));
}
const level = (...records: readonly string[]) => levelOfPerson(memory.backbone, new Set([me, ...records]));

describe('the level that somebody is registered at', () => {
  it('is that of his means, under whichever of his records (RIGHTS-07)', async () => {
    expect(await level()).toBe('EH1');
    await means(2, 'active');
    expect(await level()).toBe('EH2');
    const other = uuid('person', 2);
    await means(3, 'issued', { holder: other });
    expect([await level(), await level(other)]).toEqual(['EH2', 'EH3']);
  });

  it('is not brought down by any number of applications, whatever they aim at (RIGHTS-07)', async () => {
    await means(3, 'active');
    for (let count = 0; count < 101; count += 1) await means(1, 'applied');
    expect(await level()).toBe('EH3');
    await means(4, 'applied');
    expect(await level()).toBe('EH3');
  });

  it('stays where a means ended or was renewed for less: what was registered for it is there (RIGHTS-07)', async () => {
    await means(2, 'active');
    await means(3, 'revoked');
    expect(await level()).toBe('EH3');
    await means(4, 'active', { renewedTo: 3 });
    expect(await level()).toBe('EH4');
  });

  it('is what he was identified at for a means that is not issued (RIGHTS-07)', async () => {
    await means(2, 'active');
    await means(4, 'identified', { ID: 3 });
    expect(await level()).toBe('EH3');
  });
});
