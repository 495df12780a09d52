import { later, type Instant } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { readInstant } from '#libs/scheme';
import { isHeard, type Confirmation } from './circumstances.js';
import { contactSource } from './contacts.js';
import { PRESENTING } from './documents.js';
import { isUniquelyIdentified } from './identity.js';
import { isUsedElsewhere, lastUseOfBank, type CheckOnRecord } from './load-checks.js';
import { judgeLogin } from './logins.js';
import { isSignedWithLevel4Means } from './private-deed.js';
import { isGrantorChecked } from './proxy.js';
import { answerOf, isLasting, isVerifiedDuring } from './question.js';
import { isOfOtherRegister, type Representation } from './registers.js';
import { othersAreShown } from './shown.js';
import type { Placed } from './superseding.js';
import { castOf, isOfOneProcess, isTakenOver, type Derived } from './translate-check.js';
import { meansLinkOf } from './vouching.js';
import type { Scales, Verdict } from './weighed.js';
import type { Why } from './why.js';

/** It earns nothing, and the evaluation does not see it. */
const not = (why: Why): Verdict => ({ counts: false, why });
/** It earns nothing, and the evaluation sees it all the same: what it says may stand in the way. */
const seen = (why: Why, derived: Derived = {}): Verdict => ({ counts: false, why, handed: true, derived });
const counts = (derived: Derived = {}): Verdict => ({ counts: true, handed: true, derived });
/** It counts for people beside the dossier, or through another member of the question. */
const BESIDE: Verdict = { counts: true };

/** What one check is worth in the dossier, beside all others. */
export async function verdictOn({ check, superseded }: Placed, scales: Scales): Promise<Verdict> {
  const { facts } = check;
  if (superseded) return not('superseded');
  const answer = answerOf(facts, scales.context);
  if (answer === 'none') return not(isOfOtherRegister(facts, scales.party) ? 'other-register' : 'no-answer');
  if (isLasting(facts)) return lasting(facts, scales);
  if (isOfOtherProcess(facts, scales)) return not('other-application');
  if (scales.outdated.has(check.id)) return not('corrected-since');
  const document = documentVerdict(facts, scales);
  if (document !== undefined) return document;
  // What stands in the way stands there, however old; but somebody beside the dossier is not the submitter.
  if (answer === 'adverse' && !isDeclaredByStranger(facts))
    return { ...counts(), ...(facts.type === 'representationCheck' ? cosigning(facts, scales) : {}) };
  return favorable(check, scales);
}

/** Somebody declares the decision valid; whether he may is the only question about it. */
const isDeclaredByStranger = (facts: CheckFacts): boolean =>
  facts.type === 'mandateDecisionCheck' && facts.functionNamedInDecision === true && facts.declaredBy !== undefined;

/** REG-10: evidence of another process than this one; look-ups in registers carry their own moment instead. */
const isOfOtherProcess = ({ application, type }: CheckFacts, scales: Scales): boolean =>
  isOfOneProcess(type) &&
  processOf(application, scales) === undefined &&
  !(application === scales.roles.meansApplication && isTakenOver(type));

/** The intake that evidence came in with, where it counts here: that of the command, or one of before (UPG-02). */
const processOf = (id: string, { application, earlier = [] }: Scales): Scales['application'] | undefined =>
  [application, ...earlier].find((intake) => intake.id === id);

/** An obstructing limitation that names cosigners says what they lack. */
const cosigning = (facts: Representation, { context }: Scales): Partial<Verdict> =>
  facts.limitation === 'obstructing' && facts.cosigners !== undefined && !context.isCosigned(facts)
    ? { why: 'not-cosigned' }
    : {};

async function lasting(facts: CheckFacts, scales: Scales): Promise<Verdict> {
  if (facts.type !== 'specialCircumstancesCheck') return counts();
  if (facts.application !== scales.application.id) return not('other-application');
  return counts((await isAnotherShown(scales)) ? { otherRepresentativeRegistered: true } : {});
}

/** One answer for all findings of a dossier, which may have hundreds. */
const askedFor = new WeakMap<Scales, Promise<boolean>>();

function isAnotherShown(scales: Scales): Promise<boolean> {
  const known = askedFor.get(scales);
  if (known !== undefined) return known;
  const { backbone, party, at, roles } = scales;
  const asked =
    party === undefined ? Promise.resolve(false) : othersAreShown(backbone, { party, at, cast: castOf(roles) });
  askedFor.set(scales, asked);
  return asked;
}

