import type { ApplicationId, CheckId, DomainEvent, PersonId, Rejection } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  checkNotInDossier,
  evidenceNotReusable,
  judgePurpose,
  type CheckFacts,
  type ContactSupplier,
  type WeighedCheck,
} from '#libs/domain';
import type { Backbone } from './backbone.js';
import { loadChecks } from './dossier/load-checks.js';
import { shownAttributes, type Corrected, type Member } from './dossier/shown-attributes.js';
import { findApplication, findCheck, findParty, type Found } from './objects.js';

/** Whose record it is. */
export type RecordOf = { readonly person: string } | { readonly party: string };

const isAbout = (about: object, of: RecordOf): boolean => {
  const named = about as { readonly person?: string; readonly party?: string };
  return 'person' in of ? named.person === of.person : named.party === of.party;
};

/** A look whether a practitioner represents his practice is about him, and says of the practice that it is his. */
const isAboutPractitioner = (facts: CheckFacts, of: RecordOf, person: string | undefined): boolean =>
  'party' in of &&
  facts.type === 'representationCheck' &&
  facts.party === of.party &&
  person !== undefined &&
  facts.about.person === person;

export interface CorrectionGround {
  readonly application: ApplicationId;
  readonly checks: readonly CheckId[];
  /** What the checks show (RIGHTS-06), and how each of them stood. */
  readonly shown: readonly Member[];
  readonly evidence: readonly WeighedCheck[];
}

/**
 * What a correction rests on: an application for a change, and checks of that application about the one whose record it
 * is. Every fault at once; the rules are asked only where there is none.
 */
export async function correctionGround(
  backbone: Backbone,
  of: RecordOf,
  body: { readonly application: string; readonly checks: readonly string[]; readonly set: object },
): Promise<CorrectionGround | { readonly faults: readonly Rejection[] }> {
  const set = { ...body.set } as { readonly person?: PersonId };
  const application = await findApplication(backbone, body.application, '/application');
  const loaded = await loadChecks(backbone, body.checks, '/checks');
  const strangers =
    'checks' in loaded
      ? loaded.checks.flatMap(({ facts }, index) =>
          isAbout(facts.about, of) || isAboutPractitioner(facts, of, set.person)
            ? []
            : [checkNotInDossier(`/checks/${index}`)],
        )
      : [];
  const faults = [
    ...('fault' in application ? [application.fault] : []),
    ...('faults' in loaded ? loaded.faults : []),
    ...strangers,
  ];
  if (faults.length > 0 || 'fault' in application || 'faults' in loaded) return { faults };
  const refusals = [
    ...judgePurpose(application.found, 'change'),
    ...loaded.checks.flatMap(({ facts }, index) =>
      facts.application === application.found.id ? [] : [{ ...evidenceNotReusable(), pointer: `/checks/${index}` }],
    ),
  ];
  if (refusals.length > 0) return { faults: refusals };
  const corrected = await asCorrected(backbone, of, set.person);
  if ('fault' in corrected) return { faults: [corrected.fault] };
  const told = await shownAttributes(backbone, {
    of: corrected.found,
    application: application.found,
    named: loaded.checks,
    set: Object.entries(set).flatMap(([name, value]) => (value === undefined ? [] : [name])),
  });
  if ('faults' in told) return told;
  return { application: application.found.id, checks: loaded.checks.map(({ id }) => id), ...told };
}

/** A party is looked at with the practitioner that it would name. */
async function asCorrected(backbone: Backbone, of: RecordOf, person: PersonId | undefined): Promise<Found<Corrected>> {
  if ('person' in of) return { found: of };
  const party = await findParty(backbone, of.party, '');
  if ('fault' in party) return party;
  return { found: { party: { ...party.found, ...(person === undefined ? {} : { person }) } } };
}

/** What a correction came to; of a refusal by rule with how its checks stood. */
export interface CorrectionOutcome<State, Event extends DomainEvent> {
  readonly outcome: CommandOutcome<State, Event>;
  readonly evidence: readonly WeighedCheck[];
}

export const correctionOutcome = <State, Event extends DomainEvent>(
  outcome: CommandOutcome<State, Event>,
  { evidence }: Pick<CorrectionGround, 'evidence'>,
): CorrectionOutcome<State, Event> => {
  const isRefused = outcome.outcome === 'rejected' && outcome.rejections.every(({ kind }) => kind === 'refused');
  return { outcome, evidence: isRefused ? evidence : [] };
};

/** The word for a contact that came with the submission itself. */
export const SUBMITTER = 'submitter';

/** Who supplied a contact: the submitter, or a check on record about the one whose contact it is. */
export async function supplierOf(
  backbone: Backbone,
  of: RecordOf,
  suppliedBy: string,
): Promise<{ readonly supplier: ContactSupplier } | { readonly fault: Rejection }> {
  if (suppliedBy === SUBMITTER) return { supplier: { submitter: true } };
  const check = await findCheck(backbone, suppliedBy, '/suppliedBy');
  if ('fault' in check) return check;
  if (!isAbout(check.found.facts.about, of)) return { fault: checkNotInDossier('/suppliedBy') };
  return { supplier: { check: check.found.id } };
}
