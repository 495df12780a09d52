import {
  accept,
  clear,
  reject,
  type Decider,
  type EventCodec,
  type Instant,
  type PartyId,
  type Personal,
} from '#libs/kernel';
import type { AuthorizationRequest } from '#libs/scheme';
import { conflicting, notFound, rejecting } from '../common/rejections.js';

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

export interface PartyDetails {
  readonly name: string;
  readonly address?: string;
  readonly email?: string;
  readonly telephone?: string;
}

// Events

export interface PartyRegistered {
  readonly type: 'PartyRegistered';
  readonly data: {
    readonly party: PartyId;
    readonly kind: PartyKind;
    readonly register: PartyRegister;
    readonly number: string;
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
  readonly data: { readonly party: PartyId; readonly clearedAt: Instant };
}
export type PartyEvent = PartyRegistered | SpecialCircumstancesReported | SpecialCircumstancesCleared;

export const partyCodec: EventCodec<PartyEvent> = {
  PartyRegistered: {
    schemaVersion: 1,
    processingActivity: 'registration',
    personal: { details: ({ party }) => ({ kind: 'party', id: party }) },
  },
  SpecialCircumstancesReported: { schemaVersion: 1, processingActivity: 'registration' },
  SpecialCircumstancesCleared: { schemaVersion: 1, processingActivity: 'registration' },
};

// Commands and rejections

export type PartyCommand =
  | {
      readonly type: 'RegisterParty';
      readonly party: PartyId;
      readonly kind: PartyKind;
      readonly register: PartyRegister;
      readonly number: string;
      readonly details: PartyDetails;
      /** The business of one human: sole proprietorship or practitioner. */
      readonly naturalPersonsBusiness: boolean;
      /** Whether the party on record was registered with exactly this request. */
      readonly sameAsRecorded: boolean;
    }
  | { readonly type: 'ReportSpecialCircumstances'; readonly now: Instant }
  | { readonly type: 'ClearSpecialCircumstances'; readonly now: Instant };

export const partyRejections = {
  'no-such-party': notFound(
    'There is no such party',
    'Deze partij bestaat niet',
    'No party with this id was ever recorded.',
  ),
  'party-exists': conflicting(
    'The number belongs to a party on record',
    'Het nummer is van een partij die al vastligt',
    'There is one party per register and number; this one was recorded with other data.',
  ),
};

const rejectWith = rejecting(partyRejections);

// State

export interface RegisteredParty {
  readonly status: 'registered';
  readonly id: PartyId;
  readonly kind: PartyKind;
  readonly register: PartyRegister;
  readonly number: string;
  readonly publicDetails?: PartyDetails;
  readonly details?: Personal<PartyDetails>;
  /** Reported and not cleared (IV3-report). */
  readonly specialCircumstances: boolean;
}
export type Party = { readonly status: 'none' } | RegisteredParty;

// Decider

export const partyDecider: Decider<Party, PartyCommand, PartyEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'RegisterParty') {
      if (state.status !== 'none') return command.sameAsRecorded ? accept() : reject(rejectWith('party-exists'));
      const { party, kind, register, number, details, naturalPersonsBusiness } = command;
      return accept({
        type: 'PartyRegistered',
        data: {
          party,
          kind,
          register,
          number,
          ...(naturalPersonsBusiness ? { details: clear(details) } : { publicDetails: details }),
        },
      });
    }
    if (state.status === 'none') return reject(rejectWith('no-such-party'));
    switch (command.type) {
      case 'ReportSpecialCircumstances':
        return state.specialCircumstances
          ? accept()
          : accept({ type: 'SpecialCircumstancesReported', data: { party: state.id, reportedAt: command.now } });
      case 'ClearSpecialCircumstances':
        return state.specialCircumstances
          ? accept({ type: 'SpecialCircumstancesCleared', data: { party: state.id, clearedAt: command.now } })
          : accept();
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'PartyRegistered': {
        const { party, kind, register, number, publicDetails, details } = event.data;
        return {
          status: 'registered',
          id: party,
          kind,
          register,
          number,
          ...(publicDetails === undefined ? {} : { publicDetails }),
          ...(details === undefined ? {} : { details }),
          specialCircumstances: false,
        };
      }
      case 'SpecialCircumstancesReported':
        return state.status === 'none' ? state : { ...state, specialCircumstances: true };
      case 'SpecialCircumstancesCleared':
        return state.status === 'none' ? state : { ...state, specialCircumstances: false };
    }
  },
};

/** The name under which decisions at use know the party: `kvk:69599084`. */
export const organizationId = (party: { readonly register: PartyRegister; readonly number: string }): string =>
  `${party.register}:${party.number}`;
