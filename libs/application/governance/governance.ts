import { epochOf, type Instant } from '#libs/kernel';
import {
  issuanceRefusal,
  upgradeRefusal,
  type EnforcedSecret,
  type EhLevel,
  type EvaluationRequest,
  type MeansRequest,
  type AuthorizationRequest,
} from '#libs/scheme';
import type { Restriction } from '#libs/domain';

/** Something that holds from a date on; the newest entry not after a moment is the one in force then. */
export interface Dated<T> {
  readonly from: Instant;
  readonly value: T;
}

/** What evaluation 5 asks of a catalogue entry, with the name people know it by. */
export type Service = EvaluationRequest['service'] & {
  readonly name: string;
  readonly providerName: string;
  /** No longer in the catalogue from here on (CONT-04). */
  readonly withdrawnFrom?: Instant;
};

/** What an authentication service's login with this product is worth (MEANS-03, THR-06). */
export interface Assessment {
  readonly authenticationService: string;
  readonly mechanism: MeansRequest['mechanism'];
  /** Who runs the service, which is held to what an issuer is (IE); absent: a participant of the scheme. */
  readonly entity?: MeansRequest['issuer'];
}

/**
 * A means as a product: the token, and its mechanism at each authentication service it is offered through. Where it is for
 * one provider, or for some of its services, so is every means of it (REST-01).
 */
export interface MeansProduct extends Restriction {
  readonly id: string;
  readonly name: string;
  /** What the holder has, and what the mechanism holds his password or PIN to; that itself never comes here. */
  readonly token: Pick<MeansRequest['token'], 'possession'> & { readonly secret?: EnforcedSecret };
  /** The issuer's own assessment, the one issuing is judged by. */
  readonly mechanism: MeansRequest['mechanism'];
  readonly assessments: readonly Assessment[];
  /** Other forms of delivery and remote methods that were decided to be as good (PROOF-11). */
  readonly equivalences?: readonly Dated<Equivalence>[];
}

/** The entry of a product that is in force, and since when: that is the date of its assessment (THR-06). */
export type ProductInForce = MeansProduct & { readonly from: Instant };

/** A decided equivalence: who decided it, why, and what it is worth (AMB-57, AMB-78). */
export type Equivalence = {
  readonly id: string;
  readonly reason: string;
  readonly decision: { readonly reference: string; readonly body: string; readonly date: string };
} & (
  | { readonly of: 'delivery'; readonly equivalentTo: 2 | 3 }
  | { readonly of: 'remoteIdentification'; readonly equivalentTo: 'iii.e' | 'iii.f' }
);

/** An agreement by which an employer states whom he identified (MEANS-ID3-d). */
export interface EmployerAgreement {
  readonly reference: string;
  /** Organization id, `kvk:69599084`. */
  readonly employer: string;
  readonly from: Instant;
  readonly until?: Instant;
}

/** The register's own profile of a date: its scores, and what a login is worth (ADMIN-05, PROOF-06). */
export type RegisterProfile = AuthorizationRequest['registerProfile'] & {
  /** Minutes that a session lasts; two hours when absent, at most twelve. */
  readonly sessionMinutes?: number;
  /** Level of a login through the register's own facility, as assessed; absent: it gives none. */
  readonly ownFacility?: EhLevel;
};

/** What a login is worth at a date. */
export interface LoginRules {
  /** Milliseconds. */
  readonly session: number;
  readonly ownFacility: EhLevel | undefined;
}

/** Until when a level may be issued and used (TFA-03). */
export interface LevelPolicyEntry {
  readonly level: EhLevel;
  readonly issuableUntil?: Instant;
  readonly upgradableUntil?: Instant;
  readonly usableUntil?: Instant;
  readonly provider?: string;
}

/** Everything that is decided by policy and not by evidence: dated and versioned, never edited in place. */
export interface GovernanceData {
  readonly version: string;
  readonly services: readonly Service[];
  readonly levelPolicy: readonly LevelPolicyEntry[];
  readonly secondFactorPolicy: NonNullable<EvaluationRequest['secondFactorPolicy']>;
  readonly registerProfiles: readonly Dated<RegisterProfile>[];
  readonly issuerProfiles: readonly Dated<MeansRequest['issuer']>[];
  readonly meansProducts: readonly Dated<MeansProduct>[];
  readonly employerAgreements?: readonly EmployerAgreement[];
  /** Longest chain permitted (CHAIN-16). */
  readonly maxIntermediaries: number;
  /** Whether authorizations at EH1 are revoked for non-use as well, which is free (PD1); absent: they are. */
  readonly revokeUnusedAtEh1?: readonly Dated<boolean>[];
}

