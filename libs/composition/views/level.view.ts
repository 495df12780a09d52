import { ApiProperty } from '@nestjs/swagger';
import type { Instant } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import {
  currentLevel,
  meansProjection,
  timedLevelPolicy,
  type AuthorizationRow,
  type Backbone,
  type MeansRow,
} from '#libs/application';
import { STANDINGS, standingAt } from '#libs/domain';

/** The level of an authorization, as recorded and as it is now. */
export class CurrentLevelView {
  @ApiProperty({ format: 'uuid' }) authorization!: string;
  @ApiProperty({ enum: STANDINGS, description: 'How the authorization stands' }) status!: string;
  @ApiProperty({ format: 'uuid' }) representedParty!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) means!: string | null;
  @ApiProperty({ description: 'M as recorded at registration' }) m!: number;
  @ApiProperty({ type: String, nullable: true, description: 'Level as recorded at registration' })
  registeredLevel!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Level it may be used at now' }) level!: string | null;
  @ApiProperty({ type: String, nullable: true, enum: ['low', 'substantial', 'high', null] }) eidas!: string | null;
  @ApiProperty({ type: [String], description: 'Why there is no level now' }) reasons!: string[];
}

export const currentLevelExample = {
  authorization: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  status: 'active',
  representedParty: '3b1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44',
  means: '6a1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44',
  m: 3,
  registeredLevel: 'EH3',
  level: 'EH3',
  eidas: 'substantial',
  reasons: [],
};

/** Read models that levels are read from besides the authorizations'. */
export const LEVELS_NEED: readonly Projection[] = [meansProjection as unknown as Projection];

/** The levels of authorizations at a moment, in their order. */
export async function currentLevelViews(
  backbone: Backbone,
  rows: readonly AuthorizationRow[],
  at: Instant,
): Promise<readonly CurrentLevelView[]> {
  const ids = [...new Set(rows.flatMap(({ means }) => (means === null ? [] : [means])))];
  const means = await backbone.readModels.store.load<MeansRow>(meansProjection, ids);
  const policy = { rules: backbone.rules, levelPolicy: timedLevelPolicy(backbone.governance) };
  return rows.map((row) => {
    const holds = row.means === null ? undefined : means.get(row.means);
    const { level, eidas, reasons } = currentLevel(row, holds, policy, at);
    return {
      authorization: row.id,
      status: standingAt(row, at),
      representedParty: row.representedParty,
      means: row.means,
      m: row.m,
      registeredLevel: row.eh,
      level,
      eidas,
      reasons: [...reasons],
    };
  });
}
