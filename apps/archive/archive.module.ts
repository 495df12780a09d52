import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { authorizationsProjection, meansProjection, personLinksProjection, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { ApplicationsController } from './applications/applications.controller.js';
import { applicationsProjection } from './applications/applications.projection.js';
import { AuditController } from './audit/audit.controller.js';
import { auditedPersonsProjection } from './audit/persons.projection.js';
import { ChecksController } from './checks/checks.controller.js';
import { checksProjection } from './checks/checks.projection.js';

/** Intakes, checks, what an auditor reads, and what outsiders get. */
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
    if (this.backbone.relay !== undefined) this.backbone.watch(this.backbone.relay());
  }
}

export const archiveProjections = [applicationsProjection, checksProjection, auditedPersonsProjection];
