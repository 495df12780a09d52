import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import {
  actInTurn,
  dossierProjections,
  meansProjection,
  personLinksProjection,
  recognition,
  type Backbone,
} from '#libs/application';
import { BACKBONE, Prechecks } from '#libs/composition';
import { MeansController } from './means/means.controller.js';
import { MeansPrechecksController } from './means/means-prechecks.controller.js';
import { MeansProductsController } from './means/means-products.controller.js';
import { PersonsController } from './persons/persons.controller.js';

/** Holders and their means: apply, identify, issue, activate. */
@Module({
  controllers: [PersonsController, MeansController, MeansPrechecksController, MeansProductsController],
  providers: [Prechecks],
})
export class IssuanceModule implements OnModuleInit {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  onModuleInit(): void {
    for (const projection of dossierProjections) this.backbone.readModels.run<never>(projection as never);
    // Its checkpoints lie in the key store.
    const { checkpoints } = this.backbone.secrets;
    actInTurn(this.backbone, recognition(this.backbone), { checkpoints, unfencedCheckpoints: true });
  }
}

export const issuanceProjections = [meansProjection, personLinksProjection];
