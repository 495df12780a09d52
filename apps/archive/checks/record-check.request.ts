import { ApiProperty } from '@nestjs/swagger';

/**
 * What every check has, for the documentation. The members of each type, and the validation, come from the check's
 * schema file (libs/domain/check/check.schema.json).
 */
export class RecordCheckRequest {
  @ApiProperty({ format: 'uuid', description: 'Intake it belongs to' }) application!: string;
  @ApiProperty({ description: 'Kind of check; decides which members follow', example: 'idDocumentStatus' })
  type!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Exactly one of person, party, means, application',
  })
  about!: object;
  @ApiProperty({ format: 'date-time' }) performedAt!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Exactly one of clerk, system' })
  performedBy!: object;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'name and reference of what was consulted' })
  source!: object;
  @ApiProperty({ required: false, maxLength: 500, description: 'Why something older than 31 days is entered now' })
  lateEntryReason?: string;
}
