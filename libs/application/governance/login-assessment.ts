import { classifyMeans, type MeansRequest, type RuleSet, type StorkLevel } from '#libs/scheme';
import type { ProductInForce } from './governance.js';
import { tokenAt } from './product-token.js';

/** What a login through an authentication service is worth with a product (MEANS-03, THR-06). */
export interface LoginAssessment {
  /** Highest level that the mechanism and, of a service, who runs it support. */
  readonly stork: StorkLevel;
  readonly factors: 1 | 2 | 3;
  /** The service whose assessment this is; `null`: the weakest of the product. */
  readonly authenticationService: string | null;
}

/** One entry per authentication service, and under `null` the weakest: of each property the lowest there is. */
export type LoginAssessments = ReadonlyMap<string | null, LoginAssessment>;

export function loginAssessments(product: ProductInForce, rules: RuleSet): LoginAssessments {
  const listed = product.assessments.map(({ authenticationService, mechanism, entity = PARTICIPANT }) => ({
    stork: supported(product, mechanism, rules, entity),
    factors: mechanism.factors,
    authenticationService,
  }));
  const own = { stork: supported(product, product.mechanism, rules), factors: product.mechanism.factors };
  const all = listed.length === 0 ? [own] : listed;
  const weakest: LoginAssessment = {
    stork: Math.min(...all.map(({ stork }) => stork)) as StorkLevel,
    factors: Math.min(...all.map(({ factors }) => factors)) as LoginAssessment['factors'],
    authenticationService: null,
  };
  return new Map<string | null, LoginAssessment>([
    [null, weakest],
    ...listed.map((entry) => [entry.authenticationService, entry] as const),
  ]);
}

/** The entry of a service; one that is not named or not listed gets the weakest (interfaces.md §7). */
export const assessmentThrough = (
  assessments: LoginAssessments,
  authenticationService: string | undefined,
): LoginAssessment =>
  (authenticationService === undefined ? undefined : assessments.get(authenticationService)) ?? assessments.get(null)!;

/** Nobody else offers a means in the scheme. */
const PARTICIPANT: MeansRequest['issuer'] = { participant: true, supervision: 'none' };

/**
 * The highest STORK level that the mechanism supports, and the entity where it is another than the issuer, whose own IE the
 * means has already: evaluation 2's rows of AM and IE, read against what each level needs.
 */
function supported(
  product: ProductInForce,
  mechanism: MeansRequest['mechanism'],
  rules: RuleSet,
  entity?: MeansRequest['issuer'],
): StorkLevel {
  const { scores } = classifyMeans(
    {
      identification: {
        physicalAppearance: false,
        attributes: { count: 0, uniquelyIdentifying: false, officialNumberVerified: false },
        validations: [],
      },
      issuance: { form: 'unverified' },
      issuer: entity ?? PARTICIPANT,
      token: tokenAt(product, product.from, rules),
      mechanism,
    },
    rules,
  );
  const upTo = (element: 'AM' | 'IE'): number =>
    rules.means.supports[element].filter((needed) => needed <= scores[element]).length;
  return Math.max(1, Math.min(upTo('AM'), entity === undefined ? Infinity : upTo('IE'))) as StorkLevel;
}
