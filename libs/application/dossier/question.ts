import type { Instant } from '#libs/kernel';
import { answeredAt, type CheckFacts, type ReceivedApplication, type RegisteredParty } from '#libs/domain';
import { containsAll } from '#libs/scheme';
import type { CheckOnRecord } from './load-checks.js';
import { isOfOtherRegister } from './registers.js';

export { answeredAt, isLasting } from '#libs/domain';

/**
 * Answers to one question replace each other, the later the earlier (PROOF-01). Which question a check answers, when,
 * and whether its answer helps.
 */

/** Type, about, party, document, basis: of one key are all answers to one question. Persons are humans here. */
export function questionOf(facts: CheckFacts): string {
  const members = facts as unknown as { readonly [member: string]: unknown };
  const about = Object.entries(facts.about as object).flat();
  // To be shown as trustee is asked apart from being shown as representative, like the basis is.
  const party = facts.type === 'neutralThirdParty' ? undefined : members['party'];
  const asked = facts.type === 'representationCheck' ? (facts.capacity ?? 'representative') : undefined;
  return JSON.stringify(
    [facts.type, ...about, party, members['document'], members['basis'], asked].map((m) => m ?? null),
  );
}

/** Of two answers the one given later; of one moment the one recorded later. */
export function isLater(one: CheckOnRecord, other: CheckOnRecord): boolean {
  const [its, others] = [answeredAt(one.facts), answeredAt(other.facts)];
  return its === others ? one.position > other.position : its > others;
}

export type Answer = 'favorable' | 'adverse' | 'none';

export interface AnswerContext {
  /** Whom the answers of registers are about: another register than that of its kind gives none (D-13). */
  readonly party?: Pick<RegisteredParty, 'id' | 'kind'>;
  /** Establishments that the scope is limited to, if it is. */
  readonly establishments?: readonly string[];
  /** An obstructing limitation that all others needed have signed for is none (PROOF-02). */
  readonly isCosigned: (facts: CheckFacts) => boolean;
  /** Whoever is named to declare a mandate decision valid is shown by a register to speak for the party (PROOF-02). */
  readonly isDeclared: (facts: MandateDecision) => boolean;
}

export type MandateDecision = Extract<CheckFacts, { readonly type: 'mandateDecisionCheck' }>;

/** Whether an answer carries what is asked for, stands against it, or is none: the source was away, or is no source of it. */
export function answerOf(facts: CheckFacts, context: AnswerContext): Answer {
  if ('outcome' in facts && facts.outcome === 'unavailable') return 'none';
  if (facts.type === 'idDocumentStatus' && facts.status === 'unavailable') return 'none';
  if (isOfOtherRegister(facts, context.party)) return 'none';
  return standsAgainst(facts, context) ? 'adverse' : 'favorable';
}

/** A look that lists establishments, and one of the scope not among them. */
export const lacksEstablishment = (facts: CheckFacts, { establishments }: AnswerContext): boolean =>
  facts.type === 'tradeRegisterLookup' &&
  facts.currentEstablishments !== undefined &&
  establishments !== undefined &&
  !containsAll(facts.currentEstablishments, establishments);

function standsAgainst(facts: CheckFacts, context: AnswerContext): boolean {
  const { isCosigned, isDeclared } = context;
  switch (facts.type) {
    case 'tradeRegisterLookup':
      return facts.outcome !== 'found' || facts.agreesOn.length < 3 || lacksEstablishment(facts, context);
    case 'professionalRegisterLookup':
      return facts.outcome !== 'found' || !facts.registerDesignated || !facts.identifierAgrees;
    case 'restGroupRegisterLookup':
      return facts.outcome !== 'found' || !facts.uniqueMatch;
    case 'representationCheck':
      return (
        facts.outcome !== 'found' ||
        !facts.agrees ||
        !facts.sameDataAsIdentified ||
        (facts.limitation === 'obstructing' && !isCosigned(facts))
      );
    case 'separateChannelConfirmation':
    case 'circumstancesConfirmation':
    case 'emailConfirmation':
      return !facts.confirmed;
    case 'organizationalUnitCheck':
      return facts.concernsOneUnitOnly;
    case 'specialCircumstancesCheck':
      return facts.outcome === 'found';
    case 'idDocumentStatus':
      return facts.status === 'reported';
    case 'signatureComparison':
    case 'archivedSignatureComparison':
    case 'neutralThirdParty':
      return !facts.agrees;
    case 'functionDeclaration':
      return !facts.declaresAppointment;
    case 'bankTransaction':
      return (
        !facts.succeeded ||
        !facts.accountOpenedWithIdDocument ||
        !facts.nameAgreesWithDocument ||
        !facts.nameAgreesWithAttributes
      );
    case 'eSignatureValidation':
    case 'pkiOverheidCertificate':
      return !isGoodSignature(facts);
    case 'proxyCheck':
      return !facts.writtenAndSigned;
    case 'mandateDecisionCheck':
      return !facts.functionNamedInDecision || (!facts.foundInOfficialSource && !isDeclared(facts));
    case 'vouching':
      return !facts.coversIdentityAndAttributes;
    case 'completenessCheck':
      return facts.missingItems.length > 0;
    case 'officialNumberVerification':
      return !facts.verified;
    case 'employerStatement':
      return !facts.documentCheckedAtHiring;
    case 'courtOrderVerification':
      return !facts.authentic;
    // What these record is there or is not; another one adds to it and takes nothing back.
    case 'identityAttributesRecorded':
    case 'idCopyEnclosed':
    case 'physicalAppearance':
    case 'privateDeed':
    case 'authentication':
    case 'remoteIdentification':
    case 'meansDelivery':
      return false;
  }
}

export type Process = Pick<ReceivedApplication, 'id' | 'receivedAt'>;

/** A signature is verified from the receipt of the application on, and before the check says so (PROOF-06). */
export function isVerifiedDuring(facts: CheckFacts, { receivedAt }: Process): boolean {
  if (facts.type !== 'eSignatureValidation') return false;
  const verifiedAt = (facts.verifiedAt ?? facts.performedAt) as Instant;
  return verifiedAt >= receivedAt && verifiedAt <= (facts.performedAt as Instant);
}

/** An electronic signature whose validation succeeded (SIG-01, SIG-02), or a certificate that stands. */
export function isGoodSignature(facts: CheckFacts): boolean {
  if (facts.type !== 'eSignatureValidation' && facts.type !== 'pkiOverheidCertificate') return false;
  const { chainComplete, revocationStatus, comparableQuality } = (
    facts.type === 'eSignatureValidation' ? facts.signature : facts
  ) as { chainComplete?: boolean; revocationStatus?: string; comparableQuality?: boolean };
  return comparableQuality ?? (chainComplete === true && revocationStatus === 'good');
}
