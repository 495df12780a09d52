import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import {
  answerTo,
  BACKBONE,
  checkAfter,
  commandOf,
  containing,
  equalIn,
  searchPage,
  settle,
  within,
} from '#libs/composition';
import { applicationDecider } from '#libs/domain';
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
  type CommandRequest,
} from '#libs/platform';
import { ApplicationAnswer, applicationExample, applicationView, ApplicationView } from './application.view.js';
import { applicationsProjection } from './applications.projection.js';
import { receiveApplication } from './receive-application.handler.js';
import { ReceiveApplicationRequest } from './receive-application.request.js';
import { ApplicationPage, SearchApplicationsRequest } from './search-applications.request.js';

@Controller('v1/applications')
export class ApplicationsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiCommand({
    summary: 'Record an application on receipt',
    scopes: ['intake'],
    body: ReceiveApplicationRequest,
    bodyExample: {
      channel: 'nonElectronic',
      receivedAt: '2026-03-02T09:00:00+01:00',
      purposes: ['means', 'registration'],
    },
    answer: ApplicationAnswer,
    example: applicationExample,
    codes: ['instant-in-future', 'late-entry-reason-missing'],
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
    scopes: ['intake'],
    answer: ApplicationView,
    example: applicationExample,
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, revision } = await this.backbone.commands.load(applicationDecider, streamId('application', id));
    if (state.status === 'none') throw notFound('no-such-application');
    return found(applicationView(state), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search applications',
    scopes: ['intake'],
    body: SearchApplicationsRequest,
    bodyExample: { purpose: 'registration', limit: 10 },
    answer: ApplicationPage,
    example: { items: [applicationExample], next: null },
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
