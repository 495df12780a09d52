import { Controller, Inject, Post } from '@nestjs/common';
import type { JsonValue } from '#libs/kernel';
import type { Condition } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { BACKBONE, readerOf, searchPage } from '#libs/composition';
import {
  ApiQueryOperation,
  CheckedBody,
  Context,
  CurrentCaller,
  type Caller,
  type RequestContext,
} from '#libs/platform';
import { checkExample, checkView } from '../checks/check.view.js';
import { checksProjection, type CheckRow } from '../checks/checks.projection.js';
import { recordReading } from './record-reading.js';
import { AuditedCheckPage, SearchChecksRequest } from './search-checks.request.js';

@Controller('v1/audit')
export class AuditController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post('checks/_search')
  @ApiQueryOperation({
    summary: 'Read checks as an auditor',
    description: 'Every answer leaves a reading in the record log, with its reason.',
    scopes: ['audit'],
    body: SearchChecksRequest,
    bodyExample: {
      reason: 'Yearly sample of level EH3',
      authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44',
      limit: 10,
    },
    answer: AuditedCheckPage,
    example: {
      items: [
        {
          ...checkExample,
          recordedAt: '2026-03-02T10:13:00.000Z',
          authorizations: [],
          means: [],
          revocationRequests: [],
        },
      ],
      next: null,
      reading: 'c1d8a3d5-9c9e-4d5e-8a57-0c3a9b1f2d44',
    },
  })
  async searchChecks(
    @CheckedBody(SearchChecksRequest) body: SearchChecksRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ) {
    const { limit, cursor, after, reason, ...filter } = body;
    const list = { name: 'audit-checks', filter, page: { limit, cursor, after }, where: conditions(filter) };
    const answer = await searchPage(this.backbone, checksProjection, list, (rows) => rows.map(audited));
    const reading = await recordReading(this.backbone, readerOf(caller, context), {
      what: 'checks',
      reason,
      question: { ...filter, ...(cursor === undefined ? {} : { cursor }) } as JsonValue,
      shown: answer.items.map(({ id }) => id),
    });
    return { ...answer, reading };
  }
}

const audited = (row: CheckRow) => ({
  ...checkView(row),
  recordedAt: row.recordedAt,
  authorizations: row.authorizations,
  means: row.means,
  revocationRequests: row.revocationRequests,
});

function conditions(filter: Omit<SearchChecksRequest, 'limit' | 'cursor' | 'after' | 'reason'>): readonly Condition[] {
  const equal = (column: string, value: string | boolean | undefined): Condition[] =>
    value === undefined ? [] : [{ column, is: 'equal', value }];
  const containing = (column: string, value: string | undefined): Condition[] =>
    value === undefined ? [] : [{ column, is: 'containing', value }];
  return [
    ...containing('authorizations', filter.authorization),
    ...containing('means', filter.means),
    ...containing('persons', filter.person),
    ...containing('parties', filter.party),
    ...equal('application', filter.application),
    ...equal('type', filter.type),
    ...equal('late', filter.late),
    ...(filter.performedFrom === undefined
      ? []
      : [{ column: 'performedAt', is: 'from', value: filter.performedFrom } as const]),
    ...(filter.performedBefore === undefined
      ? []
      : [{ column: 'performedAt', is: 'before', value: filter.performedBefore } as const]),
  ];
}
