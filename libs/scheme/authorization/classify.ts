import type { AuthorizationRequest, AuthorizationResult, EhLevel } from '../contract/classification.types.js';
import { compareEh, eidasOf, lowerOf } from '../levels/levels.js';
import { type Columns, type MLevel, shortfall, synthesizeEh, synthesizeM } from '../levels/synthesis.js';
import type { Judged, RuleSet } from '../rule-set.js';
import { type Dossier, dossierOf, recordsOf, supposing } from './dossier.js';
import type { AspectScores } from './refusals.js';
import type { Aspect } from './row.js';
import { type Judgment, aspectScores, distinct, earnedBy, judgeEvidence } from './scores.js';

type MissingForLevel = NonNullable<AuthorizationResult['missingFor'][EhLevel]>;
type Missing = { -readonly [Member in keyof MissingForLevel]: MissingForLevel[Member] };

/** The means column: a means is worth no more than its issuance (AMB-07, D-26). Not used for a legal person. */
function meansColumn(dossier: Dossier): number | undefined {
  const { authorizedParty } = dossier.request;
  if (authorizedParty.kind === 'legalPerson') return undefined;
  if (authorizedParty.meansStork === undefined) return 0;
  const issuances = recordsOf(dossier, 'meansIssuance').map((check) => check.issuanceLevel);
  return issuances.length === 0
    ? authorizedParty.meansStork
    : Math.min(authorizedParty.meansStork, Math.max(...issuances));
}

/** The submitter column: repeated registrations only, on paper the authority alone (SYN-06, REG-12, D-28). */
function submitterColumn({ registration, channel, submitter }: AuthorizationRequest): EhLevel | undefined {
  if (registration === 'first') return undefined;
  const login = channel === 'electronic' ? submitter.authenticatedLevel : undefined;
  return lowerOf(submitter.administration?.level, login);
}

/**
 * The conditions that, each alone, would lift some aspect if they were met (D-25): those that a row above the score asked
 * for, and with which it is met. Two things make that enough: a supposed condition never takes a row away, and no row
 * looks at one but through `supposes`. What lifts IA or IO is found there, so rows that rest on them need not be judged
 * again.
 */
function rowCodes(dossier: Dossier, judged: readonly Judgment[], rules: RuleSet['authorization']): string[] {
  const asking = judged.flatMap((judgment) => judgment.asking);
  if (asking.length === 0) return [];
  return rules.rowCodes
    .filter(({ code }) => {
      const rows = asking.filter(({ codes }) => codes.includes(code));
      if (rows.length === 0) return false;
      const supposed = supposing(dossier, code);
      return rows.some((row) => row.holds(supposed));
    })
    .map(({ code }) => code);
}

function missingFor(
  scores: AspectScores,
  columns: Columns,
  eh: EhLevel | null,
  rules: RuleSet['authorization'],
): AuthorizationResult['missingFor'] {
  const missing: Partial<Record<EhLevel, Missing>> = {};
  for (const row of rules.ehTable) {
    if (eh !== null && compareEh(row.eh, eh) <= 0) continue;
    const minimum = rules.minimumScores[row.m];
    const aspects: Partial<Record<Aspect, MLevel>> = {};
    for (const aspect of shortfall(scores, minimum)) aspects[aspect] = minimum[aspect];
    const lacking: Missing = { aspects };
    if (columns.stork !== undefined && columns.stork < row.stork) lacking.meansStork = row.stork;
    if (columns.submitter !== undefined && compareEh(columns.submitter, row.eh) < 0) lacking.submitterLevel = row.eh;
    missing[row.eh] = lacking;
  }
  return missing;
}

/**
 * Which level does this dossier reach? (classification.md §1.) The request is a valid one, see `validateRequest`;
 * on any other the answer means nothing.
 */
export function classifyAuthorization(request: AuthorizationRequest, ruleSet: RuleSet): Judged<AuthorizationResult> {
  const rules = ruleSet.authorization;
  const dossier = dossierOf(request, rules.maximumAge);
  const judgments = judgeEvidence(rules.rows, dossier);
  const scores = aspectScores(judgments, dossier);
  const blocking = rules.blocking.flatMap((refusal) => refusal.found(dossier, scores));
  const m = blocking.length > 0 ? 0 : synthesizeM(scores, rules.minimumScores);
  const columns: Columns = { m, stork: meansColumn(dossier), submitter: submitterColumn(request) };
  const eh = m === 0 ? null : synthesizeEh(columns, rules.ehTable);
  const judged = Object.values<Judgment>(judgments);
  return {
    scores,
    rows: earnedBy(judgments),
    m,
    eh,
    eidas: eh === null ? null : eidasOf(eh, ruleSet.levels),
    submitterLevel: columns.submitter ?? null,
    limitedBy: m === 4 ? [] : shortfall(scores, rules.minimumScores[(m + 1) as MLevel]),
    missingFor: missingFor(scores, columns, eh, rules),
    refusals: [...blocking, ...rowCodes(dossier, judged, rules)],
    flags: distinct(judged.flatMap((judgment) => judgment.flags)),
    ruleSet: ruleSet.version,
  };
}
