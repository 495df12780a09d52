import { Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { streamId, type AuthorizationId, type JsonValue } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  authorizationAspects,
  authorizationRows,
  type AspectView,
  type EarningRow,
  type Backbone,
  type CommandRequest as Envelope,
  type RefusalGround,
} from '#libs/application';
import {
  answerTo,
  ApiViewer,
  AuthorizationAnswer,
  authorizationExample,
  AuthorizationPage,
  authorizationView,
  AuthorizationView,
  BACKBONE,
  changedAuthorizationExample,
  checkAfter,
  commandOf,
  existingAuthorizationExample,
  indicatedAuthorizationExample,
  intermediaryExample,
  noticedAuthorizationExample,
  PartialAuthorizationView,
  permittedAuthorizationExample,
  readerOf,
  renewedAuthorizationExample,
  revokedAuthorizationExample,
  settle,
  unusedAuthorizationExample,
  Viewed,
  VIEWER_CODES,
  viewerExample,
  viewingOf,
  type ViewedRead,
} from '#libs/composition';
import {
  AUTHORIZATION_REFUSALS,
  authorizationDecider,
  type Authorization,
  type AuthorizationEvent,
} from '#libs/domain';
import {
  accepted,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  Context,
  created,
  CurrentCaller,
  done,
  found,
  notFound,
  PathId,
  Section,
  type Caller,
  type CommandAnswer,
  type CommandRequest,
  type RequestContext,
} from '#libs/platform';
import {
  changeExample,
  intermediaryRegistrationExample,
  registrationExample,
  renewalExample,
} from './authorization.examples.js';
import { activateAuthorization } from './activate-authorization.handler.js';
import {
  ActivateAuthorizationRequest,
  ChangeAuthorizationRequest,
  RegisterAuthorizationRequest,
  RenewAuthorizationRequest,
  SearchAuthorizationsRequest,
  StateDisplayPermissionRequest,
} from './authorization.requests.js';
import type { DecidedOutcome, DecidingRequest } from './decide-anew.js';
import { changeAuthorization } from './change-authorization.handler.js';
import { registerAuthorization } from './register-authorization.handler.js';
import { renewAuthorization } from './renew-authorization.handler.js';
import { searchAuthorizations } from './search-authorizations.js';
import { wholeAuthorization } from './show-authorization.js';
import { stateDisplayPermission } from './state-display-permission.handler.js';
import { viewAuthorization, viewAuthorizations } from './view-authorizations.js';

/** What these commands record. */
const NARROWING: ReadonlySet<string> = new Set<AuthorizationEvent['type']>([
  'AuthorizationRenewed',
  'AuthorizationChanged',
]);

/** Codes of every new decision on an authorization. */
const DECIDED_ANEW = [
  'unknown-application',
  'unknown-person',
  'unknown-check',
  'unknown-level',
  'check-not-in-dossier',
  'purpose-not-in-application',
  ...AUTHORIZATION_REFUSALS.filter((code) => code !== 'level-not-reached'),
  'admin-level-too-low',
  'means-revoked',
  'suspended',
  'level-closed-for-issuance',
  'no-such-registration',
  // Revoked or expired: it was there, and is final.
  { code: 'no-such-registration', status: 409 },
  'erased',
];