/** PROOF-03, STOLEN-01: an expired or disputed document counts for nothing; a reported one refuses where it is presented. */
function documentVerdict(facts: CheckFacts, { documents, reported }: Scales): Verdict | undefined {
  if (!('document' in facts) || facts.document === undefined) return undefined;
  if (reported.has(facts.document)) {
    return PRESENTING.has(facts.type)
      ? seen('document-reported', { presentsReported: true })
      : not('document-reported');
  }
  const fault = documents.faultOf(facts.document);
  return fault === undefined ? undefined : not(fault);
}

/** TR-01, PROOF-07: the register was asked during the process, and less than five days before the assessment. */
export function ageFault(
  asOf: Instant,
  via: 'online' | 'extract',
  { application, at, backbone }: Pick<Scales, 'application' | 'at' | 'backbone'>,
): Why | undefined {
  // As the evaluation reads moments, which takes them to the second.
  const asked = readInstant(asOf);
  const age = readInstant(at) - asked;
  if (age < 0 || (via === 'online' && asked < readInstant(application.receivedAt))) return 'outside-process';
  return age < backbone.rules.authorization.maximumAge ? undefined : 'too-old';
}

async function favorable(check: CheckOnRecord, scales: Scales): Promise<Verdict> {
  const { facts } = check;
  const { application, roles, party, backbone, humans } = scales;
  switch (facts.type) {
    case 'identityAttributesRecorded': {
      if (facts.about.person === undefined) return counts({ uniquelyIdentifying: true });
      const uniquelyIdentifying = await isUniquelyIdentified(backbone, humans.recordsOf(facts.about.person), scales);
      return uniquelyIdentifying
        ? counts({ uniquelyIdentifying })
        : seen('not-uniquely-identified', { uniquelyIdentifying });
    }
    case 'tradeRegisterLookup':
    case 'professionalRegisterLookup':
    case 'restGroupRegisterLookup':
    case 'specialCircumstancesCheck': {
      const fault = ageFault(facts.asOf as Instant, 'via' in facts ? facts.via : 'online', scales);
      return fault === undefined ? counts() : seen(fault);
    }
    case 'representationCheck':
      return representation(facts, scales);
    case 'separateChannelConfirmation': {
      const source = party === undefined ? 'submitter' : await contactSource(backbone, facts.contact, party);
      return source === 'independentParty'
        ? counts({ contactSource: source })
        : seen('contact-not-independent', { contactSource: source });
    }
    case 'circumstancesConfirmation':
      return confirmation(facts, scales);
    case 'mandateDecisionCheck': {
      if (scales.limited.has(facts.about.person)) return not('limited-in-register');
      const declaredValid = scales.context.isDeclared(facts);
      if (facts.foundInOfficialSource || declaredValid) return counts({ declaredValid });
      const isDoubtful = facts.declaredBy !== undefined && scales.doubtful.has(facts.declaredBy);
      return seen(isDoubtful ? 'not-uniquely-identified' : 'not-shown-by-register', { declaredValid });
    }
    case 'signatureComparison':
    case 'archivedSignatureComparison':
    case 'functionDeclaration':
      return facts.about.person === roles.submitter ? counts() : BESIDE;
    case 'proxyCheck': {
      const grantorIdCopyChecked = isGrantorChecked(facts, scales);
      return grantorIdCopyChecked
        ? counts({ grantorIdCopyChecked })
        : seen('not-checked-against-document', { grantorIdCopyChecked });
    }
    case 'bankTransaction':
      return bankTransaction(facts, scales);
    case 'eSignatureValidation': {
      if (scales.assertions.has(check.id)) return BESIDE;
      return isVerifiedDuring(facts, processOf(facts.application, scales) ?? application)
        ? counts()
        : not('moment-out-of-bounds');
    }
    case 'vouching': {
      const { meansLink, why } = await meansLinkOf(facts, scales);
      return why === undefined ? counts({ meansLink }) : seen(why, { meansLink });
    }
    case 'privateDeed': {
      if (facts.signedWith !== 'level4Means') return counts();
      return (await isSignedWithLevel4Means(facts, scales))
        ? counts()
        : seen('signer-has-no-level-4-means', { signedWith: 'lowerMeans' });
    }
    case 'authentication': {
      const records = humans.recordsOf(facts.about.person);
      const login = await judgeLogin(backbone, facts, {
        application,
        records,
        checks: [...scales.named, ...scales.others].filter(
          (one) => !scales.outdated.has(one.id) || answerOf(one.facts, scales.context) === 'adverse',
        ),
      });
      return login.why === undefined ? { ...BESIDE, login } : not(login.why);
    }
    case 'idDocumentStatus':
    case 'idCopyEnclosed':
    case 'physicalAppearance':
    case 'organizationalUnitCheck':
    case 'completenessCheck':
      return counts();
    // These speak of a login, of a means or of an order; they reach their question through other members.
    case 'officialNumberVerification':
    case 'emailConfirmation':
    case 'neutralThirdParty':
    case 'employerStatement':
    case 'remoteIdentification':
    case 'meansDelivery':
    case 'courtOrderVerification':
    case 'pkiOverheidCertificate':
      return BESIDE;
  }
}

