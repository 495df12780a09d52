import type {
  AuthorizationId,
  CalendarDate,
  ConfirmationId,
  ContactId,
  EventCodec,
  EventId,
  Instant,
  KeyHolder,
  MeansId,
  PartyId,
  Personal,
  PersonId,
} from '#libs/kernel';
import type { EhLevel, StorkLevel } from '#libs/scheme';

/**
 * What somebody is told of a fact of the register, once for each fact, addressee and kind (CONF-01 to CONF-05). The text
 * has marks in place of names, which are sealed beside it, each under the key of whoever bears it.
 */

export const CONFIRMATION_KINDS = [
  'authorizationRegistered',
  'authorizationActivated',
  'authorizationChanged',
  'authorizationRenewed',
  'authorizationRevoked',
  'authorizationSuspended',
  'authorizationSuspensionLifted',
  'substitution',
  'nonUse',
  'meansUpgraded',
  'meansRevoked',
  'meansSuspended',
  'meansSuspensionLifted',
] as const;
export type ConfirmationKind = (typeof CONFIRMATION_KINDS)[number];

/** As what somebody is told. */
export const ADDRESSEE_ROLES = [
  'submitter',
  'requester',
  'administrator',
  'representedParty',
  'authorizedPerson',
  'holder',
] as const;
export type AddresseeRole = (typeof ADDRESSEE_ROLES)[number];

/**
 * `webhook`: a receiver of `ConfirmationWritten` fetches it and sees to the rest; `none`: nobody was told by us; `letter`: a
 * person told him, and says so.
 */
export const CONFIRMATION_CHANNELS = ['email', 'webhook', 'none', 'letter'] as const;
export type ConfirmationChannel = (typeof CONFIRMATION_CHANNELS)[number];

/** Why nobody was told: no address is on record, the data are erased, or the installation sends no mail. */
export const NO_CHANNEL = ['noAddress', 'erased', 'mailOff'] as const;
/**
 * Why it was given up: no server took it for days, one refused it for good, no receiver took it, the address is erased. Or a
 * person says that what was sent did not reach him.
 */
export const FAILURES = ['notTaken', 'refused', 'receiver', 'erased', 'notReached'] as const;
export type ConfirmationFailure = (typeof FAILURES)[number];

export const CONFIRMATION_LANGUAGES = ['nl', 'en'] as const;
export type ConfirmationLanguage = (typeof CONFIRMATION_LANGUAGES)[number];

export type ConfirmedObject = { readonly authorization: AuthorizationId } | { readonly means: MeansId };

export type Bearer =
  { readonly kind: 'person'; readonly id: PersonId } | { readonly kind: 'party'; readonly id: PartyId };
export type Addressee = Bearer & { readonly role: AddresseeRole };

/** What is in force by the fact, which may be other than what was asked (CONF-02). */
export interface EffectiveValues {
  readonly validFrom?: Instant;
  /** Of what was revoked before that: when it was. */
  readonly validUntil?: Instant;
  /** More than five years were asked for (REG-08). */
  readonly capped?: boolean;
  readonly level?: EhLevel | null;
  readonly aimedLevel?: EhLevel;
  readonly rightOfSubstitution?: boolean;
  readonly actsIndependently?: boolean;
  readonly stork?: StorkLevel;
  readonly previousStork?: StorkLevel;
  /** Authorizations on the means that an upgrade left below the level aimed at (UPG-03). */
  readonly staysBelow?: readonly AuthorizationId[];
  /** When it is revoked unless it is used before (NONUSE-02); later, where its telling leaves no period until then. */
  readonly revokesAt?: Instant;
}

export interface ConfirmationWritten {
  readonly type: 'ConfirmationWritten';
  readonly data: {
    readonly confirmation: ConfirmationId;
    readonly kind: ConfirmationKind;
    readonly about: ConfirmedObject;
    /** The fact that is told. */
    readonly event: EventId;
    readonly addressee: Addressee;
    readonly channel: Exclude<ConfirmationChannel, 'letter'>;
    /** Of channel `none`. */
    readonly noChannel?: (typeof NO_CHANNEL)[number];
    /** Of channel `email`. */
    readonly address?: Personal<string>;
    /** Where the address comes from, with which it is erased; absent: with the addressee. */
    readonly contact?: ContactId;
    readonly language: ConfirmationLanguage;
    readonly subject: string;
    /** With `{authorized}` and `{represented}` where these names stand, and `{revokesAt}` for the moment that follows. */
    readonly text: string;
    /** SHA-256 of subject, two line feeds and text as they stand here, in hexadecimal. A hash of names could be guessed. */
    readonly contentHash: string;
    /** Who is authorized, or holds the means. */
    readonly authorized: Bearer;
    readonly authorizedName?: Personal<string>;
    /** Absent of a means that was applied for by nobody's leave. */
    readonly represented?: Bearer;
    readonly representedName?: Personal<string>;
    readonly effective: EffectiveValues;
    readonly writtenAt: Instant;
  };
}

