import { ApiProperty } from '@nestjs/swagger';
import type { Instant } from '#libs/kernel';
import { IsFlag, IsInstant, IsText, IsUuidString, IsWhole, Optional } from '#libs/platform';
import { CheckView } from '../checks/check.view.js';

/** An auditor's question about checks. Every filter that is given has to be met. */
export class SearchChecksRequest {
  @IsText(500, { description: 'Why the auditor reads this; kept with the reading' }) reason!: string;
  @IsUuidString({ description: 'Checks that this authorization rests on' }) @Optional() authorization?: string;
  @IsUuidString({ description: 'Checks that this means rests on, or that are about it' }) @Optional() means?: string;
  @IsUuidString() @Optional() person?: string;
  @IsUuidString() @Optional() party?: string;
  @IsUuidString() @Optional() application?: string;
  @IsText(60, { description: 'Kind of check' }) @Optional() type?: string;
  @IsFlag({ description: 'Late entries only, or none of them' }) @Optional() late?: boolean;
  @IsInstant({ description: 'Performed at or after' }) @Optional() performedFrom?: Instant;
  @IsInstant({ description: 'Performed before' }) @Optional() performedBefore?: Instant;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class AuditedCheck extends CheckView {
  @ApiProperty({ format: 'date-time' }) recordedAt!: string;
  @ApiProperty({ format: 'uuid', isArray: true, type: 'string', description: 'Authorizations that rest on it' })
  authorizations!: readonly string[];
  @ApiProperty({ format: 'uuid', isArray: true, type: 'string', description: 'Means that rest on it' })
  means!: readonly string[];
  @ApiProperty({ format: 'uuid', isArray: true, type: 'string', description: 'Revocation requests that rest on it' })
  revocationRequests!: readonly string[];
}

export class AuditedCheckPage {
  @ApiProperty({ type: AuditedCheck, isArray: true }) items!: AuditedCheck[];
  @ApiProperty({ type: 'string', nullable: true }) next!: string | null;
  @ApiProperty({ format: 'uuid', description: 'Record of this reading' }) reading!: string;
}
