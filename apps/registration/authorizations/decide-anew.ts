import { streamId, type AuthorizationId, type CheckId, type Rejection } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import {
  allFound,
  assessmentAt,
  authorizationDossier,
  commandContext,
  findApplication,
  findMeans,
  findParty,
  findPerson,
  isReceived,
  loadChecks,
  meansStorkOf,
  restingOn,
  turnaroundOf,
  weighedChecks,
  withEvidenceCodes,
  type Backbone,
  type CommandRequest,
  type RefusedMutation,
} from '#libs/application';
import {
  authorizationDecider,
  judgePurpose,
  type Authorization,
  type AuthorizationCommand,
  type AuthorizationEvent,
  type DecideAnew,
  type RegisteredAuthorization,
  type WeighedCheck,
} from '#libs/domain';
import {
  classifyAuthorization,
  ehOfM,
  synthesizeEh,
  type AuthorizationRequest,
  type AuthorizationResult,
  type Book,
  type EhLevel,
} from '#libs/scheme';

/** What every request for a new decision on an authorization names. */
export interface DecidingRequest {
  readonly application: string;
  readonly registration: Book;
  readonly submitter: { readonly person: string; readonly role: AuthorizationRequest['submitter']['role'] };
  readonly legalRepresentative?: { readonly person: string };
  readonly checks: readonly string[];
  readonly aimedLevel: EhLevel;
  readonly acceptLower?: boolean;
  readonly deviationReason?: string;
}

export interface DecidedOutcome {
  readonly outcome: CommandOutcome<Authorization, AuthorizationEvent>;
  readonly dossier?: AuthorizationRequest;
  readonly result?: AuthorizationResult;
  readonly evidence?: readonly WeighedCheck[];
  /** What was asked, for the record of a refusal. */
  readonly mutation?: RefusedMutation;
}

export interface DecideParts {
  readonly name: 'RenewAuthorization' | 'ChangeAuthorization';
  readonly purpose: 'renewal' | 'change';
  /** Faults that only the register can find in the request. */
  readonly faults?: readonly Rejection[];
  /** Establishments that the authorization is limited to by then. */
  readonly establishmentsOf: (authorization: RegisteredAuthorization) => readonly string[] | undefined;
  /** The dossier as this decision is judged by, where that depends on what it is about. */
  readonly judgedAs?: (dossier: AuthorizationRequest) => AuthorizationRequest;
  readonly commandOf: (
    decided: DecideAnew,
    judged: { readonly dossier: AuthorizationRequest; readonly authorization: RegisteredAuthorization },
  ) => AuthorizationCommand;
}

/**
 * Decides anew on an authorization that is there, with the requirements of a first decision (REG-13, REN-01): the same
 * parties, a submitter, an intake and checks of its own. Judged on the state that is decided on; when that moved on
 * meanwhile, by a revocation for one, everything is judged again.
 */
export async function decideAnew(
  backbone: Backbone,
  request: CommandRequest,
  id: AuthorizationId,
  body: DecidingRequest & object,
  parts: DecideParts,
): Promise<DecidedOutcome> {
  const stream = streamId('authorization', id);
  // With words in it the request is about a person: its hash dies with the application's key.
  const holder =
    body.deviationReason !== undefined && (await isReceived(backbone, body.application))
      ? { stream, holder: { kind: 'application', id: body.application } as const }
      : {};
  const context = await commandContext(backbone, request, parts.name, body, { scores: true, ...holder });
  let judged: Judged | undefined;
  let faults: readonly Rejection[] = [];
  const outcome = await backbone.commands
    .execute(
      authorizationDecider,
      stream,
      async (state) => {
        if (state.status === 'none') return NOBODY;
        const answer = await judge(backbone, state, body, parts);
        if ('faults' in answer) {
          faults = answer.faults;
          throw new FaultyRequest();
        }
        judged = answer;
        return parts.commandOf(answer.decided, { dossier: answer.dossier, authorization: state });
      },
      context,
    )
    .catch((error: unknown): CommandOutcome<Authorization, AuthorizationEvent> => {
      if (error instanceof FaultyRequest) return { outcome: 'rejected', rejections: faults };
      throw error;
    });
  if (judged === undefined) return { outcome };
  const { dossier, result, evidence, decided } = judged;
  const mutation: RefusedMutation = {
    ...{ mutation: parts.purpose, object: 'authorization', about: id, application: decided.application },
    ...decided.turnaround!,
  };
  return { outcome: withEvidenceCodes(outcome, evidence), dossier, result, evidence, mutation };
}

