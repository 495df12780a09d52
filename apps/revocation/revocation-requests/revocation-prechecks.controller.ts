import { Controller, Inject, Post } from '@nestjs/common';
import { requestOfNobody, withoutWriting, type Backbone } from '#libs/application';
import { ApiPrecheck, BACKBONE, Prechecks, type PrecheckView } from '#libs/composition';
import { CheckedBody, InLanguage, Section, type Language } from '#libs/platform';
import type { EhLevel } from '#libs/scheme';
import { requestRevocation } from './request-revocation.handler.js';
import { RequestRevocationRequest } from './request-revocation.request.js';
import { revocationRequestExample, revocationRequestView } from './revocation-request.view.js';

/** "May I?" of a revocation: the request itself, with nothing written (ADR 122). */
@Section('revocation-requests', 'Requests to revoke: on record whatever comes of them.')
@Controller('v1/revocation-requests')
export class RevocationPrechecksController {
  private readonly dry: Backbone;

  constructor(
    @Inject(BACKBONE) backbone: Backbone,
    @Inject(Prechecks) private readonly prechecks: Prechecks,
  ) {
    this.dry = withoutWriting(backbone);
  }

  @Post('_precheck')
  @ApiPrecheck({
    summary: 'May this be revoked by who asks?',
    scopes: ['revocation'],
    body: RequestRevocationRequest,
    bodyExamples: {
      byAdministrator: {
        application: revocationRequestExample.application,
        object: revocationRequestExample.object,
        requester: revocationRequestExample.requester,
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
      },
    },
    of: 'revocation',
  })
  async request(
    @CheckedBody(RequestRevocationRequest) body: RequestRevocationRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    const outcome = await requestRevocation(this.dry, requestOfNobody(), body);
    if (outcome.outcome === 'rejected') return this.prechecks.view({ rejections: outcome.rejections }, language);
    if (outcome.outcome !== 'accepted' || outcome.state.status === 'none') throw new Error('nothing was decided');
    // A refusal is a fact of the request itself, and no problem.
    const { level, aspects = [], codes = [] } = revocationRequestView(outcome.state, this.dry.now());
    const rejections = codes.map((code) => ({ code, kind: 'refused' as const }));
    return this.prechecks.view({ rejections, level: level as EhLevel, aspects }, language);
  }
}
