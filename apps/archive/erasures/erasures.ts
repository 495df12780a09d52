import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Ticker } from '#libs/eventing';
import { actInTurn, rightsRequestsProjection, startChore, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { endsOfWords, simulationWordsScheduling } from './ends-of-words.js';
import { erasures, heldErasures } from './erase.js';
import { rightsWords, rightsWordsScheduling } from './rights-words.js';

/** Carries out what people asked to erase, in the process that has the turn (RIGHTS-06). */
@Injectable()
export class ErasureFollowUp implements OnModuleInit, OnModuleDestroy {
  #tickers: readonly Ticker[] = [];

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  onModuleInit(): void {
    this.backbone.readModels.run(rightsRequestsProjection);
    const managers = [erasures, rightsWordsScheduling, simulationWordsScheduling];
    for (const manager of managers) actInTurn(this.backbone, manager(this.backbone));
    const chores = [heldErasures(this.backbone), rightsWords(this.backbone), ...endsOfWords(this.backbone)];
    this.#tickers = chores.map((chore) => startChore(this.backbone, chore));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#tickers.map((ticker) => ticker.stop()));
  }
}
