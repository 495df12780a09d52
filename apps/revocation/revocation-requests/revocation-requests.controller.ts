import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type Instant, type RevocationRequestId } from '#libs/kernel';
import { AppendOutcomeUnknown, LineageBroken, StoreUnavailable, type Condition } from '#libs/eventing';
import type { Backbone, CommandRequest as Envelope } from '#libs/application';
import {
  BACKBONE,
  checkAfter,
  commandOf,
  equalIn,
  positionText,
  searchPage,
  settle,
  within,
  type Accepted,
} from '#libs/composition';
import {
  meansDecider,
  revocationRequestDecider,
  type RevocationRequest,
  type RevocationRequestEvent,
} from '#libs/domain';
import {
  accepted,
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  created,
  done,
  ForPersons,
  found,
  notFound,
  PathId,
  Section,
  type Answer,
  type CommandAnswer,
  type CommandRequest,
} from '#libs/platform';
import { decideRevocation } from './decide-revocation.handler.js';
import { DecideRevocationRequest } from './decide-revocation.request.js';
import { effectRevocation, RevocationStuck } from './effect-revocation.js';
import { requestRevocation } from './request-revocation.handler.js';
import { RevocationFigures } from './revocation-figures.js';
import { RequestRevocationRequest, SearchRevocationRequestsRequest } from './request-revocation.request.js';
import {
  acceptedRevocationExample,
  certificatesOf,
  leaverExample,
  receivedRevocationExample,
  refusedRevocationExample,
  RevocationRequestAnswer,
  revocationRequestExample,
  RevocationRequestPage,
  revocationRequestView,
  withCertificate,
  certificateExample,
  RevocationRequestView,
  withdrawnRevocationExample,
} from './revocation-request.view.js';
import {
  openAt,
  revocationDeadlinesProjection,
  type RevocationDeadlineRow,
} from './revocation-deadlines.projection.js';
import { revocationRequestsProjection } from './revocation-requests.projection.js';

