import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { authorizationAspects } from '#libs/application';
import { AspectView } from '#libs/composition';
import type { RevocationRequest } from '#libs/domain';
import { currentRuleSet } from '#libs/scheme';

export const REVOCATION_STATUSES = ['received', 'refused', 'accepted', 'effected'] as const satisfies readonly Exclude<
  RevocationRequest['status'],
  'none'
>[];

export class RevocationRequestView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: REVOCATION_STATUSES }) status!: string;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The authorization or means' })
  object!: object;
  @ApiProperty({ format: 'uuid' }) application!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ format: 'date-time', description: 'Arrival at the participant' }) receivedAt!: string;
  @ApiProperty({ description: 'Level of the object (AMB-67, AMB-72)' }) level!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) requester!: object;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'How the requester was identified (REV-05)' })
  identification!: object;
  @ApiPropertyOptional({
    type: AspectView,
    isArray: true,
    description: 'What his own checks earned on IO, and how each of them stood',
  })
  aspects?: readonly AspectView[];
  @ApiPropertyOptional({
    enum: ['operator-may-block'],
    description:
      'Of a refused request: a document has expired, and whoever has lost his means can’t always show another (REV-10)',
  })
  remedy?: string;
  @ApiPropertyOptional({ description: 'To be carried out at once (CAL-03)' }) immediate?: boolean;
  @ApiPropertyOptional({ type: 'string', format: 'date-time', nullable: true, description: 'Deadline (REV-03)' })
  dueAt?: string | null;
  @ApiPropertyOptional({ format: 'date-time' }) effectedAt?: string;
  @ApiPropertyOptional({ description: 'Another request had revoked it before' }) alreadyRevoked?: boolean;
  @ApiPropertyOptional({ description: 'Carried out after its deadline (REV-06)' }) breached?: boolean;
  @ApiPropertyOptional({ type: 'string', isArray: true }) flags?: readonly string[];
  @ApiPropertyOptional({ type: 'string', isArray: true, description: 'Why it was refused' }) codes?: readonly string[];
}

export class RevocationRequestAnswer extends RevocationRequestView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class RevocationRequestPage {
  @ApiProperty({ type: RevocationRequestView, isArray: true }) items!: RevocationRequestView[];
  @ApiProperty({ type: 'string', nullable: true }) next!: string | null;
}

export const revocationRequestExample = {
  id: '4d3c2b1a-1111-4222-8333-944455566677',
  status: 'effected',
  object: { authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44' },
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  channel: 'electronic',
  receivedAt: '2026-03-09T08:00:00.000Z',
  level: 'EH3',
  requester: { role: 'administrator', person: '3c2d4e5f-1111-4222-8333-944455566677' },
  identification: { ioScore: 0, authenticatedLevel: 'EH3', administrationLevel: 'EH3' },
  immediate: true,
  dueAt: null,
  effectedAt: '2026-03-09T08:00:01.000Z',
  alreadyRevoked: false,
  breached: false,
  flags: [],
};

export function revocationRequestView(request: Exclude<RevocationRequest, { status: 'none' }>): RevocationRequestView {
  const {
    revocationRequest: id,
    status,
    object,
    application,
    channel,
    receivedAt,
    level,
    requester,
    identification,
  } = request;
  return {
    id,
    status,
    object,
    application,
    channel,
    receivedAt,
    level,
    requester,
    identification,
    ...aspectsOf(request),
    ...(request.status === 'refused' ? { codes: request.codes } : {}),
    ...(request.status === 'refused' && request.evidence?.some(({ why }) => why === 'expired-document') === true
      ? { remedy: 'operator-may-block' }
      : {}),
    ...(request.status === 'accepted' || request.status === 'effected'
      ? { immediate: request.immediate, dueAt: request.dueAt, flags: request.flags }
      : {}),
    ...(request.status === 'effected'
      ? { effectedAt: request.effectedAt, alreadyRevoked: request.alreadyRevoked, breached: request.breached }
      : {}),
  };
}

/** IO of the requester, by the rows of either book (REV-05). */
function aspectsOf({ rows, evidence, identification }: Exclude<RevocationRequest, { status: 'none' }>) {
  if (rows === undefined || evidence === undefined) return {};
  const judged = { scores: { IO: identification.ioScore }, rows };
  return { aspects: authorizationAspects(judged, ['first', 'repeated'], evidence, currentRuleSet) };
}
