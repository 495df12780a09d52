import {
  AppendRefused,
  EventIdTaken,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  type EventToAppend,
  type ExpectedRevision,
} from '#libs/eventing';
import { isUuid } from '#libs/kernel';

/** Room is left for the events of one append below the largest number that is whole. */
const LAST_REVISION = 2 ** 52;

/** Bytes of an append. Throws what the port says for one that can't be sent. */
export function bytesOfAppend(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): number {
  if (events.length === 0) throw new AppendRefused('an append without events');
  const sensible =
    expected === 'no-stream' || (Number.isInteger(expected) && expected >= 0 && expected < LAST_REVISION);
  if (!sensible) throw new AppendRefused(`${expected} is no revision`);
  if (!isName(stream)) throw new AppendRefused('the name of the stream can not be stored');
  let total = 0;
  const ids = new Set<string>();
  for (const { id, type, bytes } of events) {
    if (!isName(type)) throw new AppendRefused(`the type of event ${id} can not be stored`);
    if (!isUuid(id)) throw new AppendRefused(`event id ${id} is no UUID in lower case`);
    if (!bytes.isWellFormed()) throw new AppendRefused(`event ${id} holds a lone surrogate`);
    if (bytes.includes('\0')) throw new AppendRefused(`event ${id} holds a NUL character`);
    const size = Buffer.byteLength(bytes);
    if (size > MAX_EVENT_BYTES) throw new AppendRefused(`event ${id} has ${size} bytes, at most ${MAX_EVENT_BYTES}`);
    if (ids.has(id)) throw new EventIdTaken(id);
    ids.add(id);
    total += size;
  }
  if (total > MAX_APPEND_BYTES) throw new AppendRefused(`the append has ${total} bytes, at most ${MAX_APPEND_BYTES}`);
  return total;
}

/** What begins with a dollar sign is the server's. */
const isName = (text: string): boolean =>
  text.length > 0 && text.length <= 500 && text.isWellFormed() && !text.includes('\0') && !text.startsWith('$');
