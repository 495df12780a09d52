import type { Instant } from '#libs/kernel';
import type { Governance, MeansProduct } from './governance.js';

/** Sources that a check may name besides the authentication services of the means products (interfaces.md §6). */
export const USUAL_SOURCES = [
  'case-file',
  'trade-register',
  'authority-service',
  'professional-register',
  'rest-group-register',
  'insolvency-register',
  'verification-register',
  'stolen-document-register',
  'VIS',
  'bank',
  'csp',
  'separate-channel',
  'court',
  'enquiry',
] as const;

/** Programs that perform checks. */
export const USUAL_SYSTEMS = [
  'back-office',
  'portal',
  'post-room',
  'authentication',
  'signature-validation',
  'trade-register-adapter',
  'authority-service-adapter',
  'professional-register-adapter',
  'rest-group-register-adapter',
  'insolvency-register-adapter',
  'verification-register-adapter',
  'stolen-document-register-adapter',
  'VIS-adapter',
  'bank-adapter',
] as const;

/** Official publications in which a mandate decision can be found (MAND-04), without the blanks of their names. */
export const USUAL_PUBLICATIONS = [
  'Staatscourant',
  'Staatsblad',
  'Tractatenblad',
  'Gemeenteblad',
  'Provinciaal-blad',
  'Waterschapsblad',
  'Blad-gemeenschappelijke-regeling',
  'officielebekendmakingen.nl',
  'DROP',
] as const;

/** The names that a check may use where it names a source, a system or a publication. */
export interface CheckNames {
  sourcesAt(at: Instant): readonly string[];
  authenticationServicesAt(at: Instant): readonly string[];
  readonly systems: readonly string[];
  readonly publications: readonly string[];
}

/** What an installation is told of them; absent: the usual ones. */
export interface ConfiguredNames {
  readonly checkSources?: readonly string[];
  readonly checkSystems?: readonly string[];
  readonly officialPublications?: readonly string[];
}

export function checkNames(governance: Governance, configured: ConfiguredNames): CheckNames {
  const authenticationServicesAt = (at: Instant): readonly string[] => [
    ...new Set(
      governance.productsAt(at).flatMap((product) => product.assessments.map((one) => one.authenticationService)),
    ),
  ];
  return {
    authenticationServicesAt,
    sourcesAt: (at) => configured.checkSources ?? [...USUAL_SOURCES, ...authenticationServicesAt(at)],
    systems: configured.checkSystems ?? USUAL_SYSTEMS,
    publications: configured.officialPublications ?? USUAL_PUBLICATIONS,
  };
}

/** Whether some product (or this one) has a decided entry of that name, of whatever date (PROOF-11). */
export const hasEquivalence = (
  products: readonly MeansProduct[],
  id: string,
  of: 'delivery' | 'remoteIdentification',
): boolean =>
  products.some(({ equivalences = [] }) => equivalences.some(({ value }) => value.id === id && value.of === of));
