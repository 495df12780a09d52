import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { startProcessManagerInTurn, startTicker, type Ticker } from '#libs/eventing';
import { legalHoldsProjection, retentionProjection, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';
import { destructions, replayLedger } from './destroy.js';
import { destructionsProjection } from './destructions.projection.js';
import { retentionReviews, retentionScheduling } from './review-retention.js';

/** Destroys what was kept for as long as it had to be, in the process that has the turn (ARCH-10, ARCH-11). */
@Injectable()
export class RetentionFollowUp implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  async onModuleInit(): Promise<void> {
    const { readModels, checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble } =
      this.backbone;
    const { dueWork, now } = this.backbone;
    // Before anything else: what was destroyed stays so, whatever backup this starts from.
    await replayLedger(this.backbone);
    readModels.run(retentionProjection);
    readModels.run(legalHoldsProjection);
    readModels.run(destructionsProjection);
    const looks = this.metrics.counter(
      'retention_reviews_total',
      'Looks at whether something is kept long enough, by what came of them',
      ['outcome'],
    );
    for (const manager of [retentionScheduling(this.backbone), destructions(this.backbone)]) {
      this.backbone.watch(
        startProcessManagerInTurn(manager, {
          ...{ checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble },
        }),
      );
    }
    this.#ticker = startTicker(
      retentionReviews(this.backbone, (outcome) => looks.inc({ outcome })),
      { ...{ dueWork, leases, now, holder }, onTrouble: (name, error) => onTrouble(name, error, false) },
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }
}
