import { Controller, Inject, Post } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import type { JsonValue } from '#libs/kernel';
import { recordReading, type Backbone } from '#libs/application';
import {
  authorizationExample,
  BACKBONE,
  currentLevelExample,
  documentedPersonExample,
  meansExample,
  personExample,
  readerOf,
} from '#libs/composition';
import {
  ApiQueryOperation,
  CheckedBody,
  Context,
  CurrentCaller,
  Section,
  type Caller,
  type RequestContext,
} from '#libs/platform';
import { checkExample } from '../checks/check.view.js';
import { auditLists, personsShown, type AuditList, type AuditLists } from './audit-lists.js';
import {
  SearchAuditedAuthorizationsRequest,
  SearchAuditedDocumentsRequest,
  SearchAuditedEventsRequest,
  SearchAuditedLevelsRequest,
  SearchAuditedMeansRequest,
  SearchAuditedPersonsRequest,
  SearchAuditedReadingsRequest,
  SearchAuditedRecordsRequest,
  SearchChecksRequest,
  type AuditQuestion,
} from './audit.requests.js';
import {
  AuditedAuthorizationPage,
  AuditedCheckPage,
  AuditedDocumentPage,
  AuditedEventPage,
  AuditedLevelPage,
  AuditedMeansPage,
  AuditedPersonPage,
  AuditedReadingPage,
  AuditedRecordPage,
} from './audit.views.js';
import { unlessFailed } from './failed-reading.js';
import { SupportedView } from './supported.view.js';

const READING = 'c1d8a3d5-9c9e-4d5e-8a57-0c3a9b1f2d44';
const RECORDED_AT = '2026-03-02T15:00:01.000Z';
const NOTHING_FOUND = { items: [], next: null, reading: READING };
const LEAVES_A_READING = 'Every answer leaves a reading in the record log, with its reason and what was shown.';

const READ_BACK =
  'Newest first, read back from the log itself: a page may end before it is full, or be empty, and still have a `next`. A ' +
  'period makes it short.';

const eventExample = {
  id: '2d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  type: 'MeansActivated',
  stream: `means-${meansExample.id}`,
  revision: 3,
  position: '44',
  recordedAt: RECORDED_AT,
  actor: { client: 'back-office', clerk: '5b1f1b8e-1111-4222-8333-944455566677' },
  correlationId: '9d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  bytes: '{"actor":{"client":"back-office"},"data":{},"type":"MeansActivated"}',
};

const recordExample = {
  id: READING,
  kind: 'reading',
  position: '12',
  recordedAt: RECORDED_AT,
  actor: { client: 'audit-desk', clerk: '5b1f1b8e-1111-4222-8333-944455566677' },
  correlationId: '9d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  bytes: '{"actor":{"client":"audit-desk"},"data":{"what":"checks"},"kind":"reading"}',
};

const readingExample = {
  id: READING,
  position: '12',
  recordedAt: RECORDED_AT,
  actor: recordExample.actor,
  correlationId: recordExample.correlationId,
  purpose: 'audit',
  what: 'persons',
  reason: 'Yearly sample of level EH3',
  erased: false,
  question: { id: personExample.id },
  shown: [personExample.id],
  shownCount: 1,
  subjects: [personExample.id],
  subjectCount: 1,
  activity: 'https://participant.example/processing/audit-1',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  status: 'Ok',
  startedAt: '2026-03-02T15:00:00.950Z',
  endedAt: RECORDED_AT,
};

/** Who reads: an answer without a reading can't be made without him. */
interface Reader {
  readonly caller: Caller;
  readonly context: RequestContext;
}

/** What an auditor reads. Every list goes through `read`, which leaves its record before it is answered. */
@Section('audit', 'What an auditor reads. Every body has a reason, and every answer leaves a reading on record.')
@ApiExtraModels(SupportedView)
@Controller('v1/audit')
export class AuditController {
  private readonly lists: AuditLists;

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {
    this.lists = auditLists(backbone);
  }

