import type { EvidenceId } from '#libs/kernel';
import { isLasting } from '#libs/domain';
import type { AuthorizationRequest, AuthorizationResult, RuleSet } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { keptCopiesProjection } from '../read-models/kept-copies.js';
import type { Documents } from './documents.js';
import { reportsOf, type CheckOnRecord } from './load-checks.js';

/** A copy that the register keeps, the document that it is of, and the record of the person whose it is. */
export interface CopyOnRecord {
  readonly evidence: string;
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
  return rows.filter(({ kept }) => kept).map(({ id, person, document }) => ({ evidence: id, person, document }));
}

/**
 * The copies on record that present their document in a dossier (AMB-77): those of the documents that its checks about him name.
 * Where they name none the register falls back on what it has: copies of documents that may be used and are not reported, and
 * all of them where there is no such copy, which then stand in the way. So an old document that its owner reported, and nobody
 * presents, does no harm beside a new one. Copies and checks speak of humans and documents.
 */
export async function presentedCopies(
  backbone: Backbone,
  copies: readonly CopyOnRecord[],
  checks: readonly CheckOnRecord[],
  { faultOf, sameAs }: Documents,
): Promise<readonly CopyOnRecord[]> {
  const people = new Set(copies.map(({ person }) => person));
  const named = new Set(checks.flatMap(({ facts }) => documentOf(facts, people)));
  if (named.size > 0) return copies.filter(({ document }) => named.has(document));
  const usable = await fewAtOnce(copies, async (copy) => {
    if (faultOf(copy.document) !== undefined) return [];
    return (await reportsOf(backbone, sameAs(copy.document))).length === 0 ? [copy] : [];
  });
  return usable.flat().length > 0 ? usable.flat() : copies;
}

/** The document of one of them that a check names; a look that found it reported presents it not. */
function documentOf(facts: CheckOnRecord['facts'], people: ReadonlySet<string>): readonly string[] {
  if (!('document' in facts) || facts.document === undefined || isLasting(facts)) return [];
  const person = facts.type === 'proxyCheck' ? facts.grantor : facts.about.person;
  return people.has(person) ? [facts.document] : [];
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

/** Of copies on record those that a row which was earned can rest on, for what is recorded of the decision (R-IO3-d-copy). */
export function restingOn(
  copies: readonly CopyOnRecord[],
  rows: AuthorizationResult['rows'],
  { authorization }: RuleSet,
): { readonly copies?: readonly EvidenceId[] } {
  const earned = new Set(Object.values(rows as Readonly<Record<string, readonly string[]>>).flat());
  const isUsed = authorization.rows.some(({ id, restsOn }) => earned.has(id) && restsOn.includes('idCopyOnRecord'));
  return isUsed && copies.length > 0 ? { copies: copies.map(({ evidence }) => evidence as EvidenceId) } : {};
}
