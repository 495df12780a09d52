import { later, type Instant, type Rejection } from '#libs/kernel';
import { checkNotInDossier, type CheckFacts, type RegisteredParty } from '#libs/domain';
import { readInstant } from '#libs/scheme';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { actingIn, markOf } from './circumstances.js';
import { presentedCopies } from './copies-on-record.js';
import { aboutDocuments, documentsOf, reportedDocuments, type Documents } from './documents.js';
import { aboutHumans, humansOf, personsIn, type Humans } from './humans.js';
import { isUniquelyIdentified, type Identities } from './identity.js';
import { answersSince, checksOfApplication, type CheckOnRecord } from './load-checks.js';
import {
  answeredAt,
  answerOf,
  isGoodSignature,
  isLater,
  isVerifiedDuring,
  questionOf,
  type MandateDecision,
} from './question.js';
import type { Representation } from './registers.js';
import { isShown, type Showing } from './shown.js';
import { outdatedAmong } from './corrections.js';
import { assertionSignatures, menders, OF_THE_PARTY, once, placed, type Candidates } from './superseding.js';
import { castOf, isInDossier, type Roles } from './translate-check.js';
import { verdictOn } from './verdicts.js';
import type { Scales, Weighed, Weighing, WeighingParts } from './weighed.js';

/**
 * What a command's checks are worth together: the named ones and everything adverse that hangs on its application, each
 * held against the register's own records (PROOF-01 to PROOF-13). Faults name checks that are about nobody here.
 */
export async function weigh(
  backbone: Backbone,
  parts: WeighingParts & { readonly checksPointer: string },
): Promise<Weighing | { readonly faults: readonly Rejection[] }> {
  const gathered = await gather(backbone, parts);
  const faults = gathered.named.flatMap((check, index) =>
    isOf(gathered, check) ? [] : [checkNotInDossier(`${parts.checksPointer}/${index}`)],
  );
  return faults.length > 0 ? { faults } : weighGathered(backbone, parts, gathered);
}

/** What was decided at a position of the log, on what was on record then; a check that is about nobody is left out. */
export async function weighAsOf(backbone: Backbone, parts: WeighingParts, position: bigint): Promise<Weighing> {
  const gathered = await gather(backbone, parts, position);
  return weighGathered(backbone, parts, {
    ...gathered,
    named: gathered.named.filter((check) => isOf(gathered, check)),
    upTo: position,
  });
}

const isOf = ({ roles, helpers }: Gathered, { facts }: CheckOnRecord): boolean => isInDossier(facts, roles, helpers);

