import { epochOf, instantFromEpoch } from '#libs/kernel';
import type { Governance, MeansProduct } from '#libs/application';
import {
  classifyMeans,
  readInstant,
  timedService,
  type MeansRequest,
  type RuleSet,
  type StorkLevel,
  type TimedLevelPolicy,
  type TimedSecondFactorPolicy,
  type TimedService,
} from '#libs/scheme';

/** What a login through an authentication service is worth with a product (MEANS-03, THR-06). */
export interface LoginAssessment {
  /** Highest level the mechanism supports. */
  readonly stork: StorkLevel;
  readonly factors: 1 | 2 | 3;
  /** The service whose assessment this is; `null`: the weakest of the product. */
  readonly authenticationService: string | null;
}

/** Catalogue, policies and products as a decision asks for them: moments as numbers, mechanisms as what they support. */
export interface UsePolicy {
  readonly version: string;
  readonly rules: RuleSet;
  readonly levelPolicy: readonly TimedLevelPolicy[];
  readonly secondFactorPolicy: readonly TimedSecondFactorPolicy[];
  readonly maxIntermediaries: number;
  /** The catalogue entry at this moment; withdrawn is no longer in it (CONT-04). */
  service(id: string, at: number): TimedService | undefined;
  /** From when the entry is withdrawn, in milliseconds; `Infinity`: not as far as known. */
  withdrawnFrom(id: string): number;
  assessment(product: string, authenticationService: string | undefined, at: number): LoginAssessment;
}

/** A product that nobody knows any more supports nothing but the lowest level. */
const UNKNOWN_PRODUCT: LoginAssessment = { stork: 1, factors: 1, authenticationService: null };

export function usePolicy(governance: Governance, rules: RuleSet): UsePolicy {
  const services = new Map(
    governance.services.map((entry) => {
      const { name: _name, providerName: _providerName, withdrawnFrom, ...service } = entry;
      const until = withdrawnFrom === undefined ? Infinity : epochOf(withdrawnFrom);
      return [entry.id, { service: timedService(service), until }] as const;
    }),
  );
  const assessments = new WeakMap<MeansProduct, ReadonlyMap<string | null, LoginAssessment>>();
  const assessmentsOf = (product: MeansProduct): ReadonlyMap<string | null, LoginAssessment> => {
    let known = assessments.get(product);
    if (known === undefined) assessments.set(product, (known = assess(product, rules)));
    return known;
  };
  return {
    version: governance.version,
    rules,
    levelPolicy: governance.levelPolicy.flatMap(({ level, usableUntil, provider }) =>
      usableUntil === undefined
        ? []
        : [{ level, usableUntil: epochOf(usableUntil), ...(provider === undefined ? {} : { provider }) }],
    ),
    secondFactorPolicy: governance.secondFactorPolicy.map((entry) => ({ ...entry, from: readInstant(entry.from) })),
    maxIntermediaries: governance.maxIntermediaries,
    service(id, at) {
      const entry = services.get(id);
      return entry === undefined || entry.until <= at ? undefined : entry.service;
    },
    withdrawnFrom: (id) => services.get(id)?.until ?? Infinity,
    assessment(productId, authenticationService, at) {
      const product = governance.productAt(productId, instantFromEpoch(at));
      if (product === undefined) return UNKNOWN_PRODUCT;
      const known = assessmentsOf(product);
      return (authenticationService === undefined ? undefined : known.get(authenticationService)) ?? known.get(null)!;
    },
  };
}

/** One entry per authentication service, and under `null` the weakest: of each property the lowest there is. */
function assess(product: MeansProduct, rules: RuleSet): ReadonlyMap<string | null, LoginAssessment> {
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
