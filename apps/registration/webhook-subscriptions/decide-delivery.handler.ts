import type { EventId, Instant, WebhookSubscriptionId } from '#libs/kernel';
import type { KeptItem } from '#libs/eventing';
import type { Backbone, CommandRequest } from '#libs/application';
import type { Ended } from '../confirmations/note-outcome.js';
import { DELIVERY, deliveryId, type DeliveryPayload } from './delivery-payload.js';
import { waitsForResumption } from './deliver.js';
import { noteDelivery } from './note-delivery.js';
import { execute, type WebhookOutcome } from './subscribe-webhook.handler.js';
import type { WebhookDeliveryRequest } from './webhook-subscription.requests.js';

/** Releases or gives up a parked delivery: the fact first, then the work; a retry of the request makes up for what is missing. */
export async function decideDelivery(
  backbone: Backbone,
  request: CommandRequest,
  command: 'RetryDelivery' | 'DropDelivery',
  id: WebhookSubscriptionId,
  body: WebhookDeliveryRequest,
  ended?: Ended,
): Promise<WebhookOutcome> {
  const event = body.event as EventId;
  const key = { kind: DELIVERY, id: deliveryId(id, event) };
  const outcome = await execute(backbone, request, command, id, body, async () => {
    const delivery = await backbone.dueWork.find(key);
    return { type: command, event, now: backbone.now(), ...(delivery === undefined ? {} : { delivery }) };
  });
  if (outcome.outcome !== 'accepted') return outcome;
  for (const fact of outcome.events) {
    const item = await backbone.dueWork.find(key);
    if (item === undefined) continue;
    if (fact.type === 'WebhookDeliveryRetried') await releaseOnce(backbone, item, fact.data.retriedAt);
    if (fact.type === 'WebhookDeliveryDropped') await drop(backbone, item, fact.data.droppedAt, ended);
  }
  return outcome;
}

/** What was parked because the receiver was gone goes its way again when the subscription is resumed. */
export async function resumeWebhook(
  backbone: Backbone,
  request: CommandRequest,
  id: WebhookSubscriptionId,
  body: object,
): Promise<WebhookOutcome> {
  const outcome = await execute(backbone, request, 'ResumeSubscription', id, body, () => ({
    ...{ type: 'ResumeSubscription', now: backbone.now() },
  }));
  if (outcome.outcome !== 'accepted') return outcome;
  for (const fact of outcome.events) {
    if (fact.type !== 'WebhookSubscriptionResumed') continue;
    for await (const item of parkedOf(backbone, id)) {
      if (waitsForResumption(item.reason)) await releaseOnce(backbone, item, fact.data.resumedAt);
    }
  }
  return outcome;
}

/** What is parked for a subscription that ends waits for nobody any more. */
export async function endWebhook(
  backbone: Backbone,
  request: CommandRequest,
  id: WebhookSubscriptionId,
  body: object,
  ended?: Ended,
): Promise<WebhookOutcome> {
  const outcome = await execute(backbone, request, 'EndSubscription', id, body, () => ({
    ...{ type: 'EndSubscription', now: backbone.now() },
  }));
  if (outcome.outcome !== 'accepted') return outcome;
  for await (const item of parkedOf(backbone, id)) await drop(backbone, item, backbone.now(), ended);
  return outcome;
}

/** Noted first: what was dropped is looked at by nobody any more. */
async function drop(backbone: Backbone, item: KeptItem, at: Instant, ended?: Ended): Promise<void> {
  if (item.state !== 'parked') return;
  await noteDelivery(backbone, { ...(item.payload as DeliveryPayload), attempts: item.attempts }, false, { ended });
  await backbone.dueWork.drop(item, at);
}

/** Not again what was released by this very fact before, and has been parked since. */
async function releaseOnce({ dueWork }: Backbone, item: KeptItem, at: Instant): Promise<void> {
  if (item.since < at) await dueWork.release(item, at);
}

const PAGE = 100;

async function* parkedOf({ dueWork }: Backbone, id: WebhookSubscriptionId): AsyncGenerator<KeptItem> {
  for (let before: bigint | undefined; ;) {
    const page = await dueWork.list(DELIVERY, id, PAGE, {
      state: 'parked',
      ...(before === undefined ? {} : { before }),
    });
    yield* page;
    if (page.length < PAGE) return;
    before = page.at(-1)!.place;
  }
}
