import { randomUUID } from 'node:crypto';
import type { Actor, Decider, DomainEvent, EventId, Instant, Recorded, Rejection, StreamId } from '#libs/kernel';
import type { EventSerializer } from './event-serializer.js';
import { derivedId } from './identity.js';
import type { AnsweredKeys, KeptAnswer } from './ports/answered-keys.js';
import {
  RevisionConflict,
  START,
  type Appended,
  type EventFeed,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type StoredEvent,
} from './ports/event-store.js';

/** Who asks, for what and under which key; everything that is not the command itself. */
export interface CommandContext {
  /** OIN of the participant; part of every derived id. */
  readonly participant: string;
  /** The client, or a process manager's name; which of them says the actor. */
  readonly client: string;
  /** The caller's `Idempotency-Key`; for a process manager the id of the event that caused the step. */
  readonly key: string;
  /** Keyed hash of the request: the same key with another hash is a reuse (interfaces.md §3). */
  readonly requestHash: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  /** Version of the rule set the command is judged by, where it scores something. */
  readonly ruleSet?: string;
  /** Revision named in `If-Match`. */
  readonly ifMatch?: number;
  /** Nothing is decided: the first answer is given again, or `NothingToReplay` thrown. */
  readonly replayOnly?: boolean;
}

/** A command that is only to be answered again was not answered before. */
export class NothingToReplay extends Error {
  override readonly name = 'NothingToReplay';
}

export type CommandOutcome<State, Event extends DomainEvent> =
  | {
      readonly outcome: 'accepted';
      /** State right after this command's own events: on a retry the first answer again. */
      readonly state: State;
      readonly events: readonly Event[];
      /** Revision and position of the last event of this command (of the stream, when it recorded none). */
      readonly revision: number;
      readonly position: bigint;
      /**
       * Of a command that recorded nothing: the moment and the head of the store that its answer is of. What the answer
       * says of anything but the object's own history MUST be as of these, so that a retry can be told the same.
       */
      readonly asOf?: { readonly at: Instant; readonly head: bigint };
      /** The command had been carried out before. */
      readonly replayed: boolean;
    }
  | { readonly outcome: 'rejected'; readonly rejections: readonly Rejection[] }
  /** Others kept changing the object; nothing was written. */
  | { readonly outcome: 'conflict' }
  /** The key belongs to another request. */
  | { readonly outcome: 'key-reused' }
  /** The object is not at the revision named in `If-Match`. */
  | { readonly outcome: 'stale'; readonly revision: number };

/** Builds the command from the state it will be decided on; asked again on every attempt. */
export type CommandSource<State, Command> = (
  state: State,
  history: readonly Recorded<DomainEvent>[],
) => Command | Promise<Command>;

/** Attempts after a conflict before the caller is told (interfaces.md §3). */
const RETRIES = 3;
/** Streams of one reading: they are in memory together, and one event may have half a megabyte. */
const TOGETHER = 50;

export interface CommandHandler {
  /** Read, fold, decide, append to one stream expecting the revision read; a conflict is tried again. */
  execute<State, const Command extends { readonly type: string }, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: StreamId,
    command: CommandSource<State, Command>,
    context: CommandContext,
  ): Promise<CommandOutcome<State, Event>>;

  /** The object as it is now. */
  load<State, Event extends DomainEvent>(
    decider: Decider<State, never, Event>,
    stream: StreamId,
  ): Promise<LoadedObject<State>>;

  /** Many objects of one kind as they are now, in their order, read together. */
  loadAll<State, Event extends DomainEvent>(
    decider: Decider<State, never, Event>,
    streams: readonly StreamId[],
  ): Promise<readonly LoadedObject<State>[]>;

  /** The request hashes that stand in the stream. */
  requestHashes(stream: StreamId): Promise<readonly string[]>;

  /** Whether a command of this client with this key was accepted on this stream, or is about to be, whatever its body. */
  knowsKey(stream: StreamId, key: Pick<CommandContext, 'participant' | 'client' | 'key'>): Promise<boolean>;
}

export interface LoadedObject<State> {
  readonly state: State;
  readonly history: readonly Recorded<DomainEvent>[];
  /** `no-stream` when nothing was ever recorded. Of what was destroyed there is a revision, and no history. */
  readonly revision: ExpectedRevision;
  /** Position of its newest event; `START` without one. */
  readonly position: bigint;
}

const factOf = <Event extends DomainEvent>({ type, data }: Recorded<DomainEvent>): Event =>
  ({ type, data }) as unknown as Event;

/** What commands stand on. */
export interface CommandStores {
  readonly events: EventStore;
  readonly feed: Pick<EventFeed, 'head'>;
  readonly answeredKeys: AnsweredKeys;
}

/** Of each of these histories whether its object was destroyed. */
export type DestroyedIn = (histories: readonly (readonly Recorded<DomainEvent>[])[]) => Promise<readonly boolean[]>;

const nothingDestroyed: DestroyedIn = (histories) => Promise.resolve(histories.map(() => false));