async function weighGathered(backbone: Backbone, parts: WeighingParts, gathered: Gathered): Promise<Weighing> {
  const { application, at, party } = parts;
  const { elsewhere, humans, roles } = gathered;
  const asSaid = [...gathered.named, ...gathered.others.filter((check) => isOf(gathered, check))];

  // Also of those about whom no check is: what identifies them is computed from their own records (PROOF-05).
  const persons = [...castOf(roles), ...gathered.helpers, ...asSaid.flatMap(({ facts }) => personsIn(facts))];
  const records = [...new Set(persons.flatMap(humans.recordsOf))];
  const documents = await documentsOf(backbone, humans, records, at);
  const here = asSaid.map((check) => aboutDocuments(check, documents));
  const [named, others] = [here.slice(0, gathered.named.length), here.slice(gathered.named.length)];
  const outdated =
    parts.ofCorrection === true ? new Set<string>() : await outdatedAmong([...here, ...elsewhere], backbone);
  const onRecord = (parts.copies ?? []).map(({ evidence, person, document }) => ({
    ...{ evidence, person: humans.of(person), document: documents.of(document) },
  }));
  const copies = await presentedCopies(backbone, onRecord, here, documents);
  const reports = await reportedDocuments(backbone, here, documents, copies);
  const mark = party === undefined ? undefined : await markOf(backbone, party);
  // What was found after a decision takes no confirmation from it.
  const stood =
    party === undefined || gathered.upTo === undefined ? mark : await markOf(backbone, party, gathered.upTo);
  const showing =
    party === undefined ? undefined : showingOf(backbone, party, parts, { ...gathered, others, outdated });
  const unresolved = unresolvedAmong(humans, records);
  const doubtful = await doubtfulAmong(backbone, gathered, { documents, unresolved });
  const shown: Weighing['shown'] = (human, capacity, actedAt) =>
    showing !== undefined &&
    !doubtful.has(human) &&
    isShown({ ...showing, circumstancesFound: mark!.everFound }, human, capacity, actedAt);
  const hasSigned = signersOf({ named, others, application, outdated }, documents, reports.documents);
  const isCosigned = (facts: CheckFacts): boolean =>
    facts.type === 'representationCheck' &&
    facts.cosigners !== undefined &&
    facts.cosigners.every(
      (one) => one !== facts.about.person && shown(one, 'representative', facts.asOf as Instant) && hasSigned(one),
    );
  const context = {
    ...(party === undefined ? {} : { party }),
    isCosigned,
    isDeclared: ({ declaredBy, about, performedAt }: MandateDecision): boolean =>
      declaredBy !== undefined &&
      declaredBy !== about.person &&
      shown(declaredBy, 'representative', performedAt as Instant),
    ...(parts.establishments === undefined ? {} : { establishments: parts.establishments }),
  };
  const candidates: Candidates = {
    named,
    others: [...others, ...reports.elsewhere],
    elsewhere,
    application: application.id,
    earlier: earlierIn(parts),
  };
  const assertions = assertionSignatures(here);
  const unlimited: Omit<Scales, 'limited'> = {
    ...parts,
    backbone,
    context,
    named,
    others,
    roles,
    humans,
    documents,
    unresolved,
    reported: reports.documents,
    shown,
    doubtful,
    foundAt: stood?.foundAt,
    acting: actingIn(application.id, [...gathered.named, ...gathered.others], assertions),
    outdated,
    assertions,
  };
  const scales: Scales = { ...unlimited, limited: limitedAmong([...here, ...elsewhere], unlimited) };
  return {
    evidence: await evidenceOf(candidates, scales),
    humans,
    roles,
    documents,
    copies,
    unresolved,
    reported: reports.documents,
    onRecord: here,
    outdated,
    circumstancesReported: mark?.isSet ?? false,
    shown,
  };
}

/** Each check with its place and its verdict, which is asked once: of what mends it says whether it does. */
async function evidenceOf(candidates: Candidates, scales: Scales): Promise<readonly Weighed[]> {
  const worth = once((check: CheckOnRecord) => verdictOn({ check, joined: false, superseded: false }, scales));
  const mending = await fewAtOnce(menders(candidates, scales.context), async (check) =>
    (await worth(check)).counts ? [check] : [],
  );
  const counting = new Set(mending.flat());
  const standing = placed({ ...candidates, mends: (check) => counting.has(check) }, scales.context);
  return fewAtOnce(standing, async (one) => ({
    ...{ ...one, handed: false, derived: {} },
    ...(await (one.superseded ? verdictOn(one, scales) : worth(one.check))),
  }));
}

interface Gathered {
  readonly named: readonly CheckOnRecord[];
  /** What else hangs on the application. */
  readonly others: readonly CheckOnRecord[];
  /** What registers answered about the party in other applications since the first of the answers that are named. */
  readonly elsewhere: readonly CheckOnRecord[];
  readonly humans: Humans;
  readonly roles: Roles;
  /** Who confirms, declares or cosigns: they belong to the dossier for this only (PROOF-02). */
  readonly helpers: ReadonlySet<string>;
  /** The position of the log that it is held against; absent: all that is on record. */
  readonly upTo?: bigint;
}

