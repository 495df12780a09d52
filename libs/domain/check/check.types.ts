// Generated from check.schema.json. Do not edit: `npm run generate`.

/** One check; its type decides which members it has. */
export type StoredCheck = IdentityAttributesRecorded | TradeRegisterLookup | ProfessionalRegisterLookup | RestGroupRegisterLookup | SeparateChannelConfirmation | OrganizationalUnitCheck | SpecialCircumstancesCheck | IdCopyEnclosed | IdDocumentStatus | PhysicalAppearance | SignatureComparison | ArchivedSignatureComparison | FunctionDeclaration | BankTransaction | ESignatureValidation | ProxyCheck | RepresentationCheck | MandateDecisionCheck | CircumstancesConfirmation | Vouching | PrivateDeed | CompletenessCheck | Authentication | OfficialNumberVerification | EmailConfirmation | NeutralThirdParty | EmployerStatement | RemoteIdentification | MeansDelivery | CourtOrderVerification | PkiOverheidCertificate;

export type Uuid = string;

/** Opaque, never personal data: 1 to 64 of A-Z, a-z, 0-9 and ._:/-, at least one digit, and no run of nine digits that passes the eleven-test of a citizen service number. */
export type Reference = string;

/** A reason in words that show something; sealed under the application's key. */
export type Reason = string;

export type DateTime = string;

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
  readonly technology: 'pki';
  readonly chainComplete: boolean;
  readonly revocationStatus: 'good' | 'revoked' | 'unknown';
} | {
  readonly technology: 'nonPki';
  readonly comparableQuality: boolean;
};

