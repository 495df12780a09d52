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
import { RequestedObjectView, REVOCATION_STATUSES } from '../revocation-requests/revocation-request.view.js';
import { refusedMutationsProjection } from './refused-mutations.projection.js';
import { revocationReport } from './revocation-report.js';

/** A year from midnight to midnight in Amsterdam: that of a leap day may be an hour longer, by the end of summer time. */
const LONGEST = 366 * 86_400_000 + 3_600_000;

const OBJECTS = ['authorization', 'means', 'person', 'certificate'] as const;
named(
  'ReportedObject',
  OBJECTS,
  'What was asked about; `person`: somebody who leaves, while it is not decided, and where it was withdrawn or he had nothing; `certificate`: of a means that was revoked, at its certification service provider',
);
const MUTATIONS = ['revocation', 'suspension', 'reinstatement', 'change', 'renewal'] as const;
named('ReportedMutation', MUTATIONS, 'What was asked; changes are those of authorizations');

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
  @ApiProperty({ enum: MUTATIONS }) mutation!: string;
  @ApiProperty({ enum: OBJECTS }) object!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the object' }) level!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ ...COUNT, description: 'All that were received' }) received!: number;
  @ApiProperty({ ...COUNT, description: 'Those that wait for their checks' }) waiting!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were withdrawn' }) withdrawn!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were refused' }) refused!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were accepted and are not carried out' }) accepted!: number;
  @ApiProperty({ ...COUNT, description: 'Those that were carried out' }) effected!: number;
  @ApiProperty({
    ...COUNT,
    description: 'Those carried out, refused or withdrawn too late, or open and past their deadline',
  })
  breached!: number;
  @ApiProperty({
    ...{ type: 'integer', minimum: 0, nullable: true },
    description:
      'Of revocations of means at EH2 on paper: those late by the two working days of REV-02 as well (AMB-12); `null` of others',
  })
  breachedAfterTwoDays!: number | null;
  @ApiProperty({ type: DurationsView, nullable: true, description: 'From receipt to decision' })
  decidedMilliseconds!: DurationsView | null;
  @ApiProperty({ type: DurationsView, nullable: true, description: 'From receipt until carried out' })
  effectedMilliseconds!: DurationsView | null;
}

class RevocationBreachView {
  @ApiProperty({
    format: 'uuid',
    description:
      'Id of the request to revoke or suspend, of several breaches where it is of somebody who leaves; else of the object',
  })
  id!: string;
  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'The request to revoke or suspend; of a certificate that which ended its means; absent where there was none',
  })
  request?: string;
  @ApiProperty({ description: 'What it is about; of a certificate the means that it is on' })
  about!: RequestedObjectView;
  @ApiProperty({ enum: MUTATIONS }) mutation!: string;
  @ApiProperty({ enum: REVOCATION_STATUSES }) status!: string;
  @ApiProperty({ enum: OBJECTS }) object!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the object' }) level!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ format: 'date-time', description: 'Arrival at the participant' }) receivedAt!: string;
  @ApiProperty({
    ...{ type: 'string', format: 'date-time', nullable: true },
    description:
      'Its deadline; `null` of what was to be done at once: it took longer than 5 seconds, or came about later than 15 minutes after its receipt (CAL-03, REV-06)',
  })
  dueAt!: string | null;
  @ApiPropertyOptional({
    description: 'Of a revocation of a means at EH2 on paper: late by the two working days of REV-02 as well (AMB-12)',
  })
  afterTwoDays?: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When it was decided' })
  decidedAt!: string | null;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was carried out; absent while it is not' })
  effectedAt?: string;
}

export class RevocationReportView {
  @ApiProperty({ format: 'date-time', description: 'Received at or after' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'Received before' }) until!: string;
  @ApiProperty({ type: RevocationFigureView, isArray: true, description: 'Per mutation, object, level and channel' })
  figures!: readonly RevocationFigureView[];
  @ApiProperty({ type: RevocationBreachView, isArray: true, description: 'Each breach, the oldest first' })
  breaches!: readonly RevocationBreachView[];
  @ApiProperty({ ...COUNT, description: 'Breaches beyond the first 1,000' }) breachesLeftOut!: number;
}

const example = {
  from: '2026-02-28T23:00:00.000Z',
  until: '2026-03-31T22:00:00.000Z',
  figures: [
    {
      ...{ mutation: 'revocation', object: 'authorization', level: 'EH3', channel: 'nonElectronic' },
      ...{ received: 12, waiting: 1, withdrawn: 1 },
      ...{ refused: 1, accepted: 0, effected: 9, breached: 1, breachedAfterTwoDays: null },
      decidedMilliseconds: { median: 7_200_000, p90: 21_600_000, longest: 90_000_000 },
      effectedMilliseconds: { median: 7_201_000, p90: 21_601_000, longest: 90_001_000 },
    },
  ],
  breaches: [
    {
      ...{
        id: '7d3c2b1a-1111-4222-8333-944455566677',
        request: '7d3c2b1a-1111-4222-8333-944455566677',
        about: { authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44' },
        mutation: 'revocation',
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

@Section('revocation-report', 'How requests did, by period.')
@Controller('v1/revocation-report')
export class RevocationReportController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiQueryOperation({
    summary: 'How the requests of a period did',
    description:
      'From receipt to decision and effect, per mutation, object, level and channel, with every breach (REV-09): carried out, refused or withdrawn after its deadline, or open and past it; or to be carried out at once and not (CAL-03). By the moment of receipt: of periods that touch each request is in one; a month is from its midnight in Amsterdam. A request that comes late is a breach of the period it was received in: ask for that again once its deadlines are over. Suspensions, their ends, changes of authorizations and renewals are in it (TURN-01, PT2), of these renewals of means are measured alone, as nothing is asked of issuing (MEANS-07); what the operator does of his own accord is not; what one intake asks of one object counts once, however often it is tried: by what came of it in the end, of refusals alone by the first. What somebody has who leaves counts object by object, each by its own level and deadline, from the decision on. The certificate of a means that was revoked at STORK 4 counts by itself: it is carried out once it was revoked at its provider (PI4, AMB-15). What came electronically is late 15 minutes after its receipt, however late it was entered (REV-06).',
    scopes: ['revocation'],
    body: RevocationReportRequest,
    bodyExamples: { march: { from: '2026-03-01T00:00:00+01:00', until: '2026-04-01T00:00:00+02:00' } },
    answer: RevocationReportView,
    examples: {
      withABreach: example,
      nothing: { ...example, figures: [], breaches: [] },
    },
    codes: ['foreign-position', 'position-not-reached'],
  })
  async report(@CheckedBody(RevocationReportRequest) { from, until, after }: RevocationReportRequest) {
    await awaitAfter(this.backbone, revocationDeadlinesProjection as never, after);
    // Refusals stand in a log of their own: those of before this question are in.
    await this.backbone.readModels.upToDate(refusedMutationsProjection as never);
    return { from, until, ...(await revocationReport(this.backbone, { from, until }, this.backbone.now())) };
  }
}
