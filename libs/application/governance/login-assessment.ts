import { classifyMeans, type MeansRequest, type RuleSet, type StorkLevel } from '#libs/scheme';
import type { MeansProduct } from './governance.js';

/** What a login through an authentication service is worth with a product (MEANS-03, THR-06). */
export interface LoginAssessment {
  /** Highest level the mechanism supports. */
  readonly stork: StorkLevel;
  readonly factors: 1 | 2 | 3;
  /** The service whose assessment this is; `null`: the weakest of the product. */
  readonly authenticationService: string | null;
}

/** One entry per authentication service, and under `null` the weakest: of each property the lowest there is. */
export type LoginAssessments = ReadonlyMap<string | null, LoginAssessment>;

export function loginAssessments(product: MeansProduct, rules: RuleSet): LoginAssessments {
  const listed = product.assessments.map(({ authenticationService, mechanism }) => ({
    stork: supported(product, mechanism, rules),
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

/** The highest STORK level that the mechanism supports: evaluation 2's AM rows, read against what each level needs. */
function supported(product: MeansProduct, mechanism: MeansRequest['mechanism'], rules: RuleSet): StorkLevel {
  const { scores } = classifyMeans(
    {
      identification: {
        physicalAppearance: false,
        attributes: { count: 0, uniquelyIdentifying: false, officialNumberVerified: false },
        validations: [],
      },
      issuance: { form: 'unverified' },
      issuer: { participant: false, supervision: 'none' },
      token: product.token,
      mechanism,
    },
    rules,
  );
  return Math.max(1, rules.means.supports.AM.filter((needed) => needed <= scores.AM).length) as StorkLevel;
}
