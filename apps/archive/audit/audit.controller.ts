import { Controller, Inject, Post } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import type { Instant, JsonValue } from '#libs/kernel';
import type { Projection, Row } from '#libs/eventing';
import {
  authorizationsProjection,
  meansProjection,
  recordReading,
  whereStanding,
  type Backbone,
} from '#libs/application';
import {
  authorizationExample,
  BACKBONE,
  containing,
  currentLevelExample,
  equal,
  equalIn,
  LEVELS_NEED,
  meansExample,
  personExample,
  readerOf,
  searchPage,
  within,
  type List,
} from '#libs/composition';
import {
  ApiQueryOperation,
  CheckedBody,
  Context,
  CurrentCaller,
  Section,
  type Caller,
  type PageAnswer,
  type RequestContext,
} from '#libs/platform';
import { checkExample } from '../checks/check.view.js';
import { checksProjection } from '../checks/checks.projection.js';
import {
  SearchAuditedAuthorizationsRequest,
  SearchAuditedLevelsRequest,
  SearchAuditedMeansRequest,
  SearchAuditedPersonsRequest,
  SearchChecksRequest,
  type AuditQuestion,
} from './audit.requests.js';
import {
  AuditedAuthorizationPage,
  AuditedCheckPage,
  AuditedLevelPage,
  AuditedMeansPage,
  AuditedPersonPage,
} from './audit.views.js';
import { SupportedView } from './supported.view.js';
import { auditedAuthorizations, auditedCheck, auditedLevels, auditedMeans, auditedPersons } from './audited-objects.js';
import { auditedPersonsProjection } from './persons.projection.js';

const READING = 'c1d8a3d5-9c9e-4d5e-8a57-0c3a9b1f2d44';
const RECORDED_AT = '2026-03-02T15:00:01.000Z';
const NOTHING_FOUND = { items: [], next: null, reading: READING };
const LEAVES_A_READING = 'Every answer leaves a reading in the record log, with its reason and what was shown.';

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
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

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
    const where = [
      ...equalIn(body, ['id', 'application', 'type', 'late']),
      ...containing('authorizations', body.authorization),
      ...containing('means', body.means),
      ...containing('persons', body.person),
      ...containing('parties', body.party),
      ...within('performedAt', body.performedFrom, body.performedBefore),
      ...within('recordedAt', body.recordedFrom, body.recordedBefore),
    ];
    const about = { what: 'checks', idOf: ({ id }: { readonly id: string }) => id };
    return this.read({ caller, context }, body, about, checksProjection, { where }, (rows) => rows.map(auditedCheck));
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
    const about = { what: 'authorizations', idOf: ({ id }: { readonly id: string }) => id };
    const list = { where: authorizationsWhere(body) };
    return this.read({ caller, context }, body, about, authorizationsProjection, list, (rows, at) =>
      auditedAuthorizations(this.backbone, rows, at),
    );
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
    const where = [
      ...equalIn(body, ['id', 'party', 'application', 'status']),
      ...equal('holder', body.person),
      ...within('recordedAt', body.recordedFrom, body.recordedBefore),
    ];
    const about = { what: 'means', idOf: ({ id }: { readonly id: string }) => id };
    return this.read({ caller, context }, body, about, meansProjection, { where }, (rows) =>
      auditedMeans(this.backbone, rows),
    );
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
    const where = [
      ...equalIn(body, ['id']),
      ...containing('documents', body.document),
      ...containing('means', body.means),
      ...within('recordedAt', body.recordedFrom, body.recordedBefore),
    ];
    const about = { what: 'persons', idOf: ({ id }: { readonly id: string }) => id };
    return this.read({ caller, context }, body, about, auditedPersonsProjection, { where }, (rows) =>
      auditedPersons(this.backbone, rows),
    );
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
    const about = {
      what: 'levels',
      idOf: ({ authorization }: { readonly authorization: string }) => authorization,
    };
    const list = { where: authorizationsWhere(body), besides: LEVELS_NEED };
    const page = await this.read({ caller, context }, body, about, authorizationsProjection, list, (rows, at) =>
      auditedLevels(this.backbone, rows, at),
    );
    return { ...page, ruleSet: this.backbone.rules.version };
  }

  /** A page of a list and its reading: durable before anything of the page is answered. */
  private async read<R extends Row, Item>(
    { caller, context }: Reader,
    body: AuditQuestion,
    { what, idOf }: { readonly what: string; readonly idOf: (item: Item) => string },
    projection: Projection<R>,
    list: Pick<List, 'where' | 'besides'>,
    itemsOf: (rows: readonly R[], at: Instant) => readonly Item[] | Promise<readonly Item[]>,
  ): Promise<PageAnswer<Item> & { readonly reading: string }> {
    const { limit, cursor, after, reason, ...filter } = body;
    const page = { limit, cursor, after };
    const answer = await searchPage(
      this.backbone,
      projection,
      { ...list, name: `audit-${what}`, filter, page },
      itemsOf,
    );
    const reading = await recordReading(this.backbone, readerOf(caller, context), {
      what,
      reason,
      question: { ...filter, ...(cursor === undefined ? {} : { cursor }) } as JsonValue,
      shown: answer.items.map(idOf),
    });
    return { ...answer, reading };
  }
}

const authorizationsWhere = (body: SearchAuditedAuthorizationsRequest) => (at: Instant) => [
  ...equalIn(body, ['id', 'means', 'application']),
  ...containing('parties', body.party),
  ...containing('persons', body.person),
  ...within('recordedAt', body.recordedFrom, body.recordedBefore),
  ...(body.status === undefined ? [] : whereStanding(body.status, at)),
];
