import { epochOf, instantFromEpoch, type Instant } from '#libs/kernel';
import type { Condition, Projection, Row } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { isPast, type RevocationObject } from '#libs/domain';
import { deadlineOfMeansAlone, type RuleSet } from '#libs/scheme';
import {
  asItStands,
  NEVER_ENDS,
  objectKindOf,
  revocationDeadlinesProjection,
  type RevocationDeadlineRow,
} from '../revocation-requests/revocation-deadlines.projection.js';
import { keyOfAsked, refusedMutationsProjection, type RefusedMutationRow } from './refused-mutations.projection.js';

/** Rows that are read together. */
const PAGE = 1_000;
/** Breaches that are listed; of more the number is told. */
const MOST_BREACHES = 1_000;

const SHOWN = [
  'id',
  'request',
  'application',
  'about',
  'mutation',
  'status',
  'open',
  'object',
  'level',
  'channel',
  'receivedAt',
  'dueAt',
  'lateAt',
] as const;
const MOMENTS = ['decidedAt', 'effectedAt', 'closedAt', 'breached', 'endsAt', 'lines'] as const;
const COLUMNS = [...SHOWN, ...MOMENTS] as const;
const REFUSED = Object.keys(refusedMutationsProjection.table.columns) as (keyof RefusedMutationRow & string)[];
interface Period {
  readonly from: Instant;
  readonly until: Instant;
}
type Reported = Pick<RevocationDeadlineRow, (typeof SHOWN)[number] | (typeof MOMENTS)[number]>;

export interface Durations {
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
}

export interface RevocationFigure {
  readonly mutation: string;
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
  /** Of means at EH2 on paper: those late by the requirements on issuing as well (REV-02, AMB-12); `null` of others. */
  readonly breachedAfterTwoDays: number | null;
  /** From receipt; `null` where nothing came that far. */
  readonly decidedMilliseconds: Durations | null;
  readonly effectedMilliseconds: Durations | null;
}

export interface RevocationBreach {
  readonly id: string;
  /** The request to revoke or suspend; absent where it was decided as it was entered. */
  readonly request?: string;
  readonly about: RevocationObject;
  readonly mutation: string;
  readonly status: string;
  readonly object: string;
  readonly level: string;
  readonly channel: string;
  readonly receivedAt: Instant;
  readonly dueAt: Instant | null;
  /** Of one of a means at EH2 on paper: whether it was late by that later deadline as well. */
  readonly afterTwoDays?: boolean;
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
 * How requests that were received in the period did (REV-09): per mutation, object, level and channel, with each that was carried
 * out, refused or withdrawn after its deadline, or is open and past it by now. From a moment on and before another: of periods
 * that touch each request is in one.
 */
export async function revocationReport(
  backbone: Backbone,
  { from, until }: { readonly from: Instant; readonly until: Instant },
  now: Instant,
): Promise<RevocationReport> {
  const groups = new Map<string, Group>();
  const breaches: Counted[] = [];
  const add = (one: One): void => {
    const key = JSON.stringify([one.mutation, one.object, one.level, one.channel]);
    const counted = judged(one, now, backbone.rules);
    const group = groups.get(key) ?? emptyGroup(counted);
    groups.set(key, group);
    count(group, counted);
    if (counted.isBreached) breaches.push(counted);
  };
  // What an intake asks of an object is one of the period, at whichever door and however often: its receipt is the same.
  const asked = new Set<string>();
  const rows = received(backbone, revocationDeadlinesProjection, COLUMNS, { from, until });
  for await (const together of byReceipt(rows)) {
    for (const row of together) asked.add(askedIn(row) ?? '');
    countedOnce(together.map((row) => asItStands(row, now))).forEach(add);
  }
  const refused = received(backbone, refusedMutationsProjection, REFUSED, { from, until });
  for await (const row of refused) if (!asked.has(row.id)) add(asRefused(row));
  const places = (row: Counted): string => `${row.receivedAt} ${row.id}`;
  breaches.sort((one, other) => (places(one) < places(other) ? -1 : 1));
  return {
    figures: [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, group]) => figureOf(key, group)),
    breaches: breaches.slice(0, MOST_BREACHES).map(breachOf),
    breachesLeftOut: Math.max(0, breaches.length - MOST_BREACHES),
  };
}

/** What an intake asked of an object; `undefined` of a certificate, which nobody asked for by itself. */
const askedIn = ({ application, about, mutation, object }: One): string | undefined =>
  application === null || object === 'certificate'
    ? undefined
    : keyOfAsked({ application, about: idOf(about), mutation });
