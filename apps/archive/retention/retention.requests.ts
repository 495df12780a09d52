import { HELD_KINDS, type HeldKind } from '#libs/domain';
import { IsChoice, IsFlag, IsInstant, IsText, IsUuidString, IsWhole, named, Nested, Optional } from '#libs/platform';
import type { Instant } from '#libs/kernel';

export const HELD = named('HeldKind', HELD_KINDS, 'What a legal hold can stand on');

class PageRequest {
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}

export class SearchDestructionsRequest extends PageRequest {
  @IsInstant({ description: 'Destroyed at this moment or later' }) @Optional() destroyedFrom?: Instant;
  @IsInstant({ description: 'Destroyed before this moment' }) @Optional() destroyedBefore?: Instant;
}

export class HeldObjectReference {
  @IsChoice(HELD, { description: 'What it is' }) kind!: HeldKind;
  @IsUuidString({ description: 'Its id' }) id!: string;
}

export class SetLegalHoldRequest {
  @Nested(() => HeldObjectReference, {
    description: 'What is held, with everything that it rests on and that rests on it',
  })
  on!: HeldObjectReference;
  @IsText(500, { description: 'Why: which court, supervisor or claim asks for it. Sealed' }) reason!: string;
}

export class LiftLegalHoldRequest {
  @IsText(500, { description: 'Why it is not needed any more. Sealed' }) reason!: string;
}

export class SearchLegalHoldsRequest extends PageRequest {
  @IsFlag({ description: 'Whether it stands; absent: those that were lifted as well' }) @Optional() standing?: boolean;
}
