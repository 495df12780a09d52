import { ApiProperty } from '@nestjs/swagger';
import { DESTRUCTION_REASONS, type DestroyedRange, type RecordedDestruction } from '#libs/domain';
import { named } from '#libs/platform';
import { KEPT_KINDS } from '#libs/application';
import { recordsIn, type DestructionRow } from './destructions.projection.js';
import { STATUSES } from './retention.requests.js';

const REASONS = named('DestructionReason', DESTRUCTION_REASONS, 'Why a batch was destroyed');
const KINDS = named('KeptKind', KEPT_KINDS, 'Kinds of objects that are kept and, one day, destroyed');

export class DestroyedObjectView {
  @ApiProperty({ enum: KINDS, description: 'What it was' }) kind!: string;
  @ApiProperty({ format: 'uuid', description: 'Its id, which says nothing of anybody any more' }) id!: string;
}

export class DestroyedRangeView {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'First entry of the transparency log' }) first!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Last one, which belongs to it' }) last!: number;
}

class DestructionInBrief {
  @ApiProperty({ format: 'uuid', description: 'The batch' }) id!: string;
  @ApiProperty({ enum: STATUSES, description: '`destroying` until keys, files and records are gone' }) status!: string;
  @ApiProperty({ enum: REASONS, description: 'Why' }) reason!: string;
  @ApiProperty({ format: 'date-time', description: 'When that was decided' }) destroyedAt!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Records of the archive that are gone, with their salts' })
  records!: number;
}

export class DestructionListedView extends DestructionInBrief {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Objects of the batch' }) objects!: number;
}

export class DestructionView extends DestructionInBrief {
  @ApiProperty({ type: 'integer', minimum: 7, description: 'Years that were kept to (ARCH-10)' })
  retentionYears!: number;
  @ApiProperty({
    type: DestroyedObjectView,
    isArray: true,
    description: 'Whose keys and records were destroyed: of a stream every record, never some',
  })
  objects!: readonly DestroyedObjectView[];
  @ApiProperty({
    type: DestroyedRangeView,
    isArray: true,
    description: 'Entries of the transparency log whose records are gone; the entries stay',
  })
  indexes!: readonly DestroyedRange[];
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Sealed files that went with them' }) files!: number;
}

export class DestructionPage {
  @ApiProperty({ type: DestructionListedView, isArray: true, description: 'Newest first' })
  items!: DestructionListedView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export const destructionView = (state: RecordedDestruction): DestructionView => ({
  ...{ id: state.destruction, status: state.status, reason: state.reason, destroyedAt: state.destroyedAt },
  ...{ records: recordsIn(state.indexes), retentionYears: state.retentionYears },
  objects: state.objects.map(({ kind, id }) => ({ kind, id })),
  ...{ indexes: state.indexes, files: state.files.length },
});

export const listedDestruction = ({
  id,
  status,
  reason,
  destroyedAt,
  records,
  objects,
}: DestructionRow): DestructionListedView => ({ id, status, reason, destroyedAt: destroyedAt ?? '', records, objects });

export const destructionExample: DestructionView = {
  status: 'destroyed',
  id: '0c9d1e2f-3a4b-8c5d-9e6f-7a8b9c0d1e2f',
  reason: 'retentionOver',
  destroyedAt: '2038-03-03T00:01:12.000Z',
  records: 3,
  retentionYears: 7,
  objects: [
    { kind: 'application', id: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44' },
    { kind: 'check', id: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10' },
    { kind: 'check', id: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b11' },
  ],
  indexes: [
    { first: 120, last: 121 },
    { first: 130, last: 130 },
  ],
  files: 0,
};
export const destructionListedExample: DestructionListedView = {
  ...{
    id: destructionExample.id,
    status: 'destroyed',
    reason: destructionExample.reason,
    destroyedAt: destructionExample.destroyedAt,
  },
  ...{ records: 3, objects: 3 },
};

/** What a participant hands to who asks what became of his records: in Dutch, as such a statement is. */
export function statementOf(
  state: RecordedDestruction,
  participant: { readonly name: string; readonly oin: string },
  origin: string,
): string {
  const isGone = state.status === 'destroyed';
  const ranges = state.indexes.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  const counted = new Map<string, number>();
  for (const { kind } of state.objects) counted.set(kind, (counted.get(kind) ?? 0) + 1);
  return [
    isGone ? 'VERKLARING VAN VERNIETIGING' : 'VERNIETIGING IN UITVOERING (dit is nog geen verklaring van vernietiging)',
    '',
    `Deelnemer:            ${participant.name} (OIN ${participant.oin})`,
    `Batch:                ${state.destruction}`,
    `${isGone ? 'Vernietigd op:       ' : 'Besloten op:         '} ${state.destroyedAt}`,
    `Grond:                bewaartermijn van ${state.retentionYears} jaar verstreken`,
    `Transparantielogboek: ${origin}`,
    '',
    isGone
      ? 'Van de volgende objecten zijn de sleutels vernietigd en alle vastleggingen in het archief verwijderd:'
      : 'Van de volgende objecten worden de sleutels vernietigd en alle vastleggingen in het archief verwijderd:',
    ...[...counted].map(([kind, count]) => `  ${kind}: ${count}`),
    '',
    `${isGone ? 'Verwijderde' : 'Te verwijderen'} vastleggingen: ${recordsIn(state.indexes)}; posities in het logboek: ${ranges.join(', ') || 'geen'}`,
    `${isGone ? 'Verwijderde' : 'Te verwijderen'} bestanden: ${state.files.length}`,
    ...(state.files.length === 0
      ? []
      : ['Een bestand waarop nog een slot staat, is onleesbaar (sleutel vernietigd) en gaat zodra het slot eindigt.']),
    '',
    'Objecten:',
    ...state.objects.map(({ kind, id }) => `  ${kind} ${id}`),
    '',
    'De posities in het logboek blijven bestaan en onthullen niets. Deze verklaring staat als feit in hetzelfde logboek;',
    'het ontvangstbewijs daarvan is met waarborg-verify zonder ons te controleren.',
    '',
  ].join('\n');
}
