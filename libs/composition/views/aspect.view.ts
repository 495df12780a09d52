import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { WHY } from '#libs/application';
import { CHECK_TYPES } from '#libs/domain';
import { named } from '#libs/platform';

/** How one check stood in a decision. */
export class WeighedCheckView {
  @ApiProperty({ format: 'uuid', description: 'Id of the check' }) check!: string;
  @ApiProperty({ enum: CHECK_TYPES, description: 'Kind of check' }) type!: string;
  @ApiProperty({ description: 'Whether it could earn something' }) counts!: boolean;
  @ApiPropertyOptional({
    enum: Object.keys(WHY),
    description: 'Why it does not, or with what reserve (PROOF-01 to PROOF-13)',
  })
  why?: string;
  @ApiProperty({ description: 'It was not named: it came along by itself (PROOF-01)' }) joined!: boolean;
  @ApiProperty({ description: 'A later answer to the same question took its place' }) superseded!: boolean;
}

/** Evidence aspects of an authorization and elements of a means. */
const ASPECTS = named(
  'Aspect',
  ['IA', 'IO', 'IG', 'IR', 'IV', 'ID', 'IC', 'IE', 'RC', 'AM'] as const,
  'Aspect of an authorization (IA, IO, IG, IR, IV) or element of a means (ID, IC, IE, RC, AM)',
);

/** An aspect of a decision with what it rests on, or would have. */
export class AspectView {
  @ApiProperty({ enum: ASPECTS }) aspect!: string;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: 'What it scored; 0: nothing' }) score!: number;
  @ApiProperty({ type: 'string', isArray: true, description: 'Rows that earn the score' }) rows!: readonly string[];
  @ApiProperty({ type: WeighedCheckView, isArray: true, description: 'How each check stood' })
  checks!: readonly WeighedCheckView[];
}
