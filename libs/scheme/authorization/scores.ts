import type { Score } from '../score.js';
import { type Dossier, supposes } from './dossier.js';
import type { AspectScores } from './refusals.js';
import type { AuthorizationRow, DepartureFlag, EarlierScores, EvidenceAspect } from './row.js';

/** An aspect as judged: its score, the rows that earn it, and the recommendations departed from on the way. */
export interface Judgment {
  readonly score: Score;
  readonly rows: readonly string[];
  readonly flags: readonly DepartureFlag[];
}

const highest = (rows: readonly AuthorizationRow[]): Score =>
  rows.reduce<Score>((best, row) => (row.score > best ? row.score : best), 0);

const mayDepart = (dossier: Dossier): boolean =>
  (dossier.request.deviationReason ?? '').trim() !== '' || supposes(dossier, 'deviation-reason-missing');

/**
 * The score of an aspect is that of its best satisfied row (SCORE-01…SCORE-03). A row that departs from a
 * recommendation counts only with a reason, and only where it lifts the aspect above its other rows (D-24).
 */
export function judgeAspect(
  aspect: EvidenceAspect,
  rows: readonly AuthorizationRow[],
  dossier: Dossier,
  earlier: EarlierScores,
): Judgment {
  const inBook = rows.filter((row) => row.aspect === aspect && row.books.includes(dossier.request.registration));
  const met = inBook.filter((row) => row.holds(dossier, earlier));
  const departed = mayDepart(dossier)
    ? inBook.filter((row) => row.departure !== undefined && row.departure.holds(dossier, earlier))
    : [];
  const lifted = highest(departed) > highest(met);
  const counted = lifted ? departed : met;
  const score = highest(counted);
  const earning = counted.filter((row) => row.score === score);
  const flags = lifted ? earning.flatMap((row) => (row.departure === undefined ? [] : [row.departure.flag])) : [];
  return { score, rows: [...new Set(earning.map((row) => row.id))], flags: [...new Set(flags)] };
}

/** Exactly one of IG and IR is judged (SCORE-04). */
export type Judgments = Readonly<Record<'IA' | 'IO' | 'IV', Judgment>> &
  Readonly<Partial<Record<'IG' | 'IR', Judgment>>>;

/** Judges the aspects that are scored on evidence, those first on which rows of others rest: IA, IO, then the rest. */
export function judgeEvidence(rows: readonly AuthorizationRow[], dossier: Dossier): Judgments {
  const nothing: EarlierScores = { IA: 0, IO: 0 };
  const IA = judgeAspect('IA', rows, dossier, nothing);
  const IO = judgeAspect('IO', rows, dossier, { ...nothing, IA: IA.score });
  const earlier: EarlierScores = { IA: IA.score, IO: IO.score };
  const IV = judgeAspect('IV', rows, dossier, earlier);
  return dossier.request.authorizedParty.kind === 'naturalPerson'
    ? { IA, IO, IG: judgeAspect('IG', rows, dossier, earlier), IV }
    : { IA, IO, IR: judgeAspect('IR', rows, dossier, earlier), IV };
}

/** All applicable aspects: those of the evidence and those of the register's own profile (SCORE-04, SCORE-05). */
export function aspectScores(judgments: Judgments, { request }: Dossier): AspectScores {
  const evidence = Object.entries(judgments).map(([aspect, judgment]) => [aspect, judgment.score]);
  const { im, pd, pv, pi, pt } = request.registerProfile;
  return { ...Object.fromEntries(evidence), IM: im, PD: pd, PV: pv, PI: pi, PT: pt };
}
