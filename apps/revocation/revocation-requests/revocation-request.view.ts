import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { authorizationAspects } from '#libs/application';
import { AspectView, DEADLINE_REFUSALS } from '#libs/composition';
import {
  lateAtOf,
  objectKey,
  type EffectedLine,
  type Means,
  type RevocationLine,
  type RevocationRequest,
} from '#libs/domain';
import type { Instant } from '#libs/kernel';
import { named, OneOf } from '#libs/platform';
import { currentRuleSet, EH_LEVELS } from '#libs/scheme';
import { meansOfCertificate, type RevocationDeadlineRow } from './revocation-deadlines.projection.js';
import { DEADLINE_STANDINGS, deadlineStanding } from './time-to-deadline.js';

/** Roles in which somebody asks (classification.md §3.1). */
export const REQUESTER_ROLES = [
  'legalRepresentative',
  'trustee',
  'authorizedParty',
  'administrator',
  'court',
  'other',
] as const;

export const REVOCATION_STATUSES = [
  'received',
  'withdrawn',
  'refused',
  'accepted',
  'effected',
] as const satisfies readonly Exclude<RevocationRequest['status'], 'none'>[];

/** What may be asked of an object. */
export const REQUESTED_MUTATIONS = ['revocation', 'suspension'] as const;
named('RequestedMutation', REQUESTED_MUTATIONS, 'What is asked of an object');

named('RevocationStatus', REVOCATION_STATUSES, 'How far a revocation request is');
named('DeadlineStanding', DEADLINE_STANDINGS, 'How an open request stands to its deadline');

/** Why a request is refused: the codes of evaluation 3, and what the command itself looks at. */
const REVOCATION_REFUSALS = named(
  'RevocationRefusal',
  [
    ...DEADLINE_REFUSALS,
    ...(['outside-establishment', 'no-such-registration', 'already-suspended'] as const),
    ...(['means-revoked', 'means-not-issued'] as const),
  ],
  'Why a revocation request was refused',
);

@OneOf({ RevokedAuthorizationView: ['authorization'], RevokedMeansView: ['means'] })
export class RevokedObjectView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The authorization' }) readonly authorization?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The means' }) readonly means?: string;
}

@OneOf({
  RequestedAuthorizationView: ['authorization'],
  RequestedMeansView: ['means'],
  LeaverView: ['person', 'party'],
})
export class RequestedObjectView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The authorization' }) readonly authorization?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The means' }) readonly means?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Who leaves' }) readonly person?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The party that he leaves' }) readonly party?: string;
}

const LINE_STATUSES = ['refused', 'accepted', 'effected'] as const;
named('RevocationLineStatus', LINE_STATUSES, 'What became of one object of somebody who leaves');

class RevocationLineView {
  @ApiProperty({ description: 'The authorization or the means' }) object!: RevokedObjectView;
  @ApiProperty({ enum: LINE_STATUSES }) status!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Its own level: by that it was judged (REV-04)' }) level!: string;
  @ApiProperty({ enum: REVOCATION_REFUSALS, isArray: true, description: 'Why it was refused' })
  codes!: readonly string[];
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Deadline (REV-03)' })
  dueAt!: string | null;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it ended' }) effectedAt?: string;
  @ApiPropertyOptional({ description: 'Another request had revoked it before' }) alreadyRevoked?: boolean;
  @ApiPropertyOptional({ description: 'Ended or refused later than its deadline, or not at once (REV-06)' })
  breached?: boolean;
}

class CertificateLegView {
  @ApiProperty({ format: 'uuid', description: 'The means that the certificate is on' }) readonly means!: string;
  @ApiProperty({ format: 'date-time', description: 'Until when it has to be revoked at its provider (AMB-15)' })
  readonly dueAt!: string;
  @ApiProperty({ enum: DEADLINE_STANDINGS }) readonly deadline!: string;
}

class RequesterView {
  @ApiProperty({ enum: REQUESTER_ROLES, description: 'In which role he asks (REV-01)' }) readonly role!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Who asks; a court has no person' }) readonly person?: string;
}

export class RequesterIdentificationView {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: 'IO score of his own checks' })
  readonly ioScore!: number;
  @ApiPropertyOptional({ enum: EH_LEVELS, description: 'Level of his login' }) readonly authenticatedLevel?: string;
  @ApiPropertyOptional({ enum: EH_LEVELS, description: 'Level of his authority as an administrator' })
  readonly administrationLevel?: string;
  @ApiPropertyOptional({ description: 'The order of the court was verified' }) readonly courtOrderVerified?: boolean;
}

