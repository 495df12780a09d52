import { epochOf, type Instant } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import {
  revocationDeadlinesProjection,
  type RevocationDeadlineRow,
} from '../revocation-requests/revocation-deadlines.projection.js';

/** Rows that are read together. */
const PAGE = 1_000;
/** Breaches that are listed; of more the number is told. */
const MOST_BREACHES = 1_000;

const SHOWN = ['id', 'urgency', 'status', 'open', 'object', 'level', 'channel', 'receivedAt', 'dueAt'] as const;
const MOMENTS = ['decidedAt', 'effectedAt', 'breached'] as const;
type Reported = Pick<RevocationDeadlineRow, (typeof SHOWN)[number] | (typeof MOMENTS)[number]>;

export interface Durations {
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
}

export interface RevocationFigure {
  readonly object: string;
  readonly level: string;
  readonly channel: string;
  /** All that were received in the period, and what became of them. */
  readonly received: number;
  readonly waiting: number;
  readonly withdrawn: number;
  readonly refused: number;
  readonly accepted: number;
  readonly effected: number;
  readonly breached: number;
  /** From receipt; `null` where nothing came that far. */
  readonly decidedMilliseconds: Durations | null;
  readonly effectedMilliseconds: Durations | null;
}

export interface RevocationBreach {
  readonly id: string;
  readonly status: string;
  readonly object: string;
  readonly level: string;
  readonly channel: string;
  readonly receivedAt: Instant;
  readonly dueAt: Instant | null;
  readonly decidedAt: Instant | null;
  /** Absent while it is not carried out. */
  readonly effectedAt?: Instant;
}

export interface RevocationReport {
  readonly figures: readonly RevocationFigure[];
  readonly breaches: readonly RevocationBreach[];
  readonly breachesLeftOut: number;
}

/**
 * How requests that were received in the period did (REV-09): per object, level and channel, with each that was carried
 * out, refused or withdrawn after its deadline, or is open and past it by now.
 */
export async function revocationReport(
  backbone: Backbone,
  { from, until }: { readonly from: Instant; readonly until: Instant },
  now: Instant,
): Promise<RevocationReport> {
  const groups = new Map<string, Group>();
  const breaches: Reported[] = [];
  for await (const row of received(backbone, from, until)) {
    const key = JSON.stringify([row.object, row.level, row.channel]);
    const group = groups.get(key) ?? emptyGroup();
    groups.set(key, group);
    const isBreached = row.breached === true || (row.open && row.dueAt !== null && row.dueAt < now);
    count(group, row, isBreached);
    if (isBreached) breaches.push(row);
  }
  breaches.sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1));
  return {
    figures: [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, group]) => figureOf(key, group)),
    breaches: breaches.slice(0, MOST_BREACHES).map(breachOf),
    breachesLeftOut: Math.max(0, breaches.length - MOST_BREACHES),
  };
}

async function* received(backbone: Backbone, from: Instant, until: Instant): AsyncGenerator<Reported> {
  const where = [
    { column: 'receivedAt', is: 'from', value: from },
    { column: 'receivedAt', is: 'before', value: until },
  ] as const;
  let after: { readonly order: bigint; readonly key: string } | undefined;
  for (;;) {
    const page: readonly Reported[] = await backbone.readModels.store.searchColumns(
      revocationDeadlinesProjection,
      [...SHOWN, ...MOMENTS],
      { where, limit: PAGE, ...(after === undefined ? {} : { after }) },
    );
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = { order: last.urgency, key: last.id };
  }
}

interface Group {
  received: number;
  breached: number;
  readonly statuses: Map<string, number>;
  readonly decided: number[];
  readonly effected: number[];
}

const emptyGroup = (): Group => ({ received: 0, breached: 0, statuses: new Map(), decided: [], effected: [] });

function count(group: Group, row: Reported, isBreached: boolean): void {
  const since = (moment: Instant): number => Math.max(0, epochOf(moment) - epochOf(row.receivedAt));
  group.received += 1;
  if (isBreached) group.breached += 1;
  group.statuses.set(row.status, (group.statuses.get(row.status) ?? 0) + 1);
  if (row.decidedAt !== null) group.decided.push(since(row.decidedAt));
  if (row.effectedAt !== null) group.effected.push(since(row.effectedAt));
}

function figureOf(key: string, { received: all, breached, statuses, decided, effected }: Group): RevocationFigure {
  const [object, level, channel] = JSON.parse(key) as [string, string, string];
  const of = (status: string): number => statuses.get(status) ?? 0;
  return {
    ...{ object, level, channel, received: all, breached },
    waiting: of('received'),
    withdrawn: of('withdrawn'),
    refused: of('refused'),
    accepted: of('accepted'),
    effected: of('effected'),
    decidedMilliseconds: durationsOf(decided),
    effectedMilliseconds: durationsOf(effected),
  };
}

/** The least that so large a share of them does not exceed. */
export function durationsOf(lengths: readonly number[]): Durations | null {
  if (lengths.length === 0) return null;
  const sorted = [...lengths].sort((one, other) => one - other);
  const share = (part: number): number => sorted[Math.ceil(sorted.length * part) - 1]!;
  return { median: share(0.5), p90: share(0.9), longest: share(1) };
}

const breachOf = ({ id, status, object, level, channel, receivedAt, dueAt, decidedAt, effectedAt }: Reported) => ({
  ...{ id, status, object, level, channel, receivedAt, dueAt, decidedAt },
  ...(effectedAt === null ? {} : { effectedAt }),
});
