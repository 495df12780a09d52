import type { ApplicationId, CheckId, Rejection } from '#libs/kernel';
import { checkNotInDossier, evidenceNotReusable, judgePurpose, type ContactSupplier } from '#libs/domain';
import type { Backbone } from './backbone.js';
import { loadChecks } from './dossier/load-checks.js';
import { findApplication, findCheck } from './objects.js';

/** Whose record it is. */
export type RecordOf = { readonly person: string } | { readonly party: string };

const isAbout = (about: object, of: RecordOf): boolean => {
  const named = about as { readonly person?: string; readonly party?: string };
  return 'person' in of ? named.person === of.person : named.party === of.party;
};

/**
 * What a correction rests on: an application for a change, and checks of that application about the one whose record it
 * is. Every fault at once; the rules are asked only where there is none.
 */
export async function correctionGround(
  backbone: Backbone,
  of: RecordOf,
  body: { readonly application: string; readonly checks: readonly string[] },
): Promise<
  | { readonly application: ApplicationId; readonly checks: readonly CheckId[] }
  | { readonly faults: readonly Rejection[] }
> {
  const application = await findApplication(backbone, body.application, '/application');
  const loaded = await loadChecks(backbone, body.checks, '/checks');
  const strangers =
    'checks' in loaded
      ? loaded.checks.flatMap(({ facts }, index) =>
          isAbout(facts.about, of) ? [] : [checkNotInDossier(`/checks/${index}`)],
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
  return { application: application.found.id, checks: loaded.checks.map(({ id }) => id) };
}

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