/** Identifying attributes of a person or party were submitted and recorded. */
export type IdentityAttributesRecorded = {
  readonly type: 'identityAttributesRecorded';
  readonly application: Uuid;
  readonly about: {
    readonly person?: Uuid;
    readonly party?: Uuid;
  };
  readonly uniquelyIdentifying: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A party was looked up in the trade register (TR-01 to TR-03). */
export type TradeRegisterLookup = {
  readonly type: 'tradeRegisterLookup';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  readonly via: 'online' | 'extract';
  /** When the register was asked online: not after performedAt (PROOF-06, TR-01); or when an extract was issued, 00:00 where it has only a date: bounded by now and by TR-02 alone. */
  readonly asOf: DateTime;
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  readonly agreesOn: readonly ('number' | 'name' | 'address')[];
  readonly currentEstablishments?: readonly RegisterNumber[];
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A practitioner was looked up in the register of the profession (PROF-01). */
export type ProfessionalRegisterLookup = {
  readonly type: 'professionalRegisterLookup';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  /** When the register was asked. Not after performedAt (PROOF-06); how old it may be when it is relied on is TR-01. */
  readonly asOf: DateTime;
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  readonly registerDesignated: boolean;
  readonly identifierAgrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An entity was looked up in the temporary register of rest groups (REST-05). */
export type RestGroupRegisterLookup = {
  readonly type: 'restGroupRegisterLookup';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  /** When the register was asked. Not after performedAt (PROOF-06); how old it may be when it is relied on is TR-01. */
  readonly asOf: DateTime;
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  readonly uniqueMatch: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The organization was asked through a separate channel to confirm the submission (IV1-a). */
export type SeparateChannelConfirmation = {
  readonly type: 'separateChannelConfirmation';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  readonly medium: 'post' | 'email' | 'telephone';
  /** The contact of the party that was used; who supplied it stands there (ARCH-15). */
  readonly contact: Uuid;
  readonly confirmed: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** Public body: does the application concern one organizational unit only (IV2-unit)? */
export type OrganizationalUnitCheck = {
  readonly type: 'organizationalUnitCheck';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  readonly concernsOneUnitOnly: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** Bankruptcy, suspension of payments and the like were looked for (IV3). */
export type SpecialCircumstancesCheck = {
  readonly type: 'specialCircumstancesCheck';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  /** The moment of the look (PROOF-07). Not after performedAt (PROOF-06); how old it may be when it is relied on is TR-01. */
  readonly asOf: DateTime;
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
  readonly type: 'idCopyEnclosed';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly document: Uuid;
  readonly presentation: 'paper' | 'scan';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A document was checked in the register of stolen and missing documents (STOLEN-01). */
export type IdDocumentStatus = {
  readonly type: 'idDocumentStatus';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly document: Uuid;
  readonly status: 'notReported' | 'reported' | 'unavailable';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person appeared, or was visited. */
export type PhysicalAppearance = {
  readonly type: 'physicalAppearance';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly document: Uuid;
  readonly mode: 'appeared' | 'visited';
  readonly documentShown: 'original' | 'copy';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A handwritten signature was compared with an identity document (ARCH-01, ARCH-02). */
export type SignatureComparison = {
  readonly type: 'signatureComparison';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly document: Uuid;
  readonly against: 'idCopy' | 'idOriginal';
  readonly form: 'original' | 'scan';
  readonly onTheSpot: boolean;
  readonly agrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An administrator's signature was compared with his archived one (ADMIN-09). */
export type ArchivedSignatureComparison = {
  readonly type: 'archivedSignatureComparison';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly form: 'original' | 'scan';
  readonly agrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person declares to be appointed in his function now (MAND-03). */
export type FunctionDeclaration = {
  readonly type: 'functionDeclaration';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly declaresAppointment: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person made a bank transaction as proof (BANK-01). */
export type BankTransaction = {
  readonly type: 'bankTransaction';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly succeeded: boolean;
  /** When the bank carried it out. Not after performedAt, and at most 31 days before receipt of its application (PROOF-06). */
  readonly completedAt: DateTime;
  readonly accountOpenedWithIdDocument: boolean;
  readonly nameAgreesWithDocument: boolean;
  readonly nameAgreesWithAttributes: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An electronic signature was validated (SIG-01, SIG-02). */
export type ESignatureValidation = {
  readonly type: 'eSignatureValidation';
  readonly application: Uuid;
  readonly about: {
    readonly person?: Uuid;
    readonly party?: Uuid;
  };
  readonly signature: Signature;
  readonly pkiOverheidServices?: boolean;
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
  readonly type: 'proxyCheck';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly grantor: Uuid;
  /** The grantor's identity document, a copy of which came with the proxy. */
  readonly document: Uuid;
  readonly writtenAndSigned: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** A register was asked whether the person may represent the party (IV2). */
export type RepresentationCheck = {
  readonly type: 'representationCheck';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly party: Uuid;
  /** As what the register shows him; a trustee counts as such only where the scheme hears one (PROOF-02). */
  readonly capacity?: 'representative' | 'trustee';
  /** The register that was asked; the insolvency register shows trustees only, and a trustee is shown by that or the trade register (PROOF-02). */
  readonly register: 'tradeRegister' | 'authorityService' | 'professionalRegister' | 'restGroupRegister' | 'insolvencyRegister';
  readonly via: 'online' | 'extract';
  /** When the register was asked online: not after performedAt (PROOF-06, TR-01); or when an extract was issued, 00:00 where it has only a date: bounded by now and by TR-02 alone. */
  readonly asOf: DateTime;
  readonly outcome: 'found' | 'notFound' | 'unavailable';
  readonly basis: 'byName' | 'byFunction';
  readonly agrees: boolean;
  readonly limitation: 'none' | 'obstructing';
  /** The other representatives whose consent an obstructing limitation asks for; each is shown and signs himself (PROOF-02). */
  readonly cosigners?: readonly Uuid[];
  readonly sameDataAsIdentified: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** An internal mandate decision was checked (MAND-01 to MAND-07); `declaredBy`: the representative who declared it valid. */
export type MandateDecisionCheck = {
  readonly type: 'mandateDecisionCheck';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly party: Uuid;
  /** Reference of the mandate decision (MAND-01). */
  readonly decision: Reference;
  /** The function named in the decision by which he submits: a post, never a name (MAND-02). */
  readonly function: string;
  readonly functionNamedInDecision: boolean;
  readonly foundInOfficialSource: boolean;
  /** Where the decision was officially published (MAND-04). */
  readonly publication?: {
    /** The official publication, by its name: an entry of the configured list (PUBLICATIONS), such as Staatscourant. */
    readonly source: ListedName;
    readonly reference: Reference;
    /** The day of publication. Not after the day of performedAt in Amsterdam. */
    readonly date: CalendarDate;
  };
  readonly protocolVersion: Reference;
  readonly declaredBy?: Uuid;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** After a finding, a representative or trustee was asked through a separate channel. */
export type CircumstancesConfirmation = {
  readonly type: 'circumstancesConfirmation';
  readonly application: Uuid;
  readonly about: {
    readonly party: Uuid;
  };
  readonly confirmer: Uuid;
  readonly capacity: 'representative' | 'trustee';
  /** The contact of the party or of the confirmer that was used; who supplied it stands there (ARCH-15). */
  readonly contact: Uuid;
  readonly confirmed: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** Somebody vouches for the person (IG2-d). */
export type Vouching = {
  readonly type: 'vouching';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly voucher: Uuid;
  readonly coversIdentityAndAttributes: boolean;
  readonly meansLink: 'issuedThroughVoucher' | 'sharedSecret' | 'fullPersonalData' | 'none';
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The submission has the form of a private deed (IG4-g). */
export type PrivateDeed = {
  readonly type: 'privateDeed';
  readonly application: Uuid;
  readonly about: {
    /** The application that the check belongs to. */
    readonly application: Uuid;
  };
  readonly signer: Uuid;
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
  readonly type: 'completenessCheck';
  readonly application: Uuid;
  readonly about: {
    /** The application that the check belongs to. */
    readonly application: Uuid;
  };
  readonly missingItems: readonly ('representedParty' | 'submitter' | 'authorizedParty' | 'scope' | 'nature' | 'period')[];
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person was logged in when submitting (ARCH-08), with a means of ours or by an outside assertion. */
export type Authentication = {
  readonly type: 'authentication';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
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
  readonly type: 'officialNumberVerification';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
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
  readonly type: 'emailConfirmation';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly confirmed: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The attributes were compared with a neutral third party's (MEANS-ID2-iii.b). */
export type NeutralThirdParty = {
  readonly type: 'neutralThirdParty';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  readonly party: 'bank' | 'insurer' | 'governmentBody' | 'other';
  readonly agrees: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The employer states that the document was seen at hiring (MEANS-ID3-d). */
export type EmployerStatement = {
  readonly type: 'employerStatement';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  /** The party that employs the person. */
  readonly employer: Uuid;
  /** The agreement between employer and issuer (MEANS-ID3-d). */
  readonly agreement: Reference;
  readonly documentCheckedAtHiring: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The person was identified remotely (AMB-57). */
export type RemoteIdentification = {
  readonly type: 'remoteIdentification';
  readonly application: Uuid;
  readonly about: {
    readonly person: Uuid;
  };
  /** The decided entry of the means product by which the method counts (PROOF-11). */
  readonly equivalence: ListedName;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** How the means reached its holder (classification.md §2.4): the form, with the facts of that form. */
export type MeansDelivery = {
  readonly type: 'meansDelivery';
  readonly application: Uuid;
  readonly about: {
    readonly means: Uuid;
  };
  readonly form: 'unverified' | 'passwordObtainedInPerson' | 'twoDispatches' | 'oneTimeLink' | 'registeredLetter' | 'qualifiedCertificate' | 'afterPhysicalIdentification' | 'other';
  /** Who handed the means over, where somebody did (PROOF-04): nobody hands over what is sent by letter, in dispatches or as a link. */
  readonly handedBy?: Uuid;
  readonly oneByPostToOfficialAddress?: boolean;
  readonly singleUse?: boolean;
  readonly expires?: boolean;
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
  readonly type: 'courtOrderVerification';
  readonly application: Uuid;
  readonly about: {
    /** The application that the check belongs to. */
    readonly application: Uuid;
  };
  /** The court, by its code in the European case law identifier, such as RBDHA. */
  readonly court: ListedName;
  readonly order: Reference;
  readonly authentic: boolean;
  readonly performedAt: PerformedAt;
  readonly performedBy: PerformedBy;
  readonly source: Source;
  readonly lateEntryReason?: Reason;
};

/** The PKIoverheid certificate that is registered as the means was validated (MEANS-PKIO, SIG-01). */
export type PkiOverheidCertificate = {
  readonly type: 'pkiOverheidCertificate';
  readonly application: Uuid;
  readonly about: {
    readonly means: Uuid;
  };
  /** The person whom the certificate names; it counts when that is the holder. */
  readonly subject: Uuid;
  readonly personal: boolean;
  readonly qualified: boolean;
  readonly chainComplete: boolean;
  readonly revocationStatus: 'good' | 'revoked' | 'unknown';
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