/** Given by whom a register shows, reached where one says, and by another than the applicant where there is one. */
async function confirmation(facts: Confirmation, scales: Scales): Promise<Verdict> {
  const { confirmer, capacity, contact } = facts;
  const { party, shown, backbone, humans } = scales;
  if (isBeforeFinding(facts, scales)) return not('before-the-finding');
  if (scales.doubtful.has(confirmer)) return not('not-uniquely-identified');
  if (party === undefined || !shown(confirmer, capacity, facts.performedAt as Instant))
    return not('not-shown-by-register');
  const source = await contactSource(backbone, contact, party, humans.recordsOf(confirmer));
  if (source !== 'independentParty') return seen('contact-not-independent', { contactSource: source });
  return (await isHeard(facts, party, scales))
    ? counts({ contactSource: source })
    : seen('confirmer-in-application', { contactSource: source, confirmerOccurs: true });
}

/** What was said before the latest finding, of the application or of one that stands elsewhere, is no answer to it (PROOF-02). */
const isBeforeFinding = ({ performedAt }: CheckFacts, { named, others, application, foundAt }: Scales): boolean =>
  (foundAt !== undefined && foundAt > performedAt) ||
  [...named, ...others].some(
    ({ facts }) =>
      facts.type === 'specialCircumstancesCheck' &&
      facts.application === application.id &&
      isLasting(facts) &&
      facts.asOf > performedAt,
  );

function representation(facts: Representation, scales: Scales): Verdict {
  const { party, roles, humans, context } = scales;
  if (party === undefined || facts.party !== party.id) return not('not-asked-here');
  const practitioner = party.person === undefined ? undefined : humans.of(party.person);
  if (party.kind === 'practitioner' && practitioner !== facts.about.person) return not('not-the-practitioner');
  const fault = ageFault(facts.asOf as Instant, facts.via, scales);
  if (fault !== undefined) return seen(fault);
  const isOfDossier = [roles.submitter, roles.legalRepresentative].includes(facts.about.person);
  if (!isOfDossier || facts.capacity === 'trustee') return BESIDE;
  // Whom it shows by name with a limitation goes by the limitation, whatever his function (003 §4.4.6 b).
  if (facts.basis === 'byFunction' && scales.limited.has(facts.about.person)) return not('limited-in-register');
  return counts(context.isCosigned(facts) ? { isCosigned: true } : {});
}

/** A bank transaction proves nothing when it was made longer before its application came in (PROOF-06). */
const BANK_MILLISECONDS = 31 * 24 * 3_600_000;

async function bankTransaction(
  facts: Extract<CheckFacts, { readonly type: 'bankTransaction' }>,
  scales: Scales,
): Promise<Verdict> {
  const { backbone, humans, roles, registration } = scales;
  const completedAt = facts.completedAt as Instant;
  const process = processOf(facts.application, scales);
  const isTooEarly = process !== undefined && completedAt < later(process.receivedAt, -BANK_MILLISECONDS);
  if (isTooEarly || completedAt > (facts.performedAt as Instant)) return not('moment-out-of-bounds');
  const records = humans.recordsOf(facts.about.person);
  if (await isUsedElsewhere(backbone, facts.source.reference, { application: facts.application, records }))
    return not('transaction-used-elsewhere');
  // R-IO3-d and IG3-f ask for a new one each time; a first submitter (IO3-d) shows it for the first time.
  const asksAnew = registration === 'repeated' || facts.about.person === roles.authorizedPerson;
  const lastUse = asksAnew ? await lastUseOfBank(backbone, records, facts.application) : undefined;
  return lastUse === undefined || completedAt > lastUse
    ? counts()
    : { ...counts({ isNotRepeated: true }), why: 'not-repeated' };
}
