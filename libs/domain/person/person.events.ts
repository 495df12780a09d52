import type {
  ApplicationId,
  CheckId,
  ContactId,
  DocumentId,
  EventCodec,
  Instant,
  KeyHolder,
  Personal,
  PersonId,
  RightsRequestId,
} from '#libs/kernel';
import type { ContactKind, ContactSupplier } from '../common/contact.js';

/** Attributes that can identify a person (MEANS-IDC-ii). Others are kept, but identify nobody. */
export const IDENTIFYING_ATTRIBUTES = ['familyName', 'givenNames', 'birthDate', 'birthPlace'] as const;
export type IdentifyingAttribute = (typeof IDENTIFYING_ATTRIBUTES)[number];

/** What can tell two records apart: attributes on which they differ, or documents of which they share none. */
export const DISTINCTIONS = [...IDENTIFYING_ATTRIBUTES, 'document'] as const;
export type Distinction = (typeof DISTINCTIONS)[number];

/** Where he is reached: no part of who he is, and erased apart from it (RIGHTS-06). */
export const REACHING_ATTRIBUTES = ['address', 'email', 'telephone'] as const;
export type ReachingAttribute = (typeof REACHING_ATTRIBUTES)[number];

/** Everything that is kept of a person, in the order in which it is shown. */
export const PERSON_ATTRIBUTES = [...IDENTIFYING_ATTRIBUTES, ...REACHING_ATTRIBUTES] as const;
export type PersonAttribute = (typeof PERSON_ATTRIBUTES)[number];

/** The attributes sealed, each under its own name. */
type SealedAttributes = { readonly [name in PersonAttribute]?: Personal<string> };

export interface PersonRegistered {
  readonly type: 'PersonRegistered';
  readonly data: SealedAttributes & {
    readonly person: PersonId;
    /** The application with which these attributes came in (PROOF-04), where one was named. */
    readonly application?: ApplicationId;
    /** Which identifying attributes are on record: the names of the members, not their values. */
    readonly identifyingAttributes: readonly IdentifyingAttribute[];
    /** Who was recognized in these attributes (MEANS-ID2-ii.b); absent: nobody. */
    readonly duplicatesOf?: readonly PersonId[];
  };
}

