// Generated from classification.schema.json. Do not edit: `npm run generate`.

export type EhLevel = 'EH1' | 'EH2' | 'EH2+' | 'EH3' | 'EH4';

export type EidasLevel = 'low' | 'substantial' | 'high';

export type StorkLevel = 1 | 2 | 3 | 4;

export type Channel = 'electronic' | 'nonElectronic';

/** ISO 8601 date-time with an offset. A fraction of a second is accepted and dropped. */
export type DateTime = string;

export type CalendarDate = string;

/** An opaque reference chosen by the caller. Equal strings mean the same thing. Do not put personal data in it. */
export type Reference = string;

export type Establishments = readonly Reference[];

/** How an electronic signature was validated. */
export type Signature = {
  readonly technology: 'pki';
  readonly chainComplete: boolean;
  readonly revocationStatus: 'good' | 'revoked' | 'unknown';
} | {
  readonly technology: 'nonPki';
  readonly comparableQuality: boolean;
};

export type AuthorizationRequest = {
  readonly registration: 'first' | 'repeated';
  readonly authority?: 'regular' | 'administration';
  readonly channel: Channel;
  readonly startedAt: DateTime;
  readonly assessedAt: DateTime;
  readonly activatedAt?: DateTime;
  readonly establishments?: Establishments;
  readonly representedParty: RepresentedParty;
  readonly submitter: Submitter;
  readonly authorizedParty: AuthorizedParty;
  readonly registerProfile: RegisterProfile;
  readonly deviationReason?: string;
  readonly checks: readonly AuthorizationCheck[];
};

export type RepresentedParty = {
  readonly kind: 'undertaking' | 'privateLegalPerson' | 'publicLegalPerson' | 'practitioner' | 'restGroupEntity';
  readonly specialCircumstancesReported?: boolean;
};

export type Submitter = {
  readonly role: 'legalRepresentative' | 'mandateHolder' | 'proxyHolder' | 'administrator' | 'other';
  readonly holdsMeans: boolean;
  readonly authenticatedLevel?: EhLevel;
  readonly administration?: {
    readonly level: EhLevel;
    readonly iv: 1 | 2 | 3;
    readonly establishments?: Establishments;
  };
};

export type AuthorizedParty = {
  readonly kind: 'naturalPerson';
  readonly meansStork?: StorkLevel;
  readonly sameAsSubmitter?: boolean;
  readonly registeredIv?: 0 | 1 | 2 | 3;
  readonly belongsToOperator?: boolean;
} | {
  readonly kind: 'legalPerson';
  readonly registeredIv?: 0 | 1 | 2 | 3;
  readonly belongsToOperator?: boolean;
};

export type RegisterProfile = {
  readonly im: 0 | 1 | 2 | 3;
  readonly pd: 0 | 1 | 2;
  readonly pv: 0 | 1 | 2 | 3 | 4;
  readonly pi: 0 | 1 | 2 | 3 | 4;
  readonly pt: 0 | 1 | 2;
};

export type AuthorizationCheck = IdentityAttributesRecorded | TradeRegisterLookup | ProfessionalRegisterLookup | RestGroupRegisterLookup | IdCopyEnclosed | IdCopyOnRecord | SignatureComparison | ArchivedSignatureComparison | IdDocumentStatus | BankTransaction | ESignatureValidation | PhysicalAppearance | ProxyCheck | SeparateChannelConfirmation | RepresentationCheck | FunctionDeclaration | OrganizationalUnitCheck | MandateDecisionCheck | SpecialCircumstancesCheck | CircumstancesConfirmation | MeansIssuance | Vouching | PrivateDeed | CompletenessCheck;

export type PersonSubject = 'submitter' | 'authorizedParty';

export type LookupOutcome = 'found' | 'notFound' | 'unavailable';

export type IdentityAttributesRecorded = {
  readonly type: 'identityAttributesRecorded';
  readonly subject: 'representedParty' | 'submitter' | 'authorizedParty' | 'legalRepresentative';
  readonly uniquelyIdentifying: boolean;
  readonly fromIssuance?: boolean;
};

export type TradeRegisterLookup = {
  readonly type: 'tradeRegisterLookup';
  readonly subject: 'representedParty' | 'authorizedParty';
  readonly via: 'online' | 'extract';
  readonly asOf: DateTime;
  readonly outcome: LookupOutcome;
  readonly agreesOn: readonly ('number' | 'name' | 'address')[];
  readonly currentEstablishments?: readonly Reference[];
};

