import { afterEach, expect, it } from '@jest/globals';
import {
  authorizationsProjection,
  legalHoldsProjection,
  meansProjection,
  retentionProjection,
  usedContactsProjection,
} from '#libs/application';
import type { AnsweredData } from '#libs/domain';
import type { PersonId } from '#libs/kernel';
import { memoryBackbone, paperRegistration, type MemoryBackbone } from '#libs/testing';
import { whatBecomes } from './what-becomes.js';

const { ids, recordPaperRegistration } = paperRegistration;
const RECORDED = Date.parse('2026-03-02T16:00:00Z');
const YEAR = 365.25 * 86_400_000;

let memory: MemoryBackbone;
afterEach(() => memory.close());

/** What would become of the data of somebody by whom nothing is in force, so many years after he was last of use. */
async function after(years: number, destroys: boolean): Promise<readonly AnsweredData[]> {
  let clock = RECORDED;
  memory = await memoryBackbone(() => clock, {
    destroys,
    readModels: [
      ...[retentionProjection, legalHoldsProjection, meansProjection, authorizationsProjection],
      usedContactsProjection,
    ] as never,
  });
  await recordPaperRegistration(memory);
  clock += years * YEAR;
  const director = ids.director as PersonId;
  return whatBecomes(memory.backbone, { about: { person: director }, records: [director] });
}

const ofKind = (data: readonly AnsweredData[], kind: string): unknown => data.find((one) => one.kind === kind);

it('keeps what is archived until its end, whether it is destroyed then or not (RIGHTS-06, ARCH-10)', async () => {
  const data = await after(1, false);
  for (const kind of ['identity', 'documents']) {
    expect(ofKind(data, kind)).toMatchObject({ effect: 'kept', ground: 'retention', until: expect.any(String) });
  }
});

it.each([
  [true, { effect: 'planned' }],
  [false, { effect: 'kept', ground: 'destructionOff' }],
])('promises that what is due goes only where it does: %s (RIGHTS-06, ARCH-11)', async (destroys, expected) => {
  const data = await after(30, destroys);
  expect(ofKind(data, 'identity')).toEqual({ kind: 'identity', count: 1, ...expected });
  expect(ofKind(data, 'documents')).toEqual({ kind: 'documents', count: 1, ...expected });
});
