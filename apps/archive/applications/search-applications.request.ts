import { ApiProperty } from '@nestjs/swagger';
import type { Instant } from '#libs/kernel';
import { PURPOSES } from '#libs/domain';
import { IsChoice, IsInstant, IsText, IsWhole, Optional } from '#libs/platform';
import { ApplicationView } from './application.view.js';

/** Page of a list: how many, from where, and not before which position it must show. */
export class SearchApplicationsRequest {
  @IsChoice(['electronic', 'nonElectronic'], { description: 'How it came in' }) @Optional() channel?: string;
  @IsChoice(PURPOSES, { description: 'One of its purposes' }) @Optional() purpose?: string;
  @IsInstant({ description: 'Received at or after' }) @Optional() receivedFrom?: Instant;
  @IsInstant({ description: 'Received before' }) @Optional() receivedBefore?: Instant;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class ApplicationPage {
  @ApiProperty({ type: ApplicationView, isArray: true, description: 'Newest first' }) items!: ApplicationView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}
