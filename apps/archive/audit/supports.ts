import { authorizationAspects, meansAspects } from '#libs/application';
import { isRuleSetVersion, ruleSet as ruleSetOf, type Book } from '#libs/scheme';
import type { WeighedCheck } from '#libs/domain';
import type { CheckRow, Supported } from '../checks/checks.projection.js';
import type { SupportedView } from './supported.view.js';

type Rows = Supported['rows'];

/**
 * What a check carries in a decision: of the rows that the dossier earned, those that a check of its type can be evidence
 * for, in the rules that it was judged by. Nothing, where it did not count.
 */
export function supportedView(
  { id: check, type }: Pick<CheckRow, 'id' | 'type'>,
  { registration, rows, stood, ...supported }: Supported,
): SupportedView {
  const weighed = { check, type, ...(stood ?? { counts: true, joined: false, superseded: false }) };
  const carried = (): Rows =>
    registration === undefined
      ? carriedByMeans(rows, weighed)
      : carriedByAuthorization(rows, registration, weighed, supported.ruleSet);
  return { ...supported, ...stood, rows: weighed.counts ? carried() : {} };
}

/** Elements of a means are told apart no further than by their kind of evidence. */
const carriedByMeans = (rows: Rows, weighed: WeighedCheck): Rows =>
  Object.fromEntries(
    meansAspects({ scores: {}, rows }, [weighed])
      .filter((element) => element.checks.length > 0 && element.rows.length > 0)
      .map((element) => [element.aspect, element.rows]),
  );

function carriedByAuthorization(rows: Rows, book: Book, weighed: WeighedCheck, version: string | null): Rows {
  if (version === null || !isRuleSetVersion(version)) return {};
  const rules = ruleSetOf(version);
  const restsOnIt = new Set(
    rules.authorization.rows
      .filter(({ restsOn }) => (restsOn as readonly string[]).includes(weighed.type))
      .map(({ id }) => id),
  );
  return Object.fromEntries(
    authorizationAspects({ scores: {}, rows }, book, [weighed], rules).flatMap((aspect) => {
      if (aspect.checks.length === 0) return [];
      // A login stands behind whole aspects, not behind rows of records.
      const carried = aspect.rows.filter((row) => weighed.type === 'authentication' || restsOnIt.has(row));
      return carried.length === 0 ? [] : [[aspect.aspect, carried]];
    }),
  );
}
