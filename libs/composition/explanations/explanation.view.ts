import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  WHY,
  type AuthorizationExplanation,
  type ExplainedCheck,
  type ExplainedDecision,
  type MeansExplanation,
} from '#libs/application';
import { CHECK_TYPES, MEANS_STATUSES, STANDINGS } from '#libs/domain';
import { referenceTo } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';
import { USE_REFUSALS } from '../contract/classification-components.js';
import { EIDAS_LEVELS } from '../views/level.view.js';

const ofAspects = (items: object, description: string) =>
  ({ type: 'object', additionalProperties: items, description }) as never;

export class RecordPlaceView {
  @ApiProperty({ format: 'uuid', description: 'Id of the event' }) event!: string;
  @ApiProperty({ description: 'Its type' }) type!: string;
  @ApiProperty({ description: 'The stream that it stands in' }) stream!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Its place in the stream' }) revision!: number;
  @ApiProperty({ description: 'Its place in the log' }) position!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was recorded' }) recordedAt!: string;
}

export class ExplainedRowView {
  @ApiProperty({ description: 'Id of the row, as the rule book has it' }) row!: string;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: 'What it earns' }) score!: number;
  @ApiProperty({ description: 'What it asks' }) rule!: string;
  @ApiProperty({ description: 'Where the scheme says so' }) source!: string;
  @ApiProperty({
    type: [String],
    description:
      'Ids of the checks that count and are of a kind that it rests on; none: it rests on the profile of the register or ' +
      'the issuer, or on the product',
  })
  checks!: readonly string[];
}

export class ExplainedAspectView {
  @ApiProperty({ description: 'Aspect of an authorization or element of a means' }) aspect!: string;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: 'What it scored' }) score!: number;
  @ApiProperty({ type: ExplainedRowView, isArray: true, description: 'The rows that earn it' })
  rows!: readonly ExplainedRowView[];
}

export class ExplainedCheckView {
  @ApiProperty({ ...referenceTo('CheckView'), description: 'The check as it is on record' } as never) check!: object;
  @ApiProperty({ enum: CHECK_TYPES, description: 'Its kind' }) type!: string;
  @ApiProperty({ description: 'Whether it could earn something' }) counts!: boolean;
  @ApiPropertyOptional({ enum: Object.keys(WHY), description: 'Why it does not, or with what reserve' }) why?: string;
  @ApiProperty({ description: 'It was not named: it came along by itself (PROOF-01)' }) joined!: boolean;
  @ApiProperty({ description: 'A later answer to the same question took its place' }) superseded!: boolean;
  @ApiProperty({ description: 'Where it stands in the log' }) record!: RecordPlaceView;
}

export class DifferenceView {
  @ApiProperty({ description: 'What differs: a member, with the aspect or the id of the check behind a dot' })
  member!: string;
  @ApiProperty({ description: 'As it was recorded, as JSON' }) recorded!: string;
  @ApiProperty({ description: 'As it comes out here, as JSON' }) judgedAgain!: string;
}

export class ObstacleView {
  @ApiProperty({ description: 'Code, as problems have it' }) code!: string;
  @ApiProperty({ description: 'The same in words, in the language that was asked for' }) detail!: string;
}

export class AuthorizationOutcomeView {
  @ApiProperty(ofAspects({ type: 'integer', minimum: 0, maximum: 4 }, 'Score of every aspect')) scores!: object;
  @ApiProperty(ofAspects({ type: 'array', items: { type: 'string' } }, 'Rows that earned them')) rows!: object;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: 'Level of the authorization alone' }) m!: number;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'With its means' }) eh!: string | null;
  @ApiProperty({ enum: EIDAS_LEVELS, nullable: true, description: 'In the words of eIDAS' }) eidas!: string | null;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level of whoever submitted it; null: it is not asked' })
  submitterLevel!: string | null;
  @ApiProperty({ type: [String], description: 'Recommendations that were departed from' }) flags!: readonly string[];
}

export class MeansOutcomeView {
  @ApiProperty(ofAspects({ type: 'integer', minimum: 0, maximum: 4 }, 'Score of every element that was judged'))
  scores!: object;
  @ApiProperty(ofAspects({ type: 'array', items: { type: 'string' } }, 'Rows that earned them')) rows!: object;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: 4,
    nullable: true,
    description: 'STORK level; null: not issued',
  })
  stork!: number | null;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, nullable: true, description: 'Level of its issuance' })
  issuanceLevel!: number | null;
}

class ExplainedDecisionView {
  @ApiProperty({ description: 'Where the decision stands in the log' }) record!: RecordPlaceView;
  @ApiProperty({ format: 'date-time', description: 'When it was taken' }) decidedAt!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Rules that it was judged by' }) recordedRuleSet!:
    string | null;
  @ApiProperty({ description: 'Rules that it is judged by here' }) ruleSet!: string;
  @ApiProperty({ type: ObstacleView, isArray: true, description: 'Why it can’t be judged again; empty: it was' })
  obstacles!: readonly ObstacleView[];
  @ApiProperty({
    type: DifferenceView,
    isArray: true,
    description: 'Where it comes out otherwise than it was recorded',
  })
  differences!: readonly DifferenceView[];
  @ApiProperty({
    type: ExplainedAspectView,
    isArray: true,
    description: 'Every aspect with its rows, as judged again; as recorded, where it can’t be',
  })
  aspects!: readonly ExplainedAspectView[];
  @ApiProperty({ type: ExplainedCheckView, isArray: true, description: 'The checks of its dossier, each once' })
  checks!: readonly ExplainedCheckView[];
}

