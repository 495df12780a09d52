import { maxEh, type EhLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { allRows } from '../read-models/all-rows.js';
import { meansProjection, type MeansRow } from '../read-models/means.js';
import { highestOfMeans, meansOf } from './level-of-means.js';

/**
 * The level at which a human is registered (RIGHTS-07): the highest that any means of his ever was at. What was registered
 * of him for one that ended, or was renewed for less, is still that. Who was never identified is at the lowest.
 */
export async function levelOfPerson(backbone: Backbone, records: ReadonlySet<string>): Promise<EhLevel> {
  await backbone.readModels.upToDate(meansProjection);
  // Applications alone show nothing, and anybody can make any number of them.
  const rows = await allRows<MeansRow>(backbone.readModels.store, meansProjection, [
    { column: 'holder', is: 'one-of', values: [...records] },
    { column: 'status', is: 'one-of', values: ['identified', 'issued', 'active', 'suspended', 'revoked'] },
  ]);
  return (await meansOf(backbone, rows)).map(highestOfMeans).reduce(maxEh, 'EH1');
}
