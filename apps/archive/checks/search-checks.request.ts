import { ApiProperty } from '@nestjs/swagger';
import { CHECK_TYPES } from '#libs/domain';
import { IsChoice, IsText, IsUuidString, IsWhole, Optional, referenceTo } from '#libs/platform';
import type { CheckView } from './check.view.js';

/** Page of a list: how many, from where, and not before which position it must show. */
export class SearchRecordedChecksRequest {
  @IsUuidString({ description: 'Checks of this intake' }) @Optional() application?: string;
  @IsChoice(CHECK_TYPES, { description: 'Kind of check' }) @Optional() type?: string;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class CheckPage {
  @ApiProperty({ type: 'array', items: referenceTo('CheckView'), description: 'Newest first' }) items!: CheckView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}
