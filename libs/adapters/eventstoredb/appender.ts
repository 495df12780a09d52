import { setTimeout as delay } from 'node:timers/promises';
import {
  AppendOutcomeUnknown,
  AppendRefused,
  FeedBroken,
  RevisionConflict,
  StoreUnavailable,
  type Appended,
  type EventOrigin,
  type EventToAppend,
  type ExpectedRevision,
  type RegisterStamp,
} from '#libs/eventing';
import type { StreamId } from '#libs/kernel';
import { deleted, failureOf, reasonOf, unavailable } from './errors.js';
import type { LineageOfServer } from './lineage-of-server.js';
import type { LogReader } from './log-reader.js';
import type { Trouble } from './observer.js';
import { pauses } from './patience.js';
import { metadataOf } from './stored-events.js';
import type { EventToSend, Sent, Wire } from './wire.js';

export interface EventOfAppend extends EventToAppend {
  readonly origin?: EventOrigin;
}

const NO_STREAM = -1;

/** Sends one append until the answer is definite, always with the same ids and the first expectation. */
export class Appender {
  readonly #wire: Wire;
  readonly #reader: LogReader;
  readonly #lineage: LineageOfServer;
  readonly #resolveMilliseconds: number;
  readonly #trouble: Trouble;
  #stamp: () => RegisterStamp | undefined = () => undefined;

  constructor(wire: Wire, reader: LogReader, lineage: LineageOfServer, resolveMilliseconds: number, trouble: Trouble) {
    this.#wire = wire;
    this.#reader = reader;
    this.#lineage = lineage;
    this.#resolveMilliseconds = resolveMilliseconds;
    this.#trouble = trouble;
  }

  /** What every append carries from now on. */
  carry(stamp: () => RegisterStamp | undefined): void {
    this.#stamp = stamp;
  }

  async append(
    stream: StreamId,
    expected: ExpectedRevision,
    events: readonly EventOfAppend[],
  ): Promise<Pick<Appended, 'revision' | 'position'>> {
    const from = expected === 'no-stream' ? NO_STREAM : expected;
    const stamp = this.#stamp();
    const toSend = events.map(({ id, type, bytes, origin }, index): EventToSend => {
      // An append is there as a whole: its last event speaks for all.
      const metadata = metadataOf(origin, index === events.length - 1 ? stamp : undefined);
      return { id, type, data: Buffer.from(bytes), ...(metadata === undefined ? {} : { metadata }) };
    });
    const before = this.#lineage.known;
    const sent = await this.#send(stream, from, toSend);
    if (sent.outcome === 'conflict') {
      throw new RevisionConflict(stream, expected, sent.actual === NO_STREAM ? 'no-stream' : sent.actual);
    }
    const revision = from + events.length;
    if (sent.revision !== revision) {
      throw new FeedBroken(`${stream} was written up to revision ${sent.revision}, not ${revision}`);
    }
    // Of what was written before, a server may not say where it stands.
    const position = sent.position ?? (await this.#placeOf(stream, revision));
    // What is new stands behind all that was known. Else it is a repeat, or the store went back after it was looked at.
    if (before !== undefined && position <= before.position) await this.#lineage.demandHeld();
    this.#lineage.sawAppended({ stream, revision, position, id: events.at(-1)!.id });
    return { revision, position };
  }

  async #send(stream: StreamId, from: number, events: readonly EventToSend[]): Promise<Sent> {
    const end = performance.now() + this.#resolveMilliseconds;
    let [isUnsure, isSending] = [false, false];
    for (const pause of pauses()) {
      // What is not there any more must not be followed by more.
      await this.#lineage.demandHeld().catch((error: unknown) => {
        throw isUnsure && error instanceof StoreUnavailable && error.name === 'StoreUnavailable'
          ? unknown(stream, error)
          : error;
      });
      isSending = false;
      try {
        return await this.#wire.append(stream, from, events, () => (isSending = true));
      } catch (error) {
        const failure = failureOf(error);
        // Refused for certain; a try before it may have been written all the same.
        const isRefused = isSending && ['denied', 'too-large', 'deleted', 'not-leader'].includes(failure);
        isUnsure ||= isSending && !isRefused;
        if (isRefused && failure !== 'not-leader')
          throw isUnsure ? unknown(stream, error) : refusalOf(stream, failure, error);
        if (performance.now() + pause > end) throw isUnsure ? unknown(stream, error) : unavailable(error);
        this.#trouble('an append is sent again', error);
        await delay(pause);
      }
    }
    throw new Error('pauses never end');
  }

  async #placeOf(stream: StreamId, revision: number): Promise<bigint> {
    const [there] = await this.#reader.stream(stream, revision).catch((error: unknown) => {
      throw unknown(stream, error);
    });
    if (there === undefined) throw unknown(stream, new Error('what was written is not there'));
    return there.position;
  }
}

const unknown = (stream: string, error: unknown): AppendOutcomeUnknown =>
  new AppendOutcomeUnknown(`what became of an append to ${stream} is not known: ${reasonOf(error)}`, { cause: error });

function refusalOf(stream: string, failure: string, error: unknown): Error {
  if (failure === 'too-large') return new AppendRefused(`EventStoreDB takes no such append: ${reasonOf(error)}`);
  if (failure === 'deleted') return deleted(stream);
  return unavailable(error);
}
