import type {
  ApplicationId,
  CheckId,
  Instant,
  MeansId,
  PartyId,
  PersonId,
  Pseudonym,
  RevocationRequestId,
} from '#libs/kernel';
import type { MeansResult, StorkLevel } from '#libs/scheme';
import type { WeighedCheck } from '../common/weighed-check.js';
import { conflicting, invalid, notFound, refused, rejecting } from '../common/rejections.js';

export type MeansCommand =
  | {
      readonly type: 'ApplyForMeans';
      readonly means: MeansId;
      readonly application: ApplicationId;
      readonly holder: PersonId;
      readonly pseudonym: Pseudonym;
      readonly product: string;
      readonly aimedStork: StorkLevel;
      readonly party?: PartyId;
      /** The level policy lets no more means be issued at the level aimed at (TFA-03). */
      readonly closedForIssuance: boolean;
      readonly now: Instant;
    }
  | {
      readonly type: 'IdentifyHolder';
      readonly checks: readonly CheckId[];
      /** How each of them stood in the dossier (PROOF-01). */
      readonly evidence: readonly WeighedCheck[];
      /** Evaluation 2 over the checks so far. */
      readonly classification: MeansResult;
      readonly now: Instant;
    }
  | {
      readonly type: 'IssueMeans';
      readonly checks: readonly CheckId[];
      readonly evidence: readonly WeighedCheck[];
      readonly classification: MeansResult;
      readonly aimedStork: StorkLevel;
      readonly acceptLower: boolean;
      /** The level policy lets no more means be issued at the level reached (TFA-03). */
      readonly closedForIssuance: boolean;
      readonly now: Instant;
    }
  | {
      readonly type: 'ActivateMeans';
      readonly activatedAt: Instant;
      readonly lateEntryReason?: string;
      readonly now: Instant;
    }
  | { readonly type: 'RevokeMeans'; readonly revocationRequest: RevocationRequestId; readonly now: Instant };

export const meansRejections = {
  'no-such-means': notFound(
    'There is no such means',
    'Dit middel bestaat niet',
    'No means with this id was ever applied for.',
  ),
  'means-exists': conflicting(
    'The means was applied for already',
    'Het middel is al aangevraagd',
    'The id belongs to another means.',
  ),
  'unknown-product': invalid(
    'The product is unknown',
    'Het product is onbekend',
    'The request names a means product that is not in the catalogue at this moment.',
    'THR-06',
  ),
  'means-not-identified': conflicting(
    'The holder has not been identified',
    'De houder is nog niet geïdentificeerd',
    'A means is issued to an identified holder: record the checks and name them in an identification first.',
    'MEANS-04',
  ),
  'means-not-issued': conflicting(
    'The means has not been issued',
    'Het middel is nog niet uitgegeven',
    'Only an issued means can be activated.',
    'MEANS-04',
  ),
  'means-already-active': conflicting(
    'The means is active',
    'Het middel is al actief',
    'It was activated at another moment; an activation is recorded once.',
    'MEANS-04',
  ),
  'activated-before-issuance': invalid(
    'Activated before it was issued',
    'Geactiveerd vóór uitgifte',
    'A means can’t be taken into use before it is issued.',
    'MEANS-04',
  ),
  'means-already-issued': conflicting(
    'The means has been issued',
    'Het middel is al uitgegeven',
    'A means is issued once; a higher level later is an upgrade.',
    'MEANS-04',
  ),
  'means-revoked': conflicting(
    'The means has been revoked',
    'Het middel is ingetrokken',
    'A revocation is final (REV-08).',
    'REV-08',
  ),
  'level-closed-for-issuance': refused(
    'The level is closed for issuance',
    'Op dit niveau wordt niet meer uitgegeven',
    'The level policy of this date allows no new means or authorizations at this level.',
    'TFA-03',
  ),
};

export const rejectMeans = rejecting(meansRejections);
