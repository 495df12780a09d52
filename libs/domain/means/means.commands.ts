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
import type { SuspensionOrder } from '../common/suspension.js';
import type { WeighedCheck } from '../common/weighed-check.js';
import type { MeansUpgraded } from './means.events.js';
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
  | {
      readonly type: 'UpgradeMeans';
      readonly application: ApplicationId;
      readonly product: string;
      readonly checks: readonly CheckId[];
      readonly evidence: readonly WeighedCheck[];
      /** Evaluation 2 over what it rested on so far and what is new. */
      readonly classification: MeansResult;
      readonly aimedStork: StorkLevel;
      readonly acceptLower: boolean;
      /** The level policy lets nothing more be issued at the level reached, or upgraded from the one it has (TFA-03). */
      readonly closedForIssuance: boolean;
      readonly closedForUpgrade: boolean;
      readonly staysBelow: MeansUpgraded['data']['staysBelow'];
      readonly staysBelowMore: boolean;
      readonly now: Instant;
    }
  | {
      readonly type: 'RenewMeans';
      readonly application: ApplicationId;
      readonly product: string;
      readonly checks: readonly CheckId[];
      readonly evidence: readonly WeighedCheck[];
      /** Evaluation 2 over what still holds of before and what is new. */
      readonly classification: MeansResult;
      readonly acceptLower: boolean;
      /** The level policy lets nothing more be issued at the level that it would have (TFA-03). */
      readonly closedForIssuance: boolean;
      readonly now: Instant;
    }
  | ({ readonly type: 'SuspendMeans' } & SuspensionOrder)
  | ({ readonly type: 'LiftSuspension' } & SuspensionOrder)
  | { readonly type: 'RevokeMeans'; readonly revocationRequest: RevocationRequestId; readonly now: Instant };

export const meansRejections = {
  'no-such-means': notFound('There is no such means', 'Dit middel bestaat niet', {
    en: 'No means with this id was ever applied for.',
    nl: 'Er is nooit een middel met dit id aangevraagd.',
  }),
  'means-exists': conflicting('The means was applied for already', 'Het middel is al aangevraagd', {
    en: 'The id belongs to another means.',
    nl: 'Het id is van een ander middel.',
  }),
  'unknown-product': invalid(
    'The product is unknown',
    'Het product is onbekend',
    {
      en: 'The request names a means product that is not in the catalogue at this moment; `GET /v1/means-products` has those that are.',
      nl: 'Het verzoek noemt een middelproduct dat op dit moment niet in de catalogus staat; `GET /v1/means-products` heeft de producten die er wel in staan.',
    },
    'THR-06',
  ),
  'means-not-identified': conflicting(
    'The holder has not been identified',
    'De houder is nog niet geïdentificeerd',
    {
      en: 'A means is issued to an identified holder: record the checks and name them in an identification first.',
      nl: 'Een middel wordt uitgegeven aan een geïdentificeerde houder: leg eerst de controles vast en noem ze in een identificatie.',
    },
    'MEANS-04',
  ),
  'means-not-issued': conflicting(
    'The means has not been issued',
    'Het middel is nog niet uitgegeven',
    {
      en: 'Only an issued means can be activated, upgraded or renewed.',
      nl: 'Alleen een uitgegeven middel kan worden geactiveerd, verhoogd of verlengd.',
    },
    'MEANS-04',
  ),
  'means-already-active': conflicting(
    'The means is active',
    'Het middel is al actief',
    {
      en: 'It was activated at another moment; an activation is recorded once.',
      nl: 'Het is op een ander moment geactiveerd; een activering wordt één keer vastgelegd.',
    },
    'MEANS-04',
  ),
  'activated-before-issuance': invalid(
    'Activated before it was issued',
    'Geactiveerd vóór uitgifte',
    {
      en: 'A means can’t be taken into use before it is issued.',
      nl: 'Een middel kan niet in gebruik worden genomen voordat het is uitgegeven.',
    },
    'MEANS-04',
  ),
  'means-already-issued': conflicting(
    'The means has been issued',
    'Het middel is al uitgegeven',
    {
      en: 'A means is issued once; a higher level later is an upgrade.',
      nl: 'Een middel wordt één keer uitgegeven; een hoger niveau later is een verhoging.',
    },
    'MEANS-04',
  ),
  'means-revoked': conflicting(
    'The means has been revoked',
    'Het middel is ingetrokken',
    { en: 'A revocation is final (REV-08).', nl: 'Een intrekking is definitief (REV-08).' },
    'REV-08',
  ),
  'means-at-level-already': conflicting(
    'The means carries this level already',
    'Het middel draagt dit niveau al',
    {
      en: 'An upgrade aims at a higher level than the means has.',
      nl: 'Een verhoging beoogt een hoger niveau dan het middel heeft.',
    },
    'UPG-01',
  ),
  'level-closed-for-upgrade': refused(
    'The level is closed for upgrade',
    'Vanaf dit niveau wordt niet meer verhoogd',
    {
      en: 'The level policy of this date allows no upgrade of a means at this level any more; a new one is applied for.',
      nl: 'Het niveaubeleid van deze datum laat geen verhoging van een middel op dit niveau meer toe; vraag een nieuw middel aan.',
    },
    'TFA-03',
  ),
  'level-closed-for-issuance': refused(
    'The level is closed for issuance',
    'Op dit niveau wordt niet meer uitgegeven',
    {
      en: 'The level policy of this date allows no new means or authorizations at this level.',
      nl: 'Het niveaubeleid van deze datum laat op dit niveau geen nieuwe middelen of machtigingen toe.',
    },
    'TFA-03',
  ),
};

export const rejectMeans = rejecting(meansRejections);
