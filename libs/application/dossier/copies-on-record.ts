import type { AuthorizationRequest } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { keptCopiesProjection } from '../read-models/kept-copies.js';
import type { Documents } from './documents.js';

/** A document of which the register keeps a copy, and the record of the person whose it is. */
export interface CopyOnRecord {
  readonly person: string;
  readonly document: string;
}

/** More than one person has: whoever reads on would only meet older ones. */
const MOST = 100;

/** Copies that the register keeps of the documents of somebody with these records (R-IO3-d-copy). */
export async function copiesOnRecord(
  { readModels }: Backbone,
  records: readonly string[],
): Promise<readonly CopyOnRecord[]> {
  await readModels.upToDate(keptCopiesProjection as never);
  const rows = await readModels.store.search(keptCopiesProjection, {
    where: [{ column: 'person', is: 'one-of', values: records }],
    limit: MOST,
  });
  return rows.filter(({ kept }) => kept).map(({ person, document }) => ({ person, document }));
}

/** Each document once, with its last day; one that was erased, or is somebody else's as well, shows nothing. */
export function copyRecords(
  copies: readonly CopyOnRecord[],
  { of, expiresOn, faultOf }: Documents,
): AuthorizationRequest['checks'] {
  return [...new Set(copies.map(({ document }) => of(document)))].flatMap((document) => {
    const lastDay = expiresOn(document);
    return lastDay === undefined || faultOf(document) === 'document-of-another-person'
      ? []
      : [{ type: 'idCopyOnRecord' as const, document, expiresOn: lastDay }];
  });
}