export class RevocationRequestView {
  @ApiProperty({ format: 'uuid', description: 'Id of the request' }) id!: string;
  @ApiProperty({ enum: REQUESTED_MUTATIONS }) mutation!: string;
  @ApiProperty({ enum: REVOCATION_STATUSES }) status!: string;
  @ApiProperty({ description: 'The authorization, the means, or who leaves which party' }) object!: RequestedObjectView;
  @ApiPropertyOptional({
    type: RevocationLineView,
    isArray: true,
    description: 'Of somebody who leaves, once it is decided: each of his objects, with what became of it',
  })
  lines?: readonly RevocationLineView[];
  @ApiProperty({ format: 'uuid', description: 'Intake that it came in on' }) application!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ format: 'date-time', description: 'Arrival at the participant' }) receivedAt!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the object (AMB-67, AMB-72)' }) level!: string;
  @ApiProperty({ description: 'Who asks' }) requester!: RequesterView;
  @ApiProperty({ description: 'How the requester was identified (REV-05)' })
  identification!: RequesterIdentificationView;
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
  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description:
      'Deadline (REV-03); of one that was received, should it be accepted; of one refused or withdrawn, missed',
  })
  dueAt?: string | null;
  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'Of one on paper that is not carried out yet and would leave a certificate: until when that has to be revoked at its provider, counted from the receipt as well (PI4). The work list and `deadline` go by the earlier of both',
  })
  certificateDueAt?: string;
  @ApiPropertyOptional({
    enum: DEADLINE_STANDINGS,
    description:
      'Of one that is not carried out yet: `near` from half of its time on, counted in working days (REV-09); `passed` also of one to be carried out at once that was not (CAL-03)',
  })
  deadline?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was accepted or refused' }) decidedAt?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the requester took it back' }) withdrawnAt?: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it was carried out; where it had been revoked or suspended before, when that was',
  })
  effectedAt?: string;
  @ApiPropertyOptional({ description: 'It had been revoked before; of a suspension: or had expired' })
  alreadyRevoked?: boolean;
  @ApiPropertyOptional({ description: 'Of a suspension: one of the same kind stood already' })
  alreadySuspended?: boolean;
  @ApiPropertyOptional({
    description:
      'Carried out, refused or withdrawn after its deadline, or not at once, counted from its receipt (REV-06, CAL-03)',
  })
  breached?: boolean;
  @ApiPropertyOptional({
    enum: ['revoke-certificate-at-csp'],
    isArray: true,
    description:
      'What has to be done besides: revoke the certificate at its certification service provider. Once it is carried out by what its means were when they ended: that a certificate was left that stood; before that by the level alone. `certificates` of `GET` say which of them are still to be revoked',
  })
  flags?: readonly string[];
  @ApiPropertyOptional({
    type: CertificateLegView,
    isArray: true,
    description:
      'On `GET` alone, of one that was carried out: certificates that it left and that are not known to be revoked at their provider yet',
  })
  certificates?: readonly CertificateLegView[];
  @ApiPropertyOptional({
    description:
      'On the work list only: the item is of this certificate, which the request has left and which is not known to be revoked at its certification service provider yet (PI4). Several items may be of one request; `means` tells them apart',
  })
  certificate?: CertificateLegView;
  @ApiPropertyOptional({ enum: REVOCATION_REFUSALS, isArray: true, description: 'Why it was refused' })
  codes?: readonly string[];
}

