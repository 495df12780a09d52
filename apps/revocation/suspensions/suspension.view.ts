import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { authorizationAspects } from '#libs/application';
import { AspectView } from '#libs/composition';
import { BLOCKING_REASONS, SUSPENDERS, type Lifted, type Suspended } from '#libs/domain';
import { currentRuleSet, EH_LEVELS } from '#libs/scheme';
import { RequesterIdentificationView, RevokedObjectView } from '../revocation-requests/revocation-request.view.js';
import { SUSPENSION_ROLES } from './suspension.requests.js';

class SuspensionRequesterView {
  @ApiProperty({ enum: SUSPENSION_ROLES, description: 'In which role he asked' }) readonly role!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Who asked; a court and the operator have no person' })
  readonly person?: string;
}

/** What was recorded of a suspension, or of its end. */
export class SuspensionView {
  @ApiProperty({ description: 'The authorization or the means' }) object!: RevokedObjectView;
  @ApiProperty({ type: 'boolean', description: 'A suspension stands: this one, or another one beside it' })
  suspended!: boolean;
  @ApiProperty({ enum: SUSPENDERS, isArray: true, description: 'Whose suspensions stand now' })
  suspendedBy!: readonly string[];
  @ApiProperty({ enum: SUSPENDERS, description: 'Whose suspension this is about' }) by!: string;
  @ApiPropertyOptional({ enum: BLOCKING_REASONS, description: 'Why the operator blocked (REV-10)' }) reason?: string;
  @ApiProperty({ format: 'uuid', description: 'Intake that it came in on' }) application!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ format: 'date-time', description: 'Arrival at the participant' }) receivedAt!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the object (AMB-67, AMB-72)' }) level!: string;
  @ApiProperty({ description: 'Who asked' }) requester!: SuspensionRequesterView;
  @ApiProperty({ description: 'How the requester was identified (REV-05)' })
  identification!: RequesterIdentificationView;
  @ApiProperty({ type: AspectView, isArray: true, description: 'What his checks earned on IO, and how each stood' })
  aspects!: readonly AspectView[];
  @ApiProperty({ description: 'To be carried out at once (CAL-03)' }) immediate!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Deadline (REV-03, TURN-01)' })
  dueAt!: string | null;
  @ApiProperty({ format: 'date-time', description: 'When it was carried out' }) effectedAt!: string;
  @ApiProperty({ description: 'Carried out after its deadline (REV-06)' }) breached!: boolean;
}

export class SuspensionAnswer extends SuspensionView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export function suspensionView(
  object: { readonly authorization: string } | { readonly means: string },
  fact: Suspended | Lifted,
  suspendedBy: readonly string[],
): SuspensionView {
  const { by, application, channel, receivedAt, level, requester, rows, evidence } = fact;
  const { authorities: _authorities, ...identification } = fact.identification;
  const { immediate, dueAt, breached } = fact;
  return {
    object,
    suspended: suspendedBy.length > 0,
    suspendedBy,
    by,
    ...('reason' in fact && fact.reason !== undefined ? { reason: fact.reason } : {}),
    ...{ application, channel, receivedAt, level, requester, identification },
    aspects: authorizationAspects(
      { scores: { IO: identification.ioScore }, rows },
      ['first', 'repeated'],
      evidence,
      currentRuleSet,
    ),
    ...{ immediate, dueAt, effectedAt: 'suspendedAt' in fact ? fact.suspendedAt : fact.liftedAt, breached },
  };
}

export const suspensionExample = {
  object: { authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44' },
  suspended: true,
  suspendedBy: ['party'],
  by: 'party',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  channel: 'electronic',
  receivedAt: '2026-03-09T08:00:00.000Z',
  level: 'EH3',
  requester: { role: 'administrator', person: '3c2d4e5f-1111-4222-8333-944455566677' },
  identification: { ioScore: 3, authenticatedLevel: 'EH3', administrationLevel: 'EH3' },
  aspects: [{ aspect: 'IO', score: 3, rows: ['R-IO3-c'], checks: [] }],
  immediate: true,
  dueAt: null,
  effectedAt: '2026-03-09T08:00:01.000Z',
  breached: false,
};

export const blockExample = {
  ...suspensionExample,
  object: { means: '5e6f7a8b-1111-4222-8333-944455566677' },
  suspendedBy: ['operator'],
  by: 'operator',
  reason: 'compromise',
  requester: { role: 'operator' },
  identification: { ioScore: 0 },
  aspects: [{ aspect: 'IO', score: 0, rows: [], checks: [] }],
};

export const reinstatementExample = { ...suspensionExample, suspended: false, suspendedBy: [] };
