import { streamId } from '#libs/kernel';
import { meansDecider, type Means } from '#libs/domain';
import { maxEh, type EhLevel } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { levelOfStork } from '../dossier/logins.js';
import { storkIdentified, type MeansRow } from '../read-models/means.js';

type KnownMeans = Exclude<Means, { readonly status: 'none' }>;

/**
 * The level at which a means is registered (RIGHTS-07), which its end does not lower: what it was issued at; until then
 * what the checks of its identification earned (ATTR-03). One that was only applied for is at the lowest: what is aimed at
 * is typed in, and nothing shows it.
 */
export function levelOfMeans(means: KnownMeans): EhLevel {
  if ('stork' in means && means.stork !== undefined) return levelOfStork(means.stork);
  return levelOfStork(means.identified === undefined ? 1 : storkIdentified(means.identified.scores));
}

/** The highest that it ever was at: what was registered for it then is still there. */
export const highestOfMeans = (means: KnownMeans): EhLevel =>
  ('before' in means ? (means.before ?? []) : [])
    .map(({ stork }) => levelOfStork(stork))
    .reduce(maxEh, levelOfMeans(means));

/** The means themselves, as they are on record. */
export async function meansOf(backbone: Backbone, rows: readonly MeansRow[]): Promise<readonly KnownMeans[]> {
  const loaded = await backbone.commands.loadAll(
    meansDecider,
    rows.map(({ id }) => streamId('means', id)),
  );
  return loaded.flatMap(({ state }) => (state.status === 'none' ? [] : [state]));
}
