import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import { AppendOutcomeUnknown, LineageBroken, StoreUnavailable } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter, commandOf, equalIn, positionText, searchPage, settle } from '#libs/composition';
import { revocationRequestDecider, type RevocationRequest } from '#libs/domain';
import {
  accepted,
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  created,
  found,
  notFound,
  PathId,
  Section,
  type CommandRequest,
} from '#libs/platform';
import { effectRevocation, RevocationStuck } from './effect-revocation.js';
import { requestRevocation } from './request-revocation.handler.js';
import { RequestRevocationRequest, SearchRevocationRequestsRequest } from './request-revocation.request.js';
import {
  acceptedRevocationExample,
  refusedRevocationExample,
  RevocationRequestAnswer,
  revocationRequestExample,
  RevocationRequestPage,
  revocationRequestView,
  RevocationRequestView,
} from './revocation-request.view.js';
import { revocationRequestsProjection } from './revocation-requests.projection.js';

@Section('revocation-requests', 'Requests to revoke: on record whatever comes of them.')
@Controller('v1/revocation-requests')
export class RevocationRequestsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Request the revocation of an authorization or a means',
    description:
      'Always makes an object, also when it is refused: `status` and `codes` say so, and there is no 409 for it. After 201 no decision at use says yes; 202 means accepted and durable, not yet effective everywhere.',
    scopes: ['revocation'],
    body: RequestRevocationRequest,
    bodyExamples: {
      byAdministrator: {
        application: revocationRequestExample.application,
        object: revocationRequestExample.object,
        requester: revocationRequestExample.requester,
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
      },
      byCourt: {
        application: revocationRequestExample.application,
        object: { means: '5e6f7a8b-1111-4222-8333-944455566677' },
        requester: { role: 'court' },
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
      },
    },
    answer: RevocationRequestAnswer,
    examples: {
      effected: revocationRequestExample,
      accepted: acceptedRevocationExample,
      refused: refusedRevocationExample,
    },
    mayBeLate: true,
    codes: [
      'unknown-application',
      'unknown-authorization',
      'unknown-means',
      'unknown-person',
      'unknown-check',
      'check-not-in-dossier',
      // Here a wrong purpose is a fault of the request: a refusal by rule is an object.
      { code: 'purpose-not-in-application', status: 400 },
    ],
  })
  async request(@Command(RequestRevocationRequest) request: CommandRequest<RequestRevocationRequest>) {
    const command = commandOf(request);
    const outcome = await requestRevocation(this.backbone, command, request.body);
    const recorded = await settle(this.backbone, command, outcome, {
      command: 'RequestRevocation',
      object: 'revocationRequest',
      checks: request.body.checks,
    });
    const { state, replayed } = recorded;
    if (state.status === 'none') throw notFound('no-such-revocation-request');
    const location = `/v1/revocation-requests/${state.revocationRequest}`;
    if (state.status === 'refused') {
      return created(location, {
        body: revocationRequestView(state),
        revision: recorded.revision,
        position: positionText(this.backbone.identity, recorded.position),
        replayed,
      });
    }

    // The id of the event that accepted it is the key of the steps that follow, here and in the process manager.
    const { history } = await this.backbone.commands.load(
      revocationRequestDecider,
      streamId('revocationRequest', state.revocationRequest),
    );
    const acceptance = history.find(({ type }) => type === 'RevocationAccepted')!;
    const answerOf = (request: Exclude<RevocationRequest, { status: 'none' }>, revision: number, position: bigint) => ({
      body: revocationRequestView(request),
      revision,
      position: positionText(this.backbone.identity, position),
      replayed,
    });
    try {
      const effected = await effectRevocation(this.backbone, state.revocationRequest, {
        eventId: acceptance.metadata.id,
        correlationId: command.correlationId,
        traceparent: command.traceparent,
      });
      const answer = answerOf(effected.request, effected.revision, effected.position);
      const visible = await this.backbone.visibility.everywhere(effected.revokedAt, effected.revokedBy);
      return visible ? created(location, answer) : accepted(location, answer);
    } catch (error) {
      // Accepted and durable: the process carries it out when the store is back, or a person looks at it (interfaces.md §2).
      // Where the store went back to an older state, the acceptance may be among what is lost: nothing may be promised.
      if (error instanceof LineageBroken) throw error;
      const later = [StoreUnavailable, AppendOutcomeUnknown, RevocationStuck];
      if (!later.some((kind) => error instanceof kind)) throw error;
      return accepted(location, answerOf(state, recorded.revision, recorded.position));
    }
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A revocation request',
    description: 'What was asked, by whom, and what came of it.',
    scopes: ['revocation'],
    answer: RevocationRequestView,
    examples: { effected: revocationRequestExample, refused: refusedRevocationExample },
    codes: ['no-such-revocation-request'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, revision } = await this.backbone.commands.load(
      revocationRequestDecider,
      streamId('revocationRequest', id),
    );
    if (state.status === 'none') throw notFound('no-such-revocation-request');
    return found(revocationRequestView(state), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search revocation requests',
    description: 'Newest first. Every filter that is given has to be met.',
    scopes: ['revocation'],
    body: SearchRevocationRequestsRequest,
    bodyExamples: { effected: { status: 'effected' }, tooLate: { breached: true } },
    answer: RevocationRequestPage,
    examples: { found: { items: [revocationRequestExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(
    @CheckedBody(SearchRevocationRequestsRequest) { limit, cursor, after, ...filter }: SearchRevocationRequestsRequest,
  ) {
    const where = equalIn(filter, ['status', 'authorization', 'means', 'breached']);
    const list = { name: 'revocation-requests', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, revocationRequestsProjection, list, (rows) =>
      rows.map((row) => revocationRequestView(row.request)),
    );
  }
}
