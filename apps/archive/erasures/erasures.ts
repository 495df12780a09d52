import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { startProcessManagerInTurn, startTicker, type Ticker } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { erasures } from './erase.js';
import { rightsWords, rightsWordsScheduling } from './rights-words.js';

/** Carries out what people asked to erase, in the process that has the turn (RIGHTS-06). */
@Injectable()
export class ErasureFollowUp implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  async onModuleInit(): Promise<void> {
    const { checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble, dueWork, now } =
      this.backbone;
    for (const manager of [erasures(this.backbone), rightsWordsScheduling(this.backbone)]) {
      this.backbone.watch(
        startProcessManagerInTurn(manager, {
          ...{ checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble },
        }),
      );
    }
    this.#ticker = startTicker(rightsWords(this.backbone), {
      ...{ dueWork, leases, now, holder },
      onTrouble: (name, error) => onTrouble(name, error, false),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }
}
