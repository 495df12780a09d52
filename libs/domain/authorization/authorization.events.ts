import type {
  ApplicationId,
  AuthorizationId,
  CheckId,
  ConfirmationId,
  EventCodec,
  EvidenceId,
  Instant,
  MeansId,
  PartyId,
  Personal,
  PersonId,
  Pseudonym,
  RevocationRequestId,
} from '#libs/kernel';
import type { Lifted, Suspended } from '../common/suspension.js';
import type { Turnaround } from '../common/turnaround.js';
import type { WeighedCheck } from '../common/weighed-check.js';
import type { Addressee } from '../confirmation/confirmation.events.js';
import type { AuthorizationRequest, AuthorizationResult, EhLevel, EidasLevel, StorkLevel } from '#libs/scheme';

/** What an authorization covers (CONT-04 to CONT-06); entries of the service catalogue. */
export type Scope = {
  readonly all: boolean;
  readonly services: readonly string[];
  readonly groups: readonly { readonly id: string; readonly includesLaterServices: boolean }[];
};

/** The nature of the authority, both said explicitly (CONT-09). */
export type Nature = {
  readonly rightOfSubstitution: boolean;
  readonly actsIndependently: boolean;
};

/** A natural person with one means, linked by its pseudonym (REG-06), or a legal person (PARTY-04). */
export type AuthorizedParty =
  { readonly person: PersonId; readonly means: MeansId; readonly pseudonym: Pseudonym } | { readonly party: PartyId };

/** Regular, or the authority of an administrator: there is no second kind of object (interfaces.md §6). */
export type AuthorityKind = NonNullable<AuthorizationRequest['authority']>;

export interface AuthorizationRegistered {
  readonly type: 'AuthorizationRegistered';
  readonly data: {
    readonly authorization: AuthorizationId;
    readonly application: ApplicationId;
    readonly registration: AuthorizationRequest['registration'];
    readonly authority: AuthorityKind;
    readonly representedParty: PartyId;
    readonly submitter: { readonly person: PersonId; readonly role: AuthorizationRequest['submitter']['role'] };
    readonly legalRepresentative?: PersonId;
    readonly authorizedParty: AuthorizedParty;
    readonly scope: Scope;
    readonly establishments?: readonly string[];
    /** For the intermediary's clients, not for the intermediary itself (CONT-05). */
    readonly forThirdParties: boolean;
    /** In a chain usable for these represented parties only (CHAIN-10). */
    readonly onlyForClients?: readonly string[];
    /** Of a link to an intermediary: the OIN of the register in which the next link can be verified (CHAIN-09). */
    readonly nextLinkRegister?: string;
    readonly nature: Nature;
    /** Consent to show it to others of the same consumer (CONSENT-07); absent on what was registered before it was kept. */
    readonly displayConsent?: true;
    /** Whether the consumer states that the person permits it (CONSENT-08); absent: it states nothing. */
    readonly displayPermitted?: boolean;
    readonly validFrom: Instant;
    readonly validUntil: Instant;
    /** The submission asked for more than five years (REG-08). */
    readonly capped: boolean;
    readonly registeredAt: Instant;
    /** What it rests on and what that earned (LVL-09, LVL-11): never typed in. */
    readonly checks: readonly CheckId[];
    readonly scores: AuthorizationResult['scores'];
    readonly rows: AuthorizationResult['rows'];
    readonly m: number;
    readonly eh: EhLevel | null;
    readonly eidas: EidasLevel | null;
    readonly submitterLevel: EhLevel | null;
    readonly flags: readonly string[];
    readonly meansStork?: StorkLevel;
    readonly aimedLevel: EhLevel;
    readonly acceptLower: boolean;
    readonly deviationReason?: Personal<string>;
    /** How each of the checks stood; absent on what was registered before it was kept. */
    readonly evidence?: readonly WeighedCheck[];
    /** Copies on record that stood for one that was not sent again (R-IO3-d-copy); absent: it rests on none. */
    readonly copies?: readonly EvidenceId[];
    /**
     * Authorizations that it was scored by: the authority that spoke for the submitter, and what carries an IV score of the
     * authorized party. Absent on what was registered before it was kept.
     */
    readonly authorities?: readonly AuthorizationId[];
  };
}

