import { isUuid, type Instant, type Rejection } from '#libs/kernel';
import {
  countIdentifyingAttributes,
  organizationId,
  type CertificateOnRecord,
  type Means,
  type ReceivedApplication,
  type RegisteredParty,
  type RegisteredPerson,
} from '#libs/domain';
import type { IdentityValidation, MeansIssuanceForm, MeansRequest } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import type { Governance, MeansProduct } from '../governance/governance.js';
import { isCertificate, tokenAt } from '../governance/product-token.js';
import { findEvidence, findParty } from '../objects.js';
import { identityOf } from './identity.js';
import type { CheckOnRecord } from './load-checks.js';
import { isGoodSignature, isLater } from './question.js';
import type { Weighed, Weighing } from './weighed.js';
import { weigh } from './weighing.js';
import type { Why } from './why.js';

export interface IssuanceParts {
  readonly means: Exclude<Means, { status: 'none' }>;
  /** The intake that this came in with: that of the application for the means, or of its upgrade. */
  readonly application: ReceivedApplication;
  /** Intakes that the means rests on so far, where there is another one. */
  readonly earlier?: readonly ReceivedApplication[];
  /** Another token than the one it had: what was delivered before says nothing of it. */
  readonly isNewToken?: boolean;
  readonly holder: RegisteredPerson;
  readonly product: MeansProduct;
  /** Everything named so far: the identification's checks, the delivery at issuance. */
  readonly checks: readonly CheckOnRecord[];
  readonly checksPointer: string;
  readonly at: Instant;
}

/** The question of evaluation 2, and how every check of it was weighed. */
export interface MeansDossier {
  readonly dossier: MeansRequest;
  readonly evidence: readonly Weighed[];
  /** What is known of the certificate that counts, where one does. */
  readonly certificate: CertificateOnRecord;
}

type Facts<T extends CheckOnRecord['facts']['type']> = Extract<CheckOnRecord['facts'], { readonly type: T }>;
type Of = <T extends CheckOnRecord['facts']['type']>(type: T) => readonly Facts<T>[];

/** Puts the request of evaluation 2 together from stored checks, the product and the issuer's profile (interfaces.md §6). */
export async function meansDossier(
  backbone: Backbone,
  parts: IssuanceParts,
): Promise<MeansDossier | { readonly faults: readonly Rejection[] }> {
  const { holder, means, product, at, application, earlier } = parts;
  const weighing = await weigh(backbone, {
    application,
    at,
    roles: {
      application: application.id,
      authorizedPerson: holder.id,
      means: means.id,
      meansApplication: application.id,
    },
    ...(earlier === undefined ? {} : { earlier }),
    named: parts.checks,
    checksPointer: parts.checksPointer,
  });
  if ('faults' in weighing) return weighing;
  const evidence = await fewAtOnce(weighing.evidence, (one) => ofMeans(backbone, one, parts, weighing));

  const of: Of = (type) =>
    evidence.flatMap(({ check: { facts }, counts }) => (counts && facts.type === type ? [facts as Facts<never>] : []));
  const validDocuments = new Set(
    weighing.humans.recordsOf(holder.id).flatMap((record) => [...weighing.documents.validOf(record)]),
  );
  const identity = await identityOf(backbone, weighing.humans.recordsOf(holder.id), weighing);
  const delivery = newest(evidence, 'meansDelivery');
  const certificate = certificateOf(product, newest(evidence, 'pkiOverheidCertificate'));
  return {
    dossier: {
      identification: {
        physicalAppearance: of('physicalAppearance').length > 0,
        attributes: {
          count: countIdentifyingAttributes(holder, validDocuments),
          uniquelyIdentifying: identity.isIdentified,
          officialNumberVerified: of('officialNumberVerification').some(({ verified }) => verified),
          duplicate: identity.isUnresolved ? 'unresolved' : holder.duplicate.status,
        },
        validations: validations(of, evidence, parts, backbone),
      },
      issuance:
        delivery === undefined ? { form: 'unverified' } : deliveryForm(delivery.check, weighing, parts, backbone),
      issuer: backbone.governance.issuerProfileAt(at),
      token: tokenAt(product, at, backbone.rules),
      mechanism: product.mechanism,
      ...(certificate === undefined ? {} : { pkiOverheid: standingOf(certificate) }),
    },
    evidence,
    certificate: {
      ...(certificate?.validUntil === undefined ? {} : { certificateUntil: certificate.validUntil as Instant }),
      ...(certificate?.fingerprint === undefined ? {} : { certificateFingerprint: certificate.fingerprint }),
    },
  };
}

