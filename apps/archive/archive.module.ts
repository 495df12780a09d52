import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { authorizationsProjection, meansProjection, personLinksProjection, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { ApplicationsController } from './applications/applications.controller.js';
import { applicationsProjection } from './applications/applications.projection.js';
import { AuditController } from './audit/audit.controller.js';
import { auditedPersonsProjection } from './audit/persons.projection.js';
import { ChecksController } from './checks/checks.controller.js';
import { checksProjection } from './checks/checks.projection.js';

/** Intakes, checks and what an auditor reads. */
@Module({ controllers: [ApplicationsController, ChecksController, AuditController] })
export class ArchiveModule implements OnModuleInit {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  onModuleInit(): void {
    this.backbone.readModels.run(applicationsProjection);
    this.backbone.readModels.run(checksProjection);
    // Who is the same human, for the checks that come in.
    this.backbone.readModels.run(personLinksProjection);
    // What an auditor reads besides.
    this.backbone.readModels.run(auditedPersonsProjection);
    this.backbone.readModels.run(authorizationsProjection);
    this.backbone.readModels.run(meansProjection);
  }
}

export const archiveProjections = [applicationsProjection, checksProjection, auditedPersonsProjection];
