import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId, type WebhookSubscriptionId } from '#libs/kernel';
import type { Backbone, CommandRequest as Envelope } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, containing, equalIn, searchPage, settle } from '#libs/composition';
import { openMember } from '#libs/eventing';
import { webhookSubscriptionDecider, type WebhookSubscriptionCommand } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  CheckedBody,
  Command,
  created,
  done,
  found,
  notFound,
  pageOf,
  PathId,
  readPage,
  Section,
  type CommandAnswer,
  type CommandRequest,
} from '#libs/platform';
import { ConfirmationFigures } from '../confirmations/confirmation-figures.js';
import { decideDelivery, endWebhook, resumeWebhook } from './decide-delivery.handler.js';
import { DELIVERY } from './delivery-payload.js';
import { changeWebhook, rotateSecret, subscribeWebhook, type WebhookOutcome } from './subscribe-webhook.handler.js';
import {
  ChangeWebhookRequest,
  RotateWebhookSecretRequest,
  SearchWebhookDeliveriesRequest,
  SearchWebhookSubscriptionsRequest,
  SubscribeWebhookRequest,
  WebhookCommandRequest,
  WebhookDeliveryRequest,
} from './webhook-subscription.requests.js';
import {
  deliveredExample,
  deliveryView,
  disabledExample,
  endedExample,
  listedExample,
  parkedDeliveryExample,
  rotatedExample,
  secretExample,
  subscriptionExample,
  subscriptionView,
  unreadableExample,
  WebhookDeliveryPage,
  WebhookSecretAnswer,
  WebhookSubscriptionAnswer,
  WebhookSubscriptionPage,
  WebhookSubscriptionView,
} from './webhook-subscription.view.js';
import { webhookSubscriptionsProjection } from './webhook-subscriptions.projection.js';

