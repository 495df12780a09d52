import type { Instant, Rejection } from '#libs/kernel';
import {
  shownOfParty,
  shownOfPerson,
  type PartyMember,
  type PersonAttribute,
  type ReceivedApplication,
  type RegisteredParty,
  type WeighedCheck,
} from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { weighedChecks } from './aspects.js';
import { assessmentAt } from './assessment.js';
import type { CheckOnRecord } from './load-checks.js';
import { answerOf, isLater, questionOf, type AnswerContext } from './question.js';
import { shows } from './shown.js';
import { ageFault } from './verdicts.js';
import type { Weighed, WeighingParts } from './weighed.js';
import { weigh } from './weighing.js';
import type { Why } from './why.js';

/** Whose record is corrected: a person, or a party with the practitioner that it would name. */
export type Corrected = { readonly person: string } | { readonly party: RegisteredParty };
/** What can be corrected of either. */
export type Member = PersonAttribute | PartyMember;

export interface CorrectionParts {
  readonly of: Corrected;
  readonly application: ReceivedApplication;
  readonly named: readonly CheckOnRecord[];
  /** What is to be set. */
  readonly set: readonly string[];
}

/**
 * What the named checks show of whom they are about, and how each of them stood (RIGHTS-06): each held against the
 * register's own records as in every dossier, and taken back by a later answer to the same question that does not show
 * the same.
 */
export async function shownAttributes(
  backbone: Backbone,
  { of, application, named, set }: CorrectionParts,
): Promise<
  | { readonly shown: readonly Member[]; readonly evidence: readonly WeighedCheck[] }
  | { readonly faults: readonly Rejection[] }
> {
  const parts: WeighingParts = {
    application,
    at: assessmentAt(backbone.now(), application, named),
    ...peopleOf(of, application.id),
    named,
    ofCorrection: true,
  };
  const weighing = await weigh(backbone, { ...parts, checksPointer: '/checks' });
  if ('faults' in weighing) return weighing;
  const scales = { backbone, application, at: parts.at };
  const standing = weighing.evidence.map((one) => ({
    one,
    members: one.joined ? [] : membersOf(one, of, weighing.onRecord, scales),
  }));
  return {
    shown: [...new Set(standing.flatMap(({ members }) => members))],
    evidence: weighedChecks(standing.map(({ one, members }) => (one.joined ? one : asStanding(one, members, set)))),
  };
}

const peopleOf = (of: Corrected, application: string): Pick<WeighingParts, 'roles' | 'party'> => {
  if ('person' in of) return { roles: { application, authorizedPerson: of.person } };
  const { id, person } = of.party;
  return {
    roles: { application, representedParty: id, ...(person === undefined ? {} : { authorizedPerson: person }) },
    party: of.party,
  };
};

type Moment = Parameters<typeof ageFault>[2];

/** What a check shows that nothing on record contradicts. */
function membersOf(
  { check, counts, why, superseded }: Weighed,
  of: Corrected,
  onRecord: readonly CheckOnRecord[],
  moment: Moment,
): readonly Member[] {
  // He may be unique by what is corrected.
  const isGood = counts || why === 'not-uniquely-identified';
  if (superseded || !isGood || isOld(check, moment)) return [];
  return toldBy(check, of).filter(
    (member) =>
      !onRecord.some(
        (other) =>
          other.facts.application === moment.application.id &&
          questionOf(other.facts) === questionOf(check.facts) &&
          answerOf(other.facts, { ...NOBODY_ELSE, ...of }) !== 'none' &&
          isLater(other, check) &&
          !toldBy(other, of).includes(member),
      ),
  );
}

/** Nobody else has a say in a correction. */
const NOBODY_ELSE: AnswerContext = { isCosigned: () => false, isDeclared: () => false };

/** A look that agrees on some of it only stands in the way of a dossier however old; to show something it is of now. */
const isOld = ({ facts }: CheckOnRecord, moment: Moment): boolean =>
  (facts.type === 'tradeRegisterLookup' || facts.type === 'representationCheck') &&
  ageFault(facts.asOf as Instant, facts.via, moment) !== undefined;

function toldBy({ facts }: CheckOnRecord, of: Corrected): readonly Member[] {
  if ('person' in of) {
    const isNeutral = facts.type !== 'neutralThirdParty' || facts.party !== 'other';
    return answerOf(facts, NOBODY_ELSE) === 'favorable' && isNeutral ? shownOfPerson(facts.type) : [];
  }
  const members = shownOfParty(facts.type, of.party.kind);
  switch (facts.type) {
    case 'tradeRegisterLookup': {
      const { outcome, agreesOn } = facts;
      const agrees = (member: Member): boolean =>
        (member !== 'name' && member !== 'address') || agreesOn.includes(member);
      return outcome === 'found' && agreesOn.includes('number') ? members.filter(agrees) : [];
    }
    // That his power is limited makes him no other practitioner.
    case 'representationCheck':
      return shows(facts) && facts.basis === 'byName' && facts.capacity !== 'trustee' ? members : [];
    default:
      return answerOf(facts, NOBODY_ELSE) === 'favorable' ? members : [];
  }
}

function asStanding(one: Weighed, members: readonly Member[], set: readonly string[]): Weighed {
  const { why, ...others } = one;
  if (members.some((member) => set.includes(member))) return { ...others, counts: true };
  const isKnown = why !== undefined && why !== 'not-uniquely-identified';
  const reason: Why = isKnown ? why : 'does-not-show-it';
  return { ...others, counts: false, why: reason };
}
