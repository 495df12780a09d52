import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import { meansAspects, type MeansRow } from '#libs/application';
import {
  certificateLifeOf,
  MEANS_STATUSES,
  restrictionOf,
  SUSPENDERS,
  type HolderIdentified,
  type Means,
  type MeansEvent,
  type MeansIssued,
  type MeansRenewed,
  type MeansUpgraded,
} from '#libs/domain';
import { referenceTo } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';
import { AspectView } from './aspect.view.js';
import type { PartialMeansView } from './partial.view.js';

const STORK = { type: 'integer', minimum: 1, maximum: 4 } as const;

/** A means as it is shown: how far it is, and what its level rests on. */
export class MeansView {
  @ApiProperty({ format: 'uuid', description: 'Id of the means' }) id!: string;
  @ApiProperty({ enum: MEANS_STATUSES }) status!: string;
  @ApiPropertyOptional({ enum: SUSPENDERS, isArray: true, description: 'While a suspension stands: whose (SUS-03)' })
  suspendedBy?: readonly string[];
  @ApiProperty({ format: 'uuid', description: 'Intake it was applied for on' }) application!: string;
  @ApiProperty({ format: 'uuid', description: 'The person who holds it' }) holder!: string;
  @ApiProperty({ description: 'Internal pseudonym of the holder with this means (MEANS-09)' }) pseudonym!: string;
  @ApiProperty({ description: 'Product of the catalogue' }) product!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Service consumer it was applied for (MEANS-10)' })
  party?: string;
  @ApiPropertyOptional({ description: 'It is used at this provider and nowhere else (REST-01); not shown in lists' })
  restrictedToProvider?: string;
  @ApiPropertyOptional({
    type: String,
    isArray: true,
    description: 'Of that provider, these services only; not shown in lists',
  })
  restrictedToServices?: readonly string[];
  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'When its certificate ends, or ended by the record that it was revoked: the means is not usable from then on; not shown in lists',
  })
  certificateEndsAt?: string;
  @ApiPropertyOptional({ description: 'Its certificate was revoked (SIG-01); not shown in lists' })
  certificateRevoked?: boolean;
  @ApiPropertyOptional({ ...STORK, description: 'STORK level aimed at (REG-16); not shown in lists' })
  aimedStork?: number;
  @ApiPropertyOptional({ ...STORK, description: 'STORK level; present once issued' }) stork?: number;
  @ApiPropertyOptional({ ...STORK, description: 'Level of identification and issuance; present once issued' })
  issuanceLevel?: number;
  @ApiPropertyOptional({ ...referenceTo('MeansScores'), description: 'Scores of ID, IC, IE, RC, AM' })
  scores?: Record<string, unknown>;
  @ApiPropertyOptional({ ...referenceTo('MeansRows'), description: 'Rows that earn the scores' })
  rows?: Record<string, unknown>;
  @ApiPropertyOptional({ ...referenceTo('MeansCriteria'), description: 'Criteria of the identification that are met' })
  criteria?: Record<string, unknown>;
  @ApiPropertyOptional({ type: 'string', format: 'uuid', isArray: true, description: 'Checks it rests on' })
  checks?: readonly string[];
  @ApiPropertyOptional({
    type: AspectView,
    isArray: true,
    description: 'Each element with its checks, also those that joined by themselves',
  })
  aspects?: readonly AspectView[];
  @ApiProperty({ required: false, description: 'Version of the rules it was judged by' }) ruleSet?: string;
}

export class MeansAnswer extends MeansView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

/** An authorization that an upgrade leaves below the level aimed at (UPG-03). */
export class BelowTargetView {
  @ApiProperty({ format: 'uuid', description: 'Id of the authorization' }) readonly authorization!: string;
  @ApiProperty({ ...STORK, description: 'Class of the authorization, which the upgrade leaves as it is' })
  readonly m!: number;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level with the upgraded means; null: none' })
  readonly level!: string | null;
}

export class UpgradeAnswer extends MeansAnswer {
  @ApiProperty({
    type: BelowTargetView,
    isArray: true,
    description: 'Its authorizations that stay below the level aimed at: they are renewed or changed by themselves',
  })
  staysBelow!: readonly BelowTargetView[];
  @ApiProperty({ description: 'There are more of them than are listed' }) staysBelowMore!: boolean;
}

