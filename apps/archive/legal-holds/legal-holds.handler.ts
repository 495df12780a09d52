import { streamId, type LegalHoldId } from '#libs/kernel';
import { derivedId, type CommandContext, type CommandOutcome } from '#libs/eventing';
import {
  allRows,
  commandContext,
  keptName,
  retentionProjection,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import { legalHoldDecider, rejectLegalHold, type HeldObject, type LegalHold, type LegalHoldEvent } from '#libs/domain';
import { holdErasures } from '../erasures/erase.js';
import { endIntents } from '../retention/destroy.js';
import { destructionsProjection, type DestructionRow } from '../retention/destructions.projection.js';
import type { LiftLegalHoldRequest, SetLegalHoldRequest } from './legal-hold.requests.js';

type Outcome = CommandOutcome<LegalHold, LegalHoldEvent>;

/**
 * Sets a hold on what is there: what was destroyed can't be kept any more. It is on record before it is looked for what is being
 * destroyed: what begins later sees it, and what began before is ended, or was decided first. In that case, where it took what
 * the hold stands on, the hold lapses and is refused (ADR 153).
 */
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
  if (state.status === 'none' && !(await isThere(backbone, on))) return nothingToHold;
  const outcome = await backbone.commands.execute(
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
  if (outcome.outcome !== 'accepted') return outcome;
  return (await hasTaken(backbone, legalHold, on)) ? outcome : nothingToHold;
}

const nothingToHold: Outcome = {
  outcome: 'rejected',
  rejections: [rejectLegalHold('nothing-to-hold', { pointer: '/on/id' })],
};

async function isThere({ readModels }: Backbone, on: HeldObject): Promise<boolean> {
  await readModels.upToDate(retentionProjection as never);
  return (await readModels.store.find(retentionProjection, keptName(on))) !== undefined;
}

/** Sees to it that nothing that began before takes what the hold stands on; answers false where it was gone first. */
async function hasTaken(backbone: Backbone, legalHold: LegalHoldId, on: HeldObject): Promise<boolean> {
  const { readModels, commands } = backbone;
  const stream = streamId('legalHold', legalHold);
  const { state } = await commands.load(legalHoldDecider, stream);
  // It stood, and what came later came by its lifting.
  if (state.status === 'lifted') return true;
  const forget = (): Promise<void> => backbone.secrets.destroy({ kind: 'legalHold', id: legalHold });
  if (state.status === 'lapsed') {
    await forget();
    return false;
  }
  await readModels.upToDate(destructionsProjection as never);
  const underWay = await allRows<DestructionRow>(readModels.store, destructionsProjection as never, [
    { column: 'status', is: 'equal', value: 'intended' },
  ]);
  await endIntents(
    backbone,
    underWay.map(({ id }) => id),
    legalHold,
  );
  await holdErasures(backbone, legalHold);
  if (await isThere(backbone, on)) return true;
  await commands.execute(
    legalHoldDecider,
    stream,
    () => ({ type: 'LapseLegalHold', now: backbone.now() }),
    systemContext(backbone, `${LAPSES}/${legalHold}`),
  );
  await forget();
  return false;
}

const LAPSES = 'legal-hold-lapses';

const systemContext = ({ participant }: Backbone, key: string): CommandContext => ({
  ...{ participant: participant.oin, client: LAPSES, key, requestHash: key, correlationId: key },
  actor: { system: LAPSES },
});

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
