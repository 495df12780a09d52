import { IsChoice, IsInstant, IsText, IsWhole, named, Optional } from '#libs/platform';
import type { Instant } from '#libs/kernel';
import { DESTRUCTION_STATUSES } from './destructions.projection.js';

export const STATUSES = named('DestructionStatus', DESTRUCTION_STATUSES, 'Whether all of a batch is gone');

class PageRequest {
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class SearchDestructionsRequest extends PageRequest {
  @IsChoice(STATUSES, { description: 'Whether it is carried out; absent: either' })
  @Optional()
  status?: (typeof DESTRUCTION_STATUSES)[number];
  @IsInstant({ description: 'Destroyed at this moment or later' }) @Optional() destroyedFrom?: Instant;
  @IsInstant({ description: 'Destroyed before this moment' }) @Optional() destroyedBefore?: Instant;
}