export interface Governance {
  readonly version: string;
  readonly services: readonly Service[];
  service(id: string): Service | undefined;
  registerProfileAt(at: Instant): AuthorizationRequest['registerProfile'];
  loginRulesAt(at: Instant): LoginRules;
  issuerProfileAt(at: Instant): MeansRequest['issuer'];
  /** The entry of a product that is in force; `undefined`: nobody decided so (PROOF-11). */
  equivalenceAt(product: string, id: string, at: Instant): Equivalence | undefined;
  isAgreementInForce(reference: string, employer: string, at: Instant): boolean;
  productAt(id: string, at: Instant): ProductInForce | undefined;
  productsAt(at: Instant): readonly ProductInForce[];
  readonly levelPolicy: readonly LevelPolicyEntry[];
  readonly secondFactorPolicy: GovernanceData['secondFactorPolicy'];
  readonly maxIntermediaries: number;
  /** The level policy lets no new means or authorizations be made at this level (TFA-03). */
  closedForIssuance(level: EhLevel, at: Instant): boolean;
  /** The level policy lets no means be upgraded from this level any more (TFA-03). */
  closedForUpgrade(level: EhLevel, at: Instant): boolean;
  /** Whether an authorization at this level is revoked when it is not used (NONUSE-01): at EH1 by policy. */
  revokesUnused(level: EhLevel, at: Instant): boolean;
}

/** Minutes of a session where the profile says nothing, and the most it can say (PROOF-06). */
const USUAL_SESSION = 120;
const LONGEST_SESSION = 720;

export function governance(data: GovernanceData): Governance {
  const services = new Map(data.services.map((service) => [service.id, service]));
  // One object for each entry, as what is worked out of it is kept with it.
  const products = data.meansProducts.map(({ from, value }): Dated<ProductInForce> => ({
    from,
    value: { ...value, from },
  }));
  const timedPolicy = data.levelPolicy.map(({ level, issuableUntil, upgradableUntil, provider }) => ({
    level,
    ...(issuableUntil === undefined ? {} : { issuableUntil: epochOf(issuableUntil) }),
    ...(upgradableUntil === undefined ? {} : { upgradableUntil: epochOf(upgradableUntil) }),
    ...(provider === undefined ? {} : { provider }),
  }));
  return {
    version: data.version,
    services: data.services,
    service: (id) => services.get(id),
    registerProfileAt(at) {
      const { im, pd, pv, pi, pt } = inForce(data.registerProfiles, at, 'register profile');
      return { im, pd, pv, pi, pt };
    },
    loginRulesAt(at) {
      const { sessionMinutes = USUAL_SESSION, ownFacility } = inForce(data.registerProfiles, at, 'register profile');
      return { session: Math.min(sessionMinutes, LONGEST_SESSION) * 60_000, ownFacility };
    },
    issuerProfileAt: (at) => inForce(data.issuerProfiles, at, 'issuer profile'),
    equivalenceAt(product, id, at) {
      const entries = data.meansProducts
        .filter((entry) => entry.value.id === product)
        .flatMap((entry) => entry.value.equivalences ?? []);
      return newest(
        entries.filter((entry) => entry.value.id === id),
        at,
      )?.value;
    },
    isAgreementInForce: (reference, employer, at) =>
      (data.employerAgreements ?? []).some(
        (one) =>
          one.reference === reference &&
          one.employer === employer &&
          one.from <= at &&
          (one.until === undefined || one.until > at),
      ),
    productAt: (id, at) =>
      newest(
        products.filter((entry) => entry.value.id === id),
        at,
      )?.value,
    productsAt(at) {
      const ids = [...new Set(products.map((entry) => entry.value.id))];
      return ids.flatMap(
        (id) =>
          newest(
            products.filter((entry) => entry.value.id === id),
            at,
          )?.value ?? [],
      );
    },
    levelPolicy: data.levelPolicy,
    secondFactorPolicy: data.secondFactorPolicy,
    maxIntermediaries: data.maxIntermediaries,
    closedForIssuance: (level, at) => issuanceRefusal(level, epochOf(at), timedPolicy) !== null,
    revokesUnused: (level, at) => level !== 'EH1' || (newest(data.revokeUnusedAtEh1 ?? [], at)?.value ?? true),
    closedForUpgrade: (level, at) => upgradeRefusal(level, epochOf(at), timedPolicy) !== null,
  };
}

function newest<T>(entries: readonly Dated<T>[], at: Instant): Dated<T> | undefined {
  return entries
    .filter((entry) => entry.from <= at)
    .reduce<Dated<T> | undefined>(
      (best, entry) => (best === undefined || entry.from >= best.from ? entry : best),
      undefined,
    );
}

function inForce<T>(entries: readonly Dated<T>[], at: Instant, what: string): T {
  const entry = newest(entries, at);
  if (entry === undefined) throw new Error(`no ${what} is in force at ${at}`);
  return entry.value;
}
