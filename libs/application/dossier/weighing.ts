import type { Instant, Rejection } from '#libs/kernel';
import { checkNotInDossier, type CheckFacts, type RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { markOf } from './circumstances.js';
import { documentsOf, reportedDocuments, type Documents } from './documents.js';
import { aboutHumans, humansOf, personsIn, type Humans } from './humans.js';
import { checksOfApplication, type CheckOnRecord } from './load-checks.js';
import { isGoodSignature, isVerifiedDuring, type MandateDecision } from './question.js';
import { isShown, type Showing } from './shown.js';
import { outdatedAmong } from './corrections.js';
import { assertionSignatures, placed } from './superseding.js';
import { castOf, isInDossier, type Roles } from './translate-check.js';
import { verdictOn } from './verdicts.js';
import type { Scales, Weighing, WeighingParts } from './weighed.js';

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
  });
}

const isOf = ({ roles, helpers }: Gathered, { facts }: CheckOnRecord): boolean => isInDossier(facts, roles, helpers);

async function weighGathered(backbone: Backbone, parts: WeighingParts, gathered: Gathered): Promise<Weighing> {
  const { application, at, party } = parts;
  const { named, humans, roles } = gathered;
  const others = gathered.others.filter((check) => isOf(gathered, check));
  const here = [...named, ...others];

  // Also of those about whom no check is: what identifies them is computed from their own records (PROOF-05).
  const persons = [...castOf(roles), ...here.flatMap(({ facts }) => personsIn(facts))];
  const records = [...new Set(persons.flatMap(humans.recordsOf))];
  const outdated = await outdatedAmong(here, backbone);
  const documents = await documentsOf(backbone, records, at);
  const reports = await reportedDocuments(backbone, here, documents);
  const mark = party === undefined ? undefined : await markOf(backbone, party);
  const showing =
    party === undefined ? undefined : showingOf(backbone, party, parts, { ...gathered, others, outdated });
  const shown: Weighing['shown'] = (human, capacity, actedAt) =>
    showing !== undefined && isShown({ ...showing, circumstancesFound: mark!.everFound }, human, capacity, actedAt);
  const hasSigned = signersOf({ named, others, application, outdated }, documents, reports.documents);
  const isCosigned = (facts: CheckFacts): boolean =>
    facts.type === 'representationCheck' &&
    facts.cosigners !== undefined &&
    facts.cosigners.every(
      (one) => one !== facts.about.person && shown(one, 'representative', facts.asOf as Instant) && hasSigned(one),
    );
  const context = {
    isCosigned,
    isDeclared: ({ declaredBy, about, performedAt }: MandateDecision): boolean =>
      declaredBy !== undefined &&
      declaredBy !== about.person &&
      shown(declaredBy, 'representative', performedAt as Instant),
    ...(parts.establishments === undefined ? {} : { establishments: parts.establishments }),
  };
  const scales: Scales = {
    ...parts,
    backbone,
    context,
    named,
    others,
    roles,
    humans,
    documents,
    reported: reports.documents,
    shown,
    outdated,
    assertions: assertionSignatures(here),
  };
  const standing = placed({ named, others: [...others, ...reports.elsewhere], application: application.id }, context);
  return {
    evidence: await Promise.all(
      standing.map(async (one) => ({ ...one, handed: false, derived: {}, ...(await verdictOn(one, scales)) })),
    ),
    humans,
    roles,
    documents,
    reported: reports.documents,
    onRecord: here,
    outdated,
    circumstancesReported: mark?.isSet ?? false,
    shown,
  };
}

interface Gathered {
  readonly named: readonly CheckOnRecord[];
  /** What else hangs on the application. */
  readonly others: readonly CheckOnRecord[];
  readonly humans: Humans;
  readonly roles: Roles;
  /** Who confirms, declares or cosigns: they belong to the dossier for this only (PROOF-02). */
  readonly helpers: ReadonlySet<string>;
}

async function gather(
  backbone: Backbone,
  { application, roles, named }: WeighingParts,
  upTo?: bigint,
): Promise<Gathered> {
  const ids = new Set(named.map(({ id }) => id));
  const hanging = (await checksOfApplication(backbone, application.id)).filter(
    ({ id, position }) => !ids.has(id) && (upTo === undefined || position <= upTo),
  );
  const humans = await humansOf(backbone, castOf(roles), [...named, ...hanging]);
  const everything = [...named, ...hanging].map((check) => ({
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
  return {
    named: everything.slice(0, named.length),
    others: everything.slice(named.length),
    humans,
    roles: { ...roles, ...byHuman },
    helpers: helpersIn(everything, roles.representedParty),
  };
}

const helpersIn = (checks: readonly CheckOnRecord[], party: string | undefined): ReadonlySet<string> =>
  new Set(
    checks.flatMap(({ facts }): readonly string[] => {
      if (facts.type === 'circumstancesConfirmation') return facts.about.party === party ? [facts.confirmer] : [];
      if (facts.type === 'representationCheck') return facts.party === party ? (facts.cosigners ?? []) : [];
      if (facts.type !== 'mandateDecisionCheck' || facts.party !== party) return [];
      return facts.declaredBy === undefined ? [] : [facts.declaredBy];
    }),
  );

const showingOf = (
  backbone: Backbone,
  { id, kind, person }: RegisteredParty,
  { application, at }: WeighingParts,
  { named, others, humans, outdated }: Gathered & Pick<Showing, 'outdated'>,
): Omit<Showing, 'circumstancesFound'> => ({
  party: { id, kind, ...(person === undefined ? {} : { practitioner: humans.of(person) }) },
  application,
  named,
  others,
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
