import { ApiProperty } from '@nestjs/swagger';
import { EIDAS_LEVELS } from '#libs/composition';
import { named, OneOf } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';
import {
  AS_OF,
  AccessAction,
  AccessAnswerHead,
  accessAnswerExample,
  AccessContext,
  accessExample,
  AccessObligation,
  AccessReasonView,
  AccessRemark,
  AccessResource,
  AccessSubject,
  accessYesExample,
  HEAD,
} from '../evaluate-access/evaluate-access.request.js';
import { MOST_QUESTIONS, SEMANTICS } from './access-batch.js';

/** What the AuthZEN API takes and gives, for the contract only: reading it follows the rules of that API. */

named(
  'EvaluationsSemantic',
  SEMANTICS,
  'Which questions are judged: all of them, those up to the first no, or those up to the first yes.',
);

export class AccessQuestion {
  @ApiProperty({ required: false, description: 'In the place of the default' }) subject?: AccessSubject;
  @ApiProperty({ required: false, description: 'In the place of the default' }) action?: AccessAction;
  @ApiProperty({ required: false, description: 'In the place of the default' }) resource?: AccessResource;
  @ApiProperty({ required: false, description: 'In the place of the default' }) context?: AccessContext;
}

export class AccessOptions {
  @ApiProperty({ required: false, enum: SEMANTICS, description: 'Absent: `execute_all`' })
  evaluations_semantic?: string;
}

export class AccessEvaluationsRequest {
  @ApiProperty({ required: false, description: 'Default: who wants to act' }) subject?: AccessSubject;
  @ApiProperty({ required: false, description: 'Default: what he wants to do' }) action?: AccessAction;
  @ApiProperty({ required: false, description: 'Default: for whom' }) resource?: AccessResource;
  @ApiProperty({ required: false, description: 'Default: circumstances' }) context?: AccessContext;
  @ApiProperty({
    required: false,
    type: [AccessQuestion],
    maxItems: MOST_QUESTIONS,
    description: 'The questions; each may have `subject`, `action`, `resource` and `context` of its own',
  })
  evaluations?: AccessQuestion[];
  @ApiProperty({ required: false, description: 'How the questions are gone through' }) options?: AccessOptions;
}

export class AccessQuestionFault {
  @ApiProperty({ description: 'Where, in the body of the call' }) pointer!: string;
  @ApiProperty({ description: 'What is wrong' }) code!: string;
  @ApiProperty({ required: false, description: 'The same in words' }) detail?: string;
}

export class AccessQuestionError {
  @ApiProperty({ type: 'integer', description: 'What the question alone would have been answered' }) status!: number;
  @ApiProperty({ description: 'In words' }) message!: string;
  @ApiProperty({ type: [AccessQuestionFault], description: 'Every fault' }) errors!: AccessQuestionFault[];
}

export class AccessItemContext {
  @ApiProperty({ description: 'The record of the call and the place of the question, from 0' }) id!: string;
  @ApiProperty({ required: false, enum: EH_LEVELS, nullable: true, description: 'Level reached' }) level?:
    string | null;
  @ApiProperty({ required: false, enum: EH_LEVELS, nullable: true, description: 'Level required' })
  requiredLevel?: string | null;
  @ApiProperty({ required: false, enum: EIDAS_LEVELS, description: 'Of a yes: its level in the words of eIDAS' })
  eidas?: string;
  @ApiProperty({ required: false, type: [AccessReasonView], description: 'Why not; empty for a yes' })
  reasons?: AccessReasonView[];
  @ApiProperty({ required: false, description: 'Of a `resource.id` that names no register' })
  reason_admin?: AccessRemark;
  @ApiProperty({ required: false, type: [AccessObligation], description: 'Of a no: what would make it a yes' })
  obligations?: AccessObligation[];
  @ApiProperty({ required: false, type: [String], description: 'Of a yes: ids of the authorizations that it rests on' })
  path?: string[];
  @ApiProperty({ required: false, format: 'date-time', description: 'When this yes stops by itself' })
  validUntil?: string;
  @ApiProperty({ required: false, format: 'date-time', description: AS_OF }) asOf?: string;
  @ApiProperty({ required: false, description: 'Of one about an earlier moment: the rules of then' }) ruleSet?: string;
  @ApiProperty({ required: false, description: 'Of a question that could not be read' }) error?: AccessQuestionError;
}

