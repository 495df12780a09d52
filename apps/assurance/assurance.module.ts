import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { decisionIndexProjection, dossierProjections, rulesAppliedProjection, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import type { Configuration } from '#libs/configuration';
import { CONFIGURATION, PROBES, type ProbeRegistry } from '#libs/platform';
import { ClassificationsController } from './classifications/classifications.controller.js';
import type { LiveIndex } from './decision-index/decision-index.js';
import { startLiveIndex, type RunningIndex } from './decision-index/live-index.js';
import { LIVE_INDEX } from './decision-index/tokens.js';
import { decisions, DECISIONS } from './evaluate-access/decisions.js';
import { EvaluateAccessController } from './evaluate-access/evaluate-access.controller.js';
import { EvaluateBatchController } from './evaluate-batch/evaluate-batch.controller.js';
import { DecisionExplanationsController } from './explain-decision/decision-explanations.controller.js';
import { LevelsController } from './levels/levels.controller.js';
import { MetadataController } from './metadata/metadata.controller.js';
import { SearchAccessController } from './search-access/search-access.controller.js';
import { answerSigner, type AnswerSigner } from './signed-answers/answer-signer.js';
import { JwksController } from './signed-answers/jwks.controller.js';
import { ANSWER_SIGNER } from './signed-answers/tokens.js';
import { StatusController } from './status/status.controller.js';

const RUNNING_INDEX = Symbol('RunningIndex');

/** Keeps the table and, from it, the index in memory; health watches both. */
function runIndex(backbone: Backbone, configuration: Configuration): RunningIndex {
  backbone.readModels.run(decisionIndexProjection);
  // Lists of levels are read from these, and who views is shown by them; decisions are not.
  for (const projection of dossierProjections) backbone.readModels.run<never>(projection as never);
  // By which rules an earlier moment is judged.
  backbone.readModels.run(rulesAppliedProjection);
  const running = startLiveIndex({
    projections: backbone.readModels.store,
    feed: backbone.feed,
    serializer: backbone.serializer,
    identity: backbone.identity,
    instances: backbone.decisionInstances,
    instance: randomUUID(),
    leaseMilliseconds: configuration.decisionLeaseMilliseconds,
    onTrouble: (name, error, stopped) => backbone.onTrouble(name, error, stopped),
  });
  backbone.watch(running.follower);
  return running;
}

/** Decisions at use, the pure evaluations, current levels and availability. */
@Module({
  controllers: [
    EvaluateAccessController,
    EvaluateBatchController,
    SearchAccessController,
    DecisionExplanationsController,
    MetadataController,
    JwksController,
    ClassificationsController,
    LevelsController,
    StatusController,
  ],
  providers: [
    { provide: RUNNING_INDEX, inject: [BACKBONE, CONFIGURATION], useFactory: runIndex },
    {
      provide: ANSWER_SIGNER,
      inject: [BACKBONE],
      useFactory: (backbone: Backbone) =>
        answerSigner(backbone.answerKeys, backbone.now, (name, error, stopped) =>
          backbone.onTrouble(name, error, stopped),
        ),
    },
    { provide: LIVE_INDEX, inject: [RUNNING_INDEX], useFactory: ({ index }: RunningIndex) => index },
    {
      provide: DECISIONS,
      inject: [BACKBONE, LIVE_INDEX, ANSWER_SIGNER, CONFIGURATION],
      useFactory: (backbone: Backbone, index: LiveIndex, signer: AnswerSigner, { publicBaseUrl }: Configuration) =>
        decisions(backbone, index, signer, publicBaseUrl),
    },
  ],
})
export class AssuranceModule implements OnApplicationShutdown, OnModuleInit {
  constructor(
    @Inject(RUNNING_INDEX) private readonly running: RunningIndex,
    @Inject(ANSWER_SIGNER) private readonly signer: AnswerSigner,
    @Inject(PROBES) probes: ProbeRegistry,
  ) {
    const { index } = running;
    probes.register({
      name: 'decisions',
      check: () =>
        index.current
          ? { fine: true }
          : { fine: false, reason: `every decision is a no: ${index.fenced ?? 'not current'}` },
    });
    probes.register({
      name: 'signed-answers',
      check() {
        const trouble = signer.trouble();
        return trouble === undefined
          ? { fine: true }
          : { fine: false, reason: `no decision can be signed: ${trouble}` };
      },
    });
  }

  /** An app that can't sign does not start. */
  onModuleInit(): Promise<void> {
    return this.signer.begin();
  }

  /** After the last answer has gone: until then the instance is counted on. */
  async onApplicationShutdown(): Promise<void> {
    await this.running.stop();
  }
}

export const assuranceProjections = [decisionIndexProjection];
