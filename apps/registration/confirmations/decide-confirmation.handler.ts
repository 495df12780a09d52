import { streamId, type CalendarDate, type ConfirmationId, type DomainEvent, type Recorded } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import { commandContext, dayInAmsterdam, type Backbone, type CommandRequest } from '#libs/application';
import {
  confirmationDecider,
  type Confirmation,
  type ConfirmationCommand,
  type ConfirmationEvent,
  type WrittenConfirmation,
} from '#libs/domain';
import type { DecideConfirmationRequest } from './confirmation.requests.js';
import { letterIn } from './opened-confirmation.js';
import { lapsedSince } from './lapses.js';
import { noteOutcome, type Ended } from './note-outcome.js';
import { sendingItem } from './send-confirmations.js';
import { mailOf } from './write-confirmations.js';

export type ConfirmationOutcome = CommandOutcome<Confirmation, ConfirmationEvent>;

/**
 * What reached nobody: a person told it by letter, has it tried again, or says so of what was sent. The fact first, then the work; a retry of the
 * request, or another one, makes up for what is missing.
 */
export async function decideConfirmation(
  backbone: Backbone,
  request: CommandRequest,
  id: ConfirmationId,
  body: DecideConfirmationRequest,
  ended: Ended,
): Promise<ConfirmationOutcome> {
  const stream = streamId('confirmation', id);
  const { state } = await backbone.commands.load(confirmationDecider, stream);
  if (state.status === 'unwritten') {
    return { outcome: 'rejected', rejections: [{ code: 'no-such-confirmation', kind: 'not-found' }] };
  }
  // Noted first: nobody is told any more, and it is off the work list, whatever a person says of it.
  const since = state.status === 'sent' ? undefined : await lapsedSince(backbone, state);
  if (since !== undefined) {
    await noteOutcome(backbone, id, { type: 'LapseConfirmation', since, now: backbone.now() }, ended);
  }
  // What shows a letter says something about whom it went to, and its hash goes with him.
  const { kind, id: bearer } = state.addressee;
  const options = body.letter === undefined ? {} : { holder: { kind, id: bearer } as const, stream };
  const context = await commandContext(backbone, request, 'DecideConfirmation', body, options);
  const command = (_of: Confirmation, history: readonly Recorded<DomainEvent>[]): Promise<ConfirmationCommand> =>
    commandOf(backbone, { addressee: state.addressee, history }, body);
  const outcome = await backbone.commands.execute(confirmationDecider, stream, command, context);
  if (outcome.outcome !== 'accepted') return outcome;
  if (!outcome.replayed && outcome.events.some(({ type }) => type === 'ConfirmationFailed')) ended('failed');
  if (outcome.state.status !== 'waiting') return outcome;
  const { channel, retries = 0 } = outcome.state;
  if (channel === 'email') await backbone.dueWork.enqueue([sendingItem(id, retries, backbone.now())]);
  return outcome;
}

async function commandOf(
  backbone: Backbone,
  {
    addressee,
    history,
  }: Pick<WrittenConfirmation, 'addressee'> & { readonly history: readonly Recorded<DomainEvent>[] },
  { letter, notReached }: DecideConfirmationRequest,
): Promise<ConfirmationCommand> {
  const now = backbone.now();
  if (notReached !== undefined) return { type: 'NoteNotReached', sending: notReached.sending, now };
  if (letter === undefined) return { type: 'RetryConfirmation', by: await mailOf(backbone, addressee), now };
  const { on, evidence, lateEntryReason } = letter;
  const onRecord = await letterIn(backbone.sealer, history);
  return {
    ...{ type: 'TellByLetter', on: on as CalendarDate, day: dayInAmsterdam(on as CalendarDate), evidence, now },
    ...(lateEntryReason === undefined ? {} : { lateEntryReason }),
    ...(onRecord === undefined ? {} : { onRecord }),
    noticeDays: backbone.rules.validity.noticeDays,
  };
}
