import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { ApplicationsController } from './applications/applications.controller.js';
import { applicationsProjection } from './applications/applications.projection.js';
import { AuditController } from './audit/audit.controller.js';
import { ChecksController } from './checks/checks.controller.js';
import { checksProjection } from './checks/checks.projection.js';

/** Intakes, checks and what an auditor reads. */
@Module({ controllers: [ApplicationsController, ChecksController, AuditController] })
export class ArchiveModule implements OnModuleInit {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  onModuleInit(): void {
    this.backbone.readModels.run(applicationsProjection);
    this.backbone.readModels.run(checksProjection);
  }
}

export const archiveProjections = [applicationsProjection, checksProjection];
