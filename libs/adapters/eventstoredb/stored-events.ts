import { FeedBroken, type EventOrigin, type StoredEvent } from '#libs/eventing';
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

/** What stands in the metadata of an event that was moved here: where and when it was recorded first. */
interface OriginInMetadata {
  readonly recordedAt: Instant;
  /** As text: no number has room for it. */
  readonly position: string;
  readonly epoch: number;
}

/** Where the event was recorded first; `undefined` for one that was recorded here. */
export function originOf({
  metadata,
  id,
  stream,
}: Pick<RawEvent, 'metadata' | 'id' | 'stream'>): EventOrigin | undefined {
  if (metadata.length === 0) return undefined;
  let found: { readonly origin?: Partial<OriginInMetadata> };
  try {
    found = JSON.parse(TEXT.decode(metadata)) as typeof found;
  } catch {
    found = {};
  }
  const { recordedAt, position, epoch } = found.origin ?? {};
  if (recordedAt === undefined || position === undefined || epoch === undefined) {
    throw new FeedBroken(`event ${id} of ${stream} has metadata that the register does not write`);
  }
  return { recordedAt, position: BigInt(position), epoch };
}

export const metadataOf = ({ recordedAt, position, epoch }: EventOrigin): Uint8Array => {
  const origin: OriginInMetadata = { recordedAt, position: String(position), epoch };
  return Buffer.from(JSON.stringify({ origin }));
};
