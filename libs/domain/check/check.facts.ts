import type { StoredCheck } from './check.types.js';

export type CheckType = StoredCheck['type'];

/** Words of a clerk: sealed apart from the facts. */
export const WORDS = ['lateEntryReason', 'equivalenceReason'] as const;
type Words = (typeof WORDS)[number];

/** Members that a type has asked for since version 2; a check of before lacks them, and proves nothing by them. */
export const SINCE_VERSION_2 = {
  separateChannelConfirmation: ['contact'],
  circumstancesConfirmation: ['contact'],
  proxyCheck: ['document'],
  mandateDecisionCheck: ['decision', 'function', 'functionNamedInDecision', 'foundInOfficialSource'],
  employerStatement: ['employer', 'agreement'],
  remoteIdentification: ['equivalence'],
  pkiOverheidCertificate: ['subject'],
} as const satisfies { readonly [Type in CheckType]?: readonly string[] };
type SinceVersion2 = { readonly [Type in keyof typeof SINCE_VERSION_2]: (typeof SINCE_VERSION_2)[Type][number] };

type AsRecorded<Check> = Check extends { readonly type: infer Type extends keyof SinceVersion2 }
  ? Omit<Check, Words | SinceVersion2[Type]> & Partial<Pick<Check, SinceVersion2[Type] & keyof Check>>
  : Omit<Check, Words>;

/** The facts of a check as recorded, in whichever version: no words of a clerk among them. */
export type CheckFacts = AsRecorded<StoredCheck>;

type Members = { readonly [member: string]: unknown };

const without = (facts: Members, ...names: readonly string[]): Members =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !names.includes(name)));

/** Kinds of number that are known to prove something (AMB-37); before, any word was taken. */
const NUMBER_KINDS: readonly unknown[] = ['citizenServiceNumber', 'drivingLicence', 'residencePermit'];

/**
 * Facts of version 1 → version 2. What a clerk ticked where the register now asks for the fact behind it is left out, so
 * that it counts for nothing; everything else stays as it was recorded (PROOF-06, PROOF-07, PROOF-10, PROOF-11).
 */
export function factsOfVersion2(facts: Members): Members {
  switch (facts['type'] as CheckType) {
    case 'separateChannelConfirmation':
    case 'circumstancesConfirmation':
      return without(facts, 'contactSource');
    case 'specialCircumstancesCheck':
      return { ...facts, asOf: facts['asOf'] ?? facts['performedAt'] };
    case 'proxyCheck':
      return without(facts, 'grantorIdCopyChecked');
    case 'representationCheck':
      return facts['limitation'] === 'obstructingCosigned' ? { ...facts, limitation: 'obstructing' } : facts;
    case 'mandateDecisionCheck':
      return without(facts, 'functionNamedInDecision', 'foundInOfficialSource');
    case 'authentication':
      return without(facts, 'assertion');
    case 'officialNumberVerification':
      return facts['document'] !== undefined || !NUMBER_KINDS.includes(facts['numberKind'])
        ? without(facts, 'numberKind')
        : facts;
    case 'employerStatement':
      return without(facts, 'agreementInForce', 'employerIsApplicant');
    case 'remoteIdentification':
      return without(facts, 'declaredEquivalence');
    case 'meansDelivery':
      return without(facts, 'identifiedAt', 'activatedAt');
    default:
      return facts;
  }
}

/**
 * A reference in one form, for comparing: the same transaction is written in capitals by one and in small letters by
 * another, and with blanks for reading (PROOF-06).
 */
export const foldReference = (reference: string): string => reference.replace(/\p{White_Space}+/gu, '').toLowerCase();