export type ProfessionalRegisterLookup = {
  readonly type: 'professionalRegisterLookup';
  readonly asOf: DateTime;
  readonly outcome: LookupOutcome;
  readonly registerDesignated: boolean;
  readonly identifierAgrees: boolean;
};

export type RestGroupRegisterLookup = {
  readonly type: 'restGroupRegisterLookup';
  readonly asOf: DateTime;
  readonly outcome: LookupOutcome;
  readonly uniqueMatch: boolean;
};

export type IdCopyEnclosed = {
  readonly type: 'idCopyEnclosed';
  readonly subject: 'submitter' | 'authorizedParty' | 'legalRepresentative';
  readonly document: Reference;
  readonly presentation: 'paper' | 'scan';
  readonly fromIssuance?: boolean;
};

export type IdCopyOnRecord = {
  readonly type: 'idCopyOnRecord';
  readonly document: Reference;
  readonly expiresOn: CalendarDate;
};

export type SignatureComparison = {
  readonly type: 'signatureComparison';
  readonly against: 'idCopy' | 'idOriginal';
  readonly document: Reference;
  readonly form: 'original' | 'scan';
  readonly onTheSpot: boolean;
  readonly agrees: boolean;
};

export type ArchivedSignatureComparison = {
  readonly type: 'archivedSignatureComparison';
  readonly form: 'original' | 'scan';
  readonly agrees: boolean;
};

export type IdDocumentStatus = {
  readonly type: 'idDocumentStatus';
  readonly subject: 'submitter' | 'authorizedParty' | 'legalRepresentative';
  readonly document: Reference;
  readonly status: 'notReported' | 'reported' | 'unavailable';
  readonly fromIssuance?: boolean;
};

export type BankTransaction = {
  readonly type: 'bankTransaction';
  readonly subject: PersonSubject;
  readonly succeeded: boolean;
  readonly completedAt: DateTime;
  readonly accountOpenedWithIdDocument: boolean;
  readonly nameAgreesWithDocument: boolean;
  readonly nameAgreesWithAttributes: boolean;
  readonly fromIssuance?: boolean;
};

export type ESignatureValidation = {
  readonly type: 'eSignatureValidation';
  readonly signer: 'submitter' | 'representedParty';
  readonly pkiOverheidServices?: boolean;
  readonly signature: Signature;
};

export type PhysicalAppearance = {
  readonly type: 'physicalAppearance';
  readonly subject: PersonSubject;
  readonly mode: 'appeared' | 'visited';
  readonly document: Reference;
  readonly documentShown: 'original' | 'copy';
  readonly fromIssuance?: boolean;
};

export type ProxyCheck = {
  readonly type: 'proxyCheck';
  readonly writtenAndSigned: boolean;
  readonly grantorIdCopyChecked: boolean;
};

export type SeparateChannelConfirmation = {
  readonly type: 'separateChannelConfirmation';
  readonly medium: 'post' | 'email' | 'telephone';
  readonly contactSource: 'independentParty' | 'submitter';
  readonly confirmed: boolean;
};

export type RepresentationCheck = {
  readonly type: 'representationCheck';
  readonly of: 'submitter' | 'legalRepresentative';
  readonly register: 'tradeRegister' | 'authorityService' | 'professionalRegister' | 'restGroupRegister';
  readonly via: 'online' | 'extract';
  readonly asOf: DateTime;
  readonly outcome: LookupOutcome;
  readonly basis: 'byName' | 'byFunction';
  readonly agrees: boolean;
  readonly limitation: 'none' | 'obstructing' | 'obstructingCosigned';
  readonly sameDataAsIdentified: boolean;
};

export type FunctionDeclaration = {
  readonly type: 'functionDeclaration';
  readonly declaresAppointment: boolean;
};

export type OrganizationalUnitCheck = {
  readonly type: 'organizationalUnitCheck';
  readonly concernsOneUnitOnly: boolean;
};

export type MandateDecisionCheck = {
  readonly type: 'mandateDecisionCheck';
  readonly functionNamedInDecision: boolean;
  readonly foundInOfficialSource: boolean;
  readonly validityDeclaredByRepresentative?: boolean;
  readonly protocolVersion: Reference;
};

export type SpecialCircumstancesCheck = {
  readonly type: 'specialCircumstancesCheck';
  readonly asOf: DateTime;
  readonly outcome: 'none' | 'found' | 'unavailable';
  readonly otherRepresentativeRegistered?: boolean;
};

export type CircumstancesConfirmation = {
  readonly type: 'circumstancesConfirmation';
  readonly contactSource: 'independentParty' | 'submitter';
  readonly confirmed: boolean;
  readonly confirmedBy: 'otherRepresentative' | 'representativeInApplication' | 'trustee';
};

