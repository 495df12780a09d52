import { epochOf, later, type Instant } from '#libs/kernel';
import type { PartyKind, ReceivedApplication, RegisteredParty } from '#libs/domain';
import { readInstant } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { aboutHumans, humansOf } from './humans.js';
import { answersSince, type CheckOnRecord } from './load-checks.js';
import { isLater, questionOf } from './question.js';
import { isRegisterOfKind, type Representation } from './registers.js';

export type Capacity = 'representative' | 'trustee';
export type { Representation };

/** Of whom and what a register was asked. */
export interface Showing {
  readonly party: { readonly id: string; readonly kind: PartyKind; readonly practitioner?: string };
  readonly application: Pick<ReceivedApplication, 'id' | 'receivedAt'>;
  /** What the command names: a favorable answer has to be named. About humans. */
  readonly named: readonly CheckOnRecord[];
  /** What else hangs on the application: nothing adverse is passed over. About humans. */
  readonly others: readonly CheckOnRecord[];
  /** What registers answered about the party in other applications. About humans. */
  readonly elsewhere: readonly CheckOnRecord[];
  /** Checks that a correction of an attribute has overtaken: they show nobody any more (PROOF-13). */
  readonly outdated: ReadonlySet<string>;
  /** Milliseconds that an answer of a register counts (TR-01, AMB-70). */
  readonly maximumAge: number;
  readonly at: Instant;
  /** Special circumstances were found for the party: only then somebody can be its trustee. */
  readonly circumstancesFound: boolean;
}

/**
 * Whether a register shows the human in that capacity for the party, at the time he acted (PROOF-02). Limitations are
 * not looked at: who has joint power represents all the same.
 */
export function isShown(showing: Showing, human: string, capacity: Capacity, actedAt: Instant): boolean {
  const { party, named, outdated, circumstancesFound } = showing;
  if (capacity === 'trustee' && !circumstancesFound) return false;
  if (capacity === 'representative' && party.kind === 'practitioner' && party.practitioner !== human) return false;
  return named.some(
    ({ facts, ...check }) =>
      facts.type === 'representationCheck' &&
      !outdated.has(check.id) &&
      facts.about.person === human &&
      facts.party === party.id &&
      (facts.capacity ?? 'representative') === capacity &&
      isRegisterOfKind(facts, party.kind) &&
      isBasisEnough(showing, facts) &&
      wasCurrent(showing, facts, actedAt) &&
      shows(facts) &&
      !isTakenBack(showing, { ...check, facts }),
  );
}

/** Shown by name, or in a public body by function with his own declaration to hold it (IV2-pub-ii). */
const isBasisEnough = (showing: Showing, facts: Representation): boolean =>
  facts.basis === 'byName' ||
  (showing.party.kind === 'publicLegalPerson' && declaresFunction(showing, facts.about.person));

/** A named declaration of this application that no later one takes back. */
function declaresFunction({ named, others, outdated, application }: Showing, human: string): boolean {
  const declares = ({ facts }: CheckOnRecord): boolean | undefined =>
    facts.type === 'functionDeclaration' && facts.application === application.id && facts.about.person === human
      ? facts.declaresAppointment
      : undefined;
  return named.some(
    (one) =>
      declares(one) === true &&
      !outdated.has(one.id) &&
      ![...named, ...others].some((other) => declares(other) === false && isLater(other, one)),
  );
}

/** The register was asked about the time he acted: within the days that an answer counts, in this process when online. */
const wasCurrent = ({ application, maximumAge, at }: Showing, facts: Representation, actedAt: Instant): boolean => {
  // As the evaluation reads moments, which takes them to the second.
  const asOf = readInstant(facts.asOf);
  return (
    asOf <= readInstant(at) &&
    (facts.via === 'extract' || asOf >= readInstant(application.receivedAt)) &&
    Math.abs(epochOf(actedAt) - epochOf(facts.asOf as Instant)) < maximumAge
  );
};

/** It finds him, and the data of whom it finds agree. */
export const shows = (facts: Representation): boolean =>
  facts.outcome === 'found' && facts.agrees && facts.sameDataAsIdentified;

/** A later answer about the same entry says that he is not in it, or is somebody else, wherever it was asked. */
const isTakenBack = ({ party, named, others, elsewhere }: Showing, check: CheckOnRecord): boolean =>
  [...named, ...others, ...elsewhere].some(
    (other) =>
      other.facts.type === 'representationCheck' &&
      isSameEntry(other.facts, check.facts as Representation) &&
      isRegisterOfKind(other.facts, party.kind) &&
      other.facts.outcome !== 'unavailable' &&
      !shows(other.facts) &&
      isLater(other, check),
  );

const isSameEntry = (one: Representation, other: Representation): boolean =>
  one.about.person === other.about.person &&
  one.party === other.party &&
  one.basis === other.basis &&
  (one.capacity ?? 'representative') === (other.capacity ?? 'representative');

/**
 * A current check on record, of whatever application, shows another representative by name, so that nobody can say that
 * there is none (PROOF-02). `cast` are those that he is another than.
 */
export async function othersAreShown(
  backbone: Backbone,
  { party, at, cast }: { readonly party: RegisteredParty; readonly at: Instant; readonly cast: readonly string[] },
): Promise<boolean> {
  // Whoever was shown longer ago is no longer current, and no answer of before takes back a later one.
  const { maximumAge } = backbone.rules.authorization;
  const onRecord = await answersSince(backbone, party.id, ['representationCheck'], later(at, -maximumAge));
  const humans = await humansOf(backbone, cast, onRecord);
  const his = new Set(cast.map(humans.of));
  const byQuestion = new Map<string, (CheckOnRecord & { readonly facts: Representation })[]>();
  for (const check of onRecord) {
    const facts = aboutHumans(check.facts as Representation, humans.of);
    if (facts.asOf > at || his.has(facts.about.person) || !isRegisterOfKind(facts, party.kind)) continue;
    const question = questionOf(facts);
    const known = byQuestion.get(question);
    if (known === undefined) byQuestion.set(question, [{ ...check, facts }]);
    else known.push({ ...check, facts });
  }
  const isCurrent = ({ asOf }: Representation): boolean => epochOf(at) - epochOf(asOf as Instant) < maximumAge;
  return [...byQuestion.values()].some((answers) => {
    const takesBack = latest(answers.filter(({ facts }) => facts.outcome !== 'unavailable' && !shows(facts)));
    return answers.some(
      (check) =>
        (check.facts.capacity ?? 'representative') === 'representative' &&
        check.facts.basis === 'byName' &&
        isCurrent(check.facts) &&
        shows(check.facts) &&
        !(takesBack !== undefined && isLater(takesBack, check)),
    );
  });
}

const latest = <Check extends CheckOnRecord>(checks: readonly Check[]): Check | undefined =>
  checks.reduce<Check | undefined>(
    (last, next) => (last === undefined || isLater(next, last) ? next : last),
    undefined,
  );
