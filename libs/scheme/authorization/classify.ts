import type {
  AuthorizationRequest,
  AuthorizationResult,
  EhLevel,
  StorkLevel,
} from '../contract/classification.types.js';
import { compareEh, eidasOf, lowerOf } from '../levels/levels.js';
import { type Columns, type MLevel, shortfall, synthesizeEh, synthesizeM } from '../levels/synthesis.js';
import type { Judged, RuleSet } from '../rule-set.js';
import { type Dossier, dossierOf } from './dossier.js';
import type { AspectScores } from './refusals.js';
import type { Aspect } from './row.js';
import { type Judgments, aspectScores, judgeEvidence } from './scores.js';

type Missing = NonNullable<AuthorizationResult['missingFor'][EhLevel]>;

/** The means column: a means is worth no more than its issuance (AMB-07, D-26). Not used for a legal person. */
function meansColumn({ authorizedParty, checks }: AuthorizationRequest): number | undefined {
  if (authorizedParty.kind === 'legalPerson') return undefined;
  if (authorizedParty.meansStork === undefined) return 0;
  const issuances = checks.flatMap((check) => (check.type === 'meansIssuance' ? [check.issuanceLevel] : []));
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

/** The conditions that, each alone, would lift some aspect if they were met (D-25). */
function rowCodes({ request, asked }: Dossier, judged: Judgments, rules: RuleSet['authorization']): string[] {
  return rules.rowCodes
    .filter(({ code }) => {
      // No row asked for it: supposing it can lift nothing, and judging everything again is what costs.
      if (!asked.has(code)) return false;
      const supposed = judgeEvidence(rules.rows, dossierOf(request, rules.maximumAge, code));
      return Object.entries(supposed).some(
        ([aspect, judgment]) => judgment.score > (judged[aspect as keyof Judgments]?.score ?? 0),
      );
    })
    .map(({ code }) => code);
}

function missingFor(
  scores: AspectScores,
  columns: Columns,
  eh: EhLevel | null,
  rules: RuleSet['authorization'],
): AuthorizationResult['missingFor'] {
  const above = rules.ehTable.filter((row) => eh === null || compareEh(row.eh, eh) > 0);
  const entries = above.map((row): [EhLevel, Missing] => {
    const minimum = rules.minimumScores[row.m];
    const aspects = shortfall(scores, minimum).map((aspect): [Aspect, MLevel] => [aspect, minimum[aspect]]);
    const stork: { meansStork?: StorkLevel } =
      columns.stork !== undefined && columns.stork < row.stork ? { meansStork: row.stork } : {};
    const submitter: { submitterLevel?: EhLevel } =
      columns.submitter !== undefined && compareEh(columns.submitter, row.eh) < 0 ? { submitterLevel: row.eh } : {};
    return [row.eh, { aspects: Object.fromEntries(aspects), ...stork, ...submitter }];
  });
  return Object.fromEntries(entries);
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
  const columns: Columns = { m, stork: meansColumn(request), submitter: submitterColumn(request) };
  const eh = m === 0 ? null : synthesizeEh(columns, rules.ehTable);
  const judged = Object.entries(judgments);
  return {
    scores,
    rows: Object.fromEntries(judged.map(([aspect, judgment]) => [aspect, judgment.rows])),
    m,
    eh,
    eidas: eh === null ? null : eidasOf(eh, ruleSet.levels),
    submitterLevel: columns.submitter ?? null,
    limitedBy: m === 4 ? [] : shortfall(scores, rules.minimumScores[(m + 1) as MLevel]),
    missingFor: missingFor(scores, columns, eh, rules),
    refusals: [...blocking, ...rowCodes(dossier, judgments, rules)],
    flags: [...new Set(judged.flatMap(([, judgment]) => judgment.flags))],
    ruleSet: ruleSet.version,
  };
}
