import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { startProcessManagerInTurn } from '#libs/eventing';
import { dossierProjections, type Backbone } from '#libs/application';
import { BACKBONE, Prechecks } from '#libs/composition';
import { RevocationFigures } from './revocation-requests/revocation-figures.js';
import { revocationProcess } from './revocation-requests/revocation-process.js';
import { RevocationPrechecksController } from './revocation-requests/revocation-prechecks.controller.js';
import { RevocationRequestsController } from './revocation-requests/revocation-requests.controller.js';
import { revocationDeadlinesProjection } from './revocation-requests/revocation-deadlines.projection.js';
import { RevocationReportController } from './revocation-report/revocation-report.controller.js';
import { SuspensionsController } from './suspensions/suspensions.controller.js';
import { revocationRequestsProjection } from './revocation-requests/revocation-requests.projection.js';

/** Ending means and authorizations: requests, their deadlines, and carrying them out. */
@Module({
  controllers: [
    ...[RevocationRequestsController, RevocationPrechecksController],
    ...[SuspensionsController, RevocationReportController],
  ],
  providers: [Prechecks, RevocationFigures],
})
export class RevocationModule implements OnModuleInit {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(RevocationFigures) private readonly figures: RevocationFigures,
  ) {}

  onModuleInit(): void {
    const { readModels, checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble } =
      this.backbone;
    readModels.run(revocationRequestsProjection);
    readModels.run(revocationDeadlinesProjection);
    // A requester is identified by a dossier of his own.
    for (const projection of dossierProjections) readModels.run<never>(projection as never);
    this.backbone.watch(
      startProcessManagerInTurn(
        revocationProcess(this.backbone, (effected) => this.figures.carriedOut(effected)),
        {
          ...{ checkpoints, parkedSteps, leases, holder, feed, serializer, identity, onTrouble },
        },
      ),
    );
  }
}

export const revocationProjections = [revocationRequestsProjection, revocationDeadlinesProjection];
