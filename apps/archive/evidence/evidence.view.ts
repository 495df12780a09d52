import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import {
  DESTRUCTION_GROUNDS,
  EVIDENCE_MEDIA_TYPES,
  EVIDENCE_STATUSES,
  type EvidenceUploaded,
  type RecordedEvidence,
} from '#libs/domain';
import { named } from '#libs/platform';
import { KINDS, PARTS, ROLES, SHIELDED } from './evidence.requests.js';

const STATUSES = named('EvidenceStatus', EVIDENCE_STATUSES, 'Whether a file waits, stays or is gone');
const MEDIA_TYPES = named('EvidenceMediaType', EVIDENCE_MEDIA_TYPES, 'What a file is');
const GROUNDS = named('DestructionGround', DESTRUCTION_GROUNDS, 'Why a file was destroyed');

export class EvidenceCopyView {
  @ApiProperty({ enum: ROLES, description: 'For what it was given' }) role!: string;
  @ApiProperty({ format: 'uuid', description: 'Whose document it is a copy of' }) person!: string;
  @ApiProperty({ format: 'uuid', description: 'The document' }) document!: string;
  @ApiProperty({ enum: SHIELDED, description: 'How far it is shielded' }) shielding!: string;
  @ApiProperty({ enum: PARTS, isArray: true, description: 'What is masked, as was attested' })
  masked!: readonly string[];
}

export class EvidenceDecisionView {
  @ApiProperty({ format: 'uuid', required: false, description: 'The authorization that was decided about' })
  authorization?: string;
  @ApiProperty({ format: 'uuid', required: false, description: 'The means that was decided about' }) means?: string;
  @ApiProperty({ format: 'uuid', required: false, description: 'The request to revoke or to suspend that was decided' })
  revocationRequest?: string;
  @ApiProperty({ type: 'integer', description: 'Its level, M or STORK; of a request that of its object' })
  level!: number;
}

/** A piece of evidence as it is shown: what is known of the file, and never the file. */
export class EvidenceView {
  @ApiProperty({ format: 'uuid', description: 'Id of the evidence' }) id!: string;
  @ApiProperty({ format: 'uuid', description: 'Intake that it belongs to' }) application!: string;
  @ApiProperty({ enum: STATUSES, description: 'Whether it waits, stays or is gone' }) status!: string;
  @ApiProperty({ enum: MEDIA_TYPES, description: 'What the file is, as its bytes show' }) mediaType!: string;
  @ApiProperty({ type: 'integer', description: 'Bytes of the file' }) size!: number;
  @ApiProperty({ required: false, description: 'As `Content-Digest` gave it; absent once it was destroyed' })
  contentDigest?: string;
  @ApiProperty({ format: 'date-time', description: 'When it came in' }) uploadedAt!: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'When it is destroyed unless it is kept by then' })
  quarantinedUntil?: string;
  @ApiProperty({ enum: KINDS, required: false, description: 'What it shows, once it was described' }) kind?: string;
  @ApiProperty({ type: EvidenceCopyView, required: false, description: 'Of a copy of an identity document' })
  copy?: EvidenceCopyView;
  @ApiProperty({ required: false, description: 'Of an agreement: which one, as policy names it' }) reference?: string;
  @ApiProperty({ type: EvidenceDecisionView, required: false, description: 'By which it stays or went' })
  decision?: EvidenceDecisionView;
  @ApiProperty({ format: 'date-time', required: false, description: 'Since when it is kept' }) keptAt?: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'When it was destroyed' }) destroyedAt?: string;
  @ApiProperty({ enum: GROUNDS, required: false, description: 'Why it was destroyed' }) ground?: string;
}

export class EvidenceAnswer extends EvidenceView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

/** `digest`: SHA-256 in hexadecimal digits; absent where it opens no more. */
export function evidenceView(state: RecordedEvidence, digest: string | undefined): EvidenceView {
  const { id, application, status, mediaType, size, uploadedAt, quarantinedUntil, description } = state;
  const decision = state.status === 'quarantined' ? undefined : state.decision;
  return {
    ...{ id, application, status, mediaType, size },
    ...(digest === undefined || status === 'destroyed' ? {} : { contentDigest: asField(digest) }),
    uploadedAt,
    ...(status === 'quarantined' ? { quarantinedUntil } : {}),
    ...(description === undefined ? {} : { kind: description.kind }),
    ...(description?.kind === 'idCopy' ? { copy: copyOf(description) } : {}),
    ...(description?.kind === 'agreement' ? { reference: description.reference } : {}),
    ...(decision === undefined ? {} : { decision: { ...decision.of, level: decision.level } }),
    ...(state.status === 'kept' ? { keptAt: state.keptAt } : {}),
    ...(state.status === 'destroyed' ? { destroyedAt: state.destroyedAt, ground: state.ground } : {}),
  };
}

type CopyDescription = Extract<NonNullable<RecordedEvidence['description']>, { kind: 'idCopy' }>;

const copyOf = ({ role, person, document, shielding, masked }: CopyDescription): EvidenceCopyView => ({
  ...{ role, person, document, shielding, masked },
});

const asField = (digest: string): string => `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`;

/** The digest that was kept with the file; `undefined` where its key is gone. */
export async function digestOf(sealer: Sealer, history: readonly Recorded<DomainEvent>[]): Promise<string | undefined> {
  const uploaded = history[0];
  if (uploaded === undefined) return undefined;
  const { digest } = uploaded.data as EvidenceUploaded['data'];
  try {
    return await openMember(sealer, uploaded, 'digest', digest);
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}

const person = '3c2d4e5f-1111-4222-8333-944455566677';
const document = '9a8b7c6d-1111-4222-8333-944455566677';

const scan = {
  id: '6b5a4c3d-1111-4222-8333-944455566677',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  mediaType: 'image/jpeg',
  size: 481_516,
  uploadedAt: '2026-03-02T10:12:00.000Z',
};
const contentDigest = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:';

export const quarantinedExample = {
  ...{ ...scan, contentDigest, status: 'quarantined' },
  quarantinedUntil: '2026-03-30T10:12:00.000Z',
};

const copy = {
  ...{ role: 'registration', person, document, shielding: 'full' },
  masked: ['photo', 'citizenServiceNumber', 'nationality', 'machineReadableZone'],
};

/** A copy that was described and waits for the decision. */
export const describedExample = { ...quarantinedExample, kind: 'idCopy', copy };

const authorization = '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44';

export const keptExample = {
  ...{ ...scan, contentDigest, status: 'kept', kind: 'idCopy', copy },
  decision: { authorization, level: 3 },
  keptAt: '2026-03-04T09:00:00.000Z',
};

export const destroyedExample = {
  ...{ ...scan, status: 'destroyed', kind: 'idCopy', copy },
  decision: { authorization, level: 2 },
  destroyedAt: '2026-03-04T09:00:00.000Z',
  ground: 'belowLevel3',
};

/** A file that was taken back while it waited. */
export const withdrawnExample = {
  ...{ ...scan, status: 'destroyed', kind: 'idCopy', copy },
  destroyedAt: '2026-03-02T10:30:00.000Z',
  ground: 'withdrawn',
};

/** What is no copy is kept by what it is. */
export const mandateExample = {
  id: '6b5a4c3d-1111-4222-8333-944455566678',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  status: 'kept',
  mediaType: 'application/pdf',
  size: 21_034,
  contentDigest,
  uploadedAt: '2026-03-02T10:12:00.000Z',
  kind: 'mandateDecision',
  keptAt: '2026-03-02T10:20:00.000Z',
};
