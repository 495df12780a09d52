import { WHY } from '#libs/application';
import { escapeHtml, type Language } from '#libs/platform';
import type {
  AuthorizationDecisionView,
  AuthorizationExplanationView,
  AuthorizationOutcomeView,
  DifferenceView,
  ExplainedAspectView,
  ExplainedCheckView,
  MeansDecisionView,
  MeansExplanationView,
  ObstacleView,
  RecordPlaceView,
} from './explanation.view.js';

/** Explanations as pages for people. The rules speak the language of the rule book; what stands around them both. */
const WORDS = {
  en: {
    authorization: 'Why this authorization has this level',
    means: 'Why this means has this level',
    id: 'Id',
    asOf: 'As of',
    status: 'Status',
    level: 'Level',
    none: 'no level',
    reasons: 'because',
    madeOf: 'Made of',
    m: 'M, of the authorization',
    stork: 'STORK level, of the means',
    submitter: 'Level of the submitter',
    notAsked: 'not asked',
    decision: 'The decision it stands on',
    decided: 'Taken',
    rules: 'Rules',
    judgedBy: 'judged here by',
    same: 'Judged again on what was on record then, it comes out the same.',
    differs: 'Judged again on what was on record then, it comes out otherwise:',
    obstacles: 'It can not be judged again. What follows is as it was recorded. Reasons:',
    nothing: 'Nothing was judged by then.',
    what: 'What',
    recorded: 'Recorded',
    judgedAgain: 'Judged again',
    copies: 'Copies on record',
    aspect: 'Aspect',
    score: 'Score',
    row: 'Row',
    asks: 'What it asks',
    checks: 'Checks that earn it',
    ofProfile: 'no check: the profile of the register or the issuer, or the product',
    noRow: 'no row',
    dossier: 'The checks of its dossier',
    check: 'Check',
    facts: 'What was found',
    record: 'On record',
    counts: 'counts',
    doesNot: 'does not count',
    joined: 'came along by itself',
    superseded: 'overtaken by a later answer',
    revision: 'revision',
    position: 'position',
    theMeans: 'Its means',
    reading: 'This reading is on record as',
    answer: 'Why this was answered',
    yes: 'Yes',
    no: 'No',
    question: 'The question',
    required: 'Level required',
    use: 'It counts as use.',
    noUse: 'It does not count as use.',
    path: 'Path',
    unread: 'This question could not be read, and was not judged:',
  },
  nl: {
    authorization: 'Waarom deze machtiging dit niveau heeft',
    means: 'Waarom dit middel dit niveau heeft',
    id: 'Id',
    asOf: 'Op',
    status: 'Status',
    level: 'Niveau',
    none: 'geen niveau',
    reasons: 'omdat',
    madeOf: 'Opgebouwd uit',
    m: 'M, van de machtiging',
    stork: 'STORK-niveau, van het middel',
    submitter: 'Niveau van de indiener',
    notAsked: 'niet gevraagd',
    decision: 'Het besluit waarop het berust',
    decided: 'Genomen',
    rules: 'Regels',
    judgedBy: 'hier beoordeeld met',
    same: 'Opnieuw beoordeeld op wat toen was vastgelegd, komt er hetzelfde uit.',
    differs: 'Opnieuw beoordeeld op wat toen was vastgelegd, komt er iets anders uit:',
    obstacles: 'Het kan niet opnieuw worden beoordeeld. Wat volgt is zoals het is vastgelegd. Redenen:',
    nothing: 'Er was toen nog niets beoordeeld.',
    what: 'Wat',
    recorded: 'Vastgelegd',
    judgedAgain: 'Opnieuw beoordeeld',
    copies: 'Bewaarde kopieën',
    aspect: 'Aspect',
    score: 'Score',
    row: 'Rij',
    asks: 'Wat zij vraagt',
    checks: 'Controles die haar verdienen',
    ofProfile: 'geen controle: het profiel van het register of de uitgever, of het product',
    noRow: 'geen rij',
    dossier: 'De controles in het dossier',
    check: 'Controle',
    facts: 'Wat is gevonden',
    record: 'Vastgelegd',
    counts: 'telt',
    doesNot: 'telt niet',
    joined: 'kwam vanzelf mee',
    superseded: 'ingehaald door een later antwoord',
    revision: 'revisie',
    position: 'positie',
    theMeans: 'Zijn middel',
    reading: 'Deze lezing is vastgelegd als',
    answer: 'Waarom dit is geantwoord',
    yes: 'Ja',
    no: 'Nee',
    question: 'De vraag',
    required: 'Gevraagd niveau',
    use: 'Het telt als gebruik.',
    noUse: 'Het telt niet als gebruik.',
    path: 'Pad',
    unread: 'Deze vraag kon niet worden gelezen en is niet beoordeeld:',
  },
} as const;

