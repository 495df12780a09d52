import type {
  ApplicationId,
  AuthorizationId,
  CheckId,
  EventCodec,
  Instant,
  MeansId,
  PartyId,
  Personal,
  PersonId,
  Pseudonym,
  RevocationRequestId,
} from '#libs/kernel';
import type { Channel, EhLevel, MeansResult, StorkLevel } from '#libs/scheme';
import type { Lifted, Suspended } from '../common/suspension.js';
import type { Turnaround } from '../common/turnaround.js';
import type { WeighedCheck } from '../common/weighed-check.js';
import type { CertificateOnRecord } from './certificate.js';
import type { Restriction } from './restriction.js';

/** Somebody applied for a means. Its pseudonym is made here and stays for its whole life (MEANS-09). */
export interface MeansApplied {
  readonly type: 'MeansApplied';
  readonly data: {
    readonly means: MeansId;
    readonly application: ApplicationId;
    readonly holder: PersonId;
    readonly pseudonym: Pseudonym;
    readonly product: string;
    readonly aimedStork: StorkLevel;
    /** Service consumer it was applied for, if any (MEANS-10). */
    readonly party?: PartyId;
    readonly appliedAt: Instant;
  } & Restriction;
}

/** The holder was identified: what the checks so far earn on ID. */
export interface HolderIdentified {
  readonly type: 'HolderIdentified';
  readonly data: {
    readonly means: MeansId;
    readonly checks: readonly CheckId[];
    readonly scores: Pick<MeansResult['scores'], 'ID'>;
    readonly rows: Pick<MeansResult['rows'], 'ID'>;
    readonly criteria: MeansResult['criteria'];
    /** How each of the checks stood; absent on what was recorded before it was kept. */
    readonly evidence?: readonly WeighedCheck[];
    readonly identifiedAt: Instant;
  };
}

/**
 * The means was issued at the level its five elements carry (MEANS-01, MEANS-02). Where it may be used only somewhere, this
 * fact and each later one say where, in full (REST-01).
 */
export interface MeansIssued {
  readonly type: 'MeansIssued';
  readonly data: {
    readonly means: MeansId;
    /** Every check it rests on, those of the identification included. */
    readonly checks: readonly CheckId[];
    readonly scores: MeansResult['scores'];
    readonly rows: MeansResult['rows'];
    readonly criteria: MeansResult['criteria'];
    /** As with the identification. */
    readonly evidence?: readonly WeighedCheck[];
    readonly stork: StorkLevel;
    readonly issuanceLevel: StorkLevel;
    readonly aimedStork: StorkLevel;
    readonly issuedAt: Instant;
  } & CertificateOnRecord &
    Restriction;
}

export interface MeansActivated {
  readonly type: 'MeansActivated';
  readonly data: {
    readonly means: MeansId;
    readonly application: ApplicationId;
    readonly activatedAt: Instant;
    /** Entered more than 31 days after it happened. */
    readonly late: boolean;
    readonly lateEntryReason?: Personal<string>;
  };
}

/** An authorization on the means that stays below the level that was aimed at, with what it is and its level now (UPG-03). */
export interface BelowTarget {
  readonly authorization: AuthorizationId;
  readonly m: number;
  readonly level: EhLevel | null;
}

/**
 * The five elements of the means carry a higher level from here on (UPG-01, UPG-02). Its id, its holder and its pseudonym
 * stay, and with them every authorization on it (UPG-04).
 */
export interface MeansUpgraded {
  readonly type: 'MeansUpgraded';
  readonly data: {
    readonly means: MeansId;
    /** Intake that the upgrade came in with. */
    readonly application: ApplicationId;
    /** Another one than before where the holder got another token. */
    readonly product: string;
    /** Every check it rests on, those of before that count for the new level included. */
    readonly checks: readonly CheckId[];
    readonly scores: MeansResult['scores'];
    readonly rows: MeansResult['rows'];
    readonly criteria: MeansResult['criteria'];
    readonly evidence: readonly WeighedCheck[];
    readonly previousStork: StorkLevel;
    readonly stork: StorkLevel;
    readonly issuanceLevel: StorkLevel;
    readonly aimedStork: StorkLevel;
    /** Its certificate is the one that was there, where another product or a renewal would bring another token (ADR 149). */
    readonly sameToken?: true;
    /** What was answered to whoever asked: an upgrade raises no authorization by itself. */
    readonly staysBelow: readonly BelowTarget[];
    /** There are more than these. */
    readonly staysBelowMore: boolean;
    readonly upgradedAt: Instant;
  } & CertificateOnRecord &
    Restriction;
}