export const DOCUMENT_TYPES = ['passport', 'identityCard', 'drivingLicence', 'residencePermit'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** An identity document of the person: number, states and expiry under a key of its own (WID-08). */
export interface DocumentRecorded {
  readonly type: 'DocumentRecorded';
  readonly data: {
    readonly person: PersonId;
    readonly document: DocumentId;
    readonly documentType: DocumentType;
    readonly number: Personal<string>;
    /** ISO 3166-1 alpha-3; absent on documents of the first release: unknown. */
    readonly issuingState?: Personal<string>;
    /** Last day of validity, a date. */
    readonly expiresOn: Personal<string>;
    /** Authority that issued it. */
    readonly issuer?: Personal<string>;
    /** Who has this document on record already (MEANS-ID2-ii.b); absent: nobody. */
    readonly duplicatesOf?: readonly PersonId[];
  };
}

/** Persons were recognized in this one after he was recorded (MEANS-ID2-ii.b). */
export interface DuplicatesRecognized {
  readonly type: 'DuplicatesRecognized';
  readonly data: { readonly person: PersonId; readonly of: readonly PersonId[] };
}

/** These are no longer recognized in this one: what they shared was corrected on their side. */
export interface DuplicatesDispelled {
  readonly type: 'DuplicatesDispelled';
  readonly data: { readonly person: PersonId; readonly of: readonly PersonId[] };
}

/** A clerk established that two persons on record are one human (MEANS-ID2-ii.b). */
export interface PersonLinked {
  readonly type: 'PersonLinked';
  readonly data: { readonly person: PersonId; readonly to: PersonId };
}

/** A clerk established that two persons on record are two humans, and by what they are told apart. */
export interface PersonDistinguished {
  readonly type: 'PersonDistinguished';
  readonly data: { readonly person: PersonId; readonly from: PersonId; readonly by: readonly Distinction[] };
}

/** Attributes were mistaken and are now as here; the others stand. */
export interface PersonCorrected {
  readonly type: 'PersonCorrected';
  readonly data: SealedAttributes & {
    readonly person: PersonId;
    readonly application: ApplicationId;
    /** What showed it. */
    readonly checks: readonly CheckId[];
    readonly correctedAt: Instant;
    /** Names of the attributes that are corrected. */
    readonly corrected: readonly PersonAttribute[];
    /** Under whose key the attributes stand by which he is reached; absent: there are none, or under his own. */
    readonly reach?: ContactId;
    /** Which identifying attributes are on record from here. */
    readonly identifyingAttributes: readonly IdentifyingAttribute[];
    /** Who is recognized in the attributes as they are now; absent: nobody. */
    readonly duplicatesOf?: readonly PersonId[];
  };
}

/** Where the person is reached. */
export interface PersonContactRecorded {
  readonly type: 'PersonContactRecorded';
  readonly data: {
    readonly person: PersonId;
    readonly contact: ContactId;
    readonly kind: ContactKind;
    readonly value: Personal<string>;
    readonly suppliedBy: ContactSupplier;
  };
}

/** His addresses and numbers were erased on request, all that stood there; what comes later is new (RIGHTS-04, RIGHTS-06). */
export interface PersonContactsErased {
  readonly type: 'PersonContactsErased';
  readonly data: {
    readonly person: PersonId;
    readonly rightsRequest: RightsRequestId;
    /** Whose keys go by it. */
    readonly contacts: readonly ContactId[];
    readonly erasedAt: Instant;
  };
}

export type PersonEvent =
  | PersonRegistered
  | DocumentRecorded
  | DuplicatesRecognized
  | DuplicatesDispelled
  | PersonLinked
  | PersonDistinguished
  | PersonCorrected
  | PersonContactRecorded
  | PersonContactsErased;

const ofPerson = ({ person }: { readonly person: PersonId }) => ({ kind: 'person', id: person }) as const;
const ofDocument = ({ document }: { readonly document: DocumentId }) => ({ kind: 'document', id: document }) as const;

const ofContact = ({ contact }: { readonly contact: ContactId }) => ({ kind: 'contact', id: contact }) as const;
/** Of what he was registered with: he is registered once. */
const reachOf = ({ person }: { readonly person: PersonId }) => ({ kind: 'contact', id: person }) as const;
const ofReach = ({ person, reach }: PersonCorrected['data']): KeyHolder =>
  reach === undefined ? { kind: 'person', id: person } : { kind: 'contact', id: reach };

const IDENTIFYING = { familyName: ofPerson, givenNames: ofPerson, birthDate: ofPerson, birthPlace: ofPerson };
const REGISTERED = { ...IDENTIFYING, address: reachOf, email: reachOf, telephone: reachOf };
const CORRECTED = { ...IDENTIFYING, address: ofReach, email: ofReach, telephone: ofReach };

/** The first release kept one duplicate only. */
const severalDuplicates = (data: object): object => {
  const { duplicateOf, ...others } = data as { readonly duplicateOf?: PersonId };
  return duplicateOf === undefined ? others : { ...others, duplicatesOf: [duplicateOf] };
};

export const personCodec: EventCodec<PersonEvent> = {
  PersonRegistered: {
    schemaVersion: 2,
    processingActivity: 'identification',
    personal: REGISTERED,
    upcasters: { 1: severalDuplicates },
  },
  DocumentRecorded: {
    schemaVersion: 2,
    processingActivity: 'identification',
    personal: { number: ofDocument, issuingState: ofDocument, expiresOn: ofDocument, issuer: ofDocument },
    upcasters: { 1: severalDuplicates },
  },
  DuplicatesRecognized: { schemaVersion: 1, processingActivity: 'identification' },
  DuplicatesDispelled: { schemaVersion: 1, processingActivity: 'identification' },
  PersonLinked: { schemaVersion: 1, processingActivity: 'identification' },
  PersonDistinguished: { schemaVersion: 1, processingActivity: 'identification' },
  PersonCorrected: { schemaVersion: 1, processingActivity: 'identification', personal: CORRECTED },
  PersonContactRecorded: { schemaVersion: 1, processingActivity: 'identification', personal: { value: ofContact } },
  PersonContactsErased: { schemaVersion: 1, processingActivity: 'rights-requests' },
};
