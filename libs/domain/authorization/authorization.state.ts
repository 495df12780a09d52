import type { ApplicationId, Instant, PersonId } from '#libs/kernel';
import { suspensionsWith, suspensionsWithout, type StandingSuspensions } from '../common/suspension.js';
import type {
  AuthorizationChanged,
  AuthorizationEvent,
  AuthorizationRegistered,
  AuthorizationRenewed,
  NonUseNotice,
} from './authorization.events.js';

/** Its content and the decision that it stands on: that of its registration, or the last one on it since (REG-13). */
type Registered = Omit<AuthorizationRegistered['data'], 'deviationReason' | 'displayPermitted'> & {
  /** Intake of that decision; `application` stays that of its registration. */
  readonly decidedOn: ApplicationId;
  readonly decidedAt: Instant;
  /** Begin of the period of its last renewal. */
  readonly periodFrom?: Instant;
  /** What the represented party states of the person's permission to be shown, the last time it did (CONSENT-08). */
  readonly displayPermission?: DisplayPermission;
  /** A notice that stands: neither withdrawn, nor overtaken by a revocation on another ground. */
  readonly nonUse?: NonUseNotice;
  /** Of that decision, where it was a change or a renewal. */
  readonly turnaround?: NonNullable<AuthorizationRenewed['data']['turnaround']>;
};

export interface DisplayPermission {
  readonly permitted: boolean;
  readonly statedBy: PersonId;
  readonly statedAt: Instant;
}

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
      const { deviationReason: _words, displayPermitted, ...registered } = event.data;
      const { application: decidedOn, registeredAt: decidedAt, submitter } = registered;
      return {
        ...{ ...registered, decidedOn, decidedAt, status: 'awaitingActivation' },
        ...(displayPermitted === undefined
          ? {}
          : { displayPermission: { permitted: displayPermitted, statedBy: submitter.person, statedAt: decidedAt } }),
      };
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
    case 'DisplayPermissionStated': {
      const { permitted, statedBy, statedAt } = event.data;
      return state.status === 'none' ? state : { ...state, displayPermission: { permitted, statedBy, statedAt } };
    }
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
    case 'AuthorizationNonUseNoticed': {
      if (state.status === 'none' || state.status === 'revoked') return state;
      const { authorization: _id, ...nonUse } = event.data;
      return { ...state, nonUse };
    }
    case 'AuthorizationNonUseNoticeExtended': {
      if (state.status === 'none' || state.status === 'revoked' || state.nonUse === undefined) return state;
      const addressees = [...(state.nonUse.addressees ?? []), ...event.data.addressees];
      return { ...state, nonUse: { ...state.nonUse, addressees } };
    }
    case 'AuthorizationNonUseNoticeWithdrawn': {
      if (state.status === 'none' || state.status === 'revoked') return state;
      const { nonUse: _notice, ...registered } = state;
      return registered;
    }
    case 'AuthorizationRevoked': {
      if (state.status === 'none') return state;
      const { revokedAt, nonUse } = event.data;
      const { nonUse: notice, ...registered } = state;
      return {
        ...{ ...registered, status: 'revoked', revokedAt },
        ...(nonUse === undefined || notice === undefined ? {} : { nonUse: notice }),
      };
    }
  }
}

/** The same with the decision it stands on from here: nothing of the one before stays beside it. */
function standsOn<State extends RegisteredAuthorization>(
  state: State,
  data: AuthorizationRenewed['data'] | AuthorizationChanged['data'],
  decidedAt: Instant,
): State {
  const { legalRepresentative: _grantor, meansStork: _stork, turnaround: _turnaround, ...content } = state;
  const { registration, submitter, legalRepresentative, checks, evidence, meansStork, aimedLevel, acceptLower } = data;
  const { turnaround } = data;
  const { scores, rows, m, eh, eidas, submitterLevel, flags } = data;
  return {
    ...content,
    ...{ decidedOn: data.application, decidedAt, registration, submitter, checks, evidence, aimedLevel, acceptLower },
    ...{ scores, rows, m, eh, eidas, submitterLevel, flags },
    ...(legalRepresentative === undefined ? {} : { legalRepresentative }),
    ...(meansStork === undefined ? {} : { meansStork }),
    ...(turnaround === undefined ? {} : { turnaround }),
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