@Section('revocation-requests', 'Requests to revoke: on record whatever comes of them.')
@Controller('v1/revocation-requests')
export class RevocationRequestsController {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(RevocationFigures) private readonly figures: RevocationFigures,
  ) {}

  @Post()
  @ApiCommand({
    summary:
      'Request a revocation, or a suspension, of an authorization, a means, or of all that somebody has who leaves',
    description:
      'Always makes an object, also when it is refused: `status` and `codes` say so, and there is no 409 for it. One on paper without checks is `received` and waits for a decision. With `mutation` `suspension` it is paused and not ended (SUS-02); nobody who leaves is suspended. After 201 no decision at use says yes; 202 means accepted and durable, not yet effective everywhere.',
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
      suspension: {
        application: revocationRequestExample.application,
        mutation: 'suspension',
        object: revocationRequestExample.object,
        requester: receivedRevocationExample.requester,
        checks: [],
      },
      ofLeaver: {
        application: revocationRequestExample.application,
        object: leaverExample.object,
        requester: revocationRequestExample.requester,
        checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
      },
    },
    answer: RevocationRequestAnswer,
    examples: {
      effected: revocationRequestExample,
      accepted: acceptedRevocationExample,
      refused: refusedRevocationExample,
      received: receivedRevocationExample,
      suspension: { ...receivedRevocationExample, mutation: 'suspension' },
      ofLeaver: leaverExample,
    },
    mayBeLate: true,
    codes: [
      'unknown-application',
      'unknown-party',
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
    const ground = { command: 'RequestRevocation', object: 'revocationRequest', checks: request.body.checks };
    return this.carriedOut(command, await settle(this.backbone, command, outcome, ground), (location, answer) =>
      created(location, answer),
    );
  }

  @Post(':id/decisions')
  @ApiId()
  @ForPersons()
  @ApiCommand({
    summary: 'Decide a revocation request that waits for its checks',
    description:
      'Judged by the checks, and then accepted or refused as one that came in with them; or withdrawn, when the requester does not ask any more. Its deadline counts from its receipt. After 200 no decision at use says yes; 202 means accepted and durable, not yet effective everywhere.',
    scopes: ['revocation'],
    status: 200,
    body: DecideRevocationRequest,
    bodyExamples: { judged: { checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'] }, withdrawn: { withdraw: true } },
    answer: RevocationRequestAnswer,
    examples: {
      effected: { ...revocationRequestExample, channel: 'nonElectronic', immediate: false },
      refused: refusedRevocationExample,
      withdrawn: withdrawnRevocationExample,
    },
    mayBeLate: true,
    codes: [
      'no-such-revocation-request',
      'revocation-decided-already',
      'unknown-check',
      'check-not-in-dossier',
      'person-required',
    ],
  })
  async decide(
    @PathId() id: string,
    @Command(DecideRevocationRequest) request: CommandRequest<DecideRevocationRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await decideRevocation(this.backbone, command, id as RevocationRequestId, request.body);
    const ground = { command: 'DecideRevocation', object: 'revocationRequest', checks: request.body.checks ?? [] };
    return this.carriedOut(command, await settle(this.backbone, command, outcome, ground), (_location, answer) =>
      done(answer),
    );
  }

  /** Answers a request as it is now; one that was accepted is carried out first, as far as that can be done at once. */
  private async carriedOut(
    command: Envelope,
    { state, revision, position, replayed }: Accepted<RevocationRequest, RevocationRequestEvent>,
    answered: (location: string, answer: CommandAnswer<RevocationRequestView>) => Answer,
  ): Promise<Answer> {
    if (state.status === 'none') throw notFound('no-such-revocation-request');
    const location = `/v1/revocation-requests/${state.revocationRequest}`;
    const answerOf = (request: Exclude<RevocationRequest, { status: 'none' }>, of: number, at: bigint) => ({
      // A retry is the first answer again: how it stood to its deadline when that was given (interfaces.md §3).
      body: revocationRequestView(request, answeredAt(request)),
      revision: of,
      position: positionText(this.backbone.identity, at),
      replayed,
    });
    if (state.status !== 'accepted' && state.status !== 'effected') {
      if (state.status === 'refused' && !replayed) this.figures.decided(state);
      if (state.status !== 'received' && !replayed) this.figures.ended(state);
      return answered(location, answerOf(state, revision, position));
    }
    if (!replayed) this.figures.decided(state);

    try {
      const effected = await effectRevocation(this.backbone, state.revocationRequest, {
        correlationId: command.correlationId,
        traceparent: command.traceparent,
      });
      const answer = answerOf(effected.request, effected.revision, effected.position);
      const { visibility } = this.backbone;
      const seen = await Promise.all(effected.ended.map(({ position, type }) => visibility.everywhere(position, type)));
      const visible = seen.every(Boolean);
      if (!replayed) this.figures.answered(effected.request, visible);
      return visible ? answered(location, answer) : accepted(location, answer);
    } catch (error) {
      // Accepted and durable: the process carries it out when the store is back, or a person looks at it (interfaces.md §2).
      // Where the store went back to an older state, the acceptance may be among what is lost: nothing may be promised.
      if (error instanceof LineageBroken) throw error;
      const later = [StoreUnavailable, AppendOutcomeUnknown, RevocationStuck];
      if (!later.some((kind) => error instanceof kind)) throw error;
      if (!replayed) this.figures.answered(state, false);
      return accepted(location, answerOf(state, revision, position));
    }
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A revocation request',
    description: 'What was asked, by whom, and what came of it.',
    scopes: ['revocation'],
    answer: RevocationRequestView,
    examples: {
      effected: revocationRequestExample,
      refused: refusedRevocationExample,
      received: receivedRevocationExample,
    },
    codes: ['no-such-revocation-request'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, revision } = await this.backbone.commands.load(
      revocationRequestDecider,
      streamId('revocationRequest', id),
    );
    if (state.status === 'none') throw notFound('no-such-revocation-request');
    const now = this.backbone.now();
    const view = revocationRequestView(state, now);
    const left = state.status === 'effected' ? (state.certificates ?? []) : [];
    if (left.length === 0) return found(view, revision as number);
    const streams = left.map((means) => streamId('means', means));
    const loaded = await this.backbone.commands.loadAll(meansDecider, streams);
    const means = loaded.map((one) => one.state);
    return found({ ...view, certificates: certificatesOf(means, now) }, revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search revocation requests',
    description:
      'Newest first, or the work list: what is not carried out yet, first what is due first, and beside them an item for each certificate that a revoked means has left and that is not known to be revoked at its provider: the request that ended the means, `effected`, with `certificate`. Several items may be of one request; `certificate.means` tells them apart. Every filter that is given has to be met.',
    scopes: ['revocation'],
    body: SearchRevocationRequestsRequest,
    bodyExamples: {
      workList: { order: 'due', dueBefore: '2026-03-10T16:00:00Z' },
      toSuspend: { order: 'due', mutation: 'suspension' },
      effected: { status: 'effected' },
      tooLate: { breached: true },
    },
    answer: RevocationRequestPage,
    examples: {
      found: { items: [revocationRequestExample, receivedRevocationExample], next: null },
      workList: { items: [certificateExample, receivedRevocationExample], next: null },
      nothingFound: { items: [], next: null },
    },
  })
  search(
    @CheckedBody(SearchRevocationRequestsRequest)
    { limit, cursor, after, dueBefore, order, ...filter }: SearchRevocationRequestsRequest,
  ) {
    const page = { limit, cursor, after };
    const now = this.backbone.now();
    const list = { name: 'revocation-requests', filter: { ...filter, dueBefore, order }, page };
    if (order === 'due') {
      const open = [
        ...openAt(now),
        ...equalIn(filter, ['mutation']),
        ...shownAs(filter.status),
        ...within('nextAt', undefined, dueBefore),
      ];
      return searchPage(this.backbone, revocationDeadlinesProjection, { ...list, where: open }, (rows) =>
        this.asTheyAre(rows, now),
      );
    }
    const where = [
      ...equalIn(filter, ['mutation', 'status', 'authorization', 'means', 'person', 'party', 'breached']),
      ...within('dueAt', undefined, dueBefore),
    ];
    return searchPage(this.backbone, revocationRequestsProjection, { ...list, where }, (rows) =>
      rows.map((row) => revocationRequestView(row.request, now)),
    );
  }

  /** The work list keeps little of each request; what it shows is what stands in their streams. */
  private async asTheyAre(rows: readonly RevocationDeadlineRow[], now: Instant): Promise<RevocationRequestView[]> {
    // Open are requests, and certificates of the means that they ended.
    const streams = rows.map(({ request }) => streamId('revocationRequest', request!));
    const loaded = await this.backbone.commands.loadAll(revocationRequestDecider, streams);
    return loaded.map(({ state }, index) => {
      if (state.status === 'none') throw new Error('the work list names a request that is not on record');
      return withCertificate(revocationRequestView(state, now), rows[index]!, now);
    });
  }
}

/** On the work list a certificate is shown with its request, which is carried out; requests that are open are not. */
const shownAs = (status: string | undefined): readonly Condition[] => {
  if (status === undefined) return [];
  const certificate = { column: 'object', is: 'equal', value: 'certificate' } as const;
  if (status === 'effected') return [certificate];
  return [
    { column: 'object', is: 'one-of', values: ['authorization', 'means', 'person'] },
    { column: 'status', is: 'equal', value: status },
  ];
};

/** When what it shows was recorded. */
const answeredAt = (request: Exclude<RevocationRequest, { status: 'none' }>): Instant =>
  'decidedAt' in request ? request.decidedAt : request.requestedAt;
