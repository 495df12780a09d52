import { capital, componentsFrom, named, publishComponents, type Schema, type Schemas } from '#libs/platform';
import { classificationSchema } from '#libs/scheme';
import { classificationWords } from './classification-words.js';

/*
 * The evaluations' own JSON Schema as components of the contract, and those parts of it that views of objects show as
 * well: nothing about them is described a second time.
 */

const contract = classificationSchema.$defs as unknown as Schemas;

/** `eSignatureValidation` → `ClassificationEsignatureValidation`: upper camel case as the design rules have it. */
const nameOf = (definition: string): string =>
  ownNames[definition] ??
  `Classification${definition.replace(/^([a-z])([A-Z]?)/, (_, first: string, second: string) => first.toUpperCase() + second.toLowerCase())}`;

const memberOf = (definition: string, member: string): Schema =>
  (contract[definition]!['properties'] as Schemas)[member]!;

/** Parts of the contract that views show: each with the name that it has there. */
const shown: Schemas = {
  authorizationScores: memberOf('authorizationResult', 'scores'),
  authorizationRows: memberOf('authorizationResult', 'rows'),
  // An identified holder's means has the first of them only.
  meansScores: { ...memberOf('meansResult', 'scores'), required: ['ID'] },
  meansRows: { ...memberOf('meansResult', 'rows'), required: ['ID'] },
  meansCriteria: memberOf('meansResult', 'criteria'),
  meansToken: memberOf('meansRequest', 'token'),
  meansMechanism: memberOf('meansRequest', 'mechanism'),
};
const ownNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(shown).map((name) => [name, capital(name)]),
);

const RULE_SET: Schema = { type: 'string' };

/** Every answer says by which rules it was given. */
const withRuleSet = (definition: string, schema: Schema): Schema =>
  definition.endsWith('Result')
    ? {
        ...schema,
        required: [...(schema['required'] as readonly string[]), 'ruleSet'],
        properties: { ...(schema['properties'] as Schemas), ruleSet: RULE_SET },
      }
    : schema;

/** The values of a list, by where it stands in the schema file. */
function listAt(place: string): readonly string[] {
  const list = place.split('/').reduce<unknown>((at, name) => (at as Schema)[name], contract);
  return ((list as Schema)['enum'] as readonly (string | null)[]).filter((word) => word !== null);
}

for (const [name, place] of Object.entries({
  SubmitterRole: 'submitter/properties/role',
  RevocationRequesterRole: 'revocationDeadlineRequest/properties/requester/properties/role',
  PersonSubject: 'person',
  LookupOutcome: 'lookupOutcome',
  LookupChannel: 'tradeRegisterLookup/properties/via',
  RegisteredDatum: 'tradeRegisterLookup/properties/agreesOn/items',
  IdentifiedSubject: 'identityAttributesRecorded/properties/subject',
  PartySubject: 'tradeRegisterLookup/properties/subject',
  DocumentSubject: 'idCopyEnclosed/properties/subject',
  CopyPresentation: 'idCopyEnclosed/properties/presentation',
  ComparedWith: 'signatureComparison/properties/against',
  SignatureForm: 'signatureComparison/properties/form',
  DocumentReport: 'idDocumentStatus/properties/status',
  SigningSubject: 'eSignatureValidation/properties/signer',
  AppearanceMode: 'physicalAppearance/properties/mode',
  DocumentShown: 'physicalAppearance/properties/documentShown',
  SeparateChannel: 'separateChannelConfirmation/properties/medium',
  ContactSource: 'separateChannelConfirmation/properties/contactSource',
  RepresentativeSubject: 'representationCheck/properties/of',
  RepresentationRegister: 'representationCheck/properties/register',
  RepresentationBasis: 'representationCheck/properties/basis',
  RepresentationLimitation: 'representationCheck/properties/limitation',
  CircumstancesOutcome: 'specialCircumstancesCheck/properties/outcome',
  CircumstancesConfirmer: 'circumstancesConfirmation/properties/confirmedBy',
  Voucher: 'vouching/properties/by',
  VouchedMeansLink: 'vouching/properties/meansLink',
  DeedSigner: 'privateDeed/properties/signedBy',
  DeedSignedWith: 'privateDeed/properties/signedWith',
  SubmissionItem: 'completenessCheck/properties/missingItems/items',
  IssuerSupervision: 'meansRequest/properties/issuer/properties/supervision',
  TokenPossession: 'meansRequest/properties/token/properties/possession',
  TokenSecretKind: 'meansRequest/properties/token/properties/secret/properties/kind',
  MechanismEvaluation: 'meansRequest/properties/mechanism/properties/evaluation',
  ThreatProtection: 'protection',
  NeutralThirdParty: 'validation/oneOf/1/properties/party',
  DocumentShowing: 'validation/oneOf/6/properties/manner',
  RemoteEquivalence: 'validation/oneOf/7/properties/declaredEquivalence',
  UnsecuredDelivery: 'issuance/oneOf/0/properties/form',
  AppearanceCriterion: 'meansResult/properties/criteria/properties/appearance',
  AttributesCriterion: 'meansResult/properties/criteria/properties/attributes',
  ValidationCriterion: 'meansResult/properties/criteria/properties/validation',
  MeansElement: 'meansResult/properties/limitedBy/items',
  RevocableKind: 'revocationDeadlineRequest/properties/object',
  StorkLevelName: 'meansResult/properties/missingFor/propertyNames',
  Mutation: 'revocationDeadlineRequest/properties/mutation',
  DeadlineRefusal: 'revocationDeadlineResult/properties/refusals/items',
  UsedMeansStatus: 'evaluationRequest/properties/means/properties/status',
  LinkStatus: 'link/properties/status',
  UseRefusal: 'evaluationResult/properties/reasons/items',
  RevocationStatusOfCertificate: 'signature/oneOf/0/properties/revocationStatus',
})) {
  named(name, listAt(place));
}

/** Codes of a no at use that evaluation 5 gives. */
export const USE_REFUSALS = listAt('evaluationResult/properties/reasons/items');
export const DEADLINE_REFUSALS = listAt('revocationDeadlineResult/properties/refusals/items');

publishComponents(
  componentsFrom(
    {
      definitions: { ...contract, ...shown },
      nameOf,
      describe: (member) => classificationWords[member],
      adapt: withRuleSet,
    },
    [...Object.keys(contract).filter((name) => /Request$|Result$/.test(name)), ...Object.keys(shown)],
  ),
);

/** Name of the component of an evaluation's request or answer. */
export const classificationComponent = (kind: string, part: 'Request' | 'Result'): string => nameOf(kind + part);
