import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { epochOf, type Instant } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import type { RevocationRequest } from '#libs/domain';
import { METRICS, type Metrics } from '#libs/platform';
import type { EffectedRevocation } from './effect-revocation.js';
import {
  objectKindOf,
  revocationDeadlinesProjection,
  type RevocationDeadlineRow,
} from './revocation-deadlines.projection.js';
import { DEADLINE_STANDINGS, deadlineStanding } from './time-to-deadline.js';

type DecidedRequest = Extract<RevocationRequest, { readonly decidedAt: Instant }>;

const LABELS = ['object', 'level', 'channel'] as const;
/** From at once to several days over a weekend, in seconds. */
const BUCKETS = [0.1, 0.5, 1, 5, 60, 900, 3_600, 14_400, 28_800, 86_400, 172_800, 345_600, 604_800];
/** Open requests that are counted; of more only so many of the most urgent. */
const MOST = 1_000;

/** How long requests take, and how many are open, by their time to the deadline (REV-09). */
@Injectable()
export class RevocationFigures implements OnModuleInit {
  readonly #decided;
  readonly #effected;
  readonly #everywhere;
  readonly #breaches;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {
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
    this.#breaches = metrics.counter(
      'revocation_breaches_total',
      'Requests carried out, refused or withdrawn after their deadline',
      LABELS,
    );
  }

  onModuleInit(): void {
    const open = this.metrics.gauge('revocation_requests_open', 'Requests that are not carried out yet', ['deadline']);
    const next = this.metrics.gauge(
      'revocation_next_deadline_seconds',
      'Time to the next deadline, below 0 after it; NaN where none runs',
    );
    this.metrics.onRead(async () => {
      const now = this.backbone.now();
      const rows = await this.open();
      const counts = new Map(DEADLINE_STANDINGS.map((standing) => [standing, 0]));
      for (const row of rows ?? []) {
        const standing = deadlineStanding(row, now, this.backbone.rules);
        counts.set(standing, counts.get(standing)! + 1);
      }
      for (const [deadline, count] of counts) open.set({ deadline }, rows === undefined ? Number.NaN : count);
      const dueAt = rows?.[0]?.dueAt ?? null;
      next.set(dueAt === null ? Number.NaN : (epochOf(dueAt) - epochOf(now)) / 1_000);
    });
  }

  /** Of a request that was decided just now. */
  decided(request: DecidedRequest): void {
    this.#decided.observe(labelsOf(request), seconds(request.receivedAt, request.decidedAt));
  }

  /** Of one that was carried out, by whoever did it: once. */
  carriedOut({ request, again }: EffectedRevocation): void {
    if (again || request.status !== 'effected') return;
    const labels = labelsOf(request);
    this.#effected.observe(labels, seconds(request.receivedAt, request.effectedAt));
    if (request.breached) this.#breaches.inc({ ...labels });
  }

  /** Of one that ended without being carried out. */
  ended(request: Extract<RevocationRequest, { status: 'refused' | 'withdrawn' }>): void {
    if (request.breached === true) this.#breaches.inc({ ...labelsOf(request) });
  }

  /** Of one that was carried out, and seen everywhere just now. */
  seenEverywhere({ request, again }: EffectedRevocation): void {
    if (!again) this.#everywhere.observe(labelsOf(request), seconds(request.receivedAt, this.backbone.now()));
  }

  /** The most urgent first; `undefined` where the list can't be read: a figure is then none, and not 0. */
  private async open(): Promise<readonly RevocationDeadlineRow[] | undefined> {
    const { readModels } = this.backbone;
    try {
      readModels.fed(revocationDeadlinesProjection as never);
      return await readModels.store.search(revocationDeadlinesProjection, {
        where: [{ column: 'open', is: 'equal', value: true }],
        limit: MOST,
      });
    } catch {
      return undefined;
    }
  }
}

const seconds = (from: Instant, until: Instant): number => Math.max(0, epochOf(until) - epochOf(from)) / 1_000;

const labelsOf = ({ object, level, channel }: Exclude<RevocationRequest, { status: 'none' }>) => ({
  ...{ object: objectKindOf(object), level, channel },
});
