import { MAX_EVIDENCE_BYTES } from '#libs/domain';
import type { GatewayRoute } from '#libs/platform';

/** The apps that own addresses. */
export const APPS = ['archive', 'issuance', 'registration', 'revocation', 'assurance'] as const;
export type App = (typeof APPS)[number];

/** Who answers where (interfaces.md §2), with everything below each address; also what is not built yet. */
const OWNED: Readonly<Record<App, readonly string[]>> = {
  archive: [
    '/v1/applications',
    '/v1/checks',
    '/v1/evidence',
    '/v1/legal-holds',
    '/v1/destructions',
    '/v1/audit',
    '/v1/explanations/authorizations',
    '/v1/explanations/means',
    '/v1/policy-simulations',
    '/log',
    '/oauth/token',
  ],
  issuance: ['/v1/persons', '/v1/means', '/v1/means-products'],
  registration: [
    '/v1/parties',
    '/v1/authorizations',
    '/v1/chains',
    '/v1/consents',
    '/v1/rights-requests',
    '/v1/services',
    '/v1/policies',
    '/v1/register-profiles',
    '/v1/imports',
    '/v1/webhook-subscriptions',
    '/v1/confirmations',
  ],
  revocation: ['/v1/revocation-requests', '/v1/suspensions', '/v1/reinstatements', '/v1/revocation-report'],
  assurance: [
    '/access/v1',
    '/.well-known/authzen-configuration',
    '/.well-known/jwks.json',
    '/v1/classifications',
    '/v1/explanations/decisions',
    '/v1/levels',
    '/v1/statistics',
    '/v1/status',
  ],
};

/** Addresses that take a file, and how large it may be. */
export const LARGE_BODIES: Readonly<Record<string, number>> = { '/v1/evidence': MAX_EVIDENCE_BYTES };

/** What every app answers alike. */
const OF_EVERY_APP = [
  '/v1/openapi.json',
  '/access/v1/openapi.json',
  '/v1/docs',
  '/access/v1/docs',
  '/problems',
] as const;

export const ROUTES: readonly GatewayRoute[] = [
  ...APPS.flatMap((app) => OWNED[app].map((path) => ({ path, app }))),
  ...OF_EVERY_APP.map((path) => ({ path })),
];

/** The app that answers at an address; `undefined` = any of them. Of two addresses above it the longer one counts. */
export function ownerOf(address: string): App | undefined {
  const above = ROUTES.filter(({ path }) => address === path || address.startsWith(`${path}/`));
  return above.sort((one, other) => other.path.length - one.path.length)[0]?.app as App | undefined;
}
