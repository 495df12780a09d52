import { streamId, type WebhookSubscriptionId } from '#libs/kernel';
import { derivedId, type Chore, type KeptItem, type Performed } from '#libs/eventing';
import { commandContext, type Backbone } from '#libs/application';
import { MAX_SUBSCRIPTIONS, webhookSubscriptionDecider } from '#libs/domain';
import { packageVersion } from '#libs/platform';
import type { Ended } from '../confirmations/note-outcome.js';
import { DELIVERY, type DeliveryPayload } from './delivery-payload.js';
import { isWanted, noteDelivery } from './note-delivery.js';
import { addressOf, ifReadable, secretsOf } from './opened-subscription.js';
import { postWebhook, type Posted, type Posting } from './post-webhook.js';
import { nextAttempt } from './retry-plan.js';
import { signedHeaders } from './standard-webhooks.js';

export type Outcome = 'delivered' | 'again' | 'parked' | 'ended';

export interface DeliveryParts {
  readonly posting?: Partial<Posting>;
  /** From 0 up to 1. */
  readonly chance?: () => number;
  readonly told?: (outcome: Outcome) => void;
  /** Told what became of a confirmation whose channel a delivery is. */
  readonly ended?: Ended;
}

/** Whole time of one attempt, in milliseconds. */
const ATTEMPT_LIMIT = 15_000;
/** Attempts under way at once: of one receiver, and together. Room for all of each, so that none waits for another's. */
const PER_RECEIVER = 4;
const TOGETHER = MAX_SUBSCRIPTIONS * PER_RECEIVER;
/** Deliveries that are done can be looked at for so long. */
const KEEP_FOR = 30 * 24 * 3_600_000;
/** Deliveries that a process remembers to have been taken, or to be over, in case that could not be noted. */
const REMEMBERED = 10_000;
/** Why what waits for a receiver that is gone is parked; a resumed one gets it. */
export const GONE = 'the receiver is gone (410)';
export const DISABLED = 'the subscription is disabled';
export const UNREADABLE = 'address and secret do not open: their key is gone';

/** Whether what is parked for this reason goes on when its subscription is resumed. */
export const waitsForResumption = (reason: string | undefined): boolean =>
  reason === GONE || reason === DISABLED || reason === UNREADABLE;

/**
 * Delivers what is due: one attempt, signed by the secrets that are valid then. What a receiver took is not sent to it again
 * by this process while that can't be noted, only by the next one.
 */
