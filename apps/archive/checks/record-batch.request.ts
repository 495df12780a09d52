import { ApiProperty } from '@nestjs/swagger';
import { ListOf, referenceTo } from '#libs/platform';
import type { CheckView } from './check.view.js';

/** Most checks of one request: each costs what it costs by itself. */
export const MAX_BATCH = 50;

/** Several checks in one request. */
export class RecordBatchRequest {
  @ListOf('RecordCheckRequest', { least: 1, most: MAX_BATCH, description: 'Checks, each as it is recorded by itself' })
  items!: readonly unknown[];
}

export class BatchAnswer {
  @ApiProperty({
    type: 'array',
    items: referenceTo('CheckAnswer'),
    description: 'The checks in the order in which they were sent, each as it is answered by itself',
  })
  items!: readonly CheckView[];
  @ApiProperty({ description: 'Place of the last of them in the store, for `?after=`' }) position!: string;
}