/** A mail server took it, or a receiver, or a person sent a letter. Whether anybody read it is not known. */
export interface ConfirmationSent {
  readonly type: 'ConfirmationSent';
  readonly data: {
    readonly confirmation: ConfirmationId;
    readonly channel: 'email' | 'webhook' | 'letter';
    /** How often it was tried; of a letter: before that. */
    readonly attempts: number;
    /** Of a letter: the end of the day that it went on, or the moment at which that was said, where it is earlier. */
    readonly sentAt: Instant;
    /**
     * Of a notice of non-use: the moment of revocation that follows from this telling, which the words had. Absent: an earlier
     * build named that of the notice.
     */
    readonly revokesAt?: Instant;
    readonly letter?: {
      readonly on: CalendarDate;
      /** Entered more than 31 days later. */
      readonly late: boolean;
    };
    /** Of a letter: to whom it went, and what shows that. */
    readonly addressee?: Addressee;
    readonly evidence?: Personal<string>;
    readonly lateEntryReason?: Personal<string>;
  };
}

/** A person has it sent by mail again, to the address that is on record by now. */
export interface ConfirmationRetried {
  readonly type: 'ConfirmationRetried';
  readonly data: {
    readonly confirmation: ConfirmationId;
    readonly channel: 'email';
    readonly addressee: Addressee;
    readonly address: Personal<string>;
    /** As in `ConfirmationWritten`. */
    readonly contact?: ContactId;
    /** The how-manieth time, from 1. */
    readonly retry: number;
    readonly retriedAt: Instant;
  };
}

/** It is not tried any more, or came back: somebody has to tell the addressee in another way. */
export interface ConfirmationFailed {
  readonly type: 'ConfirmationFailed';
  readonly data: {
    readonly confirmation: ConfirmationId;
    /** `letter`: one that came back. */
    readonly channel: 'email' | 'webhook' | 'letter';
    readonly reason: ConfirmationFailure;
    /** The server's code where it refused. */
    readonly status?: number;
    /** Of what did not reach him: which sending that was. */
    readonly sending?: number;
    readonly attempts: number;
    readonly failedAt: Instant;
  };
}

/** What it tells does not hold any more, and nobody was told: nobody is any more. */
export interface ConfirmationLapsed {
  readonly type: 'ConfirmationLapsed';
  readonly data: {
    readonly confirmation: ConfirmationId;
    /** Until when it held. */
    readonly since: Instant;
    readonly lapsedAt: Instant;
  };
}

export type ConfirmationEvent =
  ConfirmationWritten | ConfirmationSent | ConfirmationFailed | ConfirmationRetried | ConfirmationLapsed;

const keyOf = ({ kind, id }: Bearer): KeyHolder => ({ kind, id });
const addressKeyOf = ({
  addressee,
  contact,
}: {
  readonly addressee: Addressee;
  readonly contact?: ContactId;
}): KeyHolder => (contact === undefined ? keyOf(addressee) : { kind: 'contact', id: contact });
const declared = { schemaVersion: 1, processingActivity: 'confirmations' } as const;

export const confirmationCodec: EventCodec<ConfirmationEvent> = {
  ConfirmationWritten: {
    ...declared,
    personal: {
      address: addressKeyOf,
      authorizedName: ({ authorized }) => keyOf(authorized),
      representedName: ({ represented }) => keyOf(represented!),
    },
  },
  ConfirmationSent: {
    ...declared,
    personal: {
      evidence: ({ addressee }) => keyOf(addressee!),
      lateEntryReason: ({ addressee }) => keyOf(addressee!),
    },
  },
  ConfirmationRetried: { ...declared, personal: { address: addressKeyOf } },
  ConfirmationFailed: declared,
  ConfirmationLapsed: declared,
};
