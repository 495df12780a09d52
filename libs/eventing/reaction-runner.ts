import { setTimeout as delay } from 'node:timers/promises';
import { categoryOf, type StreamId } from '#libs/kernel';
import { CannotApply } from './follower.js';
import { derivedId } from './identity.js';
import { AppendOutcomeUnknown, RevisionConflict, StoreUnavailable } from './ports/event-store.js';
import type { ArrivedMessage, ParkedMessage, ParkedMessages, ParkedWithBytes } from './ports/parked-messages.js';
import { CheckpointMoved } from './ports/projection-store.js';
import { NotPublished, readPublished, topicOf, type PublishedEvent } from './published-event.js';

/** What is done about published events: confirmations, webhooks, figures. */
export interface Reaction {
  readonly name: string;
  /**
   * Takes one event. MUST be idempotent: the same event comes again after a crash, and an older one of its stream when a
   * relay sends again. Throws `CannotApply` for what can never succeed; everything else is tried again.
   */
  react(event: PublishedEvent): Promise<void>;
}

export interface ReactionParts {
  readonly parked: ParkedMessages;
  /** Whose events are reacted to. */
  readonly here: { readonly source: string; readonly store: string };
  /** The version of a type's data that this release knows; `undefined` = it does not know the type. */
  versionOf(type: string): number | undefined;
  onTrouble?(name: string, error: unknown, stopped: boolean): void;
}

export interface ReactionRunner {
  /**
   * Takes the message, or puts it aside durably, and resolves then; never skips it. Rejects when the runner is stopped, and
   * with what `alive` throws, which is called while it waits, at least once a second: whoever delivered keeps the message.
   * Messages of one key are taken in the order of the calls.
   */
  deliver(message: ArrivedMessage, alive?: () => Promise<void>): Promise<void>;
  /** Whose parked messages are tried again here, from now on; others of the reaction may have parked some meanwhile. */
  takeOver(isOurs: (message: ParkedMessage) => boolean): void;
  /** How many messages are parked, as far as this process knows. */
  parked(): number;
  stop(): Promise<void>;
}

/** Told as a trouble: a message was put aside, what has another key goes on. */
export class MessageParked extends Error {
  override readonly name = 'MessageParked';
  constructor({ topic, place, key, reason }: ParkedMessage, options?: ErrorOptions) {
    super(`${topic} ${place} of ${key}: ${reason} (npm run parked -- list)`, options);
  }
}

/** The runner was stopped: whoever delivered keeps the message. */
export class ReactionStopped extends Error {
  override readonly name = 'ReactionStopped';
}

/** What brings the messages is there and not fit for use: whoever reads stops and waits for a person. Says what to do. */
export class NotUsable extends Error {
  override readonly name: string = 'NotUsable';
}

/** Failures in a row of one message, for a reason that lies with it, before it is put aside. */
const ATTEMPTS = 6;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** Between two looks at whether a person has decided, and between two signs of life, in milliseconds. */
const LOOK_EVERY = 1_000;
const ALIVE_EVERY = 1_000;
/**
 * A key that a stream of ours can have. Any other is of a message that is put aside, and of no order: it is kept under its
 * place, since a database takes neither every sign nor every length, and a person's terminal obeys some.
 */
const KEY = /^[!-~]{1,250}$/;

/**
 * Runs one reaction on messages as they come. One that can't succeed is put aside, durably and with alarm; what comes
 * later with its key is put aside behind it, in order, and everything else goes on. A person releases or drops it
 * (`ParkedMessages`); what waited behind it follows by itself.
 */
