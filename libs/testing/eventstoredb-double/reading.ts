import { randomUUID } from 'node:crypto';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { DoubleLog, KeptEvent } from './double-log.js';
import type { Faults } from './faults.js';
import { eventMessage, identifierOf, nameOf, refusal, streamDeleted } from './messages.js';

/** What the server keeps for a live subscriber that does not take it; one more ends the subscription. */
const LIVE_BUFFER = 32;
/** Records that are looked at between two checkpoints, unless the subscriber says otherwise. */
const SEARCH_WINDOW = 32;

export type Call = ServerWritableStream<ReadReq, ReadResp>;

export interface Reading {
  readonly log: DoubleLog;
  readonly faults: Faults;
  readonly wait: () => Promise<void>;
  /** Readings that are not over: each holds one of the streams of its connection. */
  readonly open: Set<Call>;
  /** Ends a subscription with an error, as the server does when it stops. */
  readonly subscriptions: Set<(error: ReturnType<typeof refusal>) => void>;
}

type Filter = (event: KeptEvent) => boolean;

export async function answerRead(reading: Reading, call: Call): Promise<void> {
  call.on('error', () => undefined);
  reading.open.add(call);
  for (const over of ['cancelled', 'close', 'finish', 'error']) call.on(over, () => reading.open.delete(call));
  await reading.wait();
  if (call.cancelled) return;
  const options = call.request.getOptions()!;
  const structured = options.getUuidOption()?.hasStructured() ?? false;
  const stream = options.getStream();
  const messageOf = (event: KeptEvent): ReadResp =>
    eventMessage(event, structured, stream === undefined || !reading.faults.noPositionsInStreams);
  const send = async (message: ReadResp): Promise<void> => {
    if (!call.write(message)) await drained(call);
  };
  const fail = (error: ReturnType<typeof refusal>): void => void (call.cancelled || call.emit('error', error));
  const scene = { ...reading, call, options, filter: filterOf(options), messageOf, send, fail };
  try {
    if (options.hasSubscription()) await subscribe(scene, stream);
    else await readOnce(scene, stream);
  } catch (error) {
    fail(refusal(status.UNKNOWN, String(error)));
  }
}

/** Resolves when the client takes more, or nothing at all any more. */
const drained = (call: Call): Promise<void> =>
  new Promise((resolve) => {
    const events = ['drain', 'cancelled', 'close'] as const;
    const go = (): void => {
      for (const event of events) call.off(event, go);
      resolve();
    };
    for (const event of events) call.on(event, go);
    if (call.cancelled) go();
  });

interface Scene extends Reading {
  readonly call: Call;
  readonly options: ReadReq.Options;
  readonly filter: Filter | undefined;
  readonly messageOf: (event: KeptEvent) => ReadResp;
  readonly send: (message: ReadResp) => Promise<void>;
  readonly fail: (error: ReturnType<typeof refusal>) => void;
}

const notAPlace = (position: bigint): ReturnType<typeof refusal> =>
  refusal(status.UNKNOWN, `Unexpected error: no record begins at ${position}.`);

async function readOnce(scene: Scene, stream: ReadReq.Options.StreamOptions | undefined): Promise<void> {
  const { log, call, options, filter, messageOf, send, fail } = scene;
  const isBackwards = options.getReadDirection() === streamsPb.ReadReq.Options.ReadDirection.BACKWARDS;
  const count = BigInt(options.getCount());
  let found: readonly KeptEvent[];
  if (stream === undefined) {
    const all = options.getAll()!;
    const position = BigInt(all.getPosition()?.getCommitPosition() ?? 0);
    if (all.hasPosition() && position < log.end && !log.isPlace(position)) return fail(notAPlace(position));
    const from = all.hasPosition() ? log.indexOf(position) : all.hasEnd() ? log.events.length : 0;
    // Backwards a position is where a record ends, so that the one that begins there is left out.
    found = isBackwards ? log.events.slice(0, from).reverse() : log.events.slice(from);
  } else {
    const name = nameOf(stream.getStreamIdentifier());
    const events = log.stream(name);
    if (events === 'tombstoned') return fail(streamDeleted(name));
    if (events === 'absent') {
      const notFound = new streamsPb.ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name));
      await send(new streamsPb.ReadResp().setStreamNotFound(notFound));
      return void call.end();
    }
    const first = events[0]!.revision;
    const last = first + events.length - 1;
    const from = stream.hasRevision() ? Number(stream.getRevision()) : stream.hasEnd() ? last : 0;
    found = isBackwards
      ? events.slice(0, Math.max(0, from - first + 1)).reverse()
      : events.slice(Math.max(0, from - first));
  }
  let sent = 0n;
  for (const event of found) {
    if (sent === count || call.cancelled) break;
    if (filter !== undefined && !filter(event)) continue;
    sent += 1n;
    await send(messageOf(event));
  }
  call.end();
}

