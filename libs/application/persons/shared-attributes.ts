import type { PersonId } from '#libs/kernel';
import { holdsAllThatIdentifies } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { personOnRecord } from './person-on-record.js';

/**
 * The register's own comparison of two records (PROOF-04): whether `record` (a submission's data, registered with its
 * application) has everything that makes `holder` unique and agrees with it. By folded values; whoever is erased shares
 * nothing. `validDocuments` are the holder's that count (`validDocuments`).
 */
export async function sharesAllIdentifyingAttributes(
  backbone: Backbone,
  record: PersonId,
  holder: PersonId,
  validDocuments: ReadonlySet<string>,
): Promise<boolean> {
  const [shown, held] = await Promise.all([personOnRecord(backbone, record), personOnRecord(backbone, holder)]);
  if (shown === undefined || held === undefined) return false;
  const counting = [...held.documents].flatMap(([id, document]) => (validDocuments.has(id) ? [document] : []));
  return holdsAllThatIdentifies(shown.identity, held.identity, counting);
}