/** What evaluation 2 asks of a check beside what holds for every dossier. */
async function ofMeans(backbone: Backbone, one: Weighed, parts: IssuanceParts, weighing: Weighing): Promise<Weighed> {
  const why = one.counts ? await faultOf(backbone, one.check, parts, weighing) : undefined;
  // A delivery that does not count for more happened all the same, at its moment.
  const isSeen = why !== undefined && STILL_DELIVERED.has(why);
  return why === undefined ? one : { ...one, counts: false, handed: isSeen && isDelivery(one), why };
}

const STILL_DELIVERED: ReadonlySet<Why> = new Set([
  'no-appearance',
  'no-qualified-certificate',
  'equivalence-not-decided',
]);
const isDelivery = ({ check }: Weighed): boolean => check.facts.type === 'meansDelivery';

async function faultOf(
  backbone: Backbone,
  check: CheckOnRecord,
  parts: IssuanceParts,
  weighing: Weighing,
): Promise<Why | undefined> {
  const { product, holder, means, at } = parts;
  const { humans } = weighing;
  const { facts, hasEquivalenceReason } = check;
  switch (facts.type) {
    case 'employerStatement': {
      const { employer: id, agreement } = facts;
      // Statements of the first release named neither.
      if (id === undefined || agreement === undefined) return 'agreement-not-in-force';
      const employer = await findParty(backbone, id, '');
      const reference = await agreementIn(backbone, agreement);
      const isInForce =
        'found' in employer &&
        reference !== undefined &&
        backbone.governance.isAgreementInForce(reference, organizationId(employer.found), facts.performedAt as Instant);
      if (!isInForce) return 'agreement-not-in-force';
      return isBusinessOf(employer.found, humans.recordsOf(holder.id)) ? 'employer-is-the-holder' : undefined;
    }
    case 'remoteIdentification': {
      const entry = equivalenceOf(backbone.governance, product, facts.equivalence, at);
      return entry?.of === 'remoteIdentification' ? undefined : 'equivalence-not-decided';
    }
    case 'pkiOverheidCertificate':
      if (!isOfToken(facts, parts)) return 'other-application';
      if (facts.subject === undefined || humans.of(facts.subject) !== humans.of(holder.id))
        return 'certificate-of-another-person';
      return facts.validUntil !== undefined && facts.validUntil <= at ? 'certificate-expired' : undefined;
    case 'meansDelivery': {
      if (!isOfToken(facts, parts)) return 'other-application';
      // Of several the last one says how it came to its holder, whether it is named or not.
      if (weighing.onRecord.some((other) => isDeliveryOf(other, parts) && isLater(other, check))) return 'superseded';
      if (!isInBounds(facts, means)) return 'moment-out-of-bounds';
      if (facts.form === 'afterPhysicalIdentification' && appearedAt(facts, parts, weighing) === undefined)
        return 'no-appearance';
      if (facts.form === 'qualifiedCertificate' && !isByCertificate(facts, weighing)) return 'no-qualified-certificate';
      // With a reason in words it still is IC2 (PROOF-11).
      const isDecided = equivalenceOf(backbone.governance, product, facts.equivalence, at)?.of === 'delivery';
      return facts.form === 'other' && facts.equivalence !== undefined && !isDecided && !hasEquivalenceReason
        ? 'equivalence-not-decided'
        : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * The agreement that a statement rests on, as policy names it. An id is that of a file that shows it: which one it is was said
 * when that was described, and policy says whether it is in force. `undefined`: the file shows none, or is gone.
 */
async function agreementIn(backbone: Backbone, agreement: string): Promise<string | undefined> {
  if (!isUuid(agreement)) return agreement;
  const file = await findEvidence(backbone, agreement, '');
  if (!('found' in file) || file.found.status === 'destroyed') return undefined;
  const { description } = file.found;
  return description?.kind === 'agreement' ? description.reference : undefined;
}

/** One that can't have happened says nothing of how the means came to its holder. */
const isDeliveryOf = ({ facts }: CheckOnRecord, parts: IssuanceParts): boolean =>
  facts.type === 'meansDelivery' &&
  facts.about.means === parts.means.id &&
  isOfToken(facts, parts) &&
  isInBounds(facts, parts.means);

/** Whether it can be about the token that the holder has: of a new one nothing of before is. */
const isOfToken = (facts: CheckOnRecord['facts'], { isNewToken = false, ...parts }: IssuanceParts): boolean =>
  isNewToken ? facts.application === parts.application.id : isOfProcess(facts.application, parts);

const isOfProcess = (id: string, { application, earlier = [] }: IssuanceParts): boolean =>
  [application, ...earlier].some((intake) => intake.id === id);

const isInBounds = ({ handedOutAt, performedAt }: Facts<'meansDelivery'>, { appliedAt }: IssuanceParts['means']) =>
  handedOutAt === undefined || (handedOutAt >= appliedAt && handedOutAt <= performedAt);

/** MEANS-ID3-d-self: a business of one human is that human's; where nobody is named, it can't be shown not to be his. */
const isBusinessOf = ({ details, person }: RegisteredParty, records: readonly string[]): boolean =>
  person === undefined ? details !== undefined : records.includes(person);

/** The decided entry that a check names; checks of the first release named none. */
const equivalenceOf = (governance: Governance, product: MeansProduct, id: string | undefined, at: Instant) =>
  id === undefined ? undefined : governance.equivalenceAt(product.id, id, at);

/** The check of a type that was answered last, of those that count or are seen. */
const newest = (evidence: readonly Weighed[], type: CheckOnRecord['facts']['type']): Weighed | undefined =>
  evidence.reduce<Weighed | undefined>((best, one) => {
    if (one.check.facts.type !== type || !(one.counts || one.handed)) return best;
    return best === undefined || isLater(one.check, best.check) ? one : best;
  }, undefined);

/** The certificate counts for a product that is one; the last check of it says how it stands (MEANS-PKIO, SIG-01). */
const certificateOf = (
  product: MeansProduct,
  last: Weighed | undefined,
): Facts<'pkiOverheidCertificate'> | undefined =>
  isCertificate(product) ? (last?.check.facts as Facts<'pkiOverheidCertificate'> | undefined) : undefined;

const standingOf = ({ personal, qualified, chainComplete, revocationStatus }: Facts<'pkiOverheidCertificate'>) => ({
  ...{ personal, qualified, chainComplete, revocationStatus },
});

/** One method per record; evidence of a document is put together so that it is supplied once (REG-10). */
function validations(
  of: Of,
  evidence: readonly Weighed[],
  { product, at }: IssuanceParts,
  { governance }: Backbone,
): readonly IdentityValidation[] {
  const copies = new Set(of('idCopyEnclosed').map((check) => check.document));
  const statusOf = (document: string) => of('idDocumentStatus').findLast((look) => look.document === document)?.status;
  // What is presented and reported refuses, by whatever it was presented (STOLEN-01, AMB-77).
  const isReported = evidence.some(({ derived }) => derived.presentsReported === true);
  return [
    ...of('emailConfirmation').map(({ confirmed }) => ({ method: 'emailConfirmation', confirmed }) as const),
    ...of('neutralThirdParty').map(({ party, agrees }) => ({ method: 'neutralThirdParty', party, agrees }) as const),
    ...evidence.flatMap(({ check: { facts }, counts, why }) =>
      facts.type === 'employerStatement' && (counts || why === 'employer-is-the-holder')
        ? [
            {
              method: 'employerStatement' as const,
              agreementInForce: true,
              documentCheckedAtHiring: facts.documentCheckedAtHiring,
              employerIsApplicant: !counts,
            },
          ]
        : [],
    ),
    ...of('remoteIdentification').flatMap(({ equivalence }) => {
      const entry = equivalenceOf(governance, product, equivalence, at);
      return entry?.of === 'remoteIdentification'
        ? [{ method: 'remoteIdentification' as const, declaredEquivalence: entry.equivalentTo }]
        : [];
    }),
    ...of('idDocumentStatus')
      .filter(({ document }) => copies.has(document))
      .map(({ status }) => ({ method: 'idCopyWithRegisterCheck', status }) as const),
    ...(isReported ? [{ method: 'idCopyWithRegisterCheck', status: 'reported' } as const] : []),
    ...(copies.size === 0
      ? []
      : of('bankTransaction').map(
          ({ succeeded, accountOpenedWithIdDocument, nameAgreesWithDocument }) =>
            ({
              method: 'idCopyWithBankTransaction',
              succeeded,
              accountOpenedWithIdDocument,
              nameAgreesWithDocument,
            }) as const,
        )),
    ...of('physicalAppearance').map(({ documentShown, mode, document }) => {
      const status = statusOf(document);
      return {
        method: 'idDocumentShown',
        original: documentShown === 'original',
        manner: mode === 'visited' ? 'visit' : 'inPerson',
        ...(status === undefined ? {} : { status }),
      } as const;
    }),
    // What stands under the assertion of a login is not handed over: it says that he logged in, not that he signed.
    ...evidence.flatMap(({ check: { facts }, counts, handed }) =>
      facts.type === 'eSignatureValidation' && counts && handed
        ? [
            {
              method: 'electronicSignature' as const,
              signature: facts.signature,
              verifiedByCsp: facts.verifiedByCsp ?? false,
              verifiedAt: facts.verifiedAt ?? facts.performedAt,
            },
          ]
        : [],
    ),
  ];
}

/** The form of the delivery with its facts, those about people as they stand on record (PROOF-08, PROOF-11). */
function deliveryForm(
  { facts, hasEquivalenceReason }: CheckOnRecord,
  weighing: Weighing,
  parts: IssuanceParts,
  { governance }: Backbone,
): MeansIssuanceForm {
  const { product, at } = parts;
  const delivery = facts as Facts<'meansDelivery'>;
  const { form, handedOutAt } = delivery;
  const handedOut = handedOutAt === undefined ? {} : { handedOutAt };
  switch (form) {
    case 'unverified':
    case 'passwordObtainedInPerson':
      return { form, ...handedOut };
    case 'twoDispatches':
      return { form, oneByPostToOfficialAddress: delivery.oneByPostToOfficialAddress === true, ...handedOut };
    case 'oneTimeLink':
      return { form, singleUse: delivery.singleUse === true, expires: delivery.expires === true, ...handedOut };
    case 'registeredLetter':
      return { form, addressValidated: delivery.addressValidated === true, ...handedOut };
    case 'qualifiedCertificate':
      return isByCertificate(delivery, weighing)
        ? { form, signature: delivery.signature!, ...handedOut }
        : { form: 'unverified', ...handedOut };
    case 'afterPhysicalIdentification': {
      const identifiedAt = appearedAt(delivery, parts, weighing);
      // What was delivered after an identification was handed over by then at the latest.
      return identifiedAt === undefined
        ? { form: 'unverified', ...handedOut }
        : { form, identifiedAt, handedOutAt: handedOutAt ?? delivery.performedAt };
    }
    case 'other': {
      // Its words are sealed; that there is a reason is what the row asks (MEANS-IC2).
      const entry = equivalenceOf(governance, product, delivery.equivalence, at);
      if (entry?.of === 'delivery') {
        return { form, equivalentTo: entry.equivalentTo, equivalenceReason: 'decided', ...handedOut };
      }
      return { form, ...(hasEquivalenceReason ? { equivalenceReason: 'recorded' } : {}), ...handedOut };
    }
  }
}

/**
 * MEANS-IC3: a qualified certificate is of a public key infrastructure, and no validation of a signature of the holder in
 * this application says that it does not stand.
 */
const isByCertificate = ({ signature }: Facts<'meansDelivery'>, { evidence, roles }: Weighing): boolean =>
  signature?.technology === 'pki' &&
  !evidence.some(
    ({ check: { facts }, superseded }) =>
      !superseded &&
      facts.type === 'eSignatureValidation' &&
      facts.about.person === roles.authorizedPerson &&
      !isGoodSignature(facts),
  );

/**
 * PROOF-08: when the holder appeared with the original of a document that is neither expired nor reported; for an upgrade
 * that may be in a process that the means rests on (UPG-05).
 */
function appearedAt(
  { appearance }: Facts<'meansDelivery'>,
  parts: IssuanceParts,
  { onRecord, roles, documents, reported, outdated }: Weighing,
): Instant | undefined {
  const named = onRecord.find(({ id }) => id === appearance)?.facts;
  return named?.type === 'physicalAppearance' &&
    isOfProcess(named.application, parts) &&
    !outdated.has(appearance!) &&
    named.about.person === roles.authorizedPerson &&
    named.documentShown === 'original' &&
    documents.isValid(named.document) &&
    !reported.has(named.document)
    ? (named.performedAt as Instant)
    : undefined;
}
