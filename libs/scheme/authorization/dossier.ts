import type {
  AuthorizationCheck,
  AuthorizationRequest,
  PersonSubject,
  Reference,
} from '../contract/classification.types.js';
import { type EpochMillis, readInstant } from '../time/instant.js';
import type { AuthorizationRowCode } from './row-codes.js';

export type CheckType = AuthorizationCheck['type'];
export type CheckOf<T extends CheckType> = Extract<AuthorizationCheck, { readonly type: T }>;

/**
 * A registration dossier as the rows read it: the request, its moments, and at most one condition that is supposed
 * to be met although the records do not show it. Rows ask; they never change anything.
 */
export interface Dossier {
  readonly request: AuthorizationRequest;
  readonly startedAt: EpochMillis;
  readonly assessedAt: EpochMillis;
  /** Register data older than this at the assessment no longer count (TR-02, AMB-48, AMB-70). */
  readonly maximumAge: number;
  readonly supposed: AuthorizationRowCode | null;
  /** Conditions that a row asked for: supposing any other would change nothing. */
  readonly asked: Set<AuthorizationRowCode>;
}

export function dossierOf(
  request: AuthorizationRequest,
  maximumAge: number,
  supposed: AuthorizationRowCode | null = null,
): Dossier {
  return {
    request,
    startedAt: readInstant(request.startedAt),
    assessedAt: readInstant(request.assessedAt),
    maximumAge,
    supposed,
    asked: new Set(),
  };
}

/** Whether this condition is supposed to be met; asked only where the records do not show it. */
export function supposes(dossier: Dossier, code: AuthorizationRowCode): boolean {
  dossier.asked.add(code);
  return dossier.supposed === code;
}

/** Records taken over from the means application count within one process only (REG-10). */
function counts(dossier: Dossier, check: AuthorizationCheck): boolean {
  if (!('fromIssuance' in check) || check.fromIssuance !== true) return true;
  if (supposes(dossier, 'evidence-not-reusable')) return true;
  return dossier.request.checks.some((other) => other.type === 'meansIssuance' && other.sameProcess);
}

/** Whether some record of a type that counts meets a condition; records are alternatives (SCORE-02). */
export function some<T extends CheckType>(
  dossier: Dossier,
  type: T,
  condition: (check: CheckOf<T>) => boolean = () => true,
): boolean {
  return dossier.request.checks.some(
    (check) => check.type === type && counts(dossier, check) && condition(check as CheckOf<T>),
  );
}

export function all<T extends CheckType>(dossier: Dossier, type: T): readonly CheckOf<T>[] {
  return dossier.request.checks.filter((check) => check.type === type && counts(dossier, check)) as CheckOf<T>[];
}

/** Submitter and authorized person are one human: records about either are about both (PARTY-05). */
export function isOnePerson(dossier: Dossier): boolean {
  const party = dossier.request.authorizedParty;
  return party.kind === 'naturalPerson' && party.sameAsSubmitter === true;
}

export function isAbout(dossier: Dossier, check: { readonly subject: string }, person: PersonSubject): boolean {
  if (check.subject === person) return true;
  return isOnePerson(dossier) && (check.subject === 'submitter' || check.subject === 'authorizedParty');
}

/** Attributes that together identify the party uniquely are on record. */
export function unique(
  dossier: Dossier,
  subject: 'representedParty' | 'submitter' | 'authorizedParty' | 'legalRepresentative',
): boolean {
  const person = subject === 'submitter' || subject === 'authorizedParty';
  return some(
    dossier,
    'identityAttributesRecorded',
    (check) => check.uniquelyIdentifying && (person ? isAbout(dossier, check, subject) : check.subject === subject),
  );
}

/** The documents of which a copy about this person came with the submission. */
export function copies(dossier: Dossier, person: PersonSubject, presentation?: 'paper' | 'scan'): Set<Reference> {
  const enclosed = all(dossier, 'idCopyEnclosed').filter(
    (check) => isAbout(dossier, check, person) && (presentation === undefined || check.presentation === presentation),
  );
  return new Set(enclosed.map((check) => check.document));
}

/** The documents of which this person showed the original. */
export function originalsShown(
  dossier: Dossier,
  person: PersonSubject,
  modes: readonly ('appeared' | 'visited')[] = ['appeared', 'visited'],
): Set<Reference> {
  const shown = all(dossier, 'physicalAppearance').filter(
    (check) => isAbout(dossier, check, person) && check.documentShown === 'original' && modes.includes(check.mode),
  );
  return new Set(shown.map((check) => check.document));
}

/** Consulted or issued recently enough, and not before the process when consulted online (TR-01, TR-02, AMB-70). */
export function isCurrent(dossier: Dossier, asOf: string, via: 'online' | 'extract'): boolean {
  const consulted = readInstant(asOf);
  const age = dossier.assessedAt - consulted;
  return age >= 0 && age < dossier.maximumAge && (via === 'extract' || consulted >= dossier.startedAt);
}

/** One of the documents is known not to be reported stolen or missing. */
export function notReported(dossier: Dossier, person: PersonSubject, documents: ReadonlySet<Reference>): boolean {
  return some(
    dossier,
    'idDocumentStatus',
    (check) => isAbout(dossier, check, person) && check.status === 'notReported' && documents.has(check.document),
  );
}

/** A transaction from an account that took a physical document to open, in the name on the copy (BANK-01). */
export const provesDocument = (check: CheckOf<'bankTransaction'>): boolean =>
  check.succeeded && check.accountOpenedWithIdDocument && check.nameAgreesWithDocument;
