import type { PersonId } from '#libs/kernel';
import { identifiesOne } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { findPerson } from '../objects.js';
import { sharesAllIdentifyingAttributes } from '../persons/shared-attributes.js';
import type { Documents } from './documents.js';
import type { Scales } from './weighed.js';

/** What a dossier holds about identities: valid documents, and the records that may be somebody else's in it. */
export interface Identities {
  readonly documents: Documents;
  readonly unresolved: ReadonlySet<string>;
}

/**
 * Whether what is on record identifies the human behind these records uniquely, by attributes and by documents that are
 * valid at the assessment, no duplicate of his being unresolved (PROOF-03, PROOF-05, MEANS-ID2-ii.b).
 */
export async function isUniquelyIdentified(
  backbone: Backbone,
  records: readonly string[],
  identities: Identities,
): Promise<boolean> {
  const { isIdentified, isUnresolved } = await identityOf(backbone, records, identities);
  return isIdentified && !isUnresolved;
}

/** Both conditions apart, for a question that asks them apart: what identifies one human, and a duplicate that waits. */
export async function identityOf(
  backbone: Backbone,
  records: readonly string[],
  { documents, unresolved }: Identities,
): Promise<{ readonly isIdentified: boolean; readonly isUnresolved: boolean }> {
  const persons = await fewAtOnce(records, (record) => findPerson(backbone, record, ''));
  const found = persons.flatMap((person) => ('found' in person ? [person.found] : []));
  return {
    isIdentified: found.some((person) => identifiesOne(person, documents.validOf(person.id))),
    isUnresolved:
      found.some(({ duplicate }) => duplicate.status === 'unresolved') ||
      records.some((record) => unresolved.has(record)),
  };
}

/**
 * PROOF-04: the full set of the holder's data was supplied anew. They came in as a record of their own in this
 * application, an `identityAttributesRecorded` here is about that record, and the register finds in it everything that
 * makes the holder unique.
 */
export async function isComparedAnew(
  holder: PersonId,
  { backbone, named, application, documents, outdated }: Scales,
): Promise<boolean> {
  for (const { id, facts, asRecorded } of named) {
    // What was made to agree afterwards was not supplied so (PROOF-13).
    if (outdated.has(id)) continue;
    const { person } = (asRecorded ?? facts).about as { readonly person?: PersonId };
    const isSupplied = facts.type === 'identityAttributesRecorded' && facts.application === application.id;
    if (!isSupplied || person === undefined || person === holder) continue;
    const record = await findPerson(backbone, person, '');
    if ('fault' in record || record.found.application !== application.id) continue;
    if (await sharesAllIdentifyingAttributes(backbone, person, holder, documents.validOf(holder))) return true;
  }
  return false;
}
