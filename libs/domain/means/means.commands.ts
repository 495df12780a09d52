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
import type { Turnaround } from '../common/turnaround.js';
import type { WeighedCheck } from '../common/weighed-check.js';
import type { CertificateOnRecord } from './certificate.js';
import type { CertificateLeg, MeansUpgraded } from './means.events.js';
import type { Restriction } from './restriction.js';
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
      /** Where it is to be used alone, if anywhere (REST-01). */
      readonly restriction: Restriction;
      /** What the product is for, if not for all. */
      readonly ofProduct: Restriction;
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
      /** What it says of the certificate that counts, where one does. */
      readonly certificate?: CertificateOnRecord;
      readonly acceptLower: boolean;
      readonly ofProduct: Restriction;
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
      /** What it says of the certificate that counts, where one does. */
      readonly certificate?: CertificateOnRecord;
      readonly acceptLower: boolean;
      /** The level policy lets nothing more be issued at the level reached, or upgraded from the one it has (TFA-03). */
      readonly closedForIssuance: boolean;
      readonly closedForUpgrade: boolean;
      readonly ofProduct: Restriction;
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
      /** What it says of the certificate that counts, where one does. */
      readonly certificate?: CertificateOnRecord;
      readonly acceptLower: boolean;
      readonly ofProduct: Restriction;
      /** The level policy lets nothing more be issued at the level that it would have (TFA-03). */
      readonly closedForIssuance: boolean;
      /** When it came in: how long it took is measured. */
      readonly turnaround?: Turnaround;
      readonly now: Instant;
    }
  | {
      /** Its certificate was revoked at the certification service provider. */
      readonly type: 'ReportCertificateRevoked';
      readonly application: ApplicationId;
      readonly check: CheckId;
      /** When the certificate was validated, and whether that says that it is revoked. */
      readonly validatedAt: Instant;
      readonly isRevoked: boolean;
      /** Since when it is, where the issuer says so; else somebody saw it when he validated it. */
      readonly revokedAt?: Instant;
      /** When the intake of the validation came in. */
      readonly receivedAt: Instant;
      /** Which certificate was validated, where the validation says so. */
      readonly fingerprint?: string;
      /** Its product is a certificate, and the one that was validated names its holder (MEANS-PKIO). */
      readonly isCertificate: boolean;
      readonly namesHolder: boolean;
      readonly now: Instant;
    }
  | ({ readonly type: 'SuspendMeans' } & SuspensionOrder)
  | ({ readonly type: 'LiftSuspension' } & SuspensionOrder)
  | {
      readonly type: 'RevokeMeans';
      readonly revocationRequest: RevocationRequestId;
      /** When the request came in, and until when a certificate that it leaves has to be revoked where it was issued. */
      readonly leg?: Pick<CertificateLeg, 'channel' | 'receivedAt' | 'dueAt'>;
      readonly now: Instant;
    };

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
  'unknown-provider': invalid(
    'The provider is unknown',
    'De dienstaanbieder is onbekend',
    {
      en: 'No service of the catalogue is of the provider that the request names; `GET /v1/services` has those that are there.',
      nl: 'Geen dienst van de catalogus is van de dienstaanbieder die het verzoek noemt; `GET /v1/services` heeft de diensten die er zijn.',
    },
    'REST-01',
  ),
  'service-of-another-provider': invalid(
    'The service is of another provider',
    'De dienst is van een andere aanbieder',
    {
      en: 'A means is restricted to services of one provider: the one that the request names.',
      nl: 'Een middel wordt beperkt tot diensten van één aanbieder: die het verzoek noemt.',
    },
    'REST-01',
  ),
  'product-for-elsewhere': refused(
    'The product is for use elsewhere',
    'Het product is voor gebruik elders',
    {
      en: 'The product may be used at one provider or some of its services only, and the means at none of these. A restriction stays with a means; for use elsewhere another means is applied for.',
      nl: 'Het product mag alleen bij één aanbieder of enkele van diens diensten worden gebruikt, en het middel bij geen daarvan. Een beperking blijft bij een middel; vraag voor gebruik elders een ander middel aan.',
    },
    'REST-01',
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
  'means-without-certificate': refused(
    'The means is no certificate',
    'Het middel is geen certificaat',
    {
      en: 'The product of the means is no qualified certificate on a secure device: it ends with no certificate. Ask for its revocation instead.',
      nl: 'Het product van het middel is geen gekwalificeerd certificaat op een veilige drager: het eindigt met geen enkel certificaat. Vraag in plaats daarvan de intrekking van het middel.',
    },
    'MEANS-PKIO',
  ),
  'certificate-of-another-person': refused(
    'The certificate names another person',
    'Het certificaat noemt een andere persoon',
    {
      en: 'The certificate that was validated has to name the holder of the means, under any of the records that are his.',
      nl: 'Het gecontroleerde certificaat moet de houder van het middel noemen, onder een van de registraties die van hem zijn.',
    },
    'MEANS-PKIO',
  ),
  'certificate-not-revoked': refused(
    'The check does not say that its certificate is revoked',
    'De controle zegt niet dat het certificaat is ingetrokken',
    {
      en: 'The validation has to say that the certificate is revoked, and to be of the certificate that the means has now: not of one with another `fingerprint`, nor of before the last token was delivered. One without a `fingerprint` has to be of an application that came in since, or that brought that token.',
      nl: 'De controle moet zeggen dat het certificaat is ingetrokken, en het certificaat betreffen dat het middel nu heeft: niet een met een andere `fingerprint`, en niet van vóór de laatste drager. Een controle zonder `fingerprint` moet bij een aanvraag horen die sindsdien is ontvangen of die de drager heeft gebracht.',
    },
    'SIG-01',
  ),
  'certificate-revoked-already': conflicting(
    'The revocation of its certificate was recorded already',
    'De intrekking van het certificaat is al vastgelegd',
    {
      en: 'It is recorded once, with the validation that says so; a means with another token has another certificate.',
      nl: 'Die wordt één keer vastgelegd, met de controle die dat zegt; een middel met een andere drager heeft een ander certificaat.',
    },
    'SIG-01',
  ),
  'certificate-recorded-as-revoked': refused(
    'The certificate was recorded as revoked',
    'Het certificaat is als ingetrokken vastgelegd',
    {
      en: 'The certificate that the validation is of was recorded as revoked on this means: a revocation is final, and no token rests on that certificate again. Validate the one on the new token.',
      nl: 'Het gecontroleerde certificaat is bij dit middel als ingetrokken vastgelegd: een intrekking is definitief, en geen drager berust nog op dat certificaat. Controleer het certificaat op de nieuwe drager.',
    },
    'SIG-01',
  ),
  'certificate-of-another-token': refused(
    'The certificate is of another token',
    'Het certificaat is van een andere drager',
    {
      en: 'An upgrade on the same product is of the token that the holder has, whose certificate has another `fingerprint` than the one that was validated. A new certificate comes with a renewal, or with another product.',
      nl: 'Een verhoging op hetzelfde product betreft de drager die de houder heeft, en diens certificaat heeft een andere `fingerprint` dan het gecontroleerde. Een nieuw certificaat komt met een verlenging, of met een ander product.',
    },
    'MEANS-PKIO',
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