/**
 * The holder has another token or certificate under the same means, from what it rested on as far as that still holds and
 * a delivery of its own. Never higher than before: that is an upgrade, whose answer says what stays below.
 */
export interface MeansRenewed {
  readonly type: 'MeansRenewed';
  readonly data: Omit<MeansUpgraded['data'], 'aimedStork' | 'staysBelow' | 'staysBelowMore' | 'upgradedAt'> & {
    readonly acceptLower: boolean;
    readonly renewedAt: Instant;
    /** When it came in, by the level that it had: no time runs (MEANS-07). Absent on what was renewed before it was kept. */
    readonly turnaround?: Turnaround & { readonly breached: boolean };
  };
}

/** Whether it brought another token than the one of the product before. */
export const bringsNewToken = ({ type, data }: MeansUpgraded | MeansRenewed, productBefore: string): boolean =>
  data.sameToken !== true && (type === 'MeansRenewed' || data.product !== productBefore);

/**
 * The leg of a revocation at the certification service provider: until when the certificate on the means has to be revoked
 * there (PI4, REV-03, AMB-15).
 */
export type CertificateLeg = {
  /** The request that ended the means. */
  readonly revocationRequest: RevocationRequestId;
  readonly channel: Channel;
  readonly receivedAt: Instant;
  readonly level: EhLevel;
  readonly dueAt: Instant;
  /** When the certificate ends by itself, where that is known: nothing is left to revoke from then on. */
  readonly endsAt?: Instant;
};

/**
 * The certificate that the means has was revoked at its certification service provider, as a validation of it says: the
 * means is not usable until it has another (SIG-01). Recorded of an ended means as well: that is the second leg of its
 * revocation, with its own clock (PI4, REV-03).
 */
export interface MeansCertificateRevoked {
  readonly type: 'MeansCertificateRevoked';
  readonly data: {
    readonly means: MeansId;
    readonly application: ApplicationId;
    /** The validation that says so. */
    readonly checks: readonly CheckId[];
    /** From here on it is not usable. */
    readonly reportedAt: Instant;
    /** Which one was revoked, where that validation said so: no later token rests on it. */
    readonly certificateFingerprint?: string;
    /**
     * Of a means that had ended: the leg that this meets, by the moment of the revocation, else of the validation that says
     * so, or of the certificate's own end where that came first.
     */
    readonly leg?: CertificateLeg & { readonly revokedBy: Instant; readonly breached: boolean };
  };
}

/** Final (REV-08). Every authorization on it is unusable from here (REV-07). */
export interface MeansRevoked {
  readonly type: 'MeansRevoked';
  readonly data: {
    readonly means: MeansId;
    readonly revocationRequest: RevocationRequestId;
    readonly revokedAt: Instant;
    /** At STORK 4, where a certificate is left that stands: it has to be revoked where it was issued. */
    readonly leg?: CertificateLeg;
  };
}

/** Not usable, and no authorization on it, until every suspension is lifted. */
export interface MeansSuspended {
  readonly type: 'MeansSuspended';
  readonly data: { readonly means: MeansId } & Suspended;
}
export interface MeansSuspensionLifted {
  readonly type: 'MeansSuspensionLifted';
  readonly data: { readonly means: MeansId } & Lifted;
}

export type MeansEvent =
  | MeansApplied
  | HolderIdentified
  | MeansIssued
  | MeansActivated
  | MeansUpgraded
  | MeansRenewed
  | MeansCertificateRevoked
  | MeansSuspended
  | MeansSuspensionLifted
  | MeansRevoked;

export const meansCodec: EventCodec<MeansEvent> = {
  MeansApplied: { schemaVersion: 1, processingActivity: 'means-issuance' },
  HolderIdentified: { schemaVersion: 1, processingActivity: 'means-issuance' },
  MeansIssued: { schemaVersion: 1, processingActivity: 'means-issuance' },
  MeansActivated: {
    schemaVersion: 1,
    processingActivity: 'means-issuance',
    personal: { lateEntryReason: ({ application }) => ({ kind: 'application', id: application }) },
  },
  MeansUpgraded: { schemaVersion: 1, processingActivity: 'means-issuance' },
  MeansRenewed: { schemaVersion: 1, processingActivity: 'means-issuance' },
  MeansCertificateRevoked: { schemaVersion: 1, processingActivity: 'revocation' },
  MeansSuspended: { schemaVersion: 1, processingActivity: 'revocation' },
  MeansSuspensionLifted: { schemaVersion: 1, processingActivity: 'revocation' },
  MeansRevoked: { schemaVersion: 1, processingActivity: 'revocation' },
};
