import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import {
  authorizationEndsProjection,
  authorizationsProjection,
  dossierProjections,
  evidenceProjection,
  lastUseProjection,
  nonUseNoticesProjection,
  type Backbone,
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
import { ServicesController } from './services/services.controller.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions/webhook-subscriptions.projection.js';
import { WebhookSubscriptionsController } from './webhook-subscriptions/webhook-subscriptions.controller.js';
import { Webhooks } from './webhook-subscriptions/webhooks.js';

/** The register: parties, authorizations, the service catalogue, and who is told of what is recorded. */
@Module({
  controllers: [
    ...[PartiesController, AuthorizationsController, AuthorizationPrechecksController, ServicesController],
    ...[ChainsController, WebhookSubscriptionsController, Webhooks, ConfirmationsController, Confirmations],
  ],
  providers: [Prechecks, ConfirmationFigures],
})
export class RegistrationModule implements OnModuleInit {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  onModuleInit(): void {
    this.backbone.readModels.run(partiesProjection);
    this.backbone.readModels.run(authorizationEndsProjection);
    this.backbone.readModels.run(nonUseNoticesProjection);
    this.backbone.readModels.run(lastUseProjection);
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
];
