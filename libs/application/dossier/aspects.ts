import type { WeighedCheck } from '#libs/domain';
import type { Book, RuleSet } from '#libs/scheme';
import type { Weighed } from './weighed.js';

/** An aspect of a decision: what it scored, by which rows, on which checks. */
export type AspectView = {
  readonly aspect: string;
  readonly score: number;
  readonly rows: readonly string[];
  readonly checks: readonly WeighedCheck[];
};

export function weighedChecks(evidence: readonly Weighed[]): readonly WeighedCheck[] {
  const seen = new Set<string>();
  return evidence.flatMap(({ check, counts, why, joined, superseded }) => {
    // One look at a document may stand for two records of it.
    if (seen.has(check.id)) return [];
    seen.add(check.id);
    return [
      { check: check.id, type: check.facts.type, counts, ...(why === undefined ? {} : { why }), joined, superseded },
    ];
  });
}

/** A row of a score table with the types of check that it can rest on. */
type RestingRow = { readonly aspect: string; readonly restsOn: readonly string[] };
type Judged = { readonly scores: object; readonly rows: object };

/** The scores, each with the checks that its rows can rest on. */
function aspectsOf({ scores, rows }: Judged, table: readonly RestingRow[], checks: readonly WeighedCheck[]) {
  return Object.entries(rows as { readonly [aspect: string]: readonly string[] }).map(
    ([aspect, earning]): AspectView => {
      const types = new Set(table.filter((row) => row.aspect === aspect).flatMap((row) => row.restsOn));
      return {
        aspect,
        score: (scores as { readonly [aspect: string]: number })[aspect] ?? 0,
        rows: earning,
        checks: checks.filter(({ type }) => types.has(type)),
      };
    },
  );
}

/** The aspects of a registration in the book it was judged by, or of a requester, who is judged by both. */
export const authorizationAspects = (
  judged: Judged,
  book: Book | readonly Book[],
  checks: readonly WeighedCheck[],
  rules: RuleSet,
): readonly AspectView[] =>
  aspectsOf(
    judged,
    [...rules.authorization.rows.filter(({ books }) => [book].flat().some((one) => books.includes(one))), ...LOGINS],
    checks,
  );

/** A login is a member of the question and no record of it: in the repeated book it carries IA and IO (R-IO-01). */
const LOGINS: readonly RestingRow[] = ['IA', 'IO'].map((aspect) => ({ aspect, restsOn: ['authentication'] }));

/** The elements of a means. Their rows rest on members of the question, which are put together from these checks. */
export const meansAspects = (judged: Judged, checks: readonly WeighedCheck[]): readonly AspectView[] =>
  aspectsOf(judged, ELEMENTS, checks);

const ELEMENTS: readonly RestingRow[] = [
  {
    aspect: 'ID',
    restsOn: [
      'identityAttributesRecorded',
      'physicalAppearance',
      'idCopyEnclosed',
      'idDocumentStatus',
      'bankTransaction',
      'eSignatureValidation',
      'officialNumberVerification',
      'emailConfirmation',
      'neutralThirdParty',
      'employerStatement',
      'remoteIdentification',
      'pkiOverheidCertificate',
    ],
  },
  { aspect: 'IC', restsOn: ['meansDelivery', 'physicalAppearance', 'pkiOverheidCertificate'] },
  { aspect: 'IE', restsOn: ['pkiOverheidCertificate'] },
  { aspect: 'RC', restsOn: ['pkiOverheidCertificate'] },
];

/** Characters that the aspects of a refusal may take, beside its codes (interfaces.md §4). */
const ROOM = 10_000;

/** The aspects as an answer of a refusal has room for them: what does not count comes before what does. */
export function aspectsInBrief(aspects: readonly AspectView[]): readonly AspectView[] {
  const brief = aspects.map((aspect) => ({
    ...aspect,
    checks: [...aspect.checks].sort((a, b) => Number(a.counts) - Number(b.counts)),
  }));
  const isTooLong = (): boolean => brief.some(({ checks }) => checks.length > 0) && JSON.stringify(brief).length > ROOM;
  for (let most = 100; isTooLong(); most = Math.floor(most / 2)) {
    for (const aspect of brief) aspect.checks.length = Math.min(aspect.checks.length, most);
  }
  return brief;
}
