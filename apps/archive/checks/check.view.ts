import { ApiProperty } from '@nestjs/swagger';
import type { CheckFacts } from '#libs/domain';

/** A check as it is shown: its facts, never the words of a clerk. */
export class CheckView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'Kind of check' }) type!: string;
  @ApiProperty({ format: 'uuid', description: 'Intake it belongs to' }) application!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Person, party, means or application' })
  about!: object;
  @ApiProperty({ format: 'date-time' }) performedAt!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Clerk (a random reference) or system' })
  performedBy!: object;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What was consulted' }) source!: object;
  @ApiProperty({ description: 'Recorded more than 31 days after it was performed' }) late!: boolean;
}

export class CheckAnswer extends CheckView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export const checkView = (check: {
  readonly id: string;
  readonly facts: CheckFacts;
  readonly late: boolean;
}): CheckView => ({
  id: check.id,
  ...check.facts,
  late: check.late,
});

export const checkExample = {
  id: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
  type: 'idDocumentStatus',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  about: { person: '3c2d4e5f-1111-4222-8333-944455566677' },
  document: '9a8b7c6d-1111-4222-8333-944455566677',
  status: 'notReported',
  performedAt: '2026-03-02T10:12:00.000Z',
  performedBy: { clerk: '5b1f1b8e-1111-4222-8333-944455566677' },
  source: { name: 'stolen-document-register', reference: 'enquiry-2026-0302-17' },
  late: false,
};
