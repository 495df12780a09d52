import { ApiProperty } from '@nestjs/swagger';
import { STANDINGS, type Standing } from '#libs/domain';
import { CurrentLevelView } from '#libs/composition';
import { IsChoice, IsText, IsUuidString, IsWhole, Optional } from '#libs/platform';

export class SearchLevelsRequest {
  @Optional() @IsUuidString({ description: 'This authorization only' }) authorization?: string;
  @Optional() @IsUuidString({ description: 'Authorizations of this party' }) representedParty?: string;
  @Optional() @IsUuidString({ description: 'Authorizations linked to this means' }) means?: string;
  @Optional() @IsChoice(STANDINGS, { description: 'As the items show it' }) status?: Standing;
  @Optional() @IsWhole(1, 100, { description: 'Most items of a page; default 25' }) limit?: number;
  @Optional() @IsText(1_024, { description: '`next` of the previous page' }) cursor?: string;
  @Optional() @IsText(256, { description: 'Position that the answer must already show' }) after?: string;
}

export class CurrentLevelPage {
  @ApiProperty({ type: [CurrentLevelView], description: 'Newest first' }) items!: CurrentLevelView[];
  @ApiProperty({ type: String, nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
  @ApiProperty({ description: 'Version of the rules' }) ruleSet!: string;
}
