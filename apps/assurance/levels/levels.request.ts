import { ApiProperty } from '@nestjs/swagger';
import { IsText, IsUuidString, IsWhole, Optional } from '#libs/platform';

export class SearchLevelsRequest {
  @Optional() @IsUuidString({ description: 'This authorization only' }) authorization?: string;
  @Optional() @IsUuidString({ description: 'Authorizations of this party' }) representedParty?: string;
  @Optional() @IsUuidString({ description: 'Authorizations linked to this means' }) means?: string;
  @Optional() @IsWhole(1, 100, { description: 'Most items of a page; default 25' }) limit?: number;
  @Optional() @IsText(1_024, { description: '`next` of the previous page' }) cursor?: string;
  @Optional() @IsText(256, { description: 'Position that the answer must already show' }) after?: string;
}

export class CurrentLevelView {
  @ApiProperty({ format: 'uuid' }) authorization!: string;
  @ApiProperty({ format: 'uuid' }) representedParty!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) means!: string | null;
  @ApiProperty({ description: 'M as recorded at registration' }) m!: number;
  @ApiProperty({ type: String, nullable: true, description: 'Level as recorded at registration' })
  registeredLevel!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Level it may be used at now' }) level!: string | null;
  @ApiProperty({ type: String, nullable: true, enum: ['low', 'substantial', 'high', null] }) eidas!: string | null;
  @ApiProperty({ type: [String], description: 'Why there is no level now' }) reasons!: string[];
}

export class CurrentLevelPage {
  @ApiProperty({ type: [CurrentLevelView] }) items!: CurrentLevelView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
  @ApiProperty({ description: 'Version of the rules' }) ruleSet!: string;
}
