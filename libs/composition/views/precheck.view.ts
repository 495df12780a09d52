import { Inject, Injectable } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AspectView as Aspect } from '#libs/application';
import type { Rejection } from '#libs/kernel';
import {
  ApiQueryOperation,
  notFound,
  PROBLEM_CATALOGUE,
  toldRejections,
  type BodyType,
  type Examples,
  type Language,
  type ProblemCatalogue,
  type QueryOperationDocs,
} from '#libs/platform';
import { EH_LEVELS, type EhLevel } from '#libs/scheme';
import { AspectView } from './aspect.view.js';

/** What a command would earn, or be refused with, on the checks recorded so far. */
export class PrecheckView {
  @ApiProperty({ description: 'The command would be accepted now' }) wouldSucceed!: boolean;
  @ApiProperty({
    enum: EH_LEVELS,
    nullable: true,
    description: 'What the checks earn, whatever was aimed at; of a revocation the level of its object. null: none',
  })
  level!: string | null;
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 4, description: 'Of a means: its STORK level' })
  stork?: number;
  @ApiProperty({ type: AspectView, isArray: true, description: 'Each aspect, with how its checks stood' })
  aspects!: readonly AspectView[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ProblemMissing' },
    description: 'By each level that is not reached, what it asks more: EH levels, of a means STORK levels',
  })
  missingFor!: object;
  @ApiProperty({
    type: 'array',
    items: { $ref: '#/components/schemas/ProblemFault' },
    description: 'Why it would be refused: every reason, as the problem would have it in `errors`',
  })
  refusals!: readonly object[];
}

/** A command as it was judged with nothing written. */
export interface Prechecked {
  /** None: it would be accepted. */
  readonly rejections: readonly Rejection[];
  readonly level?: EhLevel | null;
  readonly stork?: number;
  readonly aspects?: readonly Aspect[];
  readonly missingFor?: object;
}

/** Answers of prechecks, in the words of this installation. */
@Injectable()
export class Prechecks {
  constructor(@Inject(PROBLEM_CATALOGUE) private readonly catalogue: ProblemCatalogue) {}

  /** Throws 404 where the address names nothing. */
  view(
    { rejections, level = null, stork, aspects = [], missingFor = {} }: Prechecked,
    language: Language,
  ): PrecheckView {
    const nobody = rejections.find(({ kind }) => kind === 'not-found');
    if (nobody !== undefined) throw notFound(nobody.code);
    return {
      wouldSucceed: rejections.length === 0,
      level,
      ...(stork === undefined ? {} : { stork }),
      aspects,
      missingFor,
      refusals: toldRejections(rejections, this.catalogue, language),
    };
  }
}

interface PrecheckDocs extends Pick<QueryOperationDocs, 'summary' | 'scopes' | 'codes'> {
  readonly body: BodyType;
  readonly bodyExamples: Examples;
  /** Whose examples of answers it has. */
  readonly of: keyof typeof ANSWERS;
}

/** A command's question beside it: the same body, no key, and nothing is written. */
export const ApiPrecheck = ({ of, ...docs }: PrecheckDocs): MethodDecorator =>
  ApiQueryOperation({
    ...docs,
    description:
      'The same body as the command, without a key: what it would earn or be refused with on what is recorded so far, and what is missing for which level. Nothing is written.',
    answer: PrecheckView,
    examples: ANSWERS[of],
  });

const precheckYesExample: PrecheckView = {
  wouldSucceed: true,
  level: 'EH3',
  aspects: [
    {
      ...{ aspect: 'IO', score: 3, rows: ['IO3-d'] },
      checks: [
        {
          check: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10',
          type: 'idDocumentStatus',
          counts: true,
          joined: false,
          superseded: false,
        },
      ],
    },
  ],
  missingFor: { EH4: { aspects: { IO: 4, IM: 3 } } },
  refusals: [],
};

const precheckNoExample: PrecheckView = {
  wouldSucceed: false,
  level: 'EH2',
  aspects: [{ aspect: 'IO', score: 2, rows: ['IO2-b'], checks: [] }],
  missingFor: { EH3: { aspects: { IO: 3 } } },
  refusals: [
    {
      ...{ code: 'level-not-reached', detail: 'The level aimed at is not reached', aimed: 'EH3', reached: 'EH2' },
      ...{ missing: { aspects: { IO: 3 } } },
      earnedBy: [{ aspect: 'IO', score: 3, row: 'IO3-d', checks: ['idDocumentStatus', 'bankTransaction'] }],
    },
  ],
};

const precheckMeansExample: PrecheckView = {
  ...{ wouldSucceed: true, level: 'EH3', stork: 3 },
  aspects: [{ aspect: 'ID', score: 3, rows: ['MEANS-ID3-v1'], checks: [] }],
  missingFor: { '4': { ID: 4, IC: 4, RC: 4, AM: 4 } },
  refusals: [],
};

const precheckNoMeansExample: PrecheckView = {
  ...{ wouldSucceed: false, level: 'EH2', stork: 2 },
  aspects: [{ aspect: 'IC', score: 2, rows: ['MEANS-IC2'], checks: [] }],
  missingFor: { '3': { IC: 3 } },
  refusals: [
    {
      ...{ code: 'level-not-reached', detail: 'The level aimed at is not reached', aimed: 3, reached: 2 },
      ...{ missing: { IC: 3 } },
      earnedBy: [{ aspect: 'IC', score: 3, row: 'MEANS-IC3', checks: ['meansDelivery'] }],
    },
  ],
};

const precheckRevocationExample: PrecheckView = {
  ...{ wouldSucceed: true, level: 'EH3' },
  aspects: [{ aspect: 'IO', score: 3, rows: ['R-IO3-e'], checks: [] }],
  ...{ missingFor: {}, refusals: [] },
};

const precheckNoRevocationExample: PrecheckView = {
  ...{ wouldSucceed: false, level: 'EH3', aspects: [], missingFor: {} },
  refusals: [{ code: 'requester-not-entitled', detail: 'The requester may not revoke this' }],
};

const ANSWERS = {
  authorization: { yes: precheckYesExample, levelNotReached: precheckNoExample },
  means: { yes: precheckMeansExample, levelNotReached: precheckNoMeansExample },
  revocation: { yes: precheckRevocationExample, refused: precheckNoRevocationExample },
};