export type MeansIssuance = {
  readonly type: 'meansIssuance';
  readonly issuanceLevel: StorkLevel;
  readonly sameProcess: boolean;
};

export type Vouching = {
  readonly type: 'vouching';
  readonly by: 'submitter' | 'otherRepresentative';
  readonly coversIdentityAndAttributes: boolean;
  readonly meansLink: 'issuedThroughVoucher' | 'sharedSecret' | 'fullPersonalData' | 'none';
};

export type PrivateDeed = {
  readonly type: 'privateDeed';
  readonly signedBy: 'submitter' | 'other';
  readonly signedWith: 'hand' | 'level4Means' | 'lowerMeans';
};

export type CompletenessCheck = {
  readonly type: 'completenessCheck';
  readonly missingItems: readonly ('representedParty' | 'submitter' | 'authorizedParty' | 'scope' | 'nature' | 'period')[];
};

export type AuthorizationResult = {
  /** One entry per applicable aspect: IA, IO, IG or IR, IV, IM, PD, PV, PI, PT. 0 = unscored. */
  readonly scores: Readonly<Partial<Record<'IA' | 'IO' | 'IG' | 'IR' | 'IV' | 'IM' | 'PD' | 'PV' | 'PI' | 'PT', 0 | 1 | 2 | 3 | 4>>>;
  /** Per evidence aspect (IA, IO, IG or IR, IV) the rows that earn the score. */
  readonly rows: Readonly<Partial<Record<'IA' | 'IO' | 'IG' | 'IR' | 'IV', readonly string[]>>>;
  readonly m: 0 | 1 | 2 | 3 | 4;
  readonly eh: EhLevel | null;
  readonly eidas: EidasLevel | null;
  readonly submitterLevel: EhLevel | null;
  readonly limitedBy: readonly string[];
  readonly missingFor: Readonly<Partial<Record<EhLevel, {
    readonly aspects: Readonly<Record<string, 1 | 2 | 3 | 4>>;
    readonly meansStork?: StorkLevel;
    readonly submitterLevel?: EhLevel;
  }>>>;
  readonly refusals: readonly string[];
  readonly flags: readonly string[];
};

export type MeansRequest = {
  readonly identification: {
    readonly physicalAppearance: boolean;
    readonly attributes: {
      readonly count: number;
      readonly uniquelyIdentifying: boolean;
      readonly officialNumberVerified: boolean;
      readonly duplicate?: 'none' | 'linked' | 'unresolved';
    };
    readonly validations: readonly IdentityValidation[];
  };
  readonly issuance: MeansIssuanceForm;
  readonly issuer: {
    readonly participant: boolean;
    readonly supervision: 'none' | 'government' | 'mandatory';
  };
  readonly token: {
    readonly possession: 'none' | 'softCertificate' | 'oneTimePasswordToken' | 'smsCode' | 'hardwareCertificate' | 'qualifiedCertificateOnSecureDevice';
    readonly secret?: {
      readonly kind: 'password' | 'pin';
      readonly meetsGuideline: boolean;
    };
  };
  readonly mechanism: {
    readonly factors: 1 | 2 | 3;
    readonly protection: {
      readonly guessing: ThreatProtection;
      readonly eavesdropping: ThreatProtection;
      readonly hijacking: ThreatProtection;
      readonly replay: ThreatProtection;
      readonly manInTheMiddle: ThreatProtection;
    };
    readonly evaluation: 'none' | 'eal4PlusComparable';
  };
  readonly pkiOverheid?: {
    readonly personal: boolean;
    readonly qualified: boolean;
    readonly chainComplete: boolean;
    readonly revocationStatus: 'good' | 'revoked' | 'unknown';
  };
};

export type ThreatProtection = 'none' | 'some' | 'protected';

