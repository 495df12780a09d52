import { streamId, type Instant, type Rejection } from '#libs/kernel';
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

/** Checks from their own streams, in this order; `undefined` for one that was never recorded. */
async function checksOnRecord(
  backbone: Backbone,
  ids: readonly string[],
): Promise<readonly (CheckOnRecord | undefined)[]> {
  const loaded = await backbone.commands.loadAll(
    checkDecider,
    ids.map((id) => streamId('check', id)),
  );
  return loaded.map(({ state, position, history }) =>
    state.status === 'none' ? undefined : { ...state, position, recordedAt: history[0]!.recordedAt },
  );
}

/** Loads the named checks from their own streams; unknown ones are reported all at once (ARCH-13, interfaces.md §6). */
export async function loadChecks(
  backbone: Backbone,
  ids: readonly string[],
  pointer: string,
): Promise<{ readonly checks: readonly CheckOnRecord[] } | { readonly faults: readonly Rejection[] }> {
  const results = await checksOnRecord(backbone, ids);
  const faults = results.flatMap((result, index) =>
    result === undefined ? [rejectCheck('unknown-check', { pointer: `${pointer}/${index}` })] : [],
  );
  if (faults.length > 0) return { faults };
  return { checks: results.flatMap((result) => result ?? []) };
}

/** Pages of everything that was recorded before the call, newest first, read as far as they are asked for. */
async function* pagesOf(backbone: Backbone, where: readonly Condition[]): AsyncIterable<readonly EvidenceRow[]> {
  await backbone.readModels.upToDate(evidenceProjection);
  for (let last: EvidenceRow | undefined; ;) {
    const page: readonly EvidenceRow[] = await backbone.readModels.store.search<EvidenceRow>(evidenceProjection, {
      where,
      limit: PAGE,
      ...(last === undefined ? {} : { after: { order: last.position, key: last.id } }),
    });
    yield page;
    last = page.at(-1);
    if (page.length < PAGE) return;
  }
}

async function rowsOf(backbone: Backbone, where: readonly Condition[]): Promise<readonly EvidenceRow[]> {
  const rows: EvidenceRow[] = [];
  for await (const page of pagesOf(backbone, where)) rows.push(...page);
  return rows;
}

async function hasRow(
  backbone: Backbone,
  where: readonly Condition[],
  isMeant: (row: EvidenceRow) => boolean,
): Promise<boolean> {
  for await (const page of pagesOf(backbone, where)) if (page.some(isMeant)) return true;
  return false;
}

const recorded = async (backbone: Backbone, rows: readonly EvidenceRow[]): Promise<readonly CheckOnRecord[]> =>
  (
    await checksOnRecord(
      backbone,
      rows.map(({ id }) => id),
    )
  ).flatMap((check) => check ?? []);

/** Every check that hangs on an intake, as far as anything was recorded before the call (PROOF-01). */
export const checksOfApplication = async (backbone: Backbone, application: string): Promise<readonly CheckOnRecord[]> =>
  recorded(backbone, await rowsOf(backbone, [{ column: 'application', is: 'equal', value: application }]));

/** Of more reports of one document than these no more are told: each says the same. */
const REPORTS = 10;

/** The latest looks that found one of these documents reported stolen or missing, in whatever application (STOLEN-01). */
export async function reportsOf(backbone: Backbone, documents: readonly string[]): Promise<readonly CheckOnRecord[]> {
  await backbone.readModels.upToDate(evidenceProjection);
  const rows = await backbone.readModels.store.search<EvidenceRow>(evidenceProjection, {
    where: [{ column: 'finding', is: 'one-of', values: documents }],
    limit: REPORTS,
  });
  return recorded(backbone, rows);
}

/** A look that found special circumstances of a party. */
export type Finding = Pick<EvidenceRow, 'id' | 'position' | 'answeredAt'>;

/** Every look that found special circumstances of a party, in whatever application. */
export const findingsAbout = (backbone: Backbone, party: string): Promise<readonly Finding[]> =>
  rowsOf(backbone, [{ column: 'finding', is: 'equal', value: party }]);

/** What was answered to these questions about a party since, in whatever application. */
export const answersSince = async (
  backbone: Backbone,
  party: string,
  types: readonly string[],
  since: Instant,
): Promise<readonly CheckOnRecord[]> =>
  recorded(
    backbone,
    await rowsOf(backbone, [
      { column: 'party', is: 'equal', value: party },
      { column: 'type', is: 'one-of', values: types },
      { column: 'answeredAt', is: 'from', value: since },
    ]),
  );

/**
 * Whether the bank transaction stands in another application than this one, or as another human's than the one whose
 * `records` these are: it is evidence of one act of one human (PROOF-06).
 */
export const isUsedElsewhere = (
  backbone: Backbone,
  transaction: string,
  { application, records }: { readonly application: string; readonly records: readonly string[] },
): Promise<boolean> =>
  hasRow(
    backbone,
    [{ column: 'transaction', is: 'equal', value: foldReference(transaction) }],
    (row) => row.application !== application || !records.includes(row.person!),
  );

/** When a bank transaction of one of these records last proved something in another application than this one. */
export async function lastUseOfBank(
  backbone: Backbone,
  persons: readonly string[],
  application: string,
): Promise<Instant | undefined> {
  const rows = await rowsOf(backbone, [
    { column: 'person', is: 'one-of', values: persons },
    { column: 'type', is: 'equal', value: 'bankTransaction' },
    // Of all the others nothing was made.
    { column: 'usedAt', is: 'from', value: '' },
  ]);
  return rows
    .flatMap((row) => (row.application === application ? [] : [row.usedAt as Instant]))
    .sort()
    .at(-1);
}
