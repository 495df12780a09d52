import {
  accept,
  clear,
  reject,
  type ApplicationId,
  type CheckId,
  type ContactId,
  type Decider,
  type Instant,
  type PartyId,
  type Personal,
  type PersonId,
  type RightsRequestId,
} from '#libs/kernel';
import { leftAsProof, MAX_CONTACTS, type Contact, type ContactKind, type ContactSupplier } from '../common/contact.js';
import { judgeCorrection, type PartyMember } from '../common/corrections.js';
import { conflicting, notFound, refused, rejecting } from '../common/rejections.js';
import { judgePerson, judgeRegistration, partyNumberRejections } from './party-number.js';
import type {
  PartyAttribute,
  PartyDetails,
  PartyEvent,
  PartyKind,
  PartyRegister,
  PartyRegistered,
} from './party.events.js';

// Commands and rejections

export type PartyCommand =
  | {
      readonly type: 'RegisterParty';
      readonly party: PartyId;
      readonly kind: PartyKind;
      readonly register: PartyRegister;
      readonly number: string;
      /** Of a practitioner: himself. */
      readonly person?: PersonId;
      readonly details: PartyDetails;
      /** The business of one human: sole proprietorship or practitioner. */
      readonly naturalPersonsBusiness: boolean;
      /** Whether the party on record was registered with exactly this request. */
      readonly sameAsRecorded: boolean;
    }
  | { readonly type: 'ReportSpecialCircumstances'; readonly now: Instant }
  | {
      readonly type: 'ClearSpecialCircumstances';
      readonly checks: readonly CheckId[];
      /** Looks that found something and that nobody has cleared. */
      readonly findings: readonly CheckId[];
      /** A current look finds nothing, or a confirmation counts (PROOF-12). */
      readonly isShown: boolean;
      readonly now: Instant;
    }
  | {
      readonly type: 'CorrectParty';
      readonly application: ApplicationId;
      readonly checks: readonly CheckId[];
      /** All details as they are from now on. */
      readonly details: PartyDetails;
      /** Names of those that are on record otherwise. */
      readonly corrected: readonly PartyAttribute[];
      readonly person?: PersonId;
      /** What the checks show (RIGHTS-06). */
      readonly shown: readonly PartyMember[];
      readonly now: Instant;
    }
  | {
      readonly type: 'RecordPartyContact';
      readonly contact: ContactId;
      readonly kind: ContactKind;
      readonly value: string;
      readonly suppliedBy: ContactSupplier;
    }
  | {
      readonly type: 'ErasePartyContacts';
      readonly rightsRequest: RightsRequestId;
      /** Contacts that checks on record rest on: they stay for as long as those (ARCH-15, RIGHTS-06). */
      readonly kept: readonly ContactId[];
      readonly now: Instant;
    };

export const partyRejections = {
  'no-such-party': notFound('There is no such party', 'Deze partij bestaat niet', {
    en: 'No party with this id was ever recorded.',
    nl: 'Er is nooit een partij met dit id vastgelegd.',
  }),
  'party-exists': conflicting(
    'The number belongs to a party on record',
    'Het nummer is van een partij die al vastligt',
    {
      en: 'There is one party per register and number; this one (`party`) was recorded with other data.',
      nl: 'Er is één partij per register en nummer; deze (`party`) is met andere gegevens vastgelegd.',
    },
  ),
  'party-full': conflicting('The party holds no more contacts', 'De partij kan geen contactgegevens meer bevatten', {
    en: 'A party holds at most 100 contacts (`most`).',
    nl: 'Een partij heeft hoogstens 100 contactgegevens (`most`).',
  }),
  'circumstances-not-cleared': refused(
    'Special circumstances are not cleared',
    'Bijzondere omstandigheden zijn niet opgeheven',
    {
      en: 'The mark is cleared by a current look that finds nothing, or by a confirmation of somebody whom a register shows; name it.',
      nl: 'De markering wordt opgeheven door een actuele bevraging die niets vindt, of door een bevestiging van iemand die een register toont; noem die.',
    },
    'PROOF-12',
  ),
  ...partyNumberRejections,
};

const rejectWith = rejecting(partyRejections);

// State

export interface RegisteredParty {
  readonly status: 'registered';
  readonly id: PartyId;
  readonly kind: PartyKind;
  readonly register: PartyRegister;
  readonly number: string;
  /** Of a practitioner: the human whom the profession's register shows (AMB-76). */
  readonly person?: PersonId;
  readonly publicDetails?: PartyDetails;
  readonly details?: Personal<PartyDetails>;
  readonly contacts: ReadonlyMap<ContactId, Contact>;
  /** Reported and not cleared (IV3-report). */
  readonly specialCircumstances: boolean;
  /** When an attribute was last corrected; what never was is not in it (PROOF-13). */
  readonly correctedAt: { readonly [name in PartyAttribute]?: Instant };
}
export type Party = { readonly status: 'none' } | RegisteredParty;

