import type { Instant } from '#libs/kernel';
import type { Backbone } from '#libs/application';

/** Never done: it only says from when on people are told, and is kept as what waits is. */
const BEGINNING = { kind: 'confirmations-begin', id: 'begin' } as const;

/**
 * From when on people are told, kept the first time that it is asked: of what an earlier release recorded, years of it
 * perhaps, nobody is told now. By moment and not by position: a store that was moved or restored has other positions.
 */
export async function beginningOf({ dueWork, now }: Pick<Backbone, 'dueWork' | 'now'>): Promise<Instant> {
  const known = await dueWork.find(BEGINNING);
  if (known !== undefined) return known.dueAt;
  await dueWork.enqueue([{ ...BEGINNING, group: BEGINNING.id, dueAt: now(), payload: {} }]);
  return (await dueWork.find(BEGINNING))!.dueAt;
}