async function gather(backbone: Backbone, parts: WeighingParts, upTo?: bigint): Promise<Gathered> {
  const { application, roles, named, earlier = [] } = parts;
  const ids = new Set(named.map(({ id }) => id));
  const wasThere = ({ id, position }: CheckOnRecord): boolean =>
    !ids.has(id) && (upTo === undefined || position <= upTo);
  const intakes = await fewAtOnce([application, ...earlier], ({ id }) => checksOfApplication(backbone, id));
  const hanging = intakes.flat().filter(wasThere);
  const asked = (await askedSince(backbone, parts)).filter(
    (check) => wasThere(check) && ![application, ...earlier].some(({ id }) => id === check.facts.application),
  );
  const humans = await humansOf(backbone, castOf(roles), [...named, ...hanging, ...asked]);
  const everything = [...named, ...hanging, ...asked].map((check) => ({
    ...check,
    facts: aboutHumans(check.facts, humans.of),
    asRecorded: check.facts,
  }));
  const byHuman = Object.fromEntries(
    (['submitter', 'authorizedPerson', 'legalRepresentative'] as const).flatMap((part) => {
      const person = roles[part];
      return person === undefined ? [] : [[part, humans.of(person)] as const];
    }),
  );
  const here = everything.slice(0, named.length + hanging.length);
  return {
    named: here.slice(0, named.length),
    others: here.slice(named.length),
    elsewhere: everything.slice(here.length),
    humans,
    roles: { ...roles, ...byHuman },
    helpers: helpersIn(here, roles.representedParty),
  };
}

/**
 * Only what a register said of the party after one of the answers that are named can take that one back (PROOF-01). Who
 * comes by a mandate or a function is nobody whom it shows with a limitation, however long before (IV2-limits).
 */
async function askedSince(backbone: Backbone, { at, roles, named }: WeighingParts): Promise<readonly CheckOnRecord[]> {
  // One that is too old counts for nothing in any case (TR-01).
  const oldest = later(at, -backbone.rules.authorization.maximumAge);
  const [first] = named
    .filter(({ facts }) => (OF_THE_PARTY as readonly string[]).includes(facts.type))
    .map(({ facts }) => answeredAt(facts))
    .sort();
  const asksLimits = named.some(({ facts }) => isNotByName(facts));
  if (first === undefined && !asksLimits) return [];
  const since = first === undefined || asksLimits || first < oldest ? oldest : first;
  const parties = [roles.representedParty, roles.authorizedParty].flatMap((party) => party ?? []);
  return (await Promise.all(parties.map((party) => answersSince(backbone, party, OF_THE_PARTY, since)))).flat();
}

const isNotByName = (facts: CheckFacts): boolean =>
  facts.type === 'mandateDecisionCheck' || (facts.type === 'representationCheck' && facts.basis === 'byFunction');

const helpersIn = (checks: readonly CheckOnRecord[], party: string | undefined): ReadonlySet<string> =>
  new Set(
    checks.flatMap(({ facts }): readonly string[] => {
      if (facts.type === 'circumstancesConfirmation') return facts.about.party === party ? [facts.confirmer] : [];
      if (facts.type === 'representationCheck') return cosignersIn(facts, party);
      if (facts.type !== 'mandateDecisionCheck' || facts.party !== party) return [];
      return facts.declaredBy === undefined ? [] : [facts.declaredBy];
    }),
  );

const cosignersIn = (facts: CheckFacts, party: string | undefined): readonly string[] =>
  facts.type === 'representationCheck' && facts.party === party ? (facts.cosigners ?? []) : [];

/**
 * Whom the register of the party shows with a limitation that stands in the way (IV2-limits): of the answers to one
 * question, in whatever application, the last one says it; a favorable one only while it would count (PROOF-13, TR-01).
 */
