import { epochOf, instantFromEpoch } from '#libs/kernel';
import {
  readInstant,
  timedService,
  type RuleSet,
  type TimedLevelPolicy,
  type TimedSecondFactorPolicy,
  type TimedService,
} from '#libs/scheme';
import type { Governance, ProductInForce } from '../governance/governance.js';
import {
  assessmentThrough,
  loginAssessments,
  type LoginAssessment,
  type LoginAssessments,
} from '../governance/login-assessment.js';
import { timedLevelPolicy } from '../levels/current-level.js';

/** Catalogue, policies and products as a decision asks for them: moments as numbers, mechanisms as what they support. */
export interface UsePolicy {
  readonly version: string;
  readonly rules: RuleSet;
  readonly levelPolicy: readonly TimedLevelPolicy[];
  readonly secondFactorPolicy: readonly TimedSecondFactorPolicy[];
  readonly maxIntermediaries: number;
  /** Every service that the catalogue has had, in their order. */
  readonly serviceIds: readonly string[];
  /** The catalogue entry at this moment; withdrawn is no longer in it (CONT-04). */
  service(id: string, at: number): TimedService | undefined;
  /** From when the entry is withdrawn, in milliseconds; `Infinity`: not as far as known. */
  withdrawnFrom(id: string): number;
  assessment(product: string, authenticationService: string | undefined, at: number): LoginAssessment;
  /** What the product supports through each service that it is offered through. */
  logins(product: string, at: number): readonly LoginAssessment[];
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
  const assessments = new WeakMap<ProductInForce, LoginAssessments>();
  const assessmentsOf = (product: ProductInForce): LoginAssessments => {
    let known = assessments.get(product);
    if (known === undefined) assessments.set(product, (known = loginAssessments(product, rules)));
    return known;
  };
  return {
    version: governance.version,
    rules,
    levelPolicy: timedLevelPolicy(governance),
    secondFactorPolicy: governance.secondFactorPolicy.map((entry) => ({ ...entry, from: readInstant(entry.from) })),
    maxIntermediaries: governance.maxIntermediaries,
    serviceIds: [...services.keys()].sort(),
    service(id, at) {
      const entry = services.get(id);
      return entry === undefined || entry.until <= at ? undefined : entry.service;
    },
    withdrawnFrom: (id) => services.get(id)?.until ?? Infinity,
    assessment(productId, authenticationService, at) {
      const product = governance.productAt(productId, instantFromEpoch(at));
      if (product === undefined) return UNKNOWN_PRODUCT;
      return assessmentThrough(assessmentsOf(product), authenticationService);
    },
    logins(productId, at) {
      const product = governance.productAt(productId, instantFromEpoch(at));
      return product === undefined ? [] : [...assessmentsOf(product).values()];
    },
  };
}
