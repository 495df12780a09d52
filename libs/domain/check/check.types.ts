// Generated from check.schema.json. Do not edit: `npm run generate`.

/** One check; its type decides which members it has. */
export type StoredCheck = IdentityAttributesRecorded | TradeRegisterLookup | ProfessionalRegisterLookup | RestGroupRegisterLookup | SeparateChannelConfirmation | OrganizationalUnitCheck | SpecialCircumstancesCheck | IdCopyEnclosed | IdDocumentStatus | PhysicalAppearance | SignatureComparison | ArchivedSignatureComparison | FunctionDeclaration | BankTransaction | ESignatureValidation | ProxyCheck | RepresentationCheck | MandateDecisionCheck | CircumstancesConfirmation | Vouching | PrivateDeed | CompletenessCheck | Authentication | OfficialNumberVerification | EmailConfirmation | NeutralThirdParty | EmployerStatement | RemoteIdentification | MeansDelivery | CourtOrderVerification | PkiOverheidCertificate;

export type Uuid = string;

/** Opaque, never personal data: 1 to 64 of A-Z, a-z, 0-9 and ._:/-, at least one digit, and no run of nine digits that passes the eleven-test of a citizen service number. */
export type Reference = string;

/** A reason in words that show something; sealed under the application's key. */
export type Reason = string;

export type DateTime = string;

/** The application that the check belongs to. */
export type Intake = Uuid;

/** The person it is about. */
export type AboutPerson = {
  /** Id of the person. */
  readonly person: Uuid;
};

/** The party it is about. */
export type AboutParty = {
  /** Id of the party. */
  readonly party: Uuid;
};

/** The person or the party it is about: exactly one. */
export type AboutPersonOrParty = {
  /** Id of the person. */
  readonly person?: Uuid;
  /** Id of the party. */
  readonly party?: Uuid;
};

/** The application it is about, which is the one it belongs to. */
export type AboutApplication = {
  /** Id of the application. */
  readonly application: Uuid;
};

/** The means it is about. */
export type AboutMeans = {
  /** Id of the means. */
  readonly means: Uuid;
};

/** The clerk (an opaque reference) or the system that did it. */
export type PerformedBy = {
  readonly clerk?: Reference;
  /** An entry of the configured list (CHECK_SYSTEMS). */
  readonly system?: ListedName;
};

/** What was consulted: an entry of the configured list (CHECK_SOURCES), and its reference there. */
export type Source = {
  readonly name: ListedName;
  readonly reference: Reference;
};

/** How an electronic signature was validated (SIG-01, SIG-02). */
export type Signature = {
  /** Kind of signature. */
  readonly technology: 'pki';
  /** The chain of certificates is complete. */
  readonly chainComplete: boolean;
  /** What the issuer says of its revocation. */
  readonly revocationStatus: 'good' | 'revoked' | 'unknown';
} | {
  /** Kind of signature. */
  readonly technology: 'nonPki';
  /** Its quality is comparable to that of PKI. */
  readonly comparableQuality: boolean;
};

