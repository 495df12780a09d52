import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEvent, Instant } from '#libs/kernel';
import { memoryBackbone, uuid, type MemoryBackbone } from '#libs/testing';
import { rulesAppliedProjection } from '../read-models/rules-applied.js';
import { rulesOfThen } from './rules-of-then.js';

const START = Date.parse('2026-03-02T12:00:00.000Z');
const [FIRST, SECOND] = [uuid('auth', 1), uuid('auth', 2)];

let now = START;
let register: MemoryBackbone;
beforeEach(async () => {
  now = START;
  register = await memoryBackbone(() => now, { readModels: [rulesAppliedProjection as never] });
});
afterEach(() => register.close());

const event = (type: string): DomainEvent => ({ type, data: {} }) as unknown as DomainEvent;
const decided = async (ruleSet: string, id: string, type: string): Promise<Instant> => {
  now += 1_000;
  await register.recordUnder(ruleSet, 'authorization', id, event(type));
  return register.backbone.now();
};
const versionAt = async (at: Instant): Promise<string> => (await rulesOfThen(register.backbone, at)).version;

describe('the rules of a moment (NORM-05, ARCH-14)', () => {
  it('are those of the last decision by then, of whichever object', async () => {
    const first = await decided('eh-1.5', FIRST, 'AuthorizationRegistered');
    const second = await decided('eh-1.5', SECOND, 'AuthorizationRegistered');
    // Not registered last, and decided last.
    const renewed = await decided('eh-1.5.1', FIRST, 'AuthorizationRenewed');
    expect(await Promise.all([first, second, renewed].map(versionAt))).toEqual(['eh-1.5', 'eh-1.5', 'eh-1.5.1']);
  });

  it('stay those of then whatever became of the object since, also where a release was taken back', async () => {
    const first = await decided('eh-1.5', FIRST, 'AuthorizationRegistered');
    const later = await decided('eh-1.5.1', SECOND, 'AuthorizationRegistered');
    const back = await decided('eh-1.5', SECOND, 'AuthorizationChanged');
    expect(await Promise.all([first, later, back].map(versionAt))).toEqual(['eh-1.5', 'eh-1.5.1', 'eh-1.5']);
  });

  it('are those of this release before anything was judged, and where nobody knows them any more', async () => {
    expect(await versionAt(register.backbone.now())).toBe('eh-1.5.1');
    expect(await versionAt(await decided('eh-0.9', FIRST, 'AuthorizationRegistered'))).toBe('eh-1.5.1');
  });

  it('cost one row, which is not written where nothing changes', () => {
    const recorded = { type: 'MeansIssued', metadata: { ruleSet: 'eh-1.5' }, position: 7n, recordedAt: 't' } as never;
    const row = rulesAppliedProjection.fold(undefined, recorded, 'rules');
    expect(rulesAppliedProjection.fold(row, recorded, 'rules')).toBe(row);
  });
});