@ApiExtraModels(AuthorizationView, PartialAuthorizationView)
@Section('authorizations', 'Who may act for which organization, at which services and at which level.')
@Controller('v1/authorizations')
export class AuthorizationsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Register an authorization',
    description:
      'Names checks and the level aimed at, never scores or levels: these are computed from the checks. Checks that say otherwise join by themselves (PROOF-01). A refusal has every reason, and each aspect with how its checks stood.',
    scopes: ['registration'],
    body: RegisterAuthorizationRequest,
    bodyExamples: { toPerson: registrationExample, toIntermediary: intermediaryRegistrationExample },
    answer: AuthorizationAnswer,
    examples: { toPerson: authorizationExample, toIntermediary: intermediaryExample },
    codes: [
      'unknown-application',
      'unknown-party',
      'unknown-person',
      'unknown-means',
      'unknown-check',
      'unknown-service',
      'no-next-link',
      'unknown-level',
      'check-not-in-dossier',
      'means-of-another-person',
      'period-has-passed',
      'purpose-not-in-application',
      ...AUTHORIZATION_REFUSALS,
      'scope-not-allowed-at-EH1',
      'display-consent-missing',
      'service-withdrawn',
      'service-without-chain-support',
      'level-closed-for-issuance',
      'erased',
    ],
  })
  async register(@Command(RegisterAuthorizationRequest) request: CommandRequest<RegisterAuthorizationRequest>) {
    const command = commandOf(request);
    const { outcome, dossier, result, evidence } = await registerAuthorization(this.backbone, command, request.body);
    const answer = await this.decided(command, 'RegisterAuthorization', request.body, {
      ...{ outcome, dossier, result, evidence },
    } as DecidedOutcome);
    return created(`/v1/authorizations/${answer.body.id}`, answer);
  }

  @Post(':id/renewals')
  @ApiId()
  @ApiCommand({
    summary: 'Renew an authorization',
    description:
      'A new period of at most five years, for one that is active. Everything that a registration asks is asked again (REN-01), and its level is from then on what the renewal earned, by its PV row as well (REN-04). After 200 every decision at use goes by it; 202 means recorded, not yet effective everywhere.',
    scopes: ['registration'],
    status: 200,
    mayBeLate: true,
    body: RenewAuthorizationRequest,
    bodyExamples: { byAdministrator: renewalExample },
    answer: AuthorizationAnswer,
    examples: { renewed: renewedAuthorizationExample },
    codes: [
      ...DECIDED_ANEW,
      'period-leaves-gap',
      'period-not-extended',
      'authorization-not-active',
      'renewal-not-begun',
      'renewal-below-level',
    ],
  })
  async renew(
    @PathId() id: string,
    @Command(RenewAuthorizationRequest) request: CommandRequest<RenewAuthorizationRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await renewAuthorization(this.backbone, command, id as AuthorizationId, request.body);
    return this.effective(await this.decided(command, 'RenewAuthorization', request.body, outcome));
  }

  @Post(':id/changes')
  @ApiId()
  @ApiCommand({
    summary: 'Change an authorization',
    description:
      'Its scope, nature, establishments or period, as a new decision with its own submitter and checks (REG-13), at no higher level than that of who changes it. After 200 no decision at use goes by what it was; 202 means recorded, not yet effective everywhere. Another authorized party or means is a registration of its own.',
    scopes: ['registration'],
    status: 200,
    mayBeLate: true,
    body: ChangeAuthorizationRequest,
    bodyExamples: {
      toEstablishment: { ...changeExample, set: { establishments: ['000037178598'] } },
      toServices: { ...changeExample, set: { scope: { services: authorizationExample.scope.services } } },
      shorter: {
        ...changeExample,
        set: { period: { from: '2026-03-03T00:00:00+01:00', until: '2027-03-03T00:00:00+01:00' } },
      },
    },
    answer: AuthorizationAnswer,
    examples: { changed: changedAuthorizationExample },
    codes: [
      ...DECIDED_ANEW,
      'unknown-service',
      'period-has-passed',
      'period-leaves-gap',
      'level-not-reached',
      'renewal-needed',
      'scope-not-allowed-at-EH1',
      'service-withdrawn',
      'service-without-chain-support',
    ],
  })
  async change(
    @PathId() id: string,
    @Command(ChangeAuthorizationRequest) request: CommandRequest<ChangeAuthorizationRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await changeAuthorization(this.backbone, command, id as AuthorizationId, request.body);
    return this.effective(await this.decided(command, 'ChangeAuthorization', request.body, outcome));
  }

  @Post(':id/activations')
  @ApiId()
  @ApiCommand({
    summary: 'Activate an authorization',
    description: 'By a login with the means that it is linked to (REG-15).',
    scopes: ['registration'],
    status: 200,
    body: ActivateAuthorizationRequest,
    bodyExamples: {
      usual: {
        application: authorizationExample.application,
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
        activatedAt: '2026-03-04T09:00:00+01:00',
      },
    },
    answer: AuthorizationAnswer,
    examples: { active: authorizationExample },
    codes: [
      'unknown-application',
      'unknown-check',
      'not-activated-by-holder',
      'authorization-already-active',
      'suspended',
      'activated-before-registration',
      'check-not-in-dossier',
      'late-entry-reason-missing',
      'no-such-registration',
      // Revoked or expired: it was there, and is final.
      { code: 'no-such-registration', status: 409 },
      'instant-in-future',
      'purpose-not-in-application',
      'erased',
    ],
  })
  async activate(
    @PathId() id: string,
    @Command(ActivateAuthorizationRequest) request: CommandRequest<ActivateAuthorizationRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await activateAuthorization(this.backbone, command, id as AuthorizationId, request.body);
    return done(await this.answer(command, 'ActivateAuthorization', outcome, { checks: request.body.checks }));
  }

  @Post(':id/display-permissions')
  @ApiId()
  @ApiCommand({
    summary: 'State whether a person permits to be shown',
    description:
      'The represented party’s statement that the authorized person permits, or no more permits, that others of it see who he is and what for (CONSENT-08). By its administrator or legal representative, with a login at the level of the authorization. Without it he is shown to none of the others; who manages the authorization sees it all the same (VIS-01).',
    scopes: ['registration'],
    status: 200,
    body: StateDisplayPermissionRequest,
    bodyExamples: {
      permitted: { application: changeExample.application, statedBy: viewerExample, permitted: true },
    },
    answer: AuthorizationAnswer,
    examples: { permitted: permittedAuthorizationExample },
    codes: [
      'unknown-application',
      'unknown-person',
      'unknown-check',
      'check-not-in-dossier',
      'viewer-login-refused',
      'purpose-not-in-application',
      'no-administration-authority',
      'outside-establishment',
      'admin-level-too-low',
      'nobody-to-show',
      'no-such-registration',
      // Revoked or expired: it was there, and is final.
      { code: 'no-such-registration', status: 409 },
    ],
  })
  async stateDisplayPermission(
    @PathId() id: string,
    @Command(StateDisplayPermissionRequest) request: CommandRequest<StateDisplayPermissionRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await stateDisplayPermission(this.backbone, command, id as AuthorizationId, request.body);
    const checks = [request.body.statedBy.authentication];
    return done(await this.answer(command, 'StateDisplayPermission', outcome, { checks }));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'An authorization',
    description:
      'How it stands now, what its level rests on, and when it was used last. To a `viewer` as much of it as he may see; each of his readings leaves a record.',
    scopes: ['registration'],
    answer: 'SeenAuthorization',
    examples: {
      active: { ...authorizationExample, lastUsedAt: '2026-03-04T09:12:40.118Z' },
      revoked: revokedAuthorizationExample,
      noticed: noticedAuthorizationExample,
      notUsed: unusedAuthorizationExample,
      indicated: indicatedAuthorizationExample,
      existing: existingAuthorizationExample,
    },
    codes: ['no-such-registration', ...VIEWER_CODES],
  })
  @ApiViewer()
  async show(
    @PathId() id: string,
    @Viewed() { after, viewer }: ViewedRead,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    await checkAfter(this.backbone, after);
    if (viewer !== undefined) {
      const reading = { what: 'authorizations', in: 'query' } as const;
      const viewing = await viewingOf(this.backbone, readerOf(caller, context), viewer, reading);
      return viewAuthorization(this.backbone, viewing, id);
    }
    const { state, history, revision } = await this.backbone.commands.load(
      authorizationDecider,
      streamId('authorization', id),
    );
    if (state.status === 'none') throw notFound('no-such-registration');
    return found(await wholeAuthorization(this.backbone, state, history, this.backbone.now()), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search authorizations',
    description:
      'Every page is of the moment of the first: `status` is how an authorization stood then. With `endsBefore` it is a list of what ends, by its end: say the moment in 30, 60 or 90 days; with `nonUse` one of what will be revoked because it is not used, by that moment. With `nonUse` or `notUsedSince` a page may have fewer items than `limit` and go on. With a `viewer` what he may see, and a record of it.',
    scopes: ['registration'],
    body: SearchAuthorizationsRequest,
    bodyExamples: {
      activeOfParty: { representedParty: authorizationExample.representedParty, status: 'active' },
      endingSoon: { endsBefore: '2031-01-01T00:00:00+01:00', status: 'active' },
      unused: { notUsedSince: '2027-01-01T00:00:00+01:00', status: 'active' },
      noticed: { nonUse: 'noticed' },
      ofViewer: { viewer: viewerExample, representedParty: authorizationExample.representedParty },
    },
    answer: AuthorizationPage,
    examples: {
      found: { items: [authorizationExample, noticedAuthorizationExample, existingAuthorizationExample], next: null },
      nothingFound: { items: [], next: null },
    },
    codes: VIEWER_CODES,
  })
  async search(
    @CheckedBody(SearchAuthorizationsRequest) { viewer, ...request }: SearchAuthorizationsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    if (viewer === undefined) return searchAuthorizations(this.backbone, request);
    const reading = { what: 'authorizations', in: 'body' } as const;
    const viewing = await viewingOf(this.backbone, readerOf(caller, context), { ...viewer }, reading);
    const { limit, cursor, after, ...filter } = request;
    return viewAuthorizations(this.backbone, viewing, filter, { limit, cursor, after });
  }

  /** The answer to a command that was judged, or the problem with how its checks stood. */
  private decided(
    command: Envelope,
    name: string,
    body: Pick<DecidingRequest, 'registration' | 'checks'>,
    { outcome, dossier, result, evidence, mutation }: DecidedOutcome,
  ): Promise<CommandAnswer<AuthorizationView>> {
    const aspects =
      result === undefined || evidence === undefined
        ? undefined
        : authorizationAspects(result, body.registration, evidence, this.backbone.rules);
    const ground = {
      checks: evidence?.map(({ check }) => check) ?? body.checks,
      ...(dossier === undefined ? {} : { dossier: dossier as unknown as JsonValue }),
      ...(result === undefined ? {} : { result: result as unknown as JsonValue }),
      ...(evidence === undefined ? {} : { evidence: evidence as unknown as JsonValue }),
      ...(mutation === undefined ? {} : { mutation }),
    };
    const rows = authorizationRows(body.registration, this.backbone.rules);
    return this.answer(command, name, outcome, ground, aspects, rows);
  }

  /** Once every live decision instance has seen it: what was narrowed or lowered is answered as it was by none of them. */
  private async effective(answer: CommandAnswer<AuthorizationView>) {
    const { id } = answer.body;
    const { history } = await this.backbone.commands.load(authorizationDecider, streamId('authorization', id));
    const { position, type } = history.find(({ revision }) => revision === answer.revision)!;
    // Where nothing was changed the last fact may be of any type: named as one that ends something, it would stop them.
    const visible = await this.backbone.visibility.everywhere(position, NARROWING.has(type) ? type : undefined);
    return visible ? done(answer) : accepted(`/v1/authorizations/${id}`, answer);
  }

  private async answer(
    request: Envelope,
    command: string,
    outcome: CommandOutcome<Authorization, AuthorizationEvent>,
    ground: Omit<RefusalGround, 'codes' | 'command' | 'object'>,
    aspects?: readonly AspectView[],
    rows?: readonly EarningRow[],
  ): Promise<CommandAnswer<AuthorizationView>> {
    const object = 'authorization';
    const accepted = await settle(this.backbone, request, outcome, { command, object, ...ground }, aspects, rows);
    if (accepted.state.status === 'none') throw notFound('no-such-registration');
    const { history } = await this.backbone.commands.load(
      authorizationDecider,
      streamId('authorization', accepted.state.authorization),
    );
    // How it stood when this command was answered first: a retry is told the same, whatever the clock says now.
    const at = accepted.asOf?.at ?? history[accepted.revision]!.recordedAt;
    const upTo = history.filter(({ revision }) => revision <= accepted.revision);
    return answerTo(this.backbone, accepted, authorizationView(accepted.state, upTo, at));
  }
}
