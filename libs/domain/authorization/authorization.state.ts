import type { Instant } from '#libs/kernel';
import type { AuthorizationEvent, AuthorizationRegistered } from './authorization.events.js';

type Registered = Omit<AuthorizationRegistered['data'], 'deviationReason'>;

export type Authorization =
  | { readonly status: 'none' }
  | (Registered & { readonly status: 'awaitingActivation' })
  | (Registered & { readonly status: 'active'; readonly activatedAt: Instant })
  | (Registered & { readonly status: 'revoked'; readonly revokedAt: Instant });

export type RegisteredAuthorization = Exclude<Authorization, { status: 'none' }>;

export const initialAuthorization: Authorization = { status: 'none' };

export function evolveAuthorization(state: Authorization, event: AuthorizationEvent): Authorization {
  switch (event.type) {
    case 'AuthorizationRegistered': {
      // The words of a reason are not needed to decide anything; they stay in the event.
      const { deviationReason: _words, ...registered } = event.data;
      return { ...registered, status: 'awaitingActivation' };
    }
    case 'AuthorizationActivated':
      return state.status === 'awaitingActivation'
        ? { ...state, status: 'active', activatedAt: event.data.activatedAt }
        : state;
    case 'AuthorizationRevoked':
      return state.status === 'none' ? state : { ...state, status: 'revoked', revokedAt: event.data.revokedAt };
  }
}

export const STANDINGS = ['awaitingActivation', 'notYetValid', 'active', 'expired', 'revoked'] as const;
export type Standing = (typeof STANDINGS)[number];

/** How an authorization stands at a moment. Validity is computed, never stored (REG-08). */
export function standingAt(
  authorization: Pick<RegisteredAuthorization, 'status' | 'validFrom' | 'validUntil'>,
  at: Instant,
): Standing {
  if (authorization.status === 'revoked') return 'revoked';
  if (authorization.validUntil <= at) return 'expired';
  if (authorization.status === 'awaitingActivation') return 'awaitingActivation';
  return authorization.validFrom > at ? 'notYetValid' : 'active';
}