/** A new decision on an authorization that is there: its own submitter, intake and checks, and what these earned (REG-13). */
interface DecidedAnew {
  readonly authorization: AuthorizationId;
  /** Intake that it came in with. */
  readonly application: ApplicationId;
  readonly registration: AuthorizationRequest['registration'];
  readonly submitter: AuthorizationRegistered['data']['submitter'];
  readonly legalRepresentative?: PersonId;
  readonly checks: readonly CheckId[];
  readonly evidence: readonly WeighedCheck[];
  /** As when it was registered. */
  readonly copies?: readonly EvidenceId[];
  readonly authorities?: readonly AuthorizationId[];
  readonly scores: AuthorizationResult['scores'];
  readonly rows: AuthorizationResult['rows'];
  readonly m: number;
  readonly eh: EhLevel | null;
  readonly eidas: EidasLevel | null;
  readonly submitterLevel: EhLevel | null;
  readonly flags: readonly string[];
  readonly meansStork?: StorkLevel;
  readonly aimedLevel: EhLevel;
  readonly acceptLower: boolean;
  readonly deviationReason?: Personal<string>;
  /** Absent on what was decided before it was kept. */
  readonly turnaround?: Turnaround & { readonly breached: boolean };
}

/**
 * It has a new period, at most five years from its start (REN-03), by a decision with the requirements of a first one
 * (REN-01). Its level is from here on what this decision earned (REN-04).
 */
export interface AuthorizationRenewed {
  readonly type: 'AuthorizationRenewed';
  readonly data: DecidedAnew & {
    /** Score of the renewal procedure as it was done (PV1 to PV4); the one among the scores is that of the register where it is lower. */
    readonly procedure: number;
    readonly previousM: number;
    /** Begin of the new period; validity runs on till then. */
    readonly periodFrom: Instant;
    readonly validUntil: Instant;
    readonly capped: boolean;
    readonly renewedAt: Instant;
  };
}

/** Of its content that can be changed; who is authorized is a registration of its own. */
export const CHANGEABLE = ['scope', 'forThirdParties', 'establishments', 'nature', 'period'] as const;

/** What it covers is from here on as it stands here, by a decision of its own (REG-13). */
export interface AuthorizationChanged {
  readonly type: 'AuthorizationChanged';
  readonly data: DecidedAnew & {
    /** What is other than before. */
    readonly changed: readonly (typeof CHANGEABLE)[number][];
    readonly scope: Scope;
    readonly forThirdParties: boolean;
    readonly establishments?: readonly string[];
    readonly nature: Nature;
    readonly validFrom: Instant;
    readonly validUntil: Instant;
    readonly capped: boolean;
    readonly previousM: number;
    readonly changedAt: Instant;
  };
}

/** The authorized person took it into use, or nothing more was asked (REG-15). */
export interface AuthorizationActivated {
  readonly type: 'AuthorizationActivated';
  readonly data: {
    readonly authorization: AuthorizationId;
    /** Intake that the activation came in with. */
    readonly application: ApplicationId;
    readonly activatedAt: Instant;
    readonly checks: readonly CheckId[];
    /** Entered more than 31 days after it happened. */
    readonly late: boolean;
    readonly lateEntryReason?: Personal<string>;
  };
}

/**
 * The represented party states whether the authorized person permits that others of it see and use the data that say who he
 * is (CONSENT-08). The statement is its own; what it is true of is its responsibility.
 */
export interface DisplayPermissionStated {
  readonly type: 'DisplayPermissionStated';
  readonly data: {
    readonly authorization: AuthorizationId;
    readonly application: ApplicationId;
    readonly permitted: boolean;
    readonly statedBy: PersonId;
    readonly role: DisplayStater;
    /** His login, and the level that it proves. */
    readonly checks: readonly CheckId[];
    readonly level: EhLevel;
    readonly statedAt: Instant;
  };
}

/** Who speaks for the represented party. */
export type DisplayStater = 'administrator' | 'legalRepresentative';

/** Final (REV-08). */
export interface AuthorizationRevoked {
  readonly type: 'AuthorizationRevoked';
  readonly data: {
    readonly authorization: AuthorizationId;
    /** Absent where nobody asked: it was not used, and `nonUse` says what that rests on. */
    readonly revocationRequest?: RevocationRequestId;
    readonly revokedAt: Instant;
    readonly nonUse?: NonUseNotice & {
      /** Place in the record log up to which there was no use since the notice. */
      readonly recordsUpTo: string;
      /**
       * That each of its addressees who was in office by then was told. Absent: an earlier build took the notice on record for
       * told.
       */
      readonly told?: readonly TellingOfNotice[];
      /** Those of them whose data were erased, and whom nobody could tell any more. */
      readonly erased?: readonly Addressee[];
    };
  };
}

