import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { actInTurn, dossierProjections, lastUseProjection, type Backbone } from '#libs/application';
import { BACKBONE, Prechecks } from '#libs/composition';
import { NonUse } from './non-use/non-use.js';
import { RevocationFigures } from './revocation-requests/revocation-figures.js';
import { deadlineProcess } from './revocation-requests/deadline-process.js';
import { revocationProcess } from './revocation-requests/revocation-process.js';
import { RevocationPrechecksController } from './revocation-requests/revocation-prechecks.controller.js';
import { RevocationRequestsController } from './revocation-requests/revocation-requests.controller.js';
import { revocationDeadlinesProjection } from './revocation-requests/revocation-deadlines.projection.js';
import { refusedMutationsProjection } from './revocation-report/refused-mutations.projection.js';
import { RevocationReportController } from './revocation-report/revocation-report.controller.js';
import { SuspensionsController } from './suspensions/suspensions.controller.js';
import { revocationRequestsProjection } from './revocation-requests/revocation-requests.projection.js';

/** Ending means and authorizations: requests, their deadlines, carrying them out, and what is not used. */
@Module({
  controllers: [
    ...[RevocationRequestsController, RevocationPrechecksController],
    ...[SuspensionsController, RevocationReportController],
  ],
  providers: [Prechecks, RevocationFigures, NonUse],
})
export class RevocationModule implements OnModuleInit {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(RevocationFigures) private readonly figures: RevocationFigures,
  ) {}

  onModuleInit(): void {
    const { readModels } = this.backbone;
    readModels.run(revocationRequestsProjection);
    readModels.run(revocationDeadlinesProjection);
    readModels.run(refusedMutationsProjection);
    // A requester is identified by a dossier of his own.
    for (const projection of dossierProjections) readModels.run<never>(projection as never);
    const managers = [
      revocationProcess(this.backbone, {
        decided: (request) => this.figures.finished(request),
        requested: (effected) => this.figures.carriedOut(effected),
        decidedAtOnce: (event) => this.figures.decidedAtOnce(event),
      }),
      deadlineProcess(this.backbone),
    ];
    for (const manager of managers) actInTurn(this.backbone, manager);
  }
}

export const revocationProjections = [
  ...[revocationRequestsProjection, revocationDeadlinesProjection],
  ...[refusedMutationsProjection, lastUseProjection],
];
