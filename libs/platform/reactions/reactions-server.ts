import { Catch, type ArgumentsHost, type RpcExceptionFilter } from '@nestjs/common';
import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom, throwError, type Observable } from 'rxjs';
import type { DeclaredReaction, Follower, PublishedEvent } from '#libs/eventing';
import { publishedTopic } from '#libs/eventing';
import type { ReactionExtras } from './reacts-to.js';

/** Brings a reaction its events, from the store's feed or over Kafka, and tells health how far it is. */
export type StartReaction = (reaction: DeclaredReaction) => Follower;

/**
 * Nest transport for every reaction of a process: collects the handlers (`ReactsTo`) by reaction, and starts each when Nest
 * listens. Where the events come from is the caller's choice; handlers can't tell.
 */
export class ReactionsServer extends Server implements CustomTransportStrategy {
  /** What a handler throws is told by who tries it again. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #start: StartReaction;
  readonly #handlers = new Map<string, Map<string, MessageHandler>>();
  #followers: readonly Follower[] = [];

  constructor(start: StartReaction) {
    super();
    this.#start = start;
  }

  /** What was started, for health and metrics. */
  get followers(): readonly Follower[] {
    return this.#followers;
  }

  override addHandler(
    topic: string,
    handler: MessageHandler,
    isEvent = false,
    extras: Partial<ReactionExtras> = {},
  ): void {
    const { reaction } = extras;
    if (!isEvent || reaction === undefined) throw new Error(`the handler of ${topic} names no reaction: use @ReactsTo`);
    const topics = this.#handlers.get(reaction) ?? new Map<string, MessageHandler>();
    // Of two one would succeed and the other fail: what was done then?
    if (topics.has(topic)) throw new Error(`the reaction ${reaction} has two handlers of ${topic}`);
    this.#handlers.set(reaction, topics.set(topic, handler));
  }

  listen(callback: () => void): void {
    this.#followers = [...this.#handlers].map(([name, topics]) =>
      this.#start({ name, topics: [...topics.keys()], react: (event) => handOver(topics, event) }),
    );
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.stop()));
  }

  on(): never {
    throw new Error('there are no events to listen to here');
  }

  unwrap<T>(): T {
    throw new Error('there is no one connection here');
  }
}

async function handOver(topics: ReadonlyMap<string, MessageHandler>, event: PublishedEvent): Promise<void> {
  const answer: unknown = await topics.get(publishedTopic(event))!(event, new BaseRpcContext([event.sequence]));
  if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
}

/** Hands on what a handler throws as it is: Nest's own filter would make one and the same object of every error. */
@Catch()
export class ErrorsAsTheyAre implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}