  @Post('checks/_search')
  @ApiQueryOperation({
    summary: 'Read checks as an auditor',
    description: `Each with the decisions that rest on it. ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchChecksRequest,
    bodyExamples: {
      sample: {
        reason: 'Yearly sample of level EH3',
        authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44',
        limit: 10,
      },
    },
    answer: AuditedCheckPage,
    examples: {
      found: {
        items: [
          {
            ...checkExample,
            recordedAt: '2026-03-02T10:13:00.000Z',
            authorizations: [authorizationExample.id],
            means: [],
            revocationRequests: [],
            supports: [
              {
                authorization: authorizationExample.id,
                rows: { IA: authorizationExample.rows.IA },
                level: authorizationExample.eh,
                ruleSet: authorizationExample.ruleSet,
              },
            ],
          },
        ],
        next: null,
        reading: READING,
      },
      nothingFound: NOTHING_FOUND,
    },
  })
  searchChecks(
    @CheckedBody(SearchChecksRequest) body: SearchChecksRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'checks', body);
  }

  @Post('authorizations/_search')
  @ApiQueryOperation({
    summary: 'Read authorizations as an auditor',
    description: `Each with what its level rests on. ${LEAVES_A_READING} Every page is of the moment of the first.`,
    scopes: ['audit'],
    body: SearchAuditedAuthorizationsRequest,
    bodyExamples: { sample: { reason: 'Yearly sample of level EH3', status: 'active', limit: 10 } },
    answer: AuditedAuthorizationPage,
    examples: {
      found: {
        items: [
          {
            ...authorizationExample,
            submitter: { person: '1a2b3c4d-1111-4222-8333-944455566677', role: 'legalRepresentative' },
            recordedAt: RECORDED_AT,
          },
        ],
        next: null,
        reading: READING,
      },
      nothingFound: NOTHING_FOUND,
    },
  })
  searchAuthorizations(
    @CheckedBody(SearchAuditedAuthorizationsRequest) body: SearchAuditedAuthorizationsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'authorizations', body);
  }

  @Post('means/_search')
  @ApiQueryOperation({
    summary: 'Read means as an auditor',
    description: `Each with what its level rests on. ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchAuditedMeansRequest,
    bodyExamples: { sample: { reason: 'Yearly sample of issued means', status: 'active', limit: 10 } },
    answer: AuditedMeansPage,
    examples: {
      found: { items: [{ ...meansExample, recordedAt: RECORDED_AT }], next: null, reading: READING },
      nothingFound: NOTHING_FOUND,
    },
  })
  searchMeans(
    @CheckedBody(SearchAuditedMeansRequest) body: SearchAuditedMeansRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'means', body);
  }

  @Post('persons/_search')
  @ApiQueryOperation({
    summary: 'Read persons as an auditor',
    description: `Each with his documents, opened. ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchAuditedPersonsRequest,
    bodyExamples: { sample: { reason: 'Who submitted a sampled authorization', id: personExample.id } },
    answer: AuditedPersonPage,
    examples: {
      found: {
        items: [{ ...personExample, recordedAt: RECORDED_AT, erased: false }],
        next: null,
        reading: READING,
      },
      nothingFound: NOTHING_FOUND,
    },
  })
  searchPersons(
    @CheckedBody(SearchAuditedPersonsRequest) body: SearchAuditedPersonsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'persons', body);
  }

  @Post('levels/_search')
  @ApiQueryOperation({
    summary: 'Read current levels as an auditor',
    description: `Levels as recorded and as they are now. ${LEAVES_A_READING} Every page is of the moment of the first.`,
    scopes: ['audit'],
    body: SearchAuditedLevelsRequest,
    bodyExamples: {
      sample: { reason: 'Levels that fell since registration', party: currentLevelExample.representedParty },
    },
    answer: AuditedLevelPage,
    examples: {
      found: {
        items: [{ ...currentLevelExample, recordedAt: RECORDED_AT }],
        next: null,
        reading: READING,
        ruleSet: 'eh-1.5.1',
      },
      nothingFound: { ...NOTHING_FOUND, ruleSet: 'eh-1.5.1' },
    },
  })
  async searchLevels(
    @CheckedBody(SearchAuditedLevelsRequest) body: SearchAuditedLevelsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    const page = await this.read({ caller, context }, 'levels', body);
    return { ...page, ruleSet: this.backbone.rules.version };
  }

  @Post('documents/_search')
  @ApiQueryOperation({
    summary: 'Read identity documents as an auditor',
    description: `Each with whose it is, opened. ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchAuditedDocumentsRequest,
    bodyExamples: { sample: { reason: 'Which documents this clerk recorded', type: 'passport', limit: 10 } },
    answer: AuditedDocumentPage,
    examples: {
      found: {
        items: [
          {
            ...documentedPersonExample.documents[0]!,
            person: personExample.id,
            recordedAt: RECORDED_AT,
            actors: ['back-office', '5b1f1b8e-1111-4222-8333-944455566677'],
            erased: false,
          },
        ],
        next: null,
        reading: READING,
      },
      nothingFound: NOTHING_FOUND,
    },
  })
  searchDocuments(
    @CheckedBody(SearchAuditedDocumentsRequest) body: SearchAuditedDocumentsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'documents', body);
  }

  @Post('events/_search')
  @ApiQueryOperation({
    summary: 'Read events as they are stored',
    description: `Of one object, of a type, by whom, in a period. ${READ_BACK} ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchAuditedEventsRequest,
    bodyExamples: { ofObject: { reason: 'What happened to this means', object: meansExample.id } },
    answer: AuditedEventPage,
    examples: { found: { items: [eventExample], next: null, reading: READING }, nothingFound: NOTHING_FOUND },
  })
  searchEvents(
    @CheckedBody(SearchAuditedEventsRequest) body: SearchAuditedEventsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'events', body);
  }

  @Post('records/_search')
  @ApiQueryOperation({
    summary: 'Read decisions, refusals and readings as they are stored',
    description: `Those that name an object, of a kind, by whom, in a period. ${READ_BACK} ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchAuditedRecordsRequest,
    bodyExamples: {
      readings: { reason: 'Who read what in March', type: 'reading', recordedFrom: '2026-03-01T00:00:00+01:00' },
    },
    answer: AuditedRecordPage,
    examples: { found: { items: [recordExample], next: null, reading: READING }, nothingFound: NOTHING_FOUND },
  })
  searchRecords(
    @CheckedBody(SearchAuditedRecordsRequest) body: SearchAuditedRecordsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'records', body);
  }

  @Post('readings/_search')
  @ApiQueryOperation({
    summary: 'Read who read what, and why',
    description: `By whom, through which client, of which object or person, for what, in a period; the reason opened. ${READ_BACK} ${LEAVES_A_READING}`,
    scopes: ['audit'],
    body: SearchAuditedReadingsRequest,
    bodyExamples: {
      ofPerson: { reason: 'He asks who has seen his data', person: personExample.id },
    },
    answer: AuditedReadingPage,
    examples: { found: { items: [readingExample], next: null, reading: READING }, nothingFound: NOTHING_FOUND },
  })
  searchReadings(
    @CheckedBody(SearchAuditedReadingsRequest) body: SearchAuditedReadingsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    return this.read({ caller, context }, 'readings', body);
  }

  /** A page of a list and its reading: durable before anything of the page is answered. */
  private async read<Name extends keyof AuditLists>(
    { caller, context }: Reader,
    what: Name,
    body: Parameters<AuditLists[Name]['page']>[0],
  ): Promise<Awaited<ReturnType<AuditLists[Name]['page']>> & { readonly reading: string }> {
    const list = this.lists[what] as unknown as AuditList;
    const startedAt = this.backbone.now();
    const { limit: _limit, after: _after, reason, cursor, ...filter } = body as AuditQuestion;
    const question = { ...filter, ...(cursor === undefined ? {} : { cursor }) } as JsonValue;
    const reader = readerOf(caller, context);
    const about = { what, reason, question, startedAt };
    const answer = await unlessFailed(this.backbone, reader, about, () => list.page(body as AuditQuestion));
    const reading = await recordReading(this.backbone, reader, {
      ...{ ...about, shown: answer.items.map(list.idOf), subjects: personsShown(list, answer.items) },
    });
    return { ...answer, reading } as Awaited<ReturnType<AuditLists[Name]['page']>> & { readonly reading: string };
  }
}
