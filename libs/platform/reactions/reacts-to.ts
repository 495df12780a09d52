import { EventPattern } from '@nestjs/microservices';
import { topicOf } from '#libs/eventing';

/** What a handler's `@EventPattern` carries beside its topics. */
export interface ReactionExtras {
  readonly reaction: string;
}

/**
 * Marks a controller's method as handler of a reaction: it gets every `PublishedEvent` of these categories of streams, one
 * stream's in order, at least once. All methods of one reaction share its place in the order, so that its name is for
 * ever: consumer group, checkpoint and parked messages go by it. What the method throws is tried again; `CannotApply` says
 * that it can never succeed.
 */
export const ReactsTo = (reaction: string, ...categories: readonly string[]): MethodDecorator =>
  EventPattern(categories.map(topicOf), { reaction } satisfies ReactionExtras) as MethodDecorator;
