import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  AuthorizationExplanationView,
  authorizationExplanationView,
  DifferenceView,
  factTable,
  differenceNote,
  explanationWords,
  authorizationSection,
  MeansExplanationView,
  meansExplanationView,
  meansSection,
  readingNote,
  shownIn,
  type InWords,
  type ExplanationWords,
} from '#libs/composition';
import type { AccessRequest } from '#libs/application';
import { escapeHtml, named, type Language } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';
import type { ExplainedAnswer } from './explain-decision.js';
import type { RecordedDecision } from './recorded-decision.js';

const KINDS = named(
  'AnswerKind',
  ['decision', 'reading'] as const,
  'A decision of the network, or an auditor’s question, which is no use',
);

/** A question as its record has it: what might be about a person was not kept. */
export class AskedQuestionView {
  @ApiProperty({ description: 'Internal pseudonym of the means' }) subject!: string;
  @ApiProperty({ description: 'The organization to be represented' }) organization!: string;
  @ApiPropertyOptional({ description: 'At which service' }) service?: string;
  @ApiPropertyOptional({ description: 'At which level; absent: the minimum of the service' }) level?: string;
  @ApiProperty({ description: 'The login was taken over by single sign-on' }) singleSignOn!: boolean;
  @ApiPropertyOptional({ description: 'For which establishment' }) establishment?: string;
  @ApiPropertyOptional({ description: 'Authentication service of the login' }) authenticationService?: string;
  @ApiPropertyOptional({ description: 'Where the path had to lead through' }) via?: string;
}

export class DecisionOutcomeView {
  @ApiProperty({ description: 'Yes or no' }) decision!: boolean;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level reached' }) level!: string | null;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level required' }) requiredLevel!: string | null;
  @ApiProperty({ type: [String], description: 'Codes of a no' }) reasons!: readonly string[];
  @ApiProperty({ type: [String], description: 'Ids of the authorizations of the path that counted' })
  path!: readonly string[];
}

export class ExplainedAnswerView {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Which question of the call, from 0' }) place!: number;
  @ApiProperty({ description: 'What was asked' }) asked!: AskedQuestionView;
  @ApiProperty({ format: 'date-time', description: 'The moment that it is judged as of here' }) at!: string;
  @ApiProperty({ description: 'Rules that it was answered by' }) recordedRuleSet!: string;
  @ApiProperty({ description: 'Rules that it is judged by here' }) ruleSet!: string;
  @ApiProperty({ description: 'As it was answered' }) recorded!: DecisionOutcomeView;
  @ApiProperty({ description: 'As it comes out here' }) judgedAgain!: DecisionOutcomeView;
  @ApiProperty({ type: DifferenceView, isArray: true, description: 'Where these differ' })
  differences!: readonly DifferenceView[];
  @ApiProperty({
    type: AuthorizationExplanationView,
    isArray: true,
    description: 'Those of the path that counts here, the organization’s own first',
  })
  authorizations!: readonly AuthorizationExplanationView[];
  @ApiPropertyOptional({ description: 'The means, where no path leads to it' }) means?: MeansExplanationView;
}

class UnreadFaultView {
  @ApiProperty({ description: 'Where, in the body of the call' }) pointer!: string;
  @ApiProperty({ description: 'What is wrong' }) code!: string;
  @ApiProperty({ description: 'The same in words, in the language that was asked for' }) detail!: string;
}

/** A question of the call that was not judged. */
export class UnreadQuestionView {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Which question of the call, from 0' }) place!: number;
  @ApiProperty({ type: UnreadFaultView, isArray: true, description: 'Why it could not be read' })
  faults!: readonly UnreadFaultView[];
}

export class DecisionExplanationAnswer {
  @ApiProperty({ format: 'uuid', description: 'Id of the record' }) id!: string;
  @ApiProperty({ enum: KINDS }) kind!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was recorded' }) recordedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was answered' }) decidedAt!: string;
  @ApiProperty({ description: 'Its place in the record log' }) position!: string;
  @ApiProperty({ description: 'Whether it counts as use' }) use!: boolean;
  @ApiProperty({ type: ExplainedAnswerView, isArray: true, description: 'Its answers, in order; a single one has one' })
  answers!: readonly ExplainedAnswerView[];
  @ApiProperty({
    type: UnreadQuestionView,
    isArray: true,
    description: 'Questions of the call that could not be read: each was answered with a no that says so',
  })
  unread!: readonly UnreadQuestionView[];
  @ApiProperty({ format: 'uuid', description: 'Record of this reading' }) reading!: string;
}

