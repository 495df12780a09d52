import type { Instant, Rejection } from '#libs/kernel';
import { checkNotInDossier, type CheckFacts, type ReceivedApplication, type RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { markOf } from './circumstances.js';
import { documentsOf, reportedDocuments, type Documents } from './documents.js';
import { aboutHumans, humansOf, personsIn, type Humans } from './humans.js';
import { checksOfApplication, type CheckOnRecord } from './load-checks.js';
import type { Login } from './logins.js';
import { isGoodSignature } from './question.js';
import { isShown, type Capacity, type Showing } from './shown.js';
import { assertionSignatures, placed, type Placed } from './superseding.js';
import { isInDossier, type Derived, type Roles } from './translate-check.js';
import { verdictOn, type Scales } from './verdicts.js';
import type { Why } from './why.js';

/** A check as it stands in a dossier: whether it counts there, and why not. Its facts speak of humans. */
export interface Weighed extends Placed {
  readonly counts: boolean;
  readonly why?: Why;
  /** Whether the evaluation sees it; what counts for people beside the dossier (PROOF-02) it does not. */
  readonly handed: boolean;
  /** Members of the question that are derived instead of posted. */
  readonly derived: Derived;
  readonly login?: Login;
}

export interface WeighingParts {
  readonly application: ReceivedApplication;
  /** Moment of the assessment. */
  readonly at: Instant;
  /** Who plays which part, by the id on record. */
  readonly roles: Roles;
  /** Whose register shows who may speak for it; absent where nobody speaks for a party. */
  readonly party?: RegisteredParty;
  readonly registration?: 'first' | 'repeated';
  readonly establishments?: readonly string[];
  readonly named: readonly CheckOnRecord[];
  readonly checksPointer: string;
}

export interface Weighing {
  readonly evidence: readonly Weighed[];
  readonly humans: Humans;
  /** The parts by human. */
  readonly roles: Roles;
  readonly documents: Documents;
  /** Documents presented here that are reported. */
  readonly reported: ReadonlySet<string>;
  /** Everything of the application that is about the dossier, and what was named. About humans. */
  readonly onRecord: readonly CheckOnRecord[];
  /** Special circumstances were reported of the party, or found, and not cleared since (IV3-report, PROOF-01). */
  readonly circumstancesReported: boolean;
  /** Whether a register shows a human as one who may speak for the party (PROOF-02, PROOF-09). */
  readonly shown: (human: string, capacity: Capacity, actedAt: Instant) => boolean;
}

/**
 * What a command's checks are worth together: the named ones and everything adverse that hangs on its application, each
 * held against the register's own records (PROOF-01 to PROOF-13). Faults name checks that are about nobody here.
 */
export async function weigh(
  backbone: Backbone,
  parts: WeighingParts,
): Promise<Weighing | { readonly faults: readonly Rejection[] }> {
  const { application, at, party } = parts;
  const gathered = await gather(backbone, parts);
  const { named, humans, roles, helpers } = gathered;
  const faults = named.flatMap(({ facts }, index) =>
    isInDossier(facts, roles, helpers) ? [] : [checkNotInDossier(`${parts.checksPointer}/${index}`)],
  );
  if (faults.length > 0) return { faults };
  const others = gathered.others.filter(({ facts }) => isInDossier(facts, roles, helpers));
  const here = [...named, ...others];

  const records = [...new Set(here.flatMap(({ facts }) => personsIn(facts)).flatMap(humans.recordsOf))];
  const documents = await documentsOf(backbone, records, at);
  const reports = await reportedDocuments(backbone, here, documents);
  const mark = party === undefined ? undefined : await markOf(backbone, party);
  const showing = party === undefined ? undefined : showingOf(backbone, party, parts, { ...gathered, others });
  const shown: Weighing['shown'] = (human, capacity, actedAt) =>
    showing !== undefined && isShown({ ...showing, circumstancesFound: mark!.everFound }, human, capacity, actedAt);
  const hasSigned = signersOf({ named, others, application: application.id }, documents, reports.documents);
  const isCosigned = (facts: CheckFacts): boolean =>
    facts.type === 'representationCheck' &&
    facts.cosigners !== undefined &&
    facts.cosigners.every(
      (one) => one !== facts.about.person && shown(one, 'representative', facts.asOf as Instant) && hasSigned(one),
    );
  const context = {
    isCosigned,
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

async function gather(backbone: Backbone, { application, roles, named }: WeighingParts): Promise<Gathered> {
  const ids = new Set(named.map(({ id }) => id));
  const hanging = (await checksOfApplication(backbone, application.id)).filter(({ id }) => !ids.has(id));
  const cast = [roles.submitter, roles.authorizedPerson, roles.legalRepresentative];
  const humans = await humansOf(
    backbone,
    cast.flatMap((id) => id ?? []),
    [...named, ...hanging],
  );
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
  { named, others, humans }: Gathered,
): Omit<Showing, 'circumstancesFound'> => ({
  party: { id, kind, ...(person === undefined ? {} : { practitioner: humans.of(person) }) },
  application,
  named,
  others,
  at,
  maximumAge: backbone.rules.authorization.maximumAge,
});

/** Whoever signed in this application, by hand against a document that counts, or electronically (PROOF-02). */
function signersOf(
  candidates: Parameters<typeof placed>[0],
  documents: Documents,
  reported: ReadonlySet<string>,
): (human: string) => boolean {
  const standing = placed(candidates, { isCosigned: () => false }).filter((one) => !one.superseded && !one.joined);
  const isGood = (document: string): boolean => documents.isValid(document) && !reported.has(document);
  return (human) =>
    standing.some(
      ({ check: { facts } }) =>
        facts.application === candidates.application &&
        ((facts.type === 'signatureComparison' &&
          facts.about.person === human &&
          facts.agrees &&
          isGood(facts.document)) ||
          (facts.type === 'eSignatureValidation' && facts.about.person === human && isGoodSignature(facts))),
    );
}
