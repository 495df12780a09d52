import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { WHY } from '#libs/application';
import { EH_LEVELS } from '#libs/scheme';

/** A decision on a dossier that the check was part of. */
export class SupportedView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The authorization that was decided' }) authorization?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Or the means' }) means?: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    description: 'Per aspect or element, the rows it carries',
  })
  rows!: object;
  @ApiPropertyOptional({
    description: 'Whether it could earn something; absent on what was decided before that was kept',
  })
  counts?: boolean;
  @ApiPropertyOptional({ enum: Object.keys(WHY), description: 'Why it does not, or with what reserve' }) why?: string;
  @ApiPropertyOptional({ description: 'It was not named: it came along by itself (PROOF-01)' }) joined?: boolean;
  @ApiPropertyOptional({ description: 'A later answer to the same question took its place' }) superseded?: boolean;
  @ApiPropertyOptional({ enum: EH_LEVELS, nullable: true, description: 'Level the authorization was registered at' })
  level?: string | null;
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 4,
    nullable: true,
    description: 'STORK level of the means; null until issued',
  })
  stork?: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Version of the rules it was judged by' })
  ruleSet!: string | null;
}
