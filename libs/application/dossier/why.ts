/**
 * Why a check that is on record, and stands in a dossier, earns nothing there: the published list (interfaces.md §6).
 * Each says to a clerk what would mend it.
 */
export const WHY = {
  superseded: 'A later answer to the same question says something else (PROOF-01). Name that one.',
  'no-answer': 'The source could not be reached. Ask again.',
  'other-application': 'It was made in another application; evidence is supplied anew in each process (REG-10).',
  'too-old': 'The register was asked five days ago or more (TR-01). Ask again.',
  'outside-process':
    'The register was asked before the application came in, or after the assessment (TR-01). Ask again.',
  'moment-out-of-bounds': 'The moment that it states lies outside what still proves something (PROOF-06).',
  'expired-document': 'The last day of validity of the document has passed (PROOF-03). A valid document is needed.',
  'document-of-another-person':
    'Another person, whom a clerk told apart from this one, has the same document on record (MEANS-ID2-ii.b).',
  'document-reported': 'The document is reported stolen or missing (STOLEN-01).',
  'corrected-since': 'An attribute that it compared was corrected later (PROOF-13). Make it again.',
  'not-uniquely-identified':
    'The attributes and valid documents on record do not identify the person uniquely, or a duplicate is unresolved (PROOF-05).',
  'not-shown-by-register':
    'No current, agreeing check in the register of this kind of party shows the person as representative or trustee (PROOF-02).',
  'before-the-finding': 'It was said before the special circumstances were found (PROOF-02). Ask again.',
  'limited-in-register':
    'The register shows him as representative with a limitation that stands in the way; neither a mandate nor a function is a way around it (IV2-pub-iii, 003 §4.4.6 b).',
  'other-register': 'This register does not belong to this kind of party (D-13).',
  'not-the-practitioner': 'The register of the profession shows only the practitioner himself (AMB-76).',
  'not-cosigned': 'The others whose consent the register asks for are not shown, or have not signed (PROOF-02).',
  'contact-not-independent': 'No look-up supplied the contact that was used (ARCH-15).',
  'confirmer-in-application':
    'The confirmer occurs in the application, and another may be registered (IV3-extra). Ask one who does not occur in it.',
  'not-checked-against-document':
    'No valid copy of the grantor’s document is enclosed, or the signature under the proxy does not agree with it (PROOF-05).',
  'not-handed-by-voucher': 'The delivery on record does not say that the voucher handed the means over (PROOF-04).',
  'means-issued-later': 'The means was not issued before the application came in (PROOF-04).',
  'data-not-compared':
    'The holder’s data were not supplied anew in this application, or do not agree with his record (PROOF-04).',
  'secret-not-compared': 'The register has not compared a shared secret (PROOF-04).',
  'signer-has-no-level-4-means':
    'The signer has no active means at STORK 4, or his signature is not validated (PROOF-10).',
  'login-outside-session': 'The login lies outside the session of this application (PROOF-06). Log in again.',
  'means-not-active': 'The means was not active at the login, or is not now (PROOF-06).',
  'means-of-another-person': 'The means is another person’s (PROOF-06).',
  'assertion-not-validated': 'No valid signature of that assertion is on record in this application (PROOF-06).',
  'facility-without-level': 'The register’s own facility gives no level at this date (ADMIN-05).',
  'transaction-used-elsewhere':
    'The bank transaction is evidence of another application, or of somebody else (PROOF-06).',
  'not-repeated': 'The transaction is older than the last use of such a proof (PROOF-06). A new one is needed.',
  'equivalence-not-decided': 'The product has no such entry in force (PROOF-11).',
  'no-appearance':
    'The appearance is none of the holder with the original of a valid document, in this application (PROOF-08).',
  'no-qualified-certificate':
    'The signature is not by a certificate of a public key infrastructure, or a validation of the holder’s signature on record says that it does not stand (MEANS-IC3).',
  'agreement-not-in-force': 'No agreement with this employer is in force (MEANS-ID3-d).',
  'employer-is-the-holder': 'The employer is the holder’s own business (MEANS-ID3-d-self).',
  'certificate-of-another-person': 'The certificate names another person than the holder (MEANS-PKIO).',
  'certificate-expired': 'The validity of the certificate has ended (MEANS-PKIO, SIG-01).',
  'does-not-show-it': 'It says no, or its kind does not show what is to be corrected (RIGHTS-06).',
  'not-asked-here': 'No row of this dossier asks for it.',
} as const satisfies Record<string, string>;

export type Why = keyof typeof WHY;
