import { Controller, Inject, Post } from '@nestjs/common';
import type { MeansId } from '#libs/kernel';
import {
  levelOfStork,
  meansAspects,
  meansRows,
  requestOfNobody,
  withEarningRows,
  withoutWriting,
  type Backbone,
} from '#libs/application';
import { ApiPrecheck, BACKBONE, meansExample, Prechecks, type PrecheckView } from '#libs/composition';
import { ApiId, CheckedBody, InLanguage, PathId, Section, type Language } from '#libs/platform';
import { applyForMeans } from './apply-for-means.handler.js';
import { identifyHolder, issueMeans } from './issue-means.handler.js';
import type { Judged } from './judge-means.js';
import {
  ApplyForMeansRequest,
  IdentifyHolderRequest,
  IssueMeansRequest,
  RenewMeansRequest,
  UpgradeMeansRequest,
} from './means.requests.js';
import { renewMeans } from './renew-means.handler.js';
import { upgradeMeans } from './upgrade-means.handler.js';

const EXAMPLE_CHECK = '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10';
const { application, holder } = meansExample;

/** "May I?" of each command that judges a dossier: the command itself, with nothing written (ADR 122). */
@Section('means', 'Means of authentication: applied for, identified, issued, activated.')
@Controller('v1/means')
export class MeansPrechecksController {
  private readonly dry: Backbone;

  constructor(
    @Inject(BACKBONE) backbone: Backbone,
    @Inject(Prechecks) private readonly prechecks: Prechecks,
  ) {
    this.dry = withoutWriting(backbone);
  }

  @Post('_precheck')
  @ApiPrecheck({
    summary: 'May this means be applied for?',
    scopes: ['issuance'],
    body: ApplyForMeansRequest,
    bodyExamples: { password: { application, holder, product: 'password-sms', aimedStork: 3 } },
    of: 'means',
  })
  async apply(
    @CheckedBody(ApplyForMeansRequest) body: ApplyForMeansRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    const outcome = await applyForMeans(this.dry, requestOfNobody(), body);
    return this.view({ outcome, judgement: { checks: [] } }, language);
  }

  @Post(':id/identifications/_precheck')
  @ApiId()
  @ApiPrecheck({
    summary: 'What would these checks earn for the holder?',
    scopes: ['issuance'],
    body: IdentifyHolderRequest,
    bodyExamples: { usual: { checks: [EXAMPLE_CHECK] } },
    of: 'means',
    codes: ['no-such-means'],
  })
  async identify(
    @PathId() id: string,
    @CheckedBody(IdentifyHolderRequest) body: IdentifyHolderRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    return this.view(await identifyHolder(this.dry, requestOfNobody(), id as MeansId, body), language);
  }

  @Post(':id/issuances/_precheck')
  @ApiId()
  @ApiPrecheck({
    summary: 'May this means be issued?',
    scopes: ['issuance'],
    body: IssueMeansRequest,
    bodyExamples: {
      asAimed: { checks: [EXAMPLE_CHECK], aimedStork: 3 },
      lowerIfNeedBe: { checks: [EXAMPLE_CHECK], acceptLower: true },
    },
    of: 'means',
    codes: ['no-such-means'],
  })
  async issue(
    @PathId() id: string,
    @CheckedBody(IssueMeansRequest) body: IssueMeansRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    return this.view(await issueMeans(this.dry, requestOfNobody(), id as MeansId, body), language);
  }

  @Post(':id/upgrades/_precheck')
  @ApiId()
  @ApiPrecheck({
    summary: 'May this means be upgraded?',
    scopes: ['issuance'],
    body: UpgradeMeansRequest,
    bodyExamples: { toSms: { application, product: 'password-sms', checks: [EXAMPLE_CHECK], aimedStork: 3 } },
    of: 'means',
    codes: ['no-such-means'],
  })
  async upgrade(
    @PathId() id: string,
    @CheckedBody(UpgradeMeansRequest) body: UpgradeMeansRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    return this.view(await upgradeMeans(this.dry, requestOfNobody(), id as MeansId, body), language);
  }

  @Post(':id/renewals/_precheck')
  @ApiId()
  @ApiPrecheck({
    summary: 'May this means be renewed?',
    scopes: ['issuance'],
    body: RenewMeansRequest,
    bodyExamples: { usual: { application, checks: [EXAMPLE_CHECK] } },
    of: 'means',
    codes: ['no-such-means'],
  })
  async renew(
    @PathId() id: string,
    @CheckedBody(RenewMeansRequest) body: RenewMeansRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    return this.view(await renewMeans(this.dry, requestOfNobody(), id as MeansId, body), language);
  }

  private view({ outcome, judgement: { result, evidence } }: Judged, language: Language): PrecheckView {
    const rejections = outcome.outcome === 'rejected' ? outcome.rejections : [];
    const judged =
      result === undefined || evidence === undefined
        ? {}
        : {
            level: result.stork === 0 ? null : levelOfStork(result.stork),
            stork: result.stork,
            aspects: meansAspects(result, evidence),
            missingFor: result.missingFor,
          };
    const told = withEarningRows(rejections, meansRows(this.dry.rules));
    return this.prechecks.view({ rejections: told, ...judged }, language);
  }
}