function limitedAmong(
  said: readonly CheckOnRecord[],
  { backbone, at, party, context, outdated }: Omit<Scales, 'limited'>,
): ReadonlySet<string> {
  const { maximumAge } = backbone.rules.authorization;
  const isOld = (asOf: string): boolean => readInstant(at) - readInstant(asOf) >= maximumAge;
  const last = new Map<string, CheckOnRecord>();
  for (const check of said) {
    const { facts, id } = check;
    if (facts.type !== 'representationCheck' || facts.party !== party?.id) continue;
    const answer = answerOf(facts, context);
    if (answer === 'none' || (answer === 'favorable' && (outdated.has(id) || isOld(facts.asOf)))) continue;
    const known = last.get(questionOf(facts));
    if (known === undefined || isLater(check, known)) last.set(questionOf(facts), check);
  }
  return new Set(
    [...last.values()].flatMap(({ facts }) =>
      facts.type === 'representationCheck' && isLimited(facts) && !context.isCosigned(facts)
        ? [facts.about.person]
        : [],
    ),
  );
}

const isLimited = (facts: Representation): boolean =>
  (facts.capacity ?? 'representative') === 'representative' &&
  facts.outcome === 'found' &&
  facts.agrees &&
  facts.limitation === 'obstructing';

/** A duplicate between two people of the dossier makes both of them uncertain, though one record alone carries it. */
function unresolvedAmong(humans: Humans, records: readonly string[]): ReadonlySet<string> {
  const people = new Set(records.map(humans.of));
  return new Set(records.filter((record) => [...humans.unresolvedWith(record)].some((other) => people.has(other))));
}

/**
 * Who is not uniquely identified may be somebody of the dossier under another record, and confirms, declares and cosigns
 * nothing (PROOF-05, MEANS-ID2-ii.b).
 */
async function doubtfulAmong(
  backbone: Backbone,
  { helpers, humans }: Gathered,
  identities: Identities,
): Promise<ReadonlySet<string>> {
  const doubtful = await fewAtOnce([...helpers], async (human) =>
    (await isUniquelyIdentified(backbone, humans.recordsOf(human), identities)) ? [] : [human],
  );
  return new Set(doubtful.flat());
}

const earlierIn = ({ earlier = [] }: Pick<WeighingParts, 'earlier'>): ReadonlySet<string> =>
  new Set(earlier.map(({ id }) => id));

const showingOf = (
  backbone: Backbone,
  { id, kind, person }: RegisteredParty,
  { application, at }: WeighingParts,
  { named, others, elsewhere, humans, outdated }: Gathered & Pick<Showing, 'outdated'>,
): Omit<Showing, 'circumstancesFound'> => ({
  party: { id, kind, ...(person === undefined ? {} : { practitioner: humans.of(person) }) },
  application,
  named,
  others,
  elsewhere,
  outdated,
  at,
  maximumAge: backbone.rules.authorization.maximumAge,
});

/** Whoever signed in this application, by hand against a document that counts, or electronically (PROOF-02). */
function signersOf(
  { named, others, application, outdated }: Pick<Scales, 'named' | 'others' | 'application' | 'outdated'>,
  documents: Documents,
  reported: ReadonlySet<string>,
): (human: string) => boolean {
  const assertions = assertionSignatures([...named, ...others]);
  const candidates = { named, others, application: application.id };
  const standing = placed(candidates, { isCosigned: () => false, isDeclared: () => false }).filter(
    ({ check: { id }, superseded }) => !superseded && !assertions.has(id) && !outdated.has(id),
  );
  const isGood = (document: string): boolean => documents.isValid(document) && !reported.has(document);
  return (human) =>
    standing.some(
      ({ check: { facts } }) =>
        facts.application === application.id &&
        ((facts.type === 'signatureComparison' &&
          facts.about.person === human &&
          facts.agrees &&
          isGood(facts.document)) ||
          (facts.type === 'eSignatureValidation' &&
            facts.about.person === human &&
            isVerifiedDuring(facts, application) &&
            isGoodSignature(facts))),
    );
}