/** Ends a command where it can't be built: `faults` beside it say why. */
export class FaultyRequest extends Error {}

/** There is nothing to judge: the decider says so, whatever the command holds. */
export const NOBODY = { type: 'RevokeAuthorization', revocationRequest: '' as never, now: '' as never } as const;

interface Judged {
  readonly decided: DecideAnew;
  readonly dossier: AuthorizationRequest;
  readonly result: AuthorizationResult;
  readonly evidence: readonly WeighedCheck[];
}

async function judge(
  backbone: Backbone,
  authorization: RegisteredAuthorization,
  body: DecidingRequest,
  { purpose, faults: found = [], establishmentsOf, judgedAs = (dossier) => dossier }: DecideParts,
): Promise<Judged | { readonly faults: readonly Rejection[] }> {
  const { authorizedParty } = authorization;
  const [objects, loaded] = await Promise.all([
    allFound({
      application: findApplication(backbone, body.application, '/application'),
      submitter: findPerson(backbone, body.submitter.person, '/submitter/person'),
      legalRepresentative:
        body.legalRepresentative === undefined
          ? undefined
          : findPerson(backbone, body.legalRepresentative.person, '/legalRepresentative/person'),
      representedParty: findParty(backbone, authorization.representedParty, ''),
      person: 'person' in authorizedParty ? findPerson(backbone, authorizedParty.person, '') : undefined,
      means: 'means' in authorizedParty ? findMeans(backbone, authorizedParty.means, '') : undefined,
      party: 'party' in authorizedParty ? findParty(backbone, authorizedParty.party, '') : undefined,
    }),
    loadChecks(backbone, body.checks, '/checks'),
  ]);
  const faults = [
    ...found,
    ...('faults' in objects ? objects.faults : []),
    ...('faults' in loaded ? loaded.faults : []),
  ];
  if ('faults' in objects || 'faults' in loaded || faults.length > 0) return { faults };
  const { application, representedParty, submitter, legalRepresentative, person, means, party } = objects.found;
  const wrongPurpose = judgePurpose(application, purpose);
  if (wrongPurpose.length > 0) return { faults: wrongPurpose };

  const establishments = establishmentsOf(authorization);
  const assembled = await authorizationDossier(
    backbone,
    {
      application,
      registration: body.registration,
      authority: authorization.authority,
      representedParty,
      submitter: { person: submitter, role: body.submitter.role },
      ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
      authorizedParty: person !== undefined && means !== undefined ? { person, means } : { party: party! },
      ...(establishments === undefined ? {} : { establishments }),
      ...(body.deviationReason === undefined ? {} : { deviationReason: body.deviationReason }),
      checks: loaded.checks,
      assessedAt: assessmentAt(backbone.now(), application, loaded.checks),
    },
    '/checks',
  );
  if ('faults' in assembled) return assembled;
  const dossier = judgedAs(assembled.dossier);
  const evidence = weighedChecks(assembled.evidence);
  const result = classifyAuthorization(dossier, backbone.rules);
  const now = backbone.now();
  const meansStork = means === undefined ? undefined : meansStorkOf(means, now);
  const decided: DecideAnew = {
    application: application.id,
    registration: body.registration,
    submitter: { person: submitter.id, role: body.submitter.role },
    ...(legalRepresentative === undefined ? {} : { legalRepresentative: legalRepresentative.id }),
    // What joined by itself and what was superseded stands among what it rests on (PROOF-01).
    checks: evidence.map(({ check }) => check as CheckId),
    evidence,
    ...restingOn(assembled.copies, result.rows, backbone.rules),
    authorities: assembled.authorities,
    classification: result,
    ...(meansStork === undefined ? {} : { meansStork }),
    meansEnded: means?.status === 'revoked',
    meansSuspended: means?.status === 'suspended',
    currentLevel: synthesizeEh(
      {
        m: authorization.m,
        stork: means === undefined ? undefined : (meansStork ?? 0),
        submitter: authorization.submitterLevel ?? undefined,
      },
      backbone.rules.authorization.ehTable,
    ),
    aimedLevel: body.aimedLevel,
    acceptLower: body.acceptLower ?? false,
    closedForIssuance: result.eh !== null && backbone.governance.closedForIssuance(result.eh, now),
    ...(body.deviationReason === undefined ? {} : { deviationReason: body.deviationReason }),
    turnaround: turnaroundOf(backbone, application, {
      ...{ mutation: purpose, object: 'authorization', level: ehOfM(authorization.m) },
    }),
    now,
  };
  return { decided, dossier, result, evidence };
}
