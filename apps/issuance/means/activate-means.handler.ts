import { streamId, type MeansId } from '#libs/kernel';
import type { CommandOutcome } from '#libs/eventing';
import { commandContext, findMeans, type Backbone, type CommandRequest } from '#libs/application';
import { meansDecider, type Means, type MeansEvent } from '#libs/domain';
import type { ActivateMeansRequest } from './means.requests.js';

/** Records that the holder took his means into use (MEANS-04). */
export async function activateMeans(
  backbone: Backbone,
  request: CommandRequest,
  id: MeansId,
  { activatedAt, lateEntryReason }: ActivateMeansRequest,
): Promise<CommandOutcome<Means, MeansEvent>> {
  const means = lateEntryReason === undefined ? undefined : await findMeans(backbone, id, '');
  const words = lateEntryReason === undefined ? {} : { lateEntryReason };
  const context = await commandContext(
    backbone,
    request,
    'ActivateMeans',
    { activatedAt, ...words },
    means !== undefined && 'found' in means
      ? { stream: streamId('means', id), holder: { kind: 'application', id: means.found.application } }
      : {},
  );
  return backbone.commands.execute(
    meansDecider,
    streamId('means', id),
    () => ({ type: 'ActivateMeans', activatedAt, ...words, now: backbone.now() }),
    context,
  );
}