async function subscribe(scene: Scene, stream: ReadReq.Options.StreamOptions | undefined): Promise<void> {
  const { log, faults, call, options, filter, messageOf, send, fail, subscriptions } = scene;
  const name = stream && nameOf(stream.getStreamIdentifier());
  if (name !== undefined && log.stream(name) === 'tombstoned') return fail(streamDeleted(name));
  const all = options.getAll();
  const position = BigInt(all?.getPosition()?.getCommitPosition() ?? 0);
  if (all?.hasPosition() === true && position < log.end && !log.isPlace(position)) return fail(notAPlace(position));

  const confirmation = new streamsPb.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
  await send(new streamsPb.ReadResp().setConfirmation(confirmation));
  const isWanted = (event: KeptEvent): boolean =>
    name === undefined ? (filter?.(event) ?? true) : event.stream === name;
  const everySoMany = checkpointEvery(options);
  let seen = 0;
  const hand = async (event: KeptEvent): Promise<void> => {
    if (faults.silentSubscriptions) return;
    if (isWanted(event)) await send(messageOf(event));
    seen += 1;
    if (everySoMany === undefined || seen % everySoMany !== 0) return;
    const checkpoint = new streamsPb.ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(event.position));
    checkpoint.setPreparePosition(String(event.position));
    await send(new streamsPb.ReadResp().setCheckpoint(checkpoint));
  };

  // A start is inclusive, a place exclusive. Behind the end of the log there is silence until it has grown so far.
  let cursor =
    stream === undefined
      ? all!.hasEnd()
        ? log.end
        : all!.hasPosition()
          ? position + 1n
          : 0n
      : afterRevision(log, name!, stream);
  const silentUntil = all?.hasPosition() === true && position >= log.end ? position : -1n;
  for (let index = log.indexOf(cursor); index < log.events.length; index = log.indexOf(cursor)) {
    const event = log.events[index]!;
    cursor = event.position + 1n;
    await hand(event);
    if (call.cancelled) return;
  }
  if (name === undefined || log.stream(name) !== 'absent') {
    await send(new streamsPb.ReadResp().setCaughtUp(new streamsPb.ReadResp.CaughtUp()));
  }

  // What was written while the last messages were on their way comes first.
  const queue: KeptEvent[] = log.events.slice(log.indexOf(cursor));
  let wake = (): void => undefined;
  let tooSlow = false;
  const stop = log.onChange((written) => {
    queue.push(...written.filter((event) => isWanted(event) && event.position > silentUntil));
    tooSlow ||= queue.length > LIVE_BUFFER + written.length;
    wake();
  });
  const drop = (error: ReturnType<typeof refusal>): void => fail(error);
  subscriptions.add(drop);
  const over = (): void => {
    stop();
    subscriptions.delete(drop);
    wake();
  };
  call.on('cancelled', over);
  call.on('close', over);
  while (!call.cancelled && subscriptions.has(drop)) {
    if (tooSlow) {
      over();
      return fail(refusal(status.ABORTED, 'Operation timed out: Consumer too slow to handle event while live.'));
    }
    const event = queue.shift();
    if (event !== undefined) await hand(event);
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}

function afterRevision(log: DoubleLog, name: string, stream: ReadReq.Options.StreamOptions): bigint {
  const events = log.stream(name);
  if (typeof events === 'string') return stream.hasEnd() ? log.end : 0n;
  if (stream.hasEnd()) return log.end;
  if (!stream.hasRevision()) return 0n;
  const last = events.findLast(({ revision }) => revision <= Number(stream.getRevision()));
  return last === undefined ? 0n : last.position + 1n;
}

function filterOf(options: ReadReq.Options): Filter | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const onStream = filter.getStreamIdentifier();
  const expression = onStream ?? filter.getEventType();
  if (expression === undefined) return undefined;
  const textOf = (event: KeptEvent): string => (onStream === undefined ? event.type : event.stream);
  const [regex, prefixes] = [expression.getRegex(), expression.getPrefixList()];
  if (regex === '') return (event) => prefixes.some((prefix) => textOf(event).startsWith(prefix));
  const pattern = new RegExp(regex);
  return (event) => pattern.test(textOf(event));
}

function checkpointEvery(options: ReadReq.Options): number | undefined {
  const filter = options.getFilter();
  if (filter === undefined) return undefined;
  const window = filter.hasMax() ? filter.getMax() : SEARCH_WINDOW;
  return window * Math.max(1, filter.getCheckpointintervalmultiplier());
}
