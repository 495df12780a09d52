import { streamId, type LegalHoldId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, keptName, retentionProjection, type Backbone, type CommandRequest } from '#libs/application';
import { legalHoldDecider, rejectLegalHold, type HeldObject, type LegalHold, type LegalHoldEvent } from '#libs/domain';
import type { LiftLegalHoldRequest, SetLegalHoldRequest } from './retention.requests.js';

type Outcome = CommandOutcome<LegalHold, LegalHoldEvent>;

/** Sets a hold on what is there: what was destroyed can't be kept any more. */
export async function setLegalHold(
  backbone: Backbone,
  request: CommandRequest,
  { on, reason }: SetLegalHoldRequest,
): Promise<Outcome> {
  const { oin } = backbone.participant;
  const legalHold = derivedId('legalHold', oin, request.client, request.idempotencyKey) as LegalHoldId;
  const stream = streamId('legalHold', legalHold);
  const context = await contextOf(backbone, request, 'SetLegalHold', { on, reason }, legalHold);
  const { state } = await backbone.commands.load(legalHoldDecider, stream);
  if (state.status === 'none') {
    await backbone.readModels.upToDate(retentionProjection as never);
    const kept = await backbone.readModels.store.find(retentionProjection, keptName(on));
    if (kept === undefined)
      return { outcome: 'rejected', rejections: [rejectLegalHold('nothing-to-hold', { pointer: '/on/id' })] };
  }
  return backbone.commands.execute(
    legalHoldDecider,
    stream,
    () => ({
      type: 'SetLegalHold',
      legalHold,
      on: { kind: on.kind, id: on.id } satisfies HeldObject,
      reason,
      now: backbone.now(),
    }),
    context,
  );
}

export async function liftLegalHold(
  backbone: Backbone,
  request: CommandRequest,
  id: LegalHoldId,
  { reason }: LiftLegalHoldRequest,
): Promise<Outcome> {
  const stream = streamId('legalHold', id);
  // Nobody gets a key by being named.
  const { state } = await backbone.commands.load(legalHoldDecider, stream);
  if (state.status === 'none') return { outcome: 'rejected', rejections: [rejectLegalHold('no-such-legal-hold')] };
  const context = await contextOf(backbone, request, 'LiftLegalHold', { id, reason }, id);
  return backbone.commands.execute(
    legalHoldDecider,
    stream,
    () => ({ type: 'LiftLegalHold', reason, now: backbone.now() }),
    context,
  );
}

const contextOf = (backbone: Backbone, request: CommandRequest, command: string, body: object, id: string) =>
  commandContext(backbone, request, command, body, {
    holder: { kind: 'legalHold', id },
    stream: streamId('legalHold', id),
  });
