import { parseInstant, streamId, type AuthorizationId, type CheckId, type Instant, type Rejection } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import {
  allFound,
  assessmentAt,
  authorizationDossier,
  commandContext,
  fewAtOnce,
  findApplication,
  findMeans,
  findParty,
  findPerson,
  isReceived,
  loadChecks,
  meansStorkOf,
  restingOn,
  weighedChecks,
  withEvidenceCodes,
  type Backbone,
  type CommandRequest,
  type RegistrationParts,
} from '#libs/application';
import {
  authorizationDecider,
  judgePurpose,
  rejectAuthorization,
  type Authorization,
  type AuthorizationEvent,
  type RegisterAuthorization,
  type Scope,
  type WeighedCheck,
} from '#libs/domain';
import { classifyAuthorization, validity, type AuthorizationRequest, type AuthorizationResult } from '#libs/scheme';
import type { RegisterAuthorizationRequest } from './authorization.requests.js';

export interface RegistrationOutcome {
  readonly outcome: CommandOutcome<Authorization, AuthorizationEvent>;
  readonly dossier?: AuthorizationRequest;
  readonly result?: AuthorizationResult;
  /** How the checks were weighed, for the record of a refusal and its answer. */
  readonly evidence?: readonly WeighedCheck[];
}

/**
 * Registers an authorization: finds what the request names, puts the dossier together from the checks, has it judged by
 * the rule book, and lets the decider say whether what it earned is what was aimed at (REG-16).
 */
export async function registerAuthorization(
  backbone: Backbone,
  request: CommandRequest,
  body: RegisterAuthorizationRequest,
): Promise<RegistrationOutcome> {
  const id = derivedId(
    'authorization',
    backbone.participant.oin,
    request.client,
    request.idempotencyKey,
  ) as AuthorizationId;
  const stream = streamId('authorization', id);
  // With words in it the request is about a person: its hash dies with the application's key.
  const holder =
    body.deviationReason !== undefined && (await isReceived(backbone, body.application))
      ? { stream, holder: { kind: 'application', id: body.application } as const }
      : {};
  const context = await commandContext(backbone, request, 'RegisterAuthorization', body, { scores: true, ...holder });

  // A retry is answered from what was recorded, whatever has become of the register since.
  const before = await backbone.commands.load(authorizationDecider, stream);
  const parts = before.state.status === 'none' ? await findParts(backbone, body) : undefined;
  if (parts !== undefined && 'faults' in parts) return { outcome: { outcome: 'rejected', rejections: parts.faults } };
  if (parts === undefined) {
    return { outcome: await backbone.commands.execute(authorizationDecider, stream, alreadyThere, context) };
  }

  const assembled = await authorizationDossier(backbone, parts.found, '/checks');
  if ('faults' in assembled) return { outcome: { outcome: 'rejected', rejections: assembled.faults } };
  const { dossier } = assembled;
  const evidence = weighedChecks(assembled.evidence);
  const result = classifyAuthorization(dossier, backbone.rules);
  const command = {
    ...commandOf(backbone, id, body, parts.found, result, evidence),
    ...restingOn(assembled.copies, result.rows, backbone.rules),
    authorities: assembled.authorities,
  };
  const outcome = await backbone.commands.execute(authorizationDecider, stream, () => command, context);
  return { outcome: withEvidenceCodes(outcome, evidence), dossier, result, evidence };
}

/** Never decided on: the stream has its events, so that the handler answers by them. */
const alreadyThere = () => ({ type: 'RevokeAuthorization', revocationRequest: '' as never, now: '' as never }) as const;

type Parts = RegistrationParts & { readonly deviationReason?: string };

/** Everything the request names, as it is on record, or every fault at once. */
async function findParts(
  backbone: Backbone,
  body: RegisterAuthorizationRequest,
): Promise<{ readonly found: Parts } | { readonly faults: readonly Rejection[] }> {
  const { authorizedParty } = body;
  const faults: Rejection[] = [
    ...unknownServices(backbone, body.scope, '/scope'),
    ...(await unknownClients(backbone, body.onlyForClients ?? [])),
  ];
  const [objects, checks] = await Promise.all([
    allFound({
      application: findApplication(backbone, body.application, '/application'),
      representedParty: findParty(backbone, body.representedParty.party, '/representedParty/party'),
      submitter: findPerson(backbone, body.submitter.person, '/submitter/person'),
      legalRepresentative:
        body.legalRepresentative === undefined
          ? undefined
          : findPerson(backbone, body.legalRepresentative.person, '/legalRepresentative/person'),
      person:
        authorizedParty.person === undefined
          ? undefined
          : findPerson(backbone, authorizedParty.person, '/authorizedParty/person'),
      means:
        authorizedParty.means === undefined
          ? undefined
          : findMeans(backbone, authorizedParty.means, '/authorizedParty/means'),
      party:
        authorizedParty.party === undefined
          ? undefined
          : findParty(backbone, authorizedParty.party, '/authorizedParty/party'),
    }),
    loadChecks(backbone, body.checks, '/checks'),
  ]);
  if ('faults' in objects) faults.push(...objects.faults);
  if ('faults' in checks) faults.push(...checks.faults);
  if ('faults' in objects || 'faults' in checks || faults.length > 0) return { faults };

  const { application, representedParty, submitter, legalRepresentative, person, means, party } = objects.found;
  faults.push(...judgePurpose(application, 'registration'));
  if (means !== undefined && means.holder !== person?.id) {
    faults.push(rejectAuthorization('means-of-another-person', { pointer: '/authorizedParty/means' }));
  }
  if (faults.length > 0) return { faults };
  return {
    found: {
      application,
      registration: body.registration,
      authority: body.authority ?? 'regular',
      representedParty,
      submitter: { person: submitter, role: body.submitter.role },
      ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
      authorizedParty: person !== undefined && means !== undefined ? { person, means } : { party: party! },
      ...(body.establishments === undefined ? {} : { establishments: body.establishments }),
      ...(body.deviationReason === undefined ? {} : { deviationReason: body.deviationReason }),
      checks: checks.checks,
      assessedAt: assessmentAt(backbone.now(), application, checks.checks),
    },
  };
}

