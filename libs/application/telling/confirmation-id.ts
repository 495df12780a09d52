import type { ConfirmationId } from '#libs/kernel';
import { derivedId } from '#libs/eventing';
import type { Bearer, ConfirmationKind } from '#libs/domain';

/**
 * The one confirmation of this kind by which this addressee is told of this event: whoever writes it, or waits for it,
 * knows it by that alone. Of what passes on several of his authorizations, one for each (`passedOn`).
 */
export const confirmationIdOf = (
  event: string,
  kind: ConfirmationKind,
  addressee: Bearer,
  passedOn?: string,
): ConfirmationId => {
  const link = passedOn === undefined ? [] : [passedOn];
  return derivedId('confirmation', event, kind, addressee.kind, addressee.id, ...link) as ConfirmationId;
};
