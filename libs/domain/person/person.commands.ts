import type { ApplicationId, CheckId, ContactId, DocumentId, Instant, PersonId } from '#libs/kernel';
import type { ContactKind, ContactSupplier } from '../common/contact.js';
import { conflicting, invalid, notFound, refused } from '../common/rejections.js';
import type { Distinction, DocumentType, PersonAttribute } from './person.events.js';

/** What is known of a person, in clear; everything is optional but one identifying attribute. */
export type PersonAttributes = { readonly [name in PersonAttribute]?: string };

/** Identity documents that one person has at most: each answer shows, and each recognition compares, all of them. */
export const MAX_DOCUMENTS = 100;

export type PersonCommand =
  | {
      readonly type: 'RegisterPerson';
      readonly person: PersonId;
      readonly attributes: PersonAttributes;
      readonly application?: ApplicationId;
      /** Who was recognized in the attributes (interfaces.md §3). */
      readonly duplicatesOf: readonly PersonId[];
    }
  | {
      readonly type: 'RecordDocument';
      readonly document: DocumentId;
      readonly documentType: DocumentType;
      readonly number: string;
      readonly issuingState: string;
      readonly expiresOn: string;
      readonly issuer?: string;
      /** Who has the document on record already. */
      readonly duplicatesOf: readonly PersonId[];
    }
  | { readonly type: 'RecognizeDuplicates'; readonly of: readonly PersonId[] }
  | { readonly type: 'DispelDuplicates'; readonly of: readonly PersonId[] }
  | { readonly type: 'LinkPerson'; readonly to: PersonId }
  | {
      readonly type: 'DistinguishPerson';
      readonly from: PersonId;
      readonly by: readonly Distinction[];
      /** Those of `by` in which the two records do differ. */
      readonly shown: readonly Distinction[];
    }
  | {
      readonly type: 'CorrectPerson';
      readonly application: ApplicationId;
      readonly checks: readonly CheckId[];
      /** The attributes that are on record otherwise. */
      readonly set: PersonAttributes;
      /** What the checks show (RIGHTS-06). */
      readonly shown: readonly PersonAttribute[];
      readonly duplicatesOf: readonly PersonId[];
      readonly now: Instant;
    }
  | {
      readonly type: 'RecordPersonContact';
      readonly contact: ContactId;
      readonly kind: ContactKind;
      readonly value: string;
      readonly suppliedBy: ContactSupplier;
    };

export const personRejections = {
  'no-such-person': notFound(
    'There is no such person',
    'Deze persoon bestaat niet',
    'No person with this id was ever recorded.',
  ),
  'person-exists': conflicting(
    'The person was recorded already',
    'De persoon is al vastgelegd',
    'The id belongs to another person.',
  ),
  'person-full': conflicting(
    'The person holds no more of these',
    'De persoon kan hier niet meer van bevatten',
    'A person holds at most 100 identity documents and 100 contacts (`most`).',
  ),
  'identifying-attribute-missing': invalid(
    'An identifying attribute is missing',
    'Er ontbreekt een identificerend kenmerk',
    'A person is recorded with at least one of family name, given names, birth date and birth place.',
    'MEANS-IDC-ii',
  ),
  'no-such-duplicate': conflicting(
    'The persons do not share their attributes',
    'De personen delen hun kenmerken niet',
    'Only about a person who was recognized in this one can it be said whether they are one human; `duplicates` lists them.',
    'MEANS-ID2-ii.b',
  ),
  'duplicate-answered': conflicting(
    'The question was answered otherwise',
    'De vraag is al anders beantwoord',
    'It was recorded that these two are one human, or that they are two. The other can’t be said beside it.',
    'MEANS-ID2-ii.b',
  ),
  'not-distinguished': refused(
    'The records do not differ in this',
    'De registraties verschillen hierin niet',
    'What tells two persons apart has to be on record of both, and to differ. Record it first, or name something else.',
    'MEANS-ID2-ii.b',
  ),
};