/** Services and groups that were never in the catalogue; `pointer` is that of the scope. */
export function unknownServices(
  backbone: Backbone,
  scope: RegisterAuthorizationRequest['scope'],
  pointer: string,
): readonly Rejection[] {
  const { governance } = backbone;
  const groups = new Set(governance.services.flatMap((service) => (service.groups ?? []).map(({ id }) => id)));
  return [
    ...(scope.services ?? []).flatMap((service, index) =>
      governance.service(service) === undefined
        ? [rejectAuthorization('unknown-service', { pointer: `${pointer}/services/${index}` })]
        : [],
    ),
    ...(scope.groups ?? []).flatMap(({ id }, index) =>
      groups.has(id) ? [] : [rejectAuthorization('unknown-service', { pointer: `${pointer}/groups/${index}/id` })],
    ),
  ];
}

/** Clients that are no party on record (CHAIN-10): one who is mistyped would never be asked for. */
async function unknownClients(backbone: Backbone, clients: readonly string[]): Promise<readonly Rejection[]> {
  const found = await fewAtOnce([...clients.entries()], ([index, client]) =>
    findParty(backbone, client, `/onlyForClients/${index}`),
  );
  return found.flatMap((one) => ('fault' in one ? [one.fault] : []));
}

export const scopeOf = ({ all, services, groups }: RegisterAuthorizationRequest['scope']): Scope => ({
  all: all ?? false,
  services: services ?? [],
  groups: groups ?? [],
});

/** Of the named services those that were withdrawn from the catalogue, and those that support no chains (CHAIN-13). */
export function servicesAmong(backbone: Backbone, named: readonly string[], now: Instant) {
  const services = named.flatMap((id) => backbone.governance.service(id) ?? []);
  return {
    withdrawnServices: services
      .filter(({ withdrawnFrom }) => withdrawnFrom !== undefined && withdrawnFrom <= now)
      .map(({ id }) => id),
    servicesWithoutChains: services.filter(({ chainSupported }) => !chainSupported).map(({ id }) => id),
  };
}

/** Of a link to an intermediary the register of the next one is kept, this one where no other is named (CHAIN-09). */
function nextLinkOf(
  { participant }: Backbone,
  { authorizedParty, nextLinkRegister }: RegisterAuthorizationRequest,
): Pick<RegisterAuthorization, 'nextLinkRegister'> {
  if (nextLinkRegister !== undefined) return { nextLinkRegister };
  return authorizedParty.party === undefined ? {} : { nextLinkRegister: participant.oin };
}

function commandOf(
  backbone: Backbone,
  authorization: AuthorizationId,
  body: RegisterAuthorizationRequest,
  parts: Parts,
  classification: AuthorizationResult,
  evidence: readonly WeighedCheck[],
): RegisterAuthorization {
  const { authorizedParty } = parts;
  const now = backbone.now();
  const scope = scopeOf(body.scope);
  const meansStork = 'means' in authorizedParty ? meansStorkOf(authorizedParty.means, now) : undefined;
  const allowed = validity(
    { level: classification.eh ?? 'EH1', registeredAt: now, period: body.period },
    backbone.rules,
  );
  return {
    type: 'RegisterAuthorization',
    authorization,
    application: parts.application.id,
    registration: parts.registration,
    authority: parts.authority,
    representedParty: parts.representedParty.id,
    submitter: { person: parts.submitter.person.id, role: parts.submitter.role },
    ...(parts.legalRepresentative === undefined ? {} : { legalRepresentative: parts.legalRepresentative.id }),
    authorizedParty:
      'means' in authorizedParty
        ? {
            person: authorizedParty.person.id,
            means: authorizedParty.means.id,
            pseudonym: authorizedParty.means.pseudonym,
          }
        : { party: authorizedParty.party.id },
    scope,
    ...(body.establishments === undefined ? {} : { establishments: body.establishments }),
    forThirdParties: body.forThirdParties ?? false,
    ...(body.onlyForClients === undefined ? {} : { onlyForClients: body.onlyForClients }),
    ...nextLinkOf(backbone, body),
    nature: { rightOfSubstitution: body.nature.rightOfSubstitution, actsIndependently: body.nature.actsIndependently },
    period: body.period,
    validity: { validUntil: parseInstant(allowed.validUntil) as Instant, capped: allowed.capped },
    // What joined by itself and what was superseded stands among what it rests on (PROOF-01).
    checks: evidence.map(({ check }) => check as CheckId),
    evidence,
    classification,
    ...(meansStork === undefined ? {} : { meansStork }),
    aimedLevel: body.aimedLevel,
    acceptLower: body.acceptLower ?? false,
    closedForIssuance: classification.eh !== null && backbone.governance.closedForIssuance(classification.eh, now),
    ...servicesAmong(backbone, scope.services, now),
    displayConsent: body.displayConsent,
    ...(body.displayPermitted === undefined ? {} : { displayPermitted: body.displayPermitted }),
    awaitsActivation: body.awaitsActivation === true,
    ...(body.deviationReason === undefined ? {} : { deviationReason: body.deviationReason }),
    now,
  };
}
