import type { JsonValue, Rejection } from '#libs/kernel';
import { invalid, refused, rejecting } from './rejections.js';

/** The rule book's own codes (classification.md §1.7, §2.5), as the commands of register and issuance give them. */
export const schemeRejectionCatalogue = {
  'level-not-reached': refused(
    'The level aimed at is not reached',
    'Het beoogde niveau wordt niet gehaald',
    'The checks earn less than was aimed at. `missing` says what falls short, `earnedBy` which kinds of check would earn it; supply them, or say `acceptLower`.',
    'REG-16',
  ),
  'aspect-unscored': refused(
    'An aspect has no score',
    'Een aspect heeft geen score',
    'No row of this aspect is satisfied, so that there is no level at all. `earnedBy` names rows that would be, with the kinds of check that they rest on.',
    'SCORE-03',
  ),
  incomplete: refused(
    'The submission is incomplete',
    'De opgave is onvolledig',
    'A completeness check lists a missing item.',
    'CONT-12',
  ),
  'operator-is-authorized-party': refused(
    'The register’s own operator is the authorized party',
    'De beheerder van het register is zelf de gemachtigde',
    'A participant does not manage authorizations that were granted to itself.',
    'REG-09',
  ),
  'appointer-not-legal-representative': refused(
    'Only a legal representative appoints an administrator',
    'Alleen een wettelijke vertegenwoordiger stelt een beheerder aan',
    'An administrator can’t appoint another one.',
    'ADMIN-01',
  ),
  'no-administration-authority': refused(
    'The submitter has no administration authority',
    'De opgever heeft geen beheerbevoegdheid',
    'A repeated registration is made by somebody whose administration authority for this party is on record and in force.',
    'ADMIN-06',
  ),
  'outside-establishment': refused(
    'Outside the administrator’s establishments',
    'Buiten de vestigingen van de beheerder',
    'The administrator acts for some establishments only, and the scope goes beyond them.',
    'ADMIN-10',
  ),
  'establishment-not-current': refused(
    'The establishment is not current',
    'De vestiging is niet actueel',
    'The trade register does not list the establishment as a current one of this party.',
    'IA2-b-est',
  ),
  'document-reported': refused(
    'The document is reported',
    'Het document is gemeld',
    'The register of stolen and missing documents lists the document.',
    'STOLEN-01',
  ),
  'inconsistent-identity-data': refused(
    'The identity data do not agree',
    'De identiteitsgegevens komen niet overeen',
    'The register was asked about other data than those recorded for the person and the party.',
    'PARTY-07',
  ),
  'special-circumstances-unconfirmed': refused(
    'Special circumstances are not confirmed',
    'Bijzondere omstandigheden zijn niet bevestigd',
    'Bankruptcy, suspension of payments or the like was found and nobody entitled confirmed the submission.',
    'IV3',
  ),
  'submitter-not-representative': refused(
    'The submitter does not represent the party',
    'De opgever vertegenwoordigt de partij niet',
    'The role of the submitter does not carry the rows of a legal representative.',
    'PARTY-03',
  ),
  'original-form-required': refused(
    'The original form is required',
    'Het originele formulier is nodig',
    'A scan does not replace the signed paper form here.',
    'IO3-d-paper',
  ),
  'id-copy-expired': refused(
    'The copy on record has expired',
    'De bewaarde kopie is verlopen',
    'The document of the copy on record is no longer valid.',
    'R-IO3-d-copy',
  ),
  'evidence-not-reusable': refused(
    'The evidence can’t be used again',
    'Het bewijs kan niet opnieuw worden gebruikt',
    'Evidence of the means application counts only when both are one process.',
    'REG-10',
  ),
  'voucher-is-authorized-person': refused(
    'Nobody vouches for himself',
    'Niemand staat voor zichzelf in',
    'Voucher and authorized person have to be two people.',
    'IG2-d-other',
  ),
  'function-declaration-missing': refused(
    'The declaration of function is missing',
    'De functieverklaring ontbreekt',
    'The submitter has to declare that he is appointed in his function now.',
    'IV2-pub-ii',
  ),
  'representation-limited': refused(
    'The power of representation is limited',
    'De vertegenwoordigingsbevoegdheid is beperkt',
    'A limitation in the register stands in the way of having authorities registered.',
    'IV2-limits',
  ),
  'deviation-reason-missing': refused(
    'A reason for departing is missing',
    'De reden van afwijken ontbreekt',
    'Departing from what should be done needs a reason.',
    'NORM-03',
  ),
  'not-unique': refused(
    'The attributes are another person’s too',
    'De kenmerken zijn ook van een ander',
    'Link the person to the one on record, or record attributes that tell them apart.',
    'MEANS-ID2-ii.b',
  ),
  'employer-is-applicant': refused(
    'The employer is the applicant',
    'De werkgever is de aanvrager',
    'A statement about oneself proves nothing.',
    'MEANS-ID3-d-self',
  ),
  'not-identified': refused(
    'Activated before identification',
    'Geactiveerd vóór identificatie',
    'The activation precedes the physical identification.',
    'MEANS-IC4',
  ),
  'check-not-in-dossier': invalid(
    'The check is about nobody in the dossier',
    'De controle gaat over niemand in het dossier',
    'A command names the checks about its own parties and persons only.',
  ),
};

const rejectWith = rejecting(schemeRejectionCatalogue);
type SchemeCode = keyof typeof schemeRejectionCatalogue;

/** Codes of evaluation 2 only (classification.md §2.5). */
const OF_MEANS_ONLY: readonly string[] = [
  'not-unique',
  'employer-is-applicant',
  'not-identified',
] satisfies readonly SchemeCode[];

const refusedCodes = Object.entries(schemeRejectionCatalogue).flatMap(([code, { kind }]) =>
  kind === 'refused' ? [code] : [],
);

/** The codes that the rules may refuse a means with, and an authorization. */
export const MEANS_REFUSALS: readonly string[] = [
  ...(['level-not-reached', 'aspect-unscored', 'document-reported', 'evidence-not-reusable'] satisfies SchemeCode[]),
  ...OF_MEANS_ONLY,
];
export const AUTHORIZATION_REFUSALS: readonly string[] = refusedCodes.filter((code) => !OF_MEANS_ONLY.includes(code));

const nameOf = (code: string): string => code.split(':', 1)[0]!;

/** Codes as the evaluations give them (`aspect-unscored:IV`) → rejections with the parameter apart, in catalogue order. */
export function schemeRejections(codes: readonly string[]): readonly Rejection[] {
  const order = Object.keys(schemeRejectionCatalogue);
  return codes
    .map((code) => {
      const name = nameOf(code);
      const parameter = code.includes(':') ? code.slice(name.length + 1) : undefined;
      const facts: { [name: string]: JsonValue } | undefined =
        parameter === undefined ? undefined : name === 'incomplete' ? { item: parameter } : { aspect: parameter };
      return rejectWith(name as SchemeCode, facts === undefined ? {} : { facts });
    })
    .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
}

export const levelNotReached = (facts: {
  readonly aimed: JsonValue;
  readonly reached: JsonValue;
  readonly missing: JsonValue;
}): Rejection => rejectWith('level-not-reached', { facts });

export const checkNotInDossier = (pointer: string): Rejection => rejectWith('check-not-in-dossier', { pointer });

/** A check was made in another application: evidence is supplied anew here (REG-10). */
export const evidenceNotReusable = (): Rejection => rejectWith('evidence-not-reusable');
