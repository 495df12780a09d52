import type { ApplicationId, CheckId, ContactId, DocumentId, Instant, PersonId, RightsRequestId } from '#libs/kernel';
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
      /** Under whose key what he is reached by stands from here. */
      readonly reach: ContactId;
      readonly duplicatesOf: readonly PersonId[];
      readonly now: Instant;
    }
  | {
      readonly type: 'RecordPersonContact';
      readonly contact: ContactId;
      readonly kind: ContactKind;
      readonly value: string;
      readonly suppliedBy: ContactSupplier;
    }
  | {
      readonly type: 'ErasePersonContacts';
      readonly rightsRequest: RightsRequestId;
      /** Contacts that checks on record rest on: they stay for as long as those (ARCH-15, RIGHTS-06). */
      readonly kept: readonly ContactId[];
      readonly now: Instant;
    };

export const personRejections = {
  'no-such-person': notFound('There is no such person', 'Deze persoon bestaat niet', {
    en: 'No person with this id was ever recorded.',
    nl: 'Er is nooit een persoon met dit id vastgelegd.',
  }),
  'person-exists': conflicting('The person was recorded already', 'De persoon is al vastgelegd', {
    en: 'The id belongs to another person.',
    nl: 'Het id is van een andere persoon.',
  }),
  'person-full': conflicting('The person holds no more of these', 'De persoon kan hier niet meer van bevatten', {
    en: 'A person holds at most 100 identity documents and 100 contacts (`most`).',
    nl: 'Een persoon heeft hoogstens 100 identiteitsdocumenten en 100 contactgegevens (`most`).',
  }),
  'identifying-attribute-missing': invalid(
    'An identifying attribute is missing',
    'Er ontbreekt een identificerend kenmerk',
    {
      en: 'A person is recorded with at least one of family name, given names, birth date and birth place.',
      nl: 'Een persoon wordt vastgelegd met minstens een van achternaam, voornamen, geboortedatum en geboorteplaats.',
    },
    'MEANS-IDC-ii',
  ),
  'no-such-duplicate': conflicting(
    'The persons do not share their attributes',
    'De personen delen hun kenmerken niet',
    {
      en: 'Only about a person who was recognized in this one can it be said whether they are one human; `duplicates` lists them.',
      nl: 'Alleen van een persoon die in deze is herkend, kan worden gezegd of zij één mens zijn; `duplicates` noemt hen.',
    },
    'MEANS-ID2-ii.b',
  ),
  'duplicate-answered': conflicting(
    'The question was answered otherwise',
    'De vraag is al anders beantwoord',
    {
      en: 'It was recorded that these two are one human, or that they are two. The other can’t be said beside it.',
      nl: 'Er is vastgelegd dat deze twee één mens zijn, of dat het er twee zijn. Het andere kan daar niet naast staan.',
    },
    'MEANS-ID2-ii.b',
  ),
  'not-distinguished': refused(
    'The records do not differ in this',
    'De registraties verschillen hierin niet',
    {
      en: 'What tells two persons apart has to be on record of both, and to differ. Record it first, or name something else.',
      nl: 'Wat twee personen onderscheidt, moet van beiden vastliggen en verschillen. Leg het eerst vast, of noem iets anders.',
    },
    'MEANS-ID2-ii.b',
  ),
};