export class RevocationRequestAnswer extends RevocationRequestView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class RevocationRequestPage {
  @ApiProperty({
    type: RevocationRequestView,
    isArray: true,
    description: 'Newest first; of the work list what is due first, certificates that were left among requests',
  })
  items!: RevocationRequestView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export const revocationRequestExample = {
  id: '4d3c2b1a-1111-4222-8333-944455566677',
  mutation: 'revocation',
  status: 'effected',
  object: { authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44' },
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  channel: 'electronic',
  receivedAt: '2026-03-09T08:00:00.000Z',
  level: 'EH3',
  requester: { role: 'administrator', person: '3c2d4e5f-1111-4222-8333-944455566677' },
  identification: { ioScore: 0, authenticatedLevel: 'EH3', administrationLevel: 'EH3' },
  decidedAt: '2026-03-09T08:00:01.000Z',
  immediate: true,
  dueAt: null,
  effectedAt: '2026-03-09T08:00:01.000Z',
  alreadyRevoked: false,
  breached: false,
  flags: [],
};

/** Of somebody who leaves: each object by its own level. */
export const leaverExample = {
  ...revocationRequestExample,
  id: '9d3c2b1a-1111-4222-8333-944455566677',
  object: { person: '3c2d4e5f-1111-4222-8333-944455566677', party: '1c2d4e5f-1111-4222-8333-944455566677' },
  lines: [
    {
      object: revocationRequestExample.object,
      status: 'effected',
      level: 'EH3',
      codes: [],
      dueAt: null,
      effectedAt: '2026-03-09T08:00:01.000Z',
      alreadyRevoked: false,
      breached: false,
    },
    {
      object: { means: '5e6f7a8b-1111-4222-8333-944455566677' },
      status: 'refused',
      level: 'EH4',
      codes: ['requester-not-identified'],
      dueAt: null,
    },
  ],
};

/** Nobody who may ask: the request is on record all the same, with its codes. */
export const refusedRevocationExample = {
  id: '6d3c2b1a-1111-4222-8333-944455566677',
  mutation: 'revocation',
  status: 'refused',
  object: revocationRequestExample.object,
  application: revocationRequestExample.application,
  channel: 'nonElectronic',
  receivedAt: revocationRequestExample.receivedAt,
  level: 'EH3',
  requester: { role: 'other', person: '4e5f6a7b-1111-4222-8333-944455566677' },
  identification: { ioScore: 0 },
  decidedAt: '2026-03-09T10:15:00.000Z',
  codes: ['requester-not-entitled', 'requester-not-identified'],
};

/** On paper: carried out within its deadline. */
export const acceptedRevocationExample = {
  id: '7d3c2b1a-1111-4222-8333-944455566677',
  mutation: 'revocation',
  status: 'accepted',
  object: { means: '5e6f7a8b-1111-4222-8333-944455566677' },
  application: revocationRequestExample.application,
  channel: 'nonElectronic',
  receivedAt: revocationRequestExample.receivedAt,
  level: 'EH3',
  requester: { role: 'authorizedParty', person: '3c2d4e5f-1111-4222-8333-944455566677' },
  identification: { ioScore: 3 },
  decidedAt: '2026-03-09T10:15:00.000Z',
  immediate: false,
  dueAt: '2026-03-10T08:00:00.000Z',
  deadline: 'ahead',
  flags: [],
};

/** On paper, without checks: it waits for them. */
export const receivedRevocationExample = {
  id: '8d3c2b1a-1111-4222-8333-944455566677',
  mutation: 'revocation',
  status: 'received',
  object: revocationRequestExample.object,
  application: revocationRequestExample.application,
  channel: 'nonElectronic',
  receivedAt: revocationRequestExample.receivedAt,
  level: 'EH3',
  requester: { role: 'legalRepresentative', person: '3c2d4e5f-1111-4222-8333-944455566677' },
  identification: { ioScore: 0 },
  dueAt: '2026-03-10T08:00:00.000Z',
  deadline: 'near',
};

const { dueAt: _due, deadline: _deadline, ...withdrawn } = receivedRevocationExample;
export const withdrawnRevocationExample = {
  ...withdrawn,
  status: 'withdrawn',
  withdrawnAt: '2026-03-09T14:30:00.000Z',
};

/** On paper, of a means at STORK 4: it has ended here, and its certificate is not known to be revoked there. */
export const certificateExample = {
  ...acceptedRevocationExample,
  status: 'effected',
  level: 'EH4',
  deadline: undefined,
  effectedAt: '2026-03-09T10:15:00.000Z',
  alreadyRevoked: false,
  breached: false,
  flags: ['revoke-certificate-at-csp'],
  certificate: {
    ...{ means: '5e6f7a8b-1111-4222-8333-944455566677', dueAt: '2026-03-10T08:00:00.000Z', deadline: 'near' },
  },
};

/** The same with what is left to be done at the certification service provider. */
export function withCertificate(
  view: RevocationRequestView,
  { id, receivedAt, dueAt, lateAt }: RevocationDeadlineRow,
  now: Instant,
): RevocationRequestView {
  const means = meansOfCertificate(id);
  if (means === undefined) return view;
  const deadline = deadlineStanding({ receivedAt, dueAt, lateAt }, now, currentRuleSet);
  return { ...view, certificate: { means, dueAt: dueAt!, deadline } };
}

export function revocationRequestView(
  request: Exclude<RevocationRequest, { status: 'none' }>,
  now: Instant,
): RevocationRequestView {
  const {
    revocationRequest: id,
    status,
    object,
    application,
    channel,
    receivedAt,
    level,
    requester,
    identification: { authorities: _authorities, ...identification },
  } = request;
  return {
    id,
    mutation: request.mutation ?? 'revocation',
    status,
    object,
    application,
    channel,
    receivedAt,
    level,
    requester,
    identification,
    ...aspectsOf(request),
    ...('lines' in request && request.lines !== undefined ? { lines: linesOf(request.lines, request) } : {}),
    ...('decidedAt' in request ? { decidedAt: request.decidedAt } : {}),
    ...(request.status === 'received' ? { dueAt: request.dueAt } : {}),
    ...(request.status === 'received' || request.status === 'accepted'
      ? { deadline: deadlineStanding({ ...request, lateAt: lateAtOf(request) }, now, currentRuleSet) }
      : {}),
    ...((request.status === 'received' || request.status === 'accepted') && request.certificateDueAt !== undefined
      ? { certificateDueAt: request.certificateDueAt }
      : {}),
    ...(request.status === 'withdrawn' ? { withdrawnAt: request.withdrawnAt } : {}),
    ...((request.status === 'refused' || request.status === 'withdrawn') && request.breached === true
      ? { ...(request.dueAt === undefined ? {} : { dueAt: request.dueAt }), breached: true }
      : {}),
    ...(request.status === 'refused' ? { codes: request.codes } : {}),
    ...(request.status === 'refused' && request.evidence?.some(({ why }) => why === 'expired-document') === true
      ? { remedy: 'operator-may-block' }
      : {}),
    ...(request.status === 'accepted' || request.status === 'effected'
      ? { immediate: request.immediate, dueAt: request.dueAt, flags: flagsOf(request) }
      : {}),
    ...(request.status === 'effected'
      ? {
          ...{ effectedAt: request.effectedAt, alreadyRevoked: request.alreadyRevoked, breached: request.breached },
          ...(request.alreadySuspended === undefined ? {} : { alreadySuspended: request.alreadySuspended }),
        }
      : {}),
  };
}

const FLAG = 'revoke-certificate-at-csp';

/** By what it left once it is carried out; until then by the level that its objects have. */
function flagsOf(request: Extract<RevocationRequest, { status: 'accepted' | 'effected' }>): readonly string[] {
  const { object, level, mutation, lines } = request;
  if (request.status === 'effected')
    return request.certificates === undefined ? request.flags : request.certificates.length > 0 ? [FLAG] : [];
  if (lines !== undefined) return [...new Set(lines.flatMap((line) => (line.accepted ? line.flags : [])))];
  return 'means' in object && mutation === undefined && level === 'EH4' ? [FLAG] : [];
}

/** The certificates that it left, as the means say that they stand. */
export function certificatesOf(means: readonly Means[], now: Instant): readonly CertificateLegView[] {
  return means.flatMap((state) => {
    if (state.status !== 'revoked' || state.leg === undefined || state.certificateRevokedAt !== undefined) return [];
    const { receivedAt, dueAt, endsAt } = state.leg;
    if (endsAt !== undefined && endsAt <= now) return [];
    const deadline = deadlineStanding({ receivedAt, dueAt, lateAt: dueAt }, now, currentRuleSet);
    return [{ means: state.id, dueAt, deadline }];
  });
}

function linesOf(
  lines: readonly RevocationLine[],
  request: Exclude<RevocationRequest, { status: 'none' }>,
): readonly RevocationLineView[] {
  const ended = request.status === 'effected' ? (request.effectedLines ?? []) : [];
  const effected = new Map(ended.map((line) => [objectKey(line.object), line]));
  return lines.map(({ object, level, accepted, codes, dueAt, breached }) => {
    const {
      object: _object,
      became: _became,
      ...outcome
    } = effected.get(objectKey(object)) ?? ({} as Partial<EffectedLine>);
    const status = !accepted ? 'refused' : 'effectedAt' in outcome ? 'effected' : 'accepted';
    return { object, status, level, codes, dueAt, ...(breached === undefined ? {} : { breached }), ...outcome };
  });
}

/** IO of the requester, by the rows of either book (REV-05). */
function aspectsOf({ rows, evidence, identification }: Exclude<RevocationRequest, { status: 'none' }>) {
  if (rows === undefined || evidence === undefined) return {};
  const judged = { scores: { IO: identification.ioScore }, rows };
  return { aspects: authorizationAspects(judged, ['first', 'repeated'], evidence, currentRuleSet) };
}
