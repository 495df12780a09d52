import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import {
  dossierProjections,
  keptCopiesProjection,
  legalHoldsProjection,
  retentionProjection,
  rulesAppliedProjection,
  destroyedObjectsProjection,
  usedContactsProjection,
  type Backbone,
} from '#libs/application';
import { epochOf } from '#libs/kernel';
import { BACKBONE } from '#libs/composition';
import { PUBLISHED_FILES, type PublishedFiles } from '#libs/platform';
import { ApplicationsController } from './applications/applications.controller.js';
import { applicationsProjection } from './applications/applications.projection.js';
import { AuditController } from './audit/audit.controller.js';
import { ExportsController } from './audit/exports.controller.js';
import { auditedDocumentsProjection } from './audit/documents.projection.js';
import { auditedPersonsProjection } from './audit/persons.projection.js';
import { ExplanationsController } from './explanations/explanations.controller.js';
import { ChecksController } from './checks/checks.controller.js';
import { checksProjection } from './checks/checks.projection.js';
import { decidedObjectsProjection } from './evidence/decided-objects.projection.js';
import { EvidenceController } from './evidence/evidence.controller.js';
import { ErasureFollowUp } from './erasures/erasures.js';
import { evidenceFilesProjection } from './evidence/evidence-files.projection.js';
import { EvidenceFollowUp } from './evidence/evidence.js';
import { waitingCopiesProjection } from './evidence/waiting-copies.projection.js';
import { logFile } from './log/log-file.js';
import { logSignatures, type LogSignatures } from './log/log-signatures.js';
import { LogWitnesses } from './log/log-witnesses.js';
import { startSequencer } from './log/sequencer.js';
import { witnessPolicyOf } from './log/witness-policy.js';
import { startWitnessing, WITNESSING } from './log/witnessing.js';
import { PolicySimulationsController } from './policy-simulations/policy-simulations.controller.js';
import { policySimulationsProjection } from './policy-simulations/policy-simulations.projection.js';
import { SimulationFollowUp } from './policy-simulations/simulations.js';
import { DestructionsController } from './retention/destructions.controller.js';
import { destructionsProjection } from './retention/destructions.projection.js';
import { LegalHoldsController } from './legal-holds/legal-holds.controller.js';
import { ledgerReplayed, RetentionFollowUp } from './retention/retention.js';

/** Intakes, checks, the files behind them, what an auditor reads, and what outsiders get. */
@Module({
  controllers: [
    ...[ApplicationsController, ChecksController, EvidenceController],
    ...[AuditController, ExportsController, ExplanationsController],
    ...[LegalHoldsController, DestructionsController, PolicySimulationsController],
  ],
  providers: [ledgerReplayed, RetentionFollowUp, ErasureFollowUp, EvidenceFollowUp, SimulationFollowUp],
})
export class ArchiveModule implements OnModuleInit {
  private readonly signatures: LogSignatures;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(PUBLISHED_FILES) files: PublishedFiles,
  ) {
    const { log, now } = backbone;
    this.signatures = logSignatures(log.origin, log.keys, () => epochOf(now()));
    files.add('/log', (path) => logFile(path, log.files, this.signatures));
  }

  async onModuleInit(): Promise<void> {
    this.backbone.readModels.run(applicationsProjection);
    this.backbone.readModels.run(checksProjection);
    // What an auditor reads besides.
    this.backbone.readModels.run(auditedPersonsProjection);
    this.backbone.readModels.run(auditedDocumentsProjection);
    this.backbone.readModels.run(usedContactsProjection);
    // Who is the same human, for the checks that come in; authorizations and means; and what explanations put together.
    for (const projection of dossierProjections) this.backbone.readModels.run<never>(projection as never);
    this.backbone.readModels.run(rulesAppliedProjection);
    if (this.backbone.relay !== undefined) this.backbone.watch(this.backbone.relay());
    const { log, ...parts } = this.backbone;
    const { table, files } = log;
    await log.keys.begin();
    const policy = witnessPolicyOf(log.policy);
    const witnesses =
      policy &&
      new LogWitnesses({
        ...{ policy, table, files, signatures: this.signatures },
        onTrouble: (error) => this.backbone.onTrouble(WITNESSING, error, false),
      });
    this.backbone.watch(
      await startSequencer({
        ...{ ...parts, table, files, signatures: this.signatures },
        ...(witnesses === undefined ? {} : { witnesses }),
      }),
    );
    if (witnesses !== undefined) this.backbone.watch(startWitnessing({ ...parts, witnesses }));
  }
}

export const archiveProjections = [
  ...[applicationsProjection, checksProjection, auditedPersonsProjection, auditedDocumentsProjection],
  ...[waitingCopiesProjection, decidedObjectsProjection, evidenceFilesProjection, keptCopiesProjection],
  ...[retentionProjection, legalHoldsProjection, destructionsProjection, usedContactsProjection],
  destroyedObjectsProjection,
  ...[rulesAppliedProjection, policySimulationsProjection],
];
