import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { epochOf, type Instant } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { sameObject, type RevocationRequest } from '#libs/domain';
import { METRICS, type Metrics } from '#libs/platform';
import type { EffectedRevocation } from './effect-revocation.js';
import {
  objectKindOf,
  openAt,
  reported,
  revocationDeadlinesProjection,
  type DecidedAtOnce,
  type RevocationDeadlineRow,
} from './revocation-deadlines.projection.js';
import { DEADLINE_STANDINGS, deadlineStanding } from './time-to-deadline.js';

type DecidedRequest = Extract<RevocationRequest, { readonly decidedAt: Instant }>;

const LABELS = ['mutation', 'object', 'level', 'channel'] as const;
/** From at once to several days over a weekend, in seconds. */
const BUCKETS = [0.1, 0.5, 1, 5, 60, 900, 3_600, 14_400, 28_800, 86_400, 172_800, 345_600, 604_800];
/** Open requests that are counted; of more only so many of the most urgent. */
const MOST = 1_000;

type Labels = Readonly<Record<(typeof LABELS)[number], string>>;

/**
 * How long what is asked takes, from its receipt to its decision and its effect, and how many requests are open, by their
 * time to the deadline: per object, level and channel (REV-09, PT2).
 */
@Injectable()
export class RevocationFigures implements OnModuleInit {
  readonly #decided;
  readonly #effected;
  readonly #everywhere;
  readonly #unseen;
  readonly #breaches;
  readonly #since: Instant;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {
    this.#since = backbone.now();
    this.#decided = metrics.histogram(
      'revocation_decided_seconds',
      'Time from the receipt of a request to its decision',
      BUCKETS,
      LABELS,
    );
    this.#effected = metrics.histogram(
      'revocation_effected_seconds',
      'Time from the receipt of a request until it was carried out',
      BUCKETS,
      LABELS,
    );
    this.#everywhere = metrics.histogram(
      'revocation_everywhere_seconds',
      'Time from the receipt of a request until every decision instance had seen it carried out',
      BUCKETS,
      LABELS,
    );
    this.#unseen = metrics.counter(
      'revocation_unseen_total',
      'Carried out, and not seen by every decision instance while the answer waited for that',
      LABELS,
    );
    this.#breaches = metrics.counter(
      'revocation_breaches_total',
      'Requests carried out, refused or withdrawn after their deadline, and what was decided as it was entered after its own',
      LABELS,
    );
  }

  onModuleInit(): void {
    const open = this.metrics.gauge('revocation_requests_open', 'Requests that are not carried out yet', [
      ...LABELS,
      'deadline',
    ]);
    const next = this.metrics.gauge(
      'revocation_next_deadline_seconds',
      'Time to the next deadline, below 0 after it; NaN where none runs',
    );
    this.metrics.onRead(async () => {
      const now = this.backbone.now();
      const rows = await this.open(now);
      open.reset();
      const none = new Set<string>(DEADLINE_STANDINGS);
      for (const { mutation, object, level, channel, ...row } of rows ?? []) {
        const deadline = deadlineStanding(row, now, this.backbone.rules);
        none.delete(deadline);
        open.inc({ mutation, object, level, channel, deadline });
      }
      for (const deadline of none) open.set({ deadline }, rows === undefined ? Number.NaN : 0);
      const nextAt = rows?.[0]?.nextAt ?? null;
      next.set(nextAt === null ? Number.NaN : (epochOf(nextAt) - epochOf(now)) / 1_000);
    });
  }

  /** Of a request that was decided just now. */
  decided(request: DecidedRequest): void {
    for (const labels of eachOf(request)) this.#decided.observe(labels, seconds(request.receivedAt, request.decidedAt));
  }

  /** Of one that the process decided, as its sender was stopped before it was. */
  finished(request: RevocationRequest): void {
    if ('decidedAt' in request) this.decided(request);
    if (request.status === 'refused') this.ended(request);
  }

  /**
   * Of one that was carried out: told by the process alone, which meets each acceptance once. Who recorded the last step
   * can't tell: where two do in the same millisecond, a store that does not say who was first has each take it for his own.
   * What was carried out before this process began was counted then: a restored store is gone through again.
   */
  carriedOut({ request }: Pick<EffectedRevocation, 'request'>): void {
    // What another request had ended before this one was decided is told now.
    if (request.status !== 'effected' || [request.effectedAt, request.decidedAt].every((at) => at < this.#since))
      return;
    const { receivedAt, lines = [], effectedLines } = request;
    if (effectedLines === undefined) {
      this.#effected.observe(labelsOf(request), seconds(receivedAt, request.effectedAt));
      if (request.breached) this.#breaches.inc({ ...labelsOf(request) });
      return;
    }
    for (const { object, effectedAt, breached } of effectedLines) {
      const line = lines.find((one) => sameObject(one.object, object));
      const labels = labelsOf({ ...request, object, level: line?.level ?? request.level });
      this.#effected.observe(labels, seconds(receivedAt, effectedAt));
      if (breached) this.#breaches.inc({ ...labels });
    }
    // What was refused of it is told here as well, once: its time had passed when it was.
    for (const line of lines) if (line.breached === true) this.#breaches.inc({ ...labelsOf({ ...request, ...line }) });
  }

  /** Of what was decided and carried out when it was recorded: told by the process as well, once each. */
  decidedAtOnce(event: DecidedAtOnce): void {
    const told = reported(event);
    if (told === undefined || told.at < this.#since) return;
    const { mutation, object, level, channel, receivedAt, at, breached } = told;
    const labels = { mutation, object, level, channel };
    this.#decided.observe(labels, seconds(receivedAt, at));
    this.#effected.observe(labels, seconds(receivedAt, at));
    if (breached === true) this.#breaches.inc(labels);
  }

  /** Of one that ended without being carried out. */
  ended(request: Extract<RevocationRequest, { status: 'refused' | 'withdrawn' }>): void {
    const { lines = [] } = { lines: [], ...request };
    if (lines.length === 0 && request.breached === true) this.#breaches.inc({ ...labelsOf(request) });
    for (const line of lines) if (line.breached === true) this.#breaches.inc({ ...labelsOf({ ...request, ...line }) });
  }

  /** Of one that was accepted: whether every decision instance had seen it carried out by now, when it is answered. */
  answered(request: Exclude<RevocationRequest, { status: 'none' }>, isSeen: boolean): void {
    this.#waited(labelsOf(request), request.receivedAt, isSeen);
  }

  /** The same of a suspension that was no request. */
  suspended(event: DecidedAtOnce, isSeen: boolean): void {
    const told = reported(event);
    if (told === undefined) return;
    const { mutation, object, level, channel, receivedAt } = told;
    this.#waited({ mutation, object, level, channel }, receivedAt, isSeen);
  }

  #waited(labels: Labels, receivedAt: Instant, isSeen: boolean): void {
    if (isSeen) this.#everywhere.observe(labels, seconds(receivedAt, this.backbone.now()));
    else this.#unseen.inc(labels);
  }

  /** The most urgent first; `undefined` where the list can't be read: a figure is then none, and not 0. */
  private async open(now: Instant): Promise<readonly RevocationDeadlineRow[] | undefined> {
    const { readModels } = this.backbone;
    try {
      readModels.fed(revocationDeadlinesProjection as never);
      return await readModels.store.search(revocationDeadlinesProjection, {
        where: openAt(now),
        limit: MOST,
      });
    } catch {
      return undefined;
    }
  }
}

const seconds = (from: Instant, until: Instant): number => Math.max(0, epochOf(until) - epochOf(from)) / 1_000;

type Labelled = Pick<Exclude<RevocationRequest, { status: 'none' }>, 'mutation' | 'object' | 'level' | 'channel'>;

/** Each object of somebody who leaves, by its own level; else the request. */
const eachOf = (request: DecidedRequest): readonly Labels[] =>
  request.lines === undefined || request.lines.length === 0
    ? [labelsOf(request)]
    : request.lines.map(({ object, level }) => labelsOf({ ...request, object, level }));

const labelsOf = ({ mutation, object, level, channel }: Labelled) => ({
  ...{ mutation: mutation ?? 'revocation', object: objectKindOf(object), level, channel },
});
