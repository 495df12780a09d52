import { setTimeout as delay } from 'node:timers/promises';
import type { AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { FeedBroken } from '#libs/eventing';
import type { ConnectedClient, LoadedClient, StreamsStub } from './clients.js';

/** An event as the server gives it. */
export interface RawEvent {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** When the server wrote it, in milliseconds since 1970. */
  readonly created: number;
  /** Absent: the server says none. */
  readonly position: bigint | undefined;
}

export interface RawPage {
  readonly events: readonly RawEvent[];
  /** Nothing more was there to read; otherwise the reading was ended because of the bytes or the count. */
  readonly ended: boolean;
}

export interface EventToSend {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata?: Uint8Array;
}

export type Sent =
  | { readonly outcome: 'done'; readonly revision: number; readonly position: bigint | undefined }
  /** The stream stands at this revision; -1: there is none. */
  | { readonly outcome: 'conflict'; readonly actual: number };

export interface AllRead {
  /** Forwards the event at a position comes first, backwards the one before it. */
  readonly from: bigint | 'start' | 'end';
  readonly backwards?: boolean;
  readonly count: number;
  /** The reading ends with the event that exceeds this. */
  readonly bytes?: number;
}

export interface Subscribing {
  readonly after: bigint | undefined;
  readonly signal: AbortSignal;
  onEvent(event: RawEvent): void;
  /** Everything up to here was looked at by the server and is not ours. */
  onCheckpoint(position: bigint): void;
}

/** A call of the client's, as far as we use it. */
interface Reading {
  on(event: 'data', listener: (message: ReadResp) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  cancel(): void;
  pause(): unknown;
  resume(): unknown;
}

/** Our own limit on waiting for an answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** So much longer than the client's own limit is waited. */
const GRACE = 1_000;
/** Longest wait for the connection that is to be closed. */
const CLOSING = 1_000;
const NO_POSITION = 2n ** 64n - 1n;
const TICKS_PER_MILLISECOND = 10_000n;
/** What the server keeps for itself stands in streams whose names begin with a dollar sign. */
const OTHERS_THAN_THE_SERVERS = '^[^$]';
/** Positions without an event of ours between two checkpoints: this times the server's window of 32. */
const CHECKPOINT_INTERVAL = 8;

/**
 * The calls that we make, one method for each. Every call is made of the leader, none is left open: a call that is not
 * read to its end holds one of the hundred streams of its connection for ever, and the next ones hang.
 */
export class Wire {
  readonly #client: ConnectedClient;
  readonly #StreamsClient: LoadedClient['StreamsClient'];
  readonly #streams: LoadedClient['streams'];
  readonly #shared: LoadedClient['shared'];
  readonly #deadline: number;

  /** `deadline`: milliseconds after which a call is given up. */
  constructor({ client, StreamsClient, streams, shared }: LoadedClient, deadline: number) {
    this.#client = client;
    this.#StreamsClient = StreamsClient;
    this.#streams = streams;
    this.#shared = shared;
    this.#deadline = deadline;
  }

  /** `sending` is called when something is about to be sent: until then nothing can have been written. */
  async append(
    stream: string,
    expected: number,
    events: readonly EventToSend[],
    sending: () => void = () => undefined,
  ): Promise<Sent> {
    const { AppendReq } = this.#streams;
    const options = new AppendReq.Options();
    options.setStreamIdentifier(this.#identifier(stream));
    if (expected < 0) options.setNoStream(new this.#shared.Empty());
    else options.setRevision(String(expected));
    const messages = events.map(({ id, type, data, metadata }) => {
      const message = new AppendReq.ProposedMessage();
      message.setId(new this.#shared.UUID().setString(id));
      message.getMetadataMap().set('type', type);
      // Bytes as bytes: of what is called JSON the clients give back something that means the same.
      message.getMetadataMap().set('content-type', 'application/octet-stream');
      message.setData(data);
      if (metadata !== undefined) message.setCustomMetadata(metadata);
      return new AppendReq().setProposedMessage(message);
    });
    const response = await this.#call(
      (stub) =>
        new Promise<AppendResp>((resolve, reject) => {
          sending();
          const call = stub.append(...this.#arguments(), (error, answer) =>
            error !== null || answer === undefined ? reject(error ?? new Error('no answer')) : resolve(answer),
          );
          call.on('error', reject);
          call.write(new AppendReq().setOptions(options));
          for (const message of messages) call.write(message);
          call.end();
        }),
    );
    const wrong = response.getWrongExpectedVersion();
    if (wrong !== undefined) {
      return { outcome: 'conflict', actual: wrong.hasCurrentRevision() ? Number(wrong.getCurrentRevision()) : -1 };
    }
    const success = response.getSuccess();
    if (success === undefined) throw new Error('the server answered neither yes nor no');
    const position = success.getPosition();
    return {
      outcome: 'done',
      revision: Number(success.getCurrentRevision()),
      position: position && positionIn(position.getCommitPosition(), position.getPreparePosition()),
    };
  }

  /** The events of a stream from a revision on, oldest first; empty for a stream that is not there. */
  readStream(
    stream: string,
    from: number,
    limits: { readonly count: number; readonly bytes?: number },
  ): Promise<RawPage> {
    const options = new this.#streams.ReadReq.Options();
    const of = new this.#streams.ReadReq.Options.StreamOptions();
    of.setStreamIdentifier(this.#identifier(stream));
    of.setRevision(String(from));
    options.setStream(of);
    options.setNoFilter(new this.#shared.Empty());
    return this.#read(options, limits);
  }

  /** The events of the whole store, the server's own among them. */
  readAll({ from, backwards = false, ...limits }: AllRead): Promise<RawPage> {
    const options = new this.#streams.ReadReq.Options();
    options.setAll(this.#place(from));
    const { FORWARDS, BACKWARDS } = this.#streams.ReadReq.Options.ReadDirection;
    options.setReadDirection(backwards ? BACKWARDS : FORWARDS);
    options.setNoFilter(new this.#shared.Empty());
    return this.#read(options, limits);
  }

  /**
   * Hands over what is not the server's own behind a position, and goes on for ever. Answers a way to hold it back;
   * `ended` rejects when the subscription is over, and resolves when the signal aborted. Nothing is handed over after that.
   */
  subscribe({ after, signal, onEvent, onCheckpoint }: Subscribing): {
    readonly ended: Promise<void>;
    readonly hold: (held: boolean) => void;
  } {
    const { ReadReq } = this.#streams;
    const options = new ReadReq.Options();
    options.setAll(this.#place(after ?? 'start'));
    options.setSubscription(new ReadReq.Options.SubscriptionOptions());
    const filter = new ReadReq.Options.FilterOptions();
    filter.setStreamIdentifier(new ReadReq.Options.FilterOptions.Expression().setRegex(OTHERS_THAN_THE_SERVERS));
    filter.setCount(new this.#shared.Empty());
    filter.setCheckpointintervalmultiplier(CHECKPOINT_INTERVAL);
    options.setFilter(filter);
    let call: Reading | undefined;
    const ended = this.#execute(
      (stub) =>
        new Promise<void>((resolve, reject) => {
          if (signal.aborted) return resolve();
          call = this.#open(stub, options, { deadline: Infinity });
          let over = false;
          const end = (settle: () => void): void => {
            if (over) return;
            over = true;
            signal.removeEventListener('abort', stop);
            call?.cancel();
            settle();
          };
          const stop = (): void => end(resolve);
          signal.addEventListener('abort', stop);
          call.on('data', (message) => {
            if (over) return;
            try {
              const checkpoint = message.getCheckpoint();
              if (checkpoint !== undefined) onCheckpoint(BigInt(checkpoint.getCommitPosition()));
              const event = message.getEvent()?.getEvent();
              if (event !== undefined) onEvent(rawOf(event));
            } catch (error) {
              end(() => reject(error as Error));
            }
          });
          call.on('error', (error) => end(() => reject(error)));
          call.on('end', () => end(() => reject(new Error('the server ended the subscription'))));
        }),
    );
    return { ended, hold: (held) => void (held ? call?.pause() : call?.resume()) };
  }

  /** A client that has lost its connection looks for another one before it can close it: that is not waited for. */
  async close(): Promise<void> {
    const late = delay(CLOSING, undefined, { ref: false });
    const channel = await Promise.race([this.#client.getChannel().catch(() => undefined), late]);
    channel?.close();
  }

  #read(
    options: ReadReq.Options,
    { count, bytes = Infinity }: { readonly count: number; readonly bytes?: number },
  ): Promise<RawPage> {
    options.setCount(String(count));
    return this.#call(
      (stub) =>
        new Promise((resolve, reject) => {
          const events: RawEvent[] = [];
          let [size, over] = [0, false];
          const call = this.#open(stub, options);
          const end = (settle: () => void): void => {
            if (over) return;
            over = true;
            // Also where nothing more comes: what was read in part is let go for certain.
            call.cancel();
            settle();
          };
          call.on('data', (message) => {
            const event = message.getEvent()?.getEvent();
            if (over || event === undefined) return;
            try {
              events.push(rawOf(event));
            } catch (error) {
              return end(() => reject(error as Error));
            }
            size += events.at(-1)!.data.length;
            if (size >= bytes) end(() => resolve({ events, ended: false }));
          });
          call.on('error', (error) => end(() => reject(error)));
          call.on('end', () => end(() => resolve({ events, ended: events.length < count })));
        }),
    );
  }

  #open(stub: StreamsStub, options: ReadReq.Options, callOptions?: { readonly deadline: number }): Reading {
    options.setUuidOption(new this.#streams.ReadReq.Options.UUIDOption().setString(new this.#shared.Empty()));
    return stub.read(new this.#streams.ReadReq().setOptions(options), ...this.#arguments(callOptions));
  }

  #arguments(callOptions?: { readonly deadline: number }): ReturnType<ConnectedClient['callArguments']> {
    return this.#client.callArguments({ requiresLeader: true, deadline: this.#deadline }, callOptions);
  }

  /** With a limit of our own: the client's begins when it has a connection, and finding a leader may take it a minute. */
  async #call<Result>(action: (stub: StreamsStub) => Promise<Result>): Promise<Result> {
    let expire = (): void => undefined;
    const expired = new Promise<never>((_, reject) => {
      expire = () => reject(new NoAnswer(`no answer within ${this.#deadline + GRACE} ms`));
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      expire();
    }, this.#deadline + GRACE);
    try {
      return await Promise.race([
        expired,
        this.#execute((stub) => {
          // Whoever asked was told that it was not done.
          if (isLate) throw new NoAnswer('given up before it was sent');
          return action(stub);
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  #execute<Result>(action: (stub: StreamsStub) => Promise<Result>): Promise<Result> {
    return this.#client.execute(this.#StreamsClient, 'waarborg', action);
  }

  #identifier(name: string): InstanceType<LoadedClient['shared']['StreamIdentifier']> {
    return new this.#shared.StreamIdentifier().setStreamName(Buffer.from(name));
  }

  #place(from: bigint | 'start' | 'end'): ReadReq.Options.AllOptions {
    const all = new this.#streams.ReadReq.Options.AllOptions();
    if (from === 'start') return all.setStart(new this.#shared.Empty());
    if (from === 'end') return all.setEnd(new this.#shared.Empty());
    const position = new this.#streams.ReadReq.Options.Position();
    position.setCommitPosition(String(from));
    position.setPreparePosition(String(from));
    return all.setPosition(position);
  }
}

function rawOf(event: ReadResp.ReadEvent.RecordedEvent): RawEvent {
  const metadata = event.getMetadataMap();
  return {
    stream: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    revision: Number(event.getStreamRevision()),
    id: event.getId()?.getString() ?? '',
    type: metadata.get('type') ?? '',
    data: event.getData_asU8(),
    metadata: event.getCustomMetadata_asU8(),
    created: Number(BigInt(metadata.get('created') ?? 0) / TICKS_PER_MILLISECOND),
    position: positionIn(event.getCommitPosition(), event.getPreparePosition()),
  };
}

function positionIn(commit: string, prepare: string): bigint | undefined {
  const position = BigInt(commit);
  if (position === NO_POSITION) return undefined;
  // Only transactions over several calls have two positions, which nobody makes since the protocol before this one.
  if (position !== BigInt(prepare)) throw new FeedBroken(`an event has two positions, ${commit} and ${prepare}`);
  return position;
}
