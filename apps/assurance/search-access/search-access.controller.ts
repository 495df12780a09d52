import { Controller, Inject, Post, Req } from '@nestjs/common';
import { asSpan } from '#libs/eventing';
import {
  ApiQueryOperation,
  DIRECT_ROUTES,
  invalidRequest,
  Section,
  type DirectRequest,
  type DirectRoutes,
  type WrittenAnswer,
} from '#libs/platform';
import { askerOf, DECIDING, refuseTime } from '../evaluate-access/asker-of.js';
import { DECISIONS, type Decisions } from '../evaluate-access/decisions.js';
import { readAccessSearch, type Searched } from './access-search.js';
import {
  ActionSearchAnswer,
  actionSearchAnswerExample,
  actionSearchExample,
  ActionSearchRequest,
  ResourceSearchAnswer,
  resourceSearchAnswerExample,
  resourceSearchExample,
  ResourceSearchRequest,
  SubjectSearchAnswer,
  subjectSearchAnswerExample,
  subjectSearchExample,
  SubjectSearchRequest,
} from './search-access.request.js';
import { searchQuestion } from './search-question.js';

const NOBODY_FOUND = { results: [], page: { next_token: '', count: 0 } };
const REFUSED = ['time-not-supported', { code: 'invalid-cursor', status: 400 }] as const;

@Section('decisions', 'Decisions at use (OpenID AuthZEN 1.0).')
@Controller('access/v1/search')
export class SearchAccessController {
  constructor(
    @Inject(DECISIONS) private readonly decisions: Decisions,
    @Inject(DIRECT_ROUTES) direct: DirectRoutes,
  ) {
    direct.add(this, 'postSubject', '/access/v1/search/subject');
    direct.add(this, 'postResource', '/access/v1/search/resource');
    direct.add(this, 'postAction', '/access/v1/search/action');
  }

  @Post('resource')
  @ApiQueryOperation({
    summary: 'Which organizations may this means represent at this service?',
    description:
      'Everything that the single question is a yes to now, with the level that each reaches. Never counts as use: ask the ' +
      'single question before acting. What is searched for is passed over when it is sent.',
    scopes: DECIDING,
    body: ResourceSearchRequest,
    bodyExamples: { ofMeans: resourceSearchExample },
    answer: ResourceSearchAnswer,
    examples: { one: resourceSearchAnswerExample },
    codes: REFUSED,
    signed: true,
  })
  postResource(@Req() request: DirectRequest): Promise<WrittenAnswer> {
    return this.search('resource', request);
  }

  @Post('action')
  @ApiQueryOperation({
    summary: 'At which services may this means act for this organization?',
    description:
      '`represent`, once for each service of the catalogue at which it is a yes at the level of that service.',
    scopes: DECIDING,
    body: ActionSearchRequest,
    bodyExamples: { ofMeans: actionSearchExample },
    answer: ActionSearchAnswer,
    examples: { one: actionSearchAnswerExample },
    codes: REFUSED,
    signed: true,
  })
  postAction(@Req() request: DirectRequest): Promise<WrittenAnswer> {
    return this.search('action', request);
  }

  @Post('subject')
  @ApiQueryOperation({
    summary: 'Who may act for this organization?',
    description:
      'Those whom `context.viewer` may see, with the level that each reaches by the authorizations that he may see (VIS). ' +
      'Without a viewer, or with one whose login does not hold, the results are empty.',
    scopes: DECIDING,
    body: SubjectSearchRequest,
    bodyExamples: { ofOrganization: subjectSearchExample },
    answer: SubjectSearchAnswer,
    examples: { one: subjectSearchAnswerExample, nobody: { ...subjectSearchAnswerExample, ...NOBODY_FOUND } },
    codes: REFUSED,
    signed: true,
  })
  postSubject(@Req() request: DirectRequest): Promise<WrittenAnswer> {
    return this.search('subject', request);
  }

  private async search(searched: Searched, request: DirectRequest): Promise<WrittenAnswer> {
    const { give, index, policy, pageTokens, visibleSubjects } = this.decisions;
    const paging = { client: request.caller.client, tokens: await pageTokens() };
    const read = readAccessSearch(searched, request.body, paging);
    if ('faults' in read) throw invalidRequest(read.faults);
    const asker = askerOf(request, `/access/v1/search/${searched}`);
    refuseTime(asker, read.search.request.time);
    const subjects = searched === 'subject' ? await visibleSubjects(read.search, asker.caller) : undefined;
    const question = searchQuestion(read.search, index, policy, subjects);
    return asSpan('decide', { within: asker.ids.traceparent }, () => give(question, asker));
  }
}