type View = Omit<DecisionExplanationAnswer, 'reading'>;

export const decisionExplanationView = (
  id: string,
  { kind, recordedAt, at, place: position, isUse, unread }: RecordedDecision,
  answers: readonly ExplainedAnswer[],
  say: InWords,
): View => ({
  ...{ id, kind, recordedAt, decidedAt: at, position, use: isUse },
  unread: unread.map(({ place, faults }) => ({
    place,
    faults: faults.map(({ pointer, code }) => ({ pointer, code, detail: say(code) })),
  })),
  answers: answers.map(({ asked, authorizations, means, ...answer }) => ({
    ...answer,
    asked: askedView(asked),
    authorizations: authorizations.map((one) => authorizationExplanationView(one, say)),
    ...(means === undefined ? {} : { means: meansExplanationView(means, say) }),
  })),
});

/** A record keeps texts of these members only. */
function askedView(request: AccessRequest): AskedQuestionView {
  const { subject, resource, service, level, singleSignOn, establishment, authenticationService, via } = request;
  const text = <Name extends string>(name: Name, value: unknown) =>
    typeof value === 'string' ? ({ [name]: value } as Record<Name, string>) : {};
  return {
    subject: subject.id,
    organization: resource.id,
    singleSignOn,
    ...text('service', service),
    ...text('level', level),
    ...text('establishment', establishment),
    ...text('authenticationService', authenticationService),
    ...text('via', via),
  };
}

/** Ids of everything that it shows, for its reading. */
export const shownOfDecision = ({ id, answers }: View): readonly string[] => [
  ...new Set([
    id,
    ...answers.flatMap(({ authorizations, means }) => [
      ...authorizations.flatMap(shownIn),
      ...(means === undefined ? [] : shownIn(means)),
    ]),
  ]),
];

export function decisionPage(view: View, reading: string, language: Language) {
  const words = explanationWords(language);
  const title = words.answer;
  const body =
    `<h1>${title}</h1><p><code>${escapeHtml(view.id)}</code>. ${view.use ? words.use : words.noUse}</p>` +
    [
      ...view.answers.map((answer) => ({ place: answer.place, html: answerSection(answer, words) })),
      ...view.unread.map((question) => ({ place: question.place, html: unreadSection(question, words) })),
    ]
      .sort((one, other) => one.place - other.place)
      .map(({ html }) => html)
      .join('') +
    readingNote(reading, words);
  return { title, language, body };
}

const unreadSection = ({ faults }: UnreadQuestionView, words: ExplanationWords): string =>
  `<p class="level">${words.no}</p><p class="note">${words.unread}</p><ul>` +
  faults
    .map(
      ({ pointer, code, detail }) =>
        `<li><code>${escapeHtml(pointer)}</code>: ${escapeHtml(detail)} (<code>${escapeHtml(code)}</code>)</li>`,
    )
    .join('') +
  '</ul>';

function answerSection(answer: ExplainedAnswerView, words: ExplanationWords): string {
  const { asked, at, recordedRuleSet, ruleSet, recorded, differences, authorizations, means } = answer;
  const reasons = recorded.reasons.map((reason) => `<code>${escapeHtml(reason)}</code>`).join(', ');
  const rules = ruleSet === recordedRuleSet ? '' : `, ${words.judgedBy} ${escapeHtml(ruleSet)}`;
  return (
    `<p class="level">${recorded.decision ? words.yes : words.no}</p>` +
    factTable([
      [words.level, escapeHtml(recorded.level ?? words.none)],
      [words.required, escapeHtml(recorded.requiredLevel ?? words.none)],
      ...(reasons === '' ? [] : [[words.reasons, reasons] as const]),
      [words.asOf, escapeHtml(at)],
      [words.rules, `${escapeHtml(recordedRuleSet)}${rules}`],
      [
        words.question,
        Object.entries(asked)
          .map(([name, value]) => `${escapeHtml(name)}: <code>${escapeHtml(String(value))}</code>`)
          .join('<br>'),
      ],
    ]) +
    differenceNote(differences, words) +
    authorizations
      .map((link, index) => `<h2>${words.path} ${index + 1}</h2>${authorizationSection(link, words)}`)
      .join('') +
    (means === undefined ? '' : `<h2>${words.theMeans}</h2>${meansSection(means, words)}`)
  );
}
