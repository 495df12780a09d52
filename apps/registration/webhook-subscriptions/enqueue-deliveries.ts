import { later, type StreamId } from '#libs/kernel';
import { placeOfSequence, publishedText, StoreUnavailable, type DueItem, type PublishedEvent } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { WEBHOOK_EVENT_TYPES } from '#libs/domain';
import type { Ended } from '../confirmations/note-outcome.js';
import { DELIVERY, deliveryId, type DeliveryPayload } from './delivery-payload.js';
import { noteDelivery } from './note-delivery.js';
import { webhookSubscriptionsProjection, type WebhookSubscriptionRow } from './webhook-subscriptions.projection.js';

/** Name of the reaction, for ever: by it is known how far it is. */
export const WEBHOOKS = 'webhooks';

const PAGE = 100;

/**
 * Enqueues a delivery of the event for every subscription that asks for its type, once however often the event comes. Asks
 * the read model when that has seen the event: a subscription that was made before it is there by then.
 */
export async function enqueueDeliveries(backbone: Backbone, event: PublishedEvent, ended?: Ended): Promise<boolean> {
  const { epoch, position } = placeOfSequence(event.sequence);
  const wanted = (WEBHOOK_EVENT_TYPES as readonly string[]).includes(event.data.type);
  const rows = wanted ? await subscribers(backbone, event, epoch, position) : [];
  const text = publishedText(asDelivered(event));
  const stream = event.subject as StreamId;
  const dueAt = later(backbone.now(), 0);
  const items = rows.map(({ id }): DueItem => ({
    kind: DELIVERY,
    id: deliveryId(id, event.id),
    group: `${id}/${stream}`,
    lane: id,
    dueAt,
    payload: { event: event.id, type: event.data.type, text } satisfies DeliveryPayload,
  }));
  // Nobody is there any more who would see to a confirmation that goes by webhook: noted before the event counts as taken.
  if (wanted && items.length === 0) {
    await noteDelivery(backbone, { event: event.id, type: event.data.type, text, attempts: 0 }, false, { ended });
  }
  return backbone.reactions.take(WEBHOOKS, { stream, epoch, position }, items);
}

/** Of a confirmation its id alone: what it tells is fetched by who may see it. */
const asDelivered = (event: PublishedEvent): PublishedEvent =>
  event.data.type === 'ConfirmationWritten'
    ? { ...event, data: { ...event.data, data: { confirmation: event.data.data['confirmation']! } } }
    : event;

async function subscribers(
  { readModels, identity }: Backbone,
  event: PublishedEvent,
  epoch: number,
  position: bigint,
): Promise<readonly WebhookSubscriptionRow[]> {
  // Positions of an epoch before say nothing here: then everything that is there counts, by its moment.
  const isOfNow = epoch === identity.epoch;
  if (!isOfNow) await readModels.upToDate(webhookSubscriptionsProjection as never);
  else if (!(await readModels.waitFor(webhookSubscriptionsProjection as never, position))) {
    throw new StoreUnavailable('webhook-subscriptions lies behind');
  }
  const rows: WebhookSubscriptionRow[] = [];
  for (let after: { order: bigint; key: string } | undefined; ;) {
    const page = await readModels.store.search<WebhookSubscriptionRow>(webhookSubscriptionsProjection, {
      where: [
        { column: 'status', is: 'equal', value: 'active' },
        { column: 'eventTypes', is: 'containing', value: event.data.type },
      ],
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    rows.push(...page.filter((row) => (isOfNow ? row.position < position : row.subscribedAt <= event.time)));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return rows;
    after = { order: last.position, key: last.id };
  }
}
