import { uniquelyIdentified } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { findPerson } from '../objects.js';
import type { Documents } from './documents.js';

/**
 * Whether what is on record identifies the human behind these records uniquely, by attributes and by documents that are
 * valid at the assessment, no duplicate of his being unresolved (PROOF-03, PROOF-05, MEANS-ID2-ii.b).
 */
export async function isUniquelyIdentified(
  backbone: Backbone,
  records: readonly string[],
  { documents }: { readonly documents: Documents },
): Promise<boolean> {
  const persons = await Promise.all(records.map((record) => findPerson(backbone, record, '')));
  const found = persons.flatMap((person) => ('found' in person ? [person.found] : []));
  return (
    found.every(({ duplicate }) => duplicate.status !== 'unresolved') &&
    found.some((person) => uniquelyIdentified(person, documents.validOf(person.id)))
  );
}