/** Identifying attributes of a person or party were submitted and recorded. */
export type IdentityAttributesRecorded = {
  /** Kind of check. */
  readonly type: 'identityAttributesRecorded';
  readonly application: Intake;
  readonly about: AboutPersonOrParty;
  /** The attributes identify uniquely, as the clerk sees it; what it is worth is derived (PROOF-05). */
  readonly uniquelyIdentifying: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A party was looked up in the trade register (TR-01 to TR-03). */
export type TradeRegisterLookup = {
  /** Kind of check. */
  readonly type: 'tradeRegisterLookup';
  readonly application: Intake;
  readonly about: AboutParty;
  /** How the register was asked. */
  readonly via: 'online' | 'extract';
  /** When the register was asked online: not after performedAt (PROOF-06, TR-01); or when an extract was issued, 00:00 where it has only a date: bounded by now and by TR-02 alone. */
  readonly asOf: DateTime;
  /** What the register answered. */
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  /** Data that agree with the register. */
  readonly agreesOn: readonly ('number' | 'name' | 'address')[];
  /** Numbers of the establishments that the register shows now (CONT-05). */
  readonly currentEstablishments?: readonly RegisterNumber[];
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A practitioner was looked up in the register of the profession (PROF-01). */
export type ProfessionalRegisterLookup = {
  /** Kind of check. */
  readonly type: 'professionalRegisterLookup';
  readonly application: Intake;
  readonly about: AboutParty;
  /** When the register was asked. Not after performedAt (PROOF-06); how old it may be when it is relied on is TR-01. */
  readonly asOf: DateTime;
  /** What the register answered. */
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  /** It is the register designated for the profession. */
  readonly registerDesignated: boolean;
  /** The identifier agrees with the register. */
  readonly identifierAgrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An entity was looked up in the temporary register of rest groups (REST-05). */
export type RestGroupRegisterLookup = {
  /** Kind of check. */
  readonly type: 'restGroupRegisterLookup';
  readonly application: Intake;
  readonly about: AboutParty;
  /** When the register was asked. Not after performedAt (PROOF-06); how old it may be when it is relied on is TR-01. */
  readonly asOf: DateTime;
  /** What the register answered. */
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  /** Exactly one entry was found. */
  readonly uniqueMatch: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The organization was asked through a separate channel to confirm the submission (IV1-a). */
export type SeparateChannelConfirmation = {
  /** Kind of check. */
  readonly type: 'separateChannelConfirmation';
  readonly application: Intake;
  readonly about: AboutParty;
  /** Channel by which the organization was asked. */
  readonly medium: 'post' | 'email' | 'telephone';
  /** The contact of the party that was used; who supplied it stands there (ARCH-15). */
  readonly contact: Uuid;
  /** The organization confirms the submission. */
  readonly confirmed: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** Public body: does the application concern one organizational unit only (IV2-unit)? */
export type OrganizationalUnitCheck = {
  /** Kind of check. */
  readonly type: 'organizationalUnitCheck';
  readonly application: Intake;
  readonly about: AboutParty;
  /** The application concerns one organizational unit only. */
  readonly concernsOneUnitOnly: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** Bankruptcy, suspension of payments and the like were looked for (IV3). */
export type SpecialCircumstancesCheck = {
  /** Kind of check. */
  readonly type: 'specialCircumstancesCheck';
  readonly application: Intake;
  readonly about: AboutParty;
  /** The moment of the look (PROOF-07). Not after performedAt (PROOF-06); how old it may be when it is relied on is TR-01. */
  readonly asOf: DateTime;
  /** Whether special circumstances were found. */
  readonly outcome: 'none' | 'found' | 'unavailable';
  /** The register lists a representative who does not occur in the application; required with found. */
  readonly otherRepresentativeRegistered?: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A (shielded) copy of an identity document came with the submission. */
export type IdCopyEnclosed = {
  /** Kind of check. */
  readonly type: 'idCopyEnclosed';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Identity document of the person, on record. */
  readonly document: Uuid;
  /** How the copy came in. */
  readonly presentation: 'paper' | 'scan';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A document was checked in the register of stolen and missing documents (STOLEN-01). */
export type IdDocumentStatus = {
  /** Kind of check. */
  readonly type: 'idDocumentStatus';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Identity document of the person, on record. */
  readonly document: Uuid;
  /** What the register of stolen and missing documents says. */
  readonly status: 'notReported' | 'reported' | 'unavailable';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person appeared, or was visited. */
export type PhysicalAppearance = {
  /** Kind of check. */
  readonly type: 'physicalAppearance';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Identity document of the person, on record. */
  readonly document: Uuid;
  /** Whether the person appeared or was visited. */
  readonly mode: 'appeared' | 'visited';
  /** What was shown of the document. */
  readonly documentShown: 'original' | 'copy';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A handwritten signature was compared with an identity document (ARCH-01, ARCH-02). */
export type SignatureComparison = {
  /** Kind of check. */
  readonly type: 'signatureComparison';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Identity document of the person, on record. */
  readonly document: Uuid;
  /** What the signature was compared with. */
  readonly against: 'idCopy' | 'idOriginal';
  /** Form of the signature that came in. */
  readonly form: 'original' | 'scan';
  /** Set in the presence of the one who compared it. */
  readonly onTheSpot: boolean;
  /** The signatures agree. */
  readonly agrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An administrator's signature was compared with his archived one (ADMIN-09). */
export type ArchivedSignatureComparison = {
  /** Kind of check. */
  readonly type: 'archivedSignatureComparison';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Form of the signature that came in. */
  readonly form: 'original' | 'scan';
  /** The signatures agree. */
  readonly agrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person declares to be appointed in his function now (MAND-03). */
export type FunctionDeclaration = {
  /** Kind of check. */
  readonly type: 'functionDeclaration';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** He declares to be appointed in his function now. */
  readonly declaresAppointment: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person made a bank transaction as proof (BANK-01). */
export type BankTransaction = {
  /** Kind of check. */
  readonly type: 'bankTransaction';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The transaction was carried out. */
  readonly succeeded: boolean;
  /** When the bank carried it out. Not after performedAt, and at most 31 days before receipt of its application (PROOF-06). */
  readonly completedAt: DateTime;
  /** The account was opened with an identity document. */
  readonly accountOpenedWithIdDocument: boolean;
  /** The name of the account agrees with the document. */
  readonly nameAgreesWithDocument: boolean;
  /** The name of the account agrees with the attributes on record. */
  readonly nameAgreesWithAttributes: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An electronic signature was validated (SIG-01, SIG-02). */
export type ESignatureValidation = {
  /** Kind of check. */
  readonly type: 'eSignatureValidation';
  readonly application: Intake;
  readonly about: AboutPersonOrParty;
  readonly signature: Signature;
  /** The signature is one of PKIoverheid services (an electronic seal). */
  readonly pkiOverheidServices?: boolean;
  /** A certification service provider verified it. */
  readonly verifiedByCsp?: boolean;
  /** When the signature was verified; absent: at performedAt. Not after performedAt; counts from receipt of the application on (PROOF-06). When it was set does not matter. */
  readonly verifiedAt?: DateTime;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A proxy of a legal representative was presented; about the proxy holder (IO3-e-proxy). */
export type ProxyCheck = {
  /** Kind of check. */
  readonly type: 'proxyCheck';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The legal representative who gives the proxy. */
  readonly grantor: Uuid;
  /** The grantor's identity document, a copy of which came with the proxy. */
  readonly document: Uuid;
  /** The proxy is in writing and signed. */
  readonly writtenAndSigned: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A register was asked whether the person may represent the party (IV2). */
export type RepresentationCheck = {
  /** Kind of check. */
  readonly type: 'representationCheck';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The party that he is to represent. */
  readonly party: Uuid;
  /** As what the register shows him; a trustee counts as such only where the scheme hears one (PROOF-02). */
  readonly capacity?: 'representative' | 'trustee';
  /** The register that was asked; the insolvency register shows trustees only, and a trustee is shown by that or the trade register (PROOF-02). */
  readonly register: 'tradeRegister' | 'authorityService' | 'professionalRegister' | 'restGroupRegister' | 'insolvencyRegister';
  /** How the register was asked. */
  readonly via: 'online' | 'extract';
  /** When the register was asked online: not after performedAt (PROOF-06, TR-01); or when an extract was issued, 00:00 where it has only a date: bounded by now and by TR-02 alone. */
  readonly asOf: DateTime;
  /** What the register answered. */
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  /** Whether the register names the person or his function. */
  readonly basis: 'byName' | 'byFunction';
  /** The register agrees that the person may represent the party. */
  readonly agrees: boolean;
  /** Whether the register limits his authority in a way that stands in the way of the submission. */
  readonly limitation: 'none' | 'obstructing';
  /** The other representatives whose consent an obstructing limitation asks for; each is shown and signs himself (PROOF-02). */
  readonly cosigners?: readonly Uuid[];
  /** The register shows the same data as the identification. */
  readonly sameDataAsIdentified: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An internal mandate decision was checked (MAND-01 to MAND-07); `declaredBy`: the representative who declared it valid. */
export type MandateDecisionCheck = {
  /** Kind of check. */
  readonly type: 'mandateDecisionCheck';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The party that he is to represent. */
  readonly party: Uuid;
  /** The mandate decision (MAND-01): a reference of your own, or the id of evidence that shows it. */
  readonly decision: Reference;
  /** The function named in the decision by which he submits: a post, never a name (MAND-02). */
  readonly function: string;
  /** The decision names the function (MAND-02). */
  readonly functionNamedInDecision: boolean;
  /** The decision was found in an official publication (MAND-04). */
  readonly foundInOfficialSource: boolean;
  /** Where the decision was officially published (MAND-04). */
  readonly publication?: {
    /** The official publication, by its name: an entry of the configured list (PUBLICATIONS), such as Staatscourant. */
    readonly source: ListedName;
    readonly reference: Reference;
    /** The day of publication. Not after the day of performedAt in Amsterdam. */
    readonly date: CalendarDate;
  };
  /** Version of the protocol that was followed. */
  readonly protocolVersion: Reference;
  /** The representative who declared the decision valid. */
  readonly declaredBy?: Uuid;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** After a finding, a representative or trustee was asked through a separate channel. */
export type CircumstancesConfirmation = {
  /** Kind of check. */
  readonly type: 'circumstancesConfirmation';
  readonly application: Intake;
  readonly about: AboutParty;
  /** The person who was asked. */
  readonly confirmer: Uuid;
  /** As what he was asked; counts when a register shows him as that (PROOF-02). */
  readonly capacity: 'representative' | 'trustee';
  /** The contact of the party or of the confirmer that was used; who supplied it stands there (ARCH-15). */
  readonly contact: Uuid;
  /** The confirmer stands by the submission. */
  readonly confirmed: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** Somebody vouches for the person (IG2-d). */
export type Vouching = {
  /** Kind of check. */
  readonly type: 'vouching';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The person who vouches. */
  readonly voucher: Uuid;
  /** He vouches for identity and attributes both. */
  readonly coversIdentityAndAttributes: boolean;
  /** What ties the means to the person vouched for (PROOF-04). */
  readonly meansLink: 'issuedThroughVoucher' | 'sharedSecret' | 'fullPersonalData' | 'none';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The submission has the form of a private deed (IG4-g). */
export type PrivateDeed = {
  /** Kind of check. */
  readonly type: 'privateDeed';
  readonly application: Intake;
  readonly about: AboutApplication;
  /** The person who signed. */
  readonly signer: Uuid;
  /** With what it was signed. */
  readonly signedWith: 'hand' | 'level4Means' | 'lowerMeans';
  /** The signer's own means, at STORK 4; with level4Means only, and required there. */
  readonly means?: Uuid;
  /** The eSignatureValidation about the signer, recorded before; with level4Means only. Absent: one about him that the command names. */
  readonly signatureValidation?: Uuid;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The submission was checked for completeness (CONT-12). */
export type CompletenessCheck = {
  /** Kind of check. */
  readonly type: 'completenessCheck';
  readonly application: Intake;
  readonly about: AboutApplication;
  /** Items that are missing; none: it is complete. */
  readonly missingItems: readonly ('representedParty' | 'submitter' | 'authorizedParty' | 'scope' | 'nature' | 'period')[];
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person was logged in when submitting (ARCH-08), with a means of ours or by an outside assertion. */
export type Authentication = {
  /** Kind of check. */
  readonly type: 'authentication';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Level that the login reached. */
  readonly level: 'EH1' | 'EH2' | 'EH2+' | 'EH3' | 'EH4';
  /** The moment of the login. Not after performedAt; counts when not before receipt of the application less the length of a session (PROOF-06). */
  readonly at: DateTime;
  /** The means of ours that he logged in with; this, an assertion or the facility. */
  readonly means?: Uuid;
  /** The service that the login with a means of ours went through, one that some means product is assessed for (MEANS-03); absent: the weakest assessment. */
  readonly authenticationService?: ListedName;
  /** An outside assertion: its reference, and the validation of the signature under it. */
  readonly assertion?: {
    readonly reference: Reference;
    /** The eSignatureValidation of that assertion, recorded before. */
    readonly signatureValidation: Uuid;
  };
  /** The register's own login facility (ADMIN-05). */
  readonly facility?: true;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A number known only to the person was verified in an official register (AMB-37). */
export type OfficialNumberVerification = {
  /** Kind of check. */
  readonly type: 'officialNumberVerification';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The number was verified. */
  readonly verified: boolean;
  /** The register it was verified in: an entry of the configured list (CHECK_SOURCES). */
  readonly register: ListedName;
  /** The document of the person whose number was verified; this or numberKind. */
  readonly document?: Uuid;
  /** A number, besides that of an identity document, that only the holder knows (AMB-37). */
  readonly numberKind?: 'citizenServiceNumber' | 'drivingLicence' | 'residencePermit';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person confirmed an e-mail address (iii.a). */
export type EmailConfirmation = {
  /** Kind of check. */
  readonly type: 'emailConfirmation';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The person confirmed the address. */
  readonly confirmed: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The attributes were compared with a neutral third party's (MEANS-ID2-iii.b). */
export type NeutralThirdParty = {
  /** Kind of check. */
  readonly type: 'neutralThirdParty';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** Kind of third party. */
  readonly party: 'bank' | 'insurer' | 'governmentBody' | 'other';
  /** The attributes agree. */
  readonly agrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The employer states that the document was seen at hiring (MEANS-ID3-d). */
export type EmployerStatement = {
  /** Kind of check. */
  readonly type: 'employerStatement';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The party that employs the person. */
  readonly employer: Uuid;
  /** The agreement between employer and issuer (MEANS-ID3-d): its reference as policy has it, or the id of evidence that shows it and is described with that reference. */
  readonly agreement: Reference;
  /** The employer saw the document at hiring. */
  readonly documentCheckedAtHiring: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person was identified remotely (AMB-57). */
export type RemoteIdentification = {
  /** Kind of check. */
  readonly type: 'remoteIdentification';
  readonly application: Intake;
  readonly about: AboutPerson;
  /** The decided entry of the means product by which the method counts (PROOF-11). */
  readonly equivalence: ListedName;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** How the means reached its holder (classification.md §2.4): the form, with the facts of that form. */
export type MeansDelivery = {
  /** Kind of check. */
  readonly type: 'meansDelivery';
  readonly application: Intake;
  readonly about: AboutMeans;
  /** Form of delivery; decides which facts follow. */
  readonly form: 'unverified' | 'passwordObtainedInPerson' | 'twoDispatches' | 'oneTimeLink' | 'registeredLetter' | 'qualifiedCertificate' | 'afterPhysicalIdentification' | 'other';
  /** Who handed the means over, where somebody did (PROOF-04): nobody hands over what is sent by letter, in dispatches or as a link. */
  readonly handedBy?: Uuid;
  /** One of both dispatches went by post to the official address. */
  readonly oneByPostToOfficialAddress?: boolean;
  /** The link works once. */
  readonly singleUse?: boolean;
  /** The link expires. */
  readonly expires?: boolean;
  /** The address was validated. */
  readonly addressValidated?: boolean;
  readonly signature?: Signature;
  /** The recorded physicalAppearance of the holder after which it was handed over or activated: its moment is that check's performedAt (PROOF-08). */
  readonly appearance?: Uuid;
  /** The decided entry of the means product by which another form counts as more (PROOF-11). */
  readonly equivalence?: ListedName;
  readonly equivalenceReason?: Reason;
  /** When the means was handed out. Not before it was applied for, and not after performedAt (PROOF-06). */
  readonly handedOutAt?: DateTime;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A court's order was verified: its reference, the court and its authenticity (REV-05). */
export type CourtOrderVerification = {
  /** Kind of check. */
  readonly type: 'courtOrderVerification';
  readonly application: Intake;
  readonly about: AboutApplication;
  /** The court, by its code in the European case law identifier, such as RBDHA. */
  readonly court: ListedName;
  /** The order, by its reference. */
  readonly order: Reference;
  /** The order is authentic. */
  readonly authentic: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The PKIoverheid certificate that is registered as the means was validated (MEANS-PKIO, SIG-01). */
export type PkiOverheidCertificate = {
  /** Kind of check. */
  readonly type: 'pkiOverheidCertificate';
  readonly application: Intake;
  readonly about: AboutMeans;
  /** The person whom the certificate names; it counts when that is the holder. */
  readonly subject: Uuid;
  /** The certificate is a personal one. */
  readonly personal: boolean;
  /** The certificate is qualified. */
  readonly qualified: boolean;
  /** The chain of certificates is complete. */
  readonly chainComplete: boolean;
  /** What the issuer says of its revocation. */
  readonly revocationStatus: 'good' | 'revoked' | 'unknown';
  /** Since when it is revoked, as the issuer says (revocation time of OCSP, revocation date of a list): the leg of a revocation is in time by that (REV-06). */
  readonly revokedAt?: DateTime;
  /** When the certificate ends by itself: the means is not usable after that (SIG-01). */
  readonly validUntil?: DateTime;
  /** Which certificate it is: the SHA-256 of it in DER, in small hexadecimal digits. What says that it was revoked ends no means with another one. */
  readonly fingerprint?: string;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A name: an entry of a list. */
export type ListedName = string;

/** A number in a public register. */
export type RegisterNumber = string;

export type CalendarDate = string;

/** When it was done. Not before its application came in, and not later than now plus five seconds; more than 31 days back asks a lateEntryReason (interfaces.md §5). */
export type PerformedAt = DateTime;