export type IdentityValidation = {
  readonly method: 'emailConfirmation';
  readonly confirmed: boolean;
} | {
  readonly method: 'neutralThirdParty';
  readonly party: 'bank' | 'insurer' | 'governmentBody' | 'other';
  readonly agrees: boolean;
} | {
  readonly method: 'electronicSignature';
  readonly signature: Signature;
  readonly verifiedByCsp: boolean;
  readonly verifiedAt: DateTime;
} | {
  readonly method: 'employerStatement';
  readonly agreementInForce: boolean;
  readonly documentCheckedAtHiring: boolean;
  readonly employerIsApplicant: boolean;
} | {
  readonly method: 'idCopyWithRegisterCheck';
  readonly status: 'notReported' | 'reported' | 'unavailable';
} | {
  readonly method: 'idCopyWithBankTransaction';
  readonly succeeded: boolean;
  readonly accountOpenedWithIdDocument: boolean;
  readonly nameAgreesWithDocument: boolean;
} | {
  readonly method: 'idDocumentShown';
  readonly original: boolean;
  readonly manner: 'inPerson' | 'visit' | 'sent' | 'handedOverByAnother';
  readonly status?: 'notReported' | 'reported' | 'unavailable';
} | {
  readonly method: 'remoteIdentification';
  readonly declaredEquivalence: 'none' | 'iii.e' | 'iii.f';
};

export type MeansIssuanceForm = {
  readonly form: 'unverified' | 'passwordObtainedInPerson';
  readonly handedOutAt?: DateTime;
} | {
  readonly form: 'twoDispatches';
  readonly oneByPostToOfficialAddress: boolean;
  readonly handedOutAt?: DateTime;
} | {
  readonly form: 'oneTimeLink';
  readonly singleUse: boolean;
  readonly expires: boolean;
  readonly handedOutAt?: DateTime;
} | {
  readonly form: 'registeredLetter';
  readonly addressValidated: boolean;
  readonly handedOutAt?: DateTime;
} | {
  readonly form: 'qualifiedCertificate';
  readonly signature: Signature;
  readonly handedOutAt?: DateTime;
} | {
  readonly form: 'afterPhysicalIdentification';
  readonly identifiedAt: DateTime;
  readonly activatedAt?: DateTime;
  readonly handedOutAt?: DateTime;
} | {
  readonly form: 'other';
  readonly equivalenceReason?: string;
  readonly equivalentTo?: 2 | 3;
  readonly handedOutAt?: DateTime;
};

export type MeansResult = {
  readonly scores: {
    readonly ID: 0 | 1 | 2 | 3 | 4;
    readonly IC: 0 | 1 | 2 | 3 | 4;
    readonly IE: 0 | 1 | 2 | 3;
    readonly RC: 0 | 1 | 2 | 3 | 4;
    readonly AM: 0 | 1 | 2 | 3 | 4;
  };
  readonly rows: {
    readonly ID: readonly string[];
    readonly IC: readonly string[];
    readonly IE: readonly string[];
    readonly RC: readonly string[];
    readonly AM: readonly string[];
  };
  readonly criteria: {
    readonly appearance: 'i.a' | 'i.b';
    readonly attributes: 'ii.a' | 'ii.b' | 'ii.c' | null;
    readonly validation: 'iii.a' | 'iii.b' | 'iii.c' | 'iii.d' | 'iii.e' | 'iii.f' | 'iii.g' | 'iii.h' | null;
  };
  readonly stork: 0 | 1 | 2 | 3 | 4;
  readonly issuanceLevel: 0 | 1 | 2 | 3 | 4;
  readonly limitedBy: readonly ('ID' | 'IC' | 'IE' | 'RC' | 'AM')[];
  readonly missingFor: Readonly<Partial<Record<'1' | '2' | '3' | '4', Readonly<Record<string, 1 | 2 | 3 | 4>>>>>;
  readonly refusals: readonly string[];
};

export type RevocationDeadlineRequest = {
  readonly object: 'authorization' | 'means';
  readonly level: EhLevel;
  readonly mutation?: 'revocation' | 'suspension' | 'change' | 'renewal' | 'reinstatement' | 'attributes';
  readonly channel: Channel;
  readonly receivedAt: DateTime;
  readonly medium?: 'writing' | 'email' | 'counter' | 'telephone' | 'other';
  readonly requester?: {
    readonly role: 'legalRepresentative' | 'trustee' | 'authorizedParty' | 'administrator' | 'court' | 'other';
    readonly ioScore?: 0 | 1 | 2 | 3 | 4;
    readonly authenticatedLevel?: EhLevel;
    readonly administrationLevel?: EhLevel;
    readonly courtOrderVerified?: boolean;
  };
};

export type RevocationDeadlineResult = {
  readonly accepted: boolean;
  readonly immediate: boolean;
  readonly dueAt: DateTime | null;
  readonly refusals: readonly ('requester-not-entitled' | 'requester-not-identified' | 'admin-level-too-low' | 'form-not-accepted')[];
  readonly flags: readonly 'revoke-certificate-at-csp'[];
};