const idOf = (about: RevocationObject): string => Object.values(about).join(' ');

/** One of what was asked, as it is counted: a request, or one object of somebody who leaves. */
type One = Omit<Reported, 'lines'>;
type Counted = One & {
  readonly isBreached: boolean;
  /** `undefined`: there is no later deadline. */
  readonly afterTwoDays?: boolean;
};

/** What came of it, from what says least of what was asked to what says most. */
const OUTCOMES: readonly string[] = ['withdrawn', 'refused', 'received', 'accepted', 'effected'];

/**
 * Of rows of one receipt, each that an intake asked of an object once. What was decided as it was entered counts, each fact of it;
 * else the request that came furthest, and of these the one that was answered first. Somebody who leaves counts by his objects
 * wherever one of his requests has them, unless another of them has come further than those.
 */
function countedOnce(rows: readonly Reported[]): readonly One[] {
  const ones: (readonly [key: string | undefined, one: One])[] = [];
  for (const [key, those] of groupedBy(rows, askedIn)) {
    const [first] = key === undefined ? [] : [...those].sort(furthestFirst);
    const isOfObjects = first !== undefined && hasLines(first);
    for (const row of those) {
      if (row.object !== 'person' || row === first || (isOfObjects && hasLines(row)))
        ones.push(...each(row).map((one) => [askedIn(one), one] as const));
    }
  }
  return [...groupedBy(ones, ([key]) => key)].flatMap(([key, those]) => {
    const all = those.map(([, one]) => one);
    if (key === undefined) return all;
    const atOnce = all.filter(({ request }) => request === null);
    return atOnce.length > 0 ? atOnce : all.sort(furthestFirst).slice(0, 1);
  });
}

const furthestFirst = (one: One, other: One): number =>
  OUTCOMES.indexOf(other.status) - OUTCOMES.indexOf(one.status) || inOrder(answeredAt(one), answeredAt(other));

const inOrder = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);

const answeredAt = ({ closedAt, decidedAt, id }: One): string => `${closedAt ?? ''} ${decidedAt ?? ''} ${id}`;

function groupedBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): ReadonlyMap<string | undefined, readonly Item[]> {
  const groups = new Map<string | undefined, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Lines of a decision that is not there yet are none. */
const hasLines = ({ lines, status }: Pick<Reported, 'lines' | 'status'>): boolean =>
  lines !== null && status !== 'received';

/** What somebody had who left counts by itself, each by its own level and deadline, and the request not beside it. */
function each({ lines, ...row }: Reported): readonly One[] {
  if (lines === null || !hasLines({ lines, status: row.status })) return [row];
  return lines.map(({ object, status, ...line }) => ({
    ...{ ...row, ...line, status, about: object, object: objectKindOf(object), open: status === 'accepted' },
    id: `${row.id} ${idOf(object)}`,
    closedAt: status === 'refused' ? line.decidedAt : line.effectedAt,
  }));
}

/** What was refused when it was entered. */
function asRefused({ id, about, refusedAt, breached, dueAt, ...row }: RefusedMutationRow): One {
  const { application, mutation, object, level, channel, receivedAt } = row;
  return {
    ...{
      id,
      request: null,
      application,
      about: (object === 'means' ? { means: about } : { authorization: about }) as RevocationObject,
      mutation,
      object,
      level,
      channel,
      receivedAt,
      status: 'refused',
      open: false,
      breached,
      endsAt: NEVER_ENDS,
    },
    ...{ decidedAt: refusedAt, closedAt: refusedAt, effectedAt: null, lateAt: dueAt, dueAt: breached ? dueAt : null },
  };
}

function judged(one: One, now: Instant, rules: RuleSet): Counted {
  const { mutation, object, level, channel, receivedAt, closedAt, lateAt } = one;
  const isBreached = one.breached === true || (one.open && isPast(lateAt, now));
  const later = deadlineOfMeansAlone({ mutation, object, level, channel, receivedAt } as MeansAlone, rules);
  if (later === undefined) return { ...one, isBreached };
  return { ...one, isBreached, afterTwoDays: isBreached && epochOf(closedAt ?? now) > later };
}
type MeansAlone = Parameters<typeof deadlineOfMeansAlone>[0];

/** What is read together: of a period, or of some of the keys of one moment. */
interface Part extends Period {
  readonly keys: readonly Condition[];
}

/**
 * What was received in the period, each once, by the moment of its receipt. A row's place in the table moves with its deadline, while the report is being
 * made as well; neither its receipt nor its key does: where a period holds more than is read together, its halves are read,
 * and of one moment halves of its keys.
 */
async function* received<
  R extends Row & { readonly id: string; readonly receivedAt: Instant },
  Column extends keyof R & string,
>(
  backbone: Backbone,
  list: Projection<R>,
  columns: readonly (Column | 'id' | 'receivedAt')[],
  period: Period,
): AsyncGenerator<Pick<R, Column | 'id' | 'receivedAt'>> {
  const parts: Part[] = [{ ...period, keys: [] }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { from, until, keys } = part;
    const where: Condition[] = [
      { column: 'receivedAt', is: 'from', value: from },
      { column: 'receivedAt', is: 'before', value: until },
      ...keys,
    ];
    const rows = await backbone.readModels.store.searchColumns(list, columns, { where, limit: PAGE });
    if (rows.length < PAGE) yield* [...rows].sort(({ receivedAt: one }, { receivedAt: other }) => inOrder(one, other));
    else parts.push(...halvesOf(part, rows.map(({ id }) => id).sort()));
  }
}

/** What was received at one moment, moment by moment. */
async function* byReceipt<R extends { readonly receivedAt: Instant }>(
  rows: AsyncIterable<R>,
): AsyncGenerator<readonly R[]> {
  let together: R[] = [];
  for await (const row of rows) {
    if (together.length > 0 && together[0]!.receivedAt !== row.receivedAt) {
      yield together;
      together = [];
    }
    together.push(row);
  }
  if (together.length > 0) yield together;
}

/** Of a moment by the middle of the keys that were read: either half has some of them. */
function halvesOf({ from, until, keys }: Part, read: readonly string[]): readonly Part[] {
  const [first, last] = [epochOf(from), epochOf(until)];
  if (last - first > 1) {
    const middle = instantFromEpoch(Math.floor((first + last) / 2));
    return [
      { from: middle, until, keys },
      { from, until: middle, keys },
    ];
  }
  const value = read[Math.floor(read.length / 2)]!;
  return [
    { from, until, keys: [...keys, { column: 'id', is: 'from', value }] },
    { from, until, keys: [...keys, { column: 'id', is: 'before', value }] },
  ];
}

interface Group {
  received: number;
  breached: number;
  /** `null` where there is no later deadline. */
  afterTwoDays: number | null;
  readonly statuses: Map<string, number>;
  readonly decided: number[];
  readonly effected: number[];
}

const emptyGroup = ({ afterTwoDays }: Counted): Group => ({
  ...{ received: 0, breached: 0, afterTwoDays: afterTwoDays === undefined ? null : 0 },
  ...{ statuses: new Map(), decided: [], effected: [] },
});

function count(group: Group, row: Counted): void {
  const since = (moment: Instant): number => Math.max(0, epochOf(moment) - epochOf(row.receivedAt));
  group.received += 1;
  if (row.isBreached) group.breached += 1;
  if (row.afterTwoDays === true && group.afterTwoDays !== null) group.afterTwoDays += 1;
  group.statuses.set(row.status, (group.statuses.get(row.status) ?? 0) + 1);
  if (row.decidedAt !== null) group.decided.push(since(row.decidedAt));
  if (row.effectedAt !== null) group.effected.push(since(row.effectedAt));
}

function figureOf(
  key: string,
  { received: all, breached, afterTwoDays, statuses, decided, effected }: Group,
): RevocationFigure {
  const [mutation, object, level, channel] = JSON.parse(key) as [string, string, string, string];
  const of = (status: string): number => statuses.get(status) ?? 0;
  return {
    ...{ mutation, object, level, channel, received: all, breached },
    breachedAfterTwoDays: afterTwoDays,
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

const breachOf = ({
  request,
  about,
  mutation,
  status,
  object,
  level,
  channel,
  receivedAt,
  dueAt,
  decidedAt,
  effectedAt,
  afterTwoDays,
}: Counted): RevocationBreach => ({
  // Who leaves is told of by the request.
  ...{ id: request ?? idOf(about), ...(request === null ? {} : { request }), about },
  ...{ mutation, status, object, level, channel, receivedAt, dueAt, decidedAt },
  ...(effectedAt === null ? {} : { effectedAt }),
  ...(afterTwoDays === undefined ? {} : { afterTwoDays }),
});