const KNOWN = ['no-such-webhook-subscription'] as const;
const GIVING_UP = [...KNOWN, 'webhook-subscription-ended', 'unknown-delivery', 'delivery-not-parked'] as const;
const RELEASING = [...GIVING_UP, 'webhook-subscription-disabled', 'erased'] as const;
const CHANGING = [...KNOWN, 'webhook-subscription-ended', 'webhook-subscription-full', 'erased'] as const;
const deliveryBody = { event: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10' };

@Section('webhook-subscriptions', 'Receivers outside the house that are told of events, by Standard Webhooks.')
@Controller('v1/webhook-subscriptions')
export class WebhookSubscriptionsController {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(ConfirmationFigures) private readonly figures: ConfirmationFigures,
  ) {}

  @Post()
  @ApiCommand({
    summary: 'Subscribe a receiver to events',
    description:
      'What is recorded from now on, of the types that are named, is posted to the address as a CloudEvent, signed with the `secret` of this answer (Standard Webhooks).',
    scopes: ['governance'],
    body: SubscribeWebhookRequest,
    bodyExamples: {
      revocations: { address: 'https://receiver.example/hook', eventTypes: ['AuthorizationRevoked', 'MeansRevoked'] },
    },
    answer: WebhookSecretAnswer,
    examples: { revocations: secretExample },
    codes: ['too-many-webhook-subscriptions', 'webhook-address-refused', 'erased'],
  })
  async subscribe(@Command(SubscribeWebhookRequest) request: CommandRequest<SubscribeWebhookRequest>) {
    const command = commandOf(request);
    const outcome = await subscribeWebhook(this.backbone, command, request.body);
    const answer = await this.answerWithSecret(command, 'Subscribe', outcome);
    return created(`/v1/webhook-subscriptions/${answer.body.id}`, answer);
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A webhook subscription',
    description: 'With its address, and without its secret.',
    scopes: ['governance'],
    answer: WebhookSubscriptionView,
    examples: { active: subscriptionExample, disabled: disabledExample, unreadable: unreadableExample },
    codes: [...KNOWN],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const stream = streamId('webhookSubscription', id);
    const { state, history, revision } = await this.backbone.commands.load(webhookSubscriptionDecider, stream);
    if (state.status === 'none') throw notFound('no-such-webhook-subscription');
    return found(await subscriptionView(this.backbone.sealer, state, history), revision as number);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search webhook subscriptions',
    description: 'Newest first. Every filter that is given has to be met.',
    scopes: ['governance'],
    body: SearchWebhookSubscriptionsRequest,
    bodyExamples: { active: { status: 'active' } },
    answer: WebhookSubscriptionPage,
    examples: { found: { items: [listedExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(
    @CheckedBody(SearchWebhookSubscriptionsRequest)
    { limit, cursor, after, ...filter }: SearchWebhookSubscriptionsRequest,
  ) {
    const where = [...equalIn(filter, ['status']), ...containing('eventTypes', filter.eventType)];
    const list = { name: 'webhook-subscriptions', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, webhookSubscriptionsProjection, list, (rows) =>
      rows.map(({ id, status, eventTypes, subscribedAt }) => ({ id, status, eventTypes, subscribedAt })),
    );
  }

  @Post(':id/changes')
  @ApiId()
  @ApiCommand({
    summary: 'Change address or types of a webhook subscription',
    description: 'What waits to be delivered goes to the new address.',
    scopes: ['governance'],
    status: 200,
    body: ChangeWebhookRequest,
    bodyExamples: { types: { eventTypes: ['AuthorizationRevoked'] } },
    answer: WebhookSubscriptionAnswer,
    examples: { changed: { ...subscriptionExample, eventTypes: ['AuthorizationRevoked'] } },
    codes: [...CHANGING, 'webhook-address-refused'],
  })
  async change(@PathId() id: string, @Command(ChangeWebhookRequest) request: CommandRequest<ChangeWebhookRequest>) {
    const command = commandOf(request);
    const outcome = await changeWebhook(this.backbone, command, id as WebhookSubscriptionId, request.body);
    return done(await this.answer(command, 'ChangeSubscription', outcome));
  }

  @Post(':id/secrets')
  @ApiId()
  @ApiCommand({
    summary: 'Give a webhook subscription another secret',
    description:
      'For some hours deliveries carry two signatures, by the new secret and the one before, so that the receiver can change over.',
    scopes: ['governance'],
    status: 200,
    body: RotateWebhookSecretRequest,
    bodyExamples: { usual: {}, atOnce: { overlapHours: 0 } },
    answer: WebhookSecretAnswer,
    examples: { rotated: rotatedExample },
    codes: [...CHANGING],
  })
  async rotate(
    @PathId() id: string,
    @Command(RotateWebhookSecretRequest) request: CommandRequest<RotateWebhookSecretRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await rotateSecret(this.backbone, command, id as WebhookSubscriptionId, request.body);
    return done(await this.answerWithSecret(command, 'RotateSecret', outcome));
  }

  @Post(':id/resumptions')
  @ApiId()
  @ApiCommand({
    summary: 'Resume a disabled webhook subscription',
    description:
      'What was parked because the receiver was gone is tried again; what was recorded while it was disabled is not delivered.',
    scopes: ['governance'],
    status: 200,
    body: WebhookCommandRequest,
    bodyExamples: { plain: {} },
    answer: WebhookSubscriptionAnswer,
    examples: { resumed: subscriptionExample },
    codes: [...CHANGING],
  })
  async resume(@PathId() id: string, @Command(WebhookCommandRequest) request: CommandRequest<WebhookCommandRequest>) {
    const command = commandOf(request);
    const outcome = await resumeWebhook(this.backbone, command, id as WebhookSubscriptionId, request.body);
    return done(await this.answer(command, 'ResumeSubscription', outcome));
  }

  @Post(':id/endings')
  @ApiId()
  @ApiCommand({
    summary: 'End a webhook subscription',
    description: 'For good: nothing is delivered any more, what waited neither.',
    scopes: ['governance'],
    status: 200,
    body: WebhookCommandRequest,
    bodyExamples: { plain: {} },
    answer: WebhookSubscriptionAnswer,
    examples: { ended: endedExample },
    codes: [...KNOWN],
  })
  async end(@PathId() id: string, @Command(WebhookCommandRequest) request: CommandRequest<WebhookCommandRequest>) {
    const command = commandOf(request);
    const { ended } = this.figures;
    const outcome = await endWebhook(this.backbone, command, id as WebhookSubscriptionId, request.body, ended);
    return done(await this.answer(command, 'EndSubscription', outcome));
  }

  @Post(':id/deliveries/_search')
  @ApiId()
  @ApiQueryOperation({
    summary: 'Deliveries of a webhook subscription',
    description: 'Newest first: what waits, what is parked, and what was delivered or given up in the last 30 days.',
    scopes: ['governance'],
    body: SearchWebhookDeliveriesRequest,
    bodyExamples: { parked: { state: 'parked' } },
    answer: WebhookDeliveryPage,
    examples: {
      found: { items: [parkedDeliveryExample, deliveredExample], next: null },
      nothingFound: { items: [], next: null },
    },
    codes: [...KNOWN],
  })
  async deliveries(
    @PathId() id: string,
    @CheckedBody(SearchWebhookDeliveriesRequest) { limit, cursor, ...filter }: SearchWebhookDeliveriesRequest,
  ) {
    const list = { name: `webhook-deliveries ${id}`, filter };
    const page = readPage(list, limit, cursor);
    const stream = streamId('webhookSubscription', id);
    const { state } = await this.backbone.commands.load(webhookSubscriptionDecider, stream);
    if (state.status === 'none') throw notFound('no-such-webhook-subscription');
    const rows = await this.backbone.dueWork.list(DELIVERY, id, page.limit + 1, {
      ...(filter.state === undefined ? {} : { state: filter.state as 'parked' }),
      ...(page.after === undefined ? {} : { before: page.after.order }),
    });
    const items = rows.slice(0, page.limit).map(deliveryView);
    return pageOf(list, rows, items, (row) => ({ order: row.place, key: deliveryView(row).event }));
  }

  @Post(':id/delivery-retries')
  @ApiId()
  @ApiCommand({
    summary: 'Try a parked delivery again',
    description:
      'At once, and from then on as a new one: three days, with growing pauses. What is parked because the subscription is disabled waits for its resumption.',
    scopes: ['governance'],
    status: 200,
    body: WebhookDeliveryRequest,
    bodyExamples: { parked: deliveryBody },
    answer: WebhookSubscriptionAnswer,
    examples: { released: subscriptionExample },
    codes: [...RELEASING],
  })
  retry(@PathId() id: string, @Command(WebhookDeliveryRequest) request: CommandRequest<WebhookDeliveryRequest>) {
    return this.decide('RetryDelivery', id, request);
  }

  @Post(':id/delivery-drops')
  @ApiId()
  @ApiCommand({
    summary: 'Give a parked delivery up',
    description: 'It is never delivered; what stands behind it on its stream goes on.',
    scopes: ['governance'],
    status: 200,
    body: WebhookDeliveryRequest,
    bodyExamples: { parked: deliveryBody },
    answer: WebhookSubscriptionAnswer,
    examples: { givenUp: subscriptionExample },
    codes: [...GIVING_UP],
  })
  drop(@PathId() id: string, @Command(WebhookDeliveryRequest) request: CommandRequest<WebhookDeliveryRequest>) {
    return this.decide('DropDelivery', id, request);
  }

  private async decide(
    what: 'RetryDelivery' | 'DropDelivery',
    id: string,
    request: CommandRequest<WebhookDeliveryRequest>,
  ) {
    const command = commandOf(request);
    const { ended } = this.figures;
    const subscription = id as WebhookSubscriptionId;
    const outcome = await decideDelivery(this.backbone, command, what, subscription, request.body, ended);
    return done(await this.answer(command, what, outcome));
  }

  private async answer(
    request: Envelope,
    command: WebhookSubscriptionCommand['type'],
    outcome: WebhookOutcome,
  ): Promise<CommandAnswer<WebhookSubscriptionView>> {
    const ground = { command, object: 'webhookSubscription', checks: [] };
    const accepted = await settle(this.backbone, request, outcome, ground);
    const { state } = accepted;
    if (state.status === 'none') throw notFound('no-such-webhook-subscription');
    const upTo = (await this.historyOf(state.id)).slice(0, accepted.revision + 1);
    return answerTo(this.backbone, accepted, await subscriptionView(this.backbone.sealer, state, upTo));
  }

  /** The secret stands in the event that this very command recorded, and is shown to whoever sends it again. */
  private async answerWithSecret(
    request: Envelope,
    command: WebhookSubscriptionCommand['type'],
    outcome: WebhookOutcome,
  ): Promise<CommandAnswer<WebhookSubscriptionView & { readonly secret: string }>> {
    const answer = await this.answer(request, command, outcome);
    const made = (await this.historyOf(answer.body.id as WebhookSubscriptionId))[answer.revision]!;
    const { secret } = made.data as { readonly secret: { readonly sealed: string } };
    const opened = await openMember<string>(this.backbone.sealer, made, 'secret', secret);
    return { ...answer, body: { ...answer.body, secret: opened } };
  }

  private async historyOf(id: WebhookSubscriptionId) {
    const stream = streamId('webhookSubscription', id);
    return (await this.backbone.commands.load(webhookSubscriptionDecider, stream)).history;
  }
}
