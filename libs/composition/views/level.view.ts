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
import { named } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';
import { USE_REFUSALS } from '../contract/classification-components.js';

export const EIDAS_LEVELS = named('EidasLevel', ['low', 'substantial', 'high'] as const, 'Level in the words of eIDAS');

/** The level of an authorization, as recorded and as it is now. */
export class CurrentLevelView {
  @ApiProperty({ format: 'uuid', description: 'Id of the authorization' }) authorization!: string;
  @ApiProperty({ enum: STANDINGS, description: 'How the authorization stands' }) status!: string;
  @ApiProperty({ format: 'uuid', description: 'The party that is represented' }) representedParty!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The linked means; null: to a party' })
  means!: string | null;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4, description: 'M as recorded at registration' })
  m!: number;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level as recorded at registration' })
  registeredLevel!: string | null;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level it may be used at now' }) level!: string | null;
  @ApiProperty({ enum: EIDAS_LEVELS, nullable: true, description: 'The same in the words of eIDAS' }) eidas!:
    string | null;
  @ApiProperty({ enum: USE_REFUSALS, isArray: true, description: 'Why there is no level now' }) reasons!: string[];
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

/** An authorization whose means is revoked: there is no level any more. */
export const noLevelExample = {
  ...currentLevelExample,
  level: null,
  eidas: null,
  reasons: ['means-not-active'],
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
