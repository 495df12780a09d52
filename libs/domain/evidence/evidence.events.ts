import type {
  ApplicationId,
  AuthorizationId,
  DocumentId,
  EventCodec,
  EvidenceId,
  Instant,
  KeyHolder,
  MeansId,
  Personal,
  PersonId,
  RevocationRequestId,
} from '#libs/kernel';

/** What a file may be. Anything else is looked at by nobody, and not taken. */
export const EVIDENCE_MEDIA_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
export type EvidenceMediaType = (typeof EVIDENCE_MEDIA_TYPES)[number];

/**
 * What a file shows: the form or message of a registration (ARCH-07), deeds, proxies and mandate decisions (ARCH-09), an
 * agreement with an employer (MEANS-ID3-d), an outside assertion of a login (PROOF-06), or a copy of an identity document.
 */
export const EVIDENCE_KINDS = [
  ...(['form', 'privateDeed', 'proxy', 'mandateDecision', 'agreement', 'assertion', 'idCopy'] as const),
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/**
 * Forms and messages of a registration, their attachments and assertions of a login are archived from level 2 on; at level 1
 * nothing asks for them, and nothing beyond what is asked is kept (ARCH-07, ARCH-08, ARCH-12). They wait for a decision. Mandate
 * decisions, deeds and proxies are kept at every level (ARCH-09, AMB-44).
 */
const FROM_LEVEL_2: ReadonlySet<EvidenceKind> = new Set(['form', 'agreement', 'assertion']);
export const isKeptFromLevel2 = (kind: EvidenceKind): boolean => FROM_LEVEL_2.has(kind);

/** In which of its roles the participant was given a copy: each decides, and keeps, for itself (WID-10). */
export const COPY_ROLES = ['issuance', 'registration'] as const;
export type CopyRole = (typeof COPY_ROLES)[number];

/**
 * What a reader of the copy can't see (WID-06). `machineReadableZone` is the part of it that repeats the number of the
 * citizen; a document whose zone has none, or has no zone, counts as masked there.
 */
export const MASKED_PARTS = ['photo', 'citizenServiceNumber', 'nationality', 'machineReadableZone'] as const;
export type MaskedPart = (typeof MASKED_PARTS)[number];

/** `full`: everything is masked; `photoVisible`: everything but the photo (WID-07); `none`: anything less. */
export const SHIELDINGS = ['full', 'photoVisible', 'none'] as const;
export type Shielding = (typeof SHIELDINGS)[number];

/**
 * The decision by which a file stays or goes: of what, and at which level, M or STORK; of a request to revoke or to suspend the
 * level of its object.
 */
export interface CopyDecision {
  readonly of:
    | { readonly authorization: AuthorizationId }
    | { readonly means: MeansId }
    | { readonly revocationRequest: RevocationRequestId };
  readonly level: number;
}

/**
 * Why a file was destroyed: nothing at level 2 or higher was decided on its intake (ARCH-12), the level is below 3 (WID-01), the
 * copy is not shielded and the level below 4 (WID-03), it is shielded in no part and nobody said what makes that necessary
 * (WID-07), nobody decided in time, it was taken back, or the time for which it had to be kept is over (ARCH-11).
 */
export const DESTRUCTION_GROUNDS = [
  'belowLevel2',
  'belowLevel3',
  'notShielded',
  'noNecessity',
  'quarantineOver',
  'withdrawn',
  'retentionOver',
] as const;
export type DestructionGround = (typeof DESTRUCTION_GROUNDS)[number];

export const EVIDENCE_STATUSES = ['quarantined', 'kept', 'destroyed'] as const;

interface OfEvidence {
  readonly evidence: EvidenceId;
}

/** A file came in. It waits, sealed, until it is described, and most until there is a decision; never longer than said here. */
export interface EvidenceUploaded {
  readonly type: 'EvidenceUploaded';
  readonly data: OfEvidence & {
    /** Intake that it belongs to. */
    readonly application: ApplicationId;
    readonly mediaType: EvidenceMediaType;
    /** Bytes of the file. */
    readonly size: number;
    /** SHA-256 of the file in hexadecimal digits: who has such a file could learn by it that it is this one. */
    readonly digest: Personal<string>;
    /** Where the sealed file is: SHA-256 of its sealed bytes in hexadecimal digits. */
    readonly address: string;
    readonly uploadedAt: Instant;
    readonly quarantinedUntil: Instant;
  };
}

export type EvidenceDescription =
  | { readonly kind: Exclude<EvidenceKind, 'agreement' | 'idCopy'> }
  | {
      readonly kind: 'agreement';
      /** Which agreement it shows, as policy names it: by that it is found to be in force (MEANS-ID3-d). */
      readonly reference: string;
    }
  | {
      readonly kind: 'idCopy';
      readonly role: CopyRole;
      readonly person: PersonId;
      /** The document of which it is a copy: its number, type and last day stay with the person (WID-08). */
      readonly document: DocumentId;
      readonly shielding: Shielding;
      /** As whoever describes it attests (WID-06). */
      readonly masked: readonly MaskedPart[];
    };

/** Somebody looked at the file and said what it shows; of a copy also what of it is masked. The last one counts. */
export interface EvidenceDescribed {
  readonly type: 'EvidenceDescribed';
  readonly data: OfEvidence & {
    readonly application: ApplicationId;
    readonly description: EvidenceDescription;
    /** Why a copy that is masked in no part is needed (WID-07). */
    readonly necessity?: Personal<string>;
    readonly describedAt: Instant;
  };
}

/** It stays for as long as what rests on it, and seven years (ARCH-10). */
export interface EvidenceKept {
  readonly type: 'EvidenceKept';
  readonly data: OfEvidence & {
    /** Of a copy, and of what is kept from level 2 on; whatever else is kept by what it is. */
    readonly decision?: CopyDecision;
    readonly keptAt: Instant;
  };
}

/**
 * What was mistaken about how a file was described that is kept by that: it shows an identity document and was said to be
 * something else (WID-01), or less is masked on the copy than was attested (WID-03).
 */
export const DESCRIPTION_MISTAKES = ['kind', 'shielding'] as const;
export type DescriptionMistake = (typeof DESCRIPTION_MISTAKES)[number];

/** Somebody took the file back, and said why; it is destroyed in the same step. */
export interface EvidenceWithdrawn {
  readonly type: 'EvidenceWithdrawn';
  readonly data: OfEvidence & {
    readonly application: ApplicationId;
    /** Of a file that was kept, and must not have been. */
    readonly mistake?: DescriptionMistake;
    readonly reason: Personal<string>;
    readonly withdrawnAt: Instant;
  };
}

/** It goes, by its key: whatever copy of the sealed bytes there is opens no more. What was described stays. */
export interface EvidenceDestroyed {
  readonly type: 'EvidenceDestroyed';
  readonly data: OfEvidence & {
    /** Where the sealed file is, which is taken away as well. */
    readonly address: string;
    readonly ground: DestructionGround;
    /** Absent where a time was over, and where it was withdrawn. */
    readonly decision?: CopyDecision;
    readonly destroyedAt: Instant;
  };
}

export type EvidenceEvent = EvidenceUploaded | EvidenceDescribed | EvidenceKept | EvidenceWithdrawn | EvidenceDestroyed;

const declared = { schemaVersion: 1, processingActivity: 'identification' } as const;

export const evidenceCodec: EventCodec<EvidenceEvent> = {
  EvidenceUploaded: {
    ...declared,
    personal: { digest: ({ evidence }): KeyHolder => ({ kind: 'evidence', id: evidence }) },
  },
  EvidenceDescribed: {
    ...declared,
    // A reason outlives the copy that it is about.
    personal: { necessity: ({ application }): KeyHolder => ({ kind: 'application', id: application }) },
  },
  EvidenceKept: declared,
  EvidenceWithdrawn: {
    ...declared,
    personal: { reason: ({ application }): KeyHolder => ({ kind: 'application', id: application }) },
  },
  EvidenceDestroyed: declared,
};
