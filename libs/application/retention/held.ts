import { allRows } from '../read-models/all-rows.js';
import { legalHoldsProjection, type LegalHoldRow } from '../read-models/legal-holds.js';
import { retentionProjection } from '../read-models/retention.js';
import type { Backbone } from '../backbone.js';
import { retentionOf } from './retention.js';
import type { KeptName } from './ties.js';

/** What legal holds stand on. */
export async function heldNow({ readModels: { store } }: Backbone): Promise<ReadonlySet<string>> {
  const rows = await allRows<LegalHoldRow>(store, legalHoldsProjection as never, [
    { column: 'standing', is: 'equal', value: true },
  ]);
  return new Set(rows.map(({ on }) => on));
}

/** Whether a legal hold stands on an object, or on what it belongs to; also just now. */
export async function isHeldNow(backbone: Backbone, name: KeptName): Promise<boolean> {
  const { readModels, retention, now } = backbone;
  await Promise.all([retentionProjection, legalHoldsProjection].map((each) => readModels.upToDate(each as never)));
  const held = await heldNow(backbone);
  if (held.size === 0) return false;
  const answer = await retentionOf(
    readModels.store,
    name,
    { at: now(), years: retention.years, held },
    { whole: true },
  );
  return answer.is === 'kept' && answer.isHeld;
}