/** `destroyedIn`: of what is said to be destroyed there is no state, and nothing is recorded of it any more. */
export function commandHandler(
  stores: CommandStores,
  serializer: EventSerializer,
  destroyedIn: DestroyedIn = nothingDestroyed,
): CommandHandler {
  const { events: store, feed, answeredKeys } = stores;

  const asRecorded = (stored: readonly StoredEvent[]): Recorded<DomainEvent>[] =>
    stored.map((event) => serializer.read(event));

  const read = async (stream: StreamId): Promise<Recorded<DomainEvent>[]> => asRecorded(await store.readStream(stream));

  /**
   * What was appended, as it stands in the store; `undefined` when it is not what was handed over. A store whose answer
   * does not say is asked.
   */
  const asWritten = async (
    stream: StreamId,
    events: readonly EventToAppend[],
    { revision, position, recordedAt, repeated }: Appended,
  ): Promise<readonly StoredEvent[] | undefined> => {
    if (repeated === true) return undefined;
    const first = revision - (events.length - 1);
    if (repeated === false && recordedAt !== undefined) {
      return events.map((event, ordinal) => ({ ...event, stream, revision: first + ordinal, position, recordedAt }));
    }
    const there = (await store.readStream(stream, first)).slice(0, events.length);
    const isOurs =
      there.length === events.length &&
      there.every(({ id, bytes }, ordinal) => id === events[ordinal]!.id && bytes === events[ordinal]!.bytes);
    return isOurs ? there : undefined;
  };

  const fold = <State, Event extends DomainEvent>(
    decider: Decider<State, never, Event>,
    history: readonly Recorded<DomainEvent>[],
  ): State => history.reduce((state, event) => decider.evolve(state, event as unknown as Event), decider.initialState);

  const isDestroyed = async (history: readonly Recorded<DomainEvent>[]): Promise<boolean> =>
    (await destroyedIn([history]))[0] === true;

  const loaded = <State, Event extends DomainEvent>(
    decider: Decider<State, never, Event>,
    whole: readonly Recorded<DomainEvent>[],
    isGone: boolean,
  ): LoadedObject<State> => {
    const last = whole.at(-1);
    const history = isGone ? [] : whole;
    return {
      state: fold(decider, history),
      history,
      revision: last?.revision ?? 'no-stream',
      position: last?.position ?? START,
    };
  };

  return {
    async load(decider, stream) {
      const history = await read(stream);
      return loaded(decider, history, await isDestroyed(history));
    },

    async loadAll(decider, streams) {
      const objects = [];
      for (let start = 0; start < streams.length; start += TOGETHER) {
        const histories = await store.readStreams(streams.slice(start, start + TOGETHER));
        // What is made of one piece gives way to others before the next.
        const read = histories.map(asRecorded);
        const gone = await destroyedIn(read);
        objects.push(...read.map((history, place) => loaded(decider, history, gone[place]!)));
      }
      return objects;
    },

    async requestHashes(stream) {
      return (await read(stream)).flatMap(({ metadata: { requestHash } }) => requestHash ?? []);
    },

    async knowsKey(stream, { participant, client, key }) {
      const first = derivedId('event', participant, client, stream, key, '0') as EventId;
      const history = await store.readStream(stream);
      if (await isDestroyed(asRecorded(history))) return false;
      if (history.some(({ id }) => id === first)) return true;
      return (await answeredKeys.find(first)) !== undefined;
    },

    async execute<State, const Command extends { readonly type: string }, Event extends DomainEvent>(
      decider: Decider<State, Command, Event>,
      stream: StreamId,
      source: CommandSource<State, Command>,
      context: CommandContext,
    ): Promise<CommandOutcome<State, Event>> {
      const idIn =
        (space: 'event' | 'step') =>
        (ordinal: number): EventId =>
          derivedId(space, context.participant, context.client, stream, context.key, String(ordinal)) as EventId;
      // A client may have any name, that of a process as well.
      const process = 'system' in context.actor ? context.actor.system : undefined;
      const idOf = idIn(process === undefined ? 'event' : 'step');

      /** The answer to this key as it was recorded; `undefined` when nothing was. */
      const answerFrom = (history: readonly Recorded<DomainEvent>[]): CommandOutcome<State, Event> | undefined => {
        let ownId = idOf;
        let first = history.findIndex((event) => event.metadata.id === idOf(0));
        if (first < 0 && process !== undefined) {
          // Steps were named like events of clients once: one that stands has been taken.
          ownId = idIn('event');
          first = history.findIndex(
            ({ metadata: { id, actor } }) => id === ownId(0) && 'system' in actor && actor.system === process,
          );
        }
        if (first < 0) return undefined;
        if (history[first]!.metadata.requestHash !== context.requestHash) return { outcome: 'key-reused' };
        let end = first + 1;
        while (history[end]?.metadata.id === ownId(end - first)) end++;
        const own = history.slice(first, end);
        return {
          outcome: 'accepted',
          state: fold(decider, history.slice(0, end)),
          events: own.map(factOf<Event>),
          revision: own.at(-1)!.revision,
          position: own.at(-1)!.position,
          replayed: true,
        };
      };

      /** The answer to this key as it was kept. The history has to reach to where the object stood then. */
      const answerKept = (
        kept: KeptAnswer,
        history: readonly Recorded<DomainEvent>[],
        replayed: boolean,
      ): CommandOutcome<State, Event> =>
        kept.requestHash === context.requestHash
          ? {
              outcome: 'accepted',
              state: fold(decider, history.slice(0, kept.revision + 1)),
              events: [],
              revision: kept.revision,
              position: kept.position,
              asOf: { at: kept.answeredAt, head: kept.head },
              replayed,
            }
          : { outcome: 'key-reused' };

      /**
       * Makes a claim of this key final, whoever made it, or withdraws it; `undefined` when it has to be judged again.
       * Another request with this key that read the stream further, but too early to find the claim, may record events:
       * so the stream is read again after the claim, and has to stand where it stood. Whoever reads it later finds the claim.
       * A store that went back meanwhile may show another history that is as long: it is noticed by its head.
       */
      const settle = async (
        claim: KeptAnswer,
        replayed: boolean,
      ): Promise<CommandOutcome<State, Event> | undefined> => {
        const history = await read(stream);
        if (history.length - 1 !== claim.revision) {
          await answeredKeys.withdraw(claim);
          return undefined;
        }
        await feed.head();
        return (await answeredKeys.settle(claim)) ? answerKept(claim, history, replayed) : undefined;
      };

      const answerAgain = async (
        kept: KeptAnswer,
        history: readonly Recorded<DomainEvent>[],
      ): Promise<CommandOutcome<State, Event> | undefined> => {
        const isThere = kept.revision < 0 || history[kept.revision]?.position === kept.position;
        if (isThere) return answerKept(kept, history, true);
        // What it rests on is not there any more: the store of the events was restored from an older backup.
        await answeredKeys.withdraw(kept);
        return undefined;
      };

      for (let attempt = 0; attempt <= RETRIES; attempt++) {
        const history = await read(stream);
        const last = history.at(-1);

        if (last !== undefined && (await isDestroyed(history))) {
          if (context.replayOnly === true) throw new NothingToReplay('what was answered under this key is destroyed');
          const decision = decider.decide(await source(decider.initialState, []), decider.initialState);
          if (decision.outcome === 'rejected') return decision;
          // Its id follows from the key under which it was made: that stays taken.
          if (decision.events.length > 0) return { outcome: 'key-reused' };
          const { revision, position } = last;
          return {
            ...{ outcome: 'accepted', state: decider.initialState, events: [], revision, position, replayed: false },
          };
        }

        const before = answerFrom(history);
        if (before !== undefined) return before;

        // Looked for after the stream was read: see `settle`.
        const kept = await answeredKeys.find(idOf(0));
        if (kept !== undefined) {
          const answer = kept.settled ? await answerAgain(kept, history) : await settle(kept, true);
          if (answer !== undefined) return answer;
          continue;
        }

        if (context.replayOnly === true) throw new NothingToReplay('nothing was answered under this key');
        if (context.ifMatch !== undefined && context.ifMatch !== last?.revision) {
          return { outcome: 'stale', revision: last?.revision ?? -1 };
        }

        const state = fold(decider, history);
        const decision = decider.decide(await source(state, history), state);
        if (decision.outcome === 'rejected') return decision;
        if (decision.events.length === 0) {
          const claim = await answeredKeys.put({
            key: idOf(0),
            attempt: randomUUID(),
            client: context.client,
            stream,
            requestHash: context.requestHash,
            revision: last?.revision ?? -1,
            position: last?.position ?? START,
            head: await feed.head(),
          });
          const answer = claim && (await settle(claim, false));
          if (answer !== undefined) return answer;
          continue;
        }

        const writing = await Promise.all(
          decision.events.map((event, ordinal) =>
            serializer.write(event, {
              id: idOf(ordinal),
              stream,
              correlationId: context.correlationId,
              actor: context.actor,
              ...(context.causationId === undefined ? {} : { causationId: context.causationId }),
              ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
              ...(context.ruleSet === undefined ? {} : { ruleSet: context.ruleSet }),
              ...(ordinal === 0 ? { requestHash: context.requestHash } : {}),
            }),
          ),
        );
        try {
          const appended = await store.append(stream, last?.revision ?? 'no-stream', writing);
          const stored = await asWritten(stream, writing, appended);
          // The same key was written by somebody else meanwhile, or before: what counts is what stands there, not what
          // we made (a pseudonym that is drawn at random is another one).
          if (stored === undefined) {
            const answer = answerFrom(await read(stream));
            if (answer !== undefined) return answer;
            // It stood there a moment ago: a store that went back says so, else the command is judged afresh.
            await feed.head();
            continue;
          }
          // Folded from what was written, so that state holds sealed members whichever way it came to be.
          const own = asRecorded(stored);
          return {
            outcome: 'accepted',
            state: fold(decider, [...history, ...own]),
            events: own.map(factOf<Event>),
            revision: appended.revision,
            position: appended.position,
            replayed: false,
          };
        } catch (error) {
          if (!(error instanceof RevisionConflict)) throw error;
        }
      }
      return { outcome: 'conflict' };
    },
  };
}
