import { Controller, Inject, Post } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { epochOf, type Instant } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { awaitAfter, BACKBONE } from '#libs/composition';
import {
  ApiQueryOperation,
  CheckedBody,
  IsInstant,
  IsText,
  named,
  Optional,
  Section,
  type Fault,
} from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';
import { revocationDeadlinesProjection } from '../revocation-requests/revocation-deadlines.projection.js';
import { REVOCATION_STATUSES } from '../revocation-requests/revocation-request.view.js';
import { revocationReport } from './revocation-report.js';

const LONGEST = 366 * 86_400_000;

const OBJECTS = ['authorization', 'means', 'person'] as const;
named('ReportedObject', OBJECTS, 'What requests to revoke were about; `person`: all that somebody had who left');

export class RevocationReportRequest {
  @IsInstant({ description: 'Received at or after' }) from!: Instant;
  @IsInstant({ description: 'Received before; at most 366 days later' }) until!: Instant;
  @IsText(200, { description: 'Position that the report has to show' }) @Optional() after?: string;

  static between({ from, until }: RevocationReportRequest): readonly Fault[] {
    const days = epochOf(until) - epochOf(from);
    if (!Number.isFinite(days) || (days > 0 && days <= LONGEST)) return [];
    const [en, nl] = ['is later than `from`, and at most 366 days', 'is later dan `from`, en hoogstens 366 dagen'];
    return [{ pointer: '/until', code: 'invalid-value', detail: { en, nl }, inWords: { reason: { en, nl } } }];
  }
}

const COUNT = { type: 'integer', minimum: 0 } as const;

class DurationsView {
  @ApiProperty({ ...COUNT, description: 'Half of them took no longer' }) median!: number;
  @ApiProperty({ ...COUNT, description: 'Nine of ten took no longer' }) p90!: number;
  @ApiProperty({ ...COUNT, description: 'The longest of all' }) longest!: number;
}

class RevocationFigureView {
  @ApiProperty({ enum: OBJECTS }) object!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the object' }) level!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ ...COUNT, description: 'All that were received' }) received!: number;
  @ApiProperty({ ...COUNT, description: 'Those that wait for their checks' }) waiting!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were withdrawn' }) withdrawn!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were refused' }) refused!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were accepted and are not carried out' }) accepted!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were carried out' }) effected!: number;
  @ApiProperty({ ...COUNT, description: 'Those carried out too late, or open and past their deadline' })
  breached!: number;
  @ApiProperty({ type: DurationsView, nullable: true, description: 'From receipt to decision' })
  decidedMilliseconds!: DurationsView | null;
  @ApiProperty({ type: DurationsView, nullable: true, description: 'From receipt until carried out' })
  effectedMilliseconds!: DurationsView | null;
}

class RevocationBreachView {
  @ApiProperty({ format: 'uuid', description: 'Id of the request' }) id!: string;
  @ApiProperty({ enum: REVOCATION_STATUSES }) status!: string;
  @ApiProperty({ enum: OBJECTS }) object!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the object' }) level!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ format: 'date-time', description: 'Arrival at the participant' }) receivedAt!: string;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Its deadline' })
  dueAt!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When it was decided' })
  decidedAt!: string | null;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was carried out; absent while it is not' })
  effectedAt?: string;
}

export class RevocationReportView {
  @ApiProperty({ format: 'date-time', description: 'Received at or after' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Received before' }) until!: string;
  @ApiProperty({ type: RevocationFigureView, isArray: true, description: 'Per object, level and channel' })
  figures!: readonly RevocationFigureView[];
  @ApiProperty({ type: RevocationBreachView, isArray: true, description: 'Each breach, the oldest first' })
  breaches!: readonly RevocationBreachView[];
  @ApiProperty({ ...COUNT, description: 'Breaches beyond the first 1,000' }) breachesLeftOut!: number;
}

const example = {
  from: '2026-03-01T00:00:00.000Z',
  until: '2026-04-01T00:00:00.000Z',
  figures: [
    {
      ...{ object: 'authorization', level: 'EH3', channel: 'nonElectronic', received: 12, waiting: 1, withdrawn: 1 },
      ...{ refused: 1, accepted: 0, effected: 9, breached: 1 },
      decidedMilliseconds: { median: 7_200_000, p90: 21_600_000, longest: 90_000_000 },
      effectedMilliseconds: { median: 7_201_000, p90: 21_601_000, longest: 90_001_000 },
    },
  ],
  breaches: [
    {
      ...{
        id: '7d3c2b1a-1111-4222-8333-944455566677',
        status: 'effected',
        object: 'authorization',
        level: 'EH3',
        channel: 'nonElectronic',
      },
      ...{ receivedAt: '2026-03-09T08:00:00.000Z', dueAt: '2026-03-10T08:00:00.000Z' },
      ...{ decidedAt: '2026-03-10T09:00:00.000Z', effectedAt: '2026-03-10T09:00:01.000Z' },
    },
  ],
  breachesLeftOut: 0,
};

@Section('revocation-report', 'How requests to revoke did, by period.')
@Controller('v1/revocation-report')
export class RevocationReportController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiQueryOperation({
    summary: 'How requests to revoke of a period did',
    description:
      'From receipt to decision and effect, per object, level and channel, with every breach (REV-09): carried out, refused or withdrawn after its deadline, or open and past it. What somebody had who left counts as one request, at the highest of its levels.',
    scopes: ['revocation'],
    body: RevocationReportRequest,
    bodyExamples: { march: { from: example.from, until: example.until } },
    answer: RevocationReportView,
    examples: {
      withABreach: example,
      nothing: { ...example, figures: [], breaches: [] },
    },
    codes: ['foreign-position', 'position-not-reached'],
  })
  async report(@CheckedBody(RevocationReportRequest) { from, until, after }: RevocationReportRequest) {
    await awaitAfter(this.backbone, revocationDeadlinesProjection as never, after);
    return { from, until, ...(await revocationReport(this.backbone, { from, until }, this.backbone.now())) };
  }
}
