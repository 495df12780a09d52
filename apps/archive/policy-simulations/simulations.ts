import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Ticker } from '#libs/eventing';
import { simulatedProjections, startChore, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';
import { policySimulationsProjection } from './policy-simulations.projection.js';
import { policySimulations } from './run-simulations.js';

/** Goes through the register for the simulations that were asked for, in the process that has the turn. */
@Injectable()
export class SimulationFollowUp implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { readModels } = this.backbone;
    readModels.run(policySimulationsProjection);
    for (const projection of simulatedProjections) readModels.run<never>(projection as never);
    const ended = this.metrics.counter(
      'policy_simulations_total',
      'Policy simulations that came to their end, by what came of them: completed, cancelled or failed',
      ['outcome'],
    );
    this.#ticker = startChore(
      this.backbone,
      policySimulations(this.backbone, (outcome) => ended.inc({ outcome })),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }
}
