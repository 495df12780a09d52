import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit, type Provider } from '@nestjs/common';
import { FaultForPeople } from '#libs/kernel';
import { startTicker, type Ticker } from '#libs/eventing';
import { actInTurn, legalHoldsProjection, retentionProjection, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';
import { destructions, replayLedger } from './destroy.js';
import { registerClock } from './register-clock.js';
import { destructionsProjection } from './destructions.projection.js';
import { retentionReviews, retentionScheduling } from './review-retention.js';

/**
 * Before anything else, in whichever process has the archive: what was destroyed stays so, whatever backup this starts from. A
 * provider is there before the first module of the process is begun, and with it all that follows what is recorded.
 */
export const ledgerReplayed: Provider = {
  provide: Symbol('LedgerReplayed'),
  inject: [BACKBONE],
  async useFactory(backbone: Backbone): Promise<number> {
    await demandOwnFiles(backbone);
    return replayLedger(backbone);
  },
};

/** Destroys what was kept for as long as it had to be, in the process that has the turn (ARCH-10, ARCH-11). */
@Injectable()
export class RetentionFollowUp implements OnModuleInit, OnModuleDestroy {
  #ticker: Ticker | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { readModels, dueWork, leases, holder, onTrouble } = this.backbone;
    readModels.run(retentionProjection);
    readModels.run(legalHoldsProjection);
    readModels.run(destructionsProjection);
    const looks = this.metrics.counter(
      'retention_reviews_total',
      'Looks at whether something is kept long enough, by what came of them',
      ['outcome'],
    );
    actInTurn(this.backbone, retentionScheduling(this.backbone));
    actInTurn(this.backbone, destructions(this.backbone));
    // By it is also looked for what is due: a clock that is ahead has nothing looked at over and over.
    const clock = registerClock(this.backbone);
    this.#ticker = startTicker(
      retentionReviews(this.backbone, clock, (outcome) => looks.inc({ outcome })),
      { ...{ dueWork, leases, holder }, now: clock.now, onTrouble: (name, error) => onTrouble(name, error, false) },
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.#ticker?.stop();
  }
}

/** The files of another register are nobody's to destroy. A disk that is away is no reason not to start. */
async function demandOwnFiles({ evidence }: Backbone): Promise<void> {
  await evidence.files().catch((error: unknown) => {
    if (error instanceof FaultForPeople) throw error;
  });
}
