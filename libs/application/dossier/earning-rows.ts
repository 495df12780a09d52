import type { JsonValue, Rejection } from '#libs/kernel';
import { CHECK_TYPES } from '#libs/domain';
import type { Book, RuleSet } from '#libs/scheme';

/** A row of a score table, with the kinds of check that it can rest on. */
export type EarningRow = {
  readonly aspect: string;
  readonly score: number;
  readonly row: string;
  readonly checks: readonly string[];
};

/** Rows that an administrator's login carries, which is a member of the question and no record of it (R-IO-01). */
const BY_LOGIN: readonly string[] = ['R-IO1-a', 'R-IO2-c', 'R-IO3-e', 'R-IO4-f'];

/** The rows of a registration in the book that it is judged by. What is derived is no check that anybody supplies. */
export const authorizationRows = (book: Book, { authorization }: RuleSet): readonly EarningRow[] =>
  authorization.rows
    .filter(({ books }) => books.includes(book))
    .map(({ aspect, score, id, restsOn }) => {
      const types = new Set<string>([...(BY_LOGIN.includes(id) ? ['authentication'] : []), ...restsOn]);
      return { aspect, score, row: id, checks: [...types].filter((type) => CHECK_TYPES.includes(type)) };
    });

/** Validations of an identity of criterion iii.c and stronger (MEANS-IDC-iii). */
const VALIDATIONS = [
  ...['eSignatureValidation', 'employerStatement', 'idCopyEnclosed', 'idDocumentStatus', 'bankTransaction'],
  ...['physicalAppearance', 'remoteIdentification'],
];

/** The rows of a means rest on members of the question; these are the checks that those are put together from. */
const RESTS_ON: Readonly<Record<string, readonly string[]>> = {
  'MEANS-ID1': ['identityAttributesRecorded', 'emailConfirmation', 'neutralThirdParty', ...VALIDATIONS],
  'MEANS-ID2': ['identityAttributesRecorded', 'neutralThirdParty', ...VALIDATIONS],
  'MEANS-ID3-v1': ['identityAttributesRecorded', ...VALIDATIONS],
  'MEANS-ID3-v2': ['identityAttributesRecorded', 'officialNumberVerification', ...VALIDATIONS],
  'MEANS-ID4': [
    ...['identityAttributesRecorded', 'officialNumberVerification', 'physicalAppearance', 'eSignatureValidation'],
  ],
  'MEANS-IC1': [],
  'MEANS-IC2': ['meansDelivery'],
  'MEANS-IC3': ['meansDelivery'],
  'MEANS-IC4': ['meansDelivery', 'physicalAppearance'],
  'MEANS-PKIO': ['pkiOverheidCertificate'],
};

/** The rows of a means that checks can earn: what issuer and product are worth is no matter of a dossier. */
export const meansRows = ({ means }: RuleSet): readonly EarningRow[] =>
  means.rows.flatMap(({ element, score, id }) => {
    const checks = RESTS_ON[id];
    return checks === undefined ? [] : [{ aspect: element, score, row: id, checks }];
  });

/** Characters that the rows may take in all the reasons of one answer: the aspects beside them need the rest (interfaces.md §4). */
const ROOM = 2_500;

/**
 * The reasons of a no with what would earn the scores that they miss: of an aspect without a score the lowest there is, of
 * a level that is not reached the scores that it asks. An aspect that no check can mend says nothing.
 */
export function withEarningRows(rejections: readonly Rejection[], table: readonly EarningRow[]): readonly Rejection[] {
  let room = ROOM;
  return rejections.map((rejection) => {
    const earnedBy = missingIn(rejection)
      .flatMap(([aspect, score]) => earning(table, aspect, score))
      .filter((row) => {
        room -= JSON.stringify(row).length;
        return room >= 0;
      });
    return earnedBy.length === 0
      ? rejection
      : { ...rejection, facts: { ...rejection.facts, earnedBy: earnedBy as unknown as JsonValue } };
  });
}

/** Aspects and the least score that each lacks. */
function missingIn({ code, facts = {} }: Rejection): readonly (readonly [aspect: string, score: number])[] {
  if (code === 'aspect-unscored') return [[facts['aspect'] as string, 1]];
  if (code !== 'level-not-reached' && code !== 'renewal-below-level') return [];
  // Of a means the elements stand there themselves, of an authorization below `aspects`.
  const missing = (facts['missing'] ?? {}) as { readonly aspects?: Scores } & Scores;
  return Object.entries(missing.aspects ?? (missing as Scores));
}

type Scores = Readonly<Record<string, number>>;

/** The rows of the lowest score from this one on that some row has. */
function earning(table: readonly EarningRow[], aspect: string, least: number): readonly EarningRow[] {
  const rows = table.filter((row) => row.aspect === aspect && row.score >= least);
  const lowest = Math.min(...rows.map(({ score }) => score));
  return rows.filter(({ score }) => score === lowest);
}