// Decider

export const partyDecider: Decider<Party, PartyCommand, PartyEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'RegisterParty') {
      const faults = judgeRegistration(command);
      if (faults.length > 0) return reject(...faults);
      if (state.status !== 'none') {
        return command.sameAsRecorded ? accept() : reject(rejectWith('party-exists', { facts: { party: state.id } }));
      }
      const { party, kind, register, number, person, details, naturalPersonsBusiness } = command;
      return accept({
        type: 'PartyRegistered',
        data: {
          party,
          kind,
          register,
          number,
          ...(person === undefined ? {} : { person }),
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
        if (!state.specialCircumstances && command.findings.length === 0) return accept();
        if (!command.isShown) return reject(rejectWith('circumstances-not-cleared'));
        return accept({
          type: 'SpecialCircumstancesCleared',
          data: {
            party: state.id,
            clearedAt: command.now,
            checks: command.checks,
            findings: command.findings,
          },
        });
      case 'CorrectParty': {
        const { application, checks, details, corrected, person, shown, now } = command;
        const faults = judgePerson(state.kind, person, '/set/person');
        if (faults.length > 0) return reject(...faults);
        const namesAnother = person !== undefined && person !== state.person;
        if (corrected.length === 0 && !namesAnother) return accept();
        const unshown = judgeCorrection([...corrected, ...(namesAnother ? (['person'] as const) : [])], shown);
        if (unshown.length > 0) return reject(...unshown);
        return accept({
          type: 'PartyCorrected',
          data: {
            party: state.id,
            application,
            checks,
            correctedAt: now,
            corrected,
            ...(namesAnother ? { person } : {}),
            // Open or sealed as they were: whose business it is does not change by a correction.
            ...(corrected.length === 0
              ? {}
              : state.publicDetails === undefined
                ? { details: clear(details) }
                : { publicDetails: details }),
          },
        });
      }
      case 'RecordPartyContact': {
        const { contact, kind, value, suppliedBy } = command;
        if (state.contacts.has(contact)) return accept();
        if (state.contacts.size >= MAX_CONTACTS)
          return reject(rejectWith('party-full', { facts: { most: MAX_CONTACTS } }));
        return accept({
          type: 'PartyContactRecorded',
          data: { party: state.id, contact, kind, value: clear(value), suppliedBy },
        });
      }
      case 'ErasePartyContacts': {
        const contacts = [...state.contacts.keys()].filter((contact) => !command.kept.includes(contact));
        return state.contacts.size === 0
          ? accept()
          : accept({
              type: 'PartyContactsErased',
              data: { party: state.id, rightsRequest: command.rightsRequest, contacts, erasedAt: command.now },
            });
      }
    }
  },

  evolve(state, event) {
    if (event.type === 'PartyRegistered') return registered(event.data);
    if (state.status === 'none') return state;
    switch (event.type) {
      case 'SpecialCircumstancesReported':
        return { ...state, specialCircumstances: true };
      case 'SpecialCircumstancesCleared':
        return { ...state, specialCircumstances: false };
      case 'PartyCorrected': {
        const { corrected, correctedAt, person, publicDetails, details } = event.data;
        return {
          ...state,
          ...(person === undefined ? {} : { person }),
          ...(publicDetails === undefined ? {} : { publicDetails }),
          ...(details === undefined ? {} : { details }),
          correctedAt: { ...state.correctedAt, ...Object.fromEntries(corrected.map((name) => [name, correctedAt])) },
        };
      }
      case 'PartyContactRecorded': {
        const { contact, kind, suppliedBy } = event.data;
        return { ...state, contacts: new Map(state.contacts).set(contact, { kind, suppliedBy }) };
      }
      case 'PartyContactsErased':
        return { ...state, contacts: leftAsProof(state.contacts, event.data.contacts) };
    }
  },
};

function registered(data: PartyRegistered['data']): RegisteredParty {
  const { party, kind, register, number, person, publicDetails, details } = data;
  return {
    status: 'registered',
    id: party,
    kind,
    register,
    number,
    ...(person === undefined ? {} : { person }),
    ...(publicDetails === undefined ? {} : { publicDetails }),
    ...(details === undefined ? {} : { details }),
    contacts: new Map(),
    specialCircumstances: false,
    correctedAt: {},
  };
}

/** The name under which decisions at use know the party: `kvk:69599084`. */
export const organizationId = (party: { readonly register: PartyRegister; readonly number: string }): string =>
  `${party.register}:${party.number}`;
