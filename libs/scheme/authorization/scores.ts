import { type Dossier } from './dossier.js';
import { supposes } from '../supposition.js';
import type { AspectScores } from './refusals.js';
import type { AuthorizationRow, Book, DepartureFlag, EarlierScores, EvidenceAspect } from './row.js';
import type { AuthorizationRowCode } from './row-codes.js';
import type { Score } from '../score.js';

/** A row above the score that was not met, and asked for conditions that may be supposed (D-25). */
export interface AskingRow {
  readonly score: Score;
  readonly codes: readonly AuthorizationRowCode[];
  /** Whether the row is met by this dossier: the same one, with a condition supposed. */
  readonly holds: (supposing: Dossier) => boolean;
}

/** An aspect as judged: its score, the rows that earn it, and the recommendations departed from on the way. */
export interface Judgment {
  readonly score: Score;
  readonly rows: readonly string[];
  readonly flags: readonly DepartureFlag[];
  readonly asking: readonly AskingRow[];
}

const givesReason = (dossier: Dossier): boolean =>
  (dossier.request.deviationReason ?? '').trim() !== '' || supposes(dossier, 'deviation-reason-missing');

/** The rows of one aspect that count in one book, the highest score first. */
type Ladder = readonly AuthorizationRow[];
type Ladders = Readonly<Record<Book, Readonly<Record<EvidenceAspect, Ladder>>>>;

/** The tables of a rule set never change, so their ladders are made once. */
const laddersOfTables = new WeakMap<readonly AuthorizationRow[], Ladders>();

function laddersOf(rows: readonly AuthorizationRow[]): Ladders {
  const known = laddersOfTables.get(rows);
  if (known !== undefined) return known;
  const ladder = (book: Book, aspect: EvidenceAspect): Ladder =>
    rows
      .filter((row) => row.aspect === aspect && row.books.includes(book))
      .sort((left, right) => right.score - left.score);
  const inBook = (book: Book): Ladders[Book] => ({
    IA: ladder(book, 'IA'),
    IO: ladder(book, 'IO'),
    IG: ladder(book, 'IG'),
    IR: ladder(book, 'IR'),
    IV: ladder(book, 'IV'),
  });
  const ladders: Ladders = { first: inBook('first'), repeated: inBook('repeated') };
  laddersOfTables.set(rows, ladders);
  return ladders;
}

/**
 * Goes down a ladder to the first score that some row earns, and no further: nothing below it can matter. Rows passed on
 * the way that asked for a condition are noted in `asking`.
 */
function earningRows(
  ladder: Ladder,
  above: Score,
  dossier: Dossier,
  holds: (row: AuthorizationRow, dossier: Dossier) => boolean,
  asking: AskingRow[],
): readonly AuthorizationRow[] {
  const earning: AuthorizationRow[] = [];
  let least = above + 1;
  for (const row of ladder) {
    if (row.score < least) break;
    // Emptying an empty set is not free.
    if (dossier.asked.size > 0) dossier.asked.clear();
    if (holds(row, dossier)) {
      least = row.score;
      earning.push(row);
    } else if (dossier.asked.size > 0) {
      asking.push({ score: row.score, codes: [...dossier.asked], holds: (supposing) => holds(row, supposing) });
    }
  }
  return earning;
}

/**
 * The score of an aspect is that of its best satisfied row (SCORE-01…SCORE-03). A row that departs from a
 * recommendation counts only with a reason, and only where it lifts the aspect above its other rows (D-24).
 */
function judgeAspect(ladder: Ladder, dossier: Dossier, earlier: EarlierScores): Judgment {
  const asking: AskingRow[] = [];
  const met = earningRows(ladder, 0, dossier, (row, from) => row.holds(from, earlier), asking);
  const departs = (row: AuthorizationRow, from: Dossier): boolean =>
    row.departure !== undefined && row.departure.holds(from, earlier) && givesReason(from);
  const departed = earningRows(ladder, met[0]?.score ?? 0, dossier, departs, asking);
  const counted = departed.length > 0 ? departed : met;
  const score = counted[0]?.score ?? 0;
  return {
    score,
    rows: distinct(counted.map((row) => row.id)),
    flags: distinct(departed.flatMap((row) => (row.departure === undefined ? [] : [row.departure.flag]))),
    asking: asking.length === 0 ? asking : asking.filter((row) => row.score > score),
  };
}

/** Each item once, in the order of its first occurrence. */
export const distinct = <Item>(items: readonly Item[]): readonly Item[] =>
  items.length < 2 ? items : [...new Set(items)];

/** Exactly one of IG and IR is judged (SCORE-04). */
export type Judgments = Readonly<Record<'IA' | 'IO' | 'IV', Judgment>> &
  (Readonly<Record<'IG', Judgment>> | Readonly<Record<'IR', Judgment>>);

/** Judges the aspects that are scored on evidence, those first on which rows of others rest: IA, IO, then the rest. */
export function judgeEvidence(rows: readonly AuthorizationRow[], dossier: Dossier): Judgments {
  const { registration, authorizedParty } = dossier.request;
  const ladders = laddersOf(rows)[registration];
  const IA = judgeAspect(ladders.IA, dossier, { IA: 0, IO: 0 });
  const IO = judgeAspect(ladders.IO, dossier, { IA: IA.score, IO: 0 });
  const earlier: EarlierScores = { IA: IA.score, IO: IO.score };
  const IV = judgeAspect(ladders.IV, dossier, earlier);
  return authorizedParty.kind === 'naturalPerson'
    ? { IA, IO, IG: judgeAspect(ladders.IG, dossier, earlier), IV }
    : { IA, IO, IR: judgeAspect(ladders.IR, dossier, earlier), IV };
}

/** All applicable aspects: those of the evidence and those of the register's own profile (SCORE-04, SCORE-05). */
export function aspectScores(judgments: Judgments, { request }: Dossier): AspectScores {
  const { im: IM, pd: PD, pv: PV, pi: PI, pt: PT } = request.registerProfile;
  const [IA, IO, IV] = [judgments.IA.score, judgments.IO.score, judgments.IV.score];
  return 'IG' in judgments
    ? { IA, IO, IG: judgments.IG.score, IV, IM, PD, PV, PI, PT }
    : { IA, IO, IR: judgments.IR.score, IV, IM, PD, PV, PI, PT };
}

/** The rows that earned each applicable aspect of the evidence. */
export function earnedBy(judgments: Judgments): Readonly<Partial<Record<EvidenceAspect, readonly string[]>>> {
  const [IA, IO, IV] = [judgments.IA.rows, judgments.IO.rows, judgments.IV.rows];
  return 'IG' in judgments ? { IA, IO, IG: judgments.IG.rows, IV } : { IA, IO, IR: judgments.IR.rows, IV };
}
