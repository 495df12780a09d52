import type { ApplicationId, Instant } from '#libs/kernel';
import { suspensionsWith, suspensionsWithout, type StandingSuspensions } from '../common/suspension.js';
import type {
  AuthorizationChanged,
  AuthorizationEvent,
  AuthorizationRegistered,
  AuthorizationRenewed,
} from './authorization.events.js';

/** Its content and the decision that it stands on: that of its registration, or the last one on it since (REG-13). */
type Registered = Omit<AuthorizationRegistered['data'], 'deviationReason'> & {
  /** Intake of that decision; `application` stays that of its registration. */
  readonly decidedOn: ApplicationId;
  readonly decidedAt: Instant;
  /** Begin of the period of its last renewal. */
  readonly periodFrom?: Instant;
};

export type Authorization =
  | { readonly status: 'none' }
  | (Registered & { readonly status: 'awaitingActivation' })
  | (Registered & { readonly status: 'active'; readonly activatedAt: Instant })
  | SuspendedAuthorization
  | (Registered & { readonly status: 'revoked'; readonly revokedAt: Instant });

/** With what it was before, to which it goes back. */
type SuspendedAuthorization = Registered & {
  readonly status: 'suspended';
  readonly suspensions: StandingSuspensions;
  readonly activatedAt?: Instant;
};

export type RegisteredAuthorization = Exclude<Authorization, { status: 'none' }>;

export const initialAuthorization: Authorization = { status: 'none' };

export function evolveAuthorization(state: Authorization, event: AuthorizationEvent): Authorization {
  switch (event.type) {
    case 'AuthorizationRegistered': {
      // The words of a reason are not needed to decide anything; they stay in the event.
      const { deviationReason: _words, ...registered } = event.data;
      const { application: decidedOn, registeredAt: decidedAt } = registered;
      return { ...registered, decidedOn, decidedAt, status: 'awaitingActivation' };
    }
    case 'AuthorizationActivated':
      return state.status === 'awaitingActivation'
        ? { ...state, status: 'active', activatedAt: event.data.activatedAt }
        : state;
    case 'AuthorizationRenewed': {
      const { validUntil, capped, periodFrom, renewedAt } = event.data;
      return state.status === 'none'
        ? state
        : { ...standsOn(state, event.data, renewedAt), validUntil, capped, periodFrom };
    }
    case 'AuthorizationChanged':
      return state.status === 'none' ? state : changed(state, event.data);
    case 'AuthorizationSuspended': {
      if (state.status === 'none' || state.status === 'revoked') return state;
      const before = state.status === 'suspended' ? state.suspensions : [];
      return { ...state, status: 'suspended', suspensions: suspensionsWith(before, event.data) };
    }
    case 'AuthorizationSuspensionLifted': {
      if (state.status !== 'suspended') return state;
      const { suspensions: _before, activatedAt, ...registered } = state;
      const suspensions = suspensionsWithout(state.suspensions, event.data);
      if (suspensions.length > 0) return { ...state, suspensions };
      return activatedAt === undefined
        ? { ...registered, status: 'awaitingActivation' }
        : { ...registered, status: 'active', activatedAt };
    }
    case 'AuthorizationRevoked':
      return state.status === 'none' ? state : { ...state, status: 'revoked', revokedAt: event.data.revokedAt };
  }
}

/** The same with the decision it stands on from here: nothing of the one before stays beside it. */
function standsOn<State extends RegisteredAuthorization>(
  state: State,
  data: AuthorizationRenewed['data'] | AuthorizationChanged['data'],
  decidedAt: Instant,
): State {
  const { legalRepresentative: _grantor, meansStork: _stork, ...content } = state;
  const { registration, submitter, legalRepresentative, checks, evidence, meansStork, aimedLevel, acceptLower } = data;
  const { scores, rows, m, eh, eidas, submitterLevel, flags } = data;
  return {
    ...content,
    ...{ decidedOn: data.application, decidedAt, registration, submitter, checks, evidence, aimedLevel, acceptLower },
    ...{ scores, rows, m, eh, eidas, submitterLevel, flags },
    ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
    ...(meansStork === undefined ? {} : { meansStork }),
  } as State;
}

function changed<State extends RegisteredAuthorization>(state: State, data: AuthorizationChanged['data']): State {
  const { establishments: _before, periodFrom, ...rest } = standsOn(state, data, data.changedAt);
  const { scope, forThirdParties, establishments, nature, validFrom, validUntil, capped } = data;
  return {
    ...{ ...rest, scope, forThirdParties, nature, validFrom, validUntil, capped },
    ...(establishments === undefined ? {} : { establishments }),
    // A renewal whose period is cut off before it begins is none any more.
    ...(periodFrom === undefined || periodFrom >= validUntil ? {} : { periodFrom }),
  } as State;
}

/** Facts that an authorization’s level stands on, the last one of them. */
export const DECIDING: ReadonlySet<string> = new Set<AuthorizationEvent['type']>([
  'AuthorizationRegistered',
  'AuthorizationRenewed',
  'AuthorizationChanged',
]);

export const STANDINGS = ['awaitingActivation', 'notYetValid', 'active', 'suspended', 'expired', 'revoked'] as const;
export type Standing = (typeof STANDINGS)[number];

/** How an authorization stands at a moment. Validity is computed, never stored (REG-08). */
export function standingAt(
  authorization: Pick<RegisteredAuthorization, 'status' | 'validFrom' | 'validUntil'>,
  at: Instant,
): Standing {
  if (authorization.status === 'revoked') return 'revoked';
  if (authorization.validUntil <= at) return 'expired';
  if (authorization.status === 'suspended') return 'suspended';
  if (authorization.status === 'awaitingActivation') return 'awaitingActivation';
  return authorization.validFrom > at ? 'notYetValid' : 'active';
}
