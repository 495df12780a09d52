import type {
  ApplicationId,
  CheckId,
  ContactId,
  EventCodec,
  Instant,
  PartyId,
  Personal,
  PersonId,
  RightsRequestId,
} from '#libs/kernel';
import type { AuthorizationRequest } from '#libs/scheme';
import type { ContactKind, ContactSupplier } from '../common/contact.js';

/** An organization: represented party or intermediary (PARTY-01, PARTY-04). One per register and number. */

export const PARTY_KINDS = [
  'undertaking',
  'privateLegalPerson',
  'publicLegalPerson',
  'practitioner',
  'restGroupEntity',
] as const;
export type PartyKind = AuthorizationRequest['representedParty']['kind'];

/** Registers that number parties: trade register, RSIN, profession's register, temporary register of rest groups. */
export const PARTY_REGISTERS = ['kvk', 'rsin', 'professional', 'trr'] as const;
export type PartyRegister = (typeof PARTY_REGISTERS)[number];

/** What is kept of a party besides its number, in the order in which it is shown. */
export const PARTY_ATTRIBUTES = ['name', 'address', 'email', 'telephone'] as const;
export type PartyAttribute = (typeof PARTY_ATTRIBUTES)[number];

export interface PartyDetails {
  readonly name: string;
  readonly address?: string;
  readonly email?: string;
  readonly telephone?: string;
}

export interface PartyRegistered {
  readonly type: 'PartyRegistered';
  readonly data: {
    readonly party: PartyId;
    readonly kind: PartyKind;
    readonly register: PartyRegister;
    readonly number: string;
    /** Of a practitioner: the human who practises, whom alone the profession's register shows (AMB-76). */
    readonly person?: PersonId;
    /** Name, address and contact of an organization that is not one human's business. */
    readonly publicDetails?: PartyDetails;
    /** The same where the organization is one human's business: then it is about that human. */
    readonly details?: Personal<PartyDetails>;
  };
}
export interface SpecialCircumstancesReported {
  readonly type: 'SpecialCircumstancesReported';
  readonly data: { readonly party: PartyId; readonly reportedAt: Instant };
}
export interface SpecialCircumstancesCleared {
  readonly type: 'SpecialCircumstancesCleared';
  readonly data: {
    readonly party: PartyId;
    readonly clearedAt: Instant;
    /** The current look, or the confirmation with what shows who gave it; absent before it was asked (PROOF-12). */
    readonly checks?: readonly CheckId[];
    /** The looks that had found something and are cleared by it. */
    readonly findings?: readonly CheckId[];
  };
}

/** Attributes were mistaken; the details, all of them, are now as here. */
export interface PartyCorrected {
  readonly type: 'PartyCorrected';
  readonly data: {
    readonly party: PartyId;
    readonly application: ApplicationId;
    /** What showed it. */
    readonly checks: readonly CheckId[];
    readonly correctedAt: Instant;
    /** Names of the attributes that are corrected. */
    readonly corrected: readonly PartyAttribute[];
    readonly person?: PersonId;
    readonly publicDetails?: PartyDetails;
    readonly details?: Personal<PartyDetails>;
  };
}

/** Where the party is reached. */
export interface PartyContactRecorded {
  readonly type: 'PartyContactRecorded';
  readonly data: {
    readonly party: PartyId;
    readonly contact: ContactId;
    readonly kind: ContactKind;
    readonly value: Personal<string>;
    readonly suppliedBy: ContactSupplier;
  };
}

/** Its contacts were erased on request, all that stood there; what comes later is new (RIGHTS-04, RIGHTS-06). */
export interface PartyContactsErased {
  readonly type: 'PartyContactsErased';
  readonly data: {
    readonly party: PartyId;
    readonly rightsRequest: RightsRequestId;
    /** Whose keys go by it. */
    readonly contacts: readonly ContactId[];
    readonly erasedAt: Instant;
  };
}

export type PartyEvent =
  | PartyRegistered
  | SpecialCircumstancesReported
  | SpecialCircumstancesCleared
  | PartyCorrected
  | PartyContactRecorded
  | PartyContactsErased;

const ofContact = ({ contact }: { readonly contact: ContactId }) => ({ kind: 'contact', id: contact }) as const;
const ofParty = ({ party }: { readonly party: PartyId }) => ({ kind: 'party', id: party }) as const;

export const partyCodec: EventCodec<PartyEvent> = {
  PartyRegistered: { schemaVersion: 1, processingActivity: 'registration', personal: { details: ofParty } },
  SpecialCircumstancesReported: { schemaVersion: 1, processingActivity: 'registration' },
  SpecialCircumstancesCleared: { schemaVersion: 1, processingActivity: 'registration' },
  PartyCorrected: { schemaVersion: 1, processingActivity: 'registration', personal: { details: ofParty } },
  PartyContactRecorded: { schemaVersion: 1, processingActivity: 'registration', personal: { value: ofContact } },
  PartyContactsErased: { schemaVersion: 1, processingActivity: 'rights-requests' },
};