export class AccessItemAnswer {
  @ApiProperty({ description: 'Yes or no' }) decision!: boolean;
  @ApiProperty({ description: 'What it rests on' }) context!: AccessItemContext;
}

/** Of a single question it has what that one's has. */
export class AccessCallContext extends AccessAnswerHead {
  @ApiProperty({ required: false, enum: EH_LEVELS, nullable: true, description: 'Level reached' }) level?:
    string | null;
  @ApiProperty({ required: false, enum: EH_LEVELS, nullable: true, description: 'Level required' })
  requiredLevel?: string | null;
  @ApiProperty({ required: false, enum: EIDAS_LEVELS, description: 'Of a yes: its level in the words of eIDAS' })
  eidas?: string;
  @ApiProperty({ required: false, type: [AccessReasonView], description: 'Why not; empty for a yes' })
  reasons?: AccessReasonView[];
  @ApiProperty({ required: false, description: 'Of a `resource.id` that names no register' })
  reason_admin?: AccessRemark;
  @ApiProperty({ required: false, type: [AccessObligation], description: 'Of a no: what would make it a yes' })
  obligations?: AccessObligation[];
  @ApiProperty({ required: false, type: [String], description: 'Of a yes: ids of the authorizations that it rests on' })
  path?: string[];
  @ApiProperty({ required: false, format: 'date-time', description: 'When this yes stops by itself' })
  validUntil?: string;
  @ApiProperty({ required: false, format: 'date-time', description: AS_OF }) asOf?: string;
}

@OneOf({ AccessSeveralAnswers: ['evaluations'], AccessSingleAnswer: ['decision'] })
export class AccessEvaluationsAnswer {
  @ApiProperty({ type: [AccessItemAnswer], description: 'In the order of the questions, as far as they were judged' })
  evaluations?: AccessItemAnswer[];
  @ApiProperty({ description: 'Of a call without `evaluations`' }) decision?: boolean;
  @ApiProperty({ description: 'What holds for the call' }) context!: AccessCallContext;
}

const { subject, action } = accessExample;

export const batchExample = {
  subject,
  action,
  evaluations: [
    { resource: { type: 'organization', id: 'kvk:69599084' } },
    { resource: { type: 'organization', id: 'kvk:69599068' } },
  ],
  options: { evaluations_semantic: 'execute_all' },
};

const ENDPOINT = 'https://register.example/access/v1/evaluations';
const RECORD = '6f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const itemOf = ({ decision, context }: typeof accessYesExample | typeof accessAnswerExample, place: number) => ({
  decision,
  context: {
    ...Object.fromEntries(Object.entries(context).filter(([name]) => !Object.hasOwn(HEAD, name))),
    id: `${RECORD}/${place}`,
  },
});

export const batchAnswerExample = {
  evaluations: [itemOf(accessYesExample, 0), itemOf(accessAnswerExample, 1)],
  context: { id: RECORD, ...HEAD, endpoint: ENDPOINT },
};

export const batchFaultyExample = {
  evaluations: [
    itemOf(accessYesExample, 0),
    {
      decision: false,
      context: {
        id: `${RECORD}/1`,
        error: {
          status: 400,
          message: 'The question is not complete, or has a member that can not be taken.',
          errors: [{ pointer: '/evaluations/1/resource', code: 'required', detail: 'is required' }],
        },
      },
    },
  ],
  context: { id: RECORD, ...HEAD, endpoint: ENDPOINT },
};
