import type { DomainEvent, JsonValue, Rejection } from '#libs/kernel';
import type { CommandOutcome, StoreIdentity } from '#libs/eventing';
import {
  aspectsInBrief,
  recordRefusal,
  withEarningRows,
  type AspectView,
  type Backbone,
  type CommandRequest,
  type EarningRow,
  type RefusalGround,
  type RequestContext,
} from '#libs/application';
import {
  conflict,
  decodePosition,
  encodePosition,
  idempotencyKeyReused,
  noPosition,
  preconditionFailed,
  problemOfRejections,
  unavailable,
  type Caller,
  type CommandAnswer,
  type CommandRequest as EdgeCommandRequest,
} from '#libs/platform';
import type { Projection } from '#libs/eventing';

/** What joins the edge and the use cases: a request as the use cases take it, an outcome as the edge answers it. */

/** The command's envelope, without its body. */
export function commandOf({ caller, context }: EdgeCommandRequest<object>): CommandRequest {
  return {
    ...readerOf(caller, context),
    idempotencyKey: context.key,
    ...(context.ifMatch === undefined ? {} : { ifMatch: context.ifMatch }),
    ...(context.replayOnly === true ? { replayOnly: true } : {}),
  };
}

export function readerOf(
  caller: Caller,
  context: { readonly correlationId: string; readonly traceparent: string; readonly parentSpanId?: string },
): RequestContext {
  return {
    client: caller.client,
    ...(caller.clerk === undefined ? {} : { subject: caller.clerk }),
    correlationId: context.correlationId,
    traceparent: context.traceparent,
    ...(context.parentSpanId === undefined ? {} : { parentSpanId: context.parentSpanId }),
  };
}

export type Accepted<State, Event extends DomainEvent> = Extract<CommandOutcome<State, Event>, { outcome: 'accepted' }>;

/**
 * An accepted outcome, or the problem that says why not. A refusal by rule leaves its record before it is answered
 * (interfaces.md §4); what would earn what is missing follows from the rule set, and is told only.
 */
export async function settle<State, Event extends DomainEvent>(
  backbone: Backbone,
  request: CommandRequest,
  outcome: CommandOutcome<State, Event>,
  ground: Omit<RefusalGround, 'codes'>,
  aspects?: readonly AspectView[],
  rows: readonly EarningRow[] = [],
): Promise<Accepted<State, Event>> {
  switch (outcome.outcome) {
    case 'accepted':
      return outcome;
    case 'rejected':
      if (isRefusal(outcome.rejections)) {
        await recordRefusal(backbone, request, { ...ground, codes: outcome.rejections });
      }
      throw problemOfRejections(
        withEarningRows(outcome.rejections, rows),
        aspects === undefined ? {} : { aspects: aspectsInBrief(aspects) as unknown as JsonValue },
      );
    case 'conflict':
      throw conflict();
    case 'key-reused':
      throw idempotencyKeyReused();
    case 'stale':
      throw preconditionFailed();
  }
}

/** Whether the rules said no. A request with faults of its own (400, 404) was never judged, whatever else came of it. */
export const isRefusal = (rejections: readonly Rejection[]): boolean =>
  rejections.some(({ kind }) => kind === 'refused') &&
  rejections.every(({ kind }) => kind !== 'invalid' && kind !== 'not-found');

/** The accepted outcome as a command's answer, with its opaque position. */
export const answerTo = <State, Event extends DomainEvent, Body extends object>(
  backbone: Backbone,
  accepted: Accepted<State, Event>,
  body: Body,
): CommandAnswer<Body> => ({
  body,
  revision: accepted.revision,
  position: positionText(backbone.identity, accepted.position),
  replayed: accepted.replayed,
});

export const positionText = ({ store, epoch }: StoreIdentity, place: bigint): string =>
  encodePosition({ store, epoch, place });

/** Waits until a read model shows the position that a reader asks for (`?after=`); 503 when that takes too long. */
export async function awaitAfter(backbone: Backbone, projection: Projection, after: string | undefined): Promise<void> {
  backbone.readModels.fed(projection);
  if (after === undefined) return;
  const place = await placeOf(backbone, after, 'body');
  if (!(await backbone.readModels.waitFor(projection, place))) throw unavailable('position-not-reached');
}

/** For reads of streams and of what is never behind them: only that the position is one of this store. */
export async function checkAfter(
  backbone: Backbone,
  after: string | undefined,
  where: 'query' | 'body' = 'query',
): Promise<void> {
  if (after !== undefined) await placeOf(backbone, after, where);
}

/** Nothing was ever answered with a position beyond the end of the store: it is forged, and nobody waits for it. */
async function placeOf(backbone: Backbone, after: string, where: 'query' | 'body'): Promise<bigint> {
  const place = decodePosition(after, backbone.identity, where);
  // 0n is also what an answer from before everything has.
  if (place > 0n && place > (await backbone.feed.head())) throw noPosition(where);
  return place;
}