/** What a notice of non-use says. */
export interface NonUseNotice {
  readonly noticedAt: Instant;
  /** First use of the day of its last one; `null`: it was never used. */
  readonly lastUsedAt: Instant | null;
  /** Latest of registration, start date and the end of that day (NONUSE-04). */
  readonly countsFrom: Instant;
  /** Not before then, and not if it is used before (NONUSE-03). */
  readonly revokesAt: Instant;
  /**
   * The authorized party, and the administrators there are, those who came since among them: nothing is revoked before each of
   * them who is in office by then was told (NONUSE-02). Absent: an earlier build noticed it, and nothing follows from that.
   */
  readonly addressees?: readonly Addressee[];
}

/** The confirmation by which an addressee of the notice was told, and when. */
export interface TellingOfNotice {
  readonly confirmation: ConfirmationId;
  readonly sentAt: Instant;
}

/** It has not been used for 24 months: it is said when it will be revoked, unless it is used (NONUSE-02, NONUSE-04). */
export interface AuthorizationNonUseNoticed {
  readonly type: 'AuthorizationNonUseNoticed';
  readonly data: { readonly authorization: AuthorizationId } & NonUseNotice;
}

/** The same notice goes to administrators who came since as well: those who are in office when it takes effect know of it. */
export interface AuthorizationNonUseNoticeExtended {
  readonly type: 'AuthorizationNonUseNoticeExtended';
  readonly data: {
    readonly authorization: AuthorizationId;
    readonly noticedAt: Instant;
    /** Those who were not named before. */
    readonly addressees: readonly Addressee[];
    readonly extendedAt: Instant;
  };
}

/** The notice does not hold any more, and nothing follows from it. */
export interface AuthorizationNonUseNoticeWithdrawn {
  readonly type: 'AuthorizationNonUseNoticeWithdrawn';
  readonly data: {
    readonly authorization: AuthorizationId;
    readonly noticedAt: Instant;
    /** It was used since, or at its level nothing is revoked for non-use (PD1). */
    readonly ground: 'used' | 'notRevokedAtLevel';
    readonly lastUsedAt: Instant | null;
    readonly withdrawnAt: Instant;
  };
}

/** Not usable until every suspension is lifted; its validity runs on (SUS-05). */
export interface AuthorizationSuspended {
  readonly type: 'AuthorizationSuspended';
  readonly data: { readonly authorization: AuthorizationId } & Suspended;
}
export interface AuthorizationSuspensionLifted {
  readonly type: 'AuthorizationSuspensionLifted';
  readonly data: { readonly authorization: AuthorizationId } & Lifted;
}

export type AuthorizationEvent =
  | AuthorizationRegistered
  | AuthorizationActivated
  | AuthorizationRenewed
  | AuthorizationChanged
  | DisplayPermissionStated
  | AuthorizationSuspended
  | AuthorizationSuspensionLifted
  | AuthorizationNonUseNoticed
  | AuthorizationNonUseNoticeExtended
  | AuthorizationNonUseNoticeWithdrawn
  | AuthorizationRevoked;

export const authorizationCodec: EventCodec<AuthorizationEvent> = {
  AuthorizationRegistered: {
    schemaVersion: 1,
    processingActivity: 'registration',
    personal: { deviationReason: ({ application }) => ({ kind: 'application', id: application }) },
  },
  AuthorizationActivated: {
    schemaVersion: 1,
    processingActivity: 'registration',
    personal: { lateEntryReason: ({ application }) => ({ kind: 'application', id: application }) },
  },
  AuthorizationRenewed: {
    schemaVersion: 1,
    processingActivity: 'registration',
    personal: { deviationReason: ({ application }) => ({ kind: 'application', id: application }) },
  },
  AuthorizationChanged: {
    schemaVersion: 1,
    processingActivity: 'registration',
    personal: { deviationReason: ({ application }) => ({ kind: 'application', id: application }) },
  },
  DisplayPermissionStated: { schemaVersion: 1, processingActivity: 'registration' },
  AuthorizationSuspended: { schemaVersion: 1, processingActivity: 'revocation' },
  AuthorizationSuspensionLifted: { schemaVersion: 1, processingActivity: 'revocation' },
  AuthorizationNonUseNoticed: { schemaVersion: 1, processingActivity: 'revocation' },
  AuthorizationNonUseNoticeExtended: { schemaVersion: 1, processingActivity: 'revocation' },
  AuthorizationNonUseNoticeWithdrawn: { schemaVersion: 1, processingActivity: 'revocation' },
  AuthorizationRevoked: { schemaVersion: 1, processingActivity: 'revocation' },
};
