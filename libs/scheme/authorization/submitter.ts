import type { Reference } from '../contract/classification.types.js';
import {
  type CheckOf,
  type Dossier,
  copies,
  isAbout,
  notReported,
  originalsShown,
  provesDocument,
  some,
  unique,
} from './dossier.js';
import { supposes } from '../supposition.js';

/** His role makes him speak for the represented party: by law, or by an internal mandate of a public body (D-12). */
export function isRepresentative({ request }: Dossier): boolean {
  const { role } = request.submitter;
  return (
    role === 'legalRepresentative' ||
    (role === 'mandateHolder' && request.representedParty.kind === 'publicLegalPerson')
  );
}

/**
 * Whether the submitter acts as representative: by his role, or because that is the condition supposed. It is not
 * asked, and so not supposed, of a proxy holder who meets row IO3-e.
 */
export function actsAsRepresentative(dossier: Dossier): boolean {
  if (isRepresentative(dossier)) return true;
  return supposes(dossier, 'submitter-not-representative') && !isProxyHolderInPerson(dossier);
}

/** He signed on the spot, and the signature agrees with the original document that he showed there. */
export function signedOnTheSpot(dossier: Dossier, modes?: readonly ('appeared' | 'visited')[]): boolean {
  const shown = originalsShown(dossier, 'submitter', modes);
  return (
    unique(dossier, 'submitter') &&
    some(
      dossier,
      'signatureComparison',
      (check) => check.against === 'idOriginal' && shown.includes(check.document) && check.onTheSpot && check.agrees,
    )
  );
}

/** The proxy part of row IO3-e (IO3-e-proxy): he is seen in person, his grantor and the proxy are checked. */
export function isProxyHolderInPerson(dossier: Dossier): boolean {
  return (
    dossier.request.submitter.role === 'proxyHolder' &&
    signedOnTheSpot(dossier) &&
    unique(dossier, 'legalRepresentative') &&
    some(dossier, 'proxyCheck', (check) => check.writtenAndSigned && check.grantorIdCopyChecked)
  );
}

/** His handwritten signature agrees with the copy of one of these documents. */
export function agreesWithCopy(
  dossier: Dossier,
  documents: readonly Reference[],
  form: (check: CheckOf<'signatureComparison'>) => boolean = () => true,
): boolean {
  return some(
    dossier,
    'signatureComparison',
    (check) => check.against === 'idCopy' && documents.includes(check.document) && check.agrees && form(check),
  );
}

/** The compared form is the paper original (IO3-d-paper), or that is the condition supposed. */
export const isOriginalForm =
  (dossier: Dossier) =>
  (check: { readonly form: 'original' | 'scan' }): boolean =>
    check.form === 'original' || supposes(dossier, 'original-form-required');

/** The one of two further checks that lifts a compared signature to score 3 (AMB-27). */
export function additionalCheck(dossier: Dossier, documents: readonly Reference[]): boolean {
  return (
    notReported(dossier, 'submitter', documents) ||
    some(dossier, 'bankTransaction', (check) => isAbout(dossier, check, 'submitter') && provesDocument(check))
  );
}

/** Paper, signed by a representative who is uniquely identified: what rows IO2-b and IO3-d share. */
export const isPaperOfRepresentative = (dossier: Dossier): boolean =>
  dossier.request.channel === 'nonElectronic' && actsAsRepresentative(dossier) && unique(dossier, 'submitter');

export const submitterCopies = (dossier: Dossier): readonly Reference[] => copies(dossier, 'submitter');