export function reactionRunner(reaction: Reaction, parts: ReactionParts): ReactionRunner {
  const { parked, here, versionOf, onTrouble } = parts;
  const ending = new AbortController();
  const { signal } = ending;
  /** Keys of which something is parked, with how many; and whether others may know more. */
  let stuck = new Map<string, number>();
  let isStale = true;
  /** Changes of `stuck` by this process: a look that was overtaken by one is taken again. */
  let changes = 0;
  let isOurs: (message: ParkedMessage) => boolean = () => false;
  const turns = new Map<string, Promise<unknown>>();

  const demandRunning = (): void => {
    if (signal.aborted) throw new ReactionStopped(`the reaction ${reaction.name} was stopped`);
  };

  /** One after another for each key. */
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
    const settled = turn.catch(() => undefined).then(() => void (turns.get(key) === settled && turns.delete(key)));
    turns.set(key, settled);
    return turn;
  }

  async function pause(milliseconds: number, alive: () => Promise<void>): Promise<void> {
    for (let left = milliseconds; left > 0; left -= ALIVE_EVERY) {
      await delay(Math.min(left, ALIVE_EVERY), undefined, { signal }).catch(() => undefined);
      demandRunning();
      await alive();
    }
  }

  /** Repeats until it succeeds what fails only for as long as something is away. */
  async function surely<T>(work: () => Promise<T>, alive: () => Promise<void>): Promise<T> {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      demandRunning();
      try {
        return await work();
      } catch (error) {
        demandRunning();
        onTrouble?.(reaction.name, error, false);
        await pause(wait, alive);
      }
    }
  }

  async function look(): Promise<void> {
    for (;;) {
      const before = changes;
      const heads = await parked.heads(reaction.name);
      if (changes !== before) continue;
      stuck = new Map(heads.map(({ key, count }) => [key, count]));
      isStale = false;
      return;
    }
  }

  const read = (message: ArrivedMessage): PublishedEvent => {
    const event = readPublished(new TextDecoder().decode(message.bytes), here);
    if (event.subject !== message.key || topicOf(categoryOf(event.subject as StreamId)) !== message.topic) {
      throw new NotPublished('an event under a key, or in a topic, that is not its own');
    }
    const known = versionOf(event.data.type);
    if (known === undefined) throw new NotPublished(`event type ${event.type} is unknown here: replay it once it is`);
    if (event.data.schemaVersion > known) {
      throw new NotPublished(`event type ${event.type} is newer than what is known here: replay it once it is`);
    }
    return event;
  };

  const idOf = (message: ArrivedMessage): string => {
    try {
      return readPublished(new TextDecoder().decode(message.bytes), here).id;
    } catch {
      return derivedId(message.topic, message.place);
    }
  };

  async function park(
    message: ArrivedMessage,
    state: 'failed' | 'waiting',
    reason: string,
    alive: () => Promise<void>,
    cause?: unknown,
  ): Promise<void> {
    const { topic, place, key, bytes } = message;
    const aside: ParkedWithBytes = {
      reaction: reaction.name,
      id: idOf(message),
      topic,
      place,
      key,
      bytes,
      reason,
      state,
    };
    await surely(() => parked.park(aside), alive);
    stuck.set(key, (stuck.get(key) ?? 0) + 1);
    changes += 1;
    if (state === 'failed') onTrouble?.(reaction.name, new MessageParked(aside, { cause }), false);
  }

  /** Takes the message, or puts it aside; answers whether it was taken. */
  async function attempt(message: ArrivedMessage, alive: () => Promise<void>): Promise<boolean> {
    let failures = 0;
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      demandRunning();
      try {
        await reaction.react(read(message));
        return true;
      } catch (error) {
        demandRunning();
        const isHopeless = error instanceof NotPublished || error instanceof CannotApply;
        if (isHopeless || (!isPassing(error) && ++failures >= ATTEMPTS)) {
          await park(message, 'failed', reasonOf(error), alive, error);
          return false;
        }
        onTrouble?.(reaction.name, error, false);
        await pause(wait, alive);
      }
    }
  }

  /** Goes on with a key whose first message was released, or stands first because the one before has gone. */
  async function goOn(key: string): Promise<void> {
    for (;;) {
      const head = await parked.head(reaction.name, key);
      if (head === undefined) {
        stuck.delete(key);
        changes += 1;
        return;
      }
      if (head.state === 'failed' || !isOurs(head) || !(await attempt(head, async () => undefined))) return;
      await parked.remove(reaction.name, head.id);
    }
  }

  async function tend(): Promise<void> {
    if (isStale) await look();
    if (stuck.size === 0) return;
    const heads = await parked.heads(reaction.name);
    for (const { key, state } of heads) {
      if (state !== 'failed') await inTurn(key, () => goOn(key));
    }
    await look();
  }

  const tending = (async () => {
    while (!signal.aborted) {
      await delay(LOOK_EVERY, undefined, { signal, ref: false }).catch(() => undefined);
      try {
        if (!signal.aborted) await tend();
      } catch (error) {
        if (!signal.aborted) onTrouble?.(reaction.name, error, false);
      }
    }
  })();

  return {
    async deliver(arrived, alive = async () => undefined) {
      demandRunning();
      const message = KEY.test(arrived.key) ? arrived : { ...arrived, key: `${arrived.topic}/${arrived.place}` };
      return inTurn(message.key, async () => {
        if (isStale) await surely(look, alive);
        if (stuck.has(message.key)) {
          await park(message, 'waiting', 'stands behind another parked message of its key', alive);
        } else await attempt(message, alive);
      });
    },
    takeOver(ours) {
      isOurs = ours;
      isStale = true;
      changes += 1;
    },
    parked: () => [...stuck.values()].reduce((sum, count) => sum + count, 0),
    async stop() {
      ending.abort();
      await tending;
      await Promise.all(turns.values());
    },
  };
}

/** Only who says that it can never succeed says so in words that may be kept. */
const reasonOf = (error: unknown): string =>
  error instanceof CannotApply || error instanceof NotPublished
    ? error.message
    : `failed ${ATTEMPTS} times (${error instanceof Error ? error.name : typeof error})`;

/** It lies with what is asked, not with the message: tried again for as long as it takes. */
const isPassing = (error: unknown): boolean =>
  error instanceof StoreUnavailable ||
  error instanceof AppendOutcomeUnknown ||
  error instanceof RevisionConflict ||
  error instanceof CheckpointMoved;
