import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { WHY } from '#libs/application';

/** How one check stood in a decision. */
export class WeighedCheckView {
  @ApiProperty({ format: 'uuid' }) check!: string;
  @ApiProperty({ description: 'Kind of check' }) type!: string;
  @ApiProperty({ description: 'Whether it could earn something' }) counts!: boolean;
  @ApiPropertyOptional({
    enum: Object.keys(WHY),
    description: 'Why it does not, or with what reserve (PROOF-01 to PROOF-13)',
  })
  why?: string;
  @ApiProperty({ description: 'It was not named: it came along by itself (PROOF-01)' }) joined!: boolean;
  @ApiProperty({ description: 'A later answer to the same question took its place' }) superseded!: boolean;
}

/** An aspect of a decision with what it rests on, or would have. */
export class AspectView {
  @ApiProperty({
    description: 'Aspect of the authorization (IA, IO, IG, IR, IV) or element of the means (ID, IC, IE, RC, AM)',
  })
  aspect!: string;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4 }) score!: number;
  @ApiProperty({ type: 'string', isArray: true, description: 'Rows that earn the score' }) rows!: readonly string[];
  @ApiProperty({ type: WeighedCheckView, isArray: true }) checks!: readonly WeighedCheckView[];
}
