import { Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import { streamId, type CheckId, type JsonValue, type MeansId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  meansAspects,
  meansProjection,
  meansRows,
  type Backbone,
  type CommandRequest as Envelope,
} from '#libs/application';
import {
  activeMeansExample,
  answerTo,
  ApiViewer,
  appliedMeansExample,
  BACKBONE,
  checkAfter,
  commandOf,
  equalIn,
  identifiedMeansExample,
  indicatedMeansExample,
  MeansAnswer,
  meansExample,
  meansItem,
  MeansPage,
  meansView,
  MeansView,
  PartialMeansView,
  readerOf,
  restrictedExample,
  revokedCertificateExample,
  searchPage,
  settle,
  UpgradeAnswer,
  upgradedMeansExample,
  Viewed,
  VIEWER_CODES,
  viewerExample,
  viewingOf,
  type ViewedRead,
} from '#libs/composition';
import { MEANS_REFUSALS, meansDecider, type Means, type MeansEvent, type MeansUpgraded } from '#libs/domain';
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
import { activateMeans } from './activate-means.handler.js';
import { applyForMeans } from './apply-for-means.handler.js';
import { identifyHolder, issueMeans } from './issue-means.handler.js';
import type { Judgement } from './judge-means.js';
import {
  ActivateMeansRequest,
  ApplyForMeansRequest,
  IdentifyHolderRequest,
  IssueMeansRequest,
  RenewMeansRequest,
  ReportCertificateRevokedRequest,
  SearchMeansRequest,
  UpgradeMeansRequest,
} from './means.requests.js';
import { renewMeans } from './renew-means.handler.js';
import { reportCertificateRevoked } from './report-certificate-revoked.handler.js';
import { upgradeMeans } from './upgrade-means.handler.js';
import { viewManyMeans, viewMeans } from './view-means.js';

const EXAMPLE_CHECK = '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10';

@ApiExtraModels(MeansView, PartialMeansView)
@Section('means', 'Means of authentication: applied for, identified, issued, activated.')
@Controller('v1/means')
export class MeansController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Apply for a means',
    description:
      'For a person on record, of a product of the catalogue, with the STORK level aimed at. Its pseudonym is made here. A product for one provider makes a means that is used there and nowhere else; any other can be applied for as one (REST-01).',
    scopes: ['issuance'],
    body: ApplyForMeansRequest,
    bodyExamples: {
      password: {
        application: meansExample.application,
        holder: meansExample.holder,
        product: 'password-sms',
        aimedStork: 3,
      },
      forReturnsOnly: {
        application: meansExample.application,
        holder: meansExample.holder,
        product: 'eh3-bd',
        aimedStork: 3,
      },
    },
    answer: MeansAnswer,
    examples: { applied: appliedMeansExample, restricted: { ...appliedMeansExample, ...restrictedExample } },
    codes: [
      'unknown-application',
      'unknown-person',
      'unknown-party',
      'unknown-product',
      'unknown-provider',
      'unknown-service',
      'service-of-another-provider',
      'product-for-elsewhere',
      'purpose-not-in-application',
      'level-closed-for-issuance',
    ],
  })
  async apply(@Command(ApplyForMeansRequest) request: CommandRequest<ApplyForMeansRequest>) {
    const command = commandOf(request);
    const answer = await this.answer(
      command,
      'ApplyForMeans',
      await applyForMeans(this.backbone, command, request.body),
      { checks: [] },
    );
    return created(`/v1/means/${answer.body.id}`, answer);
  }

  @Post(':id/identifications')
  @ApiId()
  @ApiCommand({
    summary: 'Identify the holder of a means',
    description:
      'Names the checks; what they earn on ID is computed. Checks that say otherwise join by themselves (PROOF-01).',
    scopes: ['issuance'],
    status: 200,
    body: IdentifyHolderRequest,
    bodyExamples: { usual: { checks: [EXAMPLE_CHECK] } },
    answer: MeansAnswer,
    examples: { identified: identifiedMeansExample },
    codes: [
      'no-such-means',
      'unknown-check',
      'check-not-in-dossier',
      ...MEANS_REFUSALS,
      'means-already-issued',
      'means-revoked',
    ],
  })
  async identify(@PathId() id: string, @Command(IdentifyHolderRequest) request: CommandRequest<IdentifyHolderRequest>) {
    const command = commandOf(request);
    const { outcome, judgement } = await identifyHolder(this.backbone, command, id as MeansId, request.body);
    return done(await this.answer(command, 'IdentifyHolder', outcome, judgement));
  }

  @Post(':id/issuances')
  @ApiId()
  @ApiCommand({
    summary: 'Issue a means',
    description:
      'The level is the lowest of its five elements. Less than was aimed at is refused, unless `acceptLower` is said (REG-16).',
    scopes: ['issuance'],
    status: 200,
    body: IssueMeansRequest,
    bodyExamples: {
      asAimed: { checks: [EXAMPLE_CHECK], aimedStork: 3 },
      lowerIfNeedBe: { checks: [EXAMPLE_CHECK], acceptLower: true },
    },
    answer: MeansAnswer,
    examples: { issued: meansExample },
    codes: [
      'no-such-means',
      'unknown-check',
      'check-not-in-dossier',
      ...MEANS_REFUSALS,
      'means-not-identified',
      'means-already-issued',
      'means-revoked',
      'product-for-elsewhere',
      'level-closed-for-issuance',
    ],
  })
  async issue(@PathId() id: string, @Command(IssueMeansRequest) request: CommandRequest<IssueMeansRequest>) {
    const command = commandOf(request);
    const { outcome, judgement } = await issueMeans(this.backbone, command, id as MeansId, request.body);
    return done(await this.answer(command, 'IssueMeans', outcome, judgement));
  }

  @Post(':id/activations')
  @ApiId()
  @ApiCommand({
    summary: 'Activate a means',
    description: 'The holder takes it into use; from here on it can be used.',
    scopes: ['issuance'],
    status: 200,
    body: ActivateMeansRequest,
    bodyExamples: { usual: { activatedAt: '2026-03-04T09:00:00+01:00' } },
    answer: MeansAnswer,
    examples: { active: activeMeansExample },
    codes: [
      'no-such-means',
      'means-not-issued',
      'means-revoked',
      'means-already-active',
      'suspended',
      'activated-before-issuance',
      'instant-in-future',
      'late-entry-reason-missing',
      'erased',
    ],
  })
  async activate(@PathId() id: string, @Command(ActivateMeansRequest) request: CommandRequest<ActivateMeansRequest>) {
    const command = commandOf(request);
    const outcome = await activateMeans(this.backbone, command, id as MeansId, request.body);
    return done(await this.answer(command, 'ActivateMeans', outcome, { checks: [] }));
  }

  @Post(':id/upgrades')
  @ApiId()
  @ApiCommand({
    summary: 'Upgrade a means',
    description:
      'To a higher STORK level, with the same id, holder and pseudonym (UPG-04). What it rests on counts as far as it still holds; the rest is checked anew. No authorization rises by itself: those that stay below are listed (UPG-03). After 200 every decision at use goes by the new level; 202 means recorded, not yet effective everywhere.',
    scopes: ['issuance'],
    status: 200,
    mayBeLate: true,
    body: UpgradeMeansRequest,
    bodyExamples: {
      toSms: { application: meansExample.application, product: 'password-sms', checks: [EXAMPLE_CHECK], aimedStork: 3 },
      toCard: {
        application: meansExample.application,
        product: 'certificate-card',
        checks: [EXAMPLE_CHECK],
        aimedStork: 4,
        acceptLower: true,
      },
    },
    answer: UpgradeAnswer,
    examples: { upgraded: upgradedMeansExample },
    codes: [
      'no-such-means',
      'unknown-application',
      'unknown-product',
      'unknown-check',
      'check-not-in-dossier',
      'purpose-not-in-application',
      ...MEANS_REFUSALS,
      'means-not-issued',
      'means-at-level-already',
      'suspended',
      'means-revoked',
      'product-for-elsewhere',
      'level-closed-for-issuance',
      'level-closed-for-upgrade',
      'certificate-recorded-as-revoked',
      'certificate-of-another-token',
    ],
  })
  async upgrade(@PathId() id: string, @Command(UpgradeMeansRequest) request: CommandRequest<UpgradeMeansRequest>) {
    const command = commandOf(request);
    const { outcome, judgement } = await upgradeMeans(this.backbone, command, id as MeansId, request.body);
    const answer = await this.answer(command, 'UpgradeMeans', outcome, judgement);
    const { history } = await this.backbone.commands.load(meansDecider, streamId('means', id));
    const upgraded = history.find(({ revision }) => revision === answer.revision)!;
    const { staysBelow, staysBelowMore } = upgraded.data as MeansUpgraded['data'];
    const visible = await this.backbone.visibility.everywhere(upgraded.position, upgraded.type);
    const told = { ...answer, body: { ...answer.body, staysBelow, staysBelowMore } };
    return visible ? done(told) : accepted(`/v1/means/${id}`, told);
  }

  @Post(':id/renewals')
  @ApiId()
  @ApiCommand({
    summary: 'Renew a means',
    description:
      'Another token or certificate under the same id and pseudonym (MEANS-09). What it rests on counts as far as it still holds; the delivery is a new one. Never at a higher level: that is an upgrade. After 200 every decision at use goes by it; 202 means recorded, not yet effective everywhere.',
    scopes: ['issuance'],
    status: 200,
    mayBeLate: true,
    body: RenewMeansRequest,
    bodyExamples: { usual: { application: meansExample.application, checks: [EXAMPLE_CHECK] } },
    answer: MeansAnswer,
    examples: { renewed: activeMeansExample },
    codes: [
      'no-such-means',
      'unknown-application',
      'unknown-product',
      'unknown-check',
      'check-not-in-dossier',
      'purpose-not-in-application',
      ...MEANS_REFUSALS.filter((code) => code !== 'level-not-reached'),
      'renewal-below-level',
      'means-not-issued',
      'suspended',
      'means-revoked',
      'product-for-elsewhere',
      'level-closed-for-issuance',
      'certificate-recorded-as-revoked',
    ],
  })
  async renew(@PathId() id: string, @Command(RenewMeansRequest) request: CommandRequest<RenewMeansRequest>) {
    const command = commandOf(request);
    const { outcome, judgement } = await renewMeans(this.backbone, command, id as MeansId, request.body);
    const answer = await this.answer(command, 'RenewMeans', outcome, judgement);
    const { history } = await this.backbone.commands.load(meansDecider, streamId('means', id));
    const { position, type } = history.find(({ revision }) => revision === answer.revision)!;
    // Where nothing was renewed the last fact may be of any type: named as one that ends something, it would stop them.
    const ended = type === 'MeansRenewed' ? type : undefined;
    const visible = await this.backbone.visibility.everywhere(position, ended);
    return visible ? done(answer) : accepted(`/v1/means/${id}`, answer);
  }

  @Post(':id/certificate-revocations')
  @ApiId()
  @ApiCommand({
    summary: 'Record that the certificate on a means was revoked',
    description:
      'At its certification service provider, as a validation of it says: of the certificate on this means, in the name of its holder. From here on the means is not usable, until it is renewed with another (SIG-01). Of a revoked means as well: that is the second leg of its revocation (PI4). After 200 no decision at use says yes; 202 means recorded, not yet effective everywhere.',
    scopes: ['issuance'],
    status: 200,
    mayBeLate: true,
    body: ReportCertificateRevokedRequest,
    bodyExamples: { usual: { check: EXAMPLE_CHECK } },
    answer: MeansAnswer,
    examples: { reported: revokedCertificateExample },
    codes: [
      'no-such-means',
      'unknown-check',
      'check-not-in-dossier',
      'means-not-issued',
      'means-without-certificate',
      'certificate-of-another-person',
      'certificate-not-revoked',
      'certificate-revoked-already',
    ],
  })
  async reportCertificateRevoked(
    @PathId() id: string,
    @Command(ReportCertificateRevokedRequest) request: CommandRequest<ReportCertificateRevokedRequest>,
  ) {
    const command = commandOf(request);
    const { body } = request;
    const outcome = await reportCertificateRevoked(this.backbone, command, id as MeansId, body);
    const answer = await this.answer(command, 'ReportCertificateRevoked', outcome, { checks: [body.check as CheckId] });
    const { history } = await this.backbone.commands.load(meansDecider, streamId('means', id));
    const reported = history.findLast(({ type }) => type === 'MeansCertificateRevoked')!;
    const visible = await this.backbone.visibility.everywhere(reported.position, reported.type);
    return visible ? done(answer) : accepted(`/v1/means/${id}`, answer);
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A means',
    description:
      'How far it is, and what its level rests on. To a `viewer` as much of it as he may see; each of his readings leaves a record.',
    scopes: ['issuance'],
    answer: 'SeenMeans',
    examples: { applied: appliedMeansExample, active: activeMeansExample, indicated: indicatedMeansExample },
    codes: ['no-such-means', ...VIEWER_CODES],
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
      const reading = { what: 'means', in: 'query' } as const;
      const viewing = await viewingOf(this.backbone, readerOf(caller, context), viewer, reading);
      return viewMeans(this.backbone, viewing, id);
    }
    const { state, history, revision } = await this.backbone.commands.load(meansDecider, streamId('means', id));
    if (state.status === 'none') throw notFound('no-such-means');
    return found(meansView(state, history), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search means',
    description:
      'Newest first, in a shorter form. Every filter that is given has to be met. With a `viewer` what he may see, and a record of it.',
    scopes: ['issuance'],
    body: SearchMeansRequest,
    bodyExamples: {
      activeOfHolder: { holder: meansExample.holder, status: 'active' },
      ofViewer: { viewer: viewerExample },
    },
    answer: MeansPage,
    examples: {
      found: { items: [activeMeansExample, indicatedMeansExample], next: null },
      nothingFound: { items: [], next: null },
    },
    codes: VIEWER_CODES,
  })
  async search(
    @CheckedBody(SearchMeansRequest) { limit, cursor, after, viewer, ...filter }: SearchMeansRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    if (viewer !== undefined) {
      const reading = { what: 'means', in: 'body' } as const;
      const viewing = await viewingOf(this.backbone, readerOf(caller, context), { ...viewer }, reading);
      return viewManyMeans(this.backbone, viewing, filter, { limit, cursor, after });
    }
    const where = equalIn(filter, ['holder', 'party', 'status']);
    const list = { name: 'means', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, meansProjection, list, (rows) => rows.map(meansItem));
  }

  private async answer(
    request: Envelope,
    command: string,
    outcome: CommandOutcome<Means, MeansEvent>,
    { checks, dossier, result, evidence, mutation }: Judgement,
  ): Promise<CommandAnswer<MeansView>> {
    const ground = {
      command,
      object: 'means',
      checks,
      ...(dossier === undefined ? {} : { dossier: dossier as unknown as JsonValue }),
      ...(result === undefined ? {} : { result: result as unknown as JsonValue }),
      ...(evidence === undefined ? {} : { evidence: evidence as unknown as JsonValue }),
      ...(mutation === undefined ? {} : { mutation }),
    };
    const aspects = result === undefined || evidence === undefined ? undefined : meansAspects(result, evidence);
    const accepted = await settle(this.backbone, request, outcome, ground, aspects, meansRows(this.backbone.rules));
    if (accepted.state.status === 'none') throw notFound('no-such-means');
    const { history } = await this.backbone.commands.load(meansDecider, streamId('means', accepted.state.id));
    const upTo = history.filter(({ revision }) => revision <= accepted.revision);
    return answerTo(this.backbone, accepted, meansView(accepted.state, upTo));
  }
}
