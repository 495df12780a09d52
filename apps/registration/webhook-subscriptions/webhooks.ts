import { Controller, Inject, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { epochOf } from '#libs/kernel';
import type { PublishedEvent, Ticker } from '#libs/eventing';
import { startChore, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { WEBHOOK_STREAMS } from '#libs/domain';
import { METRICS, ReactsTo, type Metrics } from '#libs/platform';
import { ConfirmationFigures } from '../confirmations/confirmation-figures.js';
import { deliveries, type Outcome } from './deliver.js';
import { DELIVERY } from './delivery-payload.js';
import { enqueueDeliveries, WEBHOOKS } from './enqueue-deliveries.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions.projection.js';

/** Tells receivers: enqueues what events ask for, and delivers what is due where this process has the turn. */
@Controller()
export class Webhooks implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(ConfirmationFigures) private readonly figures: ConfirmationFigures,
  ) {}

  onModuleInit(): void {
    const { readModels, dueWork, now } = this.backbone;
    const { metrics } = this;
    readModels.run(webhookSubscriptionsProjection);
    const attempts = metrics.counter('webhook_attempts_total', 'Attempts to deliver, by what came of them', [
      'outcome',
    ]);
    const waiting = metrics.gauge('webhook_deliveries_waiting', 'Deliveries that wait for their moment');
    const parked = metrics.gauge('webhook_deliveries_parked', 'Deliveries that wait for a person');
    const oldest = metrics.gauge('webhook_oldest_waiting_seconds', 'How long the oldest delivery waits; 0 without one');
    metrics.onRead(async () => {
      const figures = await dueWork.figures(DELIVERY);
      waiting.set(figures.waiting);
      parked.set(figures.parked);
      const since = figures.oldest === undefined ? epochOf(now()) : epochOf(figures.oldest);
      oldest.set(Math.max(0, epochOf(now()) - since) / 1_000);
    });
    const told = (outcome: Outcome): void => attempts.inc({ outcome });
    this.#ticker = startChore(this.backbone, deliveries(this.backbone, { told, ended: this.figures.ended }));
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }

  @ReactsTo(WEBHOOKS, ...WEBHOOK_STREAMS)
  async onEvent(@Payload() event: PublishedEvent): Promise<void> {
    if (await enqueueDeliveries(this.backbone, event, this.figures.ended)) this.#ticker?.wake();
  }
}
