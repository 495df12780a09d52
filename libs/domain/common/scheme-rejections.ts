import type { JsonValue, Rejection } from '#libs/kernel';
import { invalid, refused, rejecting } from './rejections.js';

/** The rule book's own codes (classification.md §1.7, §2.5), as the commands of register and issuance give them. */
export const schemeRejectionCatalogue = {
  'level-not-reached': refused(
    'The level aimed at is not reached',
    'Het beoogde niveau wordt niet gehaald',
    {
      en: 'The checks earn less than was aimed at. `missing` says what falls short, `earnedBy` which kinds of check would earn it; supply them, or say `acceptLower`.',
      nl: 'De controles leveren minder op dan was beoogd. `missing` zegt wat tekortschiet, `earnedBy` welke soorten controles het zouden opleveren; lever die aan, of vermeld `acceptLower`.',
    },
    'REG-16',
  ),
  'aspect-unscored': refused(
    'An aspect has no score',
    'Een aspect heeft geen score',
    {
      en: 'No row of this aspect is satisfied, so that there is no level at all. `earnedBy` names rows that would be, with the kinds of check that they rest on.',
      nl: 'Aan geen rij van dit aspect is voldaan, zodat er helemaal geen niveau is. `earnedBy` noemt rijen waaraan wel voldaan kan worden, met de soorten controles waarop zij rusten.',
    },
    'SCORE-03',
  ),
  incomplete: refused(
    'The submission is incomplete',
    'De opgave is onvolledig',
    { en: 'A completeness check lists a missing item.', nl: 'Een controle op volledigheid noemt iets wat ontbreekt.' },
    'CONT-12',
  ),
  'operator-is-authorized-party': refused(
    'The register’s own operator is the authorized party',
    'De beheerder van het register is zelf de gemachtigde',
    {
      en: 'A participant does not manage authorizations that were granted to itself.',
      nl: 'Een deelnemer beheert geen machtigingen die aan hemzelf zijn verleend.',
    },
    'REG-09',
  ),
  'appointer-not-legal-representative': refused(
    'Only a legal representative appoints an administrator',
    'Alleen een wettelijke vertegenwoordiger stelt een beheerder aan',
    { en: 'An administrator can’t appoint another one.', nl: 'Een beheerder kan geen andere beheerder aanstellen.' },
    'ADMIN-01',
  ),
  'no-administration-authority': refused(
    'The submitter has no administration authority',
    'De opgever heeft geen beheerbevoegdheid',
    {
      en: 'A repeated registration is made by somebody whose administration authority for this party is on record and in force.',
      nl: 'Een vervolgregistratie wordt gedaan door iemand wiens beheerbevoegdheid voor deze partij vastligt en van kracht is.',
    },
    'ADMIN-06',
  ),
  'outside-establishment': refused(
    'Outside the administrator’s establishments',
    'Buiten de vestigingen van de beheerder',
    {
      en: 'The administrator acts for some establishments only, and the scope goes beyond them.',
      nl: 'De beheerder handelt alleen voor bepaalde vestigingen, en het bereik gaat daarbuiten.',
    },
    'ADMIN-10',
  ),
  'establishment-not-current': refused(
    'The establishment is not current',
    'De vestiging is niet actueel',
    {
      en: 'The trade register does not list the establishment as a current one of this party.',
      nl: 'Het handelsregister noemt de vestiging niet als een actuele vestiging van deze partij.',
    },
    'IA2-b-est',
  ),
  'document-reported': refused(
    'The document is reported',
    'Het document is gemeld',
    {
      en: 'The register of stolen and missing documents lists the document.',
      nl: 'Het register van gestolen en vermiste documenten noemt het document.',
    },
    'STOLEN-01',
  ),
  'inconsistent-identity-data': refused(
    'The identity data do not agree',
    'De identiteitsgegevens komen niet overeen',
    {
      en: 'The register was asked about other data than those recorded for the person and the party.',
      nl: 'Het register is bevraagd met andere gegevens dan van de persoon en de partij vastliggen.',
    },
    'PARTY-07',
  ),
  'special-circumstances-unconfirmed': refused(
    'Special circumstances are not confirmed',
    'Bijzondere omstandigheden zijn niet bevestigd',
    {
      en: 'Bankruptcy, suspension of payments or the like was found and nobody entitled confirmed the submission.',
      nl: 'Er is een faillissement, surseance van betaling of iets dergelijks gevonden, en niemand die daartoe gerechtigd is, heeft de opgave bevestigd.',
    },
    'IV3',
  ),
  'submitter-not-representative': refused(
    'The submitter does not represent the party',
    'De opgever vertegenwoordigt de partij niet',
    {
      en: 'The role of the submitter does not carry the rows of a legal representative.',
      nl: 'De rol van de opgever draagt de rijen van een wettelijke vertegenwoordiger niet.',
    },
    'PARTY-03',
  ),
  'original-form-required': refused(
    'The original form is required',
    'Het originele formulier is nodig',
    {
      en: 'A scan does not replace the signed paper form here.',
      nl: 'Een scan vervangt hier het ondertekende papieren formulier niet.',
    },
    'IO3-d-paper',
  ),
  'id-copy-expired': refused(
    'The copy on record has expired',
    'De bewaarde kopie is verlopen',
    {
      en: 'The document of the copy on record is no longer valid.',
      nl: 'Het document van de bewaarde kopie is niet meer geldig.',
    },
    'R-IO3-d-copy',
  ),
  'evidence-not-reusable': refused(
    'The evidence can’t be used again',
    'Het bewijs kan niet opnieuw worden gebruikt',
    {
      en: 'Evidence of the means application counts only when both are one process.',
      nl: 'Bewijs van de middelaanvraag telt alleen wanneer beide één proces zijn.',
    },
    'REG-10',
  ),
  'voucher-is-authorized-person': refused(
    'Nobody vouches for himself',
    'Niemand staat voor zichzelf in',
    {
      en: 'Voucher and authorized person have to be two people.',
      nl: 'Wie instaat en wie wordt gemachtigd, moeten twee mensen zijn.',
    },
    'IG2-d-other',
  ),
  'function-declaration-missing': refused(
    'The declaration of function is missing',
    'De functieverklaring ontbreekt',
    {
      en: 'The submitter has to declare that he is appointed in his function now.',
      nl: 'De opgever moet verklaren dat hij nu in zijn functie is benoemd.',
    },
    'IV2-pub-ii',
  ),
  'representation-limited': refused(
    'The power of representation is limited',
    'De vertegenwoordigingsbevoegdheid is beperkt',
    {
      en: 'A limitation in the register stands in the way of having authorities registered.',
      nl: 'Een beperking in het register staat het laten registreren van bevoegdheden in de weg.',
    },
    'IV2-limits',
  ),
  'deviation-reason-missing': refused(
    'A reason for departing is missing',
    'De reden van afwijken ontbreekt',
    {
      en: 'Departing from what should be done needs a reason.',
      nl: 'Afwijken van wat hoort te gebeuren, vraagt om een reden.',
    },
    'NORM-03',
  ),
  'not-unique': refused(
    'The attributes are another person’s too',
    'De kenmerken zijn ook van een ander',
    {
      en: 'Link the person to the one on record, or record attributes that tell them apart.',
      nl: 'Koppel de persoon aan degene die al vastligt, of leg kenmerken vast die hen onderscheiden.',
    },
    'MEANS-ID2-ii.b',
  ),
  'employer-is-applicant': refused(
    'The employer is the applicant',
    'De werkgever is de aanvrager',
    { en: 'A statement about oneself proves nothing.', nl: 'Een verklaring over zichzelf bewijst niets.' },
    'MEANS-ID3-d-self',
  ),
  'not-identified': refused(
    'Activated before identification',
    'Geactiveerd vóór identificatie',
    {
      en: 'The activation precedes the physical identification.',
      nl: 'De activering gaat vooraf aan de fysieke identificatie.',
    },
    'MEANS-IC4',
  ),
  'renewal-below-level': refused(
    'Renewed below its level',
    'Verlengd onder het niveau',
    {
      en: 'The checks of this renewal earn less than there is, or than was aimed at. `missing` says what falls short; say `acceptLower`, and the level is lower from then on.',
      nl: 'De controles van deze verlenging leveren minder op dan er is, of dan was beoogd. `missing` zegt wat tekortschiet; vermeld `acceptLower`, dan is het niveau vanaf dat moment lager.',
    },
    'REN-04',
  ),
  'check-not-in-dossier': invalid(
    'The check is about nobody in the dossier',
    'De controle gaat over niemand in het dossier',
    {
      en: 'A command names the checks about its own parties and persons only.',
      nl: 'Een verzoek noemt alleen de controles over zijn eigen partijen en personen.',
    },
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

/** That of a renewal stands with the commands that renew. */
const refusedCodes = Object.entries(schemeRejectionCatalogue).flatMap(([code, { kind }]) =>
  kind === 'refused' && code !== 'renewal-below-level' ? [code] : [],
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

/** Of a renewal, in place of `level-not-reached` (REN-04). */
export const renewalBelowLevel = (facts: {
  readonly aimed: JsonValue;
  readonly reached: JsonValue;
  readonly missing: JsonValue;
  readonly current?: JsonValue;
}): Rejection => rejectWith('renewal-below-level', { facts: facts as { [name: string]: JsonValue } });

export const checkNotInDossier = (pointer: string): Rejection => rejectWith('check-not-in-dossier', { pointer });

/** A check was made in another application: evidence is supplied anew here (REG-10). */
export const evidenceNotReusable = (): Rejection => rejectWith('evidence-not-reusable');
