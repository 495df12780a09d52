import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import {
  authorizationEndsProjection,
  authorizationsProjection,
  dossierProjections,
  evidenceProjection,
  lastUseProjection,
  legalHoldsProjection,
  nonUseNoticesProjection,
  retentionProjection,
  usedContactsProjection,
  type Backbone,
  rightsRequestsProjection,
} from '#libs/application';
import { BACKBONE, Prechecks } from '#libs/composition';
import { AuthorizationPrechecksController } from './authorizations/authorization-prechecks.controller.js';
import { AuthorizationsController } from './authorizations/authorizations.controller.js';
import { ChainsController } from './chains/chains.controller.js';
import { ConfirmationFigures } from './confirmations/confirmation-figures.js';
import { Confirmations } from './confirmations/confirmations.js';
import { ConfirmationsController } from './confirmations/confirmations.controller.js';
import { confirmationsProjection } from './confirmations/confirmations.projection.js';
import { PartiesController } from './parties/parties.controller.js';
import { partiesProjection } from './parties/parties.projection.js';
import { RightsFigures } from './rights-requests/rights-figures.js';
import { RightsRequestsController } from './rights-requests/rights-requests.controller.js';
import { ServicesController } from './services/services.controller.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions/webhook-subscriptions.projection.js';
import { WebhookSubscriptionsController } from './webhook-subscriptions/webhook-subscriptions.controller.js';
import { Webhooks } from './webhook-subscriptions/webhooks.js';

/** The register: parties, authorizations, the service catalogue, and who is told of what is recorded. */
@Module({
  controllers: [
    ...[PartiesController, AuthorizationsController, AuthorizationPrechecksController, ServicesController],
    ...[ChainsController, WebhookSubscriptionsController, Webhooks, ConfirmationsController, Confirmations],
    RightsRequestsController,
  ],
  providers: [Prechecks, ConfirmationFigures, RightsFigures],
})
export class RegistrationModule implements OnModuleInit {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  onModuleInit(): void {
    this.backbone.readModels.run(partiesProjection);
    this.backbone.readModels.run(authorizationEndsProjection);
    this.backbone.readModels.run(nonUseNoticesProjection);
    this.backbone.readModels.run(lastUseProjection);
    this.backbone.readModels.run(rightsRequestsProjection);
    // What an answer about data rests on.
    this.backbone.readModels.run(retentionProjection);
    this.backbone.readModels.run(legalHoldsProjection);
    this.backbone.readModels.run(usedContactsProjection);
    for (const projection of dossierProjections) this.backbone.readModels.run<never>(projection as never);
  }
}

export const registrationProjections = [
  partiesProjection,
  authorizationsProjection,
  authorizationEndsProjection,
  nonUseNoticesProjection,
  evidenceProjection,
  webhookSubscriptionsProjection,
  confirmationsProjection,
  rightsRequestsProjection,
];
