import { Controller, Inject, Post } from '@nestjs/common';
import type { AuthorizationId } from '#libs/kernel';
import {
  authorizationAspects,
  authorizationRows,
  requestOfNobody,
  withEarningRows,
  withoutWriting,
  type Backbone,
} from '#libs/application';
import { ApiPrecheck, BACKBONE, Prechecks, type PrecheckView } from '#libs/composition';
import { ApiId, CheckedBody, InLanguage, PathId, Section, type Language } from '#libs/platform';
import {
  changeExample,
  intermediaryRegistrationExample,
  registrationExample,
  renewalExample,
} from './authorization.examples.js';
import {
  ChangeAuthorizationRequest,
  RegisterAuthorizationRequest,
  RenewAuthorizationRequest,
} from './authorization.requests.js';
import { changeAuthorization } from './change-authorization.handler.js';
import type { DecidedOutcome, DecidingRequest } from './decide-anew.js';
import { registerAuthorization } from './register-authorization.handler.js';
import { renewAuthorization } from './renew-authorization.handler.js';

/** "May I?" of each command that judges a dossier: the command itself, with nothing written (ADR 122). */
@Section('authorizations', 'Who may act for which organization, at which services and at which level.')
@Controller('v1/authorizations')
export class AuthorizationPrechecksController {
  private readonly dry: Backbone;

  constructor(
    @Inject(BACKBONE) backbone: Backbone,
    @Inject(Prechecks) private readonly prechecks: Prechecks,
  ) {
    this.dry = withoutWriting(backbone);
  }

  @Post('_precheck')
  @ApiPrecheck({
    summary: 'May this authorization be registered?',
    scopes: ['registration'],
    body: RegisterAuthorizationRequest,
    bodyExamples: { toPerson: registrationExample, toIntermediary: intermediaryRegistrationExample },
    of: 'authorization',
  })
  async register(
    @CheckedBody(RegisterAuthorizationRequest) body: RegisterAuthorizationRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    return this.view(body, await registerAuthorization(this.dry, requestOfNobody(), body), language);
  }

  @Post(':id/renewals/_precheck')
  @ApiId()
  @ApiPrecheck({
    summary: 'May this authorization be renewed?',
    scopes: ['registration'],
    body: RenewAuthorizationRequest,
    bodyExamples: { byAdministrator: renewalExample },
    of: 'authorization',
    codes: ['no-such-registration'],
  })
  async renew(
    @PathId() id: string,
    @CheckedBody(RenewAuthorizationRequest) body: RenewAuthorizationRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    const of = id as AuthorizationId;
    return this.view(body, await renewAuthorization(this.dry, requestOfNobody(), of, body), language);
  }

  @Post(':id/changes/_precheck')
  @ApiId()
  @ApiPrecheck({
    summary: 'May this authorization be changed?',
    scopes: ['registration'],
    body: ChangeAuthorizationRequest,
    bodyExamples: { narrower: { ...changeExample, set: { forThirdParties: true } } },
    of: 'authorization',
    codes: ['no-such-registration'],
  })
  async change(
    @PathId() id: string,
    @CheckedBody(ChangeAuthorizationRequest) body: ChangeAuthorizationRequest,
    @InLanguage() language: Language,
  ): Promise<PrecheckView> {
    const of = id as AuthorizationId;
    return this.view(body, await changeAuthorization(this.dry, requestOfNobody(), of, body), language);
  }

  private view(
    { registration }: Pick<DecidingRequest, 'registration'>,
    { outcome, result, evidence }: DecidedOutcome,
    language: Language,
  ): PrecheckView {
    const { rules } = this.dry;
    const rejections = outcome.outcome === 'rejected' ? outcome.rejections : [];
    const judged =
      result === undefined || evidence === undefined
        ? {}
        : {
            level: result.eh,
            aspects: authorizationAspects(result, registration, evidence, rules),
            missingFor: result.missingFor,
          };
    const told = withEarningRows(rejections, authorizationRows(registration, rules));
    return this.prechecks.view({ rejections: told, ...judged }, language);
  }
}
