import {
  COPY_ROLES,
  DESCRIPTION_MISTAKES,
  EVIDENCE_KINDS,
  MASKED_PARTS,
  SHIELDINGS,
  type CopyRole,
  type DescriptionMistake,
  type EvidenceKind,
  type MaskedPart,
  type Shielding,
} from '#libs/domain';
import {
  Condition,
  IsChoice,
  IsChoiceList,
  IsReference,
  IsText,
  IsUuidString,
  named,
  Nested,
  Optional,
  OptionalUnless,
  PHRASES,
  Refers,
  type Fault,
} from '#libs/platform';

export const KINDS = named('EvidenceKind', EVIDENCE_KINDS, 'What a file shows');
export const ROLES = named('CopyRole', COPY_ROLES, 'In which of its roles the participant was given a copy (WID-10)');
export const PARTS = named('MaskedPart', MASKED_PARTS, 'What a reader of a copy can not see (WID-06)');
export const MISTAKES = named(
  'DescriptionMistake',
  DESCRIPTION_MISTAKES,
  'What was mistaken about the description of a file that must not have been kept',
);
export const SHIELDED = named('Shielding', SHIELDINGS, 'How far a copy is shielded');

export class DescribedCopy {
  @IsChoice(ROLES, { description: 'For what it was given' }) role!: CopyRole;
  @Refers('person')
  @IsUuidString({ description: 'Whose document it is a copy of' })
  person!: string;
  @IsUuidString({ description: 'The document, as the person has it on record (WID-08)' }) document!: string;
  @IsChoice(SHIELDED, {
    description: '`full`: everything is masked; `photoVisible`: everything but the photo; `none`: anything less',
  })
  shielding!: Shielding;
  @IsChoiceList(PARTS, {
    most: MASKED_PARTS.length,
    description: 'What is masked, as whoever describes it has seen; what the document does not have counts as masked',
  })
  masked!: MaskedPart[];
  @IsText(500, { description: 'Why a copy with shielding `none` is needed at level 4 (WID-07)' })
  @Optional()
  necessity?: string;
}

@Condition({
  if: { properties: { kind: { const: 'idCopy' } }, required: ['kind'] },
  then: { required: ['copy'] },
  else: {
    if: { properties: { kind: { const: 'agreement' } }, required: ['kind'] },
    then: { required: ['reference'] },
  },
})
export class DescribeEvidenceRequest {
  @IsChoice(KINDS, { description: 'What the file shows' }) kind!: EvidenceKind;
  @Nested(() => DescribedCopy, { description: 'Of a copy of an identity document, and of nothing else' })
  @OptionalUnless(({ kind }: DescribeEvidenceRequest) => kind === 'idCopy')
  copy?: DescribedCopy;
  @IsReference({
    description: 'Of an agreement with an employer, and of nothing else: which one, as policy names it (MEANS-ID3-d)',
  })
  @OptionalUnless(({ kind }: DescribeEvidenceRequest) => kind === 'agreement')
  reference?: string;

  static between({ kind, copy, reference }: DescribeEvidenceRequest): readonly Fault[] {
    const unknown = (pointer: string): Fault => ({ pointer, code: 'unknown-member', detail: PHRASES.unknown() });
    return [
      ...(copy === undefined || kind === 'idCopy' ? [] : [unknown('/copy')]),
      ...(reference === undefined || kind === 'agreement' ? [] : [unknown('/reference')]),
    ];
  }
}

export class WithdrawEvidenceRequest {
  @IsText(500, { description: 'Why it is taken back; sealed' })
  reason!: string;
  @IsChoice(MISTAKES, {
    description:
      'Of what is kept, which is not withdrawn otherwise: `kind`, it shows an identity document and was described as something else; `shielding`, less is masked than was attested',
  })
  @Optional()
  mistake?: DescriptionMistake;
}