export function deliveries(backbone: Backbone, parts: DeliveryParts = {}): Chore {
  const { posting, chance = Math.random, told, ended } = parts;
  const headers = {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'user-agent': `Waarborg/${packageVersion()}`,
  };

  const taken = new Set<string>();
  /** Deliveries that came to nothing, though that may not stand there yet: the last one of a confirmation knows it by that. */
  const over = new Set<string>();

  async function attempt(item: KeptItem, signal: AbortSignal): Promise<readonly [Outcome, Performed]> {
    const { event, text } = item.payload as DeliveryPayload;
    const subscription = item.lane as WebhookSubscriptionId;
    const stream = streamId('webhookSubscription', subscription);
    const { state, history } = await backbone.commands.load(webhookSubscriptionDecider, stream);
    if (taken.has(item.id)) return wasTaken(item);
    over.delete(item.id);
    if (!(await isWanted(backbone, item.payload as DeliveryPayload, { ended }))) return ['ended', { is: 'done' }];
    if (state.status === 'none' || state.status === 'ended') {
      await noted(item, false);
      return ['ended', { is: 'done' }];
    }
    if (state.status === 'disabled') return parked(item, DISABLED);
    const now = backbone.now();
    const both = state.earlierUntil !== undefined && now < state.earlierUntil;
    const secrets = await ifReadable(secretsOf(backbone.sealer, history, both ? 2 : 1));
    const address = await ifReadable(addressOf(backbone.sealer, history));
    if (secrets === undefined || address === undefined) return giveUp(item, state.version, UNREADABLE, item.attempts);
    const posted = await postWebhook(
      address,
      { ...headers, ...signedHeaders(event, now, text, secrets) },
      text,
      { addresses: backbone.webhookAddresses, limit: ATTEMPT_LIMIT, ...posting },
      signal,
    );
    signal.throwIfAborted();
    if ('status' in posted && posted.status >= 200 && posted.status < 300) {
      remember(taken, item.id);
      return wasTaken(item);
    }
    if ('status' in posted && posted.status === 410) return giveUp(item, state.version, GONE, item.attempts + 1);
    const reason = reasonOf(posted);
    const at = nextAttempt({
      ...{ attempts: item.attempts, since: item.since, now: backbone.now(), chance: chance() },
      ...('status' in posted && posted.retryAfter !== undefined ? { retryAfter: posted.retryAfter } : {}),
    });
    return at === undefined ? parked(item, reason, item.attempts + 1) : ['again', { is: 'again', at, reason }];
  }

  async function wasTaken(item: KeptItem): Promise<readonly [Outcome, Performed]> {
    await noted(item, true, item.attempts + 1);
    return ['delivered', { is: 'done' }];
  }

  async function parked(
    item: KeptItem,
    reason: string,
    attempts = item.attempts,
  ): Promise<readonly [Outcome, Performed]> {
    await noted(item, false, attempts);
    return ['parked', { is: 'parked', reason }];
  }

  async function noted(item: KeptItem, isTaken: boolean, attempts = item.attempts): Promise<void> {
    if (!isTaken) remember(over, item.id);
    const isOver = (delivery: string): boolean => over.has(delivery);
    await noteDelivery(backbone, { ...(item.payload as DeliveryPayload), attempts }, isTaken, { ended, isOver });
  }

  /** The subscription as it was tried is of no use. One that was changed since is tried as it is now. */
  async function giveUp(
    item: KeptItem,
    version: number,
    reason: string,
    attempts: number,
  ): Promise<readonly [Outcome, Performed]> {
    const { id, since, lane } = item;
    const process = { client: 'webhooks', correlationId: derivedId('delivery', id) };
    // What was too late once is no answer to the next: the version is part of the key.
    const request = { ...process, idempotencyKey: derivedId('disable', id, since, String(version)) };
    const outcome = await backbone.commands.execute(
      webhookSubscriptionDecider,
      streamId('webhookSubscription', lane as WebhookSubscriptionId),
      () => ({
        ...{ type: 'DisableSubscription', version, now: backbone.now() },
        ...(reason === UNREADABLE ? { unreadable: true } : {}),
      }),
      { ...(await commandContext(backbone, request, 'DisableSubscription', {})), actor: { system: 'webhooks' } },
    );
    const isActive = outcome.outcome === 'accepted' && outcome.state.status === 'active';
    return isActive ? ['again', { is: 'again', at: backbone.now(), reason }] : parked(item, reason, attempts);
  }

  return {
    kind: DELIVERY,
    perLane: PER_RECEIVER,
    together: TOGETHER,
    keepFor: KEEP_FOR,
    async perform(item, signal) {
      const [outcome, performed] = await attempt(item, signal);
      told?.(outcome);
      return performed;
    },
    async parked(item) {
      const stream = streamId('webhookSubscription', item.lane);
      const { state } = await backbone.commands.load(webhookSubscriptionDecider, stream);
      const kept = await backbone.dueWork.find(item);
      if (kept?.state !== 'parked') return;
      // Also of what was parked before that was noted, and by a process that was killed in between.
      await noted(kept, false);
      if (state.status === 'ended') await backbone.dueWork.drop(item, backbone.now());
      else if (state.status === 'active' && waitsForResumption(kept.reason)) {
        await backbone.dueWork.release(item, backbone.now());
      }
    },
  };
}

function remember(deliveries: Set<string>, id: string): void {
  deliveries.add(id);
  const [oldest] = deliveries;
  if (deliveries.size > REMEMBERED) deliveries.delete(oldest!);
}

const reasonOf = (posted: Posted): string =>
  'failed' in posted
    ? posted.failed
    : `answered ${posted.status}${posted.status < 400 ? ', which is not followed' : ''}`;
