import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { startProcessManagerInTurn, startTicker, type Ticker } from '#libs/eventing';
import { lastUseProjection, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';
import { nonUseReviews, reviewScheduling } from './non-use-reviews.js';

/** Notices and revokes what is not used, in the process that has the turn (NONUSE-01 to NONUSE-04). */
@Injectable()
export class NonUse implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { readModels, checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble } =
      this.backbone;
    const { dueWork, now } = this.backbone;
    readModels.run(lastUseProjection);
    const reviews = this.metrics.counter(
      'non_use_reviews_total',
      'Reviews of whether an authorization is used, by what came of them',
      ['outcome'],
    );
    this.backbone.watch(
      startProcessManagerInTurn(reviewScheduling(this.backbone), {
        ...{ checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble },
      }),
    );
    this.#ticker = startTicker(nonUseReviews(this.backbone, { told: (outcome) => reviews.inc({ outcome }) }), {
      ...{ dueWork, leases, now, holder },
      onTrouble: (name, error) => onTrouble(name, error, false),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }
}