export type ValidityRequest = {
  readonly level: EhLevel;
  readonly registeredAt: DateTime;
  readonly period: {
    readonly from: DateTime;
    readonly until: DateTime;
  };
  readonly firstValidFrom?: DateTime;
  readonly lastUsedAt?: DateTime;
  readonly hasAdministrator?: boolean;
  readonly notice?: {
    readonly sentAt: DateTime;
    readonly toAuthorizedParty: boolean;
    readonly toAdministrator: boolean;
  };
  readonly revokeUnusedAtEh1?: boolean;
  readonly consent?: {
    readonly givenAt: DateTime;
    readonly lastUsedAt?: DateTime;
    readonly meansValidUntil?: DateTime;
  };
};

export type ValidityResult = {
  readonly validFrom: DateTime;
  readonly validUntil: DateTime;
  readonly capped: boolean;
  readonly nonUse: null | {
    readonly countsFrom: DateTime;
    readonly noticeFrom: DateTime;
    readonly revocableFrom: DateTime | null;
    readonly mandatory: boolean;
  };
  readonly consent: null | {
    readonly validUntil: DateTime;
  };
};

export type EvaluationRequest = {
  readonly at: DateTime;
  readonly requestedLevel: EhLevel;
  readonly singleSignOn?: boolean;
  readonly representedParty: {
    readonly id: Reference;
    readonly restGroup?: boolean;
  };
  readonly establishment?: Reference;
  readonly service: {
    readonly id: Reference;
    readonly provider: Reference;
    readonly ofTaxAdministration?: boolean;
    readonly chainSupported: boolean;
    readonly groups?: readonly {
      readonly id: Reference;
      readonly since: DateTime;
    }[];
    readonly minimumLevels: readonly {
      readonly from: DateTime;
      readonly level: EhLevel;
    }[];
  };
  readonly means: {
    readonly holder: Reference;
    readonly status: 'awaitingActivation' | 'active' | 'suspended' | 'revoked' | 'expired';
    readonly stork: StorkLevel;
    readonly authenticationServiceStork?: StorkLevel;
    readonly factors?: 1 | 2 | 3;
    readonly restrictedToProvider?: Reference;
    readonly restrictedToServices?: readonly Reference[];
  };
  readonly links: readonly Link[];
  readonly levelPolicy?: readonly {
    readonly level: EhLevel;
    readonly usableUntil: DateTime;
    readonly provider?: Reference;
  }[];
  readonly secondFactorPolicy?: readonly {
    readonly from: DateTime;
    readonly provider?: Reference;
    readonly service?: Reference;
  }[];
  readonly maxIntermediaries?: number;
};

export type Link = {
  readonly representedParty: Reference;
  readonly authorizedParty: Reference;
  readonly m: 1 | 2 | 3 | 4;
  readonly submitterLevel?: EhLevel;
  readonly status: 'awaitingActivation' | 'active' | 'suspended' | 'revoked';
  readonly registeredAt: DateTime;
  readonly validFrom: DateTime;
  readonly validUntil: DateTime;
  readonly scope: {
    readonly all?: boolean;
    readonly services?: readonly Reference[];
    readonly groups?: readonly {
      readonly id: Reference;
      readonly includesLaterServices?: boolean;
    }[];
  };
  readonly establishments?: Establishments;
  readonly forThirdParties?: boolean;
  readonly rightOfSubstitution: boolean;
  readonly actsIndependently?: boolean;
  readonly onlyForClients?: readonly Reference[];
};

export type EvaluationResult = {
  readonly decision: boolean;
  readonly requiredLevel: EhLevel;
  readonly effectiveLevel: EhLevel | null;
  readonly eidas: EidasLevel | null;
  readonly reasons: readonly ('service-without-level' | 'sso-forbidden-at-level-4' | 'means-not-active' | 'means-restricted' | 'second-factor-required' | 'trr-only-tax-administration' | 'no-authorization' | 'chain-too-long' | 'service-without-chain-support' | 'parties-do-not-match' | 'authorization-revoked' | 'authorization-not-activated' | 'authorization-suspended' | 'authorization-not-yet-valid' | 'authorization-expired' | 'substitution-not-granted' | 'client-not-listed' | 'only-for-third-parties' | 'not-independently' | 'service-not-in-scope' | 'outside-establishment' | 'chain-needs-EH2' | 'level-too-low' | 'level-phased-out')[];
};

/** RFC 9457 problem details, status 400. */
export type ClassificationProblem = {
  readonly type?: string;
  readonly title?: string;
  readonly status: 400;
  readonly code: 'invalid-request' | 'unknown-level';
  readonly errors?: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly detail: string;
  }[];
};
