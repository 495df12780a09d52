import { later, streamId, type Instant, type Rejection } from '#libs/kernel';
import { checkDecider, checkRejections, foldReference, rejecting, type RecordedCheck } from '#libs/domain';
import type { Condition } from '#libs/eventing';
import type { Backbone } from '../backbone.js';
import { evidenceProjection, type EvidenceRow } from '../read-models/evidence.js';

const rejectCheck = rejecting(checkRejections);

/** A check as it is on record, with its place in the store: of two answers of one moment the later recorded is the later. */
export type CheckOnRecord = RecordedCheck & {
  readonly position: bigint;
  readonly recordedAt: Instant;
  /** The facts as they stand on record, where `facts` speaks of humans instead of persons. */
  readonly asRecorded?: RecordedCheck['facts'];
};

/** Rows that are read from the list at once. */
const PAGE = 500;
/** The same where the first few are likely to be enough. */
const FEW = 20;

async function loadCheck(backbone: Backbone, id: string): Promise<CheckOnRecord | undefined> {
  const { state, position, history } = await backbone.commands.load(checkDecider, streamId('check', id));
  return state.status === 'none' ? undefined : { ...state, position, recordedAt: history[0]!.recordedAt };
}

/** Loads the named checks from their own streams; unknown ones are reported all at once (ARCH-13, interfaces.md §6). */
export async function loadChecks(
  backbone: Backbone,
  ids: readonly string[],
  pointer: string,
): Promise<{ readonly checks: readonly CheckOnRecord[] } | { readonly faults: readonly Rejection[] }> {
  const results = await Promise.all(ids.map((id) => loadCheck(backbone, id)));
  const faults = results.flatMap((result, index) =>
    result === undefined ? [rejectCheck('unknown-check', { pointer: `${pointer}/${index}` })] : [],
  );
  if (faults.length > 0) return { faults };
  return { checks: results.flatMap((result) => result ?? []) };
}

async function rowsOf(backbone: Backbone, where: readonly Condition[]): Promise<readonly EvidenceRow[]> {
  await backbone.readModels.upToDate(evidenceProjection);
  const rows: EvidenceRow[] = [];
  for (let more = true; more;) {
    const last = rows.at(-1);
    const page = await backbone.readModels.store.search<EvidenceRow>(evidenceProjection, {
      where,
      limit: PAGE,
      ...(last === undefined ? {} : { after: { order: last.position, key: last.id } }),
    });
    rows.push(...page);
    more = page.length === PAGE;
  }
  return rows;
}

async function recorded(backbone: Backbone, where: readonly Condition[]): Promise<readonly CheckOnRecord[]> {
  const rows = await rowsOf(backbone, where);
  const found = await Promise.all(rows.map(({ id }) => loadCheck(backbone, id)));
  return found.flatMap((check) => check ?? []);
}

/** Every check that hangs on an intake, as far as anything was recorded before the call (PROOF-01). */
export const checksOfApplication = (backbone: Backbone, application: string): Promise<readonly CheckOnRecord[]> =>
  recorded(backbone, [{ column: 'application', is: 'equal', value: application }]);

/** Every look at these documents in the register of stolen and missing ones, in whatever application (STOLEN-01). */
export async function statusesOfDocuments(
  backbone: Backbone,
  documents: readonly string[],
): Promise<readonly CheckOnRecord[]> {
  if (documents.length === 0) return [];
  const found = await recorded(backbone, [{ column: 'document', is: 'one-of', values: documents }]);
  return found.filter(({ facts }) => facts.type === 'idDocumentStatus');
}

/** Every check of this type about a party, in whatever application. */
export const checksOfParty = (
  backbone: Backbone,
  party: string,
  type: RecordedCheck['facts']['type'],
): Promise<readonly CheckOnRecord[]> =>
  recorded(backbone, [
    { column: 'party', is: 'equal', value: party },
    { column: 'type', is: 'equal', value: type },
  ]);

/** The clock of a source may be this much ahead of the register's, in milliseconds (interfaces.md §5). */
const AHEAD = 5_000;

/** What was recorded of these types about a party, in whatever application, of answers not older than this moment. */
export async function answersSince(
  backbone: Backbone,
  party: string,
  types: readonly string[],
  since: Instant,
): Promise<readonly CheckOnRecord[]> {
  await backbone.readModels.upToDate(evidenceProjection);
  // Nothing is recorded before it was answered, so that the newest first can be read until one was.
  const earliest = later(since, -AHEAD);
  const found: CheckOnRecord[] = [];
  for (let last: EvidenceRow | undefined; ;) {
    const rows: readonly EvidenceRow[] = await backbone.readModels.store.search<EvidenceRow>(evidenceProjection, {
      where: [
        { column: 'party', is: 'equal', value: party },
        { column: 'type', is: 'one-of', values: types },
      ],
      limit: FEW,
      ...(last === undefined ? {} : { after: { order: last.position, key: last.id } }),
    });
    const checks = (await Promise.all(rows.map(({ id }) => loadCheck(backbone, id)))).flatMap((one) => one ?? []);
    found.push(...checks.filter(({ recordedAt }) => recordedAt >= earliest));
    last = rows.at(-1);
    if (rows.length < FEW || checks.some(({ recordedAt }) => recordedAt < earliest)) return found;
  }
}

/**
 * Whether the bank transaction stands in another application than this one, or as another human's than the one whose
 * `records` these are: it is evidence of one act of one human (PROOF-06).
 */
export async function isUsedElsewhere(
  backbone: Backbone,
  transaction: string,
  { application, records }: { readonly application: string; readonly records: readonly string[] },
): Promise<boolean> {
  const value = foldReference(transaction);
  const rows = await rowsOf(backbone, [{ column: 'transaction', is: 'equal', value }]);
  return rows.some((row) => row.application !== application || !records.includes(row.person!));
}

/** When a bank transaction of one of these records last proved something in another application than this one. */
export async function lastUseOfBank(
  backbone: Backbone,
  persons: readonly string[],
  application: string,
): Promise<Instant | undefined> {
  const rows = await rowsOf(backbone, [
    { column: 'person', is: 'one-of', values: persons },
    { column: 'type', is: 'equal', value: 'bankTransaction' },
  ]);
  return rows
    .flatMap((row) => (row.application === application || row.usedAt === null ? [] : [row.usedAt as Instant]))
    .sort()
    .at(-1);
}
