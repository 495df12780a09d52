import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  answerTo,
  awaitAfter,
  BACKBONE,
  checkAfter,
  commandOf,
  containing,
  equalIn,
  searchPage,
  settle,
  within,
} from '#libs/composition';
import { applicationDecider, MAX_CHECKS_WITH_ADVERSE } from '#libs/domain';
import {
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
import {
  ApplicationAnswer,
  applicationExample,
  applicationInFullExample,
  ApplicationInFullView,
  applicationView,
  ApplicationView,
  bareApplicationExample,
  revocationApplicationExample,
} from './application.view.js';
import { checksProjection } from '../checks/checks.projection.js';
import { applicationsProjection } from './applications.projection.js';
import { receiveApplication } from './receive-application.handler.js';
import { ReceiveApplicationRequest } from './receive-application.request.js';
import { ApplicationPage, SearchApplicationsRequest } from './search-applications.request.js';

@Section(
  'applications',
  'Intakes: what came in, when, by what and for what. Every check and every command that rests on checks names one.',
)
@Controller('v1/applications')
export class ApplicationsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Record an application on receipt',
    description:
      'The moment it arrived, not the moment it is typed in. Its checks are performed after it, and its purposes say which commands may rest on it.',
    scopes: ['intake'],
    body: ReceiveApplicationRequest,
    bodyExamples: {
      onPaper: {
        channel: 'nonElectronic',
        receivedAt: '2026-03-02T09:00:00+01:00',
        purposes: ['means', 'registration'],
      },
      toRevoke: {
        channel: 'nonElectronic',
        medium: 'telephone',
        receivedAt: '2026-03-02T09:00:00+01:00',
        purposes: ['revocation'],
      },
    },
    answer: ApplicationAnswer,
    examples: { onPaper: applicationExample, toRevoke: revocationApplicationExample },
    codes: ['instant-in-future', 'late-entry-reason-missing', 'erased'],
  })
  async receive(@Command(ReceiveApplicationRequest) request: CommandRequest<ReceiveApplicationRequest>) {
    const command = commandOf(request);
    const outcome = await receiveApplication(this.backbone, command, request.body);
    const accepted = await settle(this.backbone, command, outcome, {
      command: 'ReceiveApplication',
      object: 'application',
      checks: [],
    });
    const { state } = accepted;
    if (state.status === 'none') throw notFound('no-such-application');
    return created(`/v1/applications/${state.id}`, answerTo(this.backbone, accepted, applicationView(state)));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'An application',
    description: 'As it was recorded on receipt, with its checks and what came of it.',
    scopes: ['intake'],
    answer: ApplicationInFullView,
    examples: { onPaper: applicationInFullExample, nothingYet: bareApplicationExample },
    codes: ['no-such-application'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, revision } = await this.backbone.commands.load(applicationDecider, streamId('application', id));
    if (state.status === 'none') throw notFound('no-such-application');
    return found({ ...applicationView(state), ...(await whatCameOf(this.backbone, id, after)) }, revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search applications',
    description: 'Newest first. Every filter that is given has to be met.',
    scopes: ['intake'],
    body: SearchApplicationsRequest,
    bodyExamples: { byPurpose: { purpose: 'registration', limit: 10 }, all: {} },
    answer: ApplicationPage,
    examples: { found: { items: [applicationExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(@CheckedBody(SearchApplicationsRequest) { limit, cursor, after, ...filter }: SearchApplicationsRequest) {
    const where = [
      ...equalIn(filter, ['channel']),
      ...containing('purposes', filter.purpose),
      ...within('receivedAt', filter.receivedFrom, filter.receivedBefore),
    ];
    const list = { name: 'applications', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, applicationsProjection, list, (rows) =>
      rows.map(({ medium, ...row }) => applicationView({ ...row, ...(medium === null ? {} : { medium }) } as never)),
    );
  }
}

/** Its checks and what rests on it, as the lists show them: not before the position that a reader asks for. */
async function whatCameOf(
  backbone: Backbone,
  id: string,
  after: string | undefined,
): Promise<Omit<ApplicationInFullView, keyof ApplicationView>> {
  for (const list of [applicationsProjection, checksProjection]) await awaitAfter(backbone, list as Projection, after);
  const row = await backbone.readModels.store.find(applicationsProjection, id);
  // Of a check no more than is shown: a lookup may have found ten thousand establishments.
  const checks = await backbone.readModels.store.searchColumns(checksProjection, ['id', 'type'], {
    where: equalIn({ application: id }, ['application']),
    limit: MAX_CHECKS_WITH_ADVERSE,
  });
  return {
    checks,
    means: row?.means ?? [],
    authorizations: row?.authorizations ?? [],
    revocationRequests: row?.revocationRequests ?? [],
  };
}
