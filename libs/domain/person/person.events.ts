import type { DocumentId, EventCodec, Personal, PersonId } from '#libs/kernel';

/** Attributes that can identify a person (MEANS-IDC-ii). Others are kept, but identify nobody. */
export const IDENTIFYING_ATTRIBUTES = ['familyName', 'givenNames', 'birthDate', 'birthPlace'] as const;
export type IdentifyingAttribute = (typeof IDENTIFYING_ATTRIBUTES)[number];

export interface PersonRegistered {
  readonly type: 'PersonRegistered';
  readonly data: {
    readonly person: PersonId;
    readonly familyName?: Personal<string>;
    readonly givenNames?: Personal<string>;
    /** Date, `1985-04-12`. */
    readonly birthDate?: Personal<string>;
    readonly birthPlace?: Personal<string>;
    readonly address?: Personal<string>;
    readonly email?: Personal<string>;
    readonly telephone?: Personal<string>;
    /** Which identifying attributes are on record: the names of the members, not their values. */
    readonly identifyingAttributes: readonly IdentifyingAttribute[];
    /** Who holds the same identifying attributes already, if somebody does (MEANS-ID2-ii.b). */
    readonly duplicateOf?: PersonId;
  };
}

export const DOCUMENT_TYPES = ['passport', 'identityCard', 'drivingLicence', 'residencePermit'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** An identity document of the person: number, expiry and issuer under a key of its own (WID-08). */
export interface DocumentRecorded {
  readonly type: 'DocumentRecorded';
  readonly data: {
    readonly person: PersonId;
    readonly document: DocumentId;
    readonly documentType: DocumentType;
    readonly number: Personal<string>;
    /** Last day of validity, a date. */
    readonly expiresOn: Personal<string>;
    readonly issuer?: Personal<string>;
    /** Who has a document of this type and number on record already (MEANS-ID2-ii.b). */
    readonly duplicateOf?: PersonId;
  };
}

/** A clerk established that two persons on record are one human (MEANS-ID2-ii.b). */
export interface PersonLinked {
  readonly type: 'PersonLinked';
  readonly data: { readonly person: PersonId; readonly to: PersonId };
}

export type PersonEvent = PersonRegistered | DocumentRecorded | PersonLinked;

const ofPerson = ({ person }: { readonly person: PersonId }) => ({ kind: 'person', id: person }) as const;
const ofDocument = ({ document }: { readonly document: DocumentId }) => ({ kind: 'document', id: document }) as const;

export const personCodec: EventCodec<PersonEvent> = {
  PersonRegistered: {
    schemaVersion: 1,
    processingActivity: 'identification',
    personal: {
      familyName: ofPerson,
      givenNames: ofPerson,
      birthDate: ofPerson,
      birthPlace: ofPerson,
      address: ofPerson,
      email: ofPerson,
      telephone: ofPerson,
    },
  },
  DocumentRecorded: {
    schemaVersion: 1,
    processingActivity: 'identification',
    personal: { number: ofDocument, expiresOn: ofDocument, issuer: ofDocument },
  },
  PersonLinked: { schemaVersion: 1, processingActivity: 'identification' },
};
