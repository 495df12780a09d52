import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Ticker } from '#libs/eventing';
import { actInTurn, startChore, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';
import { decidedObjectsProjection } from './decided-objects.projection.js';
import { evidenceFilesProjection } from './evidence-files.projection.js';
import { evidenceProcess, quarantines, unrecordedFiles } from './evidence-process.js';
import { fileSweep, unfoundedFiles } from './file-sweep.js';
import { lockedFiles } from './take-away.js';
import { waitingCopiesProjection } from './waiting-copies.projection.js';

/** Keeps and destroys evidence by what is decided, in the process that has the turn. */
@Injectable()
export class EvidenceFollowUp implements OnModuleInit, OnModuleDestroy {
  #tickers: readonly Ticker[] = [];

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const { readModels } = this.backbone;
    readModels.run(waitingCopiesProjection);
    readModels.run(decidedObjectsProjection);
    readModels.run(evidenceFilesProjection);
    const ended = this.metrics.counter(
      'evidence_quarantines_total',
      'Quarantines of evidence that came to their end, by what came of it: destroyed, settled before, or it failed',
      ['outcome'],
    );
    actInTurn(this.backbone, evidenceProcess(this.backbone));
    const chores = [
      quarantines(this.backbone, (outcome) => ended.inc({ outcome })),
      ...[
        unrecordedFiles(this.backbone),
        fileSweep(this.backbone),
        unfoundedFiles(this.backbone),
        lockedFiles(this.backbone),
      ],
    ];
    this.#tickers = chores.map((chore) => startChore(this.backbone, chore));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#tickers.map((ticker) => ticker.stop()));
  }
}
