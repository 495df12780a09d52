import type { Instant, Rejection } from '#libs/kernel';
import {
  checkNotInDossier,
  countIdentifyingAttributes,
  evidenceNotReusable,
  uniquelyIdentified,
  type Means,
  type RecordedCheck,
  type RegisteredPerson,
} from '#libs/domain';
import type { IdentityValidation, MeansIssuanceForm, MeansRequest } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import type { MeansProduct } from '../governance/governance.js';

/** Numbers, besides that of an identity document, that only the holder knows (AMB-37). */
const OFFICIAL_NUMBERS: ReadonlySet<string> = new Set(['identityDocument', 'drivingLicence', 'residencePermit']);

export interface IssuanceParts {
  readonly means: Exclude<Means, { status: 'none' }>;
  readonly holder: RegisteredPerson;
  readonly product: MeansProduct;
  /** The holder's documents that have not expired: only a valid one's number identifies (AMB-37). */
  readonly validDocuments: ReadonlySet<string>;
  /** Everything named so far, the newest named first: the delivery at issuance, the identification's checks. */
  readonly checks: readonly RecordedCheck[];
  readonly checksPointer: string;
  readonly at: Instant;
}

type Facts<T extends RecordedCheck['facts']['type']> = Extract<RecordedCheck['facts'], { readonly type: T }>;

/** Puts the request of evaluation 2 together from stored checks, the product and the issuer's profile (interfaces.md §6). */
export function meansDossier(
  backbone: Backbone,
  parts: IssuanceParts,
): { readonly dossier: MeansRequest } | { readonly faults: readonly Rejection[] } {
  const { holder, means, product, checks, at } = parts;
  const faults = checks.flatMap(({ facts }, index) => {
    const about: { readonly [kind: string]: string | undefined } = facts.about;
    const known =
      about['person'] === holder.id || about['means'] === means.id || about['application'] === means.application;
    const pointer = `${parts.checksPointer}/${index}`;
    if (!known) return [checkNotInDossier(pointer)];
    return facts.application === means.application ? [] : [evidenceNotReusable(pointer)];
  });
  if (faults.length > 0) return { faults };

  const of = <T extends RecordedCheck['facts']['type']>(type: T): readonly Facts<T>[] =>
    checks.flatMap(({ facts }) => (facts.type === type ? [facts as Facts<T>] : []));

  const delivery = checks.find(({ facts }) => facts.type === 'meansDelivery');
  return {
    dossier: {
      identification: {
        physicalAppearance: of('physicalAppearance').length > 0,
        attributes: {
          count: countIdentifyingAttributes(holder),
          uniquelyIdentifying: uniquelyIdentified(holder),
          officialNumberVerified: of('officialNumberVerification').some(
            (check) =>
              check.verified &&
              (check.document === undefined
                ? check.numberKind !== undefined && OFFICIAL_NUMBERS.has(check.numberKind)
                : parts.validDocuments.has(check.document)),
          ),
          duplicate: holder.duplicate.status,
        },
        validations: validations(of),
      },
      issuance: delivery === undefined ? { form: 'unverified' } : deliveryForm(delivery),
      issuer: backbone.governance.issuerProfileAt(at),
      token: product.token,
      mechanism: product.mechanism,
      ...certificateOf(product, of('pkiOverheidCertificate')[0]),
    },
  };
}

/** The certificate counts for a product that is one; the check named last says how it stands (MEANS-PKIO, SIG-01). */
function certificateOf(
  { token }: MeansProduct,
  check: Facts<'pkiOverheidCertificate'> | undefined,
): Pick<MeansRequest, 'pkiOverheid'> {
  if (check === undefined || token.possession !== 'qualifiedCertificateOnSecureDevice') return {};
  const { personal, qualified, chainComplete, revocationStatus } = check;
  return { pkiOverheid: { personal, qualified, chainComplete, revocationStatus } };
}

/** One method per record; evidence of a document is put together so that it is supplied once (REG-10). */
function validations(
  of: <T extends RecordedCheck['facts']['type']>(type: T) => readonly Facts<T>[],
): readonly IdentityValidation[] {
  const copies = new Set(of('idCopyEnclosed').map((check) => check.document));
  return [
    ...of('emailConfirmation').map(({ confirmed }) => ({ method: 'emailConfirmation', confirmed }) as const),
    ...of('neutralThirdParty').map(({ party, agrees }) => ({ method: 'neutralThirdParty', party, agrees }) as const),
    ...of('employerStatement').map(
      ({ agreementInForce, documentCheckedAtHiring, employerIsApplicant }) =>
        ({ method: 'employerStatement', agreementInForce, documentCheckedAtHiring, employerIsApplicant }) as const,
    ),
    ...of('remoteIdentification').map(
      ({ declaredEquivalence }) => ({ method: 'remoteIdentification', declaredEquivalence }) as const,
    ),
    // A reported document refuses, whether or not its copy was enclosed (STOLEN-01).
    ...of('idDocumentStatus')
      .filter(({ document, status }) => copies.has(document) || status === 'reported')
      .map(({ status }) => ({ method: 'idCopyWithRegisterCheck', status }) as const),
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
    ...of('physicalAppearance').map(
      ({ documentShown, mode }) =>
        ({
          method: 'idDocumentShown',
          original: documentShown === 'original',
          manner: mode === 'visited' ? 'visit' : 'inPerson',
        }) as const,
    ),
    ...of('eSignatureValidation').flatMap((check) =>
      check.about.person === undefined
        ? []
        : [
            {
              method: 'electronicSignature' as const,
              signature: check.signature,
              verifiedByCsp: check.verifiedByCsp ?? false,
              verifiedAt: check.verifiedAt ?? check.performedAt,
            },
          ],
    ),
  ];
}

function deliveryForm({ facts, hasEquivalenceReason }: RecordedCheck): MeansIssuanceForm {
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
      // The schema of a check asks for the signature in this form.
      return { form, signature: delivery.signature!, ...handedOut };
    case 'afterPhysicalIdentification':
      return { form, identifiedAt: delivery.identifiedAt!, activatedAt: delivery.activatedAt!, ...handedOut };
    case 'other':
      // Its words are sealed; that there is a reason is what the row asks (MEANS-IC2).
      return { form, ...(hasEquivalenceReason ? { equivalenceReason: 'recorded' } : {}), ...handedOut };
  }
}
