import type {
  AuthorizationCheck,
  AuthorizationRequest,
  PersonSubject,
  Reference,
} from '../contract/classification.types.js';
import { type EpochMillis, readInstant } from '../time/instant.js';
import { type Supposition, supposes, supposition } from '../supposition.js';
import type { AuthorizationRowCode } from './row-codes.js';

export type CheckType = AuthorizationCheck['type'];
export type CheckOf<T extends CheckType> = Extract<AuthorizationCheck, { readonly type: T }>;

/**
 * A registration dossier as the rows read it: the request, its moments, and at most one condition that is supposed
 * to be met although the records do not show it. Rows ask; they never change anything.
 */
export interface Dossier extends Supposition<AuthorizationRowCode> {
  readonly request: AuthorizationRequest;
  /** The records of the request by their type: a row looks at the few it asks for. */
  readonly records: ReadonlyMap<CheckType, readonly AuthorizationCheck[]>;
  readonly startedAt: EpochMillis;
  readonly assessedAt: EpochMillis;
  /** Register data older than this at the assessment no longer count (TR-02, AMB-48, AMB-70). */
  readonly maximumAge: number;
}

export function dossierOf(request: AuthorizationRequest, maximumAge: number): Dossier {
  return {
    request,
    records: recordsByType(request.checks),
    startedAt: readInstant(request.startedAt),
    assessedAt: readInstant(request.assessedAt),
    maximumAge,
    ...supposition<AuthorizationRowCode>(null),
  };
}

function recordsByType(checks: readonly AuthorizationCheck[]): ReadonlyMap<CheckType, readonly AuthorizationCheck[]> {
  const records = new Map<CheckType, AuthorizationCheck[]>();
  for (const check of checks) {
    const ofType = records.get(check.type);
    if (ofType === undefined) records.set(check.type, [check]);
    else ofType.push(check);
  }
  return records;
}

/** The same dossier, this one condition supposed to be met. */
export const supposing = (dossier: Dossier, code: AuthorizationRowCode): Dossier => ({
  ...dossier,
  ...supposition(code),
});

const NONE: readonly AuthorizationCheck[] = [];

/** All records of a type, also those that do not count: a finding is a finding wherever it was made. */
export const recordsOf = <T extends CheckType>({ records }: Dossier, type: T): readonly CheckOf<T>[] =>
  (records.get(type) ?? NONE) as readonly CheckOf<T>[];

/** Records taken over from the means application count within one process only (REG-10), or when that is supposed. */
const counts = (dossier: Dossier, check: AuthorizationCheck): boolean =>
  !('fromIssuance' in check) ||
  check.fromIssuance !== true ||
  recordsOf(dossier, 'meansIssuance').some((issuance) => issuance.sameProcess) ||
  supposes(dossier, 'evidence-not-reusable');

/** Whether some record of a type that counts meets a condition; records are alternatives (SCORE-02). */
export const some = <T extends CheckType>(
  dossier: Dossier,
  type: T,
  condition: (check: CheckOf<T>) => boolean = () => true,
): boolean => recordsOf(dossier, type).some((check) => counts(dossier, check) && condition(check));

export const all = <T extends CheckType>(dossier: Dossier, type: T): readonly CheckOf<T>[] =>
  recordsOf(dossier, type).filter((check) => counts(dossier, check));

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
export function copies(dossier: Dossier, person: PersonSubject, presentation?: 'paper' | 'scan'): readonly Reference[] {
  const enclosed = all(dossier, 'idCopyEnclosed').filter(
    (check) => isAbout(dossier, check, person) && (presentation === undefined || check.presentation === presentation),
  );
  return enclosed.map((check) => check.document);
}

const APPEARED_OR_VISITED = ['appeared', 'visited'] as const;

/** The documents of which this person showed the original. */
export function originalsShown(
  dossier: Dossier,
  person: PersonSubject,
  modes: readonly ('appeared' | 'visited')[] = APPEARED_OR_VISITED,
): readonly Reference[] {
  const shown = all(dossier, 'physicalAppearance').filter(
    (check) => isAbout(dossier, check, person) && check.documentShown === 'original' && modes.includes(check.mode),
  );
  return shown.map((check) => check.document);
}

/** Consulted or issued recently enough, and not before the process when consulted online (TR-01, TR-02, AMB-70). */
export function isCurrent(dossier: Dossier, asOf: string, via: 'online' | 'extract'): boolean {
  const consulted = readInstant(asOf);
  const age = dossier.assessedAt - consulted;
  return age >= 0 && age < dossier.maximumAge && (via === 'extract' || consulted >= dossier.startedAt);
}

/** One of the documents is known not to be reported stolen or missing. */
export function notReported(dossier: Dossier, person: PersonSubject, documents: readonly Reference[]): boolean {
  return some(
    dossier,
    'idDocumentStatus',
    (check) => isAbout(dossier, check, person) && check.status === 'notReported' && documents.includes(check.document),
  );
}

/** A transaction from an account that took a physical document to open, in the name on the copy (BANK-01). */
export const provesDocument = (check: CheckOf<'bankTransaction'>): boolean =>
  check.succeeded && check.accountOpenedWithIdDocument && check.nameAgreesWithDocument;
