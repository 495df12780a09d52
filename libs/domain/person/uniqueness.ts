import type { IdentifyingAttribute } from './person.events.js';
import type { RegisteredPerson } from './person.state.js';

/** The person's documents, on the day that counts, that have not expired (PROOF-03). */
type ValidDocuments = ReadonlySet<string>;

/**
 * Whether what is on record would identify one person: names with date and place of birth, or a valid document with the
 * family name (MEANS-ID2-ii.b). Duplicates are another question.
 */
export function identifiesOne(person: RegisteredPerson, validDocuments: ValidDocuments): boolean {
  const has = (name: IdentifyingAttribute): boolean => person.identifyingAttributes.includes(name);
  return (
    (has('familyName') && has('givenNames') && has('birthDate') && has('birthPlace')) ||
    (has('familyName') && countValid(person, validDocuments) > 0)
  );
}

/** Whether the person is uniquely identified: by what is on record, with no duplicate that waits for an answer (PROOF-05). */
export const uniquelyIdentified = (person: RegisteredPerson, validDocuments: ValidDocuments): boolean =>
  identifiesOne(person, validDocuments) && person.duplicate.status !== 'unresolved';

/** How many identifying attributes are on record; the number of a valid document is one. */
export const countIdentifyingAttributes = (person: RegisteredPerson, validDocuments: ValidDocuments): number =>
  person.identifyingAttributes.length + countValid(person, validDocuments);

const countValid = ({ documents }: RegisteredPerson, validDocuments: ValidDocuments): number =>
  [...documents.keys()].filter((document) => validDocuments.has(document)).length;
