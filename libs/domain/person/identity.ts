import { foldNumber, foldSpelling } from './spelling.js';
import type { Distinction, DocumentType } from './person.events.js';

/**
 * By what one record of a person is recognized in another (MEANS-ID2-ii.b, interfaces.md §3). Two records are asked
 * about when they share the family name and the birth date, or the family name and the birth place while one of them has
 * no birth date, or an identity document. By the family name alone every Jansen would be.
 */

export interface DocumentIdentity {
  readonly type: DocumentType;
  /** Absent on documents recorded before it was asked: it may be any. */
  readonly issuingState?: string;
  readonly number: string;
}

/** What identifies a person, in clear and as it was sent. */
export interface PersonIdentity {
  readonly familyName?: string;
  readonly givenNames?: string;
  /** A date, `1985-04-12`. */
  readonly birthDate?: string;
  readonly birthPlace?: string;
  readonly documents: readonly DocumentIdentity[];
}

/**
 * One combination that identifies. `own` are the texts it is found by, `sought` those it is looked for under: they differ
 * where one record lacks what the other has. In clear; only their keyed hashes are kept.
 */
export interface Identifier {
  readonly own: readonly string[];
  readonly sought: readonly string[];
}

const textOf = (...parts: readonly string[]): string => JSON.stringify(parts);

export function identifiersOf(person: PersonIdentity): readonly Identifier[] {
  const { familyName, birthDate, birthPlace, documents } = person;
  const name = familyName === undefined ? '' : foldSpelling(familyName);
  const place = birthPlace === undefined ? '' : foldSpelling(birthPlace);
  return [
    ...(name === '' || birthDate === undefined ? [] : [byBirthDate(name, birthDate)]),
    ...(name === '' || place === '' ? [] : [byBirthPlace(name, place, birthDate !== undefined)]),
    ...documents.map(byDocument),
  ];
}

function byBirthDate(name: string, birthDate: string): Identifier {
  const texts = [textOf('birth-date', name, birthDate)];
  return { own: texts, sought: texts };
}

/** Between two records that both have a birth date, that date decides. */
function byBirthPlace(name: string, place: string, dated: boolean): Identifier {
  const [withDate, withoutDate] = [textOf('birth-place-dated', name, place), textOf('birth-place', name, place)];
  return dated ? { own: [withDate], sought: [withoutDate] } : { own: [withoutDate], sought: [withDate, withoutDate] };
}

/** A document whose issuing state is unknown may be that of any state with its type and number. */
export function byDocument({ type, issuingState, number }: DocumentIdentity): Identifier {
  const of = (state: string): string => textOf('document', type, state, foldNumber(number));
  const [anyState, unknownState] = ['*', '?'].map(of) as [string, string];
  return issuingState === undefined
    ? { own: [unknownState, anyState], sought: [anyState] }
    : { own: [of(issuingState), anyState], sought: [of(issuingState), unknownState] };
}

/** The texts by which one record finds another. */
export const soughtBy = (identifiers: readonly Identifier[]): ReadonlySet<string> =>
  new Set(identifiers.flatMap(({ sought }) => sought));

/** Whether one record recognizes the other. The same in both directions. */
export function recognizes(one: PersonIdentity, other: PersonIdentity): boolean {
  const sought = soughtBy(identifiersOf(one));
  return identifiersOf(other).some(({ own }) => own.some((text) => sought.has(text)));
}

/** Whether both records have what is named, and it is not the same. */
export function differIn(distinction: Distinction, one: PersonIdentity, other: PersonIdentity): boolean {
  if (distinction === 'document') {
    const identity = (person: PersonIdentity): PersonIdentity => ({ documents: person.documents });
    return one.documents.length > 0 && other.documents.length > 0 && !recognizes(identity(one), identity(other));
  }
  const [a, b] = [one[distinction], other[distinction]];
  return a !== undefined && b !== undefined && foldSpelling(a) !== foldSpelling(b);
}

/**
 * Whether everything that makes `holder` unique stands in `record` as well and agrees, and nothing that both have
 * disagrees (PROOF-04). Unique by his names with date and place of birth; where these are not all there, by his family
 * name and one of `validDocuments`, his documents that count.
 */
export function holdsAllThatIdentifies(
  record: PersonIdentity,
  holder: PersonIdentity,
  validDocuments: readonly DocumentIdentity[],
): boolean {
  const attributes = ['familyName', 'givenNames', 'birthDate', 'birthPlace'] as const;
  const agrees = (name: (typeof attributes)[number]): boolean =>
    record[name] !== undefined &&
    holder[name] !== undefined &&
    foldSpelling(record[name]) === foldSpelling(holder[name]);
  if (attributes.some((name) => differIn(name, record, holder))) return false;
  if (attributes.every((name) => holder[name] !== undefined)) return attributes.every(agrees);
  return (
    agrees('familyName') &&
    validDocuments.some((document) =>
      recognizes(
        { documents: [document] },
        {
          documents: record.documents,
        },
      ),
    )
  );
}
