import { streamId, type ApplicationId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, type Backbone, type CommandRequest } from '#libs/application';
import { applicationDecider, type Application, type ApplicationEvent } from '#libs/domain';
import type { ReceiveApplicationRequest } from './receive-application.request.js';

/** Records an intake. Its id follows from participant, client and key, so that a retry meets it (interfaces.md §3). */
export async function receiveApplication(
  backbone: Backbone,
  request: CommandRequest,
  body: ReceiveApplicationRequest,
): Promise<CommandOutcome<Application, ApplicationEvent>> {
  const application = derivedId(
    'application',
    backbone.participant.oin,
    request.client,
    request.idempotencyKey,
  ) as ApplicationId;
  // With words in it the request is about a person: its hash dies with the application's key.
  const context = await commandContext(
    backbone,
    request,
    'ReceiveApplication',
    body,
    body.lateEntryReason === undefined ? {} : { holder: { kind: 'application', id: application } },
  );
  return backbone.commands.execute(
    applicationDecider,
    streamId('application', application),
    () => ({
      type: 'ReceiveApplication',
      application,
      channel: body.channel,
      ...(body.medium === undefined ? {} : { medium: body.medium }),
      receivedAt: body.receivedAt,
      purposes: body.purposes,
      ...(body.lateEntryReason === undefined ? {} : { lateEntryReason: body.lateEntryReason }),
      now: backbone.now(),
    }),
    context,
  );
}
