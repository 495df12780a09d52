import { epochOf, instantFromEpoch, later, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import type { Condition, Projection } from '#libs/eventing';
import { present } from '#libs/application';
import {
  earlier,
  isPast,
  lateAfter,
  limitAs,
  objectKey,
  receivedLimit,
  type AcceptedLine,
  type Arrival,
  type AuthorizationEvent,
  type EffectedLine,
  type EndedObject,
  type MeansEvent,
  type MeansRevoked,
  type RevocationLine,
  type RevocationObject,
  type RevocationRequestEvent,
} from '#libs/domain';

/**
 * What counts in hours: from the receipt of a request to its decision and its effect (REV-06, REV-09, PT2). A suspension that
 * was no request, its end, a change and a renewal are decided when they are recorded, and have a row of their own.
 */
export type RevocationDeadlineRow = {
  readonly id: string;
  /** The request, where there was one: of a certificate that which ended its means. */
  readonly request: string | null;
  /** The intake that it came in with; of a certificate that of its validation, once there is one. */
  readonly application: string | null;
  /** What it is about; of a certificate the means that it is on. */
  readonly about: RevocationObject;
  /** The earlier it is due, the higher; what is never due lies below all that is. */
  readonly urgency: bigint;
  /** What was asked. */
  readonly mutation: string;
  readonly status: string;
  /** Neither refused nor withdrawn nor carried out. */
  readonly open: boolean;
  readonly object: string;
  readonly level: string;
  readonly channel: string;
  readonly receivedAt: Instant;
  readonly dueAt: Instant | null;
  /** After this moment it is late: its deadline, or what "at once" leaves; `null`: never. */
  readonly lateAt: Instant | null;
  /** Until when a certificate has to be revoked at its provider that it would leave; `null`: it would leave none. */
  readonly certificateDueAt: Instant | null;
  /** The earlier of both: the list goes by it, what is late does not. */
  readonly nextAt: Instant | null;
  readonly decidedAt: Instant | null;
  readonly effectedAt: Instant | null;
  /** When it was refused, withdrawn or carried out; `null` while it is open. */
  readonly closedAt: Instant | null;
  readonly breached: boolean | null;
  /** From this moment on it is over by itself, of a certificate that ends: nothing records that. `NEVER_ENDS` of all others. */
  readonly endsAt: Instant;
  /** Of somebody who leaves, once it is decided: each of his objects, in the place of the request in the report. */
  readonly lines: readonly ReportedLine[] | null;
};

/** What became of one object of somebody who leaves, by its own level and deadline (REV-04). */
export type ReportedLine = {
  readonly object: EndedObject;
  readonly level: string;
  readonly status: 'refused' | 'accepted' | 'effected';
  readonly dueAt: Instant | null;
  readonly lateAt: Instant | null;
  readonly decidedAt: Instant;
  readonly effectedAt: Instant | null;
  readonly breached: boolean | null;
};

export const objectKindOf = (object: RevocationObject): 'means' | 'authorization' | 'person' =>
  'person' in object ? 'person' : 'means' in object ? 'means' : 'authorization';

export const DECIDED_AT_ONCE = [
  ...(['AuthorizationSuspended', 'AuthorizationSuspensionLifted', 'MeansSuspended'] as const),
  ...(['MeansSuspensionLifted', 'AuthorizationChanged', 'AuthorizationRenewed', 'MeansRenewed'] as const),
  'MeansCertificateRevoked',
] as const;
export type DecidedAtOnce = Extract<
  AuthorizationEvent | MeansEvent,
  { readonly type: (typeof DECIDED_AT_ONCE)[number] }
>;

export const isDecidedAtOnce = (event: { readonly type: string }): event is DecidedAtOnce =>
  (DECIDED_AT_ONCE as readonly string[]).includes(event.type);

type Reported = Pick<
  RevocationDeadlineRow,
  'request' | 'about' | 'mutation' | 'object' | 'level' | 'channel' | 'receivedAt' | 'dueAt' | 'breached'
> & { readonly at: Instant };

/**
 * What the report has of it; `undefined` of what nobody asked for, of what a request has a row for, and of what was recorded
 * without its receipt.
 */
export function reported(event: DecidedAtOnce): Reported | undefined {
  if (event.type === 'MeansCertificateRevoked') {
    if (event.data.leg === undefined) return undefined;
    const { revocationRequest: request, revokedBy: at, endsAt: _endsAt, ...leg } = event.data.leg;
    const about = { means: event.data.means };
    return { ...leg, request, about, mutation: 'revocation', object: 'certificate', at };
  }
  if (event.type === 'MeansRenewed') {
    const { means, turnaround, renewedAt: at } = event.data;
    // Whatever was kept of it before: no time runs (MEANS-07, TURN-03).
    const timeless = { dueAt: null, breached: false };
    const asked = { request: null, about: { means }, mutation: 'renewal', object: 'means' };
    return turnaround && { ...turnaround, ...timeless, ...asked, at };
  }
  if (event.type === 'AuthorizationChanged' || event.type === 'AuthorizationRenewed') {
    const { authorization, turnaround } = event.data;
    const [mutation, at] =
      event.type === 'AuthorizationChanged' ? ['change', event.data.changedAt] : ['renewal', event.data.renewedAt];
    const asked = { request: null, about: { authorization }, mutation: mutation!, object: 'authorization' };
    return turnaround && { ...turnaround, ...asked, at: at as Instant };
  }
  const { by, channel, receivedAt, level, dueAt, breached } = event.data;
  if (by === 'operator' || ('revocationRequest' in event.data && event.data.revocationRequest !== undefined))
    return undefined;
  const about = 'means' in event.data ? { means: event.data.means } : { authorization: event.data.authorization };
  const [mutation, at] =
    'suspendedAt' in event.data ? ['suspension', event.data.suspendedAt] : ['reinstatement', event.data.liftedAt];
  const asked = { request: null, about, mutation: mutation!, object: objectKindOf(about) };
  return { ...asked, channel, receivedAt, level, dueAt, breached, at: at as Instant };
}

/** The leg of a revocation at the certification service provider has a row of its own (PI4, AMB-15). */
const CERTIFICATE = 'certificate:';
const certificateKey = (means: string): string => `${CERTIFICATE}${means}`;

/** The means of such a row; `undefined` of any other. */
export const meansOfCertificate = (id: string): string | undefined =>
  id.startsWith(CERTIFICATE) ? id.slice(CERTIFICATE.length) : undefined;

/** The last moment of all: a row that is over at none can be told from one that is, in one comparison. */
export const NEVER_ENDS = instantFromEpoch(253_402_300_799_999);

/** The rows of what is left to be done at a moment. */
export const openAt = (now: Instant): readonly Condition[] => [
  { column: 'open', is: 'equal', value: true },
  { column: 'endsAt', is: 'from', value: later(now, 1) },
];

type Standing = Pick<
  RevocationDeadlineRow,
  'status' | 'open' | 'lateAt' | 'effectedAt' | 'closedAt' | 'breached' | 'endsAt'
>;

/** As a row stands at a moment: what had ended by itself was over then, in time or not. */
export const asItStands = <R extends Standing>(row: R, now: Instant): R =>
  row.open && row.endsAt <= now
    ? {
        ...{ ...row, open: false, status: 'effected', effectedAt: row.endsAt, closedAt: row.endsAt },
        breached: isPast(row.lateAt, row.endsAt),
      }
    : row;

/** After every moment that an instant can say. */
const NEVER = 253_402_300_800_000n;
function limitedBy(
  lateAt: Instant | null,
  certificateDueAt: Instant | null = null,
): Pick<RevocationDeadlineRow, 'lateAt' | 'certificateDueAt' | 'nextAt' | 'urgency'> {
  const nextAt = earlier(lateAt, certificateDueAt);
  return { lateAt, certificateDueAt, nextAt, urgency: nextAt === null ? 0n : NEVER - BigInt(epochOf(nextAt)) };
}

/** The work list and the report: small rows, in the order of their deadlines. */
export const revocationDeadlinesProjection: Projection<RevocationDeadlineRow> = {
  name: 'revocation-deadlines',
  version: 6,
  table: {
    name: 'revocation_deadlines',
    key: 'id',
    newestFirst: 'urgency',
    columns: {
      id: 'text',
      request: 'text',
      application: 'text',
      about: 'json',
      urgency: 'bigint',
      mutation: 'text',
      status: 'text',
      open: 'boolean',
      object: 'text',
      level: 'text',
      channel: 'text',
      receivedAt: 'text',
      dueAt: 'text',
      lateAt: 'text',
      certificateDueAt: 'text',
      nextAt: 'text',
      decidedAt: 'text',
      effectedAt: 'text',
      closedAt: 'text',
      breached: 'boolean',
      endsAt: 'text',
      lines: 'json',
    },
    indexes: [
      ['open', 'urgency'],
      ['receivedAt', 'urgency'],
      ['breached', 'receivedAt'],
    ],
  },
  handles: [
    'RevocationRequested',
    'RevocationDeadlineMoved',
    'RevocationAccepted',
    'RevocationRefused',
    'RevocationWithdrawn',
    'RevocationExtended',
    'RevocationLinesJudged',
    'RevocationLinesEffected',
    'RevocationEffected',
    'SuspensionRequested',
    'SuspensionAccepted',
    'SuspensionRefused',
    'SuspensionRequestWithdrawn',
    'SuspensionEffected',
    'MeansRevoked',
    ...DECIDED_AT_ONCE,
  ],
  keys(recorded) {
    const event = recorded as unknown as Folded;
    if (event.type === 'MeansRevoked') return event.data.leg === undefined ? [] : [certificateKey(event.data.means)];
    if (!isDecidedAtOnce(event)) return [event.data.revocationRequest];
    if (reported(event) === undefined) return [];
    return [event.type === 'MeansCertificateRevoked' ? certificateKey(event.data.means) : recorded.metadata.id];
  },
  fold(row, recorded: Recorded<DomainEvent>, key) {
    const event = recorded as unknown as Folded;
    if (isDecidedAtOnce(event)) {
      const { dueAt, at, ...shown } = reported(event)!;
      return {
        ...{ id: key, ...shown, application: event.data.application, status: 'effected', open: false, lines: null },
        ...{ ...limitedBy(dueAt), dueAt, decidedAt: at, effectedAt: at, closedAt: at, endsAt: NEVER_ENDS },
      };
    }
    if (event.type === 'MeansRevoked') {
      const { leg, means, revokedAt } = event.data;
      const { revocationRequest: request, dueAt, endsAt = NEVER_ENDS, ...shown } = leg!;
      return {
        ...{
          id: key,
          request,
          about: { means },
          ...shown,
          mutation: 'revocation',
          object: 'certificate',
          status: 'accepted',
          open: true,
        },
        ...{ ...limitedBy(dueAt), dueAt, decidedAt: revokedAt, effectedAt: null, closedAt: null },
        ...{ breached: null, lines: null, application: null, endsAt },
      };
    }
    switch (event.type) {
      case 'RevocationRequested':
      case 'SuspensionRequested': {
        const { revocationRequest, application, object, level, channel, receivedAt, requestedAt } = event.data;
        const { dueAt = null, certificateDueAt = null } = event.data;
        return {
          id: revocationRequest,
          request: revocationRequest,
          ...{ application, about: object },
          ...limitedBy(receivedLimit({ channel, receivedAt, level, dueAt }), certificateDueAt),
          mutation: event.type === 'SuspensionRequested' ? 'suspension' : 'revocation',
          status: 'received',
          open: true,
          object: objectKindOf(object),
          ...{ level, channel, receivedAt, dueAt },
          // What does not wait was decided on receipt.
          decidedAt: 'dueAt' in event.data ? null : requestedAt,
          effectedAt: null,
          closedAt: null,
          breached: null,
          endsAt: NEVER_ENDS,
          lines: null,
        };
      }
      case 'RevocationDeadlineMoved': {
        const { level, dueAt, certificateDueAt } = event.data;
        const before = present(row, recorded);
        const lateAt = limitAs(limitedOf(before), { level, dueAt });
        return { ...before, level, dueAt, ...limitedBy(lateAt, certificateDueAt) };
      }
      case 'RevocationAccepted':
      case 'SuspensionAccepted': {
        const { dueAt, judged, lines } = event.data;
        const decided = { ...present(row, recorded), ...judgedLater(judged) };
        const decidedAt = decided.decidedAt!;
        const limit = lateAfter({ ...arrivalOf(decided), ...event.data, decidedAt });
        const all = decidedLines(decided, lines, decidedAt);
        const lateAt = (all ?? []).reduce((first, line) => earlier(first, line.lateAt), limit);
        return { ...decided, ...limitedBy(lateAt, decided.certificateDueAt), status: 'accepted', dueAt, lines: all };
      }
      case 'RevocationLinesJudged': {
        const before = present(row, recorded);
        const { lines } = linesOf(before, event.data.lines, event.data.judgedAt);
        return { ...before, lines: [...(before.lines ?? []), ...(lines ?? [])] };
      }
      case 'RevocationLinesEffected': {
        const before = present(row, recorded);
        return { ...before, lines: endedLines(before.lines, event.data.lines) };
      }
      case 'RevocationRefused':
      case 'SuspensionRefused': {
        const decided = { ...present(row, recorded), ...judgedLater(event.data.judged) };
        const decidedAt = decided.decidedAt!;
        const dueAt = decided.dueAt ?? event.data.dueAt ?? null;
        return {
          ...{ ...decided, status: 'refused', open: false, closedAt: decidedAt, ...missed(dueAt, decidedAt) },
          ...(event.data.breached === undefined ? {} : { breached: true }),
          lines: decidedLines(decided, event.data.lines, decidedAt),
        };
      }
      case 'RevocationWithdrawn':
      case 'SuspensionRequestWithdrawn': {
        const before = present(row, recorded);
        const { withdrawnAt } = event.data;
        return {
          ...{ ...before, status: 'withdrawn', open: false, decidedAt: null, lines: null, closedAt: withdrawnAt },
          ...missed(before.dueAt, withdrawnAt),
          ...(isPast(before.lateAt, withdrawnAt) ? { breached: true } : {}),
        };
      }
      case 'RevocationExtended': {
        const before = present(row, recorded);
        const { lines: added, extendedAt } = event.data;
        const { lines } = linesOf(
          before,
          added.map((line) => ({ ...line, addedAt: extendedAt })),
          extendedAt,
        );
        const lateAt = lines!.reduce((first, line) => earlier(first, line.lateAt), before.lateAt);
        return {
          ...before,
          ...limitedBy(lateAt, before.certificateDueAt),
          lines: [...(before.lines ?? []), ...lines!],
        };
      }
      case 'RevocationEffected':
      case 'SuspensionEffected': {
        const { effectedAt, breached, became } = event.data;
        const before = present(row, recorded);
        const ended = ('lines' in event.data ? event.data.lines : undefined) ?? [];
        return {
          ...{ ...before, ...became, ...limitedBy(limitAs(limitedOf(before), became), before.certificateDueAt) },
          ...{ status: 'effected', open: false, effectedAt, closedAt: effectedAt, breached },
          lines: endedLines(before.lines, ended),
        };
      }
    }
  },
};

type Folded = RevocationRequestEvent | DecidedAtOnce | MeansRevoked;

const arrivalOf = ({ channel, receivedAt, level }: Pick<RevocationDeadlineRow, 'channel' | 'receivedAt' | 'level'>) =>
  ({ channel, receivedAt, level }) as Arrival;

const limitedOf = ({ lateAt, decidedAt, ...row }: RevocationDeadlineRow) => ({ ...arrivalOf(row), lateAt, decidedAt });

function linesOf(
  row: RevocationDeadlineRow,
  lines: readonly AcceptedLine[] | undefined,
  decidedAt: Instant,
): Pick<RevocationDeadlineRow, 'lines'> {
  if (lines === undefined || lines.length === 0) return { lines: null };
  const reportedLine = (line: AcceptedLine): ReportedLine => {
    const { object, level, accepted, dueAt, breached } = line;
    const asked = { ...arrivalOf(row), immediate: false, dueAt: null, decidedAt };
    return {
      ...{ object, level, status: accepted ? 'accepted' : 'refused', dueAt, decidedAt, effectedAt: null },
      lateAt: lateAfter({ ...asked, lines: [line] }),
      breached: breached ?? null,
    };
  };
  return { lines: lines.map(reportedLine) };
}

/** With those that were recorded before the decision, of the same moment (`withParts`). */
function decidedLines(
  row: RevocationDeadlineRow,
  lines: readonly RevocationLine[] | undefined,
  decidedAt: Instant,
): RevocationDeadlineRow['lines'] {
  const before = (row.lines ?? []).filter((line) => line.decidedAt === decidedAt);
  const { lines: last } = linesOf(row, lines, decidedAt);
  return before.length === 0 ? last : [...before, ...(last ?? [])];
}

function endedLines(
  lines: RevocationDeadlineRow['lines'],
  effected: readonly EffectedLine[],
): RevocationDeadlineRow['lines'] {
  const ended = new Map(effected.map((line) => [objectKey(line.object), line]));
  return (
    lines &&
    lines.map((line) => {
      const end = ended.get(objectKey(line.object));
      if (end === undefined) return line;
      const { effectedAt, breached, became } = end;
      return { ...line, ...became, status: 'effected' as const, effectedAt, breached };
    })
  );
}

/** What ends without being carried out keeps its deadline where that was missed: the report has every breach (REV-09). */
const missed = (dueAt: Instant | null, at: Instant): Pick<RevocationDeadlineRow, 'dueAt' | 'breached'> =>
  dueAt !== null && at > dueAt ? { dueAt, breached: true } : { dueAt: null, breached: null };

type Judged = Extract<RevocationRequestEvent, { type: 'RevocationAccepted' }>['data']['judged'];
const judgedLater = (judged: Judged) =>
  judged === undefined ? {} : { level: judged.level, decidedAt: judged.decidedAt };