export type ExplanationWords = (typeof WORDS)[Language];
export const explanationWords = (language: Language): ExplanationWords => WORDS[language];

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
const cells = (tag: 'th' | 'td', texts: readonly string[]): string =>
  `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;

/** Names beside values. */
export const factTable = (facts: readonly (readonly [name: string, html: string])[]): string =>
  `<table>${facts.map(([name, html]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${html}</td></tr>`).join('')}</table>`;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead>${cells('th', heads.map(escapeHtml))}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;

export const readingNote = (reading: string, words: ExplanationWords): string =>
  `<p class="quiet">${words.reading} ${code(reading)}.</p>`;

/** The body of the page about an authorization. */
export const authorizationPage = (
  explanation: AuthorizationExplanationView,
  reading: string,
  language: Language,
): { readonly title: string; readonly language: Language; readonly body: string } => {
  const words = WORDS[language];
  const title = words.authorization;
  const body = `<h1>${title}</h1>${authorizationSection(explanation, words)}${readingNote(reading, words)}`;
  return { title, language, body };
};

export const meansPage = (explanation: MeansExplanationView, reading: string, language: Language) => {
  const words = WORDS[language];
  const title = words.means;
  const body = `<h1>${title}</h1>${meansSection(explanation, words)}${readingNote(reading, words)}`;
  return { title, language, body };
};

export function authorizationSection(explanation: AuthorizationExplanationView, words: ExplanationWords): string {
  const { id, at, status, level, decision, means } = explanation;
  const outcome: AuthorizationOutcomeView = decision.judgedAgain ?? decision.recorded;
  const because = level.reasons.length === 0 ? '' : `, ${words.reasons} ${level.reasons.map(code).join(', ')}`;
  const stork = means === undefined ? [] : [[words.stork, escapeHtml(String(means.stork ?? words.none))] as const];
  return (
    `<p class="level">${escapeHtml(level.level ?? words.none)}</p>` +
    factTable([
      [words.id, code(id)],
      [words.asOf, code(at)],
      [words.status, `${escapeHtml(status)}${because}`],
    ]) +
    `<h2>${words.madeOf}</h2>` +
    factTable([
      [words.m, String(outcome.m)],
      ...stork,
      [words.submitter, escapeHtml(outcome.submitterLevel ?? words.notAsked)],
    ]) +
    decisionSection(decision, words) +
    (means === undefined ? '' : `<h2>${words.theMeans}</h2>${meansSection(means, words)}`)
  );
}

export const meansSection = (
  { id, at, status, stork, decision }: MeansExplanationView,
  words: ExplanationWords,
): string =>
  `<p class="level">${stork === null ? words.none : `STORK ${stork}`}</p>` +
  factTable([
    [words.id, code(id)],
    [words.asOf, code(at)],
    [words.status, escapeHtml(status)],
  ]) +
  (decision === undefined ? `<p>${words.nothing}</p>` : decisionSection(decision, words));

function decisionSection(decision: AuthorizationDecisionView | MeansDecisionView, words: ExplanationWords): string {
  const { record, decidedAt, recordedRuleSet, ruleSet, aspects, checks } = decision;
  const places = new Map(checks.map((one, index) => [idOf(one), index + 1]));
  const others = ruleSet === recordedRuleSet ? '' : `, ${words.judgedBy} ${code(ruleSet)}`;
  return (
    `<h2>${words.decision}</h2>` +
    factTable([
      [words.decided, code(decidedAt)],
      [words.rules, `${code(recordedRuleSet ?? '–')}${others}`],
      [words.record, placeText(record, words)],
      ...('copies' in decision && decision.copies !== undefined
        ? [[words.copies, decision.copies.map(code).join('<br>')] as const]
        : []),
    ]) +
    verdict(decision, words) +
    aspectTable(aspects, places, words) +
    `<h2>${words.dossier}</h2>` +
    table(
      ['#', words.check, words.facts, words.record],
      checks.map((one, index) => [
        String(index + 1),
        `${escapeHtml(one.type)}<br>${code(idOf(one))}<br>${standing(one, words)}`,
        factsOf(one),
        placeText(one.record, words),
      ]),
    )
  );
}

const idOf = ({ check }: ExplainedCheckView): string => (check as { readonly id: string }).id;

function verdict(
  {
    obstacles,
    differences,
  }: { readonly obstacles: readonly ObstacleView[]; readonly differences: readonly DifferenceView[] },
  words: ExplanationWords,
): string {
  if (obstacles.length > 0) {
    const reasons = obstacles.map((one) => `<li>${escapeHtml(one.detail)} (${code(one.code)})</li>`);
    return `<div class="note"><p>${words.obstacles}</p><ul>${reasons.join('')}</ul></div>`;
  }
  return differenceNote(differences, words);
}

export const differenceNote = (differences: readonly DifferenceView[], words: ExplanationWords): string =>
  differences.length === 0
    ? `<p>${words.same}</p>`
    : `<p class="note">${words.differs}</p>` +
      table(
        [words.what, words.recorded, words.judgedAgain],
        differences.map(({ member, recorded, judgedAgain }) => [member, recorded, judgedAgain].map(code)),
      );

const aspectTable = (
  aspects: readonly ExplainedAspectView[],
  places: ReadonlyMap<string, number>,
  words: ExplanationWords,
): string =>
  table(
    [words.aspect, words.score, words.row, words.asks, words.checks],
    aspects.flatMap(({ aspect, score, rows }) =>
      rows.length === 0
        ? [[escapeHtml(aspect), String(score), words.noRow, '', '']]
        : rows.map((row, index) => [
            index === 0 ? escapeHtml(aspect) : '',
            index === 0 ? String(score) : '',
            code(row.row),
            `${escapeHtml(row.rule)} <span class="quiet">${escapeHtml(row.source)}</span>`,
            row.checks.length === 0
              ? `<span class="quiet">${words.ofProfile}</span>`
              : row.checks.map((check) => `#${places.get(check)!}`).join(', '),
          ]),
    ),
  );

function standing({ counts, why, joined, superseded }: ExplainedCheckView, words: ExplanationWords): string {
  const meaning = why === undefined ? '' : `: ${code(why)} ${escapeHtml(WHY[why as keyof typeof WHY])}`;
  return [
    `${counts ? words.counts : words.doesNot}${meaning}`,
    ...(joined ? [words.joined] : []),
    ...(superseded ? [words.superseded] : []),
  ].join('; ');
}

/** Members that stand beside the facts. */
const BESIDE: readonly string[] = ['id', 'type', 'late'];

const factsOf = ({ check }: ExplainedCheckView): string =>
  Object.entries(check)
    .filter(([name, value]) => !BESIDE.includes(name) && value !== undefined)
    .map(([name, value]) => `${escapeHtml(name)}: ${code(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join('<br>');

const placeText = (
  { event, type, stream, revision, position, recordedAt }: RecordPlaceView,
  words: ExplanationWords,
): string =>
  `${escapeHtml(type)} ${code(event)}<br>${code(stream)}, ${words.revision} ${revision}<br>` +
  `${words.position} ${escapeHtml(position)}, ${code(recordedAt)}`;
