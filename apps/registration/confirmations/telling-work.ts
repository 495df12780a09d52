import type { ConfirmationId, EventId, JsonValue, StreamId } from '#libs/kernel';
import type { DueItem } from '#libs/eventing';
import { confirmationIdOf, type Backbone } from '#libs/application';
import type { Telling } from './what-is-told.js';

/** Kind of the work of writing what one addressee is told of one fact. */
export const TELLING = 'confirmation-telling';

/** A fact that somebody is told. */
export interface ToldFact {
  readonly event: EventId;
  readonly stream: StreamId;
  readonly revision: number;
  readonly correlationId: string;
}

/** Enqueued at once: a registration of an intermediary may be told to thousands. */
const PAGE = 500;

/** In the lane of `organization`, where many may be told of what it does. */
export async function enqueueEach(
  backbone: Backbone,
  fact: ToldFact,
  tellings: readonly Telling[],
  signal: AbortSignal,
  organization?: string,
): Promise<void> {
  for (let next = 0; next < tellings.length; next += PAGE) {
    signal.throwIfAborted();
    const items = tellings
      .slice(next, next + PAGE)
      .map((telling) => tellingItem(backbone, fact, telling, organization));
    await backbone.dueWork.enqueue(items);
  }
}

export const idOf = ({ event }: ToldFact, { kind, addressee, more }: Telling): ConfirmationId =>
  confirmationIdOf(event, kind, addressee, more.passedOn);

export type TellingPayload = { readonly fact: ToldFact; readonly telling: Telling };

/** Of one object each addressee is told in order. */
const tellingItem = ({ now }: Backbone, fact: ToldFact, telling: Telling, organization?: string): DueItem => ({
  kind: TELLING,
  id: idOf(fact, telling),
  group: `${fact.stream}/${telling.addressee.kind}-${telling.addressee.id}`,
  lane: organization ?? `of ${fact.stream.slice(-1)}`,
  dueAt: now(),
  payload: { fact, telling } satisfies TellingPayload as unknown as JsonValue,
});