export class AuthorizationDecisionView extends ExplainedDecisionView {
  @ApiProperty({ description: 'What was recorded' }) recorded!: AuthorizationOutcomeView;
  @ApiProperty({ type: AuthorizationOutcomeView, nullable: true, description: 'What comes of its checks here' })
  judgedAgain!: AuthorizationOutcomeView | null;
  @ApiProperty({
    type: [String],
    format: 'uuid',
    required: false,
    description: 'Copies on record that it rests on, by the id of the evidence (R-IO3-d-copy); absent: none',
  })
  copies?: readonly string[];
}

export class MeansDecisionView extends ExplainedDecisionView {
  @ApiProperty({ description: 'What was recorded' }) recorded!: MeansOutcomeView;
  @ApiProperty({ type: MeansOutcomeView, nullable: true, description: 'What comes of its checks here' })
  judgedAgain!: MeansOutcomeView | null;
}

export class LevelThenView {
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level that it could be used at' }) level!:
    string | null;
  @ApiProperty({ enum: EIDAS_LEVELS, nullable: true, description: 'In the words of eIDAS' }) eidas!: string | null;
  @ApiProperty({ enum: USE_REFUSALS, isArray: true, description: 'Why there is none' }) reasons!: readonly string[];
}

export class MeansExplanationView {
  @ApiProperty({ format: 'uuid', description: 'Id of the means' }) id!: string;
  @ApiProperty({ format: 'date-time', description: 'The moment that it is explained as of' }) at!: string;
  @ApiProperty({ enum: MEANS_STATUSES, description: 'How it stood then' }) status!: string;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 4,
    nullable: true,
    description: 'STORK level; null: not issued',
  })
  stork!: number | null;
  @ApiPropertyOptional({ description: 'The decision that it stood on; absent: nothing was judged by then' })
  decision?: MeansDecisionView;
}

export class AuthorizationExplanationView {
  @ApiProperty({ format: 'uuid', description: 'Id of the authorization' }) id!: string;
  @ApiProperty({ format: 'date-time', description: 'The moment that it is explained as of' }) at!: string;
  @ApiProperty({ enum: STANDINGS, description: 'How it stood then' }) status!: string;
  @ApiProperty({ description: 'What it could be used at then, by the policy of then' }) level!: LevelThenView;
  @ApiProperty({ description: 'The decision that it stood on' }) decision!: AuthorizationDecisionView;
  @ApiPropertyOptional({ description: 'Where it is linked to one: the other half of its level' })
  means?: MeansExplanationView;
}

const READING = { format: 'uuid', description: 'Record of this reading' } as const;

export class MeansExplanationAnswer extends MeansExplanationView {
  @ApiProperty(READING) reading!: string;
}

export class AuthorizationExplanationAnswer extends AuthorizationExplanationView {
  @ApiProperty(READING) reading!: string;
}

const checkView = ({ check, facts, late, type, counts, why, joined, superseded, record }: ExplainedCheck) => ({
  check: { id: check, ...facts, late },
  ...{ type, counts, joined, superseded, record },
  ...(why === undefined ? {} : { why }),
});

/** What a code means, in words of one language. */
export type InWords = (code: string) => string;

const decisionView = <Outcome>({ checks, obstacles, ...decision }: ExplainedDecision<Outcome>, say: InWords) => ({
  ...decision,
  obstacles: obstacles.map((code) => ({ code, detail: say(code) })),
  checks: checks.map(checkView),
});

export function meansExplanationView(
  { decision, ...explanation }: MeansExplanation,
  say: InWords,
): MeansExplanationView {
  if (decision === undefined) return explanation;
  const { recorded, judgedAgain, ...rest } = decision;
  return {
    ...explanation,
    decision: {
      ...decisionView({ ...rest, recorded, judgedAgain }, say),
      recorded: meansOutcome(recorded),
      judgedAgain: judgedAgain === null ? null : meansOutcome(judgedAgain),
    },
  };
}

const meansOutcome = ({ scores, rows, stork, issuanceLevel }: MeansOutcomeView): MeansOutcomeView => ({
  ...{ scores, rows, stork, issuanceLevel },
});

export const authorizationExplanationView = (
  { decision, means, level, ...explanation }: AuthorizationExplanation,
  say: InWords,
): AuthorizationExplanationView => ({
  ...explanation,
  level: { ...level },
  decision: decisionView(decision, say),
  ...(means === undefined ? {} : { means: meansExplanationView(means, say) }),
});

/** Ids of everything that an explanation shows, for its reading. */
export const shownIn = (explanation: AuthorizationExplanationView | MeansExplanationView): readonly string[] => [
  explanation.id,
  ...(explanation.decision?.checks.map(({ check }) => (check as { readonly id: string }).id) ?? []),
  ...('means' in explanation && explanation.means !== undefined ? shownIn(explanation.means) : []),
];
