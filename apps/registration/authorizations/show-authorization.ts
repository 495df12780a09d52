import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import { lastUsesIfFed, usableOf, type Backbone } from '#libs/application';
import { authorizationView, useOf, type AuthorizationView } from '#libs/composition';
import type { RegisteredAuthorization } from '#libs/domain';

/** All that is on record about an authorization, with what is known of its use. */
export async function wholeAuthorization(
  backbone: Backbone,
  state: RegisteredAuthorization,
  history: readonly Recorded<DomainEvent>[],
  at: Instant,
): Promise<AuthorizationView> {
  const uses = await lastUsesIfFed(backbone, [usableOf(state)]);
  const { nonUse: _notice, ...view } = authorizationView(state, history, at);
  return { ...view, ...useOf(state.nonUse, uses?.get(view.id)) };
}
