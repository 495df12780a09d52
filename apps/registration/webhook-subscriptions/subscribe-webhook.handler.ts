import { later, streamId, type WebhookSubscriptionId } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { commandContext, type Backbone, type CommandRequest } from '#libs/application';
import {
  MAX_SUBSCRIPTIONS,
  rejectWebhook,
  webhookSubscriptionDecider,
  type WebhookSubscription,
  type WebhookSubscriptionCommand,
  type WebhookSubscriptionEvent,
} from '#libs/domain';
import { addressOf, ifReadable } from './opened-subscription.js';
import { freshSecret } from './standard-webhooks.js';
import type {
  ChangeWebhookRequest,
  RotateWebhookSecretRequest,
  SubscribeWebhookRequest,
} from './webhook-subscription.requests.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions.projection.js';

export type WebhookOutcome = CommandOutcome<WebhookSubscription, WebhookSubscriptionEvent>;

const USUAL_OVERLAP_HOURS = 24;
const HOUR = 3_600_000;

export async function subscribeWebhook(
  backbone: Backbone,
  request: CommandRequest,
  body: SubscribeWebhookRequest,
): Promise<WebhookOutcome> {
  const { oin } = backbone.participant;
  const id = derivedId('webhookSubscription', oin, request.client, request.idempotencyKey) as WebhookSubscriptionId;
  if (isRefused(backbone, request, body.address)) return addressRefused;
  return oneAfterTheOther(backbone, () =>
    execute(backbone, request, 'Subscribe', id, body, async (state) => ({
      ...{ type: 'Subscribe', subscription: id, address: body.address, eventTypes: body.eventTypes },
      ...{ secret: freshSecret(), now: backbone.now() },
      others: state.status === 'none' ? await goingOn(backbone) : 0,
    })),
  );
}

/** How many subscriptions have not ended, as of this call; counted no further than there may be. */
async function goingOn({ readModels }: Backbone): Promise<number> {
  await readModels.upToDate(webhookSubscriptionsProjection as never);
  const rows = await readModels.store.search(webhookSubscriptionsProjection, {
    where: [{ column: 'status', is: 'one-of', values: ['active', 'disabled'] }],
    limit: MAX_SUBSCRIPTIONS,
  });
  return rows.length;
}

const lastOf = new WeakMap<Backbone, Promise<unknown>>();

/** Those of this process are counted one after the other; those of others at the same moment may come in as well. */
function oneAfterTheOther<T>(backbone: Backbone, subscribing: () => Promise<T>): Promise<T> {
  const next = (lastOf.get(backbone) ?? Promise.resolve()).then(subscribing, subscribing);
  lastOf.set(backbone, next);
  return next;
}

export async function changeWebhook(
  backbone: Backbone,
  request: CommandRequest,
  id: WebhookSubscriptionId,
  body: ChangeWebhookRequest,
): Promise<WebhookOutcome> {
  const { address: wanted, eventTypes } = body;
  if (wanted !== undefined && isRefused(backbone, request, wanted)) return addressRefused;
  return execute(backbone, request, 'ChangeSubscription', id, body, async (state, history) => {
    const known = state.status === 'none' ? undefined : await ifReadable(addressOf(backbone.sealer, history));
    return {
      ...{ type: 'ChangeSubscription', now: backbone.now() },
      ...(wanted === undefined || wanted === known ? {} : { address: wanted }),
      ...(eventTypes === undefined ? {} : { eventTypes }),
    };
  });
}

export const rotateSecret = (
  backbone: Backbone,
  request: CommandRequest,
  id: WebhookSubscriptionId,
  body: RotateWebhookSecretRequest,
): Promise<WebhookOutcome> =>
  execute(backbone, request, 'RotateSecret', id, body, (state) => {
    const now = backbone.now();
    const earlierUntil = later(now, (body.overlapHours ?? USUAL_OVERLAP_HOURS) * HOUR);
    const version = state.status === 'none' ? 1 : state.secretVersion + 1;
    return { type: 'RotateSecret', secret: freshSecret(), version, earlierUntil, now };
  });

const GIVING_UP: readonly WebhookSubscriptionCommand['type'][] = ['EndSubscription', 'DropDelivery'];

/** Executes a command on a subscription; the hash of its request dies with the subscription's key. */
export async function execute(
  backbone: Backbone,
  request: CommandRequest,
  command: WebhookSubscriptionCommand['type'],
  id: WebhookSubscriptionId,
  body: object,
  source: Parameters<
    typeof backbone.commands.execute<WebhookSubscription, WebhookSubscriptionCommand, WebhookSubscriptionEvent>
  >[2],
): Promise<WebhookOutcome> {
  const stream = streamId('webhookSubscription', id);
  const { state } = await backbone.commands.load(webhookSubscriptionDecider, stream);
  // What is not there gets no key.
  if (state.status === 'none' && command !== 'Subscribe') {
    return { outcome: 'rejected', rejections: [rejectWebhook('no-such-webhook-subscription')] };
  }
  // What only gives up needs no key: it is possible as well where that is gone, and says nothing that has to be erased.
  const options = GIVING_UP.includes(command) ? {} : { holder: { kind: 'webhookSubscription', id } as const, stream };
  const context = await commandContext(backbone, request, command, body, options);
  return backbone.commands.execute(webhookSubscriptionDecider, stream, source, context);
}

/** What was subscribed before is answered as it was, whatever the settings say by now. */
const isRefused = ({ webhookAddresses }: Backbone, { replayOnly }: CommandRequest, address: string): boolean =>
  replayOnly !== true && !webhookAddresses.isAllowed(address);

const addressRefused: WebhookOutcome = {
  outcome: 'rejected',
  rejections: [rejectWebhook('webhook-address-refused', { pointer: '/address' })],
};
