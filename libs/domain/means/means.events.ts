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
import type { EhLevel, MeansResult, StorkLevel } from '#libs/scheme';
import type { Lifted, Suspended } from '../common/suspension.js';
import type { WeighedCheck } from '../common/weighed-check.js';

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
  };
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

/** The means was issued at the level its five elements carry (MEANS-01, MEANS-02). */
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
  };
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
    /** What was answered to whoever asked: an upgrade raises no authorization by itself. */
    readonly staysBelow: readonly BelowTarget[];
    /** There are more than these. */
    readonly staysBelowMore: boolean;
    readonly upgradedAt: Instant;
  };
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
  };
}

/** Final (REV-08). Every authorization on it is unusable from here (REV-07). */
export interface MeansRevoked {
  readonly type: 'MeansRevoked';
  readonly data: {
    readonly means: MeansId;
    readonly revocationRequest: RevocationRequestId;
    readonly revokedAt: Instant;
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
  MeansSuspended: { schemaVersion: 1, processingActivity: 'revocation' },
  MeansSuspensionLifted: { schemaVersion: 1, processingActivity: 'revocation' },
  MeansRevoked: { schemaVersion: 1, processingActivity: 'revocation' },
};
