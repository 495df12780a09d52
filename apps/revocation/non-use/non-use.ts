import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Ticker } from '#libs/eventing';
import { actInTurn, lastUseProjection, startChore, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';
import { nonUseReviews, reviewScheduling } from './non-use-reviews.js';
import type { ReviewOutcome } from './review-non-use.js';

/** Notices and revokes what is not used, in the process that has the turn (NONUSE-01 to NONUSE-04). */
@Injectable()
export class NonUse implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.backbone.readModels.run(lastUseProjection);
    const reviews = this.metrics.counter(
      'non_use_reviews_total',
      'Reviews of whether an authorization is used, by what came of them',
      ['outcome'],
    );
    actInTurn(this.backbone, reviewScheduling(this.backbone));
    const told = (outcome: ReviewOutcome | 'failed'): void => reviews.inc({ outcome });
    this.#ticker = startChore(this.backbone, nonUseReviews(this.backbone, { told }));
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }
}
