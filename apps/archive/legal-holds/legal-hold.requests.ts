import { HELD_KINDS, type HeldKind } from '#libs/domain';
import { IsChoice, IsFlag, IsText, IsUuidString, IsWhole, named, Nested, Optional } from '#libs/platform';

export const HELD = named('HeldKind', HELD_KINDS, 'What a legal hold can stand on');

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

export class SearchLegalHoldsRequest {
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
  @IsFlag({ description: 'Whether it stands; absent: those that were lifted as well' }) @Optional() standing?: boolean;
}
