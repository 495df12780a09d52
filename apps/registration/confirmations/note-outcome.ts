import { streamId, type ConfirmationId } from '#libs/kernel';
import { derivedId } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  confirmationDecider,
  revokesWhenTold,
  type ConfirmationCommand,
  type ConfirmationOutcome,
  type WrittenConfirmation,
} from '#libs/domain';

/** Name of the reaction, and of its steps in the log, for ever. */
export const CONFIRMATIONS = 'confirmations';

export type Ended = (outcome: ConfirmationOutcome) => void;

export type Noting = Extract<ConfirmationCommand, { type: 'NoteSent' | 'NoteFailed' | 'LapseConfirmation' }>;

/** Records what became of a confirmation, where it does not stand there yet. */
export async function noteOutcome(
  backbone: Backbone,
  id: ConfirmationId,
  command: Noting,
  ended: Ended = () => undefined,
): Promise<void> {
  const stream = streamId('confirmation', id);
  const { state, revision } = await backbone.commands.load(confirmationDecider, stream);
  // What would record nothing needs no key that is kept for it.
  const decided = confirmationDecider.decide(command, state);
  if (state.status === 'unwritten' || decided.outcome === 'rejected' || decided.events.length === 0) return;
  const key = derivedId('note', command.type, id, String(revision));
  const noting = command.type === 'NoteSent' ? naming(backbone, command, state) : command;
  const outcome = await backbone.commands.execute(confirmationDecider, stream, () => noting, {
    participant: backbone.participant.oin,
    ...{ client: CONFIRMATIONS, key, requestHash: key, actor: { system: CONFIRMATIONS }, correlationId: key },
    causationId: state.event,
  });
  if (outcome.outcome === 'conflict') return noteOutcome(backbone, id, command, ended);
  if (outcome.outcome !== 'accepted' || outcome.replayed || outcome.state.status === 'unwritten') return;
  ended(outcome.state.status);
}

/** With the moment that a notice of non-use named: by mail that in the message, else that which its receiver was shown. */
function naming(
  { rules }: Backbone,
  command: Extract<Noting, { type: 'NoteSent' }>,
  state: WrittenConfirmation,
): Extract<Noting, { type: 'NoteSent' }> {
  const { revokesAt = revokesWhenTold(state, command.now, rules.validity.noticeDays) } = command;
  return { ...command, ...(revokesAt === undefined ? {} : { revokesAt }) };
}