export class MeansPage {
  @ApiProperty({ type: 'array', items: referenceTo('SeenMeans'), description: 'Newest first' })
  items!: (MeansView | PartialMeansView)[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export const meansExample = {
  id: '5e6f7a8b-1111-4222-8333-944455566677',
  status: 'issued',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  holder: '3c2d4e5f-1111-4222-8333-944455566677',
  pseudonym: 'b6c1e0f8-5a0e-4c57-9d35-0c3a9b1f2d44',
  product: 'password-sms',
  aimedStork: 3,
  stork: 3,
  issuanceLevel: 3,
  scores: { ID: 3, IC: 3, IE: 2, RC: 3, AM: 3 },
  rows: { ID: ['MEANS-ID3-v2'], IC: ['MEANS-IC3'], IE: ['MEANS-IE2'], RC: ['MEANS-RC3'], AM: ['MEANS-AM3'] },
  ruleSet: 'eh-1.5.1',
};

export const activeMeansExample = { ...meansExample, status: 'active' };

/** Its certificate was revoked where it was issued: not usable until it is renewed. */
export const revokedCertificateExample = {
  ...activeMeansExample,
  product: 'certificate-card',
  certificateEndsAt: '2026-03-09T08:00:00.000Z',
  certificateRevoked: true,
};

/** At STORK 3 by an upgrade, with an authorization that stays where it was. */
export const upgradedMeansExample = {
  ...activeMeansExample,
  staysBelow: [{ authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44', m: 2, level: 'EH2+' }],
  staysBelowMore: false,
};

/** For filing returns at the Tax Administration. */
export const restrictedExample = { product: 'eh3-bd', restrictedToProvider: '00000099800000003000' };

/** Just applied for: nothing is judged yet. */
export const appliedMeansExample = {
  id: meansExample.id,
  status: 'applied',
  application: meansExample.application,
  holder: meansExample.holder,
  pseudonym: meansExample.pseudonym,
  product: meansExample.product,
  aimedStork: meansExample.aimedStork,
};

/** Its holder is identified: there is a score of that element only. */
export const identifiedMeansExample = {
  ...appliedMeansExample,
  status: 'identified',
  scores: { ID: 3 },
  rows: { ID: ['MEANS-ID3-v2'] },
  criteria: { appearance: 'i.b', attributes: 'ii.c', validation: 'iii.e' },
  checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
  ruleSet: 'eh-1.5.1',
};

type Judgement = HolderIdentified['data'] | MeansIssued['data'] | MeansUpgraded['data'] | MeansRenewed['data'];
const JUDGED: ReadonlySet<string> = new Set<MeansEvent['type']>([
  'HolderIdentified',
  'MeansIssued',
  'MeansUpgraded',
  'MeansRenewed',
]);

/** The means with the newest judgement in its own history. */
export function meansView(
  means: Exclude<Means, { status: 'none' }>,
  history: readonly Recorded<DomainEvent>[],
): MeansView {
  const judged = history.findLast(({ type }) => JUDGED.has(type));
  const judgement = judged?.data as Judgement | undefined;
  return {
    id: means.id,
    status: means.status,
    application: means.application,
    holder: means.holder,
    pseudonym: means.pseudonym,
    product: means.product,
    ...(means.status === 'suspended' ? { suspendedBy: means.suspensions.map(({ by }) => by) } : {}),
    ...(means.party === undefined ? {} : { party: means.party }),
    ...restrictionOf(means),
    ...('tokenSince' in means ? certificateLifeOf(means) : {}),
    ...('certificateRevokedAt' in means && means.certificateRevokedAt !== undefined
      ? { certificateRevoked: true }
      : {}),
    aimedStork: means.aimedStork,
    ...('stork' in means && means.stork !== undefined ? { stork: means.stork } : {}),
    ...('issuanceLevel' in means && means.issuanceLevel !== undefined ? { issuanceLevel: means.issuanceLevel } : {}),
    ...(judgement === undefined
      ? {}
      : { scores: judgement.scores, rows: judgement.rows, criteria: judgement.criteria, checks: judgement.checks }),
    ...(judgement?.evidence === undefined ? {} : { aspects: meansAspects(judgement, judgement.evidence) }),
    ...(judged?.metadata.ruleSet === undefined ? {} : { ruleSet: judged.metadata.ruleSet }),
  };
}

export const meansItem = (row: MeansRow): MeansView => ({
  id: row.id,
  status: row.status,
  application: row.application,
  holder: row.holder,
  pseudonym: row.pseudonym,
  product: row.product,
  ...(row.party === null ? {} : { party: row.party }),
  ...(row.stork === null ? {} : { stork: row.stork }),
  ...(row.issuanceLevel === null ? {} : { issuanceLevel: row.issuanceLevel }),
});
