import { streamId, type ConfirmationId } from '#libs/kernel';
import { allRows, type Backbone } from '#libs/application';
import { confirmationDecider, type ConfirmationWritten } from '#libs/domain';
import { lapsedSince } from '../confirmations/lapses.js';
import { noteOutcome, type Ended } from '../confirmations/note-outcome.js';
import { DELIVERY, deliveryId, type DeliveryPayload } from './delivery-payload.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions.projection.js';

interface Delivered extends DeliveryPayload {
  /** How often it was tried. */
  readonly attempts: number;
}

interface Noticing {
  readonly ended?: Ended | undefined;
  /** Deliveries that are over by now, though that does not stand there yet. */
  readonly isOver?: (delivery: string) => boolean;
}

/**
 * What came of a delivery, for the confirmation whose channel it is. The end of the last one without a yes is noted: nobody
 * else tells the addressee. A receiver that takes it later makes it told all the same. Of what else is delivered nothing is
 * noted.
 */
export async function noteDelivery(
  backbone: Backbone,
  delivered: Delivered,
  taken: boolean,
  { ended, isOver = () => false }: Noticing = {},
): Promise<void> {
  const confirmation = confirmationIn(delivered);
  if (confirmation === undefined) return;
  if (!taken && (await isLeft(backbone, delivered.event, isOver))) return;
  const noted = { channel: 'webhook', attempts: delivered.attempts, now: backbone.now() } as const;
  const command = taken
    ? ({ type: 'NoteSent', ...noted } as const)
    : ({ type: 'NoteFailed', reason: 'receiver', ...noted } as const);
  await noteOutcome(backbone, confirmation, command, ended);
}

/**
 * Whether it is still to be delivered. A confirmation whose channel it is waits for it no more once another receiver took it,
 * a person has it told in another way or says that it came back, or what it tells does not hold any more: who gets it then
 * would tell it twice, or for nothing.
 */
export async function isWanted(
  backbone: Backbone,
  delivery: DeliveryPayload,
  { ended }: Pick<Noticing, 'ended'>,
): Promise<boolean> {
  const confirmation = confirmationIn(delivery);
  if (confirmation === undefined) return true;
  const stream = streamId('confirmation', confirmation);
  const { state, history } = await backbone.commands.load(confirmationDecider, stream);
  // What goes by mail, or by nothing, is told of here as any other fact.
  if (state.status === 'unwritten' || (history[0]!.data as ConfirmationWritten['data']).channel !== 'webhook')
    return true;
  const waits = state.status === 'waiting' || (state.status === 'failed' && state.failure === 'receiver');
  if (!waits || state.channel !== 'webhook') return false;
  const since = await lapsedSince(backbone, state);
  if (since === undefined) return true;
  await noteOutcome(backbone, confirmation, { type: 'LapseConfirmation', since, now: backbone.now() }, ended);
  return false;
}

function confirmationIn({ type, text }: Pick<DeliveryPayload, 'type' | 'text'>): ConfirmationId | undefined {
  if (type !== 'ConfirmationWritten') return undefined;
  const { data } = JSON.parse(text) as {
    readonly data: { readonly data: { readonly confirmation: ConfirmationId } };
  };
  return data.data.confirmation;
}

/** Whether another receiver may still take it. */
async function isLeft(
  { readModels, dueWork }: Backbone,
  event: string,
  isOver: (delivery: string) => boolean,
): Promise<boolean> {
  const active = await allRows(readModels.store, webhookSubscriptionsProjection, [
    { column: 'status', is: 'equal', value: 'active' },
  ]);
  for (const { id } of active) {
    const delivery = deliveryId(id, event);
    if (isOver(delivery)) continue;
    if ((await dueWork.find({ kind: DELIVERY, id: delivery }))?.state === 'waiting') return true;
  }
  return false;
}
