import { FeedBroken, type EventOrigin, type RegisterStamp, type StoredEvent } from '#libs/eventing';
import { instantFromEpoch, type EventId, type Instant, type StreamId } from '#libs/kernel';
import type { RawEvent } from './wire.js';

/** Streams of the server's own: statistics, users, metadata of streams, links of its projections. */
export const isServers = ({ stream }: Pick<RawEvent, 'stream'>): boolean => stream.startsWith('$');

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The event as the port has it. Throws `FeedBroken` for what was not written by us, or changed by others. */
export function storedOf(raw: RawEvent): StoredEvent {
  const { stream, revision, id, type, data, created, position } = raw;
  const broken = (why: string): FeedBroken =>
    new FeedBroken(`event ${id} (${type}) of ${stream} ${why}: the store has to be this register's alone`);
  if (position === undefined) throw broken('has no position: EventStoreDB 22.10 or newer is needed');
  if (type.startsWith('$')) throw broken(`at position ${position} says that the stream was deleted`);
  let bytes: string;
  try {
    bytes = TEXT.decode(data);
  } catch {
    throw broken(`at position ${position} is no text`);
  }
  const recordedAt = originOf(raw)?.recordedAt ?? instantFromEpoch(created);
  return {
    ...{ id: id as EventId, type, bytes, stream: stream as StreamId, revision, position, recordedAt },
  };
}

/**
 * What stands in the metadata of an event. Positions as text: no number has room for them. Members that are not known are
 * those of a later version, and ignored at every level: what changes the meaning of an event never goes here.
 */
interface Metadata {
  /** Of one that was moved here: where and when it was recorded first. */
  readonly origin?: { readonly recordedAt: Instant; readonly position: string; readonly epoch: number };
  /** Of the last one of an append: what the register held by then. */
  readonly register?: {
    readonly epoch: number;
    readonly beat: string;
    readonly record?: { readonly position: string; readonly item: string };
  };
}

/** Where the event was recorded first; `undefined` for one that was recorded here. */
export function originOf(raw: Pick<RawEvent, 'metadata' | 'id' | 'stream'>): EventOrigin | undefined {
  const { origin } = metadataIn(raw);
  if (origin === undefined) return undefined;
  const { recordedAt, position, epoch } = origin;
  return { recordedAt, position: BigInt(position), epoch };
}

/** What the register held when the event was appended; `undefined` where that does not stand beside it. */
export function stampOf(raw: Pick<RawEvent, 'metadata' | 'id' | 'stream'>): RegisterStamp | undefined {
  const { register } = metadataIn(raw);
  if (register === undefined) return undefined;
  const { epoch, beat, record } = register;
  const known = record && { position: BigInt(record.position), item: record.item };
  return { epoch, beat: BigInt(beat), ...(known === undefined ? {} : { record: known }) };
}

const NUMBER = /^-?\d{1,19}$/;

function metadataIn({ metadata, id, stream }: Pick<RawEvent, 'metadata' | 'id' | 'stream'>): Metadata {
  if (metadata.length === 0) return {};
  let found: unknown;
  try {
    found = JSON.parse(TEXT.decode(metadata));
  } catch {
    found = undefined;
  }
  const isObject = typeof found === 'object' && found !== null && !Array.isArray(found);
  const { origin, register } = (isObject ? found : {}) as Metadata;
  const isOrigin =
    origin === undefined ||
    (typeof origin?.recordedAt === 'string' && NUMBER.test(origin.position) && typeof origin.epoch === 'number');
  const isStamp =
    register === undefined ||
    (typeof register?.epoch === 'number' &&
      NUMBER.test(register.beat) &&
      (register.record === undefined ||
        (NUMBER.test(register.record?.position) && typeof register.record?.item === 'string')));
  if (!isObject || !isOrigin || !isStamp) {
    throw new FeedBroken(`event ${id} of ${stream} has metadata that the register does not write`);
  }
  return { ...(origin === undefined ? {} : { origin }), ...(register === undefined ? {} : { register }) };
}

/** `undefined` where there is nothing to say. */
export function metadataOf(origin: EventOrigin | undefined, stamp: RegisterStamp | undefined): Uint8Array | undefined {
  if (origin === undefined && stamp === undefined) return undefined;
  const metadata: Metadata = {
    ...(origin === undefined ? {} : { origin: { ...origin, position: String(origin.position) } }),
    ...(stamp === undefined ? {} : { register: asText(stamp) }),
  };
  return Buffer.from(JSON.stringify(metadata));
}

const asText = ({ epoch, beat, record }: RegisterStamp): NonNullable<Metadata['register']> => ({
  ...{ epoch, beat: String(beat) },
  ...(record === undefined ? {} : { record: { position: String(record.position), item: record.item } }),
});
